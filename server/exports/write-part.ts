import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { constants, crc32, deflateRaw, gunzip } from "node:zlib";
import type { Cells, Column } from "#server/exports/domain/table.ts";
import type { ExportFormat } from "#server/exports/export.values.ts";
import { writeDurably } from "#server/exports/export-folder.ts";
import type { PartToWrite, WrittenPart } from "#server/exports/export-repository.ts";
import { csvRows } from "#server/exports/write-csv.ts";
import { sheetHead, sheetRows } from "#server/exports/write-xlsx.ts";

const decompress = promisify(gunzip);
const deflate = promisify(deflateRaw);

/** Deflates a piece of a document so that the next one, deflated apart, can stand right behind it. */
export function deflatePiece(
  bytes: Uint8Array,
  { isLast }: Readonly<{ isLast: boolean }>,
): Promise<Buffer<ArrayBuffer>> {
  return deflate(bytes, {
    level: 6,
    finishFlush: isLast ? constants.Z_FINISH : constants.Z_FULL_FLUSH,
  }) as Promise<Buffer<ArrayBuffer>>;
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
  const rows = lines.map((line) => JSON.parse(line) as Cells);
  const isCsv = format === "CSV";
  const raw = isCsv ? csvRows(columns, rows) : sheetRows(columns, rows, firstRow + 2);
  const before = part.checksumBefore ?? (isCsv ? 0 : crc32(sheetHead(columns)));
  const bytes = isCsv ? raw : await deflatePiece(raw, { isLast: false });
  const fileName = `${prefix}part-${partNo}`;
  await writeDurably(join(folder, fileName), bytes);
  return {
    partNo,
    rowCount,
    fileName,
    byteCount: bytes.length,
    rawByteCount: raw.length,
    checksum: isCsv ? 0 : crc32(raw, before),
  };
}
