import { recordAudit } from "#server/audit/record-audit.ts";
import type { Actor } from "#server/core/actor.ts";
import { findParkedLetter } from "#server/dead-letters/dead-letter-queries.ts";
import { redriveDeadLetters } from "#server/dead-letters/redrive-dead-letters.ts";
import { enqueue } from "#server/outbox/enqueue.ts";
import { hastenMessage } from "#server/outbox/hasten-message.ts";
import { findUnresolved, type Unresolved } from "#server/payments/find-unresolved.ts";
import { recoveryJobs, recoveryRow } from "#server/payments/recovery-job.ts";
import { loadAssignment } from "#server/payments/unresolved-repository.ts";
import type { Context } from "#server/platform/context.ts";
import type { Sql } from "#server/platform/db.ts";

/**
 * What a click did. `started`: recovery is due now; `under_way`: it was already; `resolved`: there is nothing left to do;
 * `in_other_hands`: another operator has it.
 */
export type HastenResult = "started" | "under_way" | "resolved" | "in_other_hands" | "not_found";

type HastenContext = Pick<Context, "sql" | "db" | "now">;
type Operator = Actor & { type: "operator" };

/**
 * Lets the platform's own recovery of an open outcome run now instead of at its next try: the waiting job is woken, one
 * that gave up is sent again, a missing one is written. The operator states no verdict: recovery asks the VAN first and
 * does what follows from the answer (NC-4, NC-5, §5.4), by compare-and-set and with the same trace number, so that any
 * number of clicks gives the money back once. What another operator has in hand is left alone.
 */
export async function hastenRecovery(
  ctx: HastenContext,
  command: { subjectId: string; actor: Operator; traceId: string },
): Promise<HastenResult> {
  const unresolved = await findUnresolved(ctx, command.subjectId);
  if (!unresolved) return "not_found";
  if (!unresolved.isOpen) return "resolved";
  const assignment = await loadAssignment(ctx.sql, command.subjectId);
  if (assignment?.operatorId && assignment.operatorId !== command.actor.id) return "in_other_hands";
  // The request of a fresh cancel is still asking; it ends within its lease.
  const { cancel } = unresolved;
  if (cancel?.status === "REQUESTED" && ctx.now() < cancel.leaseUntil && unresolved.kind === "CANCEL")
    return "under_way";

  const woken = await ctx.sql.transaction((sql) => wake(sql, unresolved, command));
  if (woken !== "none") return woken === "woken" ? "started" : "under_way";
  return startAnew(ctx, unresolved, command);
}

async function wake(
  sql: Sql,
  unresolved: Unresolved,
  command: { actor: Operator; traceId: string },
): Promise<"woken" | "due" | "none"> {
  const job = recoveryJobs[unresolved.recovery.kind];
  const woken = await hastenMessage(sql, { job, subjectId: unresolved.payment.id });
  if (woken === "woken") await audit(sql, unresolved, command, "woken");
  return woken;
}

/** No job is open: the one that gave up is sent again, or a new one is written. */
async function startAnew(
  ctx: HastenContext,
  unresolved: Unresolved,
  command: { actor: Operator; traceId: string },
): Promise<HastenResult> {
  const { actor, traceId } = command;
  const letterId = await findParkedLetter(ctx.db, {
    paymentId: unresolved.payment.id,
    jobName: unresolved.recovery.kind,
  });
  if (letterId) {
    const [sent] = await ctx.sql.transaction((sql) =>
      redriveDeadLetters(sql, [letterId], { reason: "unknown inbox", actor, traceId, gapMs: 0 }),
    );
    if (sent?.result === "closed" || sent?.result === "already_resolved") return "resolved";
    return sent?.result === "redriven" ? "started" : "under_way";
  }
  await ctx.sql.transaction(async (sql) => {
    const { kind, id } = unresolved.recovery;
    await enqueue(sql, [recoveryRow({ kind, id, subject: unresolved.payment.id }, ctx.now())]);
    await audit(sql, unresolved, command, "enqueued");
  });
  return "started";
}

function audit(
  sql: Sql,
  { subjectId, kind, payment, recovery }: Unresolved,
  { actor, traceId }: { actor: Operator; traceId: string },
  how: "woken" | "enqueued",
): Promise<void> {
  return recordAudit(sql, {
    actor,
    action: "payment.recovery_hastened",
    target: { type: "payment", id: payment.id },
    outcome: "success",
    ipAddress: actor.ipAddress,
    detail: { subjectId, kind, job: recovery.kind, how, status: payment.status, traceId },
  });
}
