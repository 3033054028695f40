import { type OutboxRow, outboxColumns } from "#server/outbox/outbox-row.ts";
import type { Sql } from "#server/platform/db.ts";

export type OutboxMessage = Readonly<{
  id: bigint;
  jobName: string;
  jobKey: string;
  payload: unknown;
  subjectId: string;
  attempts: number;
  firstError: string | null;
  lastError: string | null;
  traceId: string | null;
}>;

const columns = `id, job_name AS "jobName", job_key AS "jobKey", payload, subject_id AS "subjectId", attempts,
  first_error AS "firstError", last_error AS "lastError", trace_id AS "traceId"`;

/** A worker that takes longer than this with a job is taken for dead, and another one does it. */
export const messageLeaseMs = 60_000;

/**
 * Writes jobs inside the caller's transaction; a job key that exists already is left as it is. The column keeps
 * milliseconds, so the time is cut to them: rounded, a job without delay could be due half a millisecond from now.
 */
export async function insertOutboxRows(sql: Sql, rows: readonly OutboxRow[]): Promise<void> {
  if (rows.length === 0) return;
  await sql.run(
    {
      name: "outbox-insert",
      text: `INSERT INTO outbox_message (job_name, job_key, payload, subject_id, available_at, trace_id)
        SELECT j.name, j.key, j.payload::jsonb, j.subject, date_trunc('milliseconds', now()) + j.delay_ms * interval '1 millisecond', j.trace
        FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[]) AS j (name, key, payload, subject, delay_ms, trace)
        ON CONFLICT (job_key) DO NOTHING`,
    },
    outboxColumns(rows),
  );
}

/**
 * Marks up to `limit` due messages as published and returns them. Two relays never get the same one (`SKIP LOCKED`);
 * a message of which nothing came within the lease is due again.
 */
export async function takeDueMessages(
  sql: Sql,
  limit: number,
  republishAfterMs: number,
): Promise<{ id: bigint; jobName: string }[]> {
  return sql.run(
    {
      name: "outbox-take-due",
      text: `WITH due AS (
          SELECT id FROM outbox_message
          WHERE done_at IS NULL AND dead_at IS NULL AND available_at <= now()
            AND (locked_until IS NULL OR locked_until < now())
            AND (published_at IS NULL OR published_at < now() - $2 * interval '1 millisecond')
          ORDER BY available_at LIMIT $1 FOR UPDATE SKIP LOCKED)
        UPDATE outbox_message m SET published_at = now() FROM due WHERE m.id = due.id RETURNING m.id, m.job_name AS "jobName"`,
    },
    [limit, republishAfterMs],
  );
}

/** Takes one message for work, or nothing when it is done, dead, not due or in other hands. Counts the attempt. */
export async function claimMessage(sql: Sql, id: bigint): Promise<OutboxMessage | undefined> {
  const [message] = await sql.run<OutboxMessage>(
    {
      name: "outbox-claim",
      text: `UPDATE outbox_message SET locked_until = now() + $2 * interval '1 millisecond', attempts = attempts + 1, waits_for = NULL
        WHERE id = $1 AND done_at IS NULL AND dead_at IS NULL AND available_at <= now() AND (locked_until IS NULL OR locked_until < now())
        RETURNING ${columns}`,
    },
    [id, messageLeaseMs],
  );
  return message;
}

/** Closes a message that did its work. `attempts` is the fence: a worker that was taken for dead changes nothing. */
export async function finishMessage(sql: Sql, id: bigint, attempts: number): Promise<boolean> {
  const rows = await sql.run(
    {
      name: "outbox-finish",
      text: `UPDATE outbox_message SET done_at = now(), locked_until = NULL WHERE id = $1 AND attempts = $2 AND done_at IS NULL RETURNING id`,
    },
    [id, attempts],
  );
  return rows.length === 1;
}

/**
 * Makes a message due again after `delayMs` (0: at once, see {@link insertOutboxRows} on milliseconds). A postponement takes back its attempt;
 * a failure keeps it and its error.
 */
