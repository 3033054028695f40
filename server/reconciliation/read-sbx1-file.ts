import { Refusal } from "#server/core/refusals.ts";
import {
  isRecordKind,
  recordKeyOf,
  signedBy,
  type VanRecord,
} from "#server/reconciliation/domain/daily-record.ts";
import { readCount } from "#server/reconciliation/read-lines.ts";
import { readTrailedLines } from "#server/reconciliation/read-trailed-lines.ts";

/** SBX1's daily file: CSV in UTF-8, `H`, `D`… and `T` (docs/sandbox-vans.md). */
export async function* readSbx1File(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<readonly VanRecord[]> {
  const sums = { approvals: 0n, approvedMinor: 0n, returns: 0n, returnedMinor: 0n };
  const { line, lineNo } = yield* readTrailedLines(bytes, readRecord, ({ amountMinor }) => {
    if (amountMinor > 0n) {
      sums.approvals++;
      sums.approvedMinor += amountMinor;
    } else {
      sums.returns++;
      sums.returnedMinor -= amountMinor;
    }
  });
  const [, ...said] = line.split(",").map(readCount);
  if (said.length !== 5 || said.includes(undefined))
    throw new Refusal("RECON_FILE_MALFORMED", { line: lineNo });
  const found = [
    sums.approvals + sums.returns,
    sums.approvals,
    sums.approvedMinor,
    sums.returns,
    sums.returnedMinor,
  ];
  if (said.some((value, i) => value !== found[i])) throw new Refusal("RECON_FILE_TOTALS", { line: lineNo });
}

function readRecord(line: string): VanRecord | undefined {
  const fields = line.split(",");
  if (fields.length !== 11) return undefined;
  const [
    tag,
    kind,
    traceNo,
    originalTraceNo,
    mallId,
    orderId,
    approvalNo,
    amount,
    issuerCode,
    issuerName,
    at,
  ] = fields as [string, string, string, string, string, string, string, string, string, string, string];
  const amountMinor = readCount(amount);
  if (tag !== "D" || !isRecordKind(kind) || !traceNo || !originalTraceNo || !amountMinor) return undefined;
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/.test(at)) return undefined;
  const processedAt = new Date(at);
  if (Number.isNaN(processedAt.getTime())) return undefined;
  return {
    ...recordKeyOf(kind, traceNo, originalTraceNo),
    originalTraceNo,
    mallId,
    orderId,
    approvalNo,
    amountMinor: signedBy(kind, amountMinor),
    issuerCode,
    issuerName,
    processedAt,
  };
}
