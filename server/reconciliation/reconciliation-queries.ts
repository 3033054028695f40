import type { Sql } from "#server/platform/db.ts";
import type {
  ReconDaySearch,
  ReconItemFilter,
  ReconItemSearch,
} from "#server/reconciliation/reconciliation.schemas.ts";
import type {
  DayState,
  FileKind,
  ItemState,
  ReconClass,
  ReconReason,
  Resolution,
} from "#server/reconciliation/reconciliation.values.ts";
import { reconcileDayJob } from "#server/reconciliation/reconciliation-jobs.ts";

/** A day in a list. Amounts are minor units of won, cancels negative; deposits are what was paid in after fees. */
export type ReconDayRow = Readonly<{
  vanCode: string;
  businessDate: string;
  state: DayState;
  matchedAt: Date | null;
  /** When the file that counts came; null while it is missing. */
  vanFileAt: Date | null;
  depositFileAt: Date | null;
  oursCount: number;
  oursMinor: bigint;
  vanCount: number;
  vanMinor: bigint;
  depositCount: number;
  depositMinor: bigint;
  feeMinor: bigint;
  recordCount: number;
  matchedCount: number;
  /** Differences that nobody explained, and the money in them. */
  unexplainedCount: number;
  unexplainedMinor: bigint;
  /** How many items there are of each class, and how many of these nobody explained; the most urgent first. */
  classes: readonly Readonly<{ class: ReconClass; count: number; unexplainedCount: number }>[];
  closedAt: Date | null;
  closedByName: string | null;
}>;

const daySelect = `SELECT d.van_code AS "vanCode", to_char(d.business_date, 'YYYY-MM-DD') AS "businessDate", d.state, d.matched_at AS "matchedAt",
    vf.imported_at AS "vanFileAt", df.imported_at AS "depositFileAt", d.ours_count AS "oursCount", d.ours_minor AS "oursMinor",
    d.van_count AS "vanCount", d.van_minor AS "vanMinor", d.deposit_count AS "depositCount", d.deposit_minor AS "depositMinor", d.fee_minor AS "feeMinor",
    d.record_count AS "recordCount", d.matched_count AS "matchedCount", u.count AS "unexplainedCount", u.risk AS "unexplainedMinor",
    u.classes, d.closed_at AS "closedAt", coalesce(o.name, d.closed_by) AS "closedByName"
  FROM recon_day d LEFT JOIN operator o ON o.id = d.closed_by
  LEFT JOIN recon_file vf ON vf.id = d.van_file_id LEFT JOIN recon_file df ON df.id = d.deposit_file_id
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(c.unexplained), 0)::int AS count, coalesce(sum(c.risk), 0)::bigint AS risk,
      coalesce(jsonb_agg(jsonb_build_object('class', c.class, 'count', c.count, 'unexplainedCount', c.unexplained) ORDER BY c.priority), '[]') AS classes
    FROM (SELECT i.class, min(i.priority) AS priority, count(*) AS count, count(*) FILTER (WHERE i.state <> 'EXPLAINED') AS unexplained,
        coalesce(sum(i.risk_minor) FILTER (WHERE i.state <> 'EXPLAINED'), 0) AS risk
      FROM recon_item i WHERE i.van_code = d.van_code AND i.business_date = d.business_date GROUP BY i.class) c) u`;

/** A keyset page of days, the latest date first. */
export async function listDays(
  sql: Sql,
  { van, state, from, to, cursor, limit }: ReconDaySearch,
): Promise<
  Readonly<{
    days: readonly ReconDayRow[];
    nextCursor: Readonly<{ vanCode: string; businessDate: string }> | null;
  }>
