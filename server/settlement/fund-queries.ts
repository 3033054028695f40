import type { Sql } from "#server/platform/db.ts";
import { coverOf, type FundCover } from "#server/settlement/domain/fund-ratio.ts";

/** One business date of the report on settlement funds. Amounts are minor units. */
export type FundDay = FundCover &
  Readonly<{
    businessDate: string;
    /** Settlements that were not paid out at the end of the date, and approvals that waited for settlement. */
    obligationMinor: bigint;
    heldMinor: bigint | null;
    note: string;
    reportedByName: string | null;
    reportedAt: Date | null;
  }>;

/** The report of each settled business date from `from` to `to`, the latest first; 100 dates at most (정산자금 외부관리). */
export async function readFundReport(
  sql: Sql,
  { from, to }: Readonly<{ from: string; to: string }>,
): Promise<FundDay[]> {
  const rows = await sql.run<Omit<FundDay, keyof FundCover>>(
    {
      name: "settlement-fund-report",
      text: `WITH day AS (
          SELECT business_date, (business_date + 1)::timestamp AT TIME ZONE 'Asia/Seoul' AS ends_at FROM settlement_batch
          WHERE status = 'DONE' AND business_date BETWEEN $1::date AND $2::date ORDER BY business_date DESC LIMIT 100
        ), owed AS (
          SELECT business_date, NULL::timestamptz AS paid_out_at, payout_minor FROM settlement WHERE status <> 'PAID_OUT' AND business_date <= $2::date
          UNION ALL
          SELECT business_date, paid_out_at, payout_minor FROM settlement
          WHERE status = 'PAID_OUT' AND paid_out_at >= ($1::date)::timestamp AT TIME ZONE 'Asia/Seoul' AND business_date <= $2::date)
        SELECT to_char(d.business_date, 'YYYY-MM-DD') AS "businessDate",
          (coalesce((SELECT sum(o.payout_minor) FROM owed o WHERE o.business_date <= d.business_date AND (o.paid_out_at IS NULL OR o.paid_out_at >= d.ends_at)), 0)
            + coalesce((SELECT sum(p.amount_minor) FROM settlement_pending p WHERE p.business_date = d.business_date AND p.is_postponed), 0))::bigint AS "obligationMinor",
          f.held_minor AS "heldMinor", coalesce(f.note, '') AS note, coalesce(o.name, f.reported_by) AS "reportedByName", f.reported_at AS "reportedAt"
        FROM day d LEFT JOIN settlement_fund f USING (business_date) LEFT JOIN operator o ON o.id = f.reported_by
        ORDER BY d.business_date DESC`,
    },
    [from, to],
  );
  return rows.map((row) => ({ ...row, ...coverOf(row.businessDate, row.obligationMinor, row.heldMinor) }));
}
