import type { Reply } from "#server/core/envelope.ts";
import { Refusal } from "#server/core/refusals.ts";
import { loadEarlierUse } from "#server/idempotency/idempotency-repository.ts";
import type { IdempotencyUse } from "#server/idempotency/idempotency-use.ts";
import type { Sql } from "#server/platform/db.ts";

/** `finished`: the stored answer (IDM-6). `open`: begun, not final; the subject's present state is the answer (IDM-9). */
export type Earlier =
  | Readonly<{ kind: "none" }>
  | Readonly<{ kind: "finished"; reply: Reply; cancelId: string | null }>
  | Readonly<{ kind: "open"; paymentId: string | null; cancelId: string | null }>;

/**
 * Looks up the first use of an Idempotency-Key.
 * Throws `IDEMPOTENCY_KEY_REUSED` when it came with another request (IDM-4).
 */
export async function findEarlierUse(sql: Sql, mallId: string, use: IdempotencyUse): Promise<Earlier> {
  const earlier = await loadEarlierUse(sql, mallId, use);
  if (!earlier) return { kind: "none" };
  if (!use.requestHash.equals(earlier.requestHash)) throw new Refusal("IDEMPOTENCY_KEY_REUSED");
  if (earlier.httpStatus !== null && earlier.responseBody !== null) {
    return {
      kind: "finished",
      cancelId: earlier.cancelId,
      reply: {
        status: earlier.httpStatus,
        body: earlier.responseBody,
        headers: { "idempotent-replayed": "true" },
      },
    };
  }
  return { kind: "open", paymentId: earlier.paymentId, cancelId: earlier.cancelId };
}
