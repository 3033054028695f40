import { Refusal } from "#server/core/refusals.ts";
import type { Context } from "#server/platform/context.ts";
import { type ClosedDay, readClosedDays } from "#server/settlement/closed-days.ts";
import { addDays } from "#server/settlement/domain/business-calendar.ts";
import { type PayoutFacts, readPayoutFacts } from "#server/settlement/settlement-queries.ts";

/**
 * Why a settlement is paid on its date. `lagEndsOn` is the first date on which the contract's business days are over; a
 * weekly or monthly cycle may take it further. Null while there is no date.
 */
export type PayoutExplanation = PayoutFacts &
  Readonly<{ closedDays: readonly ClosedDay[]; lagEndsOn: string | null }>;

/** Explains a payout date (ST-5, ST-6): the contract's terms, the version of the calendar, and the days it went past. Throws `NOT_FOUND`. */
export async function explainPayout(
  ctx: Pick<Context, "reports">,
  settlementId: string,
): Promise<PayoutExplanation> {
  const facts = await readPayoutFacts(ctx.reports, settlementId);
  if (!facts) throw new Refusal("NOT_FOUND");
  const closedDays = await readClosedDays(ctx, facts);
  return { ...facts, closedDays, lagEndsOn: endOfLag(facts, new Set(closedDays.map(({ date }) => date))) };
}

function endOfLag(
  { businessDate, payoutDate, contract }: PayoutFacts,
  closed: ReadonlySet<string>,
): string | null {
  if (contract === null || payoutDate === null) return null;
  let left = contract.lagBusinessDays;
  for (let date = addDays(businessDate, 1); date <= payoutDate; date = addDays(date, 1))
    if (!closed.has(date) && --left === 0) return date;
  return null;
}
