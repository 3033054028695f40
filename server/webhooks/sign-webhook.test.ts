import { Webhook, WebhookVerificationError } from "standardwebhooks";
import { expect, test } from "vitest";
import { newWebhookSecret, signWebhook } from "#server/webhooks/sign-webhook.ts";

const body = JSON.stringify({ type: "payment.approved", data: { orderName: "클린 코드" } });
const message = { id: "evt_42", at: new Date(), body };

test("a secret has the form of Standard Webhooks and 32 random bytes", () => {
  const secret = newWebhookSecret();
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(newWebhookSecret()).not.toBe(secret);
});

test("the public library accepts the signature", () => {
  const secret = newWebhookSecret();
  expect(new Webhook(secret).verify(body, signWebhook(message, [secret]))).toEqual(JSON.parse(body));
});

test("either secret verifies while one is being rotated", () => {
  const [newer, older] = [newWebhookSecret(), newWebhookSecret()];
  const headers = signWebhook(message, [newer, older]);
  expect(headers["webhook-signature"]?.split(" ")).toHaveLength(2);
  for (const secret of [newer, older]) expect(new Webhook(secret).verify(body, headers)).toBeTruthy();
});

test.each([
  ["another secret", (headers: Record<string, string>) => ({ headers, body, secret: newWebhookSecret() })],
  [
    "another body",
    (headers: Record<string, string>, secret: string) => ({ headers, body: `${body} `, secret }),
  ],
  [
    "another id",
    (headers: Record<string, string>, secret: string) => ({
      headers: { ...headers, "webhook-id": "evt_43" },
      body,
      secret,
    }),
  ],
])("the library refuses %s", (_what, change) => {
  const original = newWebhookSecret();
  const { headers, body: given, secret } = change(signWebhook(message, [original]), original);
  expect(() => new Webhook(secret).verify(given, headers)).toThrow(WebhookVerificationError);
});
