import { type ChangeKind, changeKinds } from "#server/change-requests/change-kinds.values.ts";
import { loadLimit } from "#server/change-requests/change-request-repository.ts";
import { Refusal } from "#server/core/refusals.ts";
import type { OperatorRole } from "#server/operators/permissions.ts";
import type { Sql } from "#server/platform/db.ts";

/** How far a role acts alone in a kind, in the unit of the kind: as an administrator has set it, or the kind's default. Null: without limit. */
export async function limitOf(sql: Sql, role: OperatorRole, kind: ChangeKind): Promise<bigint | null> {
  const set = await loadLimit(sql, role, kind);
  return set ? set.limitMax : defaultLimitOf(role, kind);
}

/** The limit that holds until somebody sets another one. A role the kind does not name does nothing alone. */
export function defaultLimitOf(role: OperatorRole, kind: ChangeKind): bigint | null {
  const limits: Readonly<Partial<Record<OperatorRole, bigint | null>>> = changeKinds[kind].limits;
  const limit = limits[role];
  return limit === undefined ? 0n : limit;
}

/** True when a measure may be done alone. A measure that is just the limit may. */
export function isWithin(limitMax: bigint | null, measured: bigint): boolean {
  return limitMax === null || measured <= limitMax;
}

/** Throws `APPROVAL_REQUIRED` with the limit when a measure (in the unit of the kind) needs a second person. */
export async function requireWithinLimit(
  sql: Sql,
  { role, kind, measured }: Readonly<{ role: OperatorRole; kind: ChangeKind; measured: bigint }>,
): Promise<void> {
  const limitMax = await limitOf(sql, role, kind);
  if (!isWithin(limitMax, measured))
    throw new Refusal("APPROVAL_REQUIRED", { limit: Number(limitMax), measured: Number(measured) });
}
