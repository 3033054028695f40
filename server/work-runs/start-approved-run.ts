import { assert } from "#server/core/assert.ts";
import type { Sql } from "#server/platform/db.ts";
import { beginRun } from "#server/work-runs/begin-run.ts";
import type { RunKind } from "#server/work-runs/run-kind.ts";
import type { StartRunWish } from "#server/work-runs/work-run.schemas.ts";
import { lockRun } from "#server/work-runs/work-run-repository.ts";

/**
 * Starts a run whose start was put off and is approved now, in the name of who asked. Its preview may be hours old: what
 * a thing needs is decided anew when its turn comes.
 */
export async function startApprovedRun(
  sql: Sql,
  kind: Pick<RunKind, "name" | "leftOutOutcome">,
  {
    id,
    makerId,
    ...wish
  }: StartRunWish & { makerId: string; approval: Readonly<{ requestId: string; checkerId: string }> },
): Promise<{ waiting: number }> {
  const run = await lockRun(sql, id, kind.name);
  assert(run?.status === "AWAITING", `run ${id} waits for a second person`);
  return beginRun(sql, kind, run, { ...wish, actor: { type: "operator", id: makerId } });
}
