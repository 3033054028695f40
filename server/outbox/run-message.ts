import type { z } from "zod";
import {
  buryMessage,
  claimMessage,
  finishMessage,
  type OutboxMessage,
  postponeMessage,
} from "#server/outbox/outbox-repository.ts";
import type { Context } from "#server/platform/context.ts";
import type { Sql } from "#server/platform/db.ts";
import type { Job, JobHandler, JobResult, ReasonClass } from "#server/platform/job.ts";
import { recordJob } from "#server/platform/metrics.ts";

/** A job with the use case that performs it. */
export type Work = Readonly<{ job: Job; perform: JobHandler<unknown> }>;

/** Pairs a job with its use case; the payload's shape must be the one the use case takes. */
export function work<P extends z.ZodType>(job: Job<P>, perform: JobHandler<z.output<P>>): Work {
  return { job: job as unknown as Job, perform: perform as JobHandler<unknown> };
}

type GivenUp = OutboxMessage & Readonly<{ firstError: string; lastError: string }>;

/** What becomes of jobs that gave up, and of those that an operator sent again. Both run in the transaction that closes the message. */
export type Afterlife = Readonly<{
  park(ctx: Context, sql: Sql, letter: { message: GivenUp; reason: ReasonClass }): Promise<void>;
  resolve(sql: Sql, letter: { jobKey: string; resolution: string }): Promise<unknown>;
}>;

/** What a worker needs to perform messages. */
export type Workshop = Readonly<{ registry: ReadonlyMap<string, Work>; afterlife: Afterlife }>;

/** Marks the key of a message that an operator sent again. */
const redriveMark = "#redrive-";

/**
 * Performs one message of the outbox: claim, perform, close. Any number of workers may be woken for it; one gets it.
 * A try that fails is due again by the job's policy, and after the last one it is parked as a dead letter in the same
 * commit. Every handler may run twice (a worker can die after its work and before the close).
 */
export async function runMessage(
  ctx: Context,
  { registry, afterlife }: Workshop,
  messageId: bigint,
): Promise<void> {
  const message = await claimMessage(ctx.sql, messageId);
  if (!message) return;
  const entry = registry.get(message.jobName);
  const result = entry
    ? await perform(ctx, entry, message)
    : {
        kind: "dead" as const,
        reason: "INTERNAL" as const,
        error: `there is no job named ${message.jobName}`,
      };
  await close(ctx, afterlife, entry, message, result);
}

async function perform(ctx: Context, entry: Work, message: OutboxMessage): Promise<JobResult> {
  try {
    const payload = entry.job.payload.parse(message.payload);
    return await entry.perform(ctx, payload, {
      attempt: message.attempts,
      messageId: message.id,
      traceId: message.traceId,
    });
  } catch (error) {
    ctx.log.error(
      { err: error, labels: { job: message.jobName, job_key: message.jobKey, attempt: message.attempts } },
      "a job failed",
    );
    return {
      kind: "again",
      reason: "INTERNAL",
      error: error instanceof Error ? error.message : String(error),
    };
  }
}

async function close(
  ctx: Context,
  afterlife: Afterlife,
  entry: Work | undefined,
  message: OutboxMessage,
  result: JobResult,
): Promise<void> {
  switch (result.kind) {
    case "done":
      await ctx.sql.transaction(async (sql) => {
        const closed = await finishMessage(sql, message.id, message.attempts);
        if (closed && message.jobKey.includes(redriveMark))
          await afterlife.resolve(sql, { jobKey: message.jobKey, resolution: "redriven" });
      });
      recordJob(message.jobName, "done");
      return;
    case "again": {
      const counts = result.countsAsAttempt ?? true;
      const delayMs = result.delayMs ?? entry?.job.delaysMs[message.attempts - 1];
      if (delayMs === undefined) return bury(ctx, afterlife, message, result);
      await postponeMessage(ctx.sql, message.id, message.attempts, {
        delayMs,
        error: result.error,
        countsAsAttempt: counts,
        waitsFor: result.waitsFor ?? null,
      });
      recordJob(message.jobName, counts ? "again" : "postponed");
      return;
    }
    case "dead":
      return bury(ctx, afterlife, message, result);
  }
}

async function bury(
  ctx: Context,
  afterlife: Afterlife,
  message: OutboxMessage,
  result: Extract<JobResult, { kind: "again" | "dead" }>,
): Promise<void> {
  await ctx.sql.transaction(async (sql) => {
    const buried = await buryMessage(sql, message.id, message.attempts, result.error);
    if (buried)
      await afterlife.park(ctx, sql, {
        message: { ...buried, firstError: buried.firstError ?? result.error, lastError: result.error },
        reason: result.reason,
      });
  });
  ctx.log.error(
    { labels: { job: message.jobName, job_key: message.jobKey, reason: result.reason } },
    "a job exhausted its tries and is a dead letter",
  );
  recordJob(message.jobName, "dead");
}
