import { Prisma } from "#prisma/generated/client.ts";
import type { Origin, PaymentStatus } from "#server/payments/domain/payment-status.ts";
import type {
  PaymentFilter,
  PaymentSort,
  Period,
  PeriodBasis,
} from "#server/payments/payment-search.schemas.ts";
import type { Db } from "#server/platform/db.ts";

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

/** A filter ready for SQL: words apart, the period resolved; without a basis it is about the request. */
export type RowQuery = Readonly<
  Omit<PaymentFilter, "q" | "date"> & { terms: readonly string[]; period: Period; basis?: PeriodBasis }
>;

export type Totals = Readonly<{
  currency: string;
  count: number;
  amountMinor: bigint;
  canceledMinor: bigint;
}>;

/** Statuses whose money the mall got: what totals add up. */
const approvedStatuses: readonly PaymentStatus[] = ["DONE", "CANCEL_PENDING", "PARTIAL_CANCELED", "CANCELED"];

const escapeLike = (text: string) => text.replace(/[\\%_]/g, (sign) => `\\${sign}`);

/** What one word may name: a payment or cancel by its key, an approval number, the last four digits, or a part of order id or product. */
function termCondition(term: string): Prisma.Sql {
  if (/^pay_[0-9A-Z]{26}$/.test(term)) return Prisma.sql`p.id = ${term}`;
  if (/^pay_/i.test(term)) return Prisma.sql`p.id LIKE ${`${escapeLike(term)}%`}`;
  if (/^cxl_[0-9A-Z]{26}$/.test(term))
    return Prisma.sql`p.id IN (SELECT c.payment_id FROM payment_cancel c WHERE c.id = ${term})`;
  const anywhere = `%${escapeLike(term)}%`;
  const choices = [
    Prisma.sql`p.order_id ILIKE ${anywhere}`,
    Prisma.sql`p.order_name ILIKE ${anywhere}`,
    Prisma.sql`p.approval_no = ${term}`,
  ];
  if (/^\d{4}$/.test(term)) choices.push(Prisma.sql`p.card_last4 = ${term}`);
  return Prisma.sql`(${Prisma.join(choices, " OR ")})`;
}

function among(
  column: Prisma.Sql,
  values: readonly string[] | undefined,
  type: Prisma.Sql = Prisma.sql`text`,
): Prisma.Sql[] {
  return values && values.length > 0 ? [Prisma.sql`${column} = ANY(${[...values]}::text[]::${type}[])`] : [];
}

/** The conditions of a filter but its period. */
function filterConditions(query: RowQuery): Prisma.Sql[] {
  return [
    ...query.terms.map(termCondition),
    ...among(Prisma.sql`p.status`, query.status, Prisma.sql`payment_status`),
    ...among(Prisma.sql`p.mall_id`, query.mall),
    ...among(Prisma.sql`p.van_code`, query.van),
    ...among(Prisma.sql`p.method`, query.method, Prisma.sql`payment_method`),
    ...among(Prisma.sql`p.origin`, query.origin, Prisma.sql`origin`),
    ...(query.amountMin === undefined ? [] : [Prisma.sql`p.amount_minor >= ${query.amountMin}::bigint`]),
    ...(query.amountMax === undefined ? [] : [Prisma.sql`p.amount_minor <= ${query.amountMax}::bigint`]),
  ];
}

function periodConditions({ period, basis = "requested" }: RowQuery): Prisma.Sql[] {
  const within = (column: Prisma.Sql) => [
    ...(period.from ? [Prisma.sql`${column} >= ${period.from}::timestamptz`] : []),
    ...(period.to ? [Prisma.sql`${column} < ${period.to}::timestamptz`] : []),
  ];
  if (basis === "requested") return within(Prisma.sql`p.requested_at`);
  // What was given back by a cancel; a net cancel takes back an approval that the mall never had.
  const given = [
    Prisma.sql`c.status = 'SUCCEEDED'`,
    Prisma.sql`c.origin <> 'NET_CANCEL'`,
    ...within(Prisma.sql`c.completed_at`),
  ];
  return [
    Prisma.sql`p.id IN (SELECT c.payment_id FROM payment_cancel c WHERE ${Prisma.join(given, " AND ")})`,
  ];
}

