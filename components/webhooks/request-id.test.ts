import { expect, test } from "vitest";
import { newRequestId } from "#components/webhooks/request-id.ts";
import { resendOneSchema } from "#server/webhooks/webhook-console.schemas.ts";

test("every request id is a UUID that the server takes, and none is like another", () => {
  const ids = Array.from({ length: 500 }, newRequestId);
  for (const requestId of ids)
    expect(resendOneSchema.safeParse({ id: "whd_A", requestId }).success).toBe(true);
  expect(new Set(ids).size).toBe(ids.length);
});
