import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { businessDateOf, endOfBusinessDate, startOfBusinessDate } from "#server/core/business-date.ts";
import { Refusal } from "#server/core/refusals.ts";
import { type FileReader, refuseAnother, vanReaderOf } from "#server/reconciliation/daily-file.ts";
import type { DepositRecord, VanRecord } from "#server/reconciliation/domain/daily-record.ts";
import { type FileIdentity, identifyFile } from "#server/reconciliation/identify-file.ts";
import { readDepositFile } from "#server/reconciliation/read-deposit-file.ts";
import { fileBytesMax } from "#server/reconciliation/reconciliation.values.ts";

/** A file that was read to its end and found good, as rows for COPY on this machine's disk. Amounts are sums over its records. */
export type SpooledFile = Readonly<{
  sha256: Buffer;
  byteCount: bigint;
  recordCount: number;
  amountMinor: bigint;
  feeMinor: bigint;
  /** The rows, from the beginning. */
  rows(): Readable;
}>;

/** What a file's records are to COPY, without the columns that all of them share. */
const toCells = {
  van: (record: VanRecord) => [
    record.kind,
    record.traceNo,
    record.originalTraceNo,
    record.mallId,
    record.orderId,
    record.approvalNo,
    String(record.amountMinor),
    record.issuerCode,
    record.issuerName,
    record.processedAt.toISOString(),
  ],
  deposit: (record: DepositRecord) => [
    record.kind,
    record.traceNo,
    String(record.amountMinor),
    String(record.feeMinor),
    String(record.feeVatMinor),
  ],
} as const;

/**
 * A VAN may count what is done around midnight to the other day. A file of which most was done further away is the file of
 * another day, whatever its header says.
 */
const aroundMidnightMs = 3_600_000;

const backslash = /\\/g;

/**
 * Takes a file in as it arrives, checks it to its last byte and hands it to `work`; afterwards nothing of it is left
 * here. The database is not asked before a file is known to be good, and waits for no network. Memory does not grow with
 * the file. Throws `RECON_FILE_…`.
 */
export async function withSpooledFile<T>(
  file: FileIdentity & Readonly<{ fileId: string; bytes: AsyncIterable<Uint8Array> }>,
  work: (spooled: SpooledFile) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "paydeck-recon-"));
  try {
    return await work(await spool(file, join(folder, "rows")));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function spool(
  file: FileIdentity & Readonly<{ fileId: string; bytes: AsyncIterable<Uint8Array> }>,
  path: string,
): Promise<SpooledFile> {
  const hash = createHash("sha256");
  const counted = { bytes: 0, records: 0, elsewhere: 0, amountMinor: 0n, feeMinor: 0n };
  const beginsAtMs = startOfBusinessDate(file.businessDate).getTime() - aroundMidnightMs;
  const endsAtMs = endOfBusinessDate(file.businessDate).getTime() + aroundMidnightMs;
  let elsewhereAt: Date | undefined;
  async function* measured(): AsyncGenerator<Uint8Array> {
    for await (const chunk of file.bytes) {
      counted.bytes += chunk.length;
      if (counted.bytes > fileBytesMax) throw new Refusal("RECON_FILE_TOO_LARGE");
      hash.update(chunk);
      yield chunk;
    }
  }
  const { bytes } = await identifyFile(measured(), (said) => refuseAnother(said, file));

  async function* rowsOf<R extends VanRecord | DepositRecord>(
    reader: FileReader<R>,
    cellsOf: (record: R) => readonly string[],
  ): AsyncGenerator<string> {
    const shared = `\t${file.vanCode}\t${file.businessDate}\t`;
    for await (const records of reader(bytes)) {
      let text = "";
      for (const record of records) {
        counted.records++;
        counted.amountMinor += record.amountMinor;
        if ("processedAt" in record) {
          const atMs = record.processedAt.getTime();
          if (atMs < beginsAtMs || atMs >= endsAtMs) {
            counted.elsewhere++;
            elsewhereAt ??= record.processedAt;
          }
        }
        if ("feeMinor" in record) counted.feeMinor += record.feeMinor + record.feeVatMinor;
        // Records follow a header, so the first stands in line 2.
        const cells = cellsOf(record).join("\t");
        text += `${file.fileId}\t${counted.records + 1}${shared}${cells.replace(backslash, "\\\\")}\n`;
      }
      yield text;
    }
  }
  const rows =
    file.kind === "VAN"
      ? rowsOf(vanReaderOf(file.vanCode), toCells.van)
      : rowsOf<DepositRecord>(readDepositFile, toCells.deposit);
  await pipeline(Readable.from(rows, { objectMode: false }), createWriteStream(path));
  if (elsewhereAt && counted.elsewhere * 2 > counted.records)
    throw new Refusal("RECON_FILE_OTHER_DATE", { found: businessDateOf(elsewhereAt) });
  return {
    sha256: hash.digest(),
    byteCount: BigInt(counted.bytes),
    recordCount: counted.records,
    amountMinor: counted.amountMinor,
    feeMinor: counted.feeMinor,
    rows: () => createReadStream(path),
  };
}
