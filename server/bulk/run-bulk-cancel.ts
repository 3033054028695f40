import { recordAudit } from "#server/audit/record-audit.ts";
import { bulkRowsPerSecond, bulkTroubleMax } from "#server/bulk/bulk.values.ts";
import {
  finishRun,
  hasRowInHand,
  hasWaitingRow,
  loadRun,
  type RowEnd,
  type RunFacts,
  returnRow,
  settleRow,
  type TakenRow,
  takeLostRow,
  takeRow,
  unbeginRow,
} from "#server/bulk/bulk-cancel-repository.ts";
import { systemActor } from "#server/core/actor.ts";
import { assert } from "#server/core/assert.ts";
import { Refusal } from "#server/core/refusals.ts";
import { findEarlierUse } from "#server/idempotency/find-earlier-use.ts";
import type { IdempotencyUse } from "#server/idempotency/idempotency-use.ts";
import { cancelPayment } from "#server/payments/cancel-payment.ts";
import { findCancel } from "#server/payments/find-cancel.ts";
import type { Context } from "#server/platform/context.ts";
import { done, type JobResult } from "#server/platform/job.ts";

/** How long one try of the job works: far less than the lease of a message, and short enough to end when told to stop. */
const sliceMs = 5_000;
const rowsAtOnce = 8;
/** Longer than a cancel can take; a row whose worker says nothing for so long is taken by another. */
const rowLeaseMs = 90_000;
/** A row that could not even be begun is tried again after this long, so many times. */
const rowAgainMs = 3_000;
const takesMax = 5;
const waitMs = 2_000;

/**
 * Carries on with a bulk cancel for a few seconds and comes back for the rest. Each row goes through `cancelPayment` under
 * an idempotency key of run and row, so that whoever takes it up again, after whatever death, finds what was begun
 * instead of beginning again. Safe on any number of workers at once.
 */
export async function runBulkCancel(
  ctx: Context,
  job: { runId: string; generation: number },
): Promise<JobResult> {
  const again = (error: string, delayMs: number): JobResult => ({
    kind: "again",
    reason: "INTERNAL",
    error,
    delayMs,
    countsAsAttempt: false,
  });
  try {
    const run = await loadRun(ctx.sql, job.runId);
    assert(run, `bulk cancel ${job.runId} of a job exists`);
    if (run.generation !== job.generation) return done;
    if (run.state === "PAUSED" || run.state === "STOPPED") {
      await settleLostRows(ctx, run);
      return (await hasRowInHand(ctx.sql, run.id)) ? again("rows are still under way", waitMs) : done;
    }
    if (run.state !== "RUNNING") return done;
    await cancelRows(ctx, run);
    if (await endRun(ctx, run)) return done;
    return again("the bulk cancel goes on", (await hasWaitingRow(ctx.sql, run.id)) ? 0 : waitMs);
  } catch (error) {
    ctx.log.error(
      { err: error, labels: { bulk_run: job.runId } },
      "a bulk cancel stumbled and goes on later",
    );
    return again(error instanceof Error ? error.message : String(error), waitMs);
  }
}

/**
 * Says of a run that stands still how the rows ended whose worker is gone. Nothing is begun: one that has a cancel gets it,
 * and one that has none waits again, for a resume or for good.
 */
async function settleLostRows(ctx: Context, run: RunFacts): Promise<void> {
  for (;;) {
    const row = await takeLostRow(ctx.sql, run, rowLeaseMs);
    if (!row) return;
    const begun = await findBegun(ctx, row, keyOf(ctx, run, row));
    if (begun) await settleRow(ctx.sql, run.id, row, endOf(begun), bulkTroubleMax);
    else await unbeginRow(ctx.sql, run.id, row);
  }
}

async function cancelRows(ctx: Context, run: RunFacts): Promise<void> {
  const untilMs = ctx.monotonicMs() + sliceMs;
  const gapMs = 1_000 / bulkRowsPerSecond;
  let nextAtMs = ctx.monotonicMs();
  const lane = async () => {
    for (;;) {
      const atMs = Math.max(nextAtMs, ctx.monotonicMs());
      if (atMs >= untilMs) return;
      nextAtMs = atMs + gapMs;
      const waitForMs = atMs - ctx.monotonicMs();
      if (waitForMs > 0) await ctx.sleep(waitForMs);
      const row = await takeRow(ctx.sql, run, rowLeaseMs);
      if (!row) return;
      await cancelRow(ctx, run, row);
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: rowsAtOnce }, lane));
  for (const { status, ...rest } of lanes)
    if (status === "rejected") throw (rest as PromiseRejectedResult).reason;
}

