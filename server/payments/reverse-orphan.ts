import { assert } from "#server/core/assert.ts";
import { closeIncident } from "#server/incidents/close-incident.ts";
import { cancelAtVan } from "#server/payments/cancel-at-van.ts";
import { originalOf } from "#server/payments/domain/payment.ts";
import { gatewayOf, inquireAtVan } from "#server/payments/inquire-at-van.ts";
import { nextTry } from "#server/payments/next-try.ts";
import { closeOrphan, loadOrphan, loadPayment, type Orphan } from "#server/payments/payment-repository.ts";
import { recordNetCancelTry } from "#server/payments/settle-net-cancel.ts";
import type { Context } from "#server/platform/context.ts";
import { done, type JobAttempt, type JobResult } from "#server/platform/job.ts";
import { readVanSettings } from "#server/van/van-queries.ts";

/**
 * Reverses money that the VAN holds for a payment which had ended; the payment itself stays as it is (§5.0.5). The VAN is
 * asked first; what was acquired meanwhile is given back by a normal cancel (NC-5).
 */
export async function reverseOrphan(
  ctx: Context,
  job: { orphanId: string },
  { attempt }: JobAttempt,
): Promise<JobResult> {
  const orphan = await loadOrphan(ctx.sql, BigInt(job.orphanId));
  assert(orphan, `orphan ${job.orphanId} exists`);
  if (orphan.state !== "OPEN") return done;
  const payment = await loadPayment(ctx.sql, orphan.paymentId);
  assert(payment, `payment ${orphan.paymentId} of an orphan exists`);
  const van = await readVanSettings(ctx.sql, payment.vanCode);
  const schedule = { delaysMs: van.netCancelDelaysMs, attempt, since: orphan.foundAt };

  const inquiry = await inquireAtVan(ctx, payment, van);
  if (inquiry.kind === "found" && inquiry.state !== "approved") {
    return close(ctx, orphan);
  }
  const outcome = await gatewayOf(ctx, payment.vanCode).netCancel(
    { original: originalOf(payment) },
    { connectTimeoutMs: van.connectTimeoutMs, totalTimeoutMs: van.netCancelTimeoutMs },
  );
  await recordNetCancelTry(ctx, payment, outcome);
  if (outcome.kind === "canceled") {
    return close(ctx, orphan);
  }
  const approvalNo = inquiry.kind === "found" ? inquiry.approvalNo : undefined;
  if (outcome.kind !== "already_acquired" || !approvalNo) return nextTry(ctx, van, schedule, outcome);
  const canceled = await cancelAtVan(ctx, payment, van, approvalNo);
  if (canceled.kind !== "canceled") return nextTry(ctx, van, schedule, canceled);
  return close(ctx, orphan);
}

async function close(ctx: Context, orphan: Orphan): Promise<JobResult> {
  const at = ctx.now();
  await ctx.sql.transaction(async (sql) => {
    await closeOrphan(sql, orphan.id, at);
    await closeIncident(sql, { kind: "VAN_ORPHAN", subjectId: orphan.paymentId, how: "reversed", at });
  });
  return done;
}
