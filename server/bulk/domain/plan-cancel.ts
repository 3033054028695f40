import type { RefusalCode } from "#server/core/refusals.ts";

/** Why a row is not cancelled: a refusal of the cancel itself, or of the row. */
export type RowRefusal = RefusalCode | "SAME_PAYMENT_TWICE" | "ORDER_OF_SEVERAL_MALLS";

/** Which group of a dry run a refused row belongs to: done already, to be mended by another amount, or not to be had. */
export function outcomeOfRefusal(code: RowRefusal): "ALREADY" | "AMOUNT" | "NOT_CANCELABLE" {
  switch (code) {
    case "ALREADY_CANCELED_PAYMENT":
      return "ALREADY";
    case "INVALID_AMOUNT":
    case "NOT_CANCELABLE_AMOUNT":
    case "NOT_ALLOWED_PARTIAL_CANCEL":
    case "TAX_FREE_AMOUNT_EXCEEDS":
      return "AMOUNT";
    default:
      return "NOT_CANCELABLE";
  }
}