/** One row, from its key to its settled end. */
async function cancelRow(ctx: Context, run: RunFacts, row: TakenRow): Promise<void> {
  const use = keyOf(ctx, run, row);
  try {
    const end = row.taken > takesMax ? await endOfLost(ctx, row, use) : await tryRow(ctx, run, row, use);
    await settleRow(ctx.sql, run.id, row, end, bulkTroubleMax);
  } catch (error) {
    // Whether something was begun is not known here; the key knows, and is asked at the next try.
    ctx.log.warn(
      { err: error, labels: { bulk_run: run.id, row: row.rowNo, payment_id: row.paymentId } },
      "a row of a bulk cancel is tried again",
    );
    await returnRow(ctx.sql, run.id, row, rowAgainMs);
  }
}

async function tryRow(ctx: Context, run: RunFacts, row: TakenRow, use: IdempotencyUse): Promise<RowEnd> {
  try {
    const answer = await cancelPayment(ctx, {
      paymentId: row.paymentId,
      mallId: row.mallId,
      amountMinor: row.amountMinor,
      taxFreeMinor: row.taxFreeMinor,
      currentCancelableMinor: row.seenBalanceMinor,
      reason: run.reason,
      bulkRunId: run.id,
      ...(run.changeRequestId &&
        run.approvedBy && { approval: { requestId: run.changeRequestId, checkerId: run.approvedBy } }),
      origin: "CONSOLE",
      actor: {
        type: "operator",
        id: run.requestedBy,
        ...(run.ipAddress ? { ipAddress: run.ipAddress } : {}),
      },
      idempotency: use,
      locale: "ko",
      traceId: run.traceId,
    });
    if (answer.result === "replayed") return endOfLost(ctx, row, use);
    return endOf(answer.cancel);
  } catch (error) {
    if (!(error instanceof Refusal) || error.code === "IDEMPOTENCY_STORE_UNAVAILABLE") throw error;
    // A cancel of ours that the database could not confirm may have been written after all.
    const begun = await findBegun(ctx, row, use);
    return begun
      ? endOf(begun)
      : { state: "REFUSED", cancelId: null, refusalCode: error.code, trouble: null };
  }
}

/**
 * How a row ended that an earlier worker began, by its key: with its cancel, or without having begun at all. That is
 * trouble of our own: what fails one row again and again fails the next ones too.
 */
async function endOfLost(ctx: Context, row: TakenRow, use: IdempotencyUse): Promise<RowEnd> {
  const begun = await findBegun(ctx, row, use);
  return begun
    ? endOf(begun)
    : { state: "REFUSED", cancelId: null, refusalCode: "INTERNAL_ERROR", trouble: "OWN_TROUBLE" };
}

async function findBegun(ctx: Context, row: TakenRow, use: IdempotencyUse) {
  const earlier = await findEarlierUse(ctx.sql, row.mallId, use);
  if (earlier.kind === "none" || !earlier.cancelId) return undefined;
  return (await findCancel(ctx, earlier.cancelId))?.cancel;
}

function endOf(cancel: { id: string; status: string; failureCode: string | null }): RowEnd {
  const about = { cancelId: cancel.id, refusalCode: null };
  if (cancel.status === "SUCCEEDED") return { ...about, state: "DONE", trouble: null };
  if (cancel.status !== "FAILED") return { ...about, state: "UNKNOWN", trouble: "VAN_TROUBLE" };
  const refusalCode = cancel.failureCode ?? "VAN_ERROR";
  return {
    ...about,
    state: "REFUSED",
    refusalCode,
    trouble: refusalCode === "VAN_UNAVAILABLE" ? "VAN_TROUBLE" : null,
  };
}

/** The key of a row. No request of a mall has this method, so no mall's key can meet it. */
function keyOf(ctx: Context, run: RunFacts, row: TakenRow): IdempotencyUse {
  return {
    method: "BULK",
    path: `/api/v1/payments/${row.paymentId}/cancel`,
    key: `${run.id}/${row.rowNo}`,
    requestHash: ctx.keys.fingerprintRequest(
      `${row.paymentId} ${row.amountMinor} ${row.taxFreeMinor} ${row.seenBalanceMinor}`,
    ),
  };
}

async function endRun(ctx: Context, run: RunFacts): Promise<boolean> {
  return ctx.sql.transaction(async (sql) => {
    const ended = await finishRun(sql, run, ctx.now());
    if (!ended) return false;
    await recordAudit(sql, {
      actor: systemActor,
      action: "bulk_cancel.finished",
      target: { type: "bulk_cancel", id: run.id },
      outcome: "success",
      detail: {
        done: ended.rowsDone,
        refused: ended.rowsRefused,
        unknown: ended.rowsUnknown,
        amount: ended.doneMinor,
      },
    });
    return true;
  });
}
