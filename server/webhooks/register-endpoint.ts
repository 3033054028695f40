import { recordAudit } from "#server/audit/record-audit.ts";
import { Refusal } from "#server/core/refusals.ts";
import type { Context } from "#server/platform/context.ts";
import type { EventType } from "#server/webhooks/domain/event-types.ts";
import { placeOfSecret } from "#server/webhooks/endpoint-secrets.ts";
import { toWireEndpoint } from "#server/webhooks/read-endpoints.ts";
import { newWebhookSecret } from "#server/webhooks/sign-webhook.ts";
import { insertEndpoint, loadEndpoints, lockEndpointsOfMall } from "#server/webhooks/webhook-repository.ts";
import { checkTargetAddresses, readTarget, refuseDuplicate } from "#server/webhooks/webhook-target.ts";

/** More receivers than this are a sign of a mistake, and each costs every event a delivery. */
export const endpointsPerMallMax = 10;

/**
 * Registers where a mall wants to hear of its events; `types` empty means all. Answers the signing secret, which is kept
 * sealed and never shown again. Throws `INVALID_WEBHOOK_URL` (WH-6), and `INVALID_REQUEST` beyond ten endpoints.
 */
export async function registerEndpoint(
  ctx: Pick<Context, "sql" | "env" | "ids" | "keys" | "now">,
  { mallId, url, types }: { mallId: string; url: string; types: readonly EventType[] },
) {
  const target = readTarget(url, ctx.env.WEBHOOK_ALLOW_HOSTS);
  await checkTargetAddresses(target, ctx.env.WEBHOOK_ALLOW_HOSTS);
  const secret = newWebhookSecret();
  const id = ctx.ids.newId("webhookEndpoint");
  const endpoint = { id, mallId, url: target.href, types, createdAt: ctx.now() };
  await ctx.sql.transaction(async (sql) => {
    await lockEndpointsOfMall(sql, mallId);
    const present = await loadEndpoints(sql, mallId);
    if (present.some((other) => other.url === endpoint.url)) throw refuseDuplicate();
    if (present.length >= endpointsPerMallMax)
      throw new Refusal("INVALID_REQUEST", { field: "url", endpointsMax: endpointsPerMallMax });
    await insertEndpoint(sql, { ...endpoint, secretSealed: ctx.keys.seal(secret, placeOfSecret(id)) });
    await recordAudit(sql, {
      actor: { type: "mall", id: mallId },
      action: "webhook_endpoint.registered",
      target: { type: "webhook_endpoint", id },
      outcome: "success",
      detail: { host: target.host, types },
    });
  });
  const facts = { ...endpoint, status: "ACTIVE" as const, pausedReason: null, previousSecretExpiresAt: null };
  return { ...toWireEndpoint(facts, ctx.now()), secret };
}
