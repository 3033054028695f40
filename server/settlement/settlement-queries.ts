import { assert } from "#server/core/assert.ts";
import type { Sql, Statement } from "#server/platform/db.ts";
import type { PayoutTerms } from "#server/settlement/domain/payout-date.ts";
import type { SettlementAmounts } from "#server/settlement/domain/settlement-amounts.ts";
import type {
  LineSearch,
  SettlementFilter,
  SettlementFilterInput,
  SettlementSearch,
} from "#server/settlement/settlement.schemas.ts";
import {
  type LineKind,
  type PendingReason,
  payableStates,
  type SettlementState,
  type SettlementStatus,
} from "#server/settlement/settlement.values.ts";

/** A settlement in a list. Dates are business dates. */
export type SettlementRow = SettlementAmounts &
  Readonly<{
    id: string;
    businessDate: string;
    mallId: string;
    mallName: string;
    method: "CARD" | "VOUCHER";
    status: SettlementStatus;
    payoutDate: string | null;
    /** In hex: what a confirmation is about. */
    hash: string | null;
    isWithheld: boolean;
    state: SettlementState;
  }>;

const isWithheld =
  "EXISTS (SELECT 1 FROM settlement_hold h WHERE h.mall_id = s.mall_id AND (h.settlement_id IS NULL OR h.settlement_id = s.id) AND h.released_at IS NULL)";
/** As the condition of the index `settlement_payable` says it. */
const payable = "status IN ('DRAFT', 'CONFIRMED')";
const stateOf = `CASE WHEN s.${payable} AND ${isWithheld} THEN 'WITHHELD' ELSE s.status::text END`;

/** The columns of a `SettlementRow`, of a settlement `s` and its mall `m`. */
export const settlementColumns = `s.id, to_char(s.business_date, 'YYYY-MM-DD') AS "businessDate", s.mall_id AS "mallId", m.name AS "mallName", s.method::text AS method,
  s.status::text AS status, to_char(s.payout_date, 'YYYY-MM-DD') AS "payoutDate", s.line_count AS "lineCount", s.approval_count AS "approvalCount",
  s.approval_minor AS "approvalMinor", s.cancel_count AS "cancelCount", s.cancel_minor AS "cancelMinor", s.fee_minor AS "feeMinor",
  s.fee_vat_minor AS "feeVatMinor", s.adjustment_minor AS "adjustmentMinor", s.net_minor AS "netMinor", s.carried_in_minor AS "carriedInMinor",
  s.payout_minor AS "payoutMinor", s.carried_out_minor AS "carriedOutMinor", encode(s.hash, 'hex') AS hash,
  ${isWithheld} AS "isWithheld", ${stateOf} AS state`;

export type SettlementPage = Readonly<{
  settlements: readonly SettlementRow[];
  nextCursor: Readonly<{ date: string; id: string }> | null;
}>;

const dateColumns = { businessDate: "business_date", payoutDate: "payout_date" } as const;
type SettlementList = SettlementFilter & Pick<SettlementSearch, "dateType">;

/**
 * Where a filter looks, with its parameters from `$1` on. What is not paid out is a small part of all: when only that is
 * asked for, the text says so, and `settlement_payable` holds it.
 */
function whereOf(filter: SettlementFilter): Readonly<{ kind: string; where: string; values: unknown[] }> {
  const { state, mall } = filter;
  const isPayable =
    state.length > 0 && state.every((one) => one === "DRAFT" || one === "CONFIRMED" || one === "WITHHELD");
  return {
    kind: isPayable ? "payable" : "any",
    where: `${isPayable ? `s.${payable} AND ` : ""}($1::date IS NULL OR s.business_date >= $1::date) AND ($2::date IS NULL OR s.business_date <= $2::date)
      AND ($3::date IS NULL OR s.payout_date >= $3::date) AND ($4::date IS NULL OR s.payout_date <= $4::date)
      AND (cardinality($5::text[]) = 0 OR s.mall_id = ANY($5)) AND (cardinality($6::text[]) = 0 OR ${stateOf} = ANY($6))`,
    values: [
      filter.businessFrom ?? null,
      filter.businessTo ?? null,
      filter.payoutFrom ?? null,
      filter.payoutTo ?? null,
      mall,
      state,
    ],
  };
}

