import { recordAudit } from "#server/audit/record-audit.ts";
import { Refusal } from "#server/core/refusals.ts";
import type { Context } from "#server/platform/context.ts";
import { deleteEndpoint as deleteRow } from "#server/webhooks/webhook-repository.ts";

/** Stops sending to an endpoint for good, what is still owed to it included. Throws `NOT_FOUND`. */
export async function deleteEndpoint(
  ctx: Pick<Context, "sql" | "now">,
  { mallId, endpointId }: { mallId: string; endpointId: string },
): Promise<void> {
  await ctx.sql.transaction(async (sql) => {
    if (!(await deleteRow(sql, mallId, endpointId, ctx.now()))) throw new Refusal("NOT_FOUND");
    await recordAudit(sql, {
      actor: { type: "mall", id: mallId },
      action: "webhook_endpoint.deleted",
      target: { type: "webhook_endpoint", id: endpointId },
      outcome: "success",
    });
  });
}
