import { Prisma } from "#prisma/generated/client.ts";
import type { UnresolvedKind } from "#server/payments/domain/decide-unresolved.ts";
import type { CancelStatus, PaymentStatus } from "#server/payments/domain/payment-status.ts";
import type {
  UnresolvedCursor,
  UnresolvedFilter,
  UnresolvedSearch,
} from "#server/payments/unresolved.schemas.ts";
import {
  closingWithinMs,
  type UnresolvedAge,
  type UnresolvedDeadline,
  unresolvedAges,
  unresolvedDeadlines,
} from "#server/payments/unresolved.values.ts";
import type { Db } from "#server/platform/db.ts";

/** One outcome that is not known. Amount in minor units; `since` is when it was asked for, or found. */
export type UnresolvedRow = Readonly<{
  subjectId: string;
  kind: UnresolvedKind;
  paymentId: string;
  paymentStatus: PaymentStatus;
  orderId: string;
  orderName: string;
  mallId: string;
  mallName: string;
  vanCode: string;
  amountMinor: bigint;
  since: Date;
  /** Until when the VAN takes a net cancel; null where none is to be sent. */
  deadlineAt: Date | null;
  /** Why the approval's outcome is not known. */
  because: string | null;
  /** The job that brings it to its end; null when none is under way. */
  job: Readonly<{
    tries: number;
    nextAt: Date;
    isRunning: boolean;
    waitsForVan: boolean;
    lastError: string | null;
  }> | null;
  triesMax: number;
  /** The job has given up and waits for a person as this dead letter. */
  deadLetterId: string | null;
  /** How often the job that has given up had tried, all its lives together; null while none has. */
  deadTries: number | null;
  /** The last message to the VAN about it. */
  exchange: Readonly<{
    operation: "APPROVE" | "CANCEL" | "NET_CANCEL" | "INQUIRY";
    outcome: string;
    responseCode: string | null;
    startedAt: Date;
    durationMs: number;
  }> | null;
  assignment: Readonly<{
    operatorId: string | null;
    operatorName: string | null;
    note: string | null;
    notedByName: string | null;
    changedAt: Date;
  }> | null;
}>;

export type UnresolvedPage = Readonly<{
  rows: readonly UnresolvedRow[];
  nextCursor: UnresolvedCursor | null;
}>;

/** A cancel that its own request is still asking about is nobody's business yet. */
const askingMs = 5_000;

/** All that is open, each row by the index of its few open rows. */
const openWork = (now: Date) => Prisma.sql`(
  SELECT 'APPROVAL' AS kind, p.id AS subject_id, p.id AS payment_id, NULL::text AS cancel_id, p.amount_minor, p.requested_at AS since, 'net-cancel' AS job_name
  FROM payment p WHERE p.status = 'UNKNOWN'
  UNION ALL
  SELECT CASE WHEN c.origin = 'NET_CANCEL' THEN 'NET_CANCEL' ELSE 'CANCEL' END, c.id, c.payment_id, c.id, c.amount_minor, c.requested_at,
    CASE WHEN c.origin = 'NET_CANCEL' THEN 'net-cancel' ELSE 'recover-cancel' END
  FROM payment_cancel c WHERE c.status IN ('REQUESTED', 'UNKNOWN')
    AND (c.status = 'UNKNOWN' OR c.requested_at < ${new Date(now.getTime() - askingMs)}::timestamptz)
  UNION ALL
  SELECT 'ORPHAN', 'orphan_' || o.id, o.payment_id, NULL, o.amount_minor, o.found_at, 'reverse-orphan' FROM van_orphan o WHERE o.state = 'OPEN')`;

const tables = (now: Date) =>
  Prisma.sql`${openWork(now)} w JOIN payment p ON p.id = w.payment_id JOIN van v ON v.code = p.van_code`;

/** Until when the VAN takes a net cancel; null where none is to be sent. */
const deadline = Prisma.sql`(CASE WHEN w.kind <> 'CANCEL' THEN p.requested_at + v.net_cancel_deadline_ms * interval '1 millisecond' END)`;
/** Stands for "no deadline that can still be met": comes after all that can. */
const noDeadline = 9_000_000_000_000_000n;
/** Milliseconds of the deadline while it is ahead of `asOf`. */
const urgencyOf = (asOf: Date) => Prisma.sql`(CASE WHEN ${deadline} > ${asOf}::timestamptz
  THEN (extract(epoch FROM ${deadline}) * 1000)::bigint ELSE ${noDeadline}::bigint END)`;

