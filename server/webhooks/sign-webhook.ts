import { createHmac, randomBytes } from "node:crypto";
import { assert } from "#server/core/assert.ts";

const secretPrefix = "whsec_";
const secretBytes = 32;

/** A new signing secret: `whsec_` and the base64 of 32 random bytes, as Standard Webhooks writes it. */
export function newWebhookSecret(): string {
  return secretPrefix + randomBytes(secretBytes).toString("base64");
}

/** One message as it goes over the wire. `id` stays the same for every try; `at` is the time of this try. */
export type SignedMessage = Readonly<{ id: string; at: Date; body: string }>;

/**
 * The headers that let a receiver trust a message (WH-1): HMAC-SHA256 over `id.timestamp.body`, one signature for each
 * secret. While a secret is being rotated both sign, separated by a space, so the mall may switch at any moment.
 */
export function signWebhook(message: SignedMessage, secrets: readonly string[]): Record<string, string> {
  assert(secrets.length > 0, "a webhook is signed by at least one secret");
  const timestamp = webhookTimestampOf(message.at);
  const signed = `${message.id}.${timestamp}.${message.body}`;
  return {
    "webhook-id": message.id,
    "webhook-timestamp": timestamp,
    "webhook-signature": secrets
      .map((secret) => `v1,${createHmac("sha256", keyOf(secret)).update(signed).digest("base64")}`)
      .join(" "),
  };
}

/** The `webhook-timestamp` of a try that began at `at`: seconds since 1970. */
export function webhookTimestampOf(at: Date): string {
  return Math.floor(at.getTime() / 1_000).toString();
}

function keyOf(secret: string): Buffer {
  assert(secret.startsWith(secretPrefix), "a webhook secret starts with whsec_");
  return Buffer.from(secret.slice(secretPrefix.length), "base64");
}
