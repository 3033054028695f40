import { assert } from "#server/core/assert.ts";
import type { Sql } from "#server/platform/db.ts";
import type { ItemState, RunStatus } from "#server/work-runs/domain/run.ts";
import type { ItemResult, ItemVerdict } from "#server/work-runs/run-kind.ts";

export type NewRun = Readonly<{
  id: string;
  kind: string;
  selection: unknown;
  matchingCount: number;
  requestedBy: string;
  traceId: string;
  at: Date;
}>;

/** Writes a run with its frozen set, in the order it will be worked on. */
export async function insertRun(sql: Sql, run: NewRun, subjectIds: readonly string[]): Promise<void> {
  await sql.run(
    {
      name: "work-run-insert",
      text: `INSERT INTO work_run (id, kind, status, selection, matching_count, item_count, requested_by, created_at, trace_id)
        VALUES ($1, $2, 'PREVIEWING', $3::jsonb, $4, $5, $6, $7, $8)`,
    },
    [
      run.id,
      run.kind,
      JSON.stringify(run.selection),
      run.matchingCount,
      subjectIds.length,
      run.requestedBy,
      run.at,
      run.traceId,
    ],
  );
  await sql.run(
    {
      name: "work-run-insert-items",
      text: `INSERT INTO work_run_item (run_id, place, subject_id)
        SELECT $1, s.place, s.id FROM unnest($2::text[]) WITH ORDINALITY AS s (id, place)`,
    },
    [run.id, subjectIds],
  );
}

/** Takes things out of a locked run that was previewed and makes another run of them, as if they had been chosen alone. */
export async function splitRun(
  sql: Sql,
  { fromId, toId, subjectIds }: Readonly<{ fromId: string; toId: string; subjectIds: readonly string[] }>,
): Promise<void> {
  await sql.run(
    {
      name: "work-run-split",
      text: `INSERT INTO work_run (id, kind, status, selection, matching_count, item_count, requested_by, created_at, previewed_at, trace_id)
        SELECT $2, kind, status, jsonb_build_object('kind', 'ids', 'ids', to_jsonb($3::text[])), cardinality($3::text[]), cardinality($3::text[]),
          requested_by, created_at, previewed_at, trace_id FROM work_run WHERE id = $1`,
    },
    [fromId, toId, subjectIds],
  );
  const moved = await sql.run(
    {
      name: "work-run-split-items",
      text: "UPDATE work_run_item SET run_id = $2 WHERE run_id = $1 AND subject_id = ANY($3::text[]) RETURNING place",
    },
    [fromId, toId, subjectIds],
  );
  assert(moved.length === subjectIds.length, `run ${fromId} has all that is taken out of it`);
  await sql.run(
    {
      name: "work-run-split-counts",
      text: "UPDATE work_run SET item_count = item_count - $2, matching_count = matching_count - $2 WHERE id = $1",
    },
    [fromId, moved.length],
  );
}

export type HeldRun = Readonly<{
  id: string;
  kind: string;
  status: RunStatus;
  reason: string | null;
  startedBy: string | null;
  ipAddress: string | null;
  traceId: string;
  itemsPerSecond: number | null;
  failuresToPause: number | null;
  resumedAt: Date | null;
  previewedAt: Date | null;
  taken: number;
  /** How long the rate still keeps the next batch back. */
  waitMs: number;
}>;

const heldColumns = `id, kind, status, reason, started_by AS "startedBy", ip_address AS "ipAddress", trace_id AS "traceId",
  items_per_second AS "itemsPerSecond", failures_to_pause AS "failuresToPause", resumed_at AS "resumedAt", previewed_at AS "previewedAt",
  taken, greatest(0, ceil(extract(epoch FROM next_batch_at - now()) * 1000))::int AS "waitMs"`;

/** Takes a run up for one turn. `busy` while another worker has it; nothing when there is no work in it. */
export async function takeRun(sql: Sql, id: string, leaseMs: number): Promise<HeldRun | "busy" | undefined> {
  const [run] = await sql.run<HeldRun>(
    {
      name: "work-run-take",
      text: `UPDATE work_run SET taken = taken + 1, lease_until = now() + $2 * interval '1 millisecond'
        WHERE id = $1 AND status IN ('PREVIEWING', 'RUNNING') AND (lease_until IS NULL OR lease_until < now()) RETURNING ${heldColumns}`,
    },
    [id, leaseMs],
  );
  if (run) return run;
  const [taken] = await sql.run(
    {
      name: "work-run-is-busy",
      text: `SELECT 1 FROM work_run WHERE id = $1 AND status IN ('PREVIEWING', 'RUNNING')`,
    },
    [id],
  );
  return taken ? "busy" : undefined;
}

/** Locks a run that this worker took, and prolongs its lease. Nothing when another worker has taken it since. */
export async function holdRun(
  sql: Sql,
  { id, taken }: Pick<HeldRun, "id" | "taken">,
  leaseMs: number,
): Promise<HeldRun | undefined> {
  const [run] = await sql.run<HeldRun>(
    {
      name: "work-run-hold",
      text: `UPDATE work_run SET lease_until = now() + $3 * interval '1 millisecond' WHERE id = $1 AND taken = $2 RETURNING ${heldColumns}`,
    },
    [id, taken, leaseMs],
  );
  return run;
}

