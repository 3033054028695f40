import type { Env } from "#server/platform/env.ts";
import { openPostWebhook, type PostWebhook } from "#server/webhooks/post-webhook.ts";

const senders = new WeakMap<readonly string[], PostWebhook>();

/** The sender that obeys the allow-list of these settings; one for each list, since it owns its connections. */
export function senderOf({ env }: { env: Pick<Env, "WEBHOOK_ALLOW_HOSTS"> }): PostWebhook {
  const sender = senders.get(env.WEBHOOK_ALLOW_HOSTS) ?? openPostWebhook(env.WEBHOOK_ALLOW_HOSTS);
  senders.set(env.WEBHOOK_ALLOW_HOSTS, sender);
  return sender;
}

/** Lets these settings be sent by another sender, which a simulation without a network hands in. */
export function setSender({ env }: { env: Pick<Env, "WEBHOOK_ALLOW_HOSTS"> }, sender: PostWebhook): void {
  senders.set(env.WEBHOOK_ALLOW_HOSTS, sender);
}