const minuteMs = 60_000;
/** Each age: from (inclusive) and to (exclusive), in milliseconds. */
const ageLimitsMs: Readonly<Record<UnresolvedAge, readonly [from: number, to: number | null]>> = {
  UNDER_1_MIN: [0, minuteMs],
  UNDER_10_MIN: [minuteMs, 10 * minuteMs],
  UNDER_1_H: [10 * minuteMs, 60 * minuteMs],
  OVER_1_H: [60 * minuteMs, null],
};

function hasAge(age: UnresolvedAge, now: Date): Prisma.Sql {
  const [fromMs, toMs] = ageLimitsMs[age];
  const old =
    fromMs === 0 ? Prisma.sql`true` : Prisma.sql`w.since <= ${new Date(now.getTime() - fromMs)}::timestamptz`;
  return toMs === null
    ? old
    : Prisma.sql`(${old} AND w.since > ${new Date(now.getTime() - toMs)}::timestamptz)`;
}

/** Whether the deadline stands so. The open rows are few: it is told of each of them, and no other payment is read. */
function hasDeadline(name: UnresolvedDeadline, now: Date): Prisma.Sql {
  const passed = Prisma.sql`${deadline} <= ${now}::timestamptz`;
  if (name === "PASSED") return Prisma.sql`(${passed})`;
  const closes = new Date(now.getTime() + closingWithinMs);
  return Prisma.sql`(NOT ${passed} AND ${deadline} < ${closes}::timestamptz)`;
}

type Facet = "kind" | "van" | "mall" | "age" | "deadline";

/** The one WHERE of list, totals and facets. A facet's own counts leave its own choice out (`except`), so that one can choose more. */
function whereOf(filter: UnresolvedFilter, now: Date, except?: Facet): Prisma.Sql {
  const conditions: Prisma.Sql[] = [Prisma.sql`true`];
  const chosen = (facet: Facet) => facet !== except && filter[facet].length > 0;
  if (chosen("kind")) conditions.push(Prisma.sql`w.kind = ANY(${filter.kind})`);
  if (chosen("van")) conditions.push(Prisma.sql`p.van_code = ANY(${filter.van})`);
  if (chosen("mall")) conditions.push(Prisma.sql`p.mall_id = ANY(${filter.mall})`);
  if (chosen("age")) {
    const ages = filter.age.map((age) => hasAge(age, now));
    conditions.push(Prisma.sql`(${Prisma.join(ages, " OR ")})`);
  }
  if (chosen("deadline")) {
    const deadlines = filter.deadline.map((name) => hasDeadline(name, now));
    conditions.push(Prisma.sql`(${Prisma.join(deadlines, " OR ")})`);
  }
  return Prisma.sql`WHERE ${Prisma.join(conditions, " AND ")}`;
}

/**
 * The rows of a page and one more. Only what is open is read, by the indexes of the few open rows, and put in order; what is
 * beside a row is looked up for the page alone.
 */
export function unresolvedRowsSql({ filter, cursor, limit }: UnresolvedSearch, now: Date): Prisma.Sql {
  const urgency = urgencyOf(cursor?.asOf ?? now);
  const after = cursor
    ? Prisma.sql`AND (${urgency}, w.since, w.subject_id) > (${cursor.urgency}::bigint, ${cursor.since}::timestamptz, ${cursor.subjectId})`
    : Prisma.empty;
  return Prisma.sql`
    WITH page AS (
      SELECT w.*, ${urgency} AS urgency, ${deadline} AS deadline_at FROM ${tables(now)}
      ${whereOf(filter, now)} ${after} ORDER BY urgency, w.since, w.subject_id LIMIT ${limit + 1})
    SELECT w.urgency, w.subject_id AS "subjectId", w.kind, w.payment_id AS "paymentId", p.status::text AS "paymentStatus", p.order_id AS "orderId",
      p.order_name AS "orderName", p.mall_id AS "mallId", m.name AS "mallName", p.van_code AS "vanCode", w.amount_minor AS "amountMinor", w.since,
      w.deadline_at AS "deadlineAt",
      CASE WHEN w.kind = 'APPROVAL' THEN p.unknown_reason END AS because,
      j.job, CASE WHEN w.kind = 'CANCEL' THEN cardinality(v.cancel_delays_ms) ELSE cardinality(v.net_cancel_delays_ms) END AS "triesMax",
      d.id AS "deadLetterId", d.attempts AS "deadTries", x.exchange, a.assignment
    FROM page w JOIN payment p ON p.id = w.payment_id JOIN mall m ON m.id = p.mall_id JOIN van v ON v.code = p.van_code
    LEFT JOIN LATERAL (
      SELECT jsonb_build_object('tries', o.attempts, 'nextAt', o.available_at, 'isRunning', coalesce(o.locked_until > ${now}::timestamptz, false),
        'waitsForVan', o.waits_for IS NOT NULL, 'lastError', o.last_error) AS job
      FROM outbox_message o WHERE o.subject_id = w.payment_id AND o.job_name = w.job_name AND o.done_at IS NULL AND o.dead_at IS NULL
      ORDER BY o.available_at LIMIT 1) j ON true
    LEFT JOIN LATERAL (
      SELECT l.id, l.attempts FROM dead_letter l WHERE l.payment_id = w.payment_id AND l.job_name = w.job_name AND l.status = 'PARKED'
      ORDER BY l.parked_at DESC LIMIT 1) d ON true
    LEFT JOIN LATERAL (
      SELECT jsonb_build_object('operation', e.operation, 'outcome', e.outcome, 'responseCode', e.response_code, 'startedAt', e.started_at,
        'durationMs', e.duration_ms) AS exchange
      FROM van_exchange e WHERE e.payment_id = w.payment_id AND (w.cancel_id IS NULL OR w.kind = 'NET_CANCEL' OR e.cancel_id = w.cancel_id)
      ORDER BY e.id DESC LIMIT 1) x ON true
    LEFT JOIN LATERAL (
      SELECT jsonb_build_object('operatorId', s.operator_id, 'operatorName', o.name, 'note', s.note, 'notedByName', n.name, 'changedAt', s.changed_at) AS assignment
      FROM unresolved_assignment s LEFT JOIN operator o ON o.id = s.operator_id LEFT JOIN operator n ON n.id = s.noted_by
      WHERE s.subject_id = w.subject_id) a ON true
    ORDER BY w.urgency, w.since, w.subject_id`;
}

