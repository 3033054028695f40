import {
  actsIn,
  type ChangeKind,
  changeKinds,
  isFixed,
} from "#server/change-requests/change-kinds.values.ts";
import { loadLimit } from "#server/change-requests/change-request-repository.ts";
import { Refusal } from "#server/core/refusals.ts";
import type { OperatorRole } from "#server/operators/permissions.ts";
import type { Sql } from "#server/platform/db.ts";

/**
 * How far a role acts alone in a kind, in the unit of the kind: as an administrator has set it, or the kind's default, which
 * is all there is for a fixed kind. Null: without limit.
 */
export async function limitOf(sql: Sql, role: OperatorRole, kind: ChangeKind): Promise<bigint | null> {
  if (isFixed(kind)) return defaultLimitOf(role, kind);
  const set = await loadLimit(sql, role, kind);
  return set ? set.limitMax : defaultLimitOf(role, kind);
}

/** The limit that holds until somebody sets another one. A role the kind does not name does nothing alone. */
export function defaultLimitOf(role: OperatorRole, kind: ChangeKind): bigint | null {
  const limits: Readonly<Partial<Record<OperatorRole, bigint | null>>> = changeKinds[kind].limits;
  const limit = limits[role];
  return limit === undefined ? 0n : limit;
}

/** What a limit is called where it is the subject of something. */
export function limitSubjectOf(kind: ChangeKind, role: OperatorRole): string {
  return `${kind}:${role}`;
}

/** Throws `INVALID_REQUEST` for a limit that cannot be: of a role that never acts in the kind, of a kind whose limits are fixed, or a number of single changes. */
export function requireSettable({
  kind,
  role,
  limitMax,
}: Readonly<{ kind: ChangeKind; role: OperatorRole; limitMax: bigint | null }>): void {
  if (isFixed(kind)) throw new Refusal("INVALID_REQUEST", { field: "kind" });
  if (!actsIn(role, kind)) throw new Refusal("INVALID_REQUEST", { field: "role" });
  // A single change is either done alone or not; there is nothing to count.
  if (changeKinds[kind].unit === "changes" && limitMax !== null && limitMax !== 0n)
    throw new Refusal("INVALID_REQUEST", { field: "limitMax" });
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