/** A keyset page of settlements, the latest date first. */
export async function listSettlements(sql: Sql, search: SettlementSearch): Promise<SettlementPage> {
  const { dateType, cursor, limit, ...filter } = search;
  const column = dateColumns[dateType];
  const { kind, where, values } = whereOf(filter);
  const rows = await sql.run<SettlementRow>(
    {
      name: `settlement-list-${dateType}-${kind}`,
      text: `SELECT ${settlementColumns} FROM settlement s JOIN mall m ON m.id = s.mall_id
        WHERE s.${column} IS NOT NULL AND ${where} AND ($7::date IS NULL OR (s.${column}, s.id) < ($7::date, $8::text))
        ORDER BY s.${column} DESC, s.id DESC LIMIT $9`,
    },
    [...values, cursor?.date ?? null, cursor?.id ?? null, limit + 1],
  );
  const settlements = rows.slice(0, limit);
  const last = settlements.at(-1);
  const date = last?.[dateType];
  return { settlements, nextCursor: rows.length > limit && last && date ? { date, id: last.id } : null };
}

/** What a filter adds up to. `isComplete` is false when it stopped counting. */
export type SettlementSummary = Omit<SettlementAmounts, "lineCount" | "netMinor"> &
  Readonly<{ count: number; isComplete: boolean }>;

/** So many settlements are added up at most. */
const summaryCountMax = 20_000;

/**
 * Adds up what a list finds, as far as `countMax`; with null all of it. By payout date a settlement that has none yet is
 * not in the list, and so not in its sums.
 */
export async function summarizeSettlements(
  sql: Sql,
  { dateType, ...filter }: SettlementList,
  countMax: number | null = summaryCountMax,
): Promise<SettlementSummary> {
  const { kind, where, values } = whereOf(filter);
  const column = dateColumns[dateType];
  const [sum] = await sql.run<Omit<SettlementSummary, "isComplete">>(
    {
      name: `settlement-summary-${dateType}-${kind}`,
      text: `SELECT count(*)::int AS count, coalesce(sum(approval_count), 0)::float8 AS "approvalCount", coalesce(sum(approval_minor), 0)::bigint AS "approvalMinor",
          coalesce(sum(cancel_count), 0)::float8 AS "cancelCount", coalesce(sum(cancel_minor), 0)::bigint AS "cancelMinor",
          coalesce(sum(fee_minor), 0)::bigint AS "feeMinor", coalesce(sum(fee_vat_minor), 0)::bigint AS "feeVatMinor",
          coalesce(sum(adjustment_minor), 0)::bigint AS "adjustmentMinor", coalesce(sum(carried_in_minor), 0)::bigint AS "carriedInMinor",
          coalesce(sum(payout_minor), 0)::bigint AS "payoutMinor", coalesce(sum(carried_out_minor), 0)::bigint AS "carriedOutMinor"
        FROM (SELECT s.* FROM settlement s WHERE s.${column} IS NOT NULL AND ${where} LIMIT $7) s`,
    },
    [...values, countMax],
  );
  assert(sum, "a sum has one row");
  return { ...sum, isComplete: countMax === null || sum.count < countMax };
}

/** The whole of a list as a statement, apart from running it: it is read through a cursor. */
export function exportedSettlements({ dateType, ...filter }: SettlementList): ExportedRows {
  const { where, values } = whereOf(filter);
  const column = dateColumns[dateType];
  return {
    text: `SELECT ${settlementColumns} FROM settlement s JOIN mall m ON m.id = s.mall_id
      WHERE s.${column} IS NOT NULL AND ${where} ORDER BY s.${column} DESC, s.id DESC`,
    values,
  };
}

type ExportedRows = Readonly<{ text: string; values: readonly unknown[] }>;

/** The settlements of a list added up by day or by method. Amounts are minor units; cancels and carries are negative. */
export type SettlementGroup = Omit<SettlementAmounts, "lineCount" | "approvalCount" | "cancelCount"> &
  Readonly<{
    key: string;
    settlements: number;
    approvals: number;
    cancels: number;
  }>;

const groupKeys = {
  day: {
    key: "to_char(s.business_date, 'YYYY-MM-DD')",
    by: "s.business_date",
    order: "s.business_date DESC",
  },
  method: { key: "s.method::text", by: "s.method", order: "s.method" },
} as const;

