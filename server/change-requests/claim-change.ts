import { beginChange } from "#server/change-requests/begin-change.ts";
import {
  type ChangePayload,
  changePayloads,
  type RequestableKind,
} from "#server/change-requests/change-payloads.ts";
import { type ChangeRequestRow, lockRequest } from "#server/change-requests/change-request-repository.ts";
import { endChange } from "#server/change-requests/end-change.ts";
import { assert } from "#server/core/assert.ts";
import { Refusal } from "#server/core/refusals.ts";
import type { Context } from "#server/platform/context.ts";
import { joinTransaction } from "#server/platform/join-transaction.ts";

/** What was approved, for the one who asked and does it now. */
export type ClaimedChange<K extends RequestableKind> = Readonly<{
  requestId: string;
  payload: ChangePayload<K>;
  checkerId: string;
}>;

/**
 * Lets the maker do what was approved themselves, once and within a day of the approval: for what yields something that
 * only they may see. `perform` and the end of the request are one commit; `result` is kept on the request, `yields` is
 * not. Throws `NOT_FOUND`, `FORBIDDEN_SCOPE` for anybody but the maker, `APPROVAL_REQUIRED` before the approval,
 * `CHANGE_REQUEST_EXPIRED` when the day is over, and `CHANGE_REQUEST_DECIDED` when it was done or is over.
 */
export function claimChange<K extends RequestableKind, Yields, Ctx extends Pick<Context, "sql" | "ids">>(
  ctx: Ctx,
  claim: Readonly<{ kind: K; requestId: string; makerId: string }>,
  perform: (
    ctx: Ctx,
    change: ClaimedChange<K>,
  ) => Promise<Readonly<{ result: Readonly<Record<string, unknown>>; yields: Yields }>>,
): Promise<Yields> {
  return ctx.sql.transaction(async (sql) => {
    const found = await lockRequest(sql, claim.requestId);
    if (!found || found.kind !== claim.kind) throw new Refusal("NOT_FOUND");
    if (found.makerId !== claim.makerId) throw new Refusal("FORBIDDEN_SCOPE");
    refuseUnlessApproved(found);
    // The job of the approval may not have come to it yet.
    if (found.status === "APPROVED") await beginChange(ctx, sql, found, "execution");
    const request = await lockRequest(sql, claim.requestId);
    assert(request?.decidedBy, `request ${claim.requestId} was approved by somebody`);
    const { result, yields } = await perform(joinTransaction(ctx, sql), {
      requestId: request.id,
      payload: changePayloads[claim.kind].parse(request.payload) as ChangePayload<K>,
      checkerId: request.decidedBy,
    });
    await endChange(sql, request, { kind: "done", result });
    return yields;
  });
}

function refuseUnlessApproved({ status, isOverdue, isLapsed }: ChangeRequestRow): void {
  if (status === "PENDING") throw new Refusal(isOverdue ? "CHANGE_REQUEST_EXPIRED" : "APPROVAL_REQUIRED");
  if (status === "EXPIRED") throw new Refusal("CHANGE_REQUEST_EXPIRED");
  if (status !== "APPROVED" && status !== "RUNNING") throw new Refusal("CHANGE_REQUEST_DECIDED", { status });
  if (isLapsed) throw new Refusal("CHANGE_REQUEST_EXPIRED");
}
