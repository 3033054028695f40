import { requireWithinLimit } from "#server/change-requests/limit-of.ts";
import type { Actor } from "#server/core/actor.ts";
import { redriveRun } from "#server/dead-letters/redrive-run.ts";
import type { OperatorRole } from "#server/operators/permissions.ts";
import type { Context } from "#server/platform/context.ts";
import { startRun } from "#server/work-runs/start-run.ts";
import type { StartRunWish } from "#server/work-runs/work-run.schemas.ts";

/** Starts a previewed re-drive as far as the role may alone (`startRun`). For more letters throws `APPROVAL_REQUIRED`, and nothing is sent. */
export function startRedrive(
  ctx: Pick<Context, "sql" | "now">,
  { role, ...wish }: StartRunWish & { actor: Actor; role: OperatorRole },
): Promise<{ waiting: number }> {
  return startRun(ctx, redriveRun, {
    ...wish,
    allow: (sql, waiting) =>
      requireWithinLimit(sql, { role, kind: "BULK_REDRIVE", measured: BigInt(waiting) }),
  });
}
