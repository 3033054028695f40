import type { Sql, Statement } from "#server/platform/db.ts";
import { type AnomalyKind, anomalyKinds } from "#server/settlement/settlement.values.ts";

/** A settlement that a person should look at, or one that is not there. Amounts are minor units. */
export type SettlementAnomaly = Readonly<{
  kind: AnomalyKind;
  /** Null when it is missing. */
  settlementId: string | null;
  mallId: string;
  mallName: string;
  method: "CARD" | "VOUCHER";
  /** What is paid, below zero what is carried over instead (ST-7); null when it is missing. */
  amountMinor: bigint | null;
  /** What the settlements of the 28 days before paid on average; null when there were fewer than three. */
  meanMinor: bigint | null;
  /** How many settlements there were in these days. */
  settledBefore: number;
}>;

/** What stands out in the newest business date that is settled, and `fromDate`, the first of the days it was held against. */
export type AnomalyReport = Readonly<{
  businessDate: string;
  fromDate: string;
  counts: Readonly<Record<AnomalyKind, number>>;
  /** The most urgent of them, at most fifty. */
  anomalies: readonly SettlementAnomaly[];
}>;

const listedMax = 50;
const daysBefore = 28;
/** Of fewer settlements nobody can say what is usual. */
const usualMin = 3;

/**
 * Each settlement is held against those of its mall and method in the 28 days before, exactly: a payout is off when it is
 * more than half of their mean away from it, and one is missing that came with more than half of the batches.
 */
export const anomaliesStatement: Statement = {
  name: "settlement-anomalies",
  text: `WITH newest AS (
      SELECT business_date AS date FROM settlement_batch WHERE status = 'DONE' ORDER BY business_date DESC LIMIT 1
    ), batches AS (
      SELECT count(*) AS count FROM settlement_batch
      WHERE business_date >= (SELECT date FROM newest) - ${daysBefore} AND business_date < (SELECT date FROM newest)
    ), usual AS (
      SELECT mall_id, method, count(*) AS count, sum(payout_minor) AS sum FROM settlement
      WHERE business_date >= (SELECT date FROM newest) - ${daysBefore} AND business_date < (SELECT date FROM newest)
      GROUP BY mall_id, method
    ), settled AS (
      SELECT id, mall_id, method, payout_minor + carried_out_minor AS amount, payout_minor FROM settlement
      WHERE business_date = (SELECT date FROM newest)
    ), held AS (
      SELECT s.id, s.amount, mall_id, method, coalesce(u.count, 0)::int AS before,
        CASE WHEN u.count >= ${usualMin} THEN u.sum / u.count END AS mean,
        CASE WHEN s.amount < 0 THEN 'NEGATIVE'
          WHEN s.id IS NULL AND u.count >= ${usualMin} AND u.count * 2 > (SELECT count FROM batches) THEN 'MISSING'
          WHEN u.count >= ${usualMin} AND abs(s.payout_minor * u.count - u.sum) * 2 > u.sum THEN 'DEVIATION' END AS kind
      FROM settled s FULL JOIN usual u USING (mall_id, method)
    ), listed AS (
      SELECT held.*, array_position(ARRAY[${anomalyKinds.map((kind) => `'${kind}'`).join(", ")}], kind) AS rank,
        abs(coalesce(amount, 0) - coalesce(mean, 0)) AS distance,
        count(*) FILTER (WHERE kind = 'NEGATIVE') OVER () AS negative, count(*) FILTER (WHERE kind = 'MISSING') OVER () AS missing,
        count(*) FILTER (WHERE kind = 'DEVIATION') OVER () AS deviation
      FROM held WHERE kind IS NOT NULL ORDER BY rank, distance DESC, mall_id, method LIMIT ${listedMax}
    )
    SELECT to_char(n.date, 'YYYY-MM-DD') AS "businessDate", to_char(n.date - ${daysBefore}, 'YYYY-MM-DD') AS "fromDate",
      coalesce(l.negative, 0)::int AS negative, coalesce(l.missing, 0)::int AS missing, coalesce(l.deviation, 0)::int AS deviation,
      l.kind, l.id AS "settlementId", l.mall_id AS "mallId", m.name AS "mallName", l.method::text AS method, l.amount AS "amountMinor",
      round(l.mean)::bigint AS "meanMinor", l.before AS "settledBefore"
    FROM newest n LEFT JOIN listed l ON true LEFT JOIN mall m ON m.id = l.mall_id
    ORDER BY l.rank, l.distance DESC, l.mall_id, l.method`,
};

type Found = Omit<AnomalyReport, "counts" | "anomalies"> &
  Readonly<{ negative: number; missing: number; deviation: number }>;
type Row = Found & (SettlementAnomaly | Readonly<Record<keyof SettlementAnomaly, null>>);

/**
 * Reads what a person should look at first in the newest business date that is settled: payouts below zero, settlements
 * that are missing, and payouts far off their mean, each the farthest first. Null before any date is settled.
 */
export async function readAnomalies(sql: Sql): Promise<AnomalyReport | null> {
  const rows = await sql.run<Row>(anomaliesStatement, []);
  const [first] = rows;
  if (!first) return null;
  const { businessDate, fromDate, negative, missing, deviation } = first;
  return {
    businessDate,
    fromDate,
    counts: { NEGATIVE: negative, MISSING: missing, DEVIATION: deviation },
    anomalies: rows.flatMap((row) => (row.kind === null ? [] : [anomalyOf(row)])),
  };
}

function anomalyOf(row: SettlementAnomaly): SettlementAnomaly {
  const { kind, settlementId, mallId, mallName, method, amountMinor, meanMinor, settledBefore } = row;
  return { kind, settlementId, mallId, mallName, method, amountMinor, meanMinor, settledBefore };
}
