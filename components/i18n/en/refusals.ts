import type { refusals as ko } from "#components/i18n/ko/refusals.ts";

export const refusals: typeof ko = {
  SIGNED_OUT: "Your session ended. Sign in again.",
  FORBIDDEN_SCOPE: "You may not do this. Ask an administrator.",
  INVALID_REQUEST: "Check what you entered.",
  INVALID_AMOUNT: "The amount must be a number of at least ₩1.",
  NOT_FOUND: "What you look for is not there.",
  NOT_FOUND_PAYMENT: "The payment was not found.",
  ALREADY_CANCELED_PAYMENT: "This payment was already canceled in full. Nothing more was canceled.",
  CANCELABLE_AMOUNT_MISMATCH:
    "The balance changed meanwhile, so nothing was canceled. It was computed again.",
  NOT_CANCELABLE_AMOUNT: "The amount is larger than what is left, so nothing was canceled.",
  NOT_CANCELABLE_PAYMENT: "It cannot be canceled in its present status. Nothing was canceled.",
  NOT_ALLOWED_PARTIAL_CANCEL: "This payment can only be canceled in full.",
  CANCEL_DEADLINE_EXPIRED: "The period for canceling has passed. Nothing was canceled.",
  PREVIOUS_CANCEL_NOT_COMPLETE: "An earlier cancel is still being checked. Try again when it is done.",
  PAYMENT_LOCKED: "Another request is working on this payment. Try again shortly.",
  PAYMENT_RESULT_UNKNOWN:
    "The VAN did not answer, so the result of the cancel is unknown. It is being checked automatically. There is no need to press again.",
  TAX_FREE_AMOUNT_EXCEEDS: "The tax-free part is larger than what is left of it.",
  INSUFFICIENT_SETTLEMENT_BALANCE: "The unsettled balance does not cover it, so nothing was canceled.",
  STALE_SELECTION: "The selection changed after the preview, so nothing was sent. Preview it again.",
  WEBHOOK_ENDPOINT_NOT_ACTIVE:
    "Nothing can be sent to an endpoint that is paused or deleted. Resume it first.",
  INVALID_WEBHOOK_URL: "Only public https addresses can be used.",
  SANDBOX_ONLY: "This can only be done to a sandbox VAN of a demo.",
  TOO_MANY_REQUESTS: "Too many requests. Try again shortly.",
  VAN_ERROR: "The VAN could not process the request. Nothing was canceled.",
  VAN_UNAVAILABLE: "The VAN cannot be reached. No money moved.",
  MAINTENANCE:
    "The platform is busy with payments and pauses this view for a moment. Payments and cancels go on. Try again shortly.",
  INTERNAL_ERROR: "The request could not be processed. Report it with the traceId.",
};
