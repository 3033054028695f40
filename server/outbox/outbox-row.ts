import type { z } from "zod";
import type { Job } from "#server/platform/job.ts";

/** A job as data: rows of the outbox that some transaction is about to write. */
export type OutboxRow = Readonly<{
  jobName: string;
  jobKey: string;
  payload: string;
  subjectId: string;
  delayMs: number;
  traceId: string | null;
}>;

/**
 * Makes the outbox row of a job. It is handed to the statement that writes the change which needs the job,
 * so there is no way to enqueue without that commit. The same `jobKey` is written once only.
 */
export function outboxRow<P extends z.ZodType>(
  job: Job<P>,
  jobKey: string,
  payload: z.input<P>,
  about: { subjectId: string; delayMs?: number; traceId?: string | null },
): OutboxRow {
  return {
    jobName: job.name,
    jobKey: `${job.name}:${jobKey}`,
    payload: JSON.stringify(job.payload.parse(payload)),
    subjectId: about.subjectId,
    delayMs: about.delayMs ?? 0,
    traceId: about.traceId ?? null,
  };
}

/** The rows as the column arrays that `unnest` takes. */
export function outboxColumns(rows: readonly OutboxRow[]): unknown[] {
  return [
    rows.map((row) => row.jobName),
    rows.map((row) => row.jobKey),
    rows.map((row) => row.payload),
    rows.map((row) => row.subjectId),
    rows.map((row) => row.delayMs),
    rows.map((row) => row.traceId),
  ];
}
