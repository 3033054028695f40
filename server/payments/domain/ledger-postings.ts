/** One side of a ledger event; debit is positive. The sides of an event add up to zero. */
export type Posting = Readonly<{ account: string; amountMinor: bigint }>;

/** The accounts a payment touches: what the VAN owes us and what we owe the mall. */
export const accountOf = {
  vanReceivable: (vanCode: string) => `van_receivable:${vanCode}`,
  mallPayable: (mallId: string) => `mall_payable:${mallId}`,
} as const;

/** An approval: the VAN owes us the amount, and we owe it to the mall. */
export function approvalPostings(payment: {
  vanCode: string;
  mallId: string;
  amountMinor: bigint;
}): Posting[] {
  return [
    { account: accountOf.vanReceivable(payment.vanCode), amountMinor: payment.amountMinor },
    { account: accountOf.mallPayable(payment.mallId), amountMinor: -payment.amountMinor },
  ];
}

/** A cancel, or the net cancel of an approval we had booked: the same the other way round. */
export function reversalPostings(
  payment: { vanCode: string; mallId: string },
  amountMinor: bigint,
): Posting[] {
  return [
    { account: accountOf.vanReceivable(payment.vanCode), amountMinor: -amountMinor },
    { account: accountOf.mallPayable(payment.mallId), amountMinor },
  ];
}
