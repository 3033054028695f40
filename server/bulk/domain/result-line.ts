/**
 * One line of a CSV that spreadsheets may open: every cell quoted, and one that a spreadsheet would take for a formula
 * led by an apostrophe, which it shows as text (CWE-1236).
 */
export function csvLine(cells: readonly (string | null)[]): string {
  return `${cells.map((cell) => quoteCell(cell ?? "")).join(",")}\r\n`;
}

function quoteCell(cell: string): string {
  const safe = /^[=+\-@\t\r\n]/.test(cell) ? `'${cell}` : cell;
  return `"${safe.replaceAll('"', '""')}"`;
}
