import { type OutboxRow, outboxRow } from "#server/outbox/outbox-row.ts";
import { netCancelJob, recoverCancelJob, reverseOrphanJob } from "#server/payments/payment-jobs.ts";
import type { ForgottenWork } from "#server/payments/payment-repository.ts";

/** The job that brings each kind of unresolved work to its end. */
export const recoveryJobs = {
  "net-cancel": netCancelJob,
  "recover-cancel": recoverCancelJob,
  "reverse-orphan": reverseOrphanJob,
} as const;

/** A new recovery job. Whoever gives one out in the same minute makes the same key, so that it is given out once. */
export function recoveryRow({ kind, id, subject }: ForgottenWork, now: Date): OutboxRow {
  const key = `${id}-swept-${Math.floor(now.getTime() / 60_000)}`;
  const about = { subjectId: subject };
  switch (kind) {
    case "net-cancel":
      return outboxRow(netCancelJob, key, { paymentId: id }, about);
    case "recover-cancel":
      return outboxRow(recoverCancelJob, key, { cancelId: id }, about);
    case "reverse-orphan":
      return outboxRow(reverseOrphanJob, key, { orphanId: id }, about);
  }
}
