import { csvLine, utf8Mark } from "#server/core/csv.ts";
import { type Cells, type Column, seoulText } from "#server/exports/domain/table.ts";

/** The beginning of a file: the mark and the headings. */
export function csvHead(columns: readonly Column[]): Buffer {
  return Buffer.from(utf8Mark + csvLine(columns.map(({ heading }) => heading)));
}

/** Rows as lines of RFC 4180; times are in Seoul. */
export function csvRows(columns: readonly Column[], rows: readonly Cells[]): Buffer {
  const times = columns.flatMap(({ type }, index) => (type === "time" ? [index] : []));
  let text = "";
  for (const cells of rows) {
    const line = [...cells];
    for (const index of times) {
      const at = line[index];
      if (typeof at === "number") line[index] = seoulText(at);
    }
    text += csvLine(line);
  }
  return Buffer.from(text);
}
