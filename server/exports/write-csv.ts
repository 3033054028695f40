import { stringify } from "csv-stringify/sync";
import { type Cells, type Column, seoulText } from "#server/exports/domain/table.ts";

/** By it a spreadsheet knows UTF-8, and so shows Hangul. */
const utf8Mark = "\uFEFF";

/**
 * RFC 4180: lines end with CRLF, and what needs quotes has them. A text that a spreadsheet would run as a formula is led by
 * an apostrophe, also one that begins with a full-width sign or a line break; numbers are left as they are.
 */
const rfc4180 = {
  record_delimiter: "windows",
  quote_record_delimiter: true,
  escape_formulas: true,
  cast: {
    // The library leaves a line feed alone.
    string: (text: string) => (text.startsWith("\n") ? `'${text}` : text),
  },
} as const;

/** The beginning of a file: the mark and the headings. */
export function csvHead(columns: readonly Column[]): Buffer {
  return Buffer.from(utf8Mark + stringify([columns.map(({ heading }) => heading)], rfc4180));
}

/** Rows as lines; times are in Seoul. */
export function csvRows(columns: readonly Column[], rows: readonly Cells[]): Buffer {
  const times = columns.flatMap(({ type }, index) => (type === "time" ? [index] : []));
  const lines = rows.map((cells) => {
    const line = [...cells];
    for (const index of times) {
      const at = line[index];
      if (typeof at === "number") line[index] = seoulText(at);
    }
    return line;
  });
  return Buffer.from(stringify(lines, rfc4180));
}
