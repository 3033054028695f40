import { z } from "zod";
import type { ZodOpenApiObject } from "zod-openapi";
import { wireCancelSchema, wirePaymentSchema } from "#server/payments/payment.schemas.ts";
import { type EventType, eventMeanings, eventTypes } from "#server/webhooks/domain/event-types.ts";
import { webhookBodySchema } from "#server/webhooks/webhook.schemas.ts";

const sequence = webhookBodySchema.shape.data.shape.sequence;

const signatureHeaders = z.object({
  "webhook-id": z.string().meta({
    description: "이벤트의 식별자. 다시 보내도 같습니다. (The same for every try.)",
    example: "evt_4211",
  }),
  "webhook-timestamp": z
    .string()
    .meta({ description: "이번에 보낸 시각, 초. (Of this try.)", example: "1795325527" }),
  "webhook-signature": z.string().meta({
    description:
      "`v1,<base64>`. 시크릿을 교체하는 동안에는 빈칸으로 나뉜 둘입니다. (Two while a secret is being rotated.)",
    example: "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=",
  }),
});

/** What an event of this type carries. */
function dataOf(type: EventType): z.ZodType {
  if (type === "cancel.failed")
    return wirePaymentSchema.extend({ cancelKey: z.string(), cancel: wireCancelSchema, sequence });
  if (type.startsWith("payment.")) return wirePaymentSchema.extend({ sequence });
  return webhookBodySchema.shape.data;
}

/** The webhooks section: each type with its body, its signature headers, and what the receiver's answer does. */
export function webhookPaths(): NonNullable<ZodOpenApiObject["webhooks"]> {
  return Object.fromEntries(
    eventTypes.map((type) => [
      type,
      {
        post: {
          operationId: `on.${type}`,
          tags: ["webhooks"],
          summary: eventMeanings[type].ko,
          description: eventMeanings[type].en,
          requestParams: { header: signatureHeaders },
          requestBody: {
            required: true,
            content: {
              "application/json": {
                schema: z.object({
                  type: z.literal(type),
                  timestamp: webhookBodySchema.shape.timestamp,
                  data: dataOf(type),
                }),
              },
            },
          },
          security: [],
          responses: {
            "2XX": { description: "받았습니다. 10초 안에 답하십시오. (Taken.)" },
            "410": { description: "더 받지 않습니다. 엔드포인트가 멈춥니다. (The endpoint is paused.)" },
            "5XX": { description: "다시 보냅니다. Retry-After를 따릅니다. (Sent again.)" },
          },
        },
      },
    ]),
  );
}
