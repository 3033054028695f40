import type { Context } from "#server/platform/context.ts";
import type { Sql } from "#server/platform/db.ts";
import { lockPreviewedRun } from "#server/work-runs/lock-previewed-run.ts";
import type { RunKind } from "#server/work-runs/run-kind.ts";
import { countToWork, moveRun } from "#server/work-runs/work-run-repository.ts";

/**
 * Has the start of a previewed run wait for a second person: what was previewed is what will be done, and nobody starts
 * or discards it meanwhile. Returns how many things it would work on. Throws as `startRun`.
 */
export async function putRunOff(
  ctx: Pick<Context, "now">,
  sql: Sql,
  kind: Pick<RunKind, "name" | "leftOutOutcome">,
  id: string,
): Promise<{ count: number }> {
  const run = await lockPreviewedRun(ctx, sql, { id, kind: kind.name });
  await moveRun(sql, run.id, "AWAITING", null);
  return { count: await countToWork(sql, run.id, kind.leftOutOutcome) };
}
