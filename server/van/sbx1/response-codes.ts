import type { ResponseCodes } from "#server/van/van-reply.ts";

/**
 * What SBX1's response codes mean to us. `8094` (trace number used before with other contents) and `9001`
 * (malformed) have no row on purpose: what they say of the money is for the net cancel to find out.
 */
export const sbx1Codes: ResponseCodes = {
  "0000": { is: "done" },
  CC05: { is: "declined", refusal: "CARD_DECLINED" },
  CC07: { is: "declined", refusal: "CARD_LIMIT_EXCEEDED" },
  CC08: { is: "declined", refusal: "CARD_LIMIT_EXCEEDED" },
  CC61: { is: "declined", refusal: "CARD_LIMIT_EXCEEDED" },
  CC10: { is: "declined", refusal: "CARD_INSUFFICIENT_FUNDS" },
  CC14: { is: "declined", refusal: "CARD_INVALID" },
  CC43: { is: "declined", refusal: "CARD_STOLEN" },
  CC45: { is: "declined", refusal: "CARD_SUSPENDED" },
  CC54: { is: "declined", refusal: "CARD_EXPIRED" },
  CC90: { is: "declined", refusal: "CARD_DECLINED" },
  CC99: { is: "refused" },
  CCA1: { is: "original_not_found" },
  CCA2: { is: "already_canceled" },
  CCA3: { is: "already_acquired" },
  CCA4: { is: "already_canceled" },
  CCA5: { is: "nothing_to_reverse" },
  CCA6: { is: "not_cancelable" },
  CCA7: { is: "cancel_refused", refusal: "CANCEL_DEADLINE_EXPIRED" },
  CCA8: { is: "cancel_refused", refusal: "NOT_CANCELABLE_AMOUNT" },
  CCA9: { is: "cancel_refused", refusal: "NOT_ALLOWED_PARTIAL_CANCEL" },
  CCAB: { is: "cancel_refused", refusal: "INSUFFICIENT_SETTLEMENT_BALANCE" },
  CCAC: { is: "cancel_refused", refusal: "NOT_CANCELABLE_AMOUNT" },
};
