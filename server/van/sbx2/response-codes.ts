import type { ResponseCodes } from "#server/van/van-reply.ts";

/**
 * What SBX2's response codes mean to us. `9401` (trace number used before with other contents) and `9001`
 * (malformed) have no row on purpose: what they say of the money is for the net cancel to find out.
 */
export const sbx2Codes: ResponseCodes = {
  "0000": { is: "done" },
  "7001": { is: "original_not_found" },
  "7002": { is: "already_canceled" },
  "7003": { is: "already_acquired" },
  "7004": { is: "already_canceled" },
  "7005": { is: "nothing_to_reverse" },
  "7010": { is: "cancel_refused", refusal: "NOT_CANCELABLE_AMOUNT" },
  "7011": { is: "cancel_refused", refusal: "NOT_CANCELABLE_AMOUNT" },
  "7012": { is: "cancel_refused", refusal: "NOT_ALLOWED_PARTIAL_CANCEL" },
  "7013": { is: "cancel_refused", refusal: "CANCEL_DEADLINE_EXPIRED" },
  "7014": { is: "cancel_refused", refusal: "INSUFFICIENT_SETTLEMENT_BALANCE" },
  "7015": { is: "not_cancelable" },
  "7099": { is: "refused" },
  "8314": { is: "declined", refusal: "CARD_EXPIRED" },
  "8315": { is: "declined", refusal: "CARD_INVALID" },
  "8324": { is: "declined", refusal: "CARD_INSUFFICIENT_FUNDS" },
  "8325": { is: "declined", refusal: "CARD_SUSPENDED" },
  "8326": { is: "declined", refusal: "CARD_STOLEN" },
  "8327": { is: "declined", refusal: "CARD_LIMIT_EXCEEDED" },
  "8350": { is: "declined", refusal: "CARD_DECLINED" },
  "8390": { is: "declined", refusal: "CARD_DECLINED" },
};
