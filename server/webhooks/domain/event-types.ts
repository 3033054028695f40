/** Everything a mall can be told by webhook or read from `/events` (WH-7), in the order the documentation lists it. */
export const eventTypes = [
  "payment.approved",
  "payment.failed",
  "payment.unknown",
  "payment.net_canceled",
  "payment.canceled",
  "payment.partially_canceled",
  "cancel.failed",
  "voucher.issued",
  "voucher.charged",
  "voucher.redeemed",
  "voucher.refunded",
  "voucher.expired",
  "settlement.confirmed",
  "settlement.paid_out",
  "settlement.withheld",
] as const;
export type EventType = (typeof eventTypes)[number];

/** Sent by the endpoint test alone; it belongs to no payment and has no place in the sequence. */
export const testEventType = "paydeck.test";

/** Says in one sentence what each type means; OpenAPI shows them. */
export const eventMeanings = {
  "payment.approved": { ko: "결제가 승인되었습니다.", en: "A payment was approved." },
  "payment.failed": {
    ko: "결제가 거절되었거나 VAN에 전달되지 않았습니다.",
    en: "A payment was declined or never reached the VAN.",
  },
  "payment.unknown": {
    ko: "VAN의 응답을 받지 못해 결과를 확인하고 있습니다.",
    en: "The VAN did not answer; the outcome is being resolved.",
  },
  "payment.net_canceled": {
    ko: "결과를 알 수 없던 결제를 망취소했습니다. 청구된 금액은 없습니다.",
    en: "A payment was net-cancelled. Nobody was charged.",
  },
  "payment.canceled": { ko: "결제가 전액 취소되었습니다.", en: "A payment was cancelled in full." },
  "payment.partially_canceled": { ko: "결제가 부분 취소되었습니다.", en: "A payment was cancelled in part." },
  "cancel.failed": {
    ko: "취소가 거절되어 결제가 이전 상태로 돌아갔습니다.",
    en: "A cancel was refused; the payment is as it was before.",
  },
  "voucher.issued": { ko: "상품권이 발행되었습니다.", en: "A voucher was issued." },
  "voucher.charged": { ko: "상품권이 충전되었습니다.", en: "A voucher was charged." },
  "voucher.redeemed": { ko: "상품권이 사용되었습니다.", en: "A voucher was redeemed." },
  "voucher.refunded": { ko: "상품권이 환불되었습니다.", en: "A voucher was refunded." },
  "voucher.expired": { ko: "상품권이 만료되었습니다.", en: "A voucher expired." },
  "settlement.confirmed": { ko: "정산 금액이 확정되었습니다.", en: "A settlement was confirmed." },
  "settlement.paid_out": { ko: "정산 금액이 지급되었습니다.", en: "A settlement was paid out." },
  "settlement.withheld": { ko: "정산 지급이 보류되었습니다.", en: "A settlement was withheld." },
} as const satisfies Record<EventType, { ko: string; en: string }>;
