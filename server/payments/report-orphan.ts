import { outboxRow } from "#server/outbox/outbox-row.ts";
import type { Payment } from "#server/payments/domain/payment.ts";
import { reverseOrphanJob } from "#server/payments/payment-jobs.ts";
import { recordOrphan } from "#server/payments/payment-repository.ts";
import type { Context } from "#server/platform/context.ts";

/**
 * Writes down money that is live at the VAN although its payment has ended (§5.0.5), with the job that reverses it, in
 * one commit. The payment stays what it is. An orphan that is known already stays one.
 */
export async function reportOrphan(
  ctx: Pick<Context, "sql" | "now">,
  payment: Payment,
  source: "late_response" | "inquiry" | "van_file",
): Promise<void> {
  await ctx.sql.transaction((sql) =>
    recordOrphan(
      sql,
      payment,
      source,
      (id) => outboxRow(reverseOrphanJob, String(id), { orphanId: String(id) }, { subjectId: payment.id }),
      ctx.now(),
    ),
  );
}
