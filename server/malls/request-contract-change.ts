import type { StoredPayload } from "#server/change-requests/change-payloads.ts";
import { type Maker, type RequestedChange, requestChange } from "#server/change-requests/request-change.ts";
import { Refusal } from "#server/core/refusals.ts";
import { requireAddable } from "#server/malls/add-contract.ts";
import type { ContractChangeWish } from "#server/malls/mall.schemas.ts";
import { type LockedMall, loadFutureContract, lockMall } from "#server/malls/mall-repository.ts";
import type { Context } from "#server/platform/context.ts";
import type { Sql } from "#server/platform/db.ts";
import { joinTransaction } from "#server/platform/join-transaction.ts";

export type RequestContractChange = Readonly<{
  mallId: string;
  wish: ContractChangeWish;
  reason: string;
  maker: Maker;
  traceId: string;
}>;

/**
 * Asks another person to approve that a version of a contract is added or taken back. It must be possible now. Throws the
 * refusals of the change itself and those of `requestChange`; one request for each method of a mall may be open.
 */
export function requestContractChange(
  ctx: Pick<Context, "sql" | "ids">,
  { mallId, wish, reason, maker, traceId }: RequestContractChange,
): Promise<RequestedChange> {
  return ctx.sql.transaction(async (sql) => {
    const mall = await lockMall(sql, mallId);
    if (!mall) throw new Refusal("NOT_FOUND");
    const change = await describeChange(sql, mall, wish);
    return requestChange(joinTransaction(ctx, sql), {
      kind: "CONTRACT_CHANGE",
      payload: { v: 1, mallId, mallName: mall.name, change },
      subject: { id: `${mallId}:${change.method}`, name: mall.name },
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
  mall: LockedMall,
  wish: ContractChangeWish,
): Promise<StoredPayload<"CONTRACT_CHANGE">["change"]> {
  if (wish.action === "ADD") {
    const { method, note, ...after } = wish.terms;
    const { before } = await requireAddable(sql, mall, wish.terms);
    return { action: "ADD", method, note, before, after };
  }
  const future = await loadFutureContract(sql, mall.id, wish.contractId, mall.today);
  if (!future) throw new Refusal("CHANGED_MEANWHILE");
  return { action: "WITHDRAW", method: future.method, contractId: wish.contractId, before: future.terms };
}
