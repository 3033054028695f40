/** What is wrong with a line. `of` is the line that a `DUPLICATE` repeats. */
export type LineError = Readonly<{ line: number; code: LineProblem; of?: number; text: string }>;

type LineProblem =
  | "MISSING_KEY"
  | "BAD_KEY"
  | "BAD_AMOUNT"
  | "BAD_TAX_FREE"
  | "TAX_FREE_WITHOUT_AMOUNT"
  | "TOO_MANY_COLUMNS"
  | "BAD_QUOTES"
  | "DUPLICATE"
  | "TOO_MANY_ROWS"
  | "NO_ROWS";

/** A payment as it was named, by key or order id, with what is to be given back; null is all that is left. */
export type BulkRow = Readonly<{
  line: number;
  given: string;
  by: "payment" | "order";
  amountMinor: bigint | null;
  taxFreeMinor: bigint | null;
}>;

export type ParsedRows = Readonly<{
  rows: readonly BulkRow[];
  /** The first of them, in the order of the lines. */
  errors: readonly LineError[];
  errorsTotal: number;
}>;

const errorsListed = 100;
const textShown = 60;

type Column = "key" | "amount" | "taxFree";
// A third column needs a heading: in `ORDER-1,148,100` nobody knows whether 148 won or 148,100 is meant.
const defaultColumns: readonly Column[] = ["key", "amount"];
const headings: Readonly<Record<string, Column>> = {
  paymentkey: "key",
  orderid: "key",
  결제키: "key",
  주문번호: "key",
  amount: "amount",
  취소금액: "amount",
  금액: "amount",
  taxfreeamount: "taxFree",
  면세금액: "taxFree",
};

/**
 * Reads the lines of a CSV (commas or tabs, quotes doubled, optional BOM): key or order id and amount, or what a
 * heading says, which may name a tax-free amount too. Chunks may end anywhere; no more than one line is held, and reading ends at the row after `rowsMax`.
 * Amounts are whole won, with or without separators. A blank line is skipped, any other line is a row or an error.
 */
export function parseBulkRows(chunks: Iterable<string>, rowsMax: number): ParsedRows {
  const rows: BulkRow[] = [];
  const errors: LineError[] = [];
  let errorsTotal = 0;
  const fail = (error: LineError) => {
    errorsTotal++;
    if (errors.length < errorsListed) errors.push({ ...error, text: error.text.slice(0, textShown) });
  };
  const lineOf = new Map<string, number>();
  let columns: readonly Column[] | undefined;
  let lines = 0;

  for (const { line, text, isOpen } of readRecords(chunks)) {
    if (text.trim() === "") continue;
    const cells = isOpen ? undefined : splitCells(text);
    if (!cells) {
      fail({ line, code: "BAD_QUOTES", text });
      continue;
    }
    if (!columns) {
      columns = readHeading(cells);
      if (columns) continue;
      columns = defaultColumns;
    }
    if (++lines > rowsMax) {
      fail({ line, code: "TOO_MANY_ROWS", text });
      break;
    }
    const row = readRow(line, cells, columns);
    if (typeof row === "string") {
      fail({ line, code: row, text });
      continue;
    }
    const earlier = lineOf.get(row.given);
    if (earlier !== undefined) {
      fail({ line, code: "DUPLICATE", of: earlier, text });
      continue;
    }
    lineOf.set(row.given, line);
    rows.push(row);
  }
  if (lines === 0 && errorsTotal === 0) fail({ line: 1, code: "NO_ROWS", text: "" });
  return { rows, errors, errorsTotal };
}

function readRow(line: number, cells: readonly string[], columns: readonly Column[]): BulkRow | LineProblem {
  if (cells.slice(columns.length).some((cell) => cell !== "")) return "TOO_MANY_COLUMNS";
  const cellOf = (column: Column) => cells[columns.indexOf(column)] ?? "";
  const given = cellOf("key");
  if (given === "") return "MISSING_KEY";
  const by = /^pay_/.test(given) ? "payment" : "order";
  if (!(by === "payment" ? /^pay_[0-9A-Z]{26}$/ : /^[A-Za-z0-9_-]{6,64}$/).test(given)) return "BAD_KEY";
  const amountMinor = readWon(cellOf("amount"));
  if (amountMinor === undefined || amountMinor === 0n) return "BAD_AMOUNT";
  const taxFreeMinor = readWon(cellOf("taxFree"));
  if (taxFreeMinor === undefined) return "BAD_TAX_FREE";
  if (taxFreeMinor !== null && amountMinor === null) return "TAX_FREE_WITHOUT_AMOUNT";
  return { line, given, by, amountMinor, taxFreeMinor };
}

/** Whole won: `48000`, `48,000`. Null for nothing; undefined for what is no amount. */
function readWon(cell: string): bigint | null | undefined {
  if (cell === "") return null;
  return /^(0|[1-9]\d{0,9}|[1-9]\d{0,2}(,\d{3}){1,3})$/.test(cell)
    ? BigInt(cell.replaceAll(",", ""))
    : undefined;
}

function readHeading(cells: readonly string[]): readonly Column[] | undefined {
  const names = cells.map((cell) => headings[cell.toLowerCase().replace(/[\s_-]/g, "")]);
  if (!names.includes("key") || names.some((name, at) => name === undefined && cells[at] !== ""))
    return undefined;
  return names.filter((name) => name !== undefined);
}

/** The cells of a line without their quotes; undefined when a quote stands where none may. */
function splitCells(text: string): string[] | undefined {
  const separator = text.includes("\t") ? "\t" : ",";
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    if (text[at] === '"') {
      let cell = "";
      for (at++; ; ) {
        const end = text.indexOf('"', at);
        if (end < 0) return undefined;
        cell += text.slice(at, end);
        at = end + 1;
        if (text[at] !== '"') break;
        cell += '"';
        at++;
      }
      if (at < text.length && text[at] !== separator) return undefined;
      cells.push(cell.trim());
    } else {
      const end = text.indexOf(separator, at);
      const cell = text.slice(at, end < 0 ? undefined : end);
      if (cell.includes('"')) return undefined;
      cells.push(cell.trim());
      at = end < 0 ? text.length : end;
    }
    if (at >= text.length) return cells;
    at++;
  }
}

/** The lines, numbered from 1. No cell of ours holds a line break, so a quote that is open at the end of a line is an error of that line. */
function* readRecords(chunks: Iterable<string>): Generator<{ line: number; text: string; isOpen: boolean }> {
  let rest = "";
  let line = 0;
  const record = (text: string) => ({
    line: ++line,
    text: (line === 1 ? text.replace(/^\uFEFF/, "") : text).replace(/\r$/, ""),
    isOpen: (text.match(/"/g)?.length ?? 0) % 2 === 1,
  });
  for (const chunk of chunks) {
    const parts = (rest + chunk).split("\n");
    rest = parts.pop() ?? "";
    for (const part of parts) yield record(part);
  }
  if (rest !== "") yield record(rest);
}