/** The one WHERE of a filter: list, count and totals all use it. `extra` narrows it further, as a cursor does. */
function where(query: RowQuery, ...extra: Prisma.Sql[]): Prisma.Sql {
  const conditions = [...filterConditions(query), ...periodConditions(query), ...extra];
  return conditions.length === 0 ? Prisma.empty : Prisma.sql`WHERE ${Prisma.join(conditions, " AND ")}`;
}

const rowColumns = Prisma.sql`p.id, p.status::text AS status, p.version, p.requested_at AS "requestedAt", p.mall_id AS "mallId", m.name AS "mallName",
  p.order_id AS "orderId", p.order_name AS "orderName", p.method::text AS method, p.currency, p.amount_minor AS "amountMinor",
  p.canceled_minor AS "canceledMinor", p.issuer_name AS "issuerName", p.card_last4 AS "cardLast4",
  p.installment_months AS "installmentMonths", p.origin::text AS origin, p.van_code AS "vanCode", p.failure_code AS "failureCode",
  CASE WHEN p.status = 'UNKNOWN' THEN p.requested_at + v.net_cancel_deadline_ms * interval '1 millisecond' END AS "netCancelUntil"`;

const rowTables = Prisma.sql`payment p JOIN mall m ON m.id = p.mall_id LEFT JOIN van v ON v.code = p.van_code`;

type Cursor = Readonly<{ key: bigint; id: string }>;

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
export function paymentRowsSql(
  query: RowQuery,
  page: { sort: PaymentSort; after: Cursor | null; limit: number },
): Prisma.Sql {
  const { by, beyond } = orders[page.sort];
  return Prisma.sql`SELECT ${rowColumns} FROM ${rowTables} ${where(query, ...(page.after ? [beyond(page.after)] : []))} ORDER BY ${by} LIMIT ${page.limit}`;
}

/** Reads a page of rows that follow the cursor. */
export async function loadPaymentRows(
  db: Db,
  query: RowQuery,
  page: { sort: PaymentSort; after: Cursor | null; limit: number },
): Promise<PaymentRow[]> {
  return db.$queryRaw<PaymentRow[]>(paymentRowsSql(query, page));
}

/** Counts all that match; with `newerThan` only those requested after that payment. */
export async function countPayments(
  db: Db,
  query: RowQuery,
  newerThan?: { requestedAt: Date; id: string },
): Promise<number> {
  const newer = newerThan
    ? [Prisma.sql`(p.requested_at, p.id) > (${newerThan.requestedAt}::timestamptz, ${newerThan.id})`]
    : [];
  const [row] = await db.$queryRaw<{ count: bigint }[]>(
    Prisma.sql`SELECT count(*) AS count FROM payment p ${where(query, ...newer)}`,
  );
  return Number(row?.count ?? 0n);
}

/** Adds up the approved payments that match, per currency. */
export async function sumPayments(db: Db, query: RowQuery): Promise<Totals[]> {
  const rows = await db.$queryRaw<
    { currency: string; count: bigint; amountMinor: bigint; canceledMinor: bigint }[]
  >(
    Prisma.sql`SELECT p.currency, count(*) AS count, sum(p.amount_minor)::bigint AS "amountMinor", sum(p.canceled_minor)::bigint AS "canceledMinor"
      FROM payment p ${where(query, ...among(Prisma.sql`p.status`, approvedStatuses, Prisma.sql`payment_status`))} GROUP BY p.currency ORDER BY p.currency`,
  );
  return rows.map((row) => ({ ...row, count: Number(row.count) }));
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
