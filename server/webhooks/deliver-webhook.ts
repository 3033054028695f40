import { recordAudit } from "#server/audit/record-audit.ts";
import { wakeMessage } from "#server/outbox/wake-message.ts";
import type { Context } from "#server/platform/context.ts";
import { done, type JobAttempt, type JobResult } from "#server/platform/job.ts";
import {
  deliveryDelaysMs,
  followerWaitMs,
  nextDelayMs,
  readRetryAfterMs,
} from "#server/webhooks/domain/delivery-schedule.ts";
import { openSecrets } from "#server/webhooks/endpoint-secrets.ts";
import { failureOf, type PostResult } from "#server/webhooks/post-webhook.ts";
import { signWebhook } from "#server/webhooks/sign-webhook.ts";
import { deliverWebhookJob } from "#server/webhooks/webhook-jobs.ts";
import { toWireEvent, webhookIdOf } from "#server/webhooks/webhook-message.ts";
import {
  type DueDelivery,
  endDelivery,
  findFollower,
  loadDelivery,
  pauseEndpoint,
  recordTry,
  reopenDelivery,
} from "#server/webhooks/webhook-repository.ts";
import { senderOf } from "#server/webhooks/webhook-sender.ts";

/** A receiver that hangs may hold only this many of a worker's hands at once; the others go on for other malls. */
const inFlightMax = 4;
/** By worker: how many sends to each endpoint are under way. */
const sendsOf = new WeakMap<Context["sql"], Map<string, number>>();
const crowdedWaitMinMs = 1_000;

/**
 * Sends one event to one endpoint, signed, and records the try. 2xx ends it; 410 pauses the endpoint; anything else is
 * tried again by the schedule, later when the receiver says so by Retry-After; after the tenth try it is dead (WH-3, WH-4).
 * An event of the same payment that lies before it is delivered or dead first (WH-2). A crash after the POST and before
 * the record sends the same `webhook-id` again, which receivers are told to expect.
 */
export async function deliverWebhook(
  ctx: Context,
  { deliveryId }: { deliveryId: string },
  { attempt }: JobAttempt,
): Promise<JobResult> {
  const delivery = await loadDelivery(ctx.sql, deliveryId);
  if (!delivery) return { kind: "dead", reason: "INTERNAL", error: `there is no delivery ${deliveryId}` };
  if (delivery.status === "DELIVERED") return done;
  if (delivery.endpointStatus === "DELETED") {
    await end(ctx, delivery);
    return done;
  }
  if (delivery.endpointStatus === "PAUSED") {
    await end(ctx, delivery);
    return {
      kind: "dead",
      reason: "WEBHOOK_STATUS",
      error: `the endpoint is paused: ${delivery.pausedReason ?? "no reason was kept"}`,
    };
  }
  if (delivery.status === "DEAD") {
    // The last try was recorded and the worker died before its message was given up.
    if (attempt > deliveryDelaysMs.length + 1)
      return { kind: "dead", reason: "WEBHOOK_STATUS", error: "all tries were used" };
    await reopenDelivery(ctx.sql, delivery.id);
  }
  if (delivery.aheadAttempts !== null) {
    const waitMs = followerWaitMs(
      { attempts: delivery.aheadAttempts, triedAt: delivery.aheadTriedAt },
      ctx.now(),
    );
    return {
      kind: "again",
      reason: "WEBHOOK_STATUS",
      error: "an earlier event of the same payment is not delivered yet",
      delayMs: waitMs,
      countsAsAttempt: false,
    };
  }
  const inFlight = sendsOf.get(ctx.sql) ?? new Map<string, number>();
  sendsOf.set(ctx.sql, inFlight);
  const busy = inFlight.get(delivery.endpointId) ?? 0;
  if (busy >= inFlightMax) {
    const delayMs = crowdedWaitMinMs * (1 + 2 * ctx.random());
    return {
      kind: "again",
      reason: "WEBHOOK_UNREACHABLE",
      error: "the endpoint is answering others",
      delayMs,
      countsAsAttempt: false,
    };
  }
  inFlight.set(delivery.endpointId, busy + 1);
  const startedAt = ctx.now();
  try {
    return await settle(ctx, delivery, attempt, startedAt, await send(ctx, delivery, startedAt));
  } finally {
    const left = (inFlight.get(delivery.endpointId) ?? 1) - 1;
    if (left > 0) inFlight.set(delivery.endpointId, left);
    else inFlight.delete(delivery.endpointId);
  }
}

function send(ctx: Context, delivery: DueDelivery, at: Date): Promise<PostResult> {
  const body = JSON.stringify(
    toWireEvent({ ...delivery, type: delivery.eventType, data: delivery.eventData }),
  );
  const secrets = openSecrets(ctx.keys, delivery.endpointId, delivery, at);
  return senderOf(ctx)(
    delivery.url,
    signWebhook({ id: webhookIdOf(delivery.eventId), at, body }, secrets),
    body,
  );
}

/** Records the try and decides what follows from it. */
async function settle(
  ctx: Context,
  delivery: DueDelivery,
  attempt: number,
  startedAt: Date,
  result: PostResult,
): Promise<JobResult> {
  const error = failureOf(result);
  const gone = result.kind === "answered" && result.status === 410;
  const retryAfterMs = result.kind === "answered" ? readRetryAfterMs(result.retryAfter, ctx.now()) : 0;
  const delayMs = gone ? undefined : nextDelayMs(attempt, ctx.random(), retryAfterMs);
  const status = error === null ? "DELIVERED" : delayMs === undefined ? "DEAD" : "PENDING";
  const now = ctx.now();
  await ctx.sql.transaction(async (sql) => {
    await recordTry(sql, {
      deliveryId: delivery.id,
      startedAt,
      durationMs: result.durationMs,
      responseStatus: result.kind === "answered" ? result.status : null,
      responseBody: result.kind === "answered" ? result.body : null,
      error,
      status,
      completedAt: status === "PENDING" ? null : now,
    });
    if (gone && (await pauseEndpoint(sql, delivery.endpointId, "410 Gone", now))) {
      await recordAudit(sql, {
        actor: { type: "system", id: "system" },
        action: "webhook_endpoint.paused",
        target: { type: "webhook_endpoint", id: delivery.endpointId },
        outcome: "success",
        detail: { mallId: delivery.mallId, reason: "410 Gone", deliveryId: delivery.id },
      });
    }
  });
  if (status !== "PENDING") await wakeFollower(ctx, delivery);
  if (error === null) return done;
  const reason = result.kind === "answered" ? "WEBHOOK_STATUS" : "WEBHOOK_UNREACHABLE";
  return delayMs === undefined ? { kind: "dead", reason, error } : { kind: "again", reason, error, delayMs };
}

async function end(ctx: Context, delivery: DueDelivery): Promise<void> {
  await endDelivery(ctx.sql, delivery.id, ctx.now());
  await wakeFollower(ctx, delivery);
}

async function wakeFollower(ctx: Context, delivery: DueDelivery): Promise<void> {
  const follower = await findFollower(ctx.sql, delivery);
  if (follower)
    await wakeMessage(ctx.sql, { subjectId: delivery.subjectId, job: deliverWebhookJob, jobKey: follower });
}
