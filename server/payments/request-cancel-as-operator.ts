import type { RequestedChange } from "#server/change-requests/request-change.ts";
import { assert } from "#server/core/assert.ts";
import { claimKey, keepReply } from "#server/idempotency/claim-key.ts";
import { findEarlierUse } from "#server/idempotency/find-earlier-use.ts";
import type { IdempotencyUse } from "#server/idempotency/idempotency-use.ts";
import { readPayment } from "#server/payments/read-payment.ts";
import { type RequestCancel, requestCancel } from "#server/payments/request-cancel.ts";
import { requestKeyUse } from "#server/payments/request-key-use.ts";
import type { Context } from "#server/platform/context.ts";
import type { Sql } from "#server/platform/db.ts";
import { joinTransaction } from "#server/platform/join-transaction.ts";

/**
 * Asks another person to approve a cancel, from the console (`requestCancel`). The same `requestKey` makes one request,
 * which is returned each time, also when it is long carried out: what was approved once is not asked for twice because an
 * answer was lost. Throws `IDEMPOTENCY_KEY_REUSED` when the key came with another amount or reason, or has begun a cancel (IDM-4).
 */
export async function requestCancelAsOperator(
  ctx: Pick<Context, "sql" | "now" | "ids" | "keys">,
  { requestKey, ...wish }: RequestCancel & Readonly<{ requestKey: string }>,
): Promise<RequestedChange> {
  const { payment } = await readPayment(ctx, { paymentId: wish.paymentId });
  const use = requestKeyUse(ctx.keys, "request", { ...wish, requestKey });
  const earlier = await findRequest(ctx.sql, payment.mallId, use);
  if (earlier) return earlier;
  const made = await ctx.sql.transaction(async (sql) => {
    // Waits for whoever was faster with the key; with a refusal the claim is given back.
    if (!(await claimKey(sql, payment.mallId, use, payment.id))) return undefined;
    const requested = await requestCancel(joinTransaction(ctx, sql), wish);
    await keepReply(sql, payment.mallId, use, { status: 200, body: JSON.stringify(requested) });
    return requested;
  });
  if (made) return made;
  const other = await findRequest(ctx.sql, payment.mallId, use);
  assert(other, `the request of key ${use.key} was committed with its claim`);
  return other;
}

async function findRequest(
  sql: Sql,
  mallId: string,
  use: IdempotencyUse,
): Promise<RequestedChange | undefined> {
  const earlier = await findEarlierUse(sql, mallId, use);
  if (earlier.kind !== "finished") return undefined;
  const { requestId, expiresAt } = JSON.parse(earlier.reply.body) as { requestId: string; expiresAt: string };
  return { requestId, expiresAt: new Date(expiresAt) };
}