/** Reads a keyset page: what can still be net-cancelled by its deadline first, then all others, the longest unknown first. */
export async function searchUnresolved(db: Db, search: UnresolvedSearch, now: Date): Promise<UnresolvedPage> {
  const rows = await db.$queryRaw<(UnresolvedRow & { urgency: bigint })[]>(unresolvedRowsSql(search, now));
  const page = rows.slice(0, search.limit);
  const last = page.at(-1);
  // What can be saved is what could be when the first page was read: no row changes its place between two pages.
  const asOf = search.cursor?.asOf ?? now;
  return {
    rows: page.map(({ urgency: _urgency, ...row }) => withDates(row)),
    nextCursor:
      rows.length > search.limit && last
        ? { asOf, urgency: last.urgency, since: last.since, subjectId: last.subjectId }
        : null,
  };
}

/** JSON knows no dates: those inside it come as text. */
function withDates(row: UnresolvedRow): UnresolvedRow {
  const { job, exchange, assignment } = row;
  return {
    ...row,
    job: job && { ...job, nextAt: new Date(job.nextAt) },
    exchange: exchange && { ...exchange, startedAt: new Date(exchange.startedAt) },
    assignment: assignment && { ...assignment, changedAt: new Date(assignment.changedAt) },
  };
}

export type UnresolvedSummary = Readonly<{
  count: number;
  amountMinor: bigint;
  oldestSince: Date | null;
  /** The nearest deadline that has not passed yet. */
  nextDeadlineAt: Date | null;
  /** How many are past their deadline. */
  passedCount: number;
  facets: Readonly<Record<Facet, readonly { value: string; label: string | null; count: number }[]>>;
}>;

/** Count and sum of the whole filter, and how many rows each further choice would show. */
export async function summarizeUnresolved(
  db: Db,
  filter: UnresolvedFilter,
  now: Date,
): Promise<UnresolvedSummary> {
  const age = Prisma.sql`CASE ${Prisma.join(
    unresolvedAges.map((name) => Prisma.sql`WHEN ${hasAge(name, now)} THEN ${name}`),
    " ",
  )} END`;
  const standing = Prisma.sql`CASE ${Prisma.join(
    unresolvedDeadlines.map((name) => Prisma.sql`WHEN ${hasDeadline(name, now)} THEN ${name}`),
    " ",
  )} END`;
  const count = (facet: Facet, value: Prisma.Sql) =>
    Prisma.sql`SELECT ${facet}::text AS facet, ${value} AS value, count(*)::int AS count FROM ${tables(now)} ${whereOf(filter, now, facet)} GROUP BY 2`;
  const [[totals], counts] = await Promise.all([
    db.$queryRaw<Omit<UnresolvedSummary, "facets">[]>`
      SELECT count(*)::int AS count, coalesce(sum(w.amount_minor), 0)::bigint AS "amountMinor", min(w.since) AS "oldestSince",
        min(${deadline}) FILTER (WHERE ${deadline} > ${now}::timestamptz) AS "nextDeadlineAt",
        (count(*) FILTER (WHERE ${hasDeadline("PASSED", now)}))::int AS "passedCount"
      FROM ${tables(now)} ${whereOf(filter, now)}`,
    db.$queryRaw<{ facet: Facet; value: string | null; label: string | null; count: number }[]>`
      SELECT f.facet, f.value, m.name AS label, f.count FROM (${Prisma.join(
        [
          count("kind", Prisma.sql`w.kind`),
          count("van", Prisma.sql`p.van_code`),
          count("mall", Prisma.sql`p.mall_id`),
          count("age", age),
          count("deadline", standing),
        ],
        " UNION ALL ",
      )}) f LEFT JOIN mall m ON f.facet = 'mall' AND m.id = f.value`,
  ]);
  const of = (facet: Facet) =>
    counts.flatMap(({ facet: of, value, label, count: n }) =>
      of === facet && value !== null ? [{ value, label, count: n }] : [],
    );
  return {
    count: totals?.count ?? 0,
    amountMinor: totals?.amountMinor ?? 0n,
    oldestSince: totals?.oldestSince ?? null,
    nextDeadlineAt: totals?.nextDeadlineAt ?? null,
    passedCount: totals?.passedCount ?? 0,
    facets: { kind: of("kind"), van: of("van"), mall: of("mall"), age: of("age"), deadline: of("deadline") },
  };
}