export async function postponeMessage(
  sql: Sql,
  id: bigint,
  attempts: number,
  next: { delayMs: number; error: string | null; countsAsAttempt: boolean; waitsFor: string | null },
): Promise<void> {
  await sql.run(
    {
      name: "outbox-postpone",
      text: `UPDATE outbox_message SET locked_until = NULL, published_at = NULL, waits_for = $6,
          available_at = date_trunc('milliseconds', now()) + $3 * interval '1 millisecond',
          attempts = CASE WHEN $5 THEN attempts ELSE attempts - 1 END,
          first_error = CASE WHEN $5 THEN coalesce(first_error, $4) ELSE first_error END,
          last_error = CASE WHEN $5 THEN $4 ELSE last_error END
        WHERE id = $1 AND attempts = $2 AND done_at IS NULL AND dead_at IS NULL`,
    },
    [id, attempts, Math.round(next.delayMs), next.error, next.countsAsAttempt, next.waitsFor],
  );
}

/** Makes a waiting message due now, by its key or that of its re-drives; found through the index on the subject. */
export async function wakeMessageOfKey(
  sql: Sql,
  message: { jobKey: string; subjectId: string },
): Promise<void> {
  await sql.run(
    {
      name: "outbox-wake",
      text: `UPDATE outbox_message SET available_at = date_trunc('milliseconds', now()), published_at = NULL
        WHERE subject_id = $1 AND (job_key = $2 OR starts_with(job_key, $2 || '#'))
          AND done_at IS NULL AND dead_at IS NULL AND available_at > now() AND (locked_until IS NULL OR locked_until < now())`,
    },
    [message.subjectId, message.jobKey],
  );
}

/** Makes the messages that wait for `what` due within `spreadMs`, each at its own moment; returns how many. */
export async function wakeWaitingMessages(sql: Sql, what: string, spreadMs: number): Promise<number> {
  const rows = await sql.run(
    {
      name: "outbox-wake-waiting",
      text: `UPDATE outbox_message SET waits_for = NULL, published_at = NULL,
          available_at = least(available_at, date_trunc('milliseconds', now()) + random() * $2 * interval '1 millisecond')
        WHERE waits_for = $1 AND done_at IS NULL AND dead_at IS NULL RETURNING id`,
    },
    [what, spreadMs],
  );
  return rows.length;
}

/** Gives a message up; the caller parks its dead letter in the same transaction. */
export async function buryMessage(
  sql: Sql,
  id: bigint,
  attempts: number,
  error: string,
): Promise<OutboxMessage | undefined> {
  const [message] = await sql.run<OutboxMessage>(
    {
      name: "outbox-bury",
      text: `UPDATE outbox_message SET dead_at = now(), locked_until = NULL, first_error = coalesce(first_error, $3), last_error = $3
        WHERE id = $1 AND attempts = $2 AND done_at IS NULL AND dead_at IS NULL RETURNING ${columns}`,
    },
    [id, attempts, error],
  );
  return message;
}

/** Deletes finished messages older than a day, a bounded number at a time, so that the table stays small. */
export async function deleteFinishedMessages(sql: Sql, limit: number): Promise<number> {
  const rows = await sql.run(
    {
      name: "outbox-delete-finished",
      text: `DELETE FROM outbox_message WHERE id IN (
          SELECT id FROM outbox_message WHERE done_at < now() - interval '1 day' ORDER BY done_at LIMIT $1) RETURNING id`,
    },
    [limit],
  );
  return rows.length;
}

/**
 * Makes a job about a subject due now without using up one of its tries, and says how it stood: `woken`, `due` when it is
 * due or being done already, `none` when no such job is open. The rows are locked first, so that of two who ask at once
 * one has woken it; by the clock and not by the start of the transaction, for the one who waited may have begun earlier.
 */
export async function hastenMessageOf(
  sql: Sql,
  message: { jobName: string; subjectId: string },
): Promise<"woken" | "due" | "none"> {
  const [row] = await sql.run<{ open: number; woken: number }>(
    {
      name: "outbox-hasten",
      text: `WITH open AS (
          SELECT id FROM outbox_message WHERE subject_id = $1 AND job_name = $2 AND done_at IS NULL AND dead_at IS NULL FOR UPDATE
        ), woken AS (
          UPDATE outbox_message m SET available_at = date_trunc('milliseconds', now()), published_at = NULL, waits_for = NULL,
            attempts = greatest(m.attempts - 1, 0)
          FROM open WHERE m.id = open.id AND m.available_at > clock_timestamp() AND m.locked_until IS NULL
          RETURNING m.id
        ) SELECT (SELECT count(*)::int FROM open) AS open, (SELECT count(*)::int FROM woken) AS woken`,
    },
    [message.subjectId, message.jobName],
  );
  if (!row || row.open === 0) return "none";
  return row.woken > 0 ? "woken" : "due";
}
