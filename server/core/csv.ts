/** What a spreadsheet would take for a formula when it stands at the head of a cell; East Asian ones take full-width signs, too. */
const formulaHead = /^[=+\-@\t\r\n＝＋－＠]/;

/** The mark at the head of a file by which a spreadsheet knows UTF-8, and so shows Hangul. */
export const utf8Mark = "\uFEFF";

/**
 * One line of a CSV file (RFC 4180), ended by CRLF. A text that a spreadsheet would run as a formula is made a text by an
 * apostrophe before it; numbers are written as they are.
 */
export function csvLine(cells: readonly (string | number | bigint | null)[]): string {
  return `${cells.map(toCell).join(",")}\r\n`;
}

function toCell(value: string | number | bigint | null): string {
  if (value === null) return "";
  if (typeof value !== "string") return String(value);
  const safe = formulaHead.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
