export type FileLanguage = "ko" | "en";

/**
 * What a column holds. `amount`: minor units of won. `time`: an instant, in a file as Seoul time. `date`: a business date.
 * `total` says that a file's last row adds it up.
 */
export type Column = Readonly<{
  key: string;
  type: "text" | "amount" | "count" | "time" | "date";
  heading: string;
  total?: boolean;
  /** In characters, for a spreadsheet. */
  width: number;
}>;

/** A value in its column: text and dates as text, amounts and counts as whole numbers, times as milliseconds since 1970. */
export type Cell = string | number | null;
export type Cells = readonly Cell[];

/** Sums of a file, one for each currency or just one: by the key of the column. */
export type Sums = ReadonlyMap<string, ReadonlyMap<string, bigint>>;

const seoulOffsetMs = 9 * 60 * 60 * 1_000;

/** `2026-11-22 14:32:07` in Seoul: what spreadsheets and people read as a time. */
export function seoulText(atMs: number): string {
  return new Date(atMs + seoulOffsetMs).toISOString().slice(0, 19).replace("T", " ");
}

const dayMs = 86_400_000;
/** Day 0 of a spreadsheet, so that 1 March 1900 and all after it have their numbers. */
const sheetEpochMs = Date.UTC(1899, 11, 30);

/** The serial number that a spreadsheet has for an instant, in Seoul. */
export function seoulSerial(atMs: number): number {
  return (atMs + seoulOffsetMs - sheetEpochMs) / dayMs;
}

/** The serial number that a spreadsheet has for a business date. */
export function dateSerial(date: string): number {
  return (Date.parse(`${date}T00:00:00Z`) - sheetEpochMs) / dayMs;
}
