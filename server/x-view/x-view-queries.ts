import { Prisma } from "#prisma/generated/client.ts";
import { declineCodes } from "#server/core/refusals.ts";
import { responseMs } from "#server/payments/payment-filter-queries.ts";
import type { Db, Sql } from "#server/platform/db.ts";
import type { FeedInput, PickInput } from "#server/x-view/x-view.schemas.ts";
import {
  inFlightBandsMs,
  pointsMax,
  type XViewOperation,
  type XViewOutcome,
  xViewOperations,
  xViewOutcomes,
} from "#server/x-view/x-view.values.ts";

type Filter = Pick<FeedInput, "van" | "mall" | "operation">;
/** End times, both ends included; no `to` is open, for a process whose clock is ahead may have dated an answer. */
type Span = Readonly<{ from: Date; to?: Date }>;

/** What a picked point stands for. */
export type PickedTransaction = Readonly<{
  /** The payment's key, or the cancel's. */
  id: string;
  paymentKey: string;
  operation: XViewOperation;
  outcome: XViewOutcome;
  answeredAt: Date;
  durationMs: number;
  mallName: string;
  orderId: string;
  vanCode: string;
  amountMinor: bigint;
}>;

export type PickedTotals = Readonly<{
  count: number;
  amountMinor: bigint;
  outcomes: Readonly<Partial<Record<XViewOutcome, number>>>;
  /** VANs of those that were unknown or net-cancelled or failed. */
  troubledVans: readonly string[];
  operations: Readonly<Partial<Record<XViewOperation, number>>>;
}>;

const milliseconds = (from: Prisma.Sql, to: Prisma.Sql) =>
  Prisma.sql`least(greatest(round(extract(epoch FROM ${to} - ${from}) * 1000), 0), 2147483647)::int`;

/** Runs a composed statement on a pool. It has no name: its text differs from filter to filter. */
function run<Row>(sql: Sql, { text, values }: Prisma.Sql): Promise<Row[]> {
  return sql.run<Row>({ name: "", text }, values);
}

function among(column: Prisma.Sql, values: readonly string[]): Prisma.Sql {
  return values.length > 0 ? Prisma.sql`AND ${column} = ANY(${[...values]})` : Prisma.empty;
}

/**
 * Finished approvals and cancels of a span as one relation. An approval's outcome is read from what never changes
 * later, apart from an unknown one that was net-cancelled; its time is what the mall waited. A cancel's time is from
 * its request to its end, however often the VAN had to be asked. Both ends of a span are served by an index on the
 * end time.
 */
export function transactionsSql({ from, to }: Span, { van, mall, operation }: Filter): Prisma.Sql {
  const wanted = operation.length > 0 ? operation : xViewOperations;
  const until = (column: Prisma.Sql) => (to ? Prisma.sql`AND ${column} <= ${to}` : Prisma.empty);
  const approvals = Prisma.sql`
    SELECT p.id, p.id AS payment_id, 0 AS operation, p.answered_at AS ended_at, p.requested_at,
      ${responseMs} AS duration_ms,
      CASE WHEN p.approved_at IS NOT NULL THEN 0
        WHEN p.unknown_reason IS NOT NULL THEN CASE WHEN p.status = 'NET_CANCELED' THEN 3 ELSE 4 END
        WHEN p.failure_code = ANY(${[...declineCodes]}) THEN 1 ELSE 2 END AS outcome,
      p.van_code, p.mall_id, p.amount_minor
    FROM payment p WHERE p.answered_at >= ${from} ${until(Prisma.sql`p.answered_at`)}
      ${among(Prisma.sql`p.van_code`, van)} ${among(Prisma.sql`p.mall_id`, mall)}`;
  const cancels = Prisma.sql`
    SELECT c.id, c.payment_id, 1 AS operation, c.completed_at AS ended_at, c.requested_at,
      ${milliseconds(Prisma.sql`c.requested_at`, Prisma.sql`c.completed_at`)} AS duration_ms,
      CASE WHEN c.status = 'SUCCEEDED' THEN 0 ELSE 1 END AS outcome,
      p.van_code, c.mall_id, c.amount_minor
    FROM payment_cancel c JOIN payment p ON p.id = c.payment_id
    WHERE c.completed_at >= ${from} ${until(Prisma.sql`c.completed_at`)}
      ${among(Prisma.sql`p.van_code`, van)} ${among(Prisma.sql`c.mall_id`, mall)}`;
  const parts = [
    ...(wanted.includes("approval") ? [approvals] : []),
    ...(wanted.includes("cancel") ? [cancels] : []),
  ];
  return Prisma.join(parts, " UNION ALL ");
}

