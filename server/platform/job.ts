import type { z } from "zod";
import type { Context } from "#server/platform/context.ts";

/** Which BullMQ queue wakes a worker: money never waits behind webhooks. */
export const queueNames = ["money", "webhooks", "upkeep"] as const;
export type QueueName = (typeof queueNames)[number];

/** Why a job could not do its work, as an operator filters by it. */
export const reasonClasses = [
  "VAN_TIMEOUT",
  "VAN_UNREACHABLE",
  "VAN_UNREADABLE",
  "VAN_MISMATCH",
  "VAN_UNKNOWN_CODE",
  "VAN_REFUSED",
  "DEADLINE_PASSED",
  "WEBHOOK_STATUS",
  "WEBHOOK_UNREACHABLE",
  "INTERNAL",
] as const;
export type ReasonClass = (typeof reasonClasses)[number];

/** A kind of background work: its name, the shape of its payload (ids only) and its policy. */
export type Job<P extends z.ZodType = z.ZodType> = Readonly<{
  name: string;
  queue: QueueName;
  payload: P;
  /** Delays before each next try when the handler does not say; after the last the job is a dead letter. */
  delaysMs: readonly number[];
}>;

/** Defines a job; keeps the literal types. */
export function defineJob<P extends z.ZodType>(job: Job<P>): Job<P> {
  return job;
}

/** How a try ended. `again` without `delayMs` follows the job's policy; `dead` parks it at once. */
export type JobResult =
  | Readonly<{ kind: "done" }>
  | Readonly<{
      kind: "again";
      reason: ReasonClass;
      error: string;
      delayMs?: number;
      countsAsAttempt?: boolean;
      /** What would make another try worth while before its time, such as `van:SBX1`. */
      waitsFor?: string;
    }>
  | Readonly<{ kind: "dead"; reason: ReasonClass; error: string }>;

export const done: JobResult = { kind: "done" };

/** What a handler knows about the try it makes: the first is attempt 1. */
export type JobAttempt = Readonly<{ attempt: number; messageId: bigint; traceId: string | null }>;

export type JobHandler<P> = (ctx: Context, payload: P, attempt: JobAttempt) => Promise<JobResult>;