/** A list added up by day or by method, as a statement. */
export function exportedSettlementGroups(
  group: keyof typeof groupKeys,
  { dateType, ...filter }: SettlementList,
): ExportedRows {
  const { where, values } = whereOf(filter);
  const { key, by, order } = groupKeys[group];
  return {
    text: `SELECT ${key} AS key, count(*)::int AS settlements, sum(s.approval_count)::int AS approvals, sum(s.approval_minor)::bigint AS "approvalMinor",
        sum(s.cancel_count)::int AS cancels, sum(s.cancel_minor)::bigint AS "cancelMinor", sum(s.fee_minor)::bigint AS "feeMinor",
        sum(s.fee_vat_minor)::bigint AS "feeVatMinor", sum(s.adjustment_minor)::bigint AS "adjustmentMinor", sum(s.net_minor)::bigint AS "netMinor",
        sum(s.carried_in_minor)::bigint AS "carriedInMinor", sum(s.payout_minor)::bigint AS "payoutMinor", sum(s.carried_out_minor)::bigint AS "carriedOutMinor"
      FROM settlement s WHERE s.${dateColumns[dateType]} IS NOT NULL AND ${where} GROUP BY ${by} ORDER BY ${order}`,
    values,
  };
}

/** Of how many days or methods a list is. */
export async function countSettlementGroups(
  sql: Sql,
  group: keyof typeof groupKeys,
  list: SettlementList,
): Promise<number> {
  const { text, values } = exportedSettlementGroups(group, list);
  const [row] = await sql.run<{ count: number }>(
    { name: "", text: `SELECT count(*)::int AS count FROM (${text}) groups` },
    values,
  );
  return row?.count ?? 0;
}

/** The malls that have been settled, by name; the first thousand of them. */
export async function listSettledMalls(sql: Sql): Promise<readonly Readonly<{ id: string; name: string }>[]> {
  return sql.run(
    {
      name: "settlement-malls",
      text: `SELECT m.id, m.name FROM mall m WHERE EXISTS (SELECT 1 FROM settlement s WHERE s.mall_id = m.id) ORDER BY m.name, m.id LIMIT 1000`,
    },
    [],
  );
}

export type SettlementDetail = SettlementRow &
  Readonly<{
    contractId: string | null;
    calendarVersion: number;
    draftedAt: Date | null;
    confirmMaker: string | null;
    confirmedBy: string | null;
    confirmedAt: Date | null;
    payoutMaker: string | null;
    paidOutBy: string | null;
    paidOutAt: Date | null;
    holds: readonly Readonly<{ id: string; isOfMall: boolean; reason: string; setAt: string }>[];
  }>;

/** One settlement with its people and its open holds; undefined when there is none. */
export async function readSettlement(sql: Sql, id: string): Promise<SettlementDetail | undefined> {
  const [settlement] = await sql.run<SettlementDetail>(
    {
      name: "settlement-read",
      text: `SELECT ${settlementColumns}, s.contract_id AS "contractId", s.calendar_version AS "calendarVersion", s.drafted_at AS "draftedAt",
          coalesce(cm.name, s.confirm_maker) AS "confirmMaker", coalesce(cc.name, s.confirmed_by) AS "confirmedBy", s.confirmed_at AS "confirmedAt",
          coalesce(pm.name, s.payout_maker) AS "payoutMaker", coalesce(pc.name, s.paid_out_by) AS "paidOutBy", s.paid_out_at AS "paidOutAt",
          coalesce((SELECT jsonb_agg(jsonb_build_object('id', h.id, 'isOfMall', h.settlement_id IS NULL, 'reason', h.reason, 'setAt', h.set_at) ORDER BY h.set_at)
            FROM settlement_hold h WHERE h.mall_id = s.mall_id AND (h.settlement_id IS NULL OR h.settlement_id = s.id) AND h.released_at IS NULL), '[]') AS holds
        FROM settlement s JOIN mall m ON m.id = s.mall_id
        LEFT JOIN operator cm ON cm.id = s.confirm_maker LEFT JOIN operator cc ON cc.id = s.confirmed_by
        LEFT JOIN operator pm ON pm.id = s.payout_maker LEFT JOIN operator pc ON pc.id = s.paid_out_by
        WHERE s.id = $1`,
    },
    [id],
  );
  return settlement;
}

