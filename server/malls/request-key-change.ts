import type { StoredPayload } from "#server/change-requests/change-payloads.ts";
import { type Maker, type RequestedChange, requestChange } from "#server/change-requests/request-change.ts";
import { Refusal } from "#server/core/refusals.ts";
import type { KeyChangeWish } from "#server/malls/mall.schemas.ts";
import { workingKeysMax } from "#server/malls/mall.values.ts";
import { countWorkingKeys, lockMall, lockWorkingKey } from "#server/malls/mall-repository.ts";
import type { Context } from "#server/platform/context.ts";
import type { Sql } from "#server/platform/db.ts";
import { joinTransaction } from "#server/platform/join-transaction.ts";

export type RequestKeyChange = Readonly<{
  mallId: string;
  wish: KeyChangeWish;
  reason: string;
  maker: Maker;
  traceId: string;
}>;

/**
 * Asks another person to approve that a key is issued or replaced. It must be possible now, so that nobody is asked
 * to approve what cannot be done. No key is made: the request carries no secret. Throws the refusals of the change itself
 * and those of `requestChange`.
 */
export function requestKeyChange(
  ctx: Pick<Context, "sql" | "ids">,
  { mallId, wish, reason, maker, traceId }: RequestKeyChange,
): Promise<RequestedChange> {
  return ctx.sql.transaction(async (sql) => {
    const mall = await lockMall(sql, mallId);
    if (!mall) throw new Refusal("NOT_FOUND");
    const change = await describeChange(sql, mallId, wish);
    return requestChange(joinTransaction(ctx, sql), {
      kind: "KEY_CHANGE",
      payload: { v: 1, mallId, mallName: mall.name, change },
      subject: {
        id: wish.action === "ISSUE" ? mallId : wish.keyId,
        name: `${mall.name} · ${change.keyName}`,
      },
      measured: 1n,
      amountMinor: null,
      reason,
      maker,
      traceId,
    });
  });
}

async function describeChange(
  sql: Sql,
  mallId: string,
  wish: KeyChangeWish,
): Promise<StoredPayload<"KEY_CHANGE">["change"]> {
  if (wish.action === "ISSUE") {
    if ((await countWorkingKeys(sql, mallId)) >= workingKeysMax) throw new Refusal("API_KEY_LIMIT");
    return { action: "ISSUE", keyName: wish.name };
  }
  const key = await lockWorkingKey(sql, mallId, wish.keyId);
  if (!key || key.isReplaced) throw new Refusal("CHANGED_MEANWHILE");
  return {
    action: "ROTATE",
    keyId: wish.keyId,
    keyName: key.name,
    shown: `${key.prefix}_…${key.lastFour}`,
    overlapHours: wish.overlapHours,
  };
}
