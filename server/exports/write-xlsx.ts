import { type CellValue, type ColumnDef, writeXlsxStream } from "hucre/xlsx";
import { type Cell, type Cells, type Column, dateSerial, seoulSerial } from "#server/exports/domain/table.ts";

/** Excel cuts a cell at so many characters, and calls a file with a longer one broken. */
const cellCharsMax = 32_767;
/** Beyond this a spreadsheet rounds: such a sum stays exact as a text. */
const exactMax = 999_999_999_999_999n;

/** What a workbook reads as a sign said by its number (ECMA-376, ST_Xstring), in a text that only looks like it. */
const looksLikeSign = /_(?=x[0-9A-Fa-f]{4}_)/g;

/** Of text format, so that no cell ever is a formula, not even when somebody edits it. */
const numberFormats = {
  text: "@",
  amount: "#,##0",
  count: "0",
  time: "yyyy-mm-dd hh:mm:ss",
  date: "yyyy-mm-dd",
} as const satisfies Readonly<Record<Column["type"], string>>;

/** The sums below the rows: one line for each, with its label in the first column. */
export type TotalLine = Readonly<{ label: string; sums: ReadonlyMap<string, bigint> }>;

/**
 * A workbook of one sheet: a head that stays, rows of typed cells, and the totals below them. It is made as the rows come
 * and depends on nothing else.
 */
export function xlsxOf(
  sheetName: string,
  columns: readonly Column[],
  rows: AsyncIterable<Cells>,
  totals: readonly TotalLine[],
): AsyncIterable<Uint8Array> {
  async function* cells(): AsyncGenerator<CellValue[]> {
    for await (const row of rows) yield columns.map(({ type }, index) => cellOf(type, row[index] ?? null));
    for (const { label, sums } of totals)
      yield columns.map(({ key, total }, index) => {
        if (index === 0) return label;
        const sum = total ? sums.get(key) : undefined;
        if (sum === undefined) return null;
        return sum > exactMax || sum < -exactMax ? String(sum) : Number(sum);
      });
  }
  return writeXlsxStream(cells(), {
    name: sheetName,
    columns: columns.map(({ heading, width, type }): ColumnDef => {
      return { header: heading, width, numFmt: numberFormats[type] };
    }),
    freezePane: { rows: 1 },
  });
}

function cellOf(type: Column["type"], cell: Cell): CellValue {
  if (cell === null) return null;
  if (type === "text")
    return String(cell).slice(0, cellCharsMax).toWellFormed().replace(looksLikeSign, "_x005F_");
  if (type === "time") return seoulSerial(Number(cell));
  if (type === "date") return dateSerial(String(cell));
  return Number(cell);
}
