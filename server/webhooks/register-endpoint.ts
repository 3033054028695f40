import { Refusal } from "#server/core/refusals.ts";
import type { Context } from "#server/platform/context.ts";
import type { EventType } from "#server/webhooks/domain/event-types.ts";
import { placeOfSecret } from "#server/webhooks/endpoint-secrets.ts";
import { toWireEndpoint } from "#server/webhooks/read-endpoints.ts";
import { type ByOperator, recordEndpointChange } from "#server/webhooks/record-endpoint-change.ts";
import { newWebhookSecret } from "#server/webhooks/sign-webhook.ts";
import {
  insertEndpoint,
  isMall,
  loadEndpoints,
  lockEndpointsOfMall,
} from "#server/webhooks/webhook-repository.ts";
import { checkTargetAddresses, readTarget, refuseDuplicate } from "#server/webhooks/webhook-target.ts";

/** More receivers than this are a sign of a mistake, and each costs every event a delivery. */
export const endpointsPerMallMax = 10;

/**
 * Registers where a mall wants to hear of its events; `types` empty means all. Answers the signing secret, which is kept
 * sealed and never shown again. Throws `INVALID_WEBHOOK_URL` (WH-6), `INVALID_REQUEST` beyond ten endpoints, and
 * `NOT_FOUND` without such a mall.
 */
export async function registerEndpoint(
  ctx: Pick<Context, "sql" | "env" | "ids" | "keys" | "now">,
  { mallId, url, types, by }: { mallId: string; url: string; types: readonly EventType[]; by?: ByOperator },
) {
  const target = readTarget(url, ctx.env.WEBHOOK_ALLOW_HOSTS);
  await checkTargetAddresses(target, ctx.env.WEBHOOK_ALLOW_HOSTS);
  const secret = newWebhookSecret();
  const id = ctx.ids.newId("webhookEndpoint");
  const endpoint = { id, mallId, url: target.href, types, createdAt: ctx.now() };
  await ctx.sql.transaction(async (sql) => {
    await lockEndpointsOfMall(sql, mallId);
    if (!(await isMall(sql, mallId))) throw new Refusal("NOT_FOUND");
    const present = await loadEndpoints(sql, mallId);
    if (present.some((other) => other.url === endpoint.url)) throw refuseDuplicate();
    if (present.length >= endpointsPerMallMax)
      throw new Refusal("INVALID_REQUEST", { field: "url", endpointsMax: endpointsPerMallMax });
    await insertEndpoint(sql, { ...endpoint, secretSealed: ctx.keys.seal(secret, placeOfSecret(id)) });
    const detail = { host: target.host, types };
    await recordEndpointChange(sql, { mallId, endpointId: id, action: "registered", by, detail });
  });
  const facts = { ...endpoint, status: "ACTIVE" as const, pausedReason: null, previousSecretExpiresAt: null };
  return { ...toWireEndpoint(facts, ctx.now()), secret };
}
