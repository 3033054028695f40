import { recordAudit } from "#server/audit/record-audit.ts";
import { Refusal } from "#server/core/refusals.ts";
import type { Context } from "#server/platform/context.ts";
import type { ByOperator } from "#server/webhooks/record-endpoint-change.ts";
import { type SentAgain, sendAgain } from "#server/webhooks/send-again.ts";

/**
 * Sends one delivery again, whether it was delivered or given up; one that waits for its next try is tried now. The same
 * `requestId` sends once, however often it arrives. Answers what was done: `RESENT`, `HASTENED`, or `ALREADY` for a repeat.
 * Audited. Throws `NOT_FOUND`, and `WEBHOOK_ENDPOINT_NOT_ACTIVE` when its endpoint takes nothing.
 */
export async function resendDelivery(
  ctx: Pick<Context, "sql" | "now">,
  { id, requestId, by }: { id: string; requestId: string; by: ByOperator },
): Promise<Readonly<{ result: SentAgain["result"] }>> {
  return ctx.sql.transaction(async (sql) => {
    const [sent] = await sendAgain(sql, { ids: [id], requestId, traceId: by.traceId, at: ctx.now() });
    if (!sent) throw new Refusal("NOT_FOUND");
    const { delivery, result } = sent;
    if (result === "PAUSED" || result === "DELETED")
      throw new Refusal("WEBHOOK_ENDPOINT_NOT_ACTIVE", { status: result });
    if (result === "ALREADY") return { result };
    await recordAudit(sql, {
      actor: by.actor,
      action: result === "RESENT" ? "webhook_delivery.resent" : "webhook_delivery.hastened",
      target: { type: "webhook_delivery", id },
      outcome: "success",
      ipAddress: by.actor.ipAddress,
      detail: {
        subjectId: delivery.subjectId,
        mallId: delivery.mallId,
        eventType: delivery.eventType,
        traceId: by.traceId,
      },
    });
    return { result };
  });
}
