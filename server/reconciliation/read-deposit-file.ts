import { Refusal } from "#server/core/refusals.ts";
import { type DepositRecord, isRecordKind, recordKeyOf } from "#server/reconciliation/domain/daily-record.ts";
import { readCount, readLines, readSigned } from "#server/reconciliation/read-lines.ts";

/** What a VAN's bank paid in for a business date: CSV in UTF-8, `H`, `D`… and `T` (docs/sandbox-vans.md). */
export async function* readDepositFile(
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly DepositRecord[]> {
  const sums = { count: 0n, amountMinor: 0n, feeMinor: 0n, feeVatMinor: 0n };
  let lineNo = 0;
  let trailer: string | undefined;
  for await (const lines of readLines(bytes)) {
    const records: DepositRecord[] = [];
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
      sums.count++;
      sums.amountMinor += record.amountMinor;
      sums.feeMinor += record.feeMinor;
      sums.feeVatMinor += record.feeVatMinor;
      records.push(record);
    }
    if (records.length > 0) yield records;
  }
  if (trailer === undefined) throw new Refusal("RECON_FILE_TRUNCATED", { line: lineNo + 1 });
  const [, records, ...amounts] = trailer.split(",");
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
