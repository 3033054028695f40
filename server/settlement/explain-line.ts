import { Refusal } from "#server/core/refusals.ts";
import type { Context } from "#server/platform/context.ts";
import { type ClosedDay, readClosedDays } from "#server/settlement/closed-days.ts";
import { type FeeStep, stepsOf } from "#server/settlement/domain/fee-steps.ts";
import { type LineFacts, loadLineFacts } from "#server/settlement/line-repository.ts";

/** Everything that one line's amounts follow from. `isReproduced`: computed again just now, they are what was written. */
export type LineExplanation = LineFacts &
  Readonly<{ steps: readonly FeeStep[]; isReproduced: boolean; closedDays: readonly ClosedDay[] }>;

/**
 * Explains a line (ST-10): the version of the contract with its rate and rounding, each step of the formula with its numbers,
 * the calendar that moved its payout, and the payment behind it. Throws `NOT_FOUND`.
 */
export async function explainLine(
  ctx: Pick<Context, "reports">,
  { settlementId, lineNo }: Readonly<{ settlementId: string; lineNo: number }>,
): Promise<LineExplanation> {
  const facts = await loadLineFacts(ctx.reports, settlementId, lineNo);
  if (!facts) throw new Refusal("NOT_FOUND");
  const { steps, amounts } = stepsOf(facts.line, facts.terms);
  const isReproduced =
    amounts === null ||
    (amounts.feeMinor === facts.line.feeMinor &&
      amounts.feeVatMinor === facts.line.feeVatMinor &&
      amounts.netMinor === facts.line.netMinor);
  return { ...facts, steps, isReproduced, closedDays: await readClosedDays(ctx, facts.settlement) };
}
