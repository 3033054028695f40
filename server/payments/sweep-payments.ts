import { assert } from "#server/core/assert.ts";
import { enqueue } from "#server/outbox/enqueue.ts";
import { outboxRow } from "#server/outbox/outbox-row.ts";
import type { Payment } from "#server/payments/domain/payment.ts";
import { toWirePayment } from "#server/payments/domain/wire-payment.ts";
import { findCancel } from "#server/payments/find-cancel.ts";
import { netCancelJob, recoverCancelJob } from "#server/payments/payment-jobs.ts";
import {
  loadAbandonedApprovals,
  loadAbandonedCancels,
  loadForgottenWork,
  markCancelUnknown,
  movePayment,
} from "#server/payments/payment-repository.ts";
import { recoveryRow } from "#server/payments/recovery-job.ts";
import type { Context } from "#server/platform/context.ts";

const batchMax = 200;

/**
 * Takes over what its handler left behind (reliability §5.3): approvals IN_PROGRESS past their lease become UNKNOWN with a
 * net cancel, cancels become UNKNOWN with a recovery, and unresolved work without a waiting job or dead letter gets a job.
 * Any number of sweepers may run: each step is a compare-and-set or a job key written once.
 */
export async function sweepPayments(ctx: Context): Promise<number> {
  let swept = 0;
  for (const payment of await loadAbandonedApprovals(ctx.sql, batchMax)) {
    if (await abandonApproval(ctx, payment)) swept++;
  }
  for (const abandoned of await loadAbandonedCancels(ctx.sql, batchMax)) {
    const found = await findCancel(ctx, abandoned.id);
    assert(found, `cancel ${abandoned.id} has a payment`);
    const marked = await markCancelUnknown(ctx.sql, {
      ...found,
      because: "lease_expired",
      jobs: [
        outboxRow(
          recoverCancelJob,
          abandoned.id,
          { cancelId: abandoned.id },
          { subjectId: found.payment.id, traceId: abandoned.traceId },
        ),
      ],
      exchange: undefined,
      at: ctx.now(),
    });
    if (marked) swept++;
  }
  return swept + (await remember(ctx));
}

async function abandonApproval(ctx: Context, payment: Payment): Promise<boolean> {
  const at = ctx.now();
  const unknownReason = "lease_expired";
  const after: Payment = {
    ...payment,
    status: "UNKNOWN",
    unknownReason,
    answeredAt: at,
    version: payment.version + 1,
  };
  return movePayment(ctx.sql, {
    payment,
    to: "UNKNOWN",
    facts: { answeredAt: at, unknownReason },
    history: { kind: "unknown", actorType: "system", actorId: "system", detail: { because: unknownReason } },
    event: { type: "payment.unknown", data: toWirePayment(after, [], at) },
    jobs: [
      outboxRow(
        netCancelJob,
        payment.id,
        { paymentId: payment.id },
        { subjectId: payment.id, traceId: payment.traceId },
      ),
    ],
    at,
  });
}

async function remember(ctx: Context): Promise<number> {
  const forgotten = await loadForgottenWork(ctx.sql, batchMax);
  const now = ctx.now();
  await enqueue(
    ctx.sql,
    forgotten.map((work) => recoveryRow(work, now)),
  );
  return forgotten.length;
}
