import { Prisma } from "#prisma/generated/client.ts";
import type { AuditFilter, AuditSearch } from "#server/audit/audit.schemas.ts";
import type { Db, Sql } from "#server/platform/db.ts";

/** One recorded action. `actorName` and `actorEmail` are today's of an operator or mall, if it still exists. */
export type AuditLine = Readonly<{
  seq: bigint;
  at: Date;
  actorType: string;
  actorId: string;
  actorName: string | null;
  action: string;
  targetType: string;
  targetId: string;
  outcome: string;
  ipAddress: string | null;
  detail: Readonly<Record<string, unknown>>;
}>;

/** The one WHERE of a filter: page, count and file all use it. A text is found by its trigrams (`audit_log_contains`). */
function conditionsOf(filter: AuditFilter): Prisma.Sql[] {
  const pattern = `%${filter.contains.replace(/[\\%_]/g, "\\$&")}%`;
  return [
    ...(filter.contains !== "" ? [Prisma.sql`(target_id || ' ' || detail::text) ILIKE ${pattern}`] : []),
    ...(filter.actor.length > 0 ? [Prisma.sql`actor_id = ANY(${filter.actor}::text[])`] : []),
    ...(filter.action.length > 0 ? [Prisma.sql`action = ANY(${filter.action}::text[])`] : []),
    ...(filter.outcome.length > 0 ? [Prisma.sql`outcome = ANY(${filter.outcome}::text[])`] : []),
    ...(filter.target !== "" ? [Prisma.sql`target_id = ${filter.target}`] : []),
    ...(filter.from ? [Prisma.sql`at >= ${filter.from}::timestamptz`] : []),
    ...(filter.to ? [Prisma.sql`at < ${filter.to}::timestamptz`] : []),
  ];
}

function whereOf(conditions: readonly Prisma.Sql[]): Prisma.Sql {
  return conditions.length === 0 ? Prisma.empty : Prisma.sql`WHERE ${Prisma.join([...conditions], " AND ")}`;
}

const lineColumns = {
  seq: true,
  at: true,
  actorType: true,
  actorId: true,
  action: true,
  targetType: true,
  targetId: true,
  outcome: true,
  ipAddress: true,
  detail: true,
} as const satisfies Prisma.AuditLogSelect;

/** A keyset page of the audit log, newest first. */
export async function searchAudit(
  db: Db,
  search: AuditSearch,
): Promise<{ entries: AuditLine[]; nextCursor: bigint | null }> {
  const before = search.cursor ? [Prisma.sql`seq < ${search.cursor}`] : [];
  const found = await db.$queryRaw<{ seq: bigint }[]>`
    SELECT seq FROM audit_log ${whereOf([...conditionsOf(search.filter), ...before])} ORDER BY seq DESC LIMIT ${search.limit + 1}`;
  const rows = await db.auditLog.findMany({
    where: { seq: { in: found.slice(0, search.limit).map(({ seq }) => seq) } },
    orderBy: { seq: "desc" },
    select: lineColumns,
  });
  const names = await readActorNames(db, rows);
  return {
    entries: rows.map((row) => toLine(row, names)),
    nextCursor: found.length > search.limit ? (rows.at(-1)?.seq ?? null) : null,
  };
}

/** How many actions a filter holds. */
export async function countAudit(db: Db, filter: AuditFilter): Promise<number> {
  const [row] = await db.$queryRaw<{ count: bigint }[]>`
    SELECT count(*) AS count FROM audit_log ${whereOf(conditionsOf(filter))}`;
  return Number(row?.count ?? 0n);
}

/** The whole of a filter for a file, newest first: its statement, and how many actions it is. */
export function exportAudit(filter: AuditFilter): Readonly<{
  rows: Readonly<{ text: string; values: readonly unknown[] }>;
  readCount(sql: Sql): Promise<number>;
}> {
  const where = whereOf(conditionsOf(filter));
  const rows = Prisma.sql`SELECT a.seq, a.at, a.actor_type AS "actorType", a.actor_id AS "actorId", coalesce(o.name, m.name) AS "actorName", a.action,
      a.target_type AS "targetType", a.target_id AS "targetId", a.outcome, a.ip_address AS "ipAddress", a.detail::text AS detail
    FROM (SELECT * FROM audit_log ${where}) a
    LEFT JOIN operator o ON a.actor_type = 'operator' AND o.id = a.actor_id LEFT JOIN mall m ON a.actor_type = 'mall' AND m.id = a.actor_id
    ORDER BY a.seq DESC`;
  const count = Prisma.sql`SELECT count(*)::int AS count FROM audit_log ${where}`;
  return {
    rows: { text: rows.text, values: rows.values },
    async readCount(sql) {
      const [row] = await sql.run<{ count: number }>({ name: "", text: count.text }, count.values);
      return row?.count ?? 0;
    },
  };
}

