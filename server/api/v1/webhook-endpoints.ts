import { mallRoute } from "#server/api/mall-route.ts";
import { successReply } from "#server/core/envelope.ts";
import { Refusal } from "#server/core/refusals.ts";
import { deleteEndpoint } from "#server/webhooks/delete-endpoint.ts";
import { readEndpoints } from "#server/webhooks/read-endpoints.ts";
import { registerEndpoint } from "#server/webhooks/register-endpoint.ts";
import { rotateEndpointSecret } from "#server/webhooks/rotate-endpoint-secret.ts";
import { testEndpoint } from "#server/webhooks/test-endpoint.ts";
import {
  deletedEndpointSchema,
  endpointListSchema,
  endpointTestSchema,
  noInputSchema,
  registerEndpointSchema,
  registeredEndpointSchema,
} from "#server/webhooks/webhook.schemas.ts";

const endpointIdShape = /^whe_[0-9A-Z]{26}$/;

function endpointIdOf(params: Readonly<Record<string, string>>): string {
  const id = params.endpointId ?? "";
  if (!endpointIdShape.test(id)) throw new Refusal("NOT_FOUND");
  return id;
}

// These move no money and are safe to see in a list afterwards, so none asks for an Idempotency-Key.

export const registerEndpointRoute = mallRoute({
  method: "POST",
  path: "/webhook-endpoints",
  auth: "secret_key",
  movesMoney: false,
  summary: "웹훅 엔드포인트 등록",
  input: registerEndpointSchema,
  output: registeredEndpointSchema,
  refusals: ["INVALID_WEBHOOK_URL"],
  async handle(ctx, { mall, input, locale }) {
    return successReply(await registerEndpoint(ctx, { mallId: mall.mallId, ...input }), locale);
  },
});

export const listEndpointsRoute = mallRoute({
  method: "GET",
  path: "/webhook-endpoints",
  auth: "secret_key",
  movesMoney: false,
  summary: "웹훅 엔드포인트 목록",
  input: noInputSchema,
  output: endpointListSchema,
  refusals: [],
  async handle(ctx, { mall, locale }) {
    return successReply({ endpoints: await readEndpoints(ctx, mall.mallId) }, locale);
  },
});

export const deleteEndpointRoute = mallRoute({
  method: "DELETE",
  path: "/webhook-endpoints/{endpointId}",
  auth: "secret_key",
  movesMoney: false,
  summary: "웹훅 엔드포인트 삭제",
  input: noInputSchema,
  output: deletedEndpointSchema,
  refusals: ["NOT_FOUND"],
  async handle(ctx, { mall, params, locale }) {
    const endpointId = endpointIdOf(params);
    await deleteEndpoint(ctx, { mallId: mall.mallId, endpointId });
    return successReply({ endpointId, deleted: true }, locale);
  },
});

export const testEndpointRoute = mallRoute({
  method: "POST",
  path: "/webhook-endpoints/{endpointId}/test",
  auth: "secret_key",
  movesMoney: false,
  bodyOptional: true,
  summary: "웹훅 시험 전송",
  input: noInputSchema,
  output: endpointTestSchema,
  refusals: ["NOT_FOUND"],
  async handle(ctx, { mall, params, locale }) {
    return successReply(
      await testEndpoint(ctx, { mallId: mall.mallId, endpointId: endpointIdOf(params) }),
      locale,
    );
  },
});

export const rotateEndpointRoute = mallRoute({
  method: "POST",
  path: "/webhook-endpoints/{endpointId}/rotate",
  auth: "secret_key",
  movesMoney: false,
  bodyOptional: true,
  summary: "웹훅 시크릿 교체",
  input: noInputSchema,
  output: registeredEndpointSchema,
  refusals: ["NOT_FOUND"],
  async handle(ctx, { mall, params, locale }) {
    return successReply(
      await rotateEndpointSecret(ctx, { mallId: mall.mallId, endpointId: endpointIdOf(params) }),
      locale,
    );
  },
});
