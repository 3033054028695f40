import { randomUUID } from "node:crypto";
import { recordAudit } from "#server/audit/record-audit.ts";
import { Refusal } from "#server/core/refusals.ts";
import type { Context } from "#server/platform/context.ts";
import { testEventType } from "#server/webhooks/domain/event-types.ts";
import { openSecrets } from "#server/webhooks/endpoint-secrets.ts";
import { failureOf } from "#server/webhooks/post-webhook.ts";
import { signWebhook } from "#server/webhooks/sign-webhook.ts";
import { toWireEvent } from "#server/webhooks/webhook-message.ts";
import { loadEndpoint, resumeEndpoint } from "#server/webhooks/webhook-repository.ts";
import { senderOf } from "#server/webhooks/webhook-sender.ts";

/**
 * Sends a signed `paydeck.test` to an endpoint now and answers how it went; nothing is tried again or kept. Its sequence
 * is 0, because it has no place among the events. A paused endpoint that takes it is active again. Throws `NOT_FOUND`.
 */
export async function testEndpoint(
  ctx: Pick<Context, "sql" | "env" | "keys" | "now">,
  { mallId, endpointId }: { mallId: string; endpointId: string },
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
  if (error === null && endpoint.status === "PAUSED") await resume(ctx, mallId, endpointId);
  return {
    delivered: error === null,
    status: result.kind === "answered" ? result.status : null,
    durationMs: result.durationMs,
    ...(error === null ? {} : { error }),
  };
}

async function resume(ctx: Pick<Context, "sql" | "now">, mallId: string, endpointId: string): Promise<void> {
  await ctx.sql.transaction(async (sql) => {
    if (!(await resumeEndpoint(sql, endpointId, ctx.now()))) return;
    await recordAudit(sql, {
      actor: { type: "mall", id: mallId },
      action: "webhook_endpoint.resumed",
      target: { type: "webhook_endpoint", id: endpointId },
      outcome: "success",
      detail: { because: "a test was delivered" },
    });
  });
}
