import { Refusal } from "#server/core/refusals.ts";
import { type DepositRecord, isRecordKind, recordKeyOf } from "#server/reconciliation/domain/daily-record.ts";
import { readCount, readSigned } from "#server/reconciliation/read-lines.ts";
import { readTrailedLines } from "#server/reconciliation/read-trailed-lines.ts";

/** What a VAN's bank paid in for a business date: CSV in UTF-8, `H`, `D`… and `T` (docs/sandbox-vans.md). */
export async function* readDepositFile(
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly DepositRecord[]> {
  const sums = { count: 0n, amountMinor: 0n, feeMinor: 0n, feeVatMinor: 0n };
  const { line, lineNo } = yield* readTrailedLines(bytes, readRecord, (record) => {
    sums.count++;
    sums.amountMinor += record.amountMinor;
    sums.feeMinor += record.feeMinor;
    sums.feeVatMinor += record.feeVatMinor;
  });
  const [, records, ...amounts] = line.split(",");
  const said = [readCount(records), ...amounts.map(readSigned)];
  if (said.length !== 5 || said.includes(undefined))
    throw new Refusal("RECON_FILE_MALFORMED", { line: lineNo });
  const found = [
    sums.count,
    sums.amountMinor,
    sums.feeMinor,
    sums.feeVatMinor,
    sums.amountMinor - sums.feeMinor - sums.feeVatMinor,
  ];
  if (said.some((value, i) => value !== found[i])) throw new Refusal("RECON_FILE_TOTALS", { line: lineNo });
}

function readRecord(line: string): DepositRecord | undefined {
  const fields = line.split(",");
  const [tag, kind, traceNo, originalTraceNo] = fields;
  if (fields.length !== 8 || tag !== "D" || kind === undefined || !isRecordKind(kind)) return undefined;
  const [amountMinor, feeMinor, feeVatMinor, paidMinor] = fields.slice(4).map(readSigned);
  if (!traceNo || !originalTraceNo || !amountMinor) return undefined;
  if (feeMinor === undefined || feeVatMinor === undefined || paidMinor === undefined) return undefined;
  if (amountMinor > 0n !== (kind === "A")) return undefined;
  if (paidMinor !== amountMinor - feeMinor - feeVatMinor) return undefined;
  return {
    ...recordKeyOf(kind, traceNo, originalTraceNo),
    originalTraceNo,
    amountMinor,
    feeMinor,
    feeVatMinor,
  };
}
