import { Refusal } from "#server/core/refusals.ts";
import type { Context } from "#server/platform/context.ts";
import { placeOfSecret } from "#server/webhooks/endpoint-secrets.ts";
import { toWireEndpoint } from "#server/webhooks/read-endpoints.ts";
import { type ByOperator, recordEndpointChange } from "#server/webhooks/record-endpoint-change.ts";
import { newWebhookSecret } from "#server/webhooks/sign-webhook.ts";
import { loadEndpoint, lockEndpointsOfMall, rotateSecret } from "#server/webhooks/webhook-repository.ts";

const overlapMs = 24 * 60 * 60 * 1_000;

/**
 * Gives an endpoint a new secret. The one it had goes on signing beside the new one for 24 hours, so that the mall can
 * change over without missing a message; an older one ends at once (WH-1). Throws `NOT_FOUND`.
 */
export async function rotateEndpointSecret(
  ctx: Pick<Context, "sql" | "keys" | "now">,
  { mallId, endpointId, by }: { mallId: string; endpointId: string; by?: ByOperator },
) {
  const secret = newWebhookSecret();
  const at = ctx.now();
  const previousExpiresAt = new Date(at.getTime() + overlapMs);
  const endpoint = await ctx.sql.transaction(async (sql) => {
    // Two rotations at once would each keep the same old secret, and one of the two new ones would never sign.
    await lockEndpointsOfMall(sql, mallId);
    const found = await loadEndpoint(sql, mallId, endpointId);
    if (!found) throw new Refusal("NOT_FOUND");
    await rotateSecret(sql, {
      mallId,
      endpointId,
      secretSealed: ctx.keys.seal(secret, placeOfSecret(endpointId)),
      previousSealed: found.secretSealed,
      previousExpiresAt,
      at,
    });
    await recordEndpointChange(sql, { mallId, endpointId, action: "secret_rotated", by });
    return found;
  });
  return { ...toWireEndpoint({ ...endpoint, previousSecretExpiresAt: previousExpiresAt }, at), secret };
}
