/** What the document says of a route beside what its schemas and its refusals say by themselves. */
export type RouteNote = Readonly<{
  operationId: string;
  tag: TagName;
  description: string;
  /** Bodies to try; each is checked against the route's schema by a test. */
  requests?: Readonly<Record<string, Readonly<{ summary: string; value: unknown }>>>;
  /** The answer is not in the envelope. */
  isBare?: boolean;
}>;

export const tags = [
  { name: "payments", description: "승인, 조회, 취소, 망취소 (approve, inquiry, cancel, net cancel)" },
  { name: "webhooks", description: "웹훅 엔드포인트와 이벤트 (webhook endpoints and events)" },
  { name: "settlements", description: "정산과 지급 (settlements and payouts)" },
  { name: "document", description: "이 문서 (this document)" },
] as const;
export type TagName = (typeof tags)[number]["name"];

const card = { number: "4330123412341234", expiryYear: "29", expiryMonth: "12" };

/** By method and path, as in the route table; a test holds the two together. */
export const routeNotes: Readonly<Record<string, RouteNote>> = {
  "POST /payments": {
    operationId: "approvePayment",
    tag: "payments",
    description: `VAN에 승인을 요청하고 결과가 저장된 뒤에 답합니다. 최대 30초가 걸릴 수 있으므로 60초 이상 기다리십시오.

- 결과를 모르면 \`504 PAYMENT_RESULT_UNKNOWN\`입니다. 플랫폼이 망취소하며, 같은 \`Idempotency-Key\`로 다시 요청하면 현재 상태를 알려 드립니다.
- \`502 PAYMENT_NET_CANCELED\`와 \`503 VAN_UNAVAILABLE\`에서는 청구된 금액이 없습니다.

Approves an order at the VAN and answers once the outcome is stored. Wait at least 60 seconds. An unknown outcome is net-cancelled by the platform; repeat with the same key to learn the present state.`,
    requests: {
      card: {
        summary: "일시불 (card, paid in full)",
        value: {
          orderId: "HB20261122-0001",
          amount: 50_000,
          orderName: "클린 코드 외 2권",
          method: "CARD",
          card,
        },
      },
      taxFree: {
        summary: "면세 금액과 할부 (tax-free part, three installments)",
        value: {
          orderId: "HB20261122-0002",
          amount: 60_000,
          taxFreeAmount: 10_000,
          orderName: "도서와 문구",
          method: "CARD",
          card: { ...card, installmentMonths: 3 },
          customer: { name: "김하늘", email: "haneul@example.com" },
          metadata: { cartId: "c-1029" },
        },
      },
    },
  },
  "GET /payments": {
    operationId: "listPayments",
    tag: "payments",
    description: `\`orderId\`를 주면 그 주문의 결제 하나를, \`from\`과 \`to\`를 주면 그 기간의 목록을 최근 순으로 답합니다. 둘을 함께 쓸 수 없습니다. 다음 쪽은 \`nextCursor\`를 \`cursor\`로 넘깁니다.

With orderId: that order's payment. With from and to: the payments of that period, newest first; pass nextCursor on as cursor.`,
  },
  "GET /payments/{paymentKey}": {
    operationId: "getPayment",
    tag: "payments",
    description:
      "결제의 현재 상태입니다. 다른 가맹점의 결제는 없는 것으로 답합니다. (The payment as it stands; another mall's is not found.)",
  },
  "POST /payments/{paymentKey}/cancel": {
    operationId: "cancelPayment",
    tag: "payments",
    description: `\`amount\`가 없으면 남은 전액을 취소합니다. \`currentCancelableAmount\`를 함께 보내면 그 사이에 다른 취소가 있었을 때 아무것도 취소하지 않고 409로 답합니다. 결과를 모르는 취소는 플랫폼이 끝까지 확인하며, 그동안 결제는 \`CANCEL_PENDING\`입니다.

Without amount everything left is cancelled. currentCancelableAmount is the balance before this cancel and protects against a second cancel made meanwhile.`,
    requests: {
      full: { summary: "전액 취소 (in full)", value: { reason: "고객 요청" } },
      partial: {
        summary: "부분취소 (in part)",
        value: { reason: "한 권 반품", amount: 15_000, currentCancelableAmount: 50_000 },
      },
    },
  },
  "POST /payments/net-cancel": {
    operationId: "netCancelPayment",
    tag: "payments",
    description: `승인 결과를 받지 못했을 때 주문번호로 되돌립니다. 승인 요청이 아직 도착하지 않았다면 뒤늦게 도착한 승인도 거절됩니다. 승인 후 1시간이 지나면 취소 API를 사용하십시오.

For a mall that never learned the outcome: reverses whatever became of the order, and refuses an approval of it that arrives later.`,
    requests: { order: { summary: "주문번호로 (by order id)", value: { orderId: "HB20261122-0001" } } },
  },
  "POST /webhook-endpoints": {
    operationId: "registerWebhookEndpoint",
    tag: "webhooks",
    description: `가맹점마다 10개까지 등록합니다. \`secret\`은 이 응답에서만 볼 수 있습니다. 서명은 [Standard Webhooks](https://www.standardwebhooks.com)를 따르므로 공개 라이브러리로 검증할 수 있습니다. 같은 URL은 한 번만 등록됩니다.

At most ten for a mall. The secret is shown here only. Signatures follow Standard Webhooks.`,
    requests: {
      all: {
        summary: "모든 이벤트 (all events)",
        value: { url: "https://shop.example.com/paydeck/webhooks" },
      },
      some: {
        summary: "취소 이벤트만 (cancels only)",
        value: {
          url: "https://shop.example.com/paydeck/cancels",
          types: ["payment.canceled", "payment.partially_canceled", "cancel.failed"],
        },
      },
    },
  },
  "GET /webhook-endpoints": {
    operationId: "listWebhookEndpoints",
    tag: "webhooks",
    description: "등록한 순서대로 모두 답합니다. 시크릿은 보이지 않습니다. (All of them, without secrets.)",
  },
  "DELETE /webhook-endpoints/{endpointId}": {
    operationId: "deleteWebhookEndpoint",
    tag: "webhooks",
    description:
      "더 보내지 않습니다. 아직 보내지 못한 것도 버려지며, `GET /events`로 읽을 수 있습니다. (Nothing is sent any more, what was still owed included.)",
  },
  "POST /webhook-endpoints/{endpointId}/test": {
    operationId: "testWebhookEndpoint",
    tag: "webhooks",
    description: `\`paydeck.test\`를 지금 보내고 결과를 답합니다. 다시 시도하지 않으며 순번은 0입니다. 멈춘(\`PAUSED\`) 엔드포인트가 2xx로 답하면 다시 \`ACTIVE\`가 됩니다. 본문은 필요 없습니다.

Sends paydeck.test now and answers how it went. A paused endpoint that takes it is active again.`,
  },
  "POST /webhook-endpoints/{endpointId}/rotate": {
    operationId: "rotateWebhookSecret",
    tag: "webhooks",
    description: `새 시크릿을 답합니다. 이전 시크릿도 24시간 동안 함께 서명하므로, 그 안에 바꾸면 놓치는 웹훅이 없습니다. 본문은 필요 없습니다.

Answers a new secret; the one before signs beside it for 24 hours.`,
  },
  "GET /events": {
    operationId: "listEvents",
    tag: "webhooks",
    description: `웹훅으로 보냈거나 보낼 모든 것을 순번대로 읽습니다. 처음에는 \`after=0\`, 다음에는 앞선 응답의 \`nextAfter\`를 쓰면 빠지는 이벤트가 없습니다.

Everything a webhook would have said, in sequence. Go on from nextAfter and none is missed.`,
  },
  "GET /settlements": {
    operationId: "listSettlements",
    tag: "settlements",
    description: `매출일이나 지급일로 정산을 읽습니다. 하루치는 다음 날 02:30(서울)부터 계산되며, 확정 전에는 \`DRAFT\`로 예정 금액을 알려 드립니다. 금액 사이의 관계: 지급액 + 이월 = 승인 + 취소 − 수수료 − 부가세 + 조정 + 앞에서 이월된 금액.

Settlements by the day of sale or of payout, the latest first. A day is computed from 02:30 (Seoul) of the next one; until it is confirmed its amounts are what is expected.`,
  },
  "GET /settlements/{settlementId}/lines": {
    operationId: "listSettlementLines",
    tag: "settlements",
    description: `정산 하나의 승인, 취소, 조정을 한 건씩 읽습니다. 모든 쪽의 \`netAmount\`를 더하면 이월을 뺀 그 정산의 금액입니다.

The approvals, cancels and adjustments of one settlement, each with its fee. Their \`netAmount\` adds up to what it settles.`,
  },
  "GET /openapi.json": {
    operationId: "getOpenApi",
    tag: "document",
    description:
      "이 문서입니다. 요청을 검증하는 것과 같은 스키마에서 만들어집니다. (Made from the schemas that validate.)",
    isBare: true,
  },
};
