import { recordAudit } from "#server/audit/record-audit.ts";
import { Refusal } from "#server/core/refusals.ts";
import type { Context } from "#server/platform/context.ts";
import type { ByOperator } from "#server/webhooks/record-endpoint-change.ts";
import { lockResend, stopResendRow } from "#server/webhooks/resend-repository.ts";

/**
 * Ends a resend where it is; what it sent already is on its way. `changed` is false for one that has ended. Audited.
 * Throws `NOT_FOUND`.
 */
export async function stopResend(
  ctx: Pick<Context, "sql" | "now">,
  { id, by }: { id: string; by: ByOperator },
): Promise<Readonly<{ changed: boolean }>> {
  return ctx.sql.transaction(async (sql) => {
    const resend = await lockResend(sql, id);
    if (!resend) throw new Refusal("NOT_FOUND");
    if (resend.status !== "RUNNING") return { changed: false };
    await stopResendRow(sql, id, by.actor.id, ctx.now());
    await recordAudit(sql, {
      actor: by.actor,
      action: "webhook_resend.stopped",
      target: { type: "webhook_resend", id },
      outcome: "success",
      ipAddress: by.actor.ipAddress,
      detail: { total: resend.total, place: resend.place, traceId: by.traceId },
    });
    return { changed: true };
  });
}
