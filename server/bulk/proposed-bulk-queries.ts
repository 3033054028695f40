import type { Sql } from "#server/platform/db.ts";

/** What a request for a bulk cancel has frozen, held against today. Amounts are minor units. */
export type ProposedBulk = Readonly<{
  runId: string;
  /** False while it waits: then there is no bulk cancel yet, only what it would be. */
  isBegun: boolean;
  rowsGiven: number;
  rowsPlanned: number;
  plannedMinor: bigint;
  /** Payments that cannot be cancelled as they were seen: their rows would cancel nothing (CX-3). */
  changed: Readonly<{ count: number; amountMinor: bigint }>;
}>;

// The decision itself is made by the cancel (`decideCancel`); this says what it will find.
const balanceNow = "p.amount_minor - p.canceled_minor - p.reserved_minor";
const isChanged = `(p.status NOT IN ('DONE', 'PARTIAL_CANCELED') OR ${balanceNow} <> r.seen_balance_minor)`;

/** The frozen set of a request, held against the payments as they are now; undefined when there is none. */
export async function readProposedBulk(sql: Sql, runId: string): Promise<ProposedBulk | undefined> {
  const [row] = await sql.run<Omit<ProposedBulk, "changed"> & { changedCount: number; changedMinor: bigint }>(
    {
      name: "bulk-proposed-read",
      text: `SELECT run.id AS "runId", run.state <> 'PROPOSED' AS "isBegun", run.rows_given AS "rowsGiven", run.rows_planned AS "rowsPlanned",
          run.planned_minor AS "plannedMinor", changed.count AS "changedCount", changed.minor AS "changedMinor"
        FROM bulk_cancel_run run CROSS JOIN LATERAL (
          SELECT count(*)::int AS count, coalesce(sum(r.amount_minor), 0)::bigint AS minor FROM bulk_cancel_row r JOIN payment p ON p.id = r.payment_id
          WHERE r.run_id = run.id AND r.state = 'WAITING' AND run.state = 'PROPOSED' AND ${isChanged}) changed
        WHERE run.id = $1 AND run.change_request_id IS NOT NULL`,
    },
    [runId],
  );
  if (!row) return undefined;
  const { changedCount, changedMinor, ...run } = row;
  return { ...run, changed: { count: changedCount, amountMinor: changedMinor } };
}

export type ProposedRow = Readonly<{
  rowNo: number;
  paymentId: string;
  orderId: string;
  orderName: string;
  mallName: string;
  amountMinor: bigint;
  seenBalanceMinor: bigint;
  balanceMinor: bigint;
  isChanged: boolean;
}>;

/** The payments of a frozen set in their order, those that have changed first; `after` is how many came before the page. */
export function readProposedRows(
  sql: Sql,
  query: Readonly<{ runId: string; after: number; limit: number }>,
): Promise<ProposedRow[]> {
  return sql.run<ProposedRow>(
    {
      name: "bulk-proposed-rows",
      text: `SELECT r.row_no AS "rowNo", r.payment_id AS "paymentId", p.order_id AS "orderId", p.order_name AS "orderName", m.name AS "mallName",
          r.amount_minor AS "amountMinor", r.seen_balance_minor AS "seenBalanceMinor", ${balanceNow} AS "balanceMinor", ${isChanged} AS "isChanged"
        FROM bulk_cancel_row r JOIN payment p ON p.id = r.payment_id JOIN mall m ON m.id = p.mall_id
        WHERE r.run_id = $1 AND r.state <> 'LEFT_OUT'
        ORDER BY ${isChanged} DESC, r.row_no OFFSET $2 LIMIT $3`,
    },
    [query.runId, query.after, query.limit],
  );
}
