import type { Actor } from "#server/core/actor.ts";
import type { Context } from "#server/platform/context.ts";
import type { Sql } from "#server/platform/db.ts";
import { beginRun } from "#server/work-runs/begin-run.ts";
import { lockPreviewedRun } from "#server/work-runs/lock-previewed-run.ts";
import type { RunKind } from "#server/work-runs/run-kind.ts";
import type { StartRunWish } from "#server/work-runs/work-run.schemas.ts";

/**
 * Starts a run whose preview was seen, with a reason and a rate. Audited. Refuses with NOT_FOUND what is not there, and
 * with STALE_SELECTION a run whose preview is not ready or older than half an hour, or which was started already.
 * `allow` may refuse a run for what it would work on; then nothing is started.
 */
export async function startRun(
  ctx: Pick<Context, "sql" | "now">,
  kind: Pick<RunKind, "name" | "leftOutOutcome">,
  { allow, ...wish }: StartRunWish & { actor: Actor; allow?: (sql: Sql) => Promise<void> },
): Promise<{ waiting: number }> {
  return ctx.sql.transaction(async (sql) => {
    const run = await lockPreviewedRun(ctx, sql, { id: wish.id, kind: kind.name });
    const begun = await beginRun(sql, kind, run, wish);
    await allow?.(sql);
    return begun;
  });
}
