import * as repository from "#server/idempotency/idempotency-repository.ts";
import type { IdempotencyUse } from "#server/idempotency/idempotency-use.ts";
import type { Sql } from "#server/platform/db.ts";

/** Claims a key for a request that is safe to repeat by itself. False when it was used before. */
export function claimKey(
  sql: Sql,
  mallId: string,
  use: IdempotencyUse,
  paymentId: string | null,
): Promise<boolean> {
  return repository.claimKey(sql, mallId, use, paymentId);
}

/** Keeps the final answer of a claimed key for replays byte for byte; an answer once kept stays (IDM-6). */
export function keepReply(
  sql: Sql,
  mallId: string,
  use: IdempotencyUse,
  reply: { status: number; body: string },
): Promise<void> {
  return repository.keepReply(sql, mallId, use, reply);
}

/** Gives back a claim under which nothing was begun (IDM-8). */
export function releaseClaim(sql: Sql, mallId: string, use: IdempotencyUse): Promise<void> {
  return repository.releaseClaim(sql, mallId, use);
}

/** Deletes keys whose 15 days are over; returns how many (IDM-7). */
export function deleteExpiredKeys(sql: Sql, limit: number): Promise<number> {
  return repository.deleteExpiredKeys(sql, limit);
}
