import type { SettlementRow } from "#server/settlement/settlement-queries.ts";

export type Decision = "confirm" | "payOut";
type Booked = Pick<
  SettlementRow,
  | "approvalMinor"
  | "cancelMinor"
  | "feeMinor"
  | "feeVatMinor"
  | "adjustmentMinor"
  | "netMinor"
  | "payoutMinor"
>;

/** One account and what is added to it; debit is positive. */
export type Booking = Readonly<{ account: Account; amountMinor: bigint }>;
type Account =
  | "mall_payable"
  | "fee_revenue"
  | "fee_vat_payable"
  | "settlement_adjustment"
  | "settled_payable"
  | "payout_bank";

/** What a decision writes to the ledger for some settlements together, as `confirmDrafts` and `payOutConfirmed` book it. */
export function bookingsOf(decision: Decision, settlements: readonly Booked[]): Booking[] {
  const sum = (of: (settlement: Booked) => bigint) => settlements.reduce((all, one) => all + of(one), 0n);
  const bookings: Booking[] =
    decision === "confirm"
      ? [
          { account: "mall_payable", amountMinor: sum((one) => one.approvalMinor + one.cancelMinor) },
          { account: "fee_revenue", amountMinor: -sum((one) => one.feeMinor) },
          { account: "fee_vat_payable", amountMinor: -sum((one) => one.feeVatMinor) },
          { account: "settlement_adjustment", amountMinor: sum((one) => one.adjustmentMinor) },
          { account: "settled_payable", amountMinor: -sum((one) => one.netMinor) },
        ]
      : [
          { account: "settled_payable", amountMinor: sum((one) => one.payoutMinor) },
          { account: "payout_bank", amountMinor: -sum((one) => one.payoutMinor) },
        ];
  return bookings.filter(({ amountMinor }) => amountMinor !== 0n);
}
