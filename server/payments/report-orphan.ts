import { openIncident } from "#server/incidents/open-incident.ts";
import { enqueue } from "#server/outbox/enqueue.ts";
import { outboxRow } from "#server/outbox/outbox-row.ts";
import type { Payment } from "#server/payments/domain/payment.ts";
import { reverseOrphanJob } from "#server/payments/payment-jobs.ts";
import { recordOrphan } from "#server/payments/payment-repository.ts";
import type { Context } from "#server/platform/context.ts";

/**
 * Writes down money that is live at the VAN although its payment has ended (§5.0.5), with the job that reverses it and
 * an incident, in one commit. The payment stays what it is. An orphan that is known already stays one.
 */
export async function reportOrphan(
  ctx: Pick<Context, "sql" | "now">,
  payment: Payment,
  source: "late_response" | "inquiry" | "van_file",
): Promise<void> {
  const at = ctx.now();
  await ctx.sql.transaction(async (sql) => {
    const id = await recordOrphan(sql, payment, source, at);
    if (id === undefined) return;
    const about = { subjectId: payment.id, traceId: payment.traceId };
    await enqueue(sql, [outboxRow(reverseOrphanJob, String(id), { orphanId: String(id) }, about)]);
    await openIncident(sql, {
      kind: "VAN_ORPHAN",
      severity: "page",
      subjectId: payment.id,
      paymentId: payment.id,
      detail: {
        source,
        van: payment.vanCode,
        traceNo: payment.traceNo,
        amount: Number(payment.amountMinor),
        orderId: payment.orderId,
      },
      at,
    });
  });
}
