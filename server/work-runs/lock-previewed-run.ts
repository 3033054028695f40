import { Refusal } from "#server/core/refusals.ts";
import type { Context } from "#server/platform/context.ts";
import type { Sql } from "#server/platform/db.ts";
import { previewAgeMaxMs } from "#server/work-runs/domain/run.ts";
import { type HeldRun, lockRun } from "#server/work-runs/work-run-repository.ts";

/**
 * Locks a run whose preview a person agrees to now. Refuses with NOT_FOUND what is not there, and with STALE_SELECTION a
 * run whose preview is not ready or older than half an hour, or which was started or asked for already.
 */
export async function lockPreviewedRun(
  ctx: Pick<Context, "now">,
  sql: Sql,
  { id, kind }: Readonly<{ id: string; kind: string }>,
): Promise<HeldRun> {
  const run = await lockRun(sql, id, kind);
  if (!run) throw new Refusal("NOT_FOUND");
  const ageMs = run.previewedAt ? ctx.now().getTime() - run.previewedAt.getTime() : null;
  if (run.status !== "READY" || ageMs === null || ageMs > previewAgeMaxMs)
    throw new Refusal("STALE_SELECTION", { status: run.status });
  return run;
}
