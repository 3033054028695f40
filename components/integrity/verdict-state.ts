import type { IntegrityOverview } from "#server/integrity/integrity-queries.ts";

/** Runs come each minute; without one for this long the verifier has stopped. */
const stalledAfterMs = 3 * 60_000;

export type Verdict = Readonly<
  | { kind: "none" }
  | { kind: "holds"; rules: number }
  | { kind: "broken"; rules: number; violations: number }
  | { kind: "stalled"; lastAt: Date }
  | { kind: "failed"; error: string }
>;

/** What is to be said first. A violation outweighs a check that stopped, which outweighs one that failed. */
export function verdictOf({ invariants, last, present }: IntegrityOverview, now: Date): Verdict {
  const broken = invariants.filter(({ violations }) => (violations ?? 0) > 0);
  if (broken.length > 0) {
    const violations = broken.reduce((sum, invariant) => sum + (invariant.violations ?? 0), 0);
    return { kind: "broken", rules: broken.length, violations };
  }
  if (!last?.finishedAt) return { kind: "none" };
  const isAtWork = present?.startedAt !== null && present !== null;
  if (!isAtWork && now.getTime() - last.finishedAt.getTime() > stalledAfterMs)
    return { kind: "stalled", lastAt: last.finishedAt };
  if (last.error !== null) return { kind: "failed", error: last.error };
  return { kind: "holds", rules: invariants.length };
}