> {
  const rows = await sql.run<ReconDayRow>(
    {
      name: "recon-day-list",
      text: `${daySelect}
        WHERE (cardinality($1::text[]) = 0 OR d.van_code = ANY($1)) AND (cardinality($2::text[]) = 0 OR d.state = ANY($2))
          AND ($3::date IS NULL OR d.business_date >= $3::date) AND ($4::date IS NULL OR d.business_date <= $4::date)
          AND ($5::date IS NULL OR d.business_date < $5::date OR (d.business_date = $5::date AND d.van_code > $6::text))
        ORDER BY d.business_date DESC, d.van_code LIMIT $7`,
    },
    [van, state, from ?? null, to ?? null, cursor?.businessDate ?? null, cursor?.vanCode ?? null, limit + 1],
  );
  const days = rows.slice(0, limit);
  const last = days.at(-1);
  return {
    days,
    nextCursor:
      rows.length > limit && last ? { vanCode: last.vanCode, businessDate: last.businessDate } : null,
  };
}

export type ReconFileRow = Readonly<{
  id: string;
  kind: FileKind;
  /** In hex. */
  sha256: string;
  byteCount: bigint;
  recordCount: number;
  amountMinor: bigint;
  feeMinor: bigint;
  importedAt: Date;
  /** Null when it was fetched. */
  importedByName: string | null;
  replacedAt: Date | null;
}>;

export type ReconDayDetail = ReconDayRow &
  Readonly<{
    /** The newest first; those that were replaced too. */
    files: readonly ReconFileRow[];
    /** How many items there are of each class and state. */
    items: readonly Readonly<{ class: ReconClass; state: ItemState; count: number; riskMinor: bigint }>[];
    /** True while a job is to fetch files of it. */
    isFetching: boolean;
    /** Why the last try failed, of a job that tries again. */
    fetchError: string | null;
  }>;

/** One day with its files and its items added up; undefined when nobody opened it. */
export async function readDay(
  sql: Sql,
  { vanCode, businessDate }: Readonly<{ vanCode: string; businessDate: string }>,
): Promise<ReconDayDetail | undefined> {
  const key = [vanCode, businessDate];
  const [[day], files, items, [job]] = await Promise.all([
    sql.run<ReconDayRow>(
      {
        name: "recon-day-read",
        text: `${daySelect} WHERE d.van_code = $1 AND d.business_date = $2::date`,
      },
      key,
    ),
    sql.run<ReconFileRow>(
      {
        name: "recon-day-files",
        text: `SELECT f.id, f.kind, encode(f.sha256, 'hex') AS sha256, f.byte_count AS "byteCount", f.record_count AS "recordCount", f.amount_minor AS "amountMinor",
            f.fee_minor AS "feeMinor", f.imported_at AS "importedAt", coalesce(o.name, f.imported_by) AS "importedByName", f.replaced_at AS "replacedAt"
          FROM recon_file f LEFT JOIN operator o ON o.id = f.imported_by
          WHERE f.van_code = $1 AND f.business_date = $2::date ORDER BY f.imported_at DESC, f.id DESC LIMIT 100`,
      },
      key,
    ),
    sql.run<ReconDayDetail["items"][number]>(
      {
        name: "recon-day-items",
        text: `SELECT class, state, count(*)::int AS count, sum(risk_minor)::bigint AS "riskMinor" FROM recon_item
          WHERE van_code = $1 AND business_date = $2::date GROUP BY class, state ORDER BY min(priority), state`,
      },
      key,
    ),
    sql.run<{ error: string | null }>(
      {
        name: "recon-day-fetching",
        text: `SELECT last_error AS error FROM outbox_message
          WHERE subject_id = $1 AND job_name = $2 AND done_at IS NULL AND dead_at IS NULL ORDER BY id DESC LIMIT 1`,
      },
      [`${vanCode}:${businessDate}`, reconcileDayJob.name],
    ),
  ]);
  return day && { ...day, files, items, isFetching: job !== undefined, fetchError: job?.error ?? null };
}

