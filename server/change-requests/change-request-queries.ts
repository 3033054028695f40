import type { Prisma } from "#prisma/generated/client.ts";
import {
  type ChangeEventKind,
  type ChangeKind,
  type ChangeStatus,
  type ChangeView,
  changeKindNames,
  changeKinds,
  isFixed,
  type LimitUnit,
} from "#server/change-requests/change-kinds.values.ts";
import { changePayloads, isRequestable } from "#server/change-requests/change-payloads.ts";
import { defaultLimitOf, limitSubjectOf } from "#server/change-requests/limit-of.ts";
import type { OperatorRole, SignedInOperator } from "#server/operators/permissions.ts";
import { mayDo } from "#server/operators/permissions.ts";
import type { Db } from "#server/platform/db.ts";

/** A request in a list. Names are today's. */
export type ChangeLine = Readonly<{
  id: string;
  kind: ChangeKind;
  status: ChangeStatus;
  version: number;
  subjectId: string;
  subjectName: string;
  amountMinor: bigint | null;
  reason: string;
  makerId: string;
  makerName: string | null;
  createdAt: Date;
  editedAt: Date | null;
  expiresAt: Date;
  checkerName: string | null;
  decidedAt: Date | null;
  finishedAt: Date | null;
  refusalCode: string | null;
}>;

const lineColumns = {
  id: true,
  kind: true,
  status: true,
  version: true,
  subjectId: true,
  subjectName: true,
  amountMinor: true,
  reason: true,
  makerId: true,
  createdAt: true,
  editedAt: true,
  expiresAt: true,
  decidedBy: true,
  decidedAt: true,
  finishedAt: true,
  refusalCode: true,
} as const satisfies Prisma.ChangeRequestSelect;

/** Waiting for somebody: for one who may decide, what others ask; for those who only look, all of it. Overdue ones are over. */
function waitingFor(operator: SignedInOperator): Prisma.ChangeRequestWhereInput {
  return {
    status: "PENDING",
    expiresAt: { gt: new Date() },
    ...(mayDo(operator.role, "change-request:decide") && { makerId: { not: operator.id } }),
  };
}

function whereOf(view: ChangeView, operator: SignedInOperator): Prisma.ChangeRequestWhereInput {
  switch (view) {
    case "waiting":
      return waitingFor(operator);
    case "mine":
      return { makerId: operator.id };
    case "closed":
      return { status: { not: "PENDING" } };
  }
}

/** A keyset page of requests, newest first. */
export async function listChanges(
  db: Db,
  query: Readonly<{ view: ChangeView; operator: SignedInOperator; cursor: string | null; limit: number }>,
): Promise<{ requests: ChangeLine[]; nextCursor: string | null }> {
  const rows = await db.changeRequest.findMany({
    where: { AND: [whereOf(query.view, query.operator), query.cursor ? { id: { lt: query.cursor } } : {}] },
    orderBy: { id: "desc" },
    take: query.limit + 1,
    select: lineColumns,
  });
  const page = rows.slice(0, query.limit);
  const names = await readNames(
    db,
    page.flatMap(({ makerId, decidedBy }) => [makerId, decidedBy]),
  );
  return {
    requests: page.map((row) => toLine(row, names)),
    nextCursor: rows.length > query.limit ? (page.at(-1)?.id ?? null) : null,
  };
}

/** How many requests wait for this person's decision; for one who may not decide, how many of their own wait. The count in the sidebar. */
export function countWaiting(db: Db, operator: SignedInOperator): Promise<number> {
  return db.changeRequest.count({
    where: mayDo(operator.role, "change-request:decide")
      ? waitingFor(operator)
      : { ...waitingFor(operator), makerId: operator.id },
  });
}

/** The newest request about something; null when nobody asked. */
export async function findChangeOf(
  db: Db,
  { kind, subjectId }: Readonly<{ kind: ChangeKind; subjectId: string }>,
): Promise<Pick<ChangeLine, "id" | "status" | "expiresAt"> | null> {
  return db.changeRequest.findFirst({
    where: { kind, subjectId },
    orderBy: { id: "desc" },
    select: { id: true, status: true, expiresAt: true },
  });
}

export type ChangeEvent = Readonly<{
  id: bigint;
  version: number;
  kind: ChangeEventKind;
  actorId: string;
  actorName: string | null;
  note: string | null;
  payload: Readonly<Record<string, unknown>>;
  at: Date;
}>;

export type ChangeDetail = ChangeLine &
  Readonly<{
    payload: Readonly<Record<string, unknown>>;
    makerRole: OperatorRole;
    measured: bigint;
    limitMax: bigint | null;
    decisionNote: string | null;
    executionId: string | null;
    startedAt: Date | null;
    result: Readonly<Record<string, unknown>> | null;
    traceId: string;
    events: readonly ChangeEvent[];
  }>;

const eventsMax = 200;

