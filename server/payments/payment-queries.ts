import { Prisma } from "#prisma/generated/client.ts";
import { approvedStatuses, type Origin, type PaymentStatus } from "#server/payments/domain/payment-status.ts";
import {
  filterConditions,
  periodConditions,
  type RowQuery,
  requestedAt,
  whereAll,
} from "#server/payments/payment-filter-queries.ts";
import type { PaymentSort, Period } from "#server/payments/payment-search.values.ts";
import { type Db, isQueryCanceled, type Sql, type SqlPool } from "#server/platform/db.ts";

/** A payment as a line of the list. Amounts are minor units. */
export type PaymentRow = Readonly<{
  id: string;
  status: PaymentStatus;
  version: number;
  requestedAt: Date;
  mallId: string;
  mallName: string;
  orderId: string;
  orderName: string;
  method: "CARD" | "VOUCHER";
  currency: string;
  amountMinor: bigint;
  canceledMinor: bigint;
  issuerName: string | null;
  cardLast4: string | null;
  installmentMonths: number;
  origin: Origin;
  vanCode: string;
  failureCode: string | null;
  /** Until when the VAN accepts a net cancel of this approval (NC-7). */
  netCancelUntil: Date | null;
}>;

/** The money of the approved among payments, of one currency; `count` is how many those are. */
export type Totals = Readonly<{
  currency: string;
  count: number;
  amountMinor: bigint;
  canceledMinor: bigint;
}>;

/** What payments add up to. When not `isComplete` there are more: count and sums are then at least what they say. */
export type Summary = Readonly<{ count: number; isComplete: boolean; totals: readonly Totals[] }>;

/** The one WHERE of a filter: list, count and totals all use it. */
function where(query: RowQuery): Prisma.Sql {
  return whereAll([...filterConditions(query), ...periodConditions(requestedAt, query.period)]);
}

/** The WHERE of the rows of a filter that follow a cursor. */
function whereBeyond(query: RowQuery, page: Pick<PageQuery, "sort" | "after">): Prisma.Sql {
  return whereAll([...filterConditions(query), ...pathConditions(query.period, page)]);
}

/**
 * A period and a cursor as bounds of one walk through an index. The bound of the period that the cursor makes needless is
 * left out: of two on one side PostgreSQL starts at the wider one and reads every row up to the other.
 */
function pathConditions(
  { from, to }: Period,
  { sort, after }: Pick<PageQuery, "sort" | "after">,
): Prisma.Sql[] {
  if (!after) return periodConditions(requestedAt, { from, to });
  const isPast = (bound: Date | undefined) => bound !== undefined && Number(after.key) >= bound.getTime();
  const left =
    sort === "requestedAt" && isPast(from)
      ? { to }
      : sort === "-requestedAt" && !isPast(to)
        ? { from }
        : { from, to };
  return [...periodConditions(requestedAt, left), orders[sort].beyond(after)];
}

const rowColumns = Prisma.sql`p.id, p.status::text AS status, p.version, p.requested_at AS "requestedAt", p.mall_id AS "mallId", m.name AS "mallName",
  p.order_id AS "orderId", p.order_name AS "orderName", p.method::text AS method, p.currency, p.amount_minor AS "amountMinor",
  p.canceled_minor AS "canceledMinor", p.issuer_name AS "issuerName", p.card_last4 AS "cardLast4",
  p.installment_months AS "installmentMonths", p.origin::text AS origin, p.van_code AS "vanCode", p.failure_code AS "failureCode",
  CASE WHEN p.status = 'UNKNOWN' THEN p.requested_at + v.net_cancel_deadline_ms * interval '1 millisecond' END AS "netCancelUntil"`;

const rowTables = Prisma.sql`payment p JOIN mall m ON m.id = p.mall_id LEFT JOIN van v ON v.code = p.van_code`;

/** A place in an order: the key of a row, and its id among equals. The key of a time is milliseconds. */
export type Cursor = Readonly<{ key: bigint; id: string }>;
export type PageQuery = Readonly<{ sort: PaymentSort; after: Cursor | null; limit: number }>;

