/** One side of a posting as the console reads it; debit is positive. */
export type LedgerLine = Readonly<{
  id: bigint;
  eventKey: string;
  account: string;
  amountMinor: bigint;
  businessDate: Date;
}>;

/** An account as a T. `balanceMinor` is debits less credits. */
export type TAccount = Readonly<{
  account: string;
  debits: readonly LedgerLine[];
  credits: readonly LedgerLine[];
  debitMinor: bigint;
  creditMinor: bigint;
  balanceMinor: bigint;
}>;

/** Sorts postings into their accounts, in the order in which these were first used; all balances together come to `sumMinor`. */
export function accountsOf(lines: readonly LedgerLine[]): {
  accounts: readonly TAccount[];
  sumMinor: bigint;
} {
  const total = (some: readonly LedgerLine[]) => some.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  const accounts = [...Map.groupBy(lines, (line) => line.account)].map(([account, own]): TAccount => {
    const debits = own.filter(({ amountMinor }) => amountMinor > 0n);
    const credits = own.filter(({ amountMinor }) => amountMinor < 0n);
    const debitMinor = total(debits);
    const creditMinor = -total(credits);
    return { account, debits, credits, debitMinor, creditMinor, balanceMinor: debitMinor - creditMinor };
  });
  return { accounts, sumMinor: total(lines) };
}
