import type { AddressForm } from "#components/layout/address-form.ts";

/** Which month the report shows, `2026-11`; null for the present one. */
export type FundView = Readonly<{ month: string | null }>;

export const fundAddress: AddressForm<FundView> = {
  names: ["month"],
  read: (params) => {
    const month = params.get("month");
    return { month: month !== null && /^20\d\d-(0[1-9]|1[0-2])$/.test(month) ? month : null };
  },
  write: ({ month }) => (month === null ? "" : `?month=${month}`),
};

/** The month that is `offset` months after another. */
export function monthAfter(month: string, offset: number): string {
  const [year = 0, number = 0] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number - 1 + offset, 1)).toISOString().slice(0, 7);
}

/** The first and the last day of a month. */
export function daysOf(month: string): Readonly<{ from: string; to: string }> {
  const [year = 0, number = 0] = month.split("-").map(Number);
  return { from: `${month}-01`, to: new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10) };
}
