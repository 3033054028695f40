import type { Sql } from "#server/platform/db.ts";

/** How long an approval took after its outcome was known, in milliseconds: the commit of it, then the mall's answer. */
export type ApprovalTiming = Readonly<{ paymentId: string; commit2Ms: number; answerMs: number }>;

/** Writes some timings in one commit. What is there already stays, so a batch whose answer was lost may come again. */
export async function insertApprovalTimings(sql: Sql, timings: readonly ApprovalTiming[]): Promise<void> {
  await sql.run(
    {
      name: "approval-timing-insert",
      text: `INSERT INTO approval_timing (payment_id, commit2_ms, answer_ms)
        SELECT * FROM unnest($1::text[], $2::float8[], $3::float8[]) ON CONFLICT (payment_id) DO NOTHING`,
    },
    [
      timings.map((timing) => timing.paymentId),
      timings.map((timing) => timing.commit2Ms),
      timings.map((timing) => timing.answerMs),
    ],
  );
}
