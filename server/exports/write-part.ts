import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { constants, crc32, createDeflateRaw, gunzip } from "node:zlib";
import type { Cells, Column } from "#server/exports/domain/table.ts";
import type { ExportFormat } from "#server/exports/export.values.ts";
import { writeDurably } from "#server/exports/export-folder.ts";
import type { PartToWrite, WrittenPart } from "#server/exports/export-repository.ts";
import { csvRows } from "#server/exports/write-csv.ts";
import { sheetHead, sheetRows } from "#server/exports/write-xlsx.ts";

const decompress = promisify(gunzip);
/** Rows that are a text in memory at once: what a part costs beside its compressed bytes. */
const pieceRows = 250;

/**
 * Deflates pieces of a document so that what is deflated apart can stand right behind them. What comes out depends on
 * where the pieces end, so that must not change between two tries.
 */
export async function deflatePieces(
  pieces: Iterable<Uint8Array>,
  { isLast }: Readonly<{ isLast: boolean }>,
): Promise<Buffer<ArrayBuffer>> {
  const deflater = createDeflateRaw({ level: 6 });
  const out: Buffer[] = [];
  deflater.on("data", (bytes: Buffer) => out.push(bytes));
  const failed = new Promise<never>((_, reject) => deflater.on("error", reject));
  const step = (act: (done: () => void) => void) => Promise.race([new Promise<void>(act), failed]);
  try {
    for (const piece of pieces) await step((done) => deflater.write(piece, () => done()));
    await step((done) => deflater.flush(isLast ? constants.Z_FINISH : constants.Z_FULL_FLUSH, done));
    return Buffer.concat(out);
  } finally {
    deflater.close();
  }
}

/**
 * Makes one part of the file of its frozen rows. It depends on nothing but them, so whoever makes it makes the same bytes.
 */
export async function writePart(
  { columns, format }: Readonly<{ columns: readonly Column[]; format: ExportFormat }>,
  part: PartToWrite,
  { folder, prefix }: Readonly<{ folder: string; prefix: string }>,
): Promise<WrittenPart> {
  const { partNo, rowCount, firstRow } = part;
  const lines = (await decompress(await readFile(join(folder, part.rowsName)))).toString("utf8").split("\n");
  let rawByteCount = 0;
  let checksum = part.checksumBefore ?? (format === "CSV" ? 0 : crc32(sheetHead(columns)));
  function* pieces(): Generator<Buffer> {
    for (let from = 0; from < lines.length; from += pieceRows) {
      const rows = lines.slice(from, from + pieceRows).map((line) => JSON.parse(line) as Cells);
      const piece = format === "CSV" ? csvRows(columns, rows) : sheetRows(columns, rows, firstRow + from + 2);
      rawByteCount += piece.length;
      checksum = crc32(piece, checksum);
      yield piece;
    }
  }
  const bytes =
    format === "CSV" ? Buffer.concat([...pieces()]) : await deflatePieces(pieces(), { isLast: false });
  const fileName = `${prefix}part-${partNo}`;
  await writeDurably(join(folder, fileName), bytes);
  return { partNo, rowCount, fileName, byteCount: bytes.length, rawByteCount, checksum };
}
