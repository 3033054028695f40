import { recordAudit } from "#server/audit/record-audit.ts";
import type { Actor } from "#server/core/actor.ts";
import { Refusal } from "#server/core/refusals.ts";
import { markAcknowledged } from "#server/incidents/incident-repository.ts";
import type { Context } from "#server/platform/context.ts";

/**
 * Notes that an operator has taken an incident in hand, with what they say of it, and audits it. It stays open until
 * its cause is gone. Throws `NOT_FOUND` when there is no such incident or somebody acknowledged it before.
 */
export async function acknowledgeIncident(
  ctx: Pick<Context, "sql" | "now">,
  { id, note, actor }: { id: bigint; note: string; actor: Actor },
): Promise<void> {
  await ctx.sql.transaction(async (sql) => {
    const incident = await markAcknowledged(sql, { id, note, operatorId: actor.id, at: ctx.now() });
    if (!incident) throw new Refusal("NOT_FOUND");
    await recordAudit(sql, {
      actor,
      action: "incident.acknowledged",
      target: { type: "incident", id: String(id) },
      outcome: "success",
      ipAddress: actor.ipAddress,
      detail: { kind: incident.kind, subjectId: incident.subjectId, paymentId: incident.paymentId, note },
    });
  });
}
