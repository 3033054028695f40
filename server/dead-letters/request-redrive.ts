import { type Maker, type RequestedChange, requestChange } from "#server/change-requests/request-change.ts";
import { Refusal } from "#server/core/refusals.ts";
import { countTowardsLimit } from "#server/dead-letters/dead-letter-repository.ts";
import { redriveRun } from "#server/dead-letters/redrive-run.ts";
import type { Context } from "#server/platform/context.ts";
import { joinTransaction } from "#server/platform/join-transaction.ts";
import { putRunOff } from "#server/work-runs/put-run-off.ts";
import type { StartRunWish } from "#server/work-runs/work-run.schemas.ts";

/**
 * Asks another person to approve the start of a previewed re-drive: the run is frozen until they decide, and nothing is
 * sent before. It is measured without its net cancels, as `startRedrive` is, yet all of its letters wait. Throws
 * `STALE_SELECTION` for a preview that is out of date or has nothing to send, and as `requestChange`.
 */
export function requestRedrive(
  ctx: Pick<Context, "sql" | "now" | "ids">,
  {
    id,
    reason,
    itemsPerSecond,
    failuresToPause,
    maker,
    traceId,
  }: StartRunWish & { maker: Maker; traceId: string },
): Promise<RequestedChange> {
  return ctx.sql.transaction(async (sql) => {
    const { count } = await putRunOff(ctx, sql, redriveRun, id);
    if (count === 0) throw new Refusal("STALE_SELECTION");
    const measured = await countTowardsLimit(sql, id, redriveRun.leftOutOutcome);
    return requestChange(joinTransaction(ctx, sql), {
      kind: "BULK_REDRIVE",
      payload: { v: 1, runId: id, count, itemsPerSecond, failuresToPause },
      subject: { id, name: id.slice(-6) },
      measured: BigInt(measured),
      amountMinor: null,
      reason,
      maker,
      traceId,
    });
  });
}
