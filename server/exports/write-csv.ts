import { csvLine, utf8Mark } from "#server/core/csv.ts";
import { type Cells, type Column, seoulText } from "#server/exports/domain/table.ts";

/** Lines that go to the disk together. */
const linesTogether = 1_000;

/** Lines of RFC 4180 under their headings, with the mark that tells Excel its letters; times are in Seoul. */
export async function* csvOf(
  columns: readonly Column[],
  rows: AsyncIterable<Cells>,
): AsyncGenerator<Uint8Array> {
  const times = columns.flatMap(({ type }, index) => (type === "time" ? [index] : []));
  let text = utf8Mark + csvLine(columns.map(({ heading }) => heading));
  let lines = 0;
  for await (const cells of rows) {
    const line = [...cells];
    for (const index of times) {
      const at = line[index];
      if (typeof at === "number") line[index] = seoulText(at);
    }
    text += csvLine(line);
    if (++lines % linesTogether === 0) {
      yield Buffer.from(text);
      text = "";
    }
  }
  yield Buffer.from(text);
}