/** What a payout date follows from; `contract` is null while the settlement is being collected. */
export type PayoutFacts = Readonly<{
  businessDate: string;
  payoutDate: string | null;
  calendarVersion: number;
  contract: Readonly<{
    id: string;
    effectiveFrom: string;
    cycle: PayoutTerms["cycle"];
    lagBusinessDays: number;
    payoutWeekdays: readonly number[];
    payoutDayOfMonth: number;
    holidayPolicy: PayoutTerms["holidayPolicy"];
  }> | null;
}>;

/** Reads what a settlement's payout date follows from; undefined when there is no such settlement. */
export async function readPayoutFacts(sql: Sql, id: string): Promise<PayoutFacts | undefined> {
  const [facts] = await sql.run<PayoutFacts>(
    {
      name: "settlement-payout-facts",
      text: `SELECT to_char(s.business_date, 'YYYY-MM-DD') AS "businessDate", to_char(s.payout_date, 'YYYY-MM-DD') AS "payoutDate",
          s.calendar_version AS "calendarVersion",
          (SELECT jsonb_build_object('id', c.id, 'effectiveFrom', to_char(c.effective_from, 'YYYY-MM-DD'), 'cycle', c.cycle, 'lagBusinessDays', c.lag_business_days,
            'payoutWeekdays', c.payout_weekdays, 'payoutDayOfMonth', c.payout_day_of_month, 'holidayPolicy', c.holiday_policy)
            FROM mall_contract c WHERE c.id = s.contract_id) AS contract
        FROM settlement s WHERE s.id = $1`,
    },
    [id],
  );
  return facts;
}

export type LineRow = Readonly<{
  lineNo: number;
  kind: LineKind;
  eventKey: string;
  paymentId: string | null;
  orderId: string | null;
  cancelId: string | null;
  eventDate: string;
  amountMinor: bigint;
  feeMinor: bigint;
  feeVatMinor: bigint;
  netMinor: bigint;
}>;

const lineColumns = `l.line_no AS "lineNo", l.kind::text AS kind, l.event_key AS "eventKey", l.payment_id AS "paymentId", p.order_id AS "orderId",
  l.cancel_id AS "cancelId", to_char(l.event_date, 'YYYY-MM-DD') AS "eventDate", l.amount_minor AS "amountMinor", l.fee_minor AS "feeMinor",
  l.fee_vat_minor AS "feeVatMinor", l.net_minor AS "netMinor"`;
type LineFilter = Pick<LineSearch, "settlementId" | "kind" | "paymentId">;
/** Where the lines of one settlement are, with the parameters `$1` to `$3`. */
const lineWhere =
  "l.settlement_id = $1 AND ($2::text IS NULL OR l.kind = $2::settlement_line_kind) AND ($3::text IS NULL OR l.payment_id = $3)";
const lineValues = ({ settlementId, kind, paymentId }: LineFilter) => [
  settlementId,
  kind ?? null,
  paymentId ?? null,
];

/** A keyset page of a settlement's lines, in their order. */
export async function listLines(
  sql: Sql,
  { cursor, limit, ...filter }: LineSearch,
): Promise<Readonly<{ lines: readonly LineRow[]; nextCursor: number | null }>> {
  const rows = await sql.run<LineRow>(
    {
      name: "settlement-lines",
      text: `SELECT ${lineColumns} FROM settlement_line l LEFT JOIN payment p ON p.id = l.payment_id
        WHERE ${lineWhere} AND l.line_no > $4 ORDER BY l.line_no LIMIT $5`,
    },
    [...lineValues(filter), cursor ?? 0, limit + 1],
  );
  const lines = rows.slice(0, limit);
  return { lines, nextCursor: rows.length > limit ? (lines.at(-1)?.lineNo ?? null) : null };
}

/** A line in a file, with the settlement it belongs to. */
export type ExportedLine = LineRow &
  Readonly<{
    settlementId: string;
    businessDate: string;
    mallId: string;
    mallName: string;
    method: "CARD" | "VOUCHER";
  }>;

