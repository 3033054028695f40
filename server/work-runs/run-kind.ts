import type { Context } from "#server/platform/context.ts";
import type { Sql } from "#server/platform/db.ts";

/** What the preview says of one thing: the kind's own words for outcome and reason. */
export type ItemVerdict = Readonly<{
  subjectId: string;
  outcome: string;
  why: string;
  detail: Readonly<Record<string, unknown>>;
}>;

/** What was done with one thing. SENT: the end of a job that is on its way settles it later. */
export type ItemResult = Readonly<{
  subjectId: string;
  state: "SENT" | "CLOSED" | "SKIPPED";
  result: string;
}>;

/** What a run's work needs to know of it. */
export type StartedRun = Readonly<{
  id: string;
  reason: string;
  startedBy: string;
  ipAddress: string | null;
  traceId: string;
  itemsPerSecond: number;
}>;

/** What is done to each thing of a run. The engine decides which ones, when and how fast; the kind knows what they are. */
export type RunKind = Readonly<{
  name: string;
  /** The outcome of things that the run must leave to a person. */
  leftOutOutcome: string;
  /** Says of each thing what would happen to it, from today's truth. May ask the outside world; changes nothing. */
  preview(ctx: Context, subjectIds: readonly string[]): Promise<ItemVerdict[]>;
  /**
   * Does the work, in the transaction that notes it: each thing once, whichever worker dies when. What needs the outside
   * world is a job that it writes into the outbox; `settleRunItems` reports its end. Answers for every thing given.
   */
  perform(sql: Sql, run: StartedRun, subjectIds: readonly string[]): Promise<ItemResult[]>;
}>;