/** How many outcomes are not known: the one filled count of the sidebar, home's figure, and the whole list of them. */
export async function countUnresolved(db: Db, now: Date): Promise<number> {
  const [row] = await db.$queryRaw<
    { count: number }[]
  >`SELECT count(*)::int AS count FROM ${openWork(now)} w`;
  return row?.count ?? 0;
}

/**
 * How many of the outcomes that `countUnresolved` counts are not asked about any more: their job has given up and waits for a
 * person as a dead letter. All others are being found out.
 */
export async function countHandedOver(db: Db, now: Date): Promise<number> {
  const [row] = await db.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM ${openWork(now)} w
    WHERE EXISTS (SELECT 1 FROM dead_letter l WHERE l.payment_id = w.payment_id AND l.job_name = w.job_name AND l.status = 'PARKED')
      AND NOT EXISTS (SELECT 1 FROM outbox_message o WHERE o.subject_id = w.payment_id AND o.job_name = w.job_name
        AND o.done_at IS NULL AND o.dead_at IS NULL)`;
  return row?.count ?? 0;
}

/** The outcome that has been open for the longest. Amount in minor units. */
export type OldestUnresolved = Readonly<{
  paymentId: string;
  orderId: string;
  mallName: string;
  amountMinor: bigint;
  since: Date;
}>;

/** Reads which of the outcomes that `countUnresolved` counts has not been known for the longest; null when all are known. */
export async function readOldestUnresolved(db: Db, now: Date): Promise<OldestUnresolved | null> {
  const [oldest] = await db.$queryRaw<OldestUnresolved[]>`
    SELECT w.payment_id AS "paymentId", p.order_id AS "orderId", m.name AS "mallName", w.amount_minor AS "amountMinor", w.since
    FROM ${tables(now)} JOIN mall m ON m.id = p.mall_id ORDER BY w.since, w.subject_id LIMIT 1`;
  return oldest ?? null;
}

/** What became of a row that was on a screen. `isOpen`: it is not over, it only left the filter. */
export type UnresolvedOutcome = Readonly<{
  subjectId: string;
  isOpen: boolean;
  paymentStatus: PaymentStatus;
  /** Of a cancel, how it ended. */
  cancelStatus: CancelStatus | null;
}>;

/** Says how rows ended that a screen knows. */
export async function readUnresolvedOutcomes(
  db: Db,
  subjectIds: readonly string[],
): Promise<UnresolvedOutcome[]> {
  return db.$queryRaw<UnresolvedOutcome[]>`
    SELECT p.id AS "subjectId", p.status = 'UNKNOWN' AS "isOpen", p.status::text AS "paymentStatus", NULL AS "cancelStatus"
    FROM payment p WHERE p.id = ANY(${subjectIds})
    UNION ALL
    SELECT c.id, c.status IN ('REQUESTED', 'UNKNOWN'), p.status::text, c.status::text
    FROM payment_cancel c JOIN payment p ON p.id = c.payment_id WHERE c.id = ANY(${subjectIds})
    UNION ALL
    SELECT 'orphan_' || o.id, o.state = 'OPEN', p.status::text, NULL
    FROM van_orphan o JOIN payment p ON p.id = o.payment_id
    WHERE o.id = ANY(${orphanNumbers(subjectIds)}::bigint[])`;
}

function orphanNumbers(subjectIds: readonly string[]): bigint[] {
  return subjectIds.flatMap((id) => (id.startsWith("orphan_") ? [BigInt(id.slice("orphan_".length))] : []));
}
