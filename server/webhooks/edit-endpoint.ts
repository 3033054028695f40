import { Refusal } from "#server/core/refusals.ts";
import type { Context } from "#server/platform/context.ts";
import type { EventType } from "#server/webhooks/domain/event-types.ts";
import { toWireEndpoint } from "#server/webhooks/read-endpoints.ts";
import { type ByOperator, recordEndpointChange } from "#server/webhooks/record-endpoint-change.ts";
import { loadEndpoints, lockEndpointsOfMall, updateEndpoint } from "#server/webhooks/webhook-repository.ts";
import { checkTargetAddresses, readTarget, refuseDuplicate } from "#server/webhooks/webhook-target.ts";

/**
 * Gives an endpoint another URL, other types or both; `types` empty means all. Its secret stays, and what is still owed
 * to it goes to the new URL. Throws `NOT_FOUND`, and `INVALID_WEBHOOK_URL` by the rules of a registration (WH-6).
 */
export async function editEndpoint(
  ctx: Pick<Context, "sql" | "env" | "now">,
  {
    mallId,
    endpointId,
    url,
    types,
    by,
  }: { mallId: string; endpointId: string; url: string; types: readonly EventType[]; by: ByOperator },
) {
  const target = readTarget(url, ctx.env.WEBHOOK_ALLOW_HOSTS);
  await checkTargetAddresses(target, ctx.env.WEBHOOK_ALLOW_HOSTS);
  const at = ctx.now();
  return ctx.sql.transaction(async (sql) => {
    await lockEndpointsOfMall(sql, mallId);
    const present = await loadEndpoints(sql, mallId);
    const before = present.find(({ id }) => id === endpointId);
    if (!before) throw new Refusal("NOT_FOUND");
    if (present.some((other) => other.id !== endpointId && other.url === target.href))
      throw refuseDuplicate();
    await updateEndpoint(sql, { mallId, endpointId, url: target.href, types, at });
    await recordEndpointChange(sql, {
      mallId,
      endpointId,
      action: "edited",
      by,
      detail: {
        before: { url: before.url, types: before.types },
        after: { url: target.href, types },
      },
    });
    return toWireEndpoint({ ...before, url: target.href, types }, at);
  });
}