/**
 * The newest points of a span. They come as one text of numbers: rows by the ten thousand would keep this process,
 * which also answers malls, busy for a tenth of a second with reading them.
 */
export function pointsSql(span: Span, filter: Filter): Prisma.Sql {
  return Prisma.sql`
    WITH t AS MATERIALIZED (
      SELECT floor(extract(epoch FROM ended_at) * 1000)::bigint AS at_ms, duration_ms, outcome, operation, van_code, mall_id
      FROM (${transactionsSql(span, filter)}) x ORDER BY ended_at DESC LIMIT ${pointsMax + 1}),
    v AS (SELECT van_code, row_number() OVER (ORDER BY van_code) - 1 AS place FROM (SELECT DISTINCT van_code FROM t) d),
    m AS (SELECT mall_id, row_number() OVER (ORDER BY mall_id) - 1 AS place FROM (SELECT DISTINCT mall_id FROM t) d)
    SELECT (SELECT coalesce(array_agg(van_code ORDER BY place), '{}') FROM v) AS vans,
      (SELECT coalesce(array_agg(mall_id ORDER BY place), '{}') FROM m) AS malls,
      (SELECT string_agg(point, ',') FROM (
        SELECT concat_ws(',', t.at_ms, t.duration_ms, t.outcome, t.operation, v.place, m.place) AS point
        FROM t JOIN v USING (van_code) JOIN m USING (mall_id) ORDER BY t.at_ms) s) AS numbers`;
}

/** Reads the points of a span as flat numbers, the oldest first, as `packPoints` takes them. */
export async function loadPoints(
  sql: Sql,
  span: Span,
  filter: Filter,
): Promise<{ vans: string[]; malls: string[]; numbers: Float64Array }> {
  const [row] = await run<{ vans: string[]; malls: string[]; numbers: string | null }>(
    sql,
    pointsSql(span, filter),
  );
  return { vans: row?.vans ?? [], malls: row?.malls ?? [], numbers: readNumbers(row?.numbers ?? "") };
}

/** Whole numbers between commas. */
function readNumbers(text: string): Float64Array {
  if (text === "") return new Float64Array();
  let count = 1;
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) === 44) count++;
  const numbers = new Float64Array(count);
  let place = 0;
  let value = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit === 44) {
      numbers[place++] = value;
      value = 0;
    } else value = value * 10 + (unit - 48);
  }
  numbers[place] = value;
  return numbers;
}

/** Of the approvals that were unknown when they were read, those that are net-cancelled by now. */
export async function loadSettled(
  sql: Sql,
  answeredAt: readonly Date[],
): Promise<{ atMs: number; durationMs: number }[]> {
  if (answeredAt.length === 0) return [];
  const rows = await run<{ answeredAt: Date; durationMs: number }>(
    sql,
    Prisma.sql`SELECT p.answered_at AS "answeredAt",
        ${responseMs} AS "durationMs"
      FROM payment p WHERE p.answered_at = ANY(${[...answeredAt]}::timestamptz[])
        AND p.approved_at IS NULL AND p.unknown_reason IS NOT NULL AND p.status = 'NET_CANCELED'`,
  );
  return rows.map((row) => ({ atMs: row.answeredAt.getTime(), durationMs: row.durationMs }));
}

