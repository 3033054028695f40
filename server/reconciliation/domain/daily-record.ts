import { reversalTraceNoOf } from "#server/payments/domain/payment.ts";

/** A approval, C cancel, N net cancel. */
export type RecordKind = "A" | "C" | "N";
export const isRecordKind = (text: string): text is RecordKind =>
  text === "A" || text === "C" || text === "N";

/** What names a record on every side: ours, the VAN's and the bank's. */
export type RecordKey = Readonly<{ kind: RecordKind; traceNo: string }>;

/** One record of a VAN's daily file. `amountMinor` is what it adds to what the VAN owes us: negative for what was given back. */
export type VanRecord = RecordKey &
  Readonly<{
    originalTraceNo: string;
    mallId: string;
    orderId: string;
    approvalNo: string;
    amountMinor: bigint;
    issuerCode: string;
    issuerName: string;
    processedAt: Date;
  }>;

/** One record of a deposit file: what was paid for a record, and what was kept of it. Signs as in `VanRecord`. */
export type DepositRecord = RecordKey &
  Readonly<{ originalTraceNo: string; amountMinor: bigint; feeMinor: bigint; feeVatMinor: bigint }>;

/**
 * The key of a record that a file says. The normal cancel that stood in for a net cancel (NC-5) is a net cancel of its
 * approval to us, whatever the VAN calls it.
 */
export function recordKeyOf(kind: RecordKind, traceNo: string, originalTraceNo: string): RecordKey {
  return kind === "C" && traceNo === reversalTraceNoOf(originalTraceNo)
    ? { kind: "N", traceNo: originalTraceNo }
    : { kind, traceNo };
}

/** `amount` with the sign of its kind. */
export function signedBy(kind: RecordKind, amount: bigint): bigint {
  return kind === "A" ? amount : -amount;
}