/** How each order reads on: its ORDER BY, and what lies beyond a cursor. Indexed columns only. */
const orders: Readonly<Record<PaymentSort, { by: Prisma.Sql; beyond: (after: Cursor) => Prisma.Sql }>> = {
  "-requestedAt": {
    by: Prisma.sql`p.requested_at DESC, p.id DESC`,
    beyond: ({ key, id }) =>
      Prisma.sql`(p.requested_at, p.id) < (${new Date(Number(key))}::timestamptz, ${id})`,
  },
  requestedAt: {
    by: Prisma.sql`p.requested_at, p.id`,
    beyond: ({ key, id }) =>
      Prisma.sql`(p.requested_at, p.id) > (${new Date(Number(key))}::timestamptz, ${id})`,
  },
  "-amount": {
    by: Prisma.sql`p.amount_minor DESC, p.id DESC`,
    beyond: ({ key, id }) => Prisma.sql`(p.amount_minor, p.id) < (${key}::bigint, ${id})`,
  },
  amount: {
    by: Prisma.sql`p.amount_minor, p.id`,
    beyond: ({ key, id }) => Prisma.sql`(p.amount_minor, p.id) > (${key}::bigint, ${id})`,
  },
};

/** The list's statement, apart from running it, so that a test can explain it. */
export function paymentRowsSql(query: RowQuery, page: PageQuery): Prisma.Sql {
  const { by } = orders[page.sort];
  return Prisma.sql`SELECT ${rowColumns} FROM ${rowTables} ${whereBeyond(query, page)} ORDER BY ${by} LIMIT ${page.limit}`;
}

/** Reads a page of rows that follow the cursor. */
export async function loadPaymentRows(db: Db, query: RowQuery, page: PageQuery): Promise<PaymentRow[]> {
  return db.$queryRaw<PaymentRow[]>(paymentRowsSql(query, page));
}

/** A payment as a line of a file. Amounts are minor units; customer data is as stored: whoever writes the file masks it. */
export type ExportedPayment = Readonly<
  Pick<
    PaymentRow,
    | "id"
    | "status"
    | "requestedAt"
    | "mallId"
    | "mallName"
    | "orderId"
    | "orderName"
    | "method"
    | "currency"
    | "amountMinor"
    | "canceledMinor"
    | "issuerName"
    | "cardLast4"
    | "installmentMonths"
    | "origin"
    | "vanCode"
    | "failureCode"
  > & {
    approvedAt: Date | null;
    taxFreeMinor: bigint;
    vatMinor: bigint;
    approvalNo: string | null;
    customerName: string | null;
    customerPhone: string | null;
    customerEmail: string | null;
  }
>;

/** Every row of a filter in the list's order, apart from running it: it is read through a cursor. */
export function exportedPaymentsSql(query: RowQuery, sort: PaymentSort): Prisma.Sql {
  return Prisma.sql`SELECT ${rowColumns}, p.approved_at AS "approvedAt", p.tax_free_minor AS "taxFreeMinor", p.vat_minor AS "vatMinor",
      p.approval_no AS "approvalNo", p.customer_name AS "customerName", p.customer_phone AS "customerPhone", p.customer_email AS "customerEmail"
    FROM ${rowTables} ${where(query)} ORDER BY ${orders[sort].by}`;
}

// ---------------------------------------------------------------- words
// A part of a text is found in two ways, each with a bound. Rows are looked at one by one, in the list's order, but only
// so many in one go: that finds the frequent words at once, and those that no index knows, such as two letters or Hangul
// where the database's locale has no letters but ASCII. What is left of a rare word is read from the index of trigrams.

/** How many rows a search by words looks at one by one before it answers; by amount they lie apart, and each costs more. */
const scannedRowsMax = (sort: PaymentSort) => (sort.endsWith("amount") ? 6_000 : 15_000);
/** How long the index may be asked for what lies beyond them, in milliseconds. */
const indexTimeoutMs = 100;

/** The walk through the list in its order, as far as one index leads it, and what is asked of each row on the way. */
function walkOf(query: RowQuery, { sort, after }: Pick<PageQuery, "sort" | "after">) {
  const byTime = sort.endsWith("requestedAt");
  const only = (values: readonly unknown[] | undefined) => values?.length === 1;
  // What has a refusal code is aborted, whatever other status is asked for: then there is none.
  const of = query.failure?.length && !query.status ? { ...query, status: ["ABORTED" as const] } : query;
  const lead = !byTime
    ? null
    : only(of.status)
      ? "status"
      : only(of.mall)
        ? "mall"
        : only(of.van)
          ? "van"
          : null;
  const led = lead ? filterConditions({ terms: [], period: {}, [lead]: of[lead] }) : [];
  const asked = filterConditions({ ...of, ...(lead && { [lead]: undefined }) });
  return {
    path: whereAll([...led, ...pathConditions(byTime ? query.period : {}, { sort, after })]),
    asked: whereAll([...asked, ...(byTime ? [] : periodConditions(requestedAt, query.period))]),
  };
}

