import type { SettlementAmounts } from "#server/settlement/domain/settlement-amounts.ts";

/** A statement 정산내역서 says what one settlement came to: everything on the paper but its lines. */
export type Statement = SettlementAmounts &
  Readonly<{
    settlementId: string;
    mall: Readonly<{ id: string; name: string; businessNumber: string }>;
    /** Whoever runs the platform; what is not set is left out of the paper. */
    issuer: Readonly<{ name: string; businessNumber: string | null; contact: string | null }>;
    method: "CARD" | "VOUCHER";
    /** The business dates that it covers, both included. */
    fromDate: string;
    businessDate: string;
    payoutDate: string;
    /** Whether it is still to be paid, was paid, or is kept back. */
    standing: "PLANNED" | "PAID" | "WITHHELD";
    /** In hex: what the settlement was confirmed by, over all that its lines say. */
    hash: string;
    issuedAt: Date;
  }>;

/** A line as the paper prints it: a fee is negative when the mall pays it, so that each row adds up as printed. */
export type StatementLine = LineSums &
  Readonly<{
    lineNo: number;
    kind: "APPROVAL" | "CANCEL" | "ADJUSTMENT";
    eventDate: string;
    /** The order, or the adjustment's own id. */
    reference: string;
  }>;

/** The four columns of money, as printed. Of an adjustment only the net is said. */
export type LineSums = Readonly<{
  amountMinor: bigint;
  feeMinor: bigint;
  feeVatMinor: bigint;
  netMinor: bigint;
}>;

export const noSums: LineSums = { amountMinor: 0n, feeMinor: 0n, feeVatMinor: 0n, netMinor: 0n };

export const addSums = (one: LineSums, other: LineSums): LineSums => ({
  amountMinor: one.amountMinor + other.amountMinor,
  feeMinor: one.feeMinor + other.feeMinor,
  feeVatMinor: one.feeVatMinor + other.feeVatMinor,
  netMinor: one.netMinor + other.netMinor,
});

/** What all lines of a statement have to come to in the four columns. */
export const sumsOfStatement = (statement: Statement): LineSums => ({
  amountMinor: statement.approvalMinor + statement.cancelMinor,
  feeMinor: -statement.feeMinor,
  feeVatMinor: -statement.feeVatMinor,
  netMinor: statement.netMinor,
});

export const isSameSums = (one: LineSums, other: LineSums): boolean =>
  one.amountMinor === other.amountMinor &&
  one.feeMinor === other.feeMinor &&
  one.feeVatMinor === other.feeVatMinor &&
  one.netMinor === other.netMinor;
