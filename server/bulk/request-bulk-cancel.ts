import { loadRunOfRequest } from "#server/bulk/bulk-cancel-repository.ts";
import { planAsSeen } from "#server/bulk/plan-as-seen.ts";
import type { StartBulkCancel } from "#server/bulk/start-bulk-cancel.ts";
import { writeBulkRun } from "#server/bulk/write-bulk-run.ts";
import { requestChange } from "#server/change-requests/request-change.ts";
import { assert } from "#server/core/assert.ts";
import { Refusal } from "#server/core/refusals.ts";
import type { Context } from "#server/platform/context.ts";
import { joinTransaction } from "#server/platform/join-transaction.ts";

/**
 * Asks another person to approve a bulk cancel: its payments and amounts are frozen as the dry run showed them, and the
 * request carries their number and sum. Nothing is cancelled before it is approved. The same `requestKey` makes one
 * request, whose id is returned each time. Throws `STALE_SELECTION` when the dry run is out of date.
 */
export async function requestBulkCancel(
  ctx: Pick<Context, "sql" | "reports" | "now" | "ids">,
  command: StartBulkCancel,
): Promise<{ requestId: string }> {
  const earlier = await requestOf(ctx, command);
  if (earlier) return earlier;
  const { reason, requestKey, actor, role, traceId } = command;
  const { plan, measured } = await planAsSeen(ctx, command);
  const first = plan.rows.find(({ change }) => change !== null)?.payment;
  assert(first, "a plan that was seen cancels at least one payment");

  const runId = ctx.ids.newId("bulkRun");
  const made = await ctx.sql
    .transaction(async (sql) => {
      const { requestId } = await requestChange(joinTransaction(ctx, sql), {
        kind: "BULK_CANCEL",
        payload: {
          v: 1,
          runId,
          count: plan.counts.CANCEL,
          amountMinor: String(plan.totals.amountMinor),
          digest: plan.digest,
        },
        subject: {
          id: runId,
          name: plan.counts.CANCEL === 1 ? first.orderId : `${first.orderId} +${plan.counts.CANCEL - 1}`,
        },
        measured,
        amountMinor: plan.totals.amountMinor,
        reason,
        maker: { id: actor.id, role, ipAddress: actor.ipAddress },
        traceId,
      });
      const run = {
        id: runId,
        requestKey,
        reason,
        actor,
        at: ctx.now(),
        traceId,
        changeRequestId: requestId,
      };
      // Somebody was faster with the same key: this request is taken back with its transaction.
      if (!(await writeBulkRun(sql, run, plan))) throw new KeyTaken();
      return { requestId };
    })
    .catch((error: unknown) => {
      if (error instanceof KeyTaken) return undefined;
      throw error;
    });
  const result = made ?? (await requestOf(ctx, command));
  assert(result, `the request key ${requestKey} is taken by a run`);
  return result;
}

class KeyTaken extends Error {}

async function requestOf(
  ctx: Pick<Context, "sql">,
  { requestKey, actor }: StartBulkCancel,
): Promise<{ requestId: string } | undefined> {
  const run = await loadRunOfRequest(ctx.sql, requestKey);
  if (!run) return undefined;
  if (run.requestedBy !== actor.id || run.changeRequestId === null)
    throw new Refusal("INVALID_REQUEST", { field: "requestKey" });
  return { requestId: run.changeRequestId };
}