/** The statement of one go through the list, apart from running it, so that a test can explain it. */
export function scannedRowsSql(query: RowQuery, page: PageQuery): Prisma.Sql {
  const { by } = orders[page.sort];
  const { path, asked } = walkOf(query, page);
  return Prisma.sql`SELECT ${rowColumns} FROM (
      SELECT p.* FROM (SELECT p.* FROM payment p ${path} ORDER BY ${by} LIMIT ${scannedRowsMax(page.sort)}) p ${asked} ORDER BY ${by} LIMIT ${page.limit}
    ) p JOIN mall m ON m.id = p.mall_id LEFT JOIN van v ON v.code = p.van_code ORDER BY ${by}`;
}

/** Of the next rows of the list, as many as are looked at in one go, those that match. */
export async function scanPaymentRows(db: Db, query: RowQuery, page: PageQuery): Promise<PaymentRow[]> {
  return db.$queryRaw<PaymentRow[]>(scannedRowsSql(query, page));
}

/** The last row that one go through the list looks at; null when the list ends within it. */
export async function findScanEnd(
  db: Db,
  query: RowQuery,
  page: Pick<PageQuery, "sort" | "after">,
): Promise<{ id: string; requestedAt: Date; amountMinor: bigint } | null> {
  const { path } = walkOf(query, page);
  const [row] = await db.$queryRaw<{ id: string; requestedAt: Date; amountMinor: bigint }[]>(
    Prisma.sql`SELECT p.id, p.requested_at AS "requestedAt", p.amount_minor AS "amountMinor" FROM payment p ${path}
      ORDER BY ${orders[page.sort].by} OFFSET ${scannedRowsMax(page.sort) - 1} LIMIT 1`,
  );
  return row ?? null;
}

/** True when the index of trigrams can find a word: it knows runs of three letters or digits. */
export function isIndexed(term: string): boolean {
  return /[A-Za-z0-9]{3}/.test(term) || /^(pay|cxl)_/i.test(term);
}

/** Asks the index, and gives up with `null` when that takes too long: somebody waits. */
async function askIndex<Row>(db: Db, sql: Prisma.Sql): Promise<Row[] | null> {
  try {
    return await db.$transaction(async (tx) => {
      await tx.$executeRawUnsafe(`SET LOCAL statement_timeout = ${indexTimeoutMs}`);
      await tx.$executeRawUnsafe("SET LOCAL enable_seqscan = off");
      return tx.$queryRaw<Row[]>(sql);
    });
  } catch (error) {
    if (isQueryCanceled(error)) return null;
    throw error;
  }
}

/** Every row that matches, by the index; `null` when there are too many to be read that way in time. */
export async function lookUpPaymentRows(
  db: Db,
  query: RowQuery,
  page: PageQuery,
): Promise<PaymentRow[] | null> {
  const { by } = orders[page.sort];
  // Materialized, so that the words lead and the order follows: the other way round every row would be read.
  return askIndex<PaymentRow>(
    db,
    Prisma.sql`WITH found AS MATERIALIZED (SELECT p.id FROM payment p ${whereBeyond(query, page)})
      SELECT ${rowColumns} FROM found JOIN payment p ON p.id = found.id JOIN mall m ON m.id = p.mall_id LEFT JOIN van v ON v.code = p.van_code
      ORDER BY ${by} LIMIT ${page.limit}`,
  );
}

// ---------------------------------------------------------------- count and totals

/** Up to so many payments are counted and added up while somebody waits. */
export const summedRowsMax = 20_000;

const summedColumns = Prisma.sql`p.currency, p.status, p.amount_minor, p.canceled_minor`;

type SumRow = {
  currency: string;
  count: bigint;
  approvedCount: bigint;
  amountMinor: bigint;
  canceledMinor: bigint;
};

