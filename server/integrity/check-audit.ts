import { loadRemembered, readAuditHead, remember } from "#server/integrity/integrity-repository.ts";
import { findViolations } from "#server/integrity/invariant-queries.ts";
import { checksOf, measure, openOf, settleFindings, type Turn } from "#server/integrity/turn.ts";

/** Computes the hashes of the rows `from` to `through` again, and of the rows found broken before. */
export async function checkAudit(turn: Turn, from: bigint, through: bigint): Promise<void> {
  for (const one of checksOf("audit")) {
    const { reports: sql } = turn.ctx;
    const rows = through < from ? 0 : Number(through - from) + 1;
    await measure(turn, one.invariant.id, rows, async () => {
      const seen = await findViolations(sql, one.check.statement, [from, through]);
      await settleFindings(turn, one, seen, ({ subjectId }) => {
        const seq = BigInt(subjectId);
        return seq >= from && seq <= through;
      });
      for (const { subjectId } of openOf(turn, one.invariant.id, one.check.part)) {
        const seq = BigInt(subjectId);
        if (seq >= from && seq <= through) continue;
        const again = await findViolations(sql, one.check.statement, [seq, seq]);
        await settleFindings(turn, one, again, (finding) => finding.subjectId === subjectId);
      }
    });
  }
}

/**
 * Compares the newest row that the last run saw with what stands in its place now: rows deleted from the end, and a
 * chain that was written anew as a whole, are found by nothing else (D9). What was seen is remembered until it fits again.
 */
export async function checkAuditHead(turn: Turn): Promise<void> {
  const { reports: sql } = turn.ctx;
  const one = checksOf("computed").find(({ check }) => check.part === "head");
  if (!one) throw new Error("the invariants have no check of the audit log's head");
  await measure(turn, one.invariant.id, 0, async () => {
    const known = await loadRemembered(sql, "audit_log");
    const head = await readAuditHead(sql, known.position);
    const holds = known.position === 0n || head.hashThen === known.remembered;
    const violations = holds
      ? []
      : [
          {
            subjectId: String(known.position),
            paymentId: null,
            expected: `row ${known.position} ${known.remembered.slice(0, 16)}`,
            found: head.hashThen ? `row ${known.position} ${head.hashThen.slice(0, 16)}` : "no such row",
          },
        ];
    await settleFindings(turn, one, { violations, total: violations.length }, () => true);
    if (!holds) return;
    // A log that is shipped elsewhere is an anchor that a hand in this database does not reach.
    turn.ctx.log.info({ seq: String(head.seq), hash: head.hash }, "head of the audit log");
    await remember(sql, "audit_log", { position: head.seq, remembered: head.hash });
  });
}
