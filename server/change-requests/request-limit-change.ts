import { type ChangeKind, isLooser } from "#server/change-requests/change-kinds.values.ts";
import { limitOf, limitSubjectOf, requireSettable } from "#server/change-requests/limit-of.ts";
import { type Maker, type RequestedChange, requestChange } from "#server/change-requests/request-change.ts";
import { Refusal } from "#server/core/refusals.ts";
import type { OperatorRole } from "#server/operators/permissions.ts";
import type { Context } from "#server/platform/context.ts";

export type RequestLimitChange = Readonly<{
  kind: ChangeKind;
  role: OperatorRole;
  /** In the unit of the kind; null: without limit. */
  limitMax: bigint | null;
  reason: string;
  maker: Maker;
  traceId: string;
}>;

/**
 * Asks another administrator to let a role do more alone; until then the limit stays what it is. Throws `INVALID_REQUEST`
 * as `requireSettable`, `CHANGED_MEANWHILE` when the limit is as loose already (then nobody needs to be asked), and as
 * `requestChange`. One request for each kind and role may be open.
 */
export async function requestLimitChange(
  ctx: Pick<Context, "sql" | "ids">,
  { kind, role, limitMax, reason, maker, traceId }: RequestLimitChange,
): Promise<RequestedChange> {
  requireSettable({ kind, role, limitMax });
  const before = await limitOf(ctx.sql, role, kind);
  if (!isLooser(limitMax, before)) throw new Refusal("CHANGED_MEANWHILE");
  return requestChange(ctx, {
    kind: "LIMIT_CHANGE",
    payload: { v: 1, kind, role, beforeMax: digitsOf(before), afterMax: digitsOf(limitMax) },
    subject: { id: limitSubjectOf(kind, role), name: `${kind} ${role}` },
    measured: 1n,
    amountMinor: null,
    reason,
    maker,
    traceId,
  });
}

function digitsOf(limitMax: bigint | null): string | null {
  return limitMax === null ? null : String(limitMax);
}
