import type { Sql } from "#server/platform/db.ts";
import type { LineSearch, SettlementSearch } from "#server/settlement/settlement.schemas.ts";
import type { LineKind, PendingReason, SettlementStatus } from "#server/settlement/settlement.values.ts";

/** A settlement in a list. Dates are business dates, amounts minor units; cancels and carries are negative. */
export type SettlementRow = Readonly<{
  id: string;
  businessDate: string;
  mallId: string;
  mallName: string;
  method: "CARD" | "VOUCHER";
  status: SettlementStatus;
  payoutDate: string | null;
  lineCount: number;
  approvalCount: number;
  approvalMinor: bigint;
  cancelCount: number;
  cancelMinor: bigint;
  feeMinor: bigint;
  feeVatMinor: bigint;
  adjustmentMinor: bigint;
  netMinor: bigint;
  carriedInMinor: bigint;
  payoutMinor: bigint;
  carriedOutMinor: bigint;
  /** In hex: what a confirmation is about. */
  hash: string | null;
  isWithheld: boolean;
}>;

const rowColumns = `s.id, to_char(s.business_date, 'YYYY-MM-DD') AS "businessDate", s.mall_id AS "mallId", m.name AS "mallName", s.method::text AS method,
  s.status::text AS status, to_char(s.payout_date, 'YYYY-MM-DD') AS "payoutDate", s.line_count AS "lineCount", s.approval_count AS "approvalCount",
  s.approval_minor AS "approvalMinor", s.cancel_count AS "cancelCount", s.cancel_minor AS "cancelMinor", s.fee_minor AS "feeMinor",
  s.fee_vat_minor AS "feeVatMinor", s.adjustment_minor AS "adjustmentMinor", s.net_minor AS "netMinor", s.carried_in_minor AS "carriedInMinor",
  s.payout_minor AS "payoutMinor", s.carried_out_minor AS "carriedOutMinor", encode(s.hash, 'hex') AS hash,
  EXISTS (SELECT 1 FROM settlement_hold h WHERE h.mall_id = s.mall_id AND (h.settlement_id IS NULL OR h.settlement_id = s.id) AND h.released_at IS NULL) AS "isWithheld"`;

export type SettlementPage = Readonly<{
  settlements: readonly SettlementRow[];
  nextCursor: Readonly<{ date: string; id: string }> | null;
}>;

const dateColumns = { businessDate: "business_date", payoutDate: "payout_date" } as const;

/** A keyset page of settlements, the latest date first. */
export async function listSettlements(sql: Sql, search: SettlementSearch): Promise<SettlementPage> {
  const { dateType, cursor, limit } = search;
  const column = dateColumns[dateType];
  const rows = await sql.run<SettlementRow>(
    {
      name: `settlement-list-${dateType}`,
      text: `SELECT ${rowColumns} FROM settlement s JOIN mall m ON m.id = s.mall_id
        WHERE s.${column} IS NOT NULL AND ($1::date IS NULL OR s.${column} >= $1::date) AND ($2::date IS NULL OR s.${column} <= $2::date)
          AND ($3::text IS NULL OR s.mall_id = $3) AND ($4::text IS NULL OR s.status = $4::settlement_status)
          AND ($5::date IS NULL OR (s.${column}, s.id) < ($5::date, $6::text))
        ORDER BY s.${column} DESC, s.id DESC LIMIT $7`,
    },
    [
      search.from ?? null,
      search.to ?? null,
      search.mallId ?? null,
      search.status ?? null,
      cursor?.date ?? null,
      cursor?.id ?? null,
      limit + 1,
    ],
  );
  const settlements = rows.slice(0, limit);
  const last = settlements.at(-1);
  const date = last?.[dateType];
  return { settlements, nextCursor: rows.length > limit && last && date ? { date, id: last.id } : null };
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
      text: `SELECT ${rowColumns}, s.contract_id AS "contractId", s.calendar_version AS "calendarVersion", s.drafted_at AS "draftedAt",
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

/** A keyset page of a settlement's lines, in their order. */
export async function listLines(
  sql: Sql,
  { settlementId, kind, paymentId, cursor, limit }: LineSearch,
): Promise<Readonly<{ lines: readonly LineRow[]; nextCursor: number | null }>> {
  const rows = await sql.run<LineRow>(
    {
      name: "settlement-lines",
      text: `SELECT l.line_no AS "lineNo", l.kind::text AS kind, l.event_key AS "eventKey", l.payment_id AS "paymentId", p.order_id AS "orderId",
          l.cancel_id AS "cancelId", to_char(l.event_date, 'YYYY-MM-DD') AS "eventDate", l.amount_minor AS "amountMinor", l.fee_minor AS "feeMinor",
          l.fee_vat_minor AS "feeVatMinor", l.net_minor AS "netMinor"
        FROM settlement_line l LEFT JOIN payment p ON p.id = l.payment_id
        WHERE l.settlement_id = $1 AND l.line_no > $2 AND ($3::text IS NULL OR l.kind = $3::settlement_line_kind) AND ($4::text IS NULL OR l.payment_id = $4)
        ORDER BY l.line_no LIMIT $5`,
    },
    [settlementId, cursor ?? 0, kind ?? null, paymentId ?? null, limit + 1],
  );
  const lines = rows.slice(0, limit);
  return { lines, nextCursor: rows.length > limit ? (lines.at(-1)?.lineNo ?? null) : null };
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