function sumOf(rows: Prisma.Sql): Prisma.Sql {
  const approved = Prisma.sql`p.status = ANY(${[...approvedStatuses]}::text[]::payment_status[])`;
  return Prisma.sql`SELECT p.currency, count(*) AS count, count(*) FILTER (WHERE ${approved}) AS "approvedCount",
      coalesce(sum(p.amount_minor) FILTER (WHERE ${approved}), 0)::bigint AS "amountMinor",
      coalesce(sum(p.canceled_minor) FILTER (WHERE ${approved}), 0)::bigint AS "canceledMinor"
    FROM (${rows}) p GROUP BY p.currency ORDER BY p.currency`;
}

function summaryOf(rows: readonly SumRow[], isComplete: (count: number) => boolean): Summary {
  const count = rows.reduce((all, row) => all + Number(row.count), 0);
  return {
    count,
    isComplete: isComplete(count),
    totals: rows
      .filter((row) => row.approvedCount > 0n)
      .map(({ currency, approvedCount, amountMinor, canceledMinor }) => ({
        currency,
        count: Number(approvedCount),
        amountMinor,
        canceledMinor,
      })),
  };
}

/** Adds up the newest payments that match, up to `summedRowsMax`. */
export async function sumPayments(db: Db, query: RowQuery): Promise<Summary> {
  const rows = await db.$queryRaw<SumRow[]>(
    sumOf(
      Prisma.sql`SELECT ${summedColumns} FROM payment p ${where(query)} ORDER BY p.requested_at DESC, p.id DESC LIMIT ${summedRowsMax}`,
    ),
  );
  return summaryOf(rows, (count) => count < summedRowsMax);
}

/** Adds up those of the newest payments that match, of as many as are looked at in one go. Never complete by itself. */
export async function sumScannedPayments(db: Db, query: RowQuery): Promise<Summary> {
  const { path, asked } = walkOf(query, { sort: "-requestedAt", after: null });
  const rows = await db.$queryRaw<SumRow[]>(
    sumOf(
      Prisma.sql`SELECT ${summedColumns} FROM (SELECT p.* FROM payment p ${path} ORDER BY p.requested_at DESC, p.id DESC LIMIT ${scannedRowsMax("-requestedAt")}) p ${asked}`,
    ),
  );
  return summaryOf(rows, () => false);
}

/** Adds up all that match by the index; `null` when that takes too long. */
export async function sumLookedUpPayments(db: Db, query: RowQuery): Promise<Summary | null> {
  const rows = await askIndex<SumRow>(
    db,
    sumOf(Prisma.sql`SELECT ${summedColumns} FROM payment p ${where(query)}`),
  );
  return rows && summaryOf(rows, () => true);
}

/** Adds up everything that matches, however long that takes: for the pool of reports. */
export async function sumAllPayments(reports: Sql, query: RowQuery): Promise<Summary> {
  const sql = sumOf(Prisma.sql`SELECT ${summedColumns} FROM payment p ${where(query)}`);
  const rows = await reports.run<SumRow>({ name: "", text: sql.text }, sql.values);
  return summaryOf(rows, () => true);
}

/** The ids of all that match, newest first, and no more than `limit` of them: for the pool of reports. */
export async function loadMatchingIds(reports: SqlPool, query: RowQuery, limit: number): Promise<string[]> {
  const sql = Prisma.sql`SELECT p.id FROM payment p ${where(query)} ORDER BY p.requested_at DESC, p.id DESC LIMIT ${limit}`;
  const rows = await reports.run<{ id: string }>({ name: "", text: sql.text }, sql.values);
  return rows.map(({ id }) => id);
}

/** More new payments than this are only said to be more. */
const newerRowsMax = 1_000;

/** How many of the payments requested after that one match; at most `newerRowsMax`, of the next ten thousand. */
export async function countNewerPayments(
  db: Db,
  query: RowQuery,
  than: { requestedAt: Date; id: string },
): Promise<number> {
  const after = { key: BigInt(than.requestedAt.getTime()), id: than.id };
  const { path, asked } = walkOf(query, { sort: "requestedAt", after });
  const [row] = await db.$queryRaw<{ count: bigint }[]>(
    Prisma.sql`SELECT count(*) AS count FROM (SELECT 1 FROM (SELECT p.* FROM payment p ${path} ORDER BY p.requested_at, p.id LIMIT 10000) p ${asked} LIMIT ${newerRowsMax}) newer`,
  );
  return Number(row?.count ?? 0n);
}

