import { Refusal } from "#server/core/refusals.ts";
import type { Context } from "#server/platform/context.ts";
import { type ByOperator, recordEndpointChange } from "#server/webhooks/record-endpoint-change.ts";
import { dropPreviousSecret, loadEndpoint } from "#server/webhooks/webhook-repository.ts";

/**
 * Ends the overlap of a rotation at once: only the new secret signs from now on, for a secret that is known to others
 * or a mall that has changed over. `changed` is false without an overlap. Audited. Throws `NOT_FOUND`.
 */
export async function endPreviousSecret(
  ctx: Pick<Context, "sql" | "now">,
  { mallId, endpointId, by }: { mallId: string; endpointId: string; by: ByOperator },
): Promise<Readonly<{ changed: boolean }>> {
  return ctx.sql.transaction(async (sql) => {
    if (!(await loadEndpoint(sql, mallId, endpointId))) throw new Refusal("NOT_FOUND");
    if (!(await dropPreviousSecret(sql, { mallId, endpointId, at: ctx.now() }))) return { changed: false };
    await recordEndpointChange(sql, { mallId, endpointId, action: "previous_secret_ended", by });
    return { changed: true };
  });
}
