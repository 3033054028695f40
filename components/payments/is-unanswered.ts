import { refusalOf } from "#components/layout/refusal-text.ts";

/**
 * True when nobody can say whether what was sent was begun: no answer came, or one that does not know. Only sending the
 * same again, with the same key, tells. Any other refusal has begun nothing.
 */
export function isUnanswered(error: unknown): boolean {
  if (!error) return false;
  const code = refusalOf(error)?.code;
  return (
    code === undefined ||
    code === "INTERNAL_ERROR" ||
    code === "IDEMPOTENCY_STORE_UNAVAILABLE" ||
    code === "PAYMENT_RESULT_UNKNOWN"
  );
}

/** True when it was refused at the door, where nobody looks what became of an earlier press with the same key. */
export function isTurnedAway(error: unknown): boolean {
  const code = refusalOf(error)?.code;
  return code === "SIGNED_OUT" || code === "FORBIDDEN_SCOPE" || code === "MAINTENANCE";
}
