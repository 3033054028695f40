import { z } from "zod";
import { eventTypes } from "#server/webhooks/domain/event-types.ts";

// One schema per message: it validates the request, gives the handler its types and writes the API document.

const eventType = z.enum(eventTypes).meta({ id: "EventType", description: "이벤트 종류 (event type)" });
const endpointId = z
  .string()
  .meta({ description: "웹훅 엔드포인트의 식별자", example: "whe_01KAN3S4T5Q2W8XJ6RDN3B7ZC4" });
const secret = z.string().meta({
  description: "서명 시크릿. 이 응답에서만 볼 수 있습니다. (Shown once, here only.)",
  example: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw2ZQ8xk0TnXo=",
});
const url = z.string().meta({
  description:
    "공개된 https 주소, 2,048자 이하. 포트는 443 또는 8443. 인증 정보와 #는 쓸 수 없습니다. (A public https address.)",
  example: "https://shop.example.com/paydeck/webhooks",
});
const types = z
  .array(eventType)
  .meta({ description: "받을 이벤트 종류. 비어 있으면 모두 받습니다. (Empty: all of them.)" });
const time = z
  .string()
  .meta({ description: "ISO 8601, 서울 시각", example: "2026-11-22T14:32:07.123+09:00" });

export const registerEndpointSchema = z
  .strictObject({
    // The rules of a URL are code, not a pattern: `webhook-target.ts` refuses with INVALID_WEBHOOK_URL.
    url,
    types: types
      .max(eventTypes.length)
      .refine((list) => new Set(list).size === list.length)
      .default([]),
  })
  .meta({ id: "WebhookEndpointRequest" });

export const noInputSchema = z.strictObject({});

const endpointShape = {
  endpointId,
  url,
  types,
  status: z.enum(["ACTIVE", "PAUSED"]).meta({
    description:
      "PAUSED: 410으로 답했거나 운영자가 멈추어 보내지 않습니다. 410으로 멈춘 것은 시험 전송이 성공하면 다시 ACTIVE가 됩니다.",
  }),
  pausedReason: z.string().optional(),
  previousSecretExpiresAt: time
    .optional()
    .meta({ description: "교체 중인 이전 시크릿도 이 시각까지 서명합니다." }),
  createdAt: time,
};

export const endpointSchema = z.object(endpointShape).meta({ id: "WebhookEndpoint" });
export const endpointListSchema = z
  .object({ endpoints: z.array(endpointSchema) })
  .meta({ id: "WebhookEndpointList" });
export const registeredEndpointSchema = z
  .object({ ...endpointShape, secret })
  .meta({ id: "RegisteredWebhookEndpoint" });
export const deletedEndpointSchema = z
  .object({ endpointId, deleted: z.literal(true) })
  .meta({ id: "DeletedWebhookEndpoint" });

export const endpointTestSchema = z
  .object({
    delivered: z.boolean().meta({ description: "10초 안에 2xx로 답했습니다." }),
    status: z.int().nullable().meta({ description: "받은 HTTP 상태. 응답이 없으면 null", example: 200 }),
    durationMs: z.int().meta({ example: 84 }),
    error: z
      .string()
      .optional()
      .meta({ description: "실패한 까닭 (dns, connect, tls, timeout, status, blocked)" }),
  })
  .meta({ id: "WebhookTestResult" });

// ---------------------------------------------------------------- events

/** A position in the sequence: digits only, within what JSON can say exactly. */
const after = z
  .string()
  .regex(/^\d{1,16}$/)
  .transform(Number)
  .pipe(z.int().min(0).max(Number.MAX_SAFE_INTEGER))
  .default(0)
  .meta({ description: "이 순번 다음부터. 처음에는 0, 이후에는 앞선 응답의 nextAfter", example: "0" });

export const eventsQuerySchema = z.strictObject({
  after,
  type: eventType.optional(),
  limit: z
    .string()
    .regex(/^\d{1,3}$/)
    .transform(Number)
    .pipe(z.int().min(1).max(100))
    .default(20)
    .meta({ description: "한 번에 받을 개수, 1–100", example: "20" }),
});

const sequence = z.int().meta({
  description: "모든 이벤트를 관통하는 순번. 한 결제의 이벤트는 이 순서대로 전달됩니다.",
  example: 4211,
});

/** The body of a webhook. */
export const webhookBodySchema = z
  .object({
    type: eventType,
    timestamp: time,
    data: z
      .looseObject({ sequence })
      .meta({ description: "이벤트의 내용. payment.* 는 결제(Payment)와 sequence입니다." }),
  })
  .meta({ id: "WebhookBody" });

export const eventPageSchema = z
  .object({
    events: z.array(
      z.object({ type: eventType, timestamp: time, sequence, data: z.looseObject({ sequence }) }),
    ),
    nextAfter: z.int().meta({ description: "다음 요청의 after", example: 4211 }),
    hasMore: z.boolean(),
  })
  .meta({ id: "EventPage" });

/** Which payment's deliveries the console asks for. */
export const deliveriesOfPaymentInput = z.object({ paymentKey: z.string().max(64) });
