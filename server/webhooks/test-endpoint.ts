import { randomUUID } from "node:crypto";
import { Refusal } from "#server/core/refusals.ts";
import type { Context } from "#server/platform/context.ts";
import { testEventType } from "#server/webhooks/domain/event-types.ts";
import { openSecrets } from "#server/webhooks/endpoint-secrets.ts";
import { failureOf } from "#server/webhooks/post-webhook.ts";
import { type ByOperator, recordEndpointChange } from "#server/webhooks/record-endpoint-change.ts";
import { signWebhook } from "#server/webhooks/sign-webhook.ts";
import { toWireEvent } from "#server/webhooks/webhook-message.ts";
import { loadEndpoint, resumeEndpoint } from "#server/webhooks/webhook-repository.ts";
import { senderOf } from "#server/webhooks/webhook-sender.ts";

/**
 * Sends a signed `paydeck.test` to an endpoint now and answers how it went; nothing is tried again or kept. Its sequence
 * is 0, because it has no place among the events. An endpoint that paused itself by 410 and takes it is active again; one
 * that a person paused stays so. What an operator sends is audited. Throws `NOT_FOUND`.
 */
export async function testEndpoint(
  ctx: Pick<Context, "sql" | "env" | "keys" | "now">,
  { mallId, endpointId, by }: { mallId: string; endpointId: string; by?: ByOperator },
): Promise<{ delivered: boolean; status: number | null; durationMs: number; error?: string }> {
  const endpoint = await loadEndpoint(ctx.sql, mallId, endpointId);
  if (!endpoint) throw new Refusal("NOT_FOUND");
  const at = ctx.now();
  const body = JSON.stringify(
    toWireEvent({ type: testEventType, occurredAt: at, sequence: 0n, data: { endpointId } }),
  );
  const headers = signWebhook(
    { id: `evt_test_${randomUUID()}`, at, body },
    openSecrets(ctx.keys, endpointId, endpoint, at),
  );
  const result = await senderOf(ctx)(endpoint.url, headers, body);
  const error = failureOf(result);
  const status = result.kind === "answered" ? result.status : null;
  await ctx.sql.transaction(async (sql) => {
    const mayResume = error === null && endpoint.status === "PAUSED" && endpoint.pausedBy === null;
    if (mayResume && (await resumeEndpoint(sql, endpointId, ctx.now())))
      await recordEndpointChange(sql, {
        mallId,
        endpointId,
        action: "resumed",
        by,
        detail: { because: "a test was delivered" },
      });
    if (by)
      await recordEndpointChange(sql, {
        mallId,
        endpointId,
        action: "tested",
        outcome: error === null ? "success" : "failure",
        by,
        detail: { status, ...(error === null ? {} : { error }) },
      });
  });
  return {
    delivered: error === null,
    status,
    durationMs: result.durationMs,
    ...(error === null ? {} : { error }),
  };
}
