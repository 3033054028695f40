import { Refusal } from "#server/core/refusals.ts";
import type { RedriveSelection } from "#server/dead-letters/dead-letter.schemas.ts";
import { findForRedrive } from "#server/dead-letters/dead-letter-queries.ts";
import { redriveRun } from "#server/dead-letters/redrive-run.ts";
import type { Context } from "#server/platform/context.ts";
import { freezeRun } from "#server/work-runs/freeze-run.ts";
import { runItemsMax } from "#server/work-runs/work-run.values.ts";

/**
 * Freezes the letters of a selection as a run, the nearest deadline first and at most `runItemsMax`, and has its preview
 * made. Letters that match later are not in it. Refuses with STALE_SELECTION a selection in which nothing is left.
 */
export async function freezeRedrive(
  ctx: Pick<Context, "db" | "sql" | "ids" | "now">,
  { selection, operatorId, traceId }: { selection: RedriveSelection; operatorId: string; traceId: string },
): Promise<{ id: string; count: number; matching: number }> {
  const { ids, matching } = await findForRedrive(
    ctx.db,
    selection.kind === "ids"
      ? { ids: selection.ids }
      : { filter: { ...selection.filter, viewerId: operatorId } },
    ctx.now(),
    runItemsMax,
  );
  if (ids.length === 0) throw new Refusal("STALE_SELECTION");
  const { id } = await freezeRun(ctx, {
    kind: redriveRun.name,
    // Ids are in the set itself.
    selection: selection.kind === "ids" ? { kind: "ids" } : selection,
    subjectIds: ids,
    matchingCount: matching,
    requestedBy: operatorId,
    traceId,
  });
  return { id, count: ids.length, matching };
}
