/** An amount that an operator often wants to give back, with its tax-free part. Minor units. */
export type QuickAmount = Readonly<{
  id: "half" | "round" | "taxable" | "taxFree";
  amountMinor: bigint;
  taxFreeMinor: bigint;
}>;

const roundMinor = [10_000n, 50_000n, 100_000n, 500_000n];

/**
 * A few parts of what is left that go through as they are: the taxable and the tax-free part, the half (of both parts),
 * and the two largest round amounts that the taxable part covers. Never everything: that is a choice of its own.
 */
export function quickAmountsOf(left: { balanceMinor: bigint; taxFreeMinor: bigint }): QuickAmount[] {
  const { balanceMinor, taxFreeMinor } = left;
  const taxableMinor = balanceMinor - taxFreeMinor;
  const choices: QuickAmount[] = [];
  if (taxFreeMinor > 0n && taxableMinor > 0n) {
    choices.push(
      { id: "taxable", amountMinor: taxableMinor, taxFreeMinor: 0n },
      { id: "taxFree", amountMinor: taxFreeMinor, taxFreeMinor },
    );
  }
  const halfTaxFreeMinor = taxFreeMinor / 2n;
  const halfMinor = taxableMinor / 2n + halfTaxFreeMinor;
  if (halfMinor > 0n) choices.push({ id: "half", amountMinor: halfMinor, taxFreeMinor: halfTaxFreeMinor });
  const fitting = roundMinor.filter(
    (amountMinor) => amountMinor <= taxableMinor && amountMinor < balanceMinor,
  );
  for (const amountMinor of fitting.slice(-2)) choices.push({ id: "round", amountMinor, taxFreeMinor: 0n });
  return choices.filter(
    (choice, index) => choices.findIndex((other) => other.amountMinor === choice.amountMinor) === index,
  );
}
