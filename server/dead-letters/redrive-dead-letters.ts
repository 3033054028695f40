import { recordAudit } from "#server/audit/record-audit.ts";
import type { Actor } from "#server/core/actor.ts";
import { assert } from "#server/core/assert.ts";
import {
  type LockedLetter,
  lockLetters,
  markRedriven,
  readSubjectsNow,
  resolveLetters,
  type SubjectNow,
} from "#server/dead-letters/dead-letter-repository.ts";
import { decideByOurRecords } from "#server/dead-letters/domain/decide-redrive.ts";
import { redriveJobKey } from "#server/dead-letters/domain/job-key.ts";
import { enqueue } from "#server/outbox/enqueue.ts";
import type { OutboxRow } from "#server/outbox/outbox-row.ts";
import type { Sql } from "#server/platform/db.ts";

/** What became of one letter. `redriven`: a job is on its way; `closed`: nothing was left to do; the others were left alone. */
export type RedriveResult = Readonly<{
  id: string;
  result: "redriven" | "closed" | "already_resolved" | "already_redriven" | "needs_person" | "not_found";
}>;

export type RedriveCommand = Readonly<{
  reason: string;
  actor: Actor;
  traceId: string;
  /** The run that sends them, for the audit. */
  runId?: string;
  /** Spreads the jobs: they fall due one after another, so that a recovered VAN is not flooded (reliability §5.5). */
  gapMs: number;
}>;

/**
 * Sends dead letters to work again, or ends those that need none: per letter still parked a fresh outbox row with the
 * original payload, its status and an audit row with the reason. Two who send the same letter give one job. Runs in the
 * caller's transaction, which should hold few letters: the audit chain is locked until its commit.
 */
export async function redriveDeadLetters(
  sql: Sql,
  ids: readonly string[],
  command: RedriveCommand,
): Promise<RedriveResult[]> {
  const letters = new Map((await lockLetters(sql, ids)).map((letter) => [letter.id, letter]));
  const subjects = await readSubjectsNow(sql, ids);
  const decided = ids.map((id) => ({
    id,
    letter: letters.get(id),
    result: decideResult(letters.get(id), subjects.get(id)),
  }));

  const of = (result: RedriveResult["result"]) =>
    decided.flatMap((entry) => (entry.result === result && entry.letter ? [entry.letter] : []));
  const again = of("redriven");
  const closed = of("closed");
  await enqueue(
    sql,
    again.map((letter, index) => toOutboxRow(letter, index * command.gapMs, command.traceId)),
  );
  await markRedriven(
    sql,
    again.map((letter) => letter.id),
  );
  await resolveLetters(
    sql,
    closed.map((letter) => letter.id),
    `closed: ${command.reason}`,
  );
  for (const letter of [...again, ...closed]) {
    const sent = again.includes(letter);
    await recordAudit(sql, {
      actor: command.actor,
      action: sent ? "dead_letter.redriven" : "dead_letter.closed",
      target: { type: "dead_letter", id: letter.id },
      outcome: "success",
      ipAddress: command.actor.ipAddress,
      detail: {
        reason: command.reason,
        runId: command.runId,
        job: letter.jobName,
        subjectId: letter.subjectId,
        paymentId: letter.paymentId,
        traceId: command.traceId,
        before: { status: letter.status, redriveCount: letter.redriveCount },
        after: sent
          ? { status: "REDRIVEN", redriveCount: letter.redriveCount + 1 }
          : { status: "RESOLVED", redriveCount: letter.redriveCount },
      },
    });
  }
  return decided.map(({ id, result }) => ({ id, result }));
}

function decideResult(
  letter: LockedLetter | undefined,
  now: SubjectNow | undefined,
): RedriveResult["result"] {
  if (!letter) return "not_found";
  if (letter.status === "RESOLVED") return "already_resolved";
  if (letter.status === "REDRIVEN") return "already_redriven";
  assert(now, `dead letter ${letter.id} was locked, so its subject can be read`);
  const known = decideByOurRecords(now.subject);
  if (known?.outcome === "CLOSE") return "closed";
  return known?.outcome === "PERSON" ? "needs_person" : "redriven";
}

function toOutboxRow(letter: LockedLetter, delayMs: number, traceId: string): OutboxRow {
  return {
    jobName: letter.jobName,
    jobKey: redriveJobKey(letter.jobKey, letter.redriveCount + 1),
    payload: JSON.stringify(letter.payload),
    subjectId: letter.subjectId,
    delayMs,
    traceId,
  };
}
