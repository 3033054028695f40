/**
 * Every refusal a mall or an operator can meet: its HTTP status, whether the same request may be
 * sent again as it is, and its public sentence. Types, replies, tRPC errors, OpenAPI and tests read this table alone.
 */
export const refusals = {
  INVALID_REQUEST: {
    status: 400,
    retryable: false,
    ko: "요청 형식이 올바르지 않습니다. field가 가리키는 항목을 확인하십시오.",
    en: "The request is malformed. Check the item named in field.",
  },
  REASON_REQUIRED: {
    status: 400,
    retryable: false,
    ko: "사유를 10자 이상 입력해야 합니다.",
    en: "A reason of 10 characters or more is required.",
  },
  EXPORT_TOO_LARGE: {
    status: 400,
    retryable: false,
    ko: "한 번에 내보낼 수 있는 행 수를 넘습니다. 기간이나 조건을 좁히십시오.",
    en: "More rows than one export may hold. Narrow the period or the filter.",
  },
  INVALID_AMOUNT: {
    status: 400,
    retryable: false,
    ko: "금액은 1 이상 9,999,999,999 이하의 정수여야 합니다.",
    en: "The amount must be an integer from 1 to 9,999,999,999.",
  },
  INVALID_ORDER_ID: {
    status: 400,
    retryable: false,
    ko: "orderId는 영문, 숫자, -, _ 로 된 6–64자여야 합니다.",
    en: "orderId must be 6–64 characters of A–Z, a–z, 0–9, - and _.",
  },
  INVALID_IDEMPOTENCY_KEY: {
    status: 400,
    retryable: false,
    ko: "Idempotency-Key는 출력 가능한 ASCII 1–300자여야 합니다.",
    en: "Idempotency-Key must be 1–300 printable ASCII characters.",
  },
  IDEMPOTENCY_KEY_REQUIRED: {
    status: 400,
    retryable: false,
    ko: "Idempotency-Key 헤더가 필요합니다.",
    en: "The Idempotency-Key header is required.",
  },
  TAX_FREE_AMOUNT_EXCEEDS: {
    status: 400,
    retryable: false,
    ko: "면세 금액이 허용된 금액보다 큽니다.",
    en: "The tax-free amount exceeds what is allowed.",
  },
  INVALID_WEBHOOK_URL: {
    status: 400,
    retryable: false,
    ko: "웹훅 URL은 공개된 https 주소여야 합니다.",
    en: "A webhook URL must be a public https address.",
  },
  UNAUTHORIZED_KEY: {
    status: 401,
    retryable: false,
    ko: "시크릿 키가 없거나 올바르지 않습니다.",
    en: "The secret key is missing or not valid.",
  },
  INVALID_SIGNATURE: {
    status: 401,
    retryable: false,
    ko: "요청 서명이 올바르지 않습니다.",
    en: "The request signature is not valid.",
  },
  FORBIDDEN_IP: {
    status: 403,
    retryable: false,
    ko: "허용되지 않은 IP 주소입니다.",
    en: "This IP address is not allowed.",
  },
  FORBIDDEN_SCOPE: {
    status: 403,
    retryable: false,
    ko: "이 작업을 할 권한이 없습니다.",
    en: "This action is not permitted.",
  },
  APPROVAL_REQUIRED: {
    status: 403,
    retryable: false,
    ko: "혼자 처리할 수 있는 한도를 넘어 다른 사람의 승인이 필요합니다.",
    en: "This is above the limit for acting alone and needs another person's approval.",
  },
  OWN_CHANGE_REQUEST: {
    status: 403,
    retryable: false,
    ko: "자신이 올린 요청은 다른 사람이 결정해야 합니다.",
    en: "Another person has to decide a request of one's own.",
  },
  OWN_ACCOUNT: {
    status: 403,
    retryable: false,
    ko: "자신의 계정에는 할 수 없는 작업입니다.",
    en: "This cannot be done to one's own account.",
  },
  MALL_SUSPENDED: {
    status: 403,
    retryable: false,
    ko: "이용이 정지된 가맹점입니다. 새로 승인할 수 없으며 취소와 조회는 할 수 있습니다.",
    en: "This mall is suspended. It cannot take new payments; cancels and inquiries still work.",
  },
  SANDBOX_ONLY: {
    status: 403,
    retryable: false,
    ko: "데모의 샌드박스 VAN에서만 할 수 있는 작업입니다.",
    en: "This can only be done to a sandbox VAN of a demo.",
  },
  EXPORT_LINK_NOT_VALID: {
    status: 403,
    retryable: false,
    ko: "다운로드 링크의 기한이 지났거나 다른 사용자의 링크입니다.",
    en: "The download link has expired or was made for another person.",
  },
  CANCEL_DEADLINE_EXPIRED: {
    status: 403,
    retryable: false,
    ko: "취소 가능 기간이 지났습니다.",
    en: "The period for cancelling has passed.",
  },
  NOT_ALLOWED_PARTIAL_CANCEL: {
    status: 403,
    retryable: false,
    ko: "부분취소를 할 수 없는 결제입니다.",
    en: "This payment cannot be cancelled in part.",
  },
  NOT_FOUND: {
    status: 404,
    retryable: false,
    ko: "요청한 자원이 없습니다.",
    en: "There is no such resource.",
  },
  NOT_FOUND_PAYMENT: {
    status: 404,
    retryable: false,
    ko: "결제를 찾을 수 없습니다.",
    en: "The payment was not found.",
  },
  NOT_FOUND_VOUCHER: {
    status: 404,
    retryable: false,
    ko: "상품권을 찾을 수 없습니다.",
    en: "The voucher was not found.",
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    retryable: false,
    ko: "이 주소에서 지원하지 않는 메서드입니다.",
    en: "This method is not supported here.",
  },
  REQUEST_TOO_LARGE: {
    status: 413,
    retryable: false,
    ko: "요청 본문은 64 KiB를 넘을 수 없습니다.",
    en: "The request body may not exceed 64 KiB.",
  },
  RECON_FILE_TOO_LARGE: {
    status: 413,
    retryable: false,
    ko: "대사 파일은 512 MiB를 넘을 수 없습니다.",
    en: "A file for reconciliation may not exceed 512 MiB.",
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    retryable: false,
    ko: "Content-Type은 압축하지 않은 UTF-8 application/json이어야 합니다.",
    en: "Content-Type must be uncompressed UTF-8 application/json.",
  },
  IDEMPOTENT_REQUEST_PROCESSING: {
    status: 409,
    retryable: true,
    ko: "같은 Idempotency-Key의 요청을 처리하고 있습니다. 잠시 후 같은 키로 다시 요청하십시오.",
    en: "A request with this Idempotency-Key is being processed. Send it again with the same key shortly.",
  },
  DUPLICATED_ORDER_ID: {
    status: 409,
    retryable: false,
    ko: "이미 진행 중이거나 완료된 주문번호입니다.",
    en: "This orderId already has a payment in progress or completed.",
  },
  ALREADY_CANCELED_PAYMENT: {
    status: 409,
    retryable: false,
    ko: "이미 전액 취소된 결제입니다.",
    en: "The payment has already been cancelled in full.",
  },
  CANCELABLE_AMOUNT_MISMATCH: {
    status: 409,
    retryable: false,
    ko: "취소 가능 금액이 요청의 currentCancelableAmount와 다릅니다.",
    en: "The cancelable amount differs from currentCancelableAmount.",
  },
  NOT_CANCELABLE_AMOUNT: {
    status: 409,
    retryable: false,
    ko: "취소 금액이 남은 금액보다 큽니다.",
    en: "The cancel amount exceeds what is left.",
  },
  NOT_CANCELABLE_PAYMENT: {
    status: 409,
    retryable: false,
    ko: "취소할 수 없는 상태의 결제입니다.",
    en: "The payment cannot be cancelled in its present status.",
  },
  PREVIOUS_CANCEL_NOT_COMPLETE: {
    status: 409,
    retryable: true,
    ko: "앞선 취소가 아직 끝나지 않았습니다. 끝난 뒤에 다시 요청하십시오.",
    en: "An earlier cancel is not complete yet. Try again when it is.",
  },
  PAYMENT_LOCKED: {
    status: 409,
    retryable: true,
    ko: "결제를 처리하고 있습니다. 잠시 후 다시 요청하십시오.",
    en: "The payment is being processed. Try again shortly.",
  },
  NET_CANCEL_NOT_ALLOWED: {
    status: 409,
    retryable: false,
    ko: "망취소할 수 없는 결제입니다. 취소 API를 사용하십시오.",
    en: "This payment cannot be net-cancelled. Use the cancel API.",
  },
  INSUFFICIENT_SETTLEMENT_BALANCE: {
    status: 409,
    retryable: false,
    ko: "정산 예정 금액이 부족하여 취소할 수 없습니다.",
    en: "The unsettled balance does not cover this cancel.",
  },
  STALE_SELECTION: {
    status: 409,
    retryable: false,
    ko: "미리보기 이후 대상이 바뀌었습니다. 다시 미리보기를 하십시오.",
    en: "The selection changed after the preview. Preview it again.",
  },
  ASSIGNED_TO_OTHER: {
    status: 409,
    retryable: false,
    ko: "다른 담당자가 먼저 맡았거나 담당자가 바뀌었습니다.",
    en: "Another operator has it in hand, or its assignee has changed.",
  },
  VIEW_NAME_TAKEN: {
    status: 409,
    retryable: false,
    ko: "같은 이름의 보기가 이미 있습니다.",
    en: "There is already a view with this name.",
  },
  VIEW_LIMIT_REACHED: {
    status: 409,
    retryable: false,
    ko: "저장할 수 있는 보기의 수를 넘었습니다.",
    en: "No more views can be saved.",
  },
  EXPORT_LIMIT_REACHED: {
    status: 409,
    retryable: false,
    ko: "진행 중인 내보내기가 너무 많습니다. 끝난 뒤에 다시 요청하십시오.",
    en: "Too many exports are under way. Ask again when one of them is done.",
  },
  EXPORT_FILE_NOT_THERE: {
    status: 409,
    retryable: false,
    ko: "아직 만들지 않았거나 이미 삭제된 파일입니다.",
    en: "The file is not made yet, or was deleted already.",
  },
  CHANGE_REQUEST_OPEN: {
    status: 409,
    retryable: false,
    ko: "같은 대상에 아직 끝나지 않은 승인 요청이 있습니다.",
    en: "There is an open approval request for the same subject.",
  },
  CHANGE_REQUEST_DECIDED: {
    status: 409,
    retryable: false,
    ko: "이미 결정되었거나 끝난 승인 요청입니다.",
    en: "The approval request was decided already or is over.",
  },
  CHANGE_REQUEST_EDITED: {
    status: 409,
    retryable: false,
    ko: "그사이 승인 요청의 내용이 바뀌었습니다. 다시 확인하십시오.",
    en: "The approval request was edited meanwhile. Review it again.",
  },
  CHANGE_REQUEST_EXPIRED: {
    status: 409,
    retryable: false,
    ko: "승인 요청의 기한이 지났습니다.",
    en: "The approval request has expired.",
  },
  LAST_ADMIN: {
    status: 409,
    retryable: false,
    ko: "로그인할 수 있는 관리자가 한 명은 있어야 합니다.",
    en: "There must be at least one administrator who can sign in.",
  },
  EMAIL_TAKEN: {
    status: 409,
    retryable: false,
    ko: "이미 사용자가 있는 이메일입니다.",
    en: "There is an operator with this email already.",
  },
  INVITATION_NOT_VALID: {
    status: 409,
    retryable: false,
    ko: "초대 링크가 이미 쓰였거나 기한이 지났습니다.",
    en: "The invitation was used already or has expired.",
  },
  CHANGED_MEANWHILE: {
    status: 409,
    retryable: false,
    ko: "그사이 다른 사용자가 변경했습니다. 지금 상태를 확인한 뒤 다시 시도하십시오.",
    en: "It was changed meanwhile. Look at its present state and try again.",
  },
  API_KEY_LIMIT: {
    status: 409,
    retryable: false,
    ko: "가맹점 하나가 동시에 쓸 수 있는 시크릿 키 수를 넘습니다. 쓰지 않는 키를 폐기하십시오.",
    en: "The mall has as many working secret keys as it may have. Revoke one that is not used.",
  },
  CONTRACT_DATE_TAKEN: {
    status: 409,
    retryable: false,
    ko: "같은 날 시작하는 계약이 이미 있습니다.",
    en: "A contract that begins on this day is there already.",
  },
  SETTLEMENT_DATE_NOT_OVER: {
    status: 409,
    retryable: false,
    ko: "아직 끝나지 않은 영업일은 정산할 수 없습니다.",
    en: "A business date cannot be settled before it is over.",
  },
  SETTLEMENT_DATE_COVERED: {
    status: 409,
    retryable: false,
    ko: "이미 뒤의 영업일까지 정산했습니다. 그 정산에 포함되어 있습니다.",
    en: "A later date is settled already, and this one is covered by it.",
  },
  SETTLEMENT_BATCH_OPEN: {
    status: 409,
    retryable: true,
    ko: "정산 배치가 아직 진행 중입니다. 끝난 뒤에 다시 시도하십시오.",
    en: "A settlement batch is still running. Try again when it is done.",
  },
  SETTLEMENT_WITHHELD: {
    status: 409,
    retryable: false,
    ko: "지급 보류 중인 정산입니다. 보류를 먼저 해제하십시오.",
    en: "The settlement is withheld. Release it first.",
  },
  SETTLEMENT_NOT_DUE: {
    status: 409,
    retryable: false,
    ko: "지급일이 되지 않은 정산입니다.",
    en: "The payout date of the settlement has not come.",
  },
  SETTLEMENT_NOT_CONFIRMED: {
    status: 409,
    retryable: false,
    ko: "아직 확정되지 않은 정산입니다. 확정한 뒤에 정산내역서를 만들 수 있습니다.",
    en: "The settlement is not confirmed. Its statement can be made once it is.",
  },
  STATEMENT_NOT_CONSISTENT: {
    status: 409,
    retryable: false,
    ko: "정산 금액이 내역의 합계와 일치하지 않아 정산내역서를 만들지 않았습니다. 정합성을 확인하십시오.",
    en: "The settlement does not say what its lines come to, so no statement was made. Check its integrity.",
  },
  RECON_DAY_NOT_OVER: {
    status: 409,
    retryable: false,
    ko: "아직 끝나지 않은 영업일은 대사할 수 없습니다.",
    en: "A business date cannot be reconciled before it is over.",
  },
  RECON_DAY_CLOSED: {
    status: 409,
    retryable: false,
    ko: "이미 마감한 날의 대사는 바꿀 수 없습니다.",
    en: "The reconciliation of a closed day cannot be changed.",
  },
  RECON_DAY_OPEN_ITEMS: {
    status: 409,
    retryable: false,
    ko: "설명되지 않은 차이가 남아 있어 마감할 수 없습니다. 먼저 처리하십시오.",
    en: "Differences are left that nobody explained. Deal with them before closing the day.",
  },
  RECON_FILES_MISSING: {
    status: 409,
    retryable: false,
    ko: "VAN 파일과 입금 파일이 모두 있어야 마감할 수 있습니다.",
    en: "A day can be closed only with both the VAN's file and the deposit file.",
  },
  RECON_VAN_FILE_MISSING: {
    status: 409,
    retryable: false,
    ko: "VAN 파일이 있어야 대사할 수 있습니다.",
    en: "A day can be matched only with the VAN's file.",
  },
  RECON_ITEM_DECIDED: {
    status: 409,
    retryable: false,
    ko: "이미 처리했거나 승인을 기다리는 항목입니다.",
    en: "The item was dealt with already or waits for an approval.",
  },
  RECON_MONEY_AT_VAN: {
    status: 409,
    retryable: false,
    ko: "VAN에 승인이 살아 있는 동안에는 수락할 수 없습니다. 되돌리기가 끝난 뒤 다시 확인하십시오.",
    en: "It cannot be accepted while the approval is live at the VAN. Look again when it has been reversed.",
  },
  RECON_FILE_DUPLICATE: {
    status: 409,
    retryable: false,
    ko: "이미 가져온 파일입니다. 바뀐 것은 없습니다.",
    en: "This file was imported before. Nothing was changed.",
  },
  WEBHOOK_ENDPOINT_NOT_ACTIVE: {
    status: 409,
    retryable: false,
    ko: "멈추었거나 삭제된 웹훅 엔드포인트에는 보낼 수 없습니다.",
    en: "Nothing is sent to a webhook endpoint that is paused or deleted.",
  },
  RECON_FILE_ENCODING: {
    status: 422,
    retryable: false,
    ko: "파일의 문자 인코딩이 약속과 다릅니다. VAN이 준 그대로의 파일을 올리십시오.",
    en: "The file is not in the encoding that was agreed. Send it as the VAN gave it.",
  },
  RECON_FILE_TRUNCATED: {
    status: 422,
    retryable: false,
    ko: "파일이 중간에서 끊겼습니다. 다시 받아 올리십시오.",
    en: "The file ends before its trailer. Get it again and send all of it.",
  },
  RECON_FILE_MALFORMED: {
    status: 422,
    retryable: false,
    ko: "파일의 형식이 올바르지 않습니다. line이 가리키는 줄을 확인하십시오.",
    en: "The file is not in the agreed format. Look at the line that line names.",
  },
  RECON_FILE_TOTALS: {
    status: 422,
    retryable: false,
    ko: "파일의 건수나 금액이 합계 레코드와 맞지 않습니다.",
    en: "The records of the file do not add up to its trailer.",
  },
  RECON_FILE_OTHER_DATE: {
    status: 422,
    retryable: false,
    ko: "다른 영업일의 파일입니다.",
    en: "The file is of another business date.",
  },
  RECON_FILE_OTHER_VAN: {
    status: 422,
    retryable: false,
    ko: "다른 VAN의 파일입니다.",
    en: "The file is of another VAN.",
  },
  RECON_FILE_OTHER_KIND: {
    status: 422,
    retryable: false,
    ko: "다른 종류의 파일입니다. VAN 파일과 입금 파일을 구분해 올리십시오.",
    en: "The file is of another kind: VAN files and deposit files are imported each as what they are.",
  },
  RECON_FORMAT_UNKNOWN: {
    status: 422,
    retryable: false,
    ko: "이 VAN의 파일 형식을 알지 못합니다.",
    en: "The file format of this VAN is not known.",
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    retryable: false,
    ko: "이 Idempotency-Key는 다른 내용의 요청에 이미 쓰였습니다.",
    en: "This Idempotency-Key was used with a different request.",
  },
  CARD_DECLINED: {
    status: 422,
    retryable: false,
    ko: "카드사가 승인을 거절했습니다.",
    en: "The card issuer declined the payment.",
  },
  CARD_LIMIT_EXCEEDED: {
    status: 422,
    retryable: false,
    ko: "카드 한도를 초과했습니다.",
    en: "The card limit was exceeded.",
  },
  CARD_INSUFFICIENT_FUNDS: {
    status: 422,
    retryable: false,
    ko: "카드 잔액이 부족합니다.",
    en: "The card has insufficient funds.",
  },
  CARD_EXPIRED: {
    status: 422,
    retryable: false,
    ko: "유효기간이 지난 카드입니다.",
    en: "The card has expired.",
  },
  CARD_STOLEN: {
    status: 422,
    retryable: false,
    ko: "도난 또는 분실 신고된 카드입니다.",
    en: "The card was reported lost or stolen.",
  },
  CARD_SUSPENDED: {
    status: 422,
    retryable: false,
    ko: "사용이 정지된 카드입니다.",
    en: "The card is suspended.",
  },
  CARD_INVALID: {
    status: 422,
    retryable: false,
    ko: "카드 정보가 올바르지 않습니다.",
    en: "The card details are not valid.",
  },
  TOO_MANY_REQUESTS: {
    status: 429,
    retryable: true,
    ko: "요청이 너무 많습니다. Retry-After 이후에 다시 요청하십시오.",
    en: "Too many requests. Try again after Retry-After.",
  },
  INTERNAL_ERROR: {
    status: 500,
    retryable: true,
    ko: "내부 오류가 발생했습니다. traceId와 함께 문의하십시오.",
    en: "An internal error occurred. Contact support with the traceId.",
  },
  VAN_ERROR: {
    status: 502,
    retryable: false,
    ko: "VAN이 요청을 처리하지 못했습니다.",
    en: "The VAN could not process the request.",
  },
  PAYMENT_NET_CANCELED: {
    status: 502,
    retryable: false,
    ko: "결제 결과가 불분명하여 망취소했습니다. 청구된 금액은 없습니다. 새 결제를 시작하십시오.",
    en: "The outcome was unclear, so the payment was net-cancelled. Nobody was charged. Start a new payment.",
  },
  VAN_UNAVAILABLE: {
    status: 503,
    retryable: true,
    ko: "VAN에 연결할 수 없습니다. 청구된 금액은 없습니다.",
    en: "The VAN cannot be reached. Nobody was charged.",
  },
  IDEMPOTENCY_STORE_UNAVAILABLE: {
    status: 503,
    retryable: true,
    ko: "저장소에 연결할 수 없어 결제를 시작하지 않았습니다. 같은 키로 다시 요청하십시오.",
    en: "The store cannot be reached and nothing was started. Send the request again with the same key.",
  },
  MAINTENANCE: {
    status: 503,
    retryable: true,
    ko: "점검 중이거나 요청이 몰려 지금은 처리하지 않았습니다. 청구된 금액은 없습니다. Retry-After 이후에 같은 Idempotency-Key로 다시 요청하십시오.",
    en: "Down for maintenance or too busy just now. Nothing was done and nobody was charged. Try again after Retry-After with the same Idempotency-Key.",
  },
  PAYMENT_RESULT_UNKNOWN: {
    status: 504,
    retryable: true,
    ko: "VAN의 응답을 받지 못해 결과를 확인하고 있습니다. 같은 키로 다시 요청하면 현재 상태를 알려 드립니다.",
    en: "The VAN did not answer and the outcome is being resolved. Send the request again with the same key to learn the present state.",
  },
} as const satisfies Record<string, { status: number; retryable: boolean; ko: string; en: string }>;

export type RefusalCode = keyof typeof refusals;

/** Refusals that a card issuer gives: what a VAN adapter may answer as `declined`. */
export const declineCodes = [
  "CARD_DECLINED",
  "CARD_LIMIT_EXCEEDED",
  "CARD_INSUFFICIENT_FUNDS",
  "CARD_EXPIRED",
  "CARD_STOLEN",
  "CARD_SUSPENDED",
  "CARD_INVALID",
] as const satisfies readonly RefusalCode[];
export type DeclineCode = (typeof declineCodes)[number];

/** What a refusal says besides its sentence; these go out as `data` of the envelope. */
export type RefusalFacts = Readonly<{
  field?: string;
  paymentKey?: string;
  orderId?: string;
  van?: Readonly<{ code: string; responseCode?: string | undefined; message?: string | undefined }>;
  [fact: string]: unknown;
}>;

/** An answer of no with a listed code. `facts` are public; `retryAfterSeconds` becomes the `Retry-After` header. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly code: RefusalCode;
  readonly facts: RefusalFacts;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: RefusalCode, facts: RefusalFacts = {}, retryAfterSeconds?: number) {
    super(refusals[code].en);
    this.code = code;
    this.facts = facts;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