/** A request with its history, oldest first; undefined when there is none. */
export async function readChange(db: Db, id: string): Promise<ChangeDetail | undefined> {
  const row = await db.changeRequest.findUnique({
    where: { id },
    include: { events: { orderBy: { id: "asc" }, take: eventsMax } },
  });
  if (!row) return undefined;
  const names = await readNames(db, [
    row.makerId,
    row.decidedBy,
    ...row.events.map(({ actorId }) => actorId),
  ]);
  return {
    ...toLine(row, names),
    payload: asRecord(row.payload),
    makerRole: row.makerRole,
    measured: row.measured,
    limitMax: row.limitMax,
    decisionNote: row.decisionNote,
    executionId: row.executionId,
    startedAt: row.startedAt,
    result: row.result === null ? null : asRecord(row.result),
    traceId: row.traceId,
    events: row.events.map(({ kind, actorId, payload, requestId: _, ...event }) => ({
      ...event,
      // The column is text; `addRequestEvent` writes no other values.
      kind: kind as ChangeEventKind,
      actorId,
      actorName: names.get(actorId) ?? null,
      payload: asRecord(payload),
    })),
  };
}

export type PolicyLimit = Readonly<{
  role: OperatorRole;
  limitMax: bigint | null;
  isDefault: boolean;
  updatedByName: string | null;
  updatedAt: Date | null;
  /** The request to let the role do more, while it is open. */
  waiting: Readonly<{ requestId: string; limitMax: bigint | null; makerName: string | null }> | null;
}>;
export type PolicyKind = Readonly<{
  kind: ChangeKind;
  unit: LimitUnit;
  /** False while nothing of this kind can be done yet. */
  isInUse: boolean;
  /** True when nobody may set other limits. */
  isFixed: boolean;
  limits: readonly PolicyLimit[];
}>;

/** How far each role acts alone, kind by kind, and what waits for a second person to loosen it. */
export async function readPolicy(db: Db): Promise<PolicyKind[]> {
  const [rows, open] = await Promise.all([
    db.approvalLimit.findMany(),
    db.changeRequest.findMany({
      where: {
        kind: "LIMIT_CHANGE",
        OR: [
          { status: "PENDING", expiresAt: { gt: new Date() } },
          { status: { in: ["APPROVED", "RUNNING"] } },
        ],
      },
      select: { id: true, subjectId: true, makerId: true, payload: true },
    }),
  ]);
  const names = await readNames(db, [
    ...rows.map(({ updatedBy }) => updatedBy),
    ...open.map(({ makerId }) => makerId),
  ]);
  const looserOf = (kind: ChangeKind, role: OperatorRole): PolicyLimit["waiting"] => {
    const request = open.find(({ subjectId }) => subjectId === limitSubjectOf(kind, role));
    if (!request) return null;
    const { afterMax } = changePayloads.LIMIT_CHANGE.parse(request.payload);
    return { requestId: request.id, limitMax: afterMax, makerName: names.get(request.makerId) ?? null };
  };
  return changeKindNames.map((kind) => ({
    kind,
    unit: changeKinds[kind].unit,
    isInUse: isRequestable(kind),
    isFixed: isFixed(kind),
    limits: (Object.keys(changeKinds[kind].limits) as OperatorRole[]).map((role) => {
      // As `limitOf` has it: of a fixed kind nothing that was set counts.
      const set = isFixed(kind) ? undefined : rows.find((row) => row.kind === kind && row.role === role);
      return {
        role,
        limitMax: set ? set.limitMax : defaultLimitOf(role, kind),
        isDefault: !set,
        updatedByName: set ? (names.get(set.updatedBy) ?? null) : null,
        updatedAt: set?.updatedAt ?? null,
        waiting: looserOf(kind, role),
      };
    }),
  }));
}

async function readNames(db: Db, ids: readonly (string | null)[]): Promise<ReadonlyMap<string, string>> {
  const wanted = [...new Set(ids.filter((id) => id !== null))];
  const rows = await db.operator.findMany({
    where: { id: { in: wanted } },
    select: { id: true, name: true },
  });
  return new Map(rows.map(({ id, name }) => [id, name]));
}

function toLine(
  row: Prisma.ChangeRequestGetPayload<{ select: typeof lineColumns }>,
  names: ReadonlyMap<string, string>,
): ChangeLine {
  const { id, version, subjectId, subjectName, amountMinor, reason, makerId, decidedBy, refusalCode } = row;
  const { createdAt, editedAt, expiresAt, decidedAt, finishedAt, status } = row;
  return {
    id,
    // The column is text; only `requestChange` writes it.
    kind: row.kind as ChangeKind,
    status,
    version,
    subjectId,
    subjectName,
    amountMinor,
    reason,
    makerId,
    makerName: names.get(makerId) ?? null,
    createdAt,
    editedAt,
    expiresAt,
    checkerName: decidedBy === null ? null : (names.get(decidedBy) ?? decidedBy),
    decidedAt,
    finishedAt,
    refusalCode,
  };
}

function asRecord(value: Prisma.JsonValue): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : { value };
}
