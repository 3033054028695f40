import type { PrismaSql } from "#server/audit/record-audit.ts";

/** How often an action on a target failed after `since` and after its last success. Counted from the log, so losing Redis forgives nothing. */
export async function countFailuresSinceSuccess(
  tx: PrismaSql,
  { action, targetId, since }: Readonly<{ action: string; targetId: string; since: Date }>,
): Promise<number> {
  const rows = (await tx.$queryRaw`
    SELECT count(*)::int AS failures FROM audit_log
    WHERE target_id = ${targetId} AND action = ${action} AND outcome = 'failure' AND at > ${since}
      AND seq > coalesce((SELECT max(seq) FROM audit_log WHERE target_id = ${targetId} AND action = ${action} AND outcome = 'success'), 0)`) as {
    failures: number;
  }[];
  return rows[0]?.failures ?? 0;
}
