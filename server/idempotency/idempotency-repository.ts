import type { IdempotencyUse } from "#server/idempotency/idempotency-use.ts";
import type { Sql } from "#server/platform/db.ts";

export type EarlierUse = Readonly<{
  requestHash: Buffer;
  paymentId: string | null;
  cancelId: string | null;
  httpStatus: number | null;
  responseBody: string | null;
}>;

/** Reads the first use of a key, if it was used within its 15 days (IDM-7). */
export async function loadEarlierUse(
  sql: Sql,
  mallId: string,
  use: IdempotencyUse,
): Promise<EarlierUse | undefined> {
  const [earlier] = await sql.run<EarlierUse>(
    {
      name: "idempotency-load",
      text: `SELECT request_hash AS "requestHash", payment_id AS "paymentId", cancel_id AS "cancelId", http_status AS "httpStatus", response_body AS "responseBody"
        FROM idempotency_key WHERE mall_id = $1 AND method = $2 AND path = $3 AND key = $4`,
    },
    [mallId, use.method, use.path, use.key],
  );
  return earlier;
}

/** Claims a key for a request that is idempotent by itself. False when the key was used before. */
export async function claimKey(
  sql: Sql,
  mallId: string,
  use: IdempotencyUse,
  paymentId: string | null,
): Promise<boolean> {
  const rows = await sql.run(
    {
      name: "idempotency-claim",
      text: `INSERT INTO idempotency_key (mall_id, method, path, key, request_hash, payment_id, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, now() + interval '15 days') ON CONFLICT (mall_id, method, path, key) DO NOTHING RETURNING 1`,
    },
    [mallId, use.method, use.path, use.key, use.requestHash, paymentId],
  );
  return rows.length === 1;
}

/** Keeps the final answer for replays, once. */
export async function keepReply(
  sql: Sql,
  mallId: string,
  use: IdempotencyUse,
  reply: { status: number; body: string },
): Promise<void> {
  await sql.run(
    {
      name: "idempotency-keep-reply",
      text: `UPDATE idempotency_key SET http_status = $5, response_body = $6
        WHERE mall_id = $1 AND method = $2 AND path = $3 AND key = $4 AND http_status IS NULL`,
    },
    [mallId, use.method, use.path, use.key, reply.status, reply.body],
  );
}

/** Gives back a claim under which nothing was begun, so that the key may be used again. */
export async function releaseClaim(sql: Sql, mallId: string, use: IdempotencyUse): Promise<void> {
  await sql.run(
    {
      name: "idempotency-release",
      text: `DELETE FROM idempotency_key k WHERE mall_id = $1 AND method = $2 AND path = $3 AND key = $4 AND http_status IS NULL
        AND NOT EXISTS (SELECT 1 FROM payment_cancel c WHERE c.id = k.cancel_id)`,
    },
    [mallId, use.method, use.path, use.key],
  );
}

/** Deletes keys past their 15 days, a bounded number at a time. */
export async function deleteExpiredKeys(sql: Sql, limit: number): Promise<number> {
  const rows = await sql.run(
    {
      name: "idempotency-delete-expired",
      text: `DELETE FROM idempotency_key WHERE ctid = ANY (ARRAY(SELECT ctid FROM idempotency_key WHERE expires_at < now() LIMIT $1)) RETURNING 1`,
    },
    [limit],
  );
  return rows.length;
}