/** How many approvals wait for their VAN at this moment, by age: one count per band of `inFlightBandsMs` and one beyond. */
export async function countInFlight(sql: Sql, now: Date, { van, mall }: Filter): Promise<number[]> {
  const rows = await run<{ band: number; count: number }>(
    sql,
    Prisma.sql`SELECT width_bucket(extract(epoch FROM ${now}::timestamptz - p.requested_at) * 1000, ${[...inFlightBandsMs]}::numeric[]) AS band,
        count(*)::int AS count
      FROM payment p WHERE p.status = 'IN_PROGRESS'
        ${among(Prisma.sql`p.van_code`, van)} ${among(Prisma.sql`p.mall_id`, mall)} GROUP BY 1`,
  );
  const counts = [0, ...inFlightBandsMs.map(() => 0)];
  for (const { band, count } of rows) counts[band] = count;
  return counts;
}

function boxSql({ fromMs, toMs, minMs, maxMs, outcome, ...filter }: PickInput): Prisma.Sql {
  const span = { from: new Date(fromMs), to: new Date(toMs) };
  const below = maxMs === null ? Prisma.empty : Prisma.sql`AND x.duration_ms <= ${maxMs}`;
  const codes = outcome.map((name) => xViewOutcomes.indexOf(name));
  const outcomes = codes.length > 0 ? Prisma.sql`AND x.outcome = ANY(${codes}::int[])` : Prisma.empty;
  return Prisma.sql`(${transactionsSql(span, filter)}) x WHERE x.duration_ms >= ${minMs} ${below} ${outcomes}`;
}

/** The picked transactions, the slowest first; the page that follows the cursor. */
export async function loadPicked(db: Db, pick: PickInput): Promise<PickedTransaction[]> {
  const { cursor, limit } = pick;
  const beyond = cursor
    ? Prisma.sql`AND (x.duration_ms, x.id) < (${cursor.durationMs}::int, ${cursor.id})`
    : Prisma.empty;
  type Row = Omit<PickedTransaction, "operation" | "outcome"> & { operation: number; outcome: number };
  const rows = await db.$queryRaw<Row[]>(
    Prisma.sql`SELECT s.id, s.payment_id AS "paymentKey", s.operation, s.outcome, s.ended_at AS "answeredAt", s.duration_ms AS "durationMs",
        m.name AS "mallName", p.order_id AS "orderId", s.van_code AS "vanCode", s.amount_minor AS "amountMinor"
      FROM (SELECT x.* FROM ${boxSql(pick)} ${beyond} ORDER BY x.duration_ms DESC, x.id DESC LIMIT ${limit}) s
      JOIN payment p ON p.id = s.payment_id JOIN mall m ON m.id = s.mall_id ORDER BY s.duration_ms DESC, s.id DESC`,
  );
  return rows.map((row) => ({
    ...row,
    operation: xViewOperations[row.operation] ?? "approval",
    outcome: xViewOutcomes[row.outcome] ?? "failed",
  }));
}

/** How many were picked, of what kind, what they amount to, and how they ended. */
export async function sumPicked(db: Db, pick: PickInput): Promise<PickedTotals> {
  const rows = await db.$queryRaw<
    { outcome: number; operation: number; count: number; amountMinor: bigint; vans: string[] }[]
  >(
    Prisma.sql`SELECT x.outcome, x.operation, count(*)::int AS count, sum(x.amount_minor)::bigint AS "amountMinor",
        array_agg(DISTINCT x.van_code) AS vans
      FROM ${boxSql(pick)} GROUP BY x.outcome, x.operation`,
  );
  const troubled: readonly number[] = (["failed", "netCanceled", "unknown"] as const).map((name) =>
    xViewOutcomes.indexOf(name),
  );
  const counted = <Name extends string>(names: readonly Name[], code: "outcome" | "operation") => {
    const counts: Partial<Record<Name, number>> = {};
    for (const row of rows) {
      const name = names[row[code]];
      if (name) counts[name] = (counts[name] ?? 0) + row.count;
    }
    return counts;
  };
  return {
    count: rows.reduce((sum, { count }) => sum + count, 0),
    amountMinor: rows.reduce((sum, { amountMinor }) => sum + amountMinor, 0n),
    outcomes: counted(xViewOutcomes, "outcome"),
    operations: counted(xViewOperations, "operation"),
    troubledVans: [
      ...new Set(rows.filter(({ outcome }) => troubled.includes(outcome)).flatMap(({ vans }) => vans)),
    ].sort(),
  };
}
