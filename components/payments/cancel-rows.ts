import type { PaymentRecord } from "#server/payments/read-payment-record.ts";

type Cancel = PaymentRecord["cancels"][number];
/** An amount and what it is made of. */
export type CancelSplit = Readonly<{
  amountMinor: bigint;
  suppliedMinor: bigint;
  vatMinor: bigint;
  taxFreeMinor: bigint;
}>;

/** A cancel with what is left of the payment after it. `counts` false: nothing was given back by it, or nobody knows yet. */
export type CancelRow = Readonly<{ cancel: Cancel; counts: boolean; leftMinor: bigint }>;

/** The cancels of a payment with the balance after each, and what is left of the approval column by column. */
export function cancelRowsOf(
  record: Pick<PaymentRecord, "cancels" | "amountMinor" | "suppliedMinor" | "vatMinor" | "taxFreeMinor">,
): { rows: readonly CancelRow[]; left: CancelSplit } {
  let left: CancelSplit = {
    amountMinor: record.amountMinor,
    suppliedMinor: record.suppliedMinor,
    vatMinor: record.vatMinor,
    taxFreeMinor: record.taxFreeMinor,
  };
  const rows = record.cancels.map((cancel): CancelRow => {
    const counts = cancel.status === "SUCCEEDED";
    if (counts) {
      left = {
        amountMinor: left.amountMinor - cancel.amountMinor,
        suppliedMinor: left.suppliedMinor - cancel.suppliedMinor,
        vatMinor: left.vatMinor - cancel.vatMinor,
        taxFreeMinor: left.taxFreeMinor - cancel.taxFreeMinor,
      };
    }
    return { cancel, counts, leftMinor: left.amountMinor };
  });
  return { rows, left };
}
