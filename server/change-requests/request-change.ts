import { recordAudit } from "#server/audit/record-audit.ts";
import { actsIn } from "#server/change-requests/change-kinds.values.ts";
import {
  changePayloads,
  type RequestableKind,
  type StoredPayload,
} from "#server/change-requests/change-payloads.ts";
import {
  addRequestEvent,
  insertRequest,
  loadOpenRequest,
} from "#server/change-requests/change-request-repository.ts";
import { limitOf } from "#server/change-requests/limit-of.ts";
import { Refusal } from "#server/core/refusals.ts";
import { lockActiveRole } from "#server/operators/lock-active-role.ts";
import type { OperatorRole } from "#server/operators/permissions.ts";
import type { Context } from "#server/platform/context.ts";
import type { Sql } from "#server/platform/db.ts";

/** How long a request waits for a decision; an edit gives it the whole time anew. */
export const changeLifeMs = 24 * 60 * 60 * 1000;

/** Who asks for a change. */
export type Maker = Readonly<{ id: string; role: OperatorRole; ipAddress: string | null }>;

export type RequestChange<K extends RequestableKind> = Readonly<{
  kind: K;
  payload: StoredPayload<K>;
  /** What it is about; one request for each may be open. */
  subject: Readonly<{ id: string; name: string }>;
  /** In the unit of the kind, as it is held against the maker's limit. */
  measured: bigint;
  /** The money it moves, in minor units; null when it moves none. */
  amountMinor: bigint | null;
  /** 1–200 characters. */
  reason: string;
  maker: Maker;
  traceId: string;
}>;

export type RequestedChange = Readonly<{ requestId: string; expiresAt: Date }>;

/**
 * Asks for a second person instead of doing something: writes a pending request with its first version, audited. The
 * caller has checked that the action would be possible now. Throws `CHANGE_REQUEST_OPEN` with the id of the one that is
 * open for the same subject, and `FORBIDDEN_SCOPE` when the maker has lost the role or the account meanwhile.
 */
export async function requestChange<K extends RequestableKind>(
  ctx: Pick<Context, "sql" | "ids">,
  change: RequestChange<K>,
): Promise<RequestedChange> {
  changePayloads[change.kind].parse(change.payload);
  const id = ctx.ids.newId("changeRequest");
  const payload = change.payload as Readonly<Record<string, unknown>>;
  const { maker, kind, subject } = change;
  const written = await ctx.sql.transaction(async (sql) => {
    // Held until the commit: whoever takes the role away finds this request, or it is not made.
    const role = await lockActiveRole(sql, maker.id);
    if (role !== maker.role || !actsIn(role, kind)) throw new Refusal("FORBIDDEN_SCOPE");
    const limitMax = await limitOf(sql, maker.role, kind);
    const inserted = await insertRequest(sql, {
      id,
      kind,
      payload,
      subjectId: subject.id,
      subjectName: subject.name,
      amountMinor: change.amountMinor,
      reason: change.reason,
      makerId: maker.id,
      makerRole: maker.role,
      measured: change.measured,
      limitMax,
      lifeMs: changeLifeMs,
      traceId: change.traceId,
    });
    if (!inserted) return undefined;
    await addRequestEvent(sql, {
      requestId: id,
      version: 1,
      kind: "REQUESTED",
      actorId: maker.id,
      note: change.reason,
      payload,
    });
    await recordAudit(sql, {
      actor: { type: "operator", id: maker.id },
      action: "change_request.made",
      target: { type: "change_request", id },
      outcome: "success",
      ipAddress: maker.ipAddress,
      detail: {
        kind,
        subjectId: subject.id,
        reason: change.reason,
        amount: change.amountMinor,
        measured: change.measured,
        limit: limitMax,
        traceId: change.traceId,
      },
    });
    return inserted;
  });
  if (written) return { requestId: id, expiresAt: written.expiresAt };
  const open = await loadOpenRequest(ctx.sql, kind, subject.id);
  throw new Refusal("CHANGE_REQUEST_OPEN", { requestId: open?.id });
}

/** The open request of a subject, if there is one. */
export async function findOpenChange(
  sql: Sql,
  kind: RequestableKind,
  subjectId: string,
): Promise<{ id: string } | undefined> {
  return loadOpenRequest(sql, kind, subjectId);
}
