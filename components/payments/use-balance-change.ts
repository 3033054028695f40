import { useState } from "react";

/** Notices that the balance is not the one the person first saw, or saw last changed. */
export function useBalanceChange(balanceMinor: bigint): { before: bigint; after: bigint } | null {
  const [seen, setSeen] = useState<{
    balanceMinor: bigint;
    change: { before: bigint; after: bigint } | null;
  }>({ balanceMinor, change: null });
  if (seen.balanceMinor !== balanceMinor) {
    const next = { balanceMinor, change: { before: seen.balanceMinor, after: balanceMinor } };
    setSeen(next);
    return next.change;
  }
  return seen.change;
}
