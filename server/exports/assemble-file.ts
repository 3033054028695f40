import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { Zip, ZipDeflate, type ZipInputFile } from "fflate";
import { assert } from "#server/core/assert.ts";
import { aboutWords, kindNames, purposeNames } from "#server/exports/domain/file-words.ts";
import { type Sums, seoulText } from "#server/exports/domain/table.ts";
import { won } from "#server/exports/export-plan.ts";
import type { FinishedFile, TakenExport, WrittenPart } from "#server/exports/export-repository.ts";
import type { FilePlan } from "#server/exports/plan-export.ts";
import { csvHead } from "#server/exports/write-csv.ts";
import { deflatePieces } from "#server/exports/write-part.ts";
import { sheetHead, sheetTail, type TotalLine, workbookParts } from "#server/exports/write-xlsx.ts";

/** What is asked of an export to make its file whole. */
type Whole = TakenExport & Readonly<{ frozenAt: Date; rowsTotal: number; sums: Sums }>;

/**
 * Puts the parts together, in memory one at a time. The bytes follow from what was frozen alone: no clock and no chance
 * is in them, so that a file that was made by two workers is the file that one would have made.
 */
export async function assembleFile(
  taken: Whole,
  plan: FilePlan,
  parts: readonly WrittenPart[],
  { folder, storedName }: Readonly<{ folder: string; storedName: string }>,
): Promise<FinishedFile> {
  const partBytes = (part: WrittenPart) => createReadStream(join(folder, part.fileName));
  const pieces =
    taken.format === "CSV" ? csvPieces(plan, parts, partBytes) : xlsxPieces(taken, plan, parts, partBytes);
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

type ReadPart = (part: WrittenPart) => AsyncIterable<Buffer<ArrayBuffer>>;

async function* csvPieces(
  { columns }: FilePlan,
  parts: readonly WrittenPart[],
  read: ReadPart,
): AsyncGenerator<Uint8Array> {
  yield csvHead(columns);
  for (const part of parts) yield* read(part);
}

async function* xlsxPieces(
  taken: Whole,
  plan: FilePlan,
  parts: readonly WrittenPart[],
  read: ReadPart,
): AsyncGenerator<Uint8Array> {
  const { columns } = plan;
  const { language } = taken;
  let out: Uint8Array[] = [];
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    out.push(chunk);
  });
  const drain = () => {
    const ready = out;
    out = [];
    return ready;
  };
  const { sheetPath, others } = workbookParts(
    { sheet: kindNames[taken.source.kind][language], about: aboutWords.sheet[language] },
    aboutOf(taken),
  );
  for (const { path, xml } of others) {
    const entry = new ZipDeflate(path, { level: 6 });
    entry.mtime = epoch();
    zip.add(entry);
    entry.push(Buffer.from(xml), true);
    yield* drain();
  }
  const head = sheetHead(columns);
  const tail = sheetTail(columns, totalsOf(taken.sums, plan, language), taken.rowsTotal);
  const checksum = parts.at(-1)?.checksum ?? crc32(head);
  // Its parts are deflated already: the container takes them as they are.
  const sheet: ZipInputFile = {
    filename: sheetPath,
    compression: 8,
    mtime: epoch(),
    size: parts.reduce((sum, part) => sum + part.rawByteCount, head.length + tail.length),
    crc: crc32(tail, checksum),
  };
  zip.add(sheet);
  const push = (bytes: Uint8Array<ArrayBuffer>, isFinal: boolean) => {
    assert(sheet.ondata, "the container reads an entry that was added to it");
    sheet.ondata(null, bytes, isFinal);
  };
  push(await deflatePieces([head], { isLast: false }), false);
  yield* drain();
  for (const part of parts) {
    for await (const bytes of read(part)) {
      push(bytes, false);
      yield* drain();
    }
  }
  push(await deflatePieces([tail], { isLast: true }), true);
  zip.end();
  yield* drain();
}

/** The first moment that a ZIP can say, in whatever zone: the time of a file's entries is nobody's business. */
const epoch = () => new Date(1980, 0, 1);

function totalsOf(sums: Sums, { summed }: FilePlan, language: TakenExport["language"]): TotalLine[] {
  if (summed.length === 0) return [];
  const label = aboutWords.total[language];
  if (sums.size === 0)
    return [{ label, sums: new Map(summed.map(({ key }) => [key as string, 0n] as const)) }];
  return [...sums]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([group, of]) => ({
      label: sums.size === 1 && group === won ? label : `${label} ${group}`,
      sums: of,
    }));
}

/** What the file says of itself. */
function aboutOf(taken: Whole): (readonly [string, string])[] {
  const { language, source, isMasked } = taken;
  const { kind: _, ...of } = source;
  const filter = JSON.stringify(of, (_key, value: unknown) =>
    typeof value === "bigint" ? value.toString() : value,
  );
  return [
    [aboutWords.kind[language], kindNames[source.kind][language]],
    [aboutWords.madeBy[language], taken.requestedByName],
    [aboutWords.purpose[language], purposeNames[taken.purpose][language]],
    [aboutWords.reason[language], taken.reason],
    [aboutWords.filter[language], filter],
    [aboutWords.frozenAt[language], seoulText(taken.frozenAt.getTime())],
    [aboutWords.rows[language], String(taken.rowsTotal)],
    [aboutWords.masked[language], (isMasked ? aboutWords.isMasked : aboutWords.notMasked)[language]],
  ];
}
