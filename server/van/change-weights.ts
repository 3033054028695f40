import { recordAudit } from "#server/audit/record-audit.ts";
import { Refusal } from "#server/core/refusals.ts";
import type { Context } from "#server/platform/context.ts";
import { readAllVanSettings } from "#server/van/van-queries.ts";
import { lockWeights, writeWeights } from "#server/van/van-repository.ts";

type Weight = Readonly<{ vanCode: string; weight: number }>;

export type ChangeWeights = Readonly<{
  mallId: string;
  weights: readonly Weight[];
  /** What the operator saw; a VAN that is not named is taken for 0. */
  expected: readonly Weight[];
  reason: string;
  actor: { type: "operator"; id: string; ipAddress: string | null };
  traceId: string;
}>;

/**
 * Spreads the new approvals of a mall over VANs by other weights (0–100; what counts is the share of the sum). In force
 * within five seconds; what was sent stays with its VAN. Audited with both. Throws `NOT_FOUND` without such a mall,
 * `INVALID_REQUEST` for a VAN that is not there or when nothing is left to send to, and `STALE_SELECTION` when the
 * weights are not those that the operator saw.
 */
export async function changeWeights(
  ctx: Pick<Context, "sql">,
  { mallId, weights, expected, reason, actor, traceId }: ChangeWeights,
): Promise<Readonly<{ changed: boolean }>> {
  const vans = await readAllVanSettings(ctx.sql);
  if (weights.some(({ vanCode }) => !vans.has(vanCode)))
    throw new Refusal("INVALID_REQUEST", { field: "weights" });
  return ctx.sql.transaction(async (sql) => {
    const before = await lockWeights(sql, mallId);
    if (!before) throw new Refusal("NOT_FOUND");
    const seen = new Map(expected.map(({ vanCode, weight }) => [vanCode, weight]));
    const isAsSeen = [...vans.keys()].every((code) => (before.get(code) ?? 0) === (seen.get(code) ?? 0));
    if (!isAsSeen) throw new Refusal("STALE_SELECTION", { field: "expected" });
    const after = new Map([...before, ...weights.map(({ vanCode, weight }) => [vanCode, weight] as const)]);
    if ([...after.values()].every((weight) => weight === 0))
      throw new Refusal("INVALID_REQUEST", { field: "weights" });
    if (weights.every(({ vanCode, weight }) => (before.get(vanCode) ?? 0) === weight))
      return { changed: false };
    await writeWeights(sql, mallId, weights);
    await recordAudit(sql, {
      actor,
      action: "van.weights_changed",
      target: { type: "mall", id: mallId },
      outcome: "success",
      ipAddress: actor.ipAddress,
      detail: { reason, traceId, before: Object.fromEntries(before), after: Object.fromEntries(after) },
    });
    return { changed: true };
  });
}