/** Lets a run go, so that its next turn need not wait for the lease. */
export async function releaseRun(sql: Sql, { id, taken }: Pick<HeldRun, "id" | "taken">): Promise<void> {
  await sql.run(
    {
      name: "work-run-release",
      text: "UPDATE work_run SET lease_until = NULL WHERE id = $1 AND taken = $2",
    },
    [id, taken],
  );
}

/** Locks a run for an operator's decision. */
export async function lockRun(sql: Sql, id: string, kind: string): Promise<HeldRun | undefined> {
  const [run] = await sql.run<HeldRun>(
    {
      name: "work-run-lock",
      text: `SELECT ${heldColumns} FROM work_run WHERE id = $1 AND kind = $2 FOR UPDATE`,
    },
    [id, kind],
  );
  return run;
}

/** The next things that the preview has not looked at. */
export async function findUnseen(sql: Sql, runId: string, limit: number): Promise<string[]> {
  const rows = await sql.run<{ subjectId: string }>(
    {
      name: "work-run-unseen",
      text: `SELECT subject_id AS "subjectId" FROM work_run_item WHERE run_id = $1 AND preview_outcome IS NULL ORDER BY place LIMIT $2`,
    },
    [runId, limit],
  );
  return rows.map(({ subjectId }) => subjectId);
}

/** Writes what the preview says. */
export async function saveVerdicts(sql: Sql, runId: string, verdicts: readonly ItemVerdict[]): Promise<void> {
  await sql.run(
    {
      name: "work-run-save-verdicts",
      text: `UPDATE work_run_item i SET preview_outcome = v.outcome, preview_why = v.why, preview_detail = v.detail::jsonb
        FROM unnest($2::text[], $3::text[], $4::text[], $5::text[]) AS v (subject, outcome, why, detail)
        WHERE i.run_id = $1 AND i.subject_id = v.subject AND i.preview_outcome IS NULL`,
    },
    [
      runId,
      verdicts.map((verdict) => verdict.subjectId),
      verdicts.map((verdict) => verdict.outcome),
      verdicts.map((verdict) => verdict.why),
      verdicts.map((verdict) => JSON.stringify(verdict.detail)),
    ],
  );
}

/** A run whose every thing has been looked at may be started. */
export async function markPreviewed(sql: Sql, runId: string): Promise<void> {
  await sql.run(
    {
      name: "work-run-mark-previewed",
      text: `UPDATE work_run SET status = 'READY', previewed_at = now() WHERE id = $1 AND status = 'PREVIEWING'`,
    },
    [runId],
  );
}

export type RunStart = Readonly<{
  id: string;
  reason: string;
  startedBy: string;
  ipAddress: string | null;
  itemsPerSecond: number;
  failuresToPause: number | null;
  leftOutOutcome: string;
}>;

/** How many things a previewed run would work on. */
export async function countToWork(sql: Sql, runId: string, leftOutOutcome: string): Promise<number> {
  const [row] = await sql.run<{ count: number }>(
    {
      name: "work-run-count-to-work",
      text: `SELECT count(*)::int AS count FROM work_run_item WHERE run_id = $1 AND preview_outcome <> $2`,
    },
    [runId, leftOutOutcome],
  );
  return row?.count ?? 0;
}

/** Starts a locked run: what the preview left to a person stays out of it. Returns how many things wait. */
export async function markStarted(sql: Sql, start: RunStart): Promise<number> {
  await sql.run(
    {
      name: "work-run-start",
      text: `UPDATE work_run SET status = 'RUNNING', reason = $2, started_by = $3, started_at = now(), ip_address = $4,
          items_per_second = $5, failures_to_pause = $6, lease_until = NULL WHERE id = $1`,
    },
    [start.id, start.reason, start.startedBy, start.ipAddress, start.itemsPerSecond, start.failuresToPause],
  );
  const rows = await sql.run<{ state: ItemState }>(
    {
      name: "work-run-start-items",
      text: `UPDATE work_run_item SET state = CASE WHEN preview_outcome = $2 THEN 'LEFT_OUT' ELSE 'WAITING' END
        WHERE run_id = $1 AND state = 'FROZEN' RETURNING state`,
    },
    [start.id, start.leftOutOutcome],
  );
  return rows.filter(({ state }) => state === "WAITING").length;
}

/**
 * Moves a locked run on; `by` is null when it does so itself. Going back to RUNNING is a resume, which begins a new
 * generation. Returns the generation it is in.
 */
