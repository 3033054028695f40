import { countParkedWork, findViolations } from "#server/integrity/invariant-queries.ts";
import { checksOf, measure, noteParked, settleFindings, type Turn } from "#server/integrity/turn.ts";
import type { Context } from "#server/platform/context.ts";

/** Looks at everything that waits, wherever it is: it is little, and indexed as such. */
export async function checkStanding(turn: Turn): Promise<void> {
  const { ctx } = turn;
  const now = ctx.now();
  const calm = calmVans(ctx);
  for (const one of checksOf("standing")) {
    await measure(turn, one.invariant.id, 0, async () => {
      const values =
        one.check.needs === "now"
          ? [now]
          : [now, calm.map(({ code }) => code), calm.map(({ since }) => since)];
      const seen = await findViolations(ctx.reports, one.check.statement, values);
      await settleFindings(turn, one, seen, () => true);
    });
  }
  noteParked(turn, "I4", await countParkedWork(ctx.reports, now));
}

/** The VANs that answer, and since when: nobody is late while the other side is silent. */
function calmVans({ vans }: Context): { code: string; since: Date }[] {
  return [...vans].flatMap(([code, gateway]) => {
    const { reachable, circuit } = gateway.health();
    return reachable && circuit.state === "CLOSED" ? [{ code, since: circuit.since }] : [];
  });
}
