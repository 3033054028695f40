import { findViolations } from "#server/integrity/invariant-queries.ts";
import { checksOf, measure, settleFindings, type Turn } from "#server/integrity/turn.ts";

/** Looks at some payments, by their keys, in every way a payment can be looked at. Each check is one statement: one moment. */
export async function checkPayments(turn: Turn, paymentIds: readonly string[]): Promise<void> {
  if (paymentIds.length === 0) return;
  const examined = new Set(paymentIds);
  for (const one of checksOf("payments")) {
    await measure(turn, one.invariant.id, paymentIds.length, async () => {
      const seen = await findViolations(turn.ctx.reports, one.check.statement, [paymentIds]);
      await settleFindings(turn, one, seen, ({ paymentId }) => paymentId !== null && examined.has(paymentId));
    });
  }
}
