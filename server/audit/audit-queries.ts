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

function whereOf(filter: AuditFilter): Prisma.AuditLogWhereInput {
  return {
    ...(filter.actor.length > 0 && { actorId: { in: filter.actor } }),
    ...(filter.action.length > 0 && { action: { in: filter.action } }),
    ...(filter.outcome.length > 0 && { outcome: { in: filter.outcome } }),
    ...(filter.target !== "" && { targetId: filter.target }),
    ...((filter.from || filter.to) && {
      at: { ...(filter.from && { gte: filter.from }), ...(filter.to && { lt: filter.to }) },
    }),
  };
}

/** The same filter as SQL, for a text that is found by its trigrams (`audit_log_contains`). */
function containing(filter: AuditFilter): Prisma.Sql {
  const pattern = `%${filter.contains.replace(/[\\%_]/g, "\\$&")}%`;
  const conditions = [
    Prisma.sql`(target_id || ' ' || detail::text) ILIKE ${pattern}`,
    ...(filter.actor.length > 0 ? [Prisma.sql`actor_id = ANY(${filter.actor}::text[])`] : []),
    ...(filter.action.length > 0 ? [Prisma.sql`action = ANY(${filter.action}::text[])`] : []),
    ...(filter.outcome.length > 0 ? [Prisma.sql`outcome = ANY(${filter.outcome}::text[])`] : []),
    ...(filter.target !== "" ? [Prisma.sql`target_id = ${filter.target}`] : []),
    ...(filter.from ? [Prisma.sql`at >= ${filter.from}`] : []),
    ...(filter.to ? [Prisma.sql`at < ${filter.to}`] : []),
  ];
  return Prisma.join(conditions, " AND ");
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
  const before = search.cursor ? { seq: { lt: search.cursor } } : {};
  const rows = await db.auditLog.findMany({
    where: search.filter.contains
      ? { seq: { in: await findContaining(db, search) } }
      : { AND: [whereOf(search.filter), before] },
    orderBy: { seq: "desc" },
    take: search.limit + 1,
    select: lineColumns,
  });
  const page = rows.slice(0, search.limit);
  const names = await readActorNames(db, page);
  return {
    entries: page.map((row) => toLine(row, names)),
    nextCursor: rows.length > search.limit ? (page.at(-1)?.seq ?? null) : null,
  };
}

/** The page's numbers of entries that contain a text, one more than the page holds. */
async function findContaining(db: Db, { filter, cursor, limit }: AuditSearch): Promise<bigint[]> {
  const before = cursor ? Prisma.sql`AND seq < ${cursor}` : Prisma.empty;
  const rows = await db.$queryRaw<{ seq: bigint }[]>`
    SELECT seq FROM audit_log WHERE ${containing(filter)} ${before} ORDER BY seq DESC LIMIT ${limit + 1}`;
  return rows.map(({ seq }) => seq);
}

/** How many actions a filter holds. */
export async function countAudit(db: Db, filter: AuditFilter): Promise<number> {
  if (filter.contains) {
    const [row] = await db.$queryRaw<{ count: bigint }[]>`
      SELECT count(*) AS count FROM audit_log WHERE ${containing(filter)}`;
    return Number(row?.count ?? 0n);
  }
  return db.auditLog.count({ where: whereOf(filter) });
}

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
