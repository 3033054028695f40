import { declineCodes } from "#server/core/refusals.ts";
import { advisoryLocks } from "#server/platform/advisory-locks.ts";
import type { Sql } from "#server/platform/db.ts";
import { bucketGrowth } from "#server/reports/domain/latency-histogram.ts";

/**
 * Counts the answered payments of whole minutes anew, from `from` (inclusive) to `to` (exclusive): the result is the
 * same however often it runs. Call it in a transaction. How an approval ended is read from what never changes later:
 * an approved payment keeps `approved_at`, an unknown one `unknown_reason`, a declined one its refusal code.
 */
export async function recomputeLatency(sql: Sql, from: Date, to: Date): Promise<void> {
  await sql.run({ name: "latency-lock", text: "SELECT pg_advisory_xact_lock($1)" }, [
    advisoryLocks.latencyRollUp,
  ]);
  await sql.run(
    { name: "latency-clear", text: "DELETE FROM latency_minute WHERE minute >= $1 AND minute < $2" },
    [from, to],
  );
  await sql.run(
    {
      name: "latency-recount",
      text: `INSERT INTO latency_minute (minute, van_code, mall_id, outcome, bucket, count)
        SELECT date_trunc('minute', answered_at), van_code, mall_id,
          CASE WHEN approved_at IS NOT NULL THEN 'approved' WHEN unknown_reason IS NOT NULL THEN 'unknown'
            WHEN failure_code = ANY($3::text[]) THEN 'declined' ELSE 'failed' END,
          ceil(ln(greatest(coalesce(van_duration_ms, total_duration_ms, extract(epoch FROM answered_at - requested_at) * 1000), 1)::float8) / ln($4::float8))::int,
          count(*)::int
        FROM payment WHERE answered_at >= $1 AND answered_at < $2 GROUP BY 1, 2, 3, 4, 5`,
    },
    [from, to, declineCodes, bucketGrowth],
  );
}

/** The newest minute counted so far, and the oldest answer there is. */
export async function readRollUpEdge(
  sql: Sql,
): Promise<{ newestMinute: Date | null; oldestAnswer: Date | null }> {
  const [edge] = await sql.run<{ newestMinute: Date | null; oldestAnswer: Date | null }>(
    {
      name: "latency-edge",
      text: `SELECT (SELECT max(minute) FROM latency_minute) AS "newestMinute", (SELECT min(answered_at) FROM payment) AS "oldestAnswer"`,
    },
    [],
  );
  return edge ?? { newestMinute: null, oldestAnswer: null };
}
