import { requireWithinLimit } from "#server/change-requests/limit-of.ts";
import type { Actor } from "#server/core/actor.ts";
import { countTowardsLimit } from "#server/dead-letters/dead-letter-repository.ts";
import { redriveRun } from "#server/dead-letters/redrive-run.ts";
import type { OperatorRole } from "#server/operators/permissions.ts";
import type { Context } from "#server/platform/context.ts";
import { startRun } from "#server/work-runs/start-run.ts";
import type { StartRunWish } from "#server/work-runs/work-run.schemas.ts";

/**
 * Starts a previewed re-drive as far as the role may alone (`startRun`). For more letters throws `APPROVAL_REQUIRED`, and
 * nothing is sent. Net cancels do not count: their deadline is nearer than a second person may be.
 */
export function startRedrive(
  ctx: Pick<Context, "sql" | "now">,
  { role, ...wish }: StartRunWish & { actor: Actor; role: OperatorRole },
): Promise<{ waiting: number }> {
  return startRun(ctx, redriveRun, {
    ...wish,
    allow: async (sql) => {
      const count = await countTowardsLimit(sql, wish.id, redriveRun.leftOutOutcome);
      await requireWithinLimit(sql, { role, kind: "BULK_REDRIVE", measured: BigInt(count) });
    },
  });
}
