/** What a settlement comes to, from what was sold to what is paid. Amounts are minor units of won. */
export type SettlementAmounts = Readonly<{
  lineCount: number;
  approvalCount: number;
  approvalMinor: bigint;
  cancelCount: number;
  /** Zero or negative, as the carries. */
  cancelMinor: bigint;
  feeMinor: bigint;
  feeVatMinor: bigint;
  adjustmentMinor: bigint;
  netMinor: bigint;
  carriedInMinor: bigint;
  payoutMinor: bigint;
  carriedOutMinor: bigint;
}>;