export async function moveRun(
  sql: Sql,
  id: string,
  to: RunStatus,
  by: string | null,
): Promise<{ generation: number }> {
  const [run] = await sql.run<{ generation: number }>(
    {
      name: "work-run-move",
      text: `UPDATE work_run SET status = $2,
          paused_at = CASE WHEN $2 = 'PAUSED' THEN now() END, paused_by = CASE WHEN $2 = 'PAUSED' THEN $3 END,
          resumed_at = CASE WHEN $2 = 'RUNNING' THEN now() ELSE resumed_at END,
          generation = generation + CASE WHEN $2 = 'RUNNING' THEN 1 ELSE 0 END,
          ended_at = CASE WHEN $2 IN ('FINISHED', 'STOPPED', 'DISCARDED') THEN now() END,
          ended_by = CASE WHEN $2 IN ('STOPPED', 'DISCARDED') THEN $3 END
        WHERE id = $1 RETURNING generation`,
    },
    [id, to, by],
  );
  assert(run, `run ${id} that is moved exists`);
  return run;
}

/** Locks the runs that a person has started and that run. */
export async function lockRunning(sql: Sql, startedBy: string): Promise<Pick<HeldRun, "id" | "kind">[]> {
  return sql.run(
    {
      name: "work-run-lock-running",
      text: "SELECT id, kind FROM work_run WHERE started_by = $1 AND status = 'RUNNING' ORDER BY id FOR UPDATE",
    },
    [startedBy],
  );
}

/** Takes the things that still wait out of a run. Returns how many. */
export async function stopItems(sql: Sql, runId: string): Promise<number> {
  const rows = await sql.run(
    {
      name: "work-run-stop-items",
      text: `UPDATE work_run_item SET state = 'STOPPED' WHERE run_id = $1 AND state = 'WAITING' RETURNING place`,
    },
    [runId],
  );
  return rows.length;
}

/** Locks the next things whose turn it is. */
export async function takeWaiting(sql: Sql, runId: string, limit: number): Promise<string[]> {
  const rows = await sql.run<{ subjectId: string }>(
    {
      name: "work-run-take-waiting",
      text: `SELECT subject_id AS "subjectId" FROM work_run_item WHERE run_id = $1 AND state = 'WAITING' ORDER BY place LIMIT $2 FOR UPDATE`,
    },
    [runId, limit],
  );
  return rows.map(({ subjectId }) => subjectId);
}

/** True while things of the run wait for their turn. */
export async function hasWaiting(sql: Sql, runId: string): Promise<boolean> {
  const rows = await sql.run(
    {
      name: "work-run-has-waiting",
      text: `SELECT 1 FROM work_run_item WHERE run_id = $1 AND state = 'WAITING' LIMIT 1`,
    },
    [runId],
  );
  return rows.length > 0;
}

/** Notes what was done, and keeps the next batch back for a second. */
export async function saveResults(sql: Sql, runId: string, results: readonly ItemResult[]): Promise<void> {
  await sql.run(
    {
      name: "work-run-save-results",
      text: `UPDATE work_run_item i SET state = r.state, result = r.result, worked_at = now(),
          settled_at = CASE WHEN r.state = 'SENT' THEN NULL ELSE now() END
        FROM unnest($2::text[], $3::text[], $4::text[]) AS r (subject, state, result)
        WHERE i.run_id = $1 AND i.subject_id = r.subject AND i.state = 'WAITING'`,
    },
    [
      runId,
      results.map(({ subjectId }) => subjectId),
      results.map(({ state }) => state),
      results.map(({ result }) => result),
    ],
  );
  await sql.run(
    {
      name: "work-run-keep-rate",
      text: "UPDATE work_run SET next_batch_at = now() + interval '1 second' WHERE id = $1",
    },
    [runId],
  );
}

/** How the newest sent things ended, since the run was last resumed. */
export async function readNewestEnds(
  sql: Sql,
  runId: string,
  since: Date | null,
  limit: number,
): Promise<ItemState[]> {
  const rows = await sql.run<{ state: ItemState }>(
    {
      name: "work-run-newest-ends",
      text: `SELECT state FROM work_run_item WHERE run_id = $1 AND settled_at > coalesce($2, '-infinity'::timestamptz) AND state IN ('RESOLVED', 'FAILED')
        ORDER BY settled_at DESC LIMIT $3`,
    },
    [runId, since, limit],
  );
  return rows.map(({ state }) => state);
}

/** Notes how the job of a sent thing ended, in whichever run it was sent. */
export async function settleItems(
  sql: Sql,
  subjectIds: readonly string[],
  state: "RESOLVED" | "FAILED",
  error: string | null,
): Promise<void> {
  await sql.run(
    {
      name: "work-run-settle-items",
      text: `UPDATE work_run_item SET state = $2, error = $3, settled_at = now() WHERE subject_id = ANY($1::text[]) AND state = 'SENT'`,
    },
    [subjectIds, state, error],
  );
}

/** Deletes runs that were never started and are older than a day, with their things; not those that somebody was asked to approve. */
export async function deleteUnstarted(sql: Sql, limit: number): Promise<number> {
  const rows = await sql.run(
    {
      name: "work-run-delete-unstarted",
      text: `DELETE FROM work_run WHERE id IN (
          SELECT id FROM work_run WHERE started_at IS NULL AND created_at < now() - interval '1 day' AND status <> 'AWAITING' LIMIT $1) RETURNING id`,
    },
    [limit],
  );
  return rows.length;
}