/** The lines of one settlement as its page lists them, or of all settlements of a list: their statement and their sums. */
export function exportLines(of: LineFilter | SettlementList): Readonly<{
  rows: ExportedRows;
  readSums(
    sql: Sql,
  ): Promise<
    Readonly<{ count: number; amountMinor: bigint; feeMinor: bigint; feeVatMinor: bigint; netMinor: bigint }>
  >;
}> {
  const isOne = "settlementId" in of;
  const list = isOne ? undefined : whereOf(of);
  const where = isOne ? lineWhere : `s.${dateColumns[of.dateType]} IS NOT NULL AND ${list?.where}`;
  const values = isOne ? lineValues(of) : (list?.values ?? []);
  const order = isOne ? "l.line_no" : `s.${dateColumns[of.dateType]} DESC, s.id DESC, l.line_no`;
  return {
    rows: {
      text: `SELECT s.id AS "settlementId", to_char(s.business_date, 'YYYY-MM-DD') AS "businessDate", s.mall_id AS "mallId", m.name AS "mallName",
          s.method::text AS method, ${lineColumns}
        FROM settlement_line l JOIN settlement s ON s.id = l.settlement_id JOIN mall m ON m.id = s.mall_id LEFT JOIN payment p ON p.id = l.payment_id
        WHERE ${where} ORDER BY ${order}`,
      values,
    },
    async readSums(sql) {
      const [sums] = await sql.run<Awaited<ReturnType<ReturnType<typeof exportLines>["readSums"]>>>(
        {
          name: "",
          text: `SELECT count(*)::int AS count, coalesce(sum(l.amount_minor), 0)::bigint AS "amountMinor", coalesce(sum(l.fee_minor), 0)::bigint AS "feeMinor",
              coalesce(sum(l.fee_vat_minor), 0)::bigint AS "feeVatMinor", coalesce(sum(l.net_minor), 0)::bigint AS "netMinor"
            FROM settlement_line l JOIN settlement s ON s.id = l.settlement_id WHERE ${where}`,
        },
        values,
      );
      assert(sums, "a sum has one row");
      return sums;
    },
  };
}

/** How far a batch is: malls and lines are counted from what is written. */
export type BatchProgress = Readonly<{
  businessDate: string;
  fromDate: string;
  calendarVersion: number;
  status: "OPEN" | "DONE";
  openedAt: Date;
  openedByName: string | null;
  finishedAt: Date | null;
  generation: number;
  mallsTotal: number;
  mallsCollected: number;
  mallsDone: number;
  linesWritten: number;
  pendingCount: number;
  settlementCount: number;
  /** In hex, once it is done. */
  hash: string | null;
  statusCounts: Readonly<Partial<Record<SettlementStatus, number>>>;
  payoutMinor: bigint;
}>;

const progressSelect = `SELECT to_char(b.business_date, 'YYYY-MM-DD') AS "businessDate", to_char(b.from_date, 'YYYY-MM-DD') AS "fromDate",
    b.calendar_version AS "calendarVersion", b.status, b.opened_at AS "openedAt", coalesce(o.name, b.opened_by) AS "openedByName", b.finished_at AS "finishedAt",
    b.generation, w.total AS "mallsTotal", w.collected AS "mallsCollected", w.done AS "mallsDone", w.lines AS "linesWritten", w.pending AS "pendingCount",
    s.count AS "settlementCount", encode(b.hash, 'hex') AS hash, s.statuses AS "statusCounts", s.payout AS "payoutMinor"
  FROM settlement_batch b LEFT JOIN operator o ON o.id = b.opened_by
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS total, count(*) FILTER (WHERE state <> 'WAITING')::int AS collected, count(*) FILTER (WHERE state = 'DONE')::int AS done,
      coalesce(sum(line_count), 0)::int AS lines, coalesce(sum(pending_count), 0)::int AS pending
    FROM settlement_work WHERE business_date = b.business_date) w
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(n), 0)::int AS count, coalesce(jsonb_object_agg(status, n), '{}') AS statuses, coalesce(sum(paid), 0)::bigint AS payout
    FROM (SELECT status, count(*) AS n, sum(payout_minor) AS paid FROM settlement WHERE business_date = b.business_date GROUP BY status) g) s`;

/** One batch as it stands; undefined when there is none of this date. */
export async function readBatch(sql: Sql, businessDate: string): Promise<BatchProgress | undefined> {
  const [batch] = await sql.run<BatchProgress>(
    { name: "settlement-batch-read", text: `${progressSelect} WHERE b.business_date = $1::date` },
    [businessDate],
  );
  return batch;
}

