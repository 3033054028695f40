import { describe, expect, test } from "vitest";
import { bookingsOf } from "#components/settlements/settlement-bookings.ts";

const settlement = {
  approvalMinor: 100_000n,
  cancelMinor: -20_000n,
  feeMinor: 1_760n,
  feeVatMinor: 176n,
  adjustmentMinor: -500n,
  netMinor: 77_564n,
  payoutMinor: 70_000n,
};
const sum = (bookings: readonly { amountMinor: bigint }[]) =>
  bookings.reduce((all, { amountMinor }) => all + amountMinor, 0n);

describe("what a decision writes to the ledger", () => {
  test("of a confirmation comes to zero and is what the platform books", () => {
    const bookings = bookingsOf("confirm", [settlement, settlement]);
    expect(bookings).toEqual([
      { account: "mall_payable", amountMinor: 160_000n },
      { account: "fee_revenue", amountMinor: -3_520n },
      { account: "fee_vat_payable", amountMinor: -352n },
      { account: "settlement_adjustment", amountMinor: -1_000n },
      { account: "settled_payable", amountMinor: -155_128n },
    ]);
    expect(sum(bookings)).toBe(0n);
  });
  test("of a payout is its payout, and nothing when everything is carried", () => {
    expect(bookingsOf("payOut", [settlement])).toEqual([
      { account: "settled_payable", amountMinor: 70_000n },
      { account: "payout_bank", amountMinor: -70_000n },
    ]);
    expect(bookingsOf("payOut", [{ ...settlement, payoutMinor: 0n }])).toEqual([]);
  });
});
