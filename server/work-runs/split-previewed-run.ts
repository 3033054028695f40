import type { Context } from "#server/platform/context.ts";
import type { Sql } from "#server/platform/db.ts";
import { lockPreviewedRun } from "#server/work-runs/lock-previewed-run.ts";
import type { RunKind } from "#server/work-runs/run-kind.ts";
import { splitRun } from "#server/work-runs/work-run-repository.ts";

/**
 * Takes things out of a previewed run and makes a previewed run of their own of them, as if they had been chosen alone.
 * `choose` says which, by their ids, once the run is locked; of none, nothing is changed. Returns the new run's id. Throws
 * as `startRun`.
 */
export async function splitPreviewedRun(
  ctx: Pick<Context, "now" | "ids">,
  sql: Sql,
  kind: Pick<RunKind, "name">,
  { id, choose }: Readonly<{ id: string; choose: () => Promise<readonly string[]> }>,
): Promise<string | null> {
  await lockPreviewedRun(ctx, sql, { id, kind: kind.name });
  const subjectIds = await choose();
  if (subjectIds.length === 0) return null;
  const toId = ctx.ids.newId("workRun");
  await splitRun(sql, { fromId: id, toId, subjectIds });
  return toId;
}