/** A keyset page of batches, the latest date first. */
export async function listBatches(
  sql: Sql,
  { cursor, limit }: Readonly<{ cursor?: string | null | undefined; limit: number }>,
): Promise<Readonly<{ batches: readonly BatchProgress[]; nextCursor: string | null }>> {
  const rows = await sql.run<BatchProgress>(
    {
      name: "settlement-batch-list",
      text: `${progressSelect} WHERE $1::date IS NULL OR b.business_date < $1::date ORDER BY b.business_date DESC LIMIT $2`,
    },
    [cursor ?? null, limit + 1],
  );
  const batches = rows.slice(0, limit);
  return { batches, nextCursor: rows.length > limit ? (batches.at(-1)?.businessDate ?? null) : null };
}

export type PendingRow = Readonly<{
  mallId: string;
  mallName: string;
  subjectId: string;
  paymentId: string;
  reason: PendingReason;
  /** The business date since which it waits. */
  since: string;
  amountMinor: bigint;
  isPostponed: boolean;
}>;

/** A keyset page of what a batch found not ready. */
export async function listPending(
  sql: Sql,
  query: Readonly<{
    businessDate: string;
    cursor?: { mallId: string; subjectId: string } | null | undefined;
    limit: number;
  }>,
): Promise<
  Readonly<{
    pending: readonly PendingRow[];
    nextCursor: Readonly<{ mallId: string; subjectId: string }> | null;
  }>
> {
  const { businessDate, cursor, limit } = query;
  const rows = await sql.run<PendingRow>(
    {
      name: "settlement-pending-list",
      text: `SELECT p.mall_id AS "mallId", m.name AS "mallName", p.subject_id AS "subjectId", p.payment_id AS "paymentId", p.reason,
          to_char(p.since, 'YYYY-MM-DD') AS since, p.amount_minor AS "amountMinor", p.is_postponed AS "isPostponed"
        FROM settlement_pending p JOIN mall m ON m.id = p.mall_id
        WHERE p.business_date = $1::date AND ($2::text IS NULL OR (p.mall_id, p.subject_id) > ($2::text, $3::text))
        ORDER BY p.mall_id, p.subject_id LIMIT $4`,
    },
    [businessDate, cursor?.mallId ?? null, cursor?.subjectId ?? null, limit + 1],
  );
  const pending = rows.slice(0, limit);
  const last = pending.at(-1);
  return {
    pending,
    nextCursor: rows.length > limit && last ? { mallId: last.mallId, subjectId: last.subjectId } : null,
  };
}

/** Money that is to leave: settlements that are not paid out and not kept back. `payoutTo` and `state` are the list of the due ones. */
export type PayoutsDue = Readonly<{
  count: number;
  payoutMinor: bigint;
  list: Required<Pick<SettlementFilterInput, "state">> & Readonly<{ payoutTo: string }>;
  /** The first payout date after today; null when nothing is waiting for one. */
  next: Readonly<{ payoutDate: string; count: number; payoutMinor: bigint }> | null;
}>;

const waits = `s.${payable} AND NOT ${isWithheld}`;

/** Both walk the index `settlement_payable`, so that what was paid out long ago costs nothing. */
export const payoutsDueStatement: Statement = {
  name: "settlement-payouts-due",
  text: `SELECT count(*)::int AS count, coalesce(sum(s.payout_minor), 0)::bigint AS "payoutMinor"
    FROM settlement s WHERE ${waits} AND s.payout_date <= $1::date`,
};
export const nextPayoutStatement: Statement = {
  name: "settlement-next-payout",
  text: `SELECT to_char(n.payout_date, 'YYYY-MM-DD') AS "payoutDate", d.count, d.payout AS "payoutMinor"
    FROM (SELECT s.payout_date FROM settlement s WHERE ${waits} AND s.payout_date > $1::date ORDER BY s.payout_date LIMIT 1) n
    CROSS JOIN LATERAL (SELECT count(*)::int AS count, sum(s.payout_minor)::bigint AS payout FROM settlement s
      WHERE ${waits} AND s.payout_date = n.payout_date) d`,
};

/** Reads what should have left by the end of `today`, a business date, and what leaves next. */
export async function readPayoutsDue(sql: Sql, today: string): Promise<PayoutsDue> {
  const [[due], [next]] = await Promise.all([
    sql.run<{ count: number; payoutMinor: bigint }>(payoutsDueStatement, [today]),
    sql.run<NonNullable<PayoutsDue["next"]>>(nextPayoutStatement, [today]),
  ]);
  return {
    count: due?.count ?? 0,
    payoutMinor: due?.payoutMinor ?? 0n,
    list: { state: [...payableStates], payoutTo: today },
    next: next ?? null,
  };
}
