import { recordAudit } from "#server/audit/record-audit.ts";
import {
  changePayloads,
  type RequestableKind,
  type StoredPayload,
} from "#server/change-requests/change-payloads.ts";
import {
  addRequestEvent,
  editRequest,
  lockRequest,
  writeWithdrawal,
} from "#server/change-requests/change-request-repository.ts";
import { limitOf } from "#server/change-requests/limit-of.ts";
import { refuseOver } from "#server/change-requests/refuse-over.ts";
import { changeLifeMs, type Maker } from "#server/change-requests/request-change.ts";
import { Refusal } from "#server/core/refusals.ts";
import type { Context } from "#server/platform/context.ts";

export type EditChange<K extends RequestableKind> = Readonly<{
  kind: K;
  requestId: string;
  /** The version the maker had before them. */
  version: number;
  subjectId: string;
  payload: StoredPayload<K>;
  measured: bigint;
  amountMinor: bigint | null;
  reason: string;
  maker: Maker;
}>;

/**
 * Changes what a request asks for, as its next version: an approval that was given and has not begun is void, and the
 * new version needs one of its own, with the whole time. Only its maker may. Throws `NOT_FOUND`, `FORBIDDEN_SCOPE`,
 * `CHANGE_REQUEST_EDITED`, `CHANGE_REQUEST_EXPIRED` or `CHANGE_REQUEST_DECIDED` (it is over, or has begun).
 */
export async function editChange<K extends RequestableKind>(
  ctx: Pick<Context, "sql">,
  edit: EditChange<K>,
): Promise<{ version: number }> {
  changePayloads[edit.kind].parse(edit.payload);
  const payload = edit.payload as Readonly<Record<string, unknown>>;
  return ctx.sql.transaction(async (sql) => {
    const before = await lockRequest(sql, edit.requestId);
    if (!before || before.kind !== edit.kind || before.subjectId !== edit.subjectId)
      throw new Refusal("NOT_FOUND");
    if (before.makerId !== edit.maker.id) throw new Refusal("FORBIDDEN_SCOPE");
    if (before.version !== edit.version) throw new Refusal("CHANGE_REQUEST_EDITED");
    if (before.status !== "APPROVED") refuseOver(before);
    const version = before.version + 1;
    await editRequest(sql, before.id, {
      payload,
      amountMinor: edit.amountMinor,
      reason: edit.reason,
      measured: edit.measured,
      limitMax: await limitOf(sql, edit.maker.role, edit.kind),
      lifeMs: changeLifeMs,
    });
    const event = { requestId: before.id, actorId: edit.maker.id };
    if (before.status === "APPROVED")
      await addRequestEvent(sql, {
        ...event,
        version: before.version,
        kind: "VOIDED",
        payload: before.payload,
      });
    await addRequestEvent(sql, { ...event, version, kind: "EDITED", note: edit.reason, payload });
    await recordAudit(sql, {
      actor: { type: "operator", id: edit.maker.id },
      action: "change_request.edited",
      target: { type: "change_request", id: before.id },
      outcome: "success",
      ipAddress: edit.maker.ipAddress,
      detail: {
        kind: edit.kind,
        subjectId: before.subjectId,
        approvalVoided: before.status === "APPROVED",
        before: { amount: before.amountMinor, reason: before.reason, version: before.version },
        after: { amount: edit.amountMinor, reason: edit.reason, version },
      },
    });
    return { version };
  });
}

/**
 * Takes a request back before it begins, approved or not; only its maker may. What waits for its maker to claim it has not
 * begun. Throws as `editChange`.
 */
export async function withdrawChange(
  ctx: Pick<Context, "sql">,
  { requestId, version, maker }: Readonly<{ requestId: string; version: number; maker: Maker }>,
): Promise<void> {
  await ctx.sql.transaction(async (sql) => {
    const before = await lockRequest(sql, requestId);
    if (!before) throw new Refusal("NOT_FOUND");
    if (before.makerId !== maker.id) throw new Refusal("FORBIDDEN_SCOPE");
    if (before.version !== version) throw new Refusal("CHANGE_REQUEST_EDITED");
    if (before.status !== "APPROVED") refuseOver(before);
    await writeWithdrawal(sql, requestId);
    await addRequestEvent(sql, {
      requestId,
      version,
      kind: "WITHDRAWN",
      actorId: maker.id,
      payload: before.payload,
    });
    await recordAudit(sql, {
      actor: { type: "operator", id: maker.id },
      action: "change_request.withdrawn",
      target: { type: "change_request", id: requestId },
      outcome: "success",
      ipAddress: maker.ipAddress,
      detail: {
        kind: before.kind,
        subjectId: before.subjectId,
        amount: before.amountMinor,
        approvalVoided: before.status === "APPROVED",
      },
    });
  });
}
