import type { IdempotencyUse } from "#server/idempotency/idempotency-use.ts";
import type { Keys } from "#server/platform/keys.ts";

/** What an operator presses the button for. */
export type PressedCancel = Readonly<{
  paymentId: string;
  amountMinor: bigint;
  taxFreeMinor?: bigint | undefined;
  reason: string;
  operator: Readonly<{ id: string }>;
  /** Chosen by the screen, once for all presses that mean the same (IDM-3). */
  requestKey: string;
}>;

/**
 * The use of an operator's request key for a payment. It is one key whether the cancel is done at once or asked for, so
 * that what was begun one way is not begun the other way too. The balance that was seen is no part of what is asked for:
 * a press that is sent again after the first has changed the balance is still the same press. No request of a mall has
 * this method, so no mall's key can meet it.
 */
export function requestKeyUse(
  keys: Pick<Keys, "fingerprintRequest">,
  action: "cancel" | "request",
  { paymentId, amountMinor, taxFreeMinor, reason, operator, requestKey }: PressedCancel,
): IdempotencyUse {
  return {
    method: "CONSOLE",
    path: `/api/v1/payments/${paymentId}/cancel`,
    key: `${operator.id}/${requestKey}`,
    requestHash: keys.fingerprintRequest(
      JSON.stringify([action, String(amountMinor), String(taxFreeMinor ?? ""), reason]),
    ),
  };
}
