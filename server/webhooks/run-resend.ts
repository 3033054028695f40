import { assert } from "#server/core/assert.ts";
import type { Context } from "#server/platform/context.ts";
import { done, type JobResult } from "#server/platform/job.ts";
import {
  loadResendItems,
  lockResend,
  noteResendItems,
  type ResendResult,
} from "#server/webhooks/resend-repository.ts";
import { sendAgain } from "#server/webhooks/send-again.ts";
import { resendsPerSecond } from "#server/webhooks/webhook-console.values.ts";

const turnMs = 1_000;
const brokenWaitMs = 5_000;

/**
 * One turn of a resend: sends the next `resendsPerSecond` deliveries again and notes how far it came, in one commit, so
 * that a worker that dies leaves the next one to go on from there. Comes back every second until it is done or an
 * operator stopped it; what goes wrong on the way is tried again and never gives the run up.
 */
export async function runResend(ctx: Context, { resendId }: { resendId: string }): Promise<JobResult> {
  const again = (delayMs: number, error = "more is to be sent"): JobResult => ({
    kind: "again",
    reason: "INTERNAL",
    error,
    delayMs,
    countsAsAttempt: false,
  });
  try {
    return (await takeTurn(ctx, resendId)) ? again(turnMs) : done;
  } catch (error) {
    ctx.log.error({ err: error, labels: { resend: resendId } }, "a resend could not go on; tried again");
    return again(brokenWaitMs, error instanceof Error ? error.message : String(error));
  }
}

/** True when more is to be sent. */
async function takeTurn(ctx: Pick<Context, "sql" | "now">, resendId: string): Promise<boolean> {
  const at = ctx.now();
  return ctx.sql.transaction(async (sql) => {
    const resend = await lockResend(sql, resendId);
    if (resend?.status !== "RUNNING") return false;
    const items = await loadResendItems(sql, resend, resendsPerSecond);
    const sent = await sendAgain(sql, {
      ids: items.map(({ deliveryId }) => deliveryId),
      requestId: resend.id,
      traceId: resend.traceId,
      at,
    });
    const resultOf = new Map(sent.map(({ delivery, result }) => [delivery.id, result]));
    await noteResendItems(
      sql,
      resend.id,
      items.map(({ place, deliveryId }) => ({ place, result: noted(resultOf.get(deliveryId)) })),
      at,
    );
    return (items.at(-1)?.place ?? resend.total) < resend.total;
  });
}

function noted(result: ResendResult | "ALREADY" | undefined): ResendResult {
  assert(result !== undefined, "a delivery is never deleted, so each of a resend is there");
  // The turn commits as a whole, so a job of this run is there only with its note; named twice it counts as sent.
  return result === "ALREADY" ? "RESENT" : result;
}
