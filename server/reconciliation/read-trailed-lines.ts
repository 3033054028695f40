import { Refusal } from "#server/core/refusals.ts";
import { readLines } from "#server/reconciliation/read-lines.ts";

/** How a file ended: its trailer `T,…`, and the number of that line. */
export type Trailer = Readonly<{ line: string; lineNo: number }>;

/**
 * The records of a CSV of `H`, one line a record, and `T`, as they arrive, each given to `add` first; it returns the trailer,
 * with which the caller compares its sums. Throws `RECON_FILE_MALFORMED` for a line that `readRecord` does not know or one behind the trailer,
 * `RECON_FILE_TRUNCATED` without a trailer, and what `readLines` throws.
 */
export async function* readTrailedLines<Record>(
  bytes: AsyncIterable<Uint8Array>,
  readRecord: (line: string) => Record | undefined,
  add: (record: Record) => void,
): AsyncGenerator<readonly Record[], Trailer> {
  let lineNo = 0;
  let trailer: string | undefined;
  for await (const lines of readLines(bytes)) {
    const records: Record[] = [];
    for (const line of lines) {
      lineNo++;
      if (lineNo === 1) continue;
      if (trailer !== undefined) throw new Refusal("RECON_FILE_MALFORMED", { line: lineNo });
      if (line.startsWith("T,")) {
        trailer = line;
        continue;
      }
      const record = readRecord(line);
      if (!record) throw new Refusal("RECON_FILE_MALFORMED", { line: lineNo });
      add(record);
      records.push(record);
    }
    if (records.length > 0) yield records;
  }
  if (trailer === undefined) throw new Refusal("RECON_FILE_TRUNCATED", { line: lineNo + 1 });
  return { line: trailer, lineNo };
}
