import type { RefusalCode } from "#server/core/refusals.ts";

/** The console's own sentences for refusals an operator meets; a code without one keeps its API sentence. */
export const refusals: Partial<Record<RefusalCode | "SIGNED_OUT", string>> = {
  SIGNED_OUT: "세션이 끝났어요. 다시 로그인해 주세요.",
  FORBIDDEN_SCOPE: "이 작업을 할 권한이 없어요. 관리자에게 요청해 주세요.",
  INVALID_REQUEST: "입력한 값을 확인해 주세요.",
  INVALID_AMOUNT: "금액은 1원 이상의 숫자여야 해요.",
  NOT_FOUND: "찾는 자료가 없어요.",
  NOT_FOUND_PAYMENT: "결제를 찾을 수 없어요.",
  ALREADY_CANCELED_PAYMENT: "이미 전액 취소된 결제예요. 새로 취소한 금액은 없어요.",
  CANCELABLE_AMOUNT_MISMATCH: "그사이 잔액이 바뀌어서 취소하지 않았어요. 다시 계산했어요.",
  NOT_CANCELABLE_AMOUNT: "취소 금액이 남은 금액보다 커서 취소하지 않았어요.",
  NOT_CANCELABLE_PAYMENT: "지금 상태에서는 취소할 수 없어요. 취소한 금액은 없어요.",
  NOT_ALLOWED_PARTIAL_CANCEL: "부분취소를 할 수 없는 결제예요. 전액만 취소할 수 있어요.",
  CANCEL_DEADLINE_EXPIRED: "취소 가능 기간이 지났어요. 취소한 금액은 없어요.",
  PREVIOUS_CANCEL_NOT_COMPLETE: "앞선 취소의 결과를 확인하고 있어요. 끝난 뒤에 다시 시도해 주세요.",
  PAYMENT_LOCKED: "다른 요청이 이 결제를 처리하고 있어요. 잠시 뒤에 다시 시도해 주세요.",
  PAYMENT_RESULT_UNKNOWN:
    "VAN 응답이 없어 취소 결과를 몰라요. 자동으로 확인하고 있어요. 다시 누르지 않아도 돼요.",
  TAX_FREE_AMOUNT_EXCEEDS: "면세 금액이 남은 면세 금액보다 커요.",
  INSUFFICIENT_SETTLEMENT_BALANCE: "정산 예정 금액이 모자라서 취소하지 않았어요.",
  STALE_SELECTION: "미리보기 뒤에 대상이 바뀌어서 아무것도 보내지 않았어요. 다시 미리보기를 해 주세요.",
  WEBHOOK_ENDPOINT_NOT_ACTIVE: "멈췄거나 삭제된 엔드포인트에는 보낼 수 없어요. 다시 켠 뒤에 보내 주세요.",
  INVALID_WEBHOOK_URL: "공개된 https 주소만 쓸 수 있어요.",
  SANDBOX_ONLY: "데모의 샌드박스 VAN에서만 할 수 있어요.",
  TOO_MANY_REQUESTS: "요청이 너무 많아요. 잠시 뒤에 다시 시도해 주세요.",
  VAN_ERROR: "VAN이 요청을 처리하지 못했어요. 취소한 금액은 없어요.",
  VAN_UNAVAILABLE: "VAN에 연결하지 못했어요. 움직인 금액은 없어요.",
  MAINTENANCE: "결제가 몰려 이 조회를 잠시 멈췄어요. 결제와 취소는 계속돼요. 잠시 뒤에 다시 시도해 주세요.",
  INTERNAL_ERROR: "요청을 처리하지 못했어요. traceId와 함께 알려 주세요.",
};