/** An action as a line of a file: its detail as the JSON that it is. */
export type ExportedAction = Readonly<Omit<AuditLine, "detail"> & { detail: string }>;

export type AuditEntryDetail = AuditLine & Readonly<{ prevHash: string; hash: string }>;

/** One action with its place in the hash chain (hex), or `undefined`. */
export async function readAuditEntry(db: Db, seq: bigint): Promise<AuditEntryDetail | undefined> {
  const row = await db.auditLog.findUnique({
    where: { seq },
    select: { ...lineColumns, prevHash: true, hash: true },
  });
  if (!row) return undefined;
  const names = await readActorNames(db, [row]);
  return {
    ...toLine(row, names),
    prevHash: Buffer.from(row.prevHash).toString("hex"),
    hash: Buffer.from(row.hash).toString("hex"),
  };
}

export type AuditChoices = Readonly<{
  actors: readonly { id: string; type: string; name: string | null }[];
  actions: readonly string[];
}>;

/** Every actor and action that occurs in the log, for the filters. */
export async function readAuditChoices(db: Db): Promise<AuditChoices> {
  const [actors, actions] = await Promise.all([
    db.auditLog.groupBy({
      by: ["actorType", "actorId"],
      orderBy: [{ actorType: "asc" }, { actorId: "asc" }],
    }),
    db.auditLog.groupBy({ by: ["action"], orderBy: { action: "asc" } }),
  ]);
  const names = await readActorNames(db, actors);
  return {
    actors: actors.map(({ actorType, actorId }) => ({
      id: actorId,
      type: actorType,
      name: names.get(actorId) ?? null,
    })),
    actions: actions.map(({ action }) => action),
  };
}

/** The result of walking the whole chain: the first entry that does not fit, or none. */
export type ChainCheck = Readonly<{ brokenAtSeq: bigint | null; entries: bigint; checkedAt: Date }>;

/** Computes every hash of the audit chain again and compares: any changed, removed or inserted row breaks it (reliability §5.6). */
export async function verifyAuditChain(sql: Sql, now: Date): Promise<ChainCheck> {
  const [row] = await sql.run<{ brokenAtSeq: bigint | null; entries: bigint }>(
    {
      name: "audit-verify",
      text: `SELECT audit_verify() AS "brokenAtSeq", (SELECT count(*) FROM audit_log) AS entries`,
    },
    [],
  );
  return { brokenAtSeq: row?.brokenAtSeq ?? null, entries: row?.entries ?? 0n, checkedAt: now };
}

async function readActorNames(
  db: Db,
  rows: readonly { actorType: string; actorId: string }[],
): Promise<ReadonlyMap<string, string>> {
  const ids = (type: string) => [
    ...new Set(rows.filter((row) => row.actorType === type).map((row) => row.actorId)),
  ];
  const [operators, malls] = await Promise.all([
    db.operator.findMany({ where: { id: { in: ids("operator") } }, select: { id: true, name: true } }),
    db.mall.findMany({ where: { id: { in: ids("mall") } }, select: { id: true, name: true } }),
  ]);
  return new Map([...operators, ...malls].map(({ id, name }) => [id, name]));
}

function toLine(
  row: Omit<AuditLine, "actorName" | "detail"> & { detail: Prisma.JsonValue },
  names: ReadonlyMap<string, string>,
): AuditLine {
  const { seq, at, actorType, actorId, action, targetType, targetId, outcome, ipAddress, detail } = row;
  return {
    seq,
    at,
    actorType,
    actorId,
    actorName: names.get(actorId) ?? null,
    action,
    targetType,
    targetId,
    outcome,
    ipAddress,
    detail:
      typeof detail === "object" && detail !== null && !Array.isArray(detail) ? detail : { value: detail },
  };
}