/** Of the known rows, those that are not at the known version any more, and whether each still matches the filter. */
export async function loadChangedRows(
  db: Db,
  query: RowQuery,
  known: readonly { id: string; version: number }[],
): Promise<(PaymentRow & { matches: boolean })[]> {
  if (known.length === 0) return [];
  const conditions = filterConditions(query);
  const matches =
    conditions.length === 0
      ? Prisma.sql`true`
      : Prisma.sql`coalesce(${Prisma.join(conditions, " AND ")}, false)`;
  return db.$queryRaw(
    Prisma.sql`SELECT ${rowColumns}, ${matches} AS matches
      FROM unnest(${known.map((row) => row.id)}::text[], ${known.map((row) => row.version)}::int[]) AS k (id, version)
      JOIN payment p ON p.id = k.id AND p.version <> k.version JOIN mall m ON m.id = p.mall_id LEFT JOIN van v ON v.code = p.van_code`,
  );
}

/** True when there is a payment requested at or after `from`. */
export async function hasPaymentSince(db: Db, from: Date): Promise<boolean> {
  return (
    (await db.payment.findFirst({ where: { requestedAt: { gte: from } }, select: { id: true } })) !== null
  );
}

/** What the filter offers to choose from. */
export async function loadFilterOptions(db: Db) {
  const [malls, vans] = await Promise.all([
    db.mall.findMany({ select: { id: true, name: true }, orderBy: { name: "asc" }, take: 1_000 }),
    db.van.findMany({ select: { code: true, name: true }, orderBy: { code: "asc" } }),
  ]);
  return { malls, vans };
}

// ---------------------------------------------------------------- one payment and its record
// The payment page is one read model: it looks into the records that other modules keep about a payment and changes none.

/** How many approvals before this one its VAN time is measured against. */
const comparedApprovals = 500;

/** The 95th percentile of the VAN's time, in milliseconds, over its approvals just before this one; null when it is the first. */
async function loadVanP95Ms(db: Db, vanCode: string, before: Date): Promise<number | null> {
  const [row] = await db.$queryRaw<{ p95: number | null }[]>(
    Prisma.sql`SELECT percentile_disc(0.95) WITHIN GROUP (ORDER BY d.ms)::int AS p95 FROM (
      SELECT p.van_duration_ms AS ms FROM payment p
      WHERE p.van_code = ${vanCode} AND p.requested_at < ${before}::timestamptz AND p.requested_at > ${before}::timestamptz - interval '1 day'
      ORDER BY p.requested_at DESC, p.id DESC LIMIT ${comparedApprovals}) d WHERE d.ms IS NOT NULL`,
  );
  return row?.p95 ?? null;
}

