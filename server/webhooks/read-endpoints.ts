import { toSeoulIso } from "#server/core/business-date.ts";
import type { Context } from "#server/platform/context.ts";
import { type Endpoint, loadEndpoints } from "#server/webhooks/webhook-repository.ts";

/** The webhook endpoints of a mall as it may see them, oldest first; never a secret. */
export async function readEndpoints(ctx: Pick<Context, "sql" | "now">, mallId: string) {
  const now = ctx.now();
  return (await loadEndpoints(ctx.sql, mallId)).map((endpoint) => toWireEndpoint(endpoint, now));
}

type PublicFacts = Pick<
  Endpoint,
  "id" | "url" | "types" | "status" | "pausedReason" | "previousSecretExpiresAt" | "createdAt"
>;

/** An endpoint without its secrets: JSON values only. */
export function toWireEndpoint(endpoint: PublicFacts, now: Date) {
  return {
    endpointId: endpoint.id,
    url: endpoint.url,
    types: [...endpoint.types],
    status: endpoint.status,
    ...(endpoint.pausedReason ? { pausedReason: endpoint.pausedReason } : {}),
    ...(endpoint.previousSecretExpiresAt && endpoint.previousSecretExpiresAt > now
      ? { previousSecretExpiresAt: toSeoulIso(endpoint.previousSecretExpiresAt) }
      : {}),
    createdAt: toSeoulIso(endpoint.createdAt),
  };
}
