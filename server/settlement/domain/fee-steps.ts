import {
  approvalAmounts,
  cancelAmounts,
  type FeeRounding,
  type FeeTerms,
  feeOf,
  feeVatOf,
  type LineAmounts,
} from "#server/settlement/domain/fee.ts";

/** What a step computes: the fee of all (of an approval), of what was left before and after a cancel, and VAT of each. */
export type FeeStepName = "FEE" | "FEE_VAT" | "FEE_BEFORE" | "FEE_VAT_BEFORE" | "FEE_AFTER" | "FEE_VAT_AFTER";

/** One step of the formula, with its numbers: `ofMinor` × `rateE5` / 100,000 is `exact`, and `resultMinor` once it is rounded. */
export type FeeStep = Readonly<{
  name: FeeStepName;
  ofMinor: bigint;
  rateE5: number;
  /** A decimal number: what it is before the rounding. */
  exact: string;
  rounding: FeeRounding;
  resultMinor: bigint;
}>;

/** The line as it is stored, as far as its amounts follow from it. */
export type StoredLine = Readonly<{
  kind: "APPROVAL" | "CANCEL" | "ADJUSTMENT";
  amountMinor: bigint;
  balanceBeforeMinor: bigint;
}>;

/** The steps by which a line's fee and VAT come about, and the amounts they give; none for an adjustment, which people made. */
export function stepsOf(
  line: StoredLine,
  terms: FeeTerms | null,
): { steps: readonly FeeStep[]; amounts: LineAmounts | null } {
  if (line.kind === "ADJUSTMENT" || terms === null) return { steps: [], amounts: null };
  if (line.kind === "APPROVAL")
    return {
      steps: feeSteps(line.amountMinor, terms, "FEE", "FEE_VAT"),
      amounts: approvalAmounts(line.amountMinor, terms),
    };
  const amountMinor = -line.amountMinor;
  const amounts = cancelAmounts(line.balanceBeforeMinor, amountMinor, terms);
  if (!terms.isFeeRefundable) return { steps: [], amounts };
  return {
    steps: [
      ...feeSteps(line.balanceBeforeMinor, terms, "FEE_BEFORE", "FEE_VAT_BEFORE"),
      ...feeSteps(line.balanceBeforeMinor - amountMinor, terms, "FEE_AFTER", "FEE_VAT_AFTER"),
    ],
    amounts,
  };
}

function feeSteps(ofMinor: bigint, terms: FeeTerms, fee: FeeStepName, vat: FeeStepName): FeeStep[] {
  const feeMinor = feeOf(ofMinor, terms);
  return [
    {
      name: fee,
      ofMinor,
      rateE5: terms.feeRateE5,
      exact: decimal(ofMinor * BigInt(terms.feeRateE5)),
      rounding: terms.feeRounding,
      resultMinor: feeMinor,
    },
    {
      name: vat,
      ofMinor: feeMinor,
      rateE5: 10_000,
      exact: decimal(feeMinor * 10_000n),
      rounding: "HALF_UP_1",
      resultMinor: feeVatOf(feeMinor),
    },
  ];
}

/** A number of hundred-thousandths as a decimal number without needless zeros. */
function decimal(hundredThousandths: bigint): string {
  const digits = hundredThousandths.toString().padStart(6, "0");
  return `${digits.slice(0, -5)}.${digits.slice(-5)}`.replace(/\.?0+$/, "");
}
