import { recordAudit } from "#server/audit/record-audit.ts";
import { assert } from "#server/core/assert.ts";
import { Refusal } from "#server/core/refusals.ts";
import {
  type RedriveWish,
  redriveLimit,
  redrivesPerSecond,
} from "#server/dead-letters/dead-letter.schemas.ts";
import { countForRedrive, selectForRedrive } from "#server/dead-letters/dead-letter-queries.ts";
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
import type { Context } from "#server/platform/context.ts";
import type { Sql } from "#server/platform/db.ts";

/** What became of one letter. `redriven`: a job is on its way; `closed`: nothing was left to do; the others were left alone. */
export type RedriveResult = Readonly<{
  id: string;
  result: "redriven" | "closed" | "already_resolved" | "already_redriven" | "needs_person" | "not_found";
}>;

export type RedriveCommand = RedriveWish &
  Readonly<{ actor: { type: "operator"; id: string; ipAddress: string | null }; traceId: string }>;

/** Letters that are decided and committed together: few, because the audit chain is locked until the commit. */
const lettersPerCommit = 50;

/**
 * Sends dead letters to work again, or ends those that need none: per letter still parked a fresh outbox row with the
 * original payload, its status and an audit row with the reason, in one commit. Two operators who send the same letter
 * give one job. The nearest deadline goes first; the others fall due `redrivesPerSecond` a second.
 * A selection by filter that holds more than the preview showed, or letters parked since, is refused with
 * STALE_SELECTION before anything is sent.
 */
export async function redriveDeadLetters(
  ctx: Pick<Context, "db" | "sql" | "now">,
  command: RedriveCommand,
): Promise<RedriveResult[]> {
  const ids = await selectIds(ctx, command);
  const results: RedriveResult[] = [];
  for (let start = 0; start < ids.length; start += lettersPerCommit) {
    const batch = ids.slice(start, start + lettersPerCommit);
    results.push(...(await ctx.sql.transaction((sql) => redriveBatch(sql, batch, start, command))));
  }
  return results;
}

async function selectIds(
  ctx: Pick<Context, "db">,
  { selection, preview, exceptIds }: RedriveCommand,
): Promise<string[]> {
  if (selection.kind === "filter") {
    const { count, newer } = await countForRedrive(ctx.db, selection.filter, preview.at);
    const truncated = preview.count === redriveLimit;
    if (newer > 0 || (count > preview.count && !truncated))
      throw new Refusal("STALE_SELECTION", { previewed: preview.count, matching: count });
  }
  const chosen = await selectForRedrive(
    ctx.db,
    selection.kind === "ids" ? { ids: selection.ids } : { filter: selection.filter },
    preview.at,
    redriveLimit,
  );
  const left = new Set(exceptIds);
  const known = new Set(chosen.map((letter) => letter.id));
  const missing = selection.kind === "ids" ? selection.ids.filter((id) => !known.has(id)) : [];
  return [...known, ...missing].filter((id) => !left.has(id));
}

async function redriveBatch(
  sql: Sql,
  ids: readonly string[],
  sentBefore: number,
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
    again.map((letter, index) => toOutboxRow(letter, sentBefore + index, command.traceId)),
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

function toOutboxRow(letter: LockedLetter, place: number, traceId: string): OutboxRow {
  return {
    jobName: letter.jobName,
    jobKey: redriveJobKey(letter.jobKey, letter.redriveCount + 1),
    payload: JSON.stringify(letter.payload),
    subjectId: letter.subjectId,
    delayMs: Math.floor(place / redrivesPerSecond) * 1_000,
    traceId,
  };
}
