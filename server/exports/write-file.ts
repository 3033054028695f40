import { createHash } from "node:crypto";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { kindNames, totalNames } from "#server/exports/domain/file-words.ts";
import type { Cells, Sums } from "#server/exports/domain/table.ts";
import { won } from "#server/exports/export-plan.ts";
import type { FinishedFile, FrozenPart, TakenExport } from "#server/exports/export-repository.ts";
import type { FilePlan } from "#server/exports/plan-export.ts";
import { csvOf } from "#server/exports/write-csv.ts";
import { type TotalLine, xlsxOf } from "#server/exports/write-xlsx.ts";

const decompress = promisify(gunzip);

/**
 * Makes the file of what was frozen, one part in memory at a time. The bytes follow from that alone: no clock and no chance
 * is in them, so that whoever begins again after a worker that died makes the same file. `onProgress` may end it by throwing.
 */
export async function writeFile(
  {
    format,
    language,
    source,
    sums,
  }: Pick<TakenExport, "format" | "language" | "source"> & Readonly<{ sums: Sums }>,
  plan: FilePlan,
  parts: readonly FrozenPart[],
  {
    folder,
    storedName,
    onProgress,
  }: Readonly<{ folder: string; storedName: string; onProgress(rowsWritten: number): Promise<void> }>,
): Promise<FinishedFile> {
  const rows = readFrozen(folder, parts, onProgress);
  const pieces =
    format === "CSV"
      ? csvOf(plan.columns, rows)
      : xlsxOf(kindNames[source.kind][language], plan.columns, rows, totalsOf(sums, plan, language));
  const hash = createHash("sha256");
  let byteCount = 0n;
  const file = await open(join(folder, storedName), "w", 0o600);
  try {
    for await (const piece of pieces) {
      hash.update(piece);
      byteCount += BigInt(piece.length);
      await file.writeFile(piece);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { storedName, byteCount, sha256: hash.digest() };
}

async function* readFrozen(
  folder: string,
  parts: readonly FrozenPart[],
  onProgress: (rowsWritten: number) => Promise<void>,
): AsyncGenerator<Cells> {
  let rowsWritten = 0;
  for (const { rowsName } of parts) {
    const lines = (await decompress(await readFile(join(folder, rowsName)))).toString("utf8").split("\n");
    for (const line of lines) yield JSON.parse(line) as Cells;
    rowsWritten += lines.length;
    await onProgress(rowsWritten);
  }
}

function totalsOf(sums: Sums, { summed }: FilePlan, language: TakenExport["language"]): TotalLine[] {
  if (summed.length === 0) return [];
  const label = totalNames[language];
  if (sums.size === 0)
    return [{ label, sums: new Map(summed.map(({ key }) => [key as string, 0n] as const)) }];
  return [...sums]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([group, of]) => ({
      label: sums.size === 1 && group === won ? label : `${label} ${group}`,
      sums: of,
    }));
}
