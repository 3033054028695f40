import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import iconv from "iconv-lite";
import type { FileRecord } from "./van-day.ts";

/** The paths of both files, and how many records each has. */
export type DailyFiles = Readonly<{ van: string; deposit: string; records: number }>;

/** Writes a VAN's file of a day and its bank's into a folder, as docs/sandbox-vans.md says them. */
export async function writeDailyFiles(
  folder: string,
  { vanCode, businessDate }: Readonly<{ vanCode: string; businessDate: string }>,
  records: () => Iterable<FileRecord>,
): Promise<DailyFiles> {
  const paths = { van: join(folder, "van"), deposit: join(folder, "deposit") };
  const lines = vanCode === "SBX2" ? sbx2Lines : sbx1Lines;
  await write(paths.van, lines(businessDate, records()));
  let count = 0;
  await write(
    paths.deposit,
    depositLines(vanCode, businessDate, records(), () => count++),
  );
  return { ...paths, records: count };
}

/** Many lines at a time: a million writes would be what is waited for. */
async function write(path: string, lines: Iterable<string | Buffer>): Promise<void> {
  function* pieces() {
    let piece: Buffer[] = [];
    for (const line of lines) {
      piece.push(typeof line === "string" ? Buffer.from(`${line}\n`) : line);
      if (piece.length < 1_000) continue;
      yield Buffer.concat(piece);
      piece = [];
    }
    yield Buffer.concat(piece);
  }
  await pipeline(Readable.from(pieces(), { objectMode: false }), createWriteStream(path));
}

function totals() {
  const sums = { approvals: 0, approved: 0, returns: 0, returned: 0 };
  return {
    sums,
    add({ kind, amount }: FileRecord) {
      if (kind === "A") {
        sums.approvals++;
        sums.approved += amount;
      } else {
        sums.returns++;
        sums.returned += amount;
      }
    },
  };
}

const approvalNo = "30418827";
const issuer = { code: "06", name: "신한카드" };

function* sbx1Lines(date: string, records: Iterable<FileRecord>): Generator<string> {
  const { sums, add } = totals();
  yield `H,SBX1,${date}`;
  for (const record of records) {
    add(record);
    const { kind, traceNo, originalTraceNo, mallId, orderId, amount } = record;
    yield `D,${kind},${traceNo},${originalTraceNo},${mallId},${orderId},${approvalNo},${amount},${issuer.code},${issuer.name},${date}T03:00:00.000Z`;
  }
  yield `T,${sums.approvals + sums.returns},${sums.approvals},${sums.approved},${sums.returns},${sums.returned}`;
}

function* sbx2Lines(date: string, records: Iterable<FileRecord>): Generator<Buffer> {
  const { sums, add } = totals();
  const bytesOf = (text: string, name?: Buffer) => {
    const bytes = Buffer.alloc(221, 0x20);
    bytes.write(text, "latin1");
    name?.copy(bytes, text.length);
    bytes[220] = 0x0a;
    return bytes;
  };
  const digits = (value: number, width: number) => String(value).padStart(width, "0");
  const name = iconv.encode(issuer.name, "euc-kr");
  const day = date.replaceAll("-", "");
  yield bytesOf(`HSBX2${day}`);
  for (const record of records) {
    add(record);
    const { kind, traceNo, originalTraceNo, mallId, orderId, amount } = record;
    yield bytesOf(
      `D${kind}${traceNo.padEnd(20)}${originalTraceNo.padEnd(20)}${mallId.padEnd(40)}${orderId.padEnd(64)}${approvalNo}${digits(amount, 12)}${day}120000${issuer.code}`,
      name,
    );
  }
  yield bytesOf(
    `T${digits(sums.approvals + sums.returns, 8)}${digits(sums.approvals, 8)}${digits(sums.approved, 15)}${digits(sums.returns, 8)}${digits(sums.returned, 15)}`,
  );
}

function* depositLines(
  vanCode: string,
  date: string,
  records: Iterable<FileRecord>,
  onRecord: () => void,
): Generator<string> {
  const sums = { count: 0, amount: 0, fee: 0, vat: 0 };
  yield `H,DEPOSIT,${vanCode},${date},${date}`;
  for (const record of records) {
    onRecord();
    const sign = record.kind === "A" ? 1 : -1;
    const [amount, fee, vat] = [sign * record.amount, sign * record.fee, sign * record.feeVat];
    sums.count++;
    sums.amount += amount;
    sums.fee += fee;
    sums.vat += vat;
    yield `D,${record.kind},${record.traceNo},${record.originalTraceNo},${amount},${fee},${vat},${amount - fee - vat}`;
  }
  yield `T,${sums.count},${sums.amount},${sums.fee},${sums.vat},${sums.amount - sums.fee - sums.vat}`;
}