/** A difference in the worklist. Dates are business dates; `riskMinor` is the money in question, never negative. */
export type ReconItemRow = Readonly<{
  id: bigint;
  vanCode: string;
  businessDate: string;
  kind: "A" | "C" | "N";
  traceNo: string;
  class: ReconClass;
  reason: ReconReason;
  priority: number;
  paymentId: string | null;
  cancelId: string | null;
  mallId: string | null;
  mallName: string | null;
  orderId: string | null;
  oursMinor: bigint | null;
  oursDate: string | null;
  vanMinor: bigint | null;
  vanDate: string | null;
  paidMinor: bigint | null;
  paidDate: string | null;
  feeMinor: bigint | null;
  feeExpectedMinor: bigint | null;
  riskMinor: bigint;
  state: ItemState;
  resolution: Resolution | null;
  resolutionReason: string | null;
  changeRequestId: string | null;
  explainedByName: string | null;
  explainedAt: Date | null;
  ownerId: string | null;
  ownerName: string | null;
  note: string | null;
  notedByName: string | null;
  notedAt: Date | null;
  foundAt: Date;
  /** What a closed day says of the same record: how it was explained that this was not paid. Only of PAID_AFTER_CLOSE. */
  closedResolution: Resolution | null;
  closedReason: string | null;
  closedByName: string | null;
  isDayClosed: boolean;
}>;

const itemSelect = `SELECT i.id, i.van_code AS "vanCode", to_char(i.business_date, 'YYYY-MM-DD') AS "businessDate", i.kind, i.trace_no AS "traceNo", i.class, i.reason,
    i.priority, i.payment_id AS "paymentId", i.cancel_id AS "cancelId", i.mall_id AS "mallId", m.name AS "mallName", i.order_id AS "orderId",
    i.ours_minor AS "oursMinor", to_char(i.ours_date, 'YYYY-MM-DD') AS "oursDate", i.van_minor AS "vanMinor", to_char(i.van_date, 'YYYY-MM-DD') AS "vanDate",
    i.paid_minor AS "paidMinor",
    to_char(i.paid_date, 'YYYY-MM-DD') AS "paidDate", i.fee_minor AS "feeMinor", i.fee_expected_minor AS "feeExpectedMinor", i.risk_minor AS "riskMinor", i.state, i.resolution,
    i.resolution_reason AS "resolutionReason", i.change_request_id AS "changeRequestId", coalesce(e.name, i.explained_by) AS "explainedByName",
    i.explained_at AS "explainedAt", i.owner_id AS "ownerId", coalesce(w.name, i.owner_id) AS "ownerName", i.note, coalesce(n.name, i.noted_by) AS "notedByName",
    i.noted_at AS "notedAt", i.found_at AS "foundAt", before.resolution AS "closedResolution", before.resolution_reason AS "closedReason",
    coalesce(b.name, before.explained_by) AS "closedByName", d.state = 'CLOSED' AS "isDayClosed"
  FROM recon_item i JOIN recon_day d USING (van_code, business_date) LEFT JOIN mall m ON m.id = i.mall_id
  LEFT JOIN operator e ON e.id = i.explained_by LEFT JOIN operator w ON w.id = i.owner_id LEFT JOIN operator n ON n.id = i.noted_by
  LEFT JOIN recon_item before ON i.reason = 'PAID_AFTER_CLOSE' AND before.van_code = i.van_code AND before.business_date = i.van_date
    AND before.trace_no = i.trace_no AND before.kind = i.kind
  LEFT JOIN operator b ON b.id = before.explained_by`;

/** Where a filter looks, with its parameters from `$1` to `$9`. What is open is few: the text says so as the index `recon_item_open` says it. */
function itemWhereOf(
  { van, state, from, to, dayState, owner, agedDays, ...filter }: ReconItemFilter,
  now: Date,
): Readonly<{ isOpenOnly: boolean; where: string; values: unknown[] }> {
  const isOpenOnly = state.length > 0 && !state.includes("EXPLAINED");
  return {
    isOpenOnly,
    where: `${isOpenOnly ? "i.state <> 'EXPLAINED' AND" : ""} (cardinality($1::text[]) = 0 OR i.state = ANY($1))
      AND (cardinality($2::text[]) = 0 OR i.van_code = ANY($2)) AND (cardinality($3::text[]) = 0 OR i.class = ANY($3))
      AND ($4::date IS NULL OR i.business_date >= $4::date) AND ($5::date IS NULL OR i.business_date <= $5::date)
      AND (NOT $6::boolean OR i.owner_id IS NOT DISTINCT FROM $7::text) AND ($8::timestamptz IS NULL OR i.found_at <= $8)
      AND (cardinality($9::text[]) = 0
        OR EXISTS (SELECT 1 FROM recon_day x WHERE x.van_code = i.van_code AND x.business_date = i.business_date AND x.state = ANY($9)))`,
    values: [
      state,
      van,
      filter.class,
      from ?? null,
      to ?? null,
      owner !== undefined,
      owner ?? null,
      agedDays === null || agedDays === undefined ? null : new Date(now.getTime() - agedDays * dayMs),
      dayState ?? [],
    ],
  };
}

