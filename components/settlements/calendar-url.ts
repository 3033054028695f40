import type { AddressForm } from "#components/layout/address-form.ts";

/** What the calendar's address says; null for this year, and for the version in force. */
export type CalendarView = Readonly<{ year: number | null; version: number | null }>;

const yearMin = 2000;
const yearMax = 2100;

/** Which year of which version is shown. */
export const calendarAddress: AddressForm<CalendarView> = {
  names: ["year", "version"],
  read: (params) => {
    const year = numberOf(params.get("year"));
    return {
      year: year !== null && year >= yearMin && year <= yearMax ? year : null,
      version: numberOf(params.get("version")),
    };
  },
  write: ({ year, version }) => {
    const parts = [year === null ? "" : `year=${year}`, version === null ? "" : `version=${version}`].filter(
      Boolean,
    );
    return parts.length > 0 ? `?${parts.join("&")}` : "";
  },
};

function numberOf(text: string | null): number | null {
  return text !== null && /^[1-9]\d{0,5}$/.test(text) ? Number(text) : null;
}