/** Reads a payment with everything that its page shows at first, or null. Customer data is as stored: the caller masks it. */
export async function loadPaymentDetail(db: Db, id: string) {
  const payment = await db.payment.findUnique({
    where: { id },
    omit: { cardFingerprint: true },
    include: {
      mall: { select: { id: true, name: true, businessNumber: true } },
      cancels: { orderBy: [{ requestedAt: "asc" }, { id: "asc" }] },
      events: { orderBy: { id: "asc" } },
    },
  });
  if (!payment) return null;
  const [
    van,
    announcements,
    deadLetters,
    orphans,
    vanP95Ms,
    timing,
    operators,
    ledger,
    exchanges,
    idempotencyKeys,
    audit,
  ] = await Promise.all([
    db.van.findUnique({
      where: { code: payment.vanCode },
      select: { code: true, name: true, netCancelDeadlineMs: true, netCancelDelaysMs: true },
    }),
    db.event.findMany({
      where: { subjectId: id },
      orderBy: { id: "asc" },
      select: {
        id: true,
        type: true,
        sequence: true,
        occurredAt: true,
        deliveries: {
          orderBy: { createdAt: "asc" },
          select: {
            id: true,
            status: true,
            attempts: true,
            createdAt: true,
            completedAt: true,
            endpoint: { select: { url: true } },
            tries: {
              orderBy: { id: "asc" },
              select: { attempt: true, startedAt: true, durationMs: true, responseStatus: true, error: true },
            },
          },
        },
      },
    }),
    db.deadLetter.findMany({
      where: { paymentId: id },
      orderBy: { parkedAt: "asc" },
      select: {
        id: true,
        jobName: true,
        status: true,
        attempts: true,
        lastError: true,
        reasonClass: true,
        parkedAt: true,
        redrivenAt: true,
        resolvedAt: true,
      },
    }),
    db.vanOrphan.findMany({
      where: { paymentId: id },
      orderBy: { id: "asc" },
      select: { id: true, state: true, foundAt: true, amountMinor: true, closedAt: true },
    }),
    loadVanP95Ms(db, payment.vanCode, payment.requestedAt),
    db.approvalTiming.findUnique({ where: { paymentId: id }, select: { commit2Ms: true, answerMs: true } }),
    db.operator.findMany({
      where: {
        id: { in: [...new Set([...payment.cancels, ...payment.events].map((entry) => entry.actorId))] },
      },
      select: { id: true, name: true },
    }),
    db.ledgerEntry.count({ where: { paymentId: id } }),
    db.vanExchange.count({ where: { paymentId: id } }),
    db.idempotencyKey.count({ where: { paymentId: id } }),
    db.auditLog.count({ where: { targetId: { in: targetsOf(payment) } } }),
  ]);
  const subjects = [
    id,
    ...payment.cancels.map((cancel) => cancel.id),
    ...announcements.flatMap((event) => event.deliveries.map((delivery) => delivery.id)),
  ];
  const jobs = await db.outboxMessage.findMany({
    where: { subjectId: { in: subjects }, doneAt: null, deadAt: null },
    orderBy: { availableAt: "asc" },
    select: { jobName: true, payload: true, availableAt: true, attempts: true, lastError: true },
  });
  return {
    payment,
    van,
    announcements,
    deadLetters,
    orphans,
    vanP95Ms,
    timing,
    operators,
    jobs,
    counts: { ledger, exchanges, idempotencyKeys, audit },
  };
}

function targetsOf(payment: { id: string; cancels: readonly { id: string }[] }): string[] {
  return [payment.id, ...payment.cancels.map((cancel) => cancel.id)];
}

/** The ledger entries of a payment, in the order they were written. */
export async function loadLedgerEntries(db: Db, paymentId: string) {
  return db.ledgerEntry.findMany({ where: { paymentId }, orderBy: { id: "asc" } });
}

/** The messages to and from the VAN about a payment, bytes included (card number masked when they were kept). */
export async function loadExchanges(db: Db, paymentId: string) {
  const exchanges = await db.vanExchange.findMany({
    where: { paymentId },
    orderBy: { id: "asc" },
    take: 200,
  });
  const vans = await db.van.findMany({
    where: { code: { in: [...new Set(exchanges.map((exchange) => exchange.vanCode))] } },
    select: { code: true, protocol: true },
  });
  return { exchanges, protocolOf: new Map(vans.map((van) => [van.code, van.protocol])) };
}

/** The idempotency keys under which this payment and its cancels were asked for, with what is kept for replays. */
export async function loadIdempotencyKeys(db: Db, paymentId: string) {
  return db.idempotencyKey.findMany({
    where: { paymentId },
    orderBy: { createdAt: "asc" },
    select: {
      method: true,
      path: true,
      key: true,
      requestHash: true,
      cancelId: true,
      httpStatus: true,
      responseBody: true,
      createdAt: true,
      expiresAt: true,
    },
  });
}

/** The audit rows about a payment and its cancels, with the names of operators. */
export async function loadPaymentAudit(db: Db, paymentId: string) {
  const cancels = await db.paymentCancel.findMany({ where: { paymentId }, select: { id: true } });
  const rows = await db.auditLog.findMany({
    where: { targetId: { in: targetsOf({ id: paymentId, cancels }) } },
    orderBy: { seq: "asc" },
    take: 500,
    select: {
      seq: true,
      at: true,
      actorType: true,
      actorId: true,
      action: true,
      outcome: true,
      ipAddress: true,
      detail: true,
    },
  });
  const operators = await db.operator.findMany({
    where: { id: { in: [...new Set(rows.map((row) => row.actorId))] } },
    select: { id: true, name: true },
  });
  return { rows, operators };
}
