import { assert } from "#server/core/assert.ts";
import { inquireAtVan } from "#server/payments/inquire-at-van.ts";
import { nextTry } from "#server/payments/next-try.ts";
import { loadPayment } from "#server/payments/payment-repository.ts";
import { reportOrphan } from "#server/payments/report-orphan.ts";
import type { Context } from "#server/platform/context.ts";
import { done, type JobAttempt, type JobResult } from "#server/platform/job.ts";
import { readVanSettings } from "#server/van/van-queries.ts";

/** Asks whether a net-cancelled approval stayed reversed (NC-8); money found live becomes an orphan and is reversed. */
export async function followUpInquiry(
  ctx: Context,
  job: { paymentId: string; index: number },
  { attempt }: JobAttempt,
): Promise<JobResult> {
  const payment = await loadPayment(ctx.sql, job.paymentId);
  assert(payment, `payment ${job.paymentId} of an inquiry exists`);
  if (payment.status !== "NET_CANCELED") return done;
  const van = await readVanSettings(ctx.sql, payment.vanCode);
  const inquiry = await inquireAtVan(ctx, payment, van);
  if (inquiry.kind === "unknown" || inquiry.kind === "not_sent") {
    return nextTry(ctx, van, { delaysMs: van.cancelDelaysMs, attempt, since: payment.requestedAt }, inquiry);
  }
  if (inquiry.kind === "found" && inquiry.state === "approved") await reportOrphan(ctx, payment, "inquiry");
  return done;
}