/** What a search comes to: how many items of each class, and the money in question. */
export type ReconItemSummary = Readonly<{
  count: number;
  riskMinor: bigint;
  classes: readonly Readonly<{ class: ReconClass; count: number }>[];
}>;

/** Adds up a search of the worklist, whatever its page. */
export async function sumItems(sql: Sql, filter: ReconItemFilter, now: Date): Promise<ReconItemSummary> {
  const { isOpenOnly, where, values } = itemWhereOf(filter, now);
  const rows = await sql.run<{ class: ReconClass; count: number; riskMinor: bigint }>(
    {
      name: isOpenOnly ? "recon-item-worklist-sum" : "recon-item-sum",
      text: `SELECT i.class, count(*)::int AS count, sum(i.risk_minor)::bigint AS "riskMinor" FROM recon_item i
        WHERE ${where} GROUP BY i.class ORDER BY min(i.priority)`,
    },
    values,
  );
  return {
    count: rows.reduce((sum, row) => sum + row.count, 0),
    riskMinor: rows.reduce((sum, row) => sum + row.riskMinor, 0n),
    classes: rows.map(({ class: name, count }) => ({ class: name, count })),
  };
}

/** A keyset page of the worklist: the most urgent class first, in it what has waited longest. */
export async function listItems(
  sql: Sql,
  { cursor, limit, ...filter }: ReconItemSearch,
  now: Date,
): Promise<Readonly<{ items: readonly ReconItemRow[]; nextCursor: ReconItemSearch["cursor"] | null }>> {
  const { isOpenOnly, where, values } = itemWhereOf(filter, now);
  const rows = await sql.run<ReconItemRow>(
    {
      name: isOpenOnly ? "recon-item-worklist" : "recon-item-list",
      text: `${itemSelect}
        WHERE ${where} AND ($10::int IS NULL OR (i.priority, i.found_at, i.id) > ($10::int, $11::timestamptz, $12::bigint))
        ORDER BY i.priority, i.found_at, i.id LIMIT $13`,
    },
    [...values, cursor?.priority ?? null, cursor?.foundAt ?? null, cursor?.id ?? null, limit + 1],
  );
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items,
    nextCursor:
      rows.length > limit && last ? { priority: last.priority, foundAt: last.foundAt, id: last.id } : null,
  };
}

/** The whole of a worklist for a file: its statement, and what it adds up to. */
export function exportItems(
  filter: ReconItemFilter,
  now: Date,
): Readonly<{
  rows: Readonly<{ text: string; values: readonly unknown[] }>;
  readSums(sql: Sql): Promise<Readonly<{ count: number; riskMinor: bigint }>>;
}> {
  const { where, values } = itemWhereOf(filter, now);
  return {
    rows: { text: `${itemSelect} WHERE ${where} ORDER BY i.priority, i.found_at, i.id`, values },
    async readSums(sql) {
      const [sums] = await sql.run<{ count: number; riskMinor: bigint }>(
        {
          name: "",
          text: `SELECT count(*)::int AS count, coalesce(sum(i.risk_minor), 0)::bigint AS "riskMinor" FROM recon_item i WHERE ${where}`,
        },
        values,
      );
      return sums ?? { count: 0, riskMinor: 0n };
    },
  };
}

const dayMs = 24 * 60 * 60 * 1000;

/** One item; undefined when there is none. */
export async function readItem(sql: Sql, itemId: bigint): Promise<ReconItemRow | undefined> {
  const [item] = await sql.run<ReconItemRow>(
    { name: "recon-item-read", text: `${itemSelect} WHERE i.id = $1` },
    [itemId],
  );
  return item;
}
