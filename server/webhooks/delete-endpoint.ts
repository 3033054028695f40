import { Refusal } from "#server/core/refusals.ts";
import type { Context } from "#server/platform/context.ts";
import { type ByOperator, recordEndpointChange } from "#server/webhooks/record-endpoint-change.ts";
import { deleteEndpoint as deleteRow } from "#server/webhooks/webhook-repository.ts";

/** Stops sending to an endpoint for good, what is still owed to it included. Throws `NOT_FOUND`. */
export async function deleteEndpoint(
  ctx: Pick<Context, "sql" | "now">,
  { mallId, endpointId, by }: { mallId: string; endpointId: string; by?: ByOperator },
): Promise<void> {
  await ctx.sql.transaction(async (sql) => {
    if (!(await deleteRow(sql, mallId, endpointId, ctx.now()))) throw new Refusal("NOT_FOUND");
    await recordEndpointChange(sql, { mallId, endpointId, action: "deleted", by });
  });
}
