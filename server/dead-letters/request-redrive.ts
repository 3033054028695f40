import { type Maker, type RequestedChange, requestChange } from "#server/change-requests/request-change.ts";
import { Refusal } from "#server/core/refusals.ts";
import { countTowardsLimit, findUncounted } from "#server/dead-letters/dead-letter-repository.ts";
import { redriveRun } from "#server/dead-letters/redrive-run.ts";
import type { Context } from "#server/platform/context.ts";
import type { Sql } from "#server/platform/db.ts";
import { joinTransaction } from "#server/platform/join-transaction.ts";
import { beginRun } from "#server/work-runs/begin-run.ts";
import { putRunOff } from "#server/work-runs/put-run-off.ts";
import { splitPreviewedRun } from "#server/work-runs/split-previewed-run.ts";
import type { StartRunWish } from "#server/work-runs/work-run.schemas.ts";

type Wish = StartRunWish & Readonly<{ maker: Maker; traceId: string }>;

/** The request, and the run of what did not wait for it: null when there was no such letter. */
export type RequestedRedrive = RequestedChange &
  Readonly<{ urgent: Readonly<{ runId: string; count: number }> | null }>;

/**
 * Asks another person to approve the start of a previewed re-drive: the run is frozen until they decide, and nothing of it
 * is sent before. What does not count towards the limit does not wait either: net cancels become a run of their own that
 * begins at once, for their deadline is nearer than a second person may be (NC-7). Throws `STALE_SELECTION` for a preview
 * that is out of date or has nothing to ask for, and as `requestChange`.
 */
export function requestRedrive(
  ctx: Pick<Context, "sql" | "now" | "ids">,
  wish: Wish,
): Promise<RequestedRedrive> {
  const { id, reason, itemsPerSecond, failuresToPause, maker, traceId } = wish;
  return ctx.sql.transaction(async (sql) => {
    const urgent = await beginUncounted(ctx, sql, wish);
    const { count } = await putRunOff(ctx, sql, redriveRun, id);
    if (count === 0) throw new Refusal("STALE_SELECTION");
    const requested = await requestChange(joinTransaction(ctx, sql), {
      kind: "BULK_REDRIVE",
      payload: { v: 1, runId: id, count, itemsPerSecond, failuresToPause },
      subject: { id, name: id.slice(-6) },
      measured: BigInt(await countTowardsLimit(sql, id, redriveRun.leftOutOutcome)),
      amountMinor: null,
      reason,
      maker,
      traceId,
    });
    return { ...requested, urgent };
  });
}

async function beginUncounted(
  ctx: Pick<Context, "now" | "ids">,
  sql: Sql,
  { id, maker, traceId, ...wish }: Wish,
): Promise<RequestedRedrive["urgent"]> {
  const runId = await splitPreviewedRun(ctx, sql, redriveRun, {
    id,
    choose: () => findUncounted(sql, id, redriveRun.leftOutOutcome),
  });
  if (runId === null) return null;
  const { waiting } = await beginRun(
    sql,
    redriveRun,
    { id: runId, traceId },
    { ...wish, actor: { type: "operator", id: maker.id, ipAddress: maker.ipAddress ?? undefined } },
  );
  return { runId, count: waiting };
}
