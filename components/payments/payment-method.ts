import type { Texts } from "#components/i18n/texts.ts";

/** The names of issuers that end in 카드 are said without it: 신한카드 is `신한(1123)`. */
const shortIssuer = (name: string) => name.replace(/카드$/, "");

/** How it was paid, as a list shows it: `신한(1123)`. */
export function methodLabel(
  row: { method: "CARD" | "VOUCHER"; issuerName: string | null; cardLast4: string | null },
  texts: Pick<Texts, "common">,
): string {
  if (!row.cardLast4) return texts.common.method[row.method];
  return `${row.issuerName ? shortIssuer(row.issuerName) : texts.common.method[row.method]}(${row.cardLast4})`;
}
