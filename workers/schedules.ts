import { expireChanges } from "#server/change-requests/expire-changes.ts";
import { deleteExpiredExports } from "#server/exports/delete-expired-exports.ts";
import { deleteExpiredKeys } from "#server/idempotency/claim-key.ts";
import { verifyOnSchedule, verifyWaiting } from "#server/integrity/verify-integrity.ts";
import { deleteFinished } from "#server/outbox/delete-finished.ts";
import { sweepPayments } from "#server/payments/sweep-payments.ts";
import type { Context } from "#server/platform/context.ts";
import { followReconDecisions } from "#server/reconciliation/follow-decisions.ts";
import { openDueDays } from "#server/reconciliation/open-due-days.ts";
import { rollUpLatency } from "#server/reports/roll-up-latency.ts";
import { openDueBatch } from "#server/settlement/open-due-batch.ts";
import { deleteUnstartedRuns } from "#server/work-runs/delete-unstarted-runs.ts";

/** Work that a clock starts. It is safe on any number of workers at once; a run that takes longer than its period delays the next. */
export type Schedule = Readonly<{ name: string; everyMs: number; run: (ctx: Context) => Promise<unknown> }>;

const rowsMax = 5_000;
/** A run has thousands of rows of its own. */
const runsMax = 10;

export const schedules: readonly Schedule[] = [
  { name: "sweep-payments", everyMs: 5_000, run: sweepPayments },
  { name: "roll-up-latency", everyMs: 10_000, run: rollUpLatency },
  { name: "delete-finished-messages", everyMs: 60_000, run: (ctx) => deleteFinished(ctx.sql, rowsMax) },
  {
    name: "delete-expired-idempotency-keys",
    everyMs: 60_000,
    run: (ctx) => deleteExpiredKeys(ctx.sql, rowsMax),
  },
  // Daily from 02:30 in Seoul on, whenever a worker is there to see it.
  { name: "open-settlement", everyMs: 5_000, run: openDueBatch },
  // Daily from 03:00 in Seoul on, whenever a worker is there to see it.
  { name: "open-reconciliation", everyMs: 30_000, run: openDueDays },
  { name: "follow-reconciliation", everyMs: 10_000, run: followReconDecisions },
  { name: "expire-change-requests", everyMs: 10_000, run: expireChanges },
  {
    name: "delete-unstarted-runs",
    everyMs: 60_000,
    run: (ctx) => deleteUnstartedRuns(ctx.reports, runsMax),
  },
  { name: "delete-expired-exports", everyMs: 60_000, run: deleteExpiredExports },
  { name: "verify-integrity", everyMs: 60_000, run: verifyOnSchedule },
  { name: "verify-integrity-waiting", everyMs: 1_000, run: verifyWaiting },
];
