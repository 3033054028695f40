import type { BulkRunState, BulkTrouble } from "#server/bulk/bulk.values.ts";
import type { RowRefusal } from "#server/bulk/domain/plan-cancel.ts";
import type { Sql } from "#server/platform/db.ts";

export type NewRun = Readonly<{
  id: string;
  requestKey: string;
  reason: string;
  requestedBy: string;
  ipAddress: string | null;
  requestedAt: Date;
  rowsGiven: number;
  rowsPlanned: number;
  plannedMinor: bigint;
  traceId: string;
  /** The request that it waits for; a run without one begins at once. */
  changeRequestId: string | null;
}>;

export type NewRow = Readonly<{
  rowNo: number;
  given: string;
  paymentId: string | null;
  mallId: string | null;
  amountMinor: bigint | null;
  taxFreeMinor: bigint | null;
  seenBalanceMinor: bigint | null;
  /** Why the dry run left it out. */
  refusalCode: RowRefusal | null;
}>;

/** Writes a run that is to begin, or waits for its request, with its rows. False when this request key has a run already. */
export async function insertRun(sql: Sql, run: NewRun, rows: readonly NewRow[]): Promise<boolean> {
  const made = await sql.run(
    {
      name: "bulk-run-insert",
      text: `INSERT INTO bulk_cancel_run (id, request_key, state, reason, requested_by, ip_address, requested_at, rows_given, rows_planned, planned_minor, trace_id, change_request_id)
        VALUES ($1, $2, CASE WHEN $11::text IS NULL THEN 'RUNNING' ELSE 'PROPOSED' END, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (request_key) DO NOTHING RETURNING id`,
    },
    [
      run.id,
      run.requestKey,
      run.reason,
      run.requestedBy,
      run.ipAddress,
      run.requestedAt,
      run.rowsGiven,
      run.rowsPlanned,
      run.plannedMinor,
      run.traceId,
      run.changeRequestId,
    ],
  );
  if (made.length === 0) return false;
  await sql.run(
    {
      name: "bulk-rows-insert",
      text: `INSERT INTO bulk_cancel_row (run_id, row_no, given, payment_id, mall_id, amount_minor, tax_free_minor, seen_balance_minor, refusal_code, state)
        SELECT $1, r.*, CASE WHEN r.code IS NULL THEN 'WAITING' ELSE 'LEFT_OUT' END
        FROM unnest($2::int[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[], $9::text[])
          AS r (no, given, payment, mall, amount, tax_free, seen, code)`,
    },
    [
      run.id,
      rows.map((row) => row.rowNo),
      rows.map((row) => row.given),
      rows.map((row) => row.paymentId),
      rows.map((row) => row.mallId),
      rows.map((row) => row.amountMinor),
      rows.map((row) => row.taxFreeMinor),
      rows.map((row) => row.seenBalanceMinor),
      rows.map((row) => row.refusalCode),
    ],
  );
  return true;
}

/** The run that a request key began, or of which it asked another person, and by whom. */
export async function loadRunOfRequest(
  sql: Sql,
  requestKey: string,
): Promise<{ id: string; requestedBy: string; changeRequestId: string | null } | undefined> {
  const [run] = await sql.run<{ id: string; requestedBy: string; changeRequestId: string | null }>(
    {
      name: "bulk-run-of-request",
      text: `SELECT id, requested_by AS "requestedBy", change_request_id AS "changeRequestId" FROM bulk_cancel_run WHERE request_key = $1`,
    },
    [requestKey],
  );
  return run;
}

export type RunFacts = Readonly<{
  id: string;
  state: BulkRunState;
  generation: number;
  reason: string;
  requestedBy: string;
  ipAddress: string | null;
  traceId: string;
  /** The approved request that it carries out, and who approved it. */
  changeRequestId: string | null;
  approvedBy: string | null;
}>;

const runColumns = `id, state, generation, reason, requested_by AS "requestedBy", ip_address AS "ipAddress", trace_id AS "traceId",
  change_request_id AS "changeRequestId", approved_by AS "approvedBy"`;

/** Begins a run whose request was approved, with what was frozen in it. Nothing when it has begun. */
export async function beginProposedRun(
  sql: Sql,
  begun: Readonly<{ id: string; changeRequestId: string; approvedBy: string; at: Date }>,
): Promise<{ rowsPlanned: number; plannedMinor: bigint; ipAddress: string | null } | undefined> {
  const [run] = await sql.run<{ rowsPlanned: number; plannedMinor: bigint; ipAddress: string | null }>(
    {
      name: "bulk-run-begin-proposed",
      text: `UPDATE bulk_cancel_run SET state = 'RUNNING', approved_by = $3, requested_at = $4
        WHERE id = $1 AND change_request_id = $2 AND state = 'PROPOSED'
        RETURNING rows_planned AS "rowsPlanned", planned_minor AS "plannedMinor", ip_address AS "ipAddress"`,
    },
    [begun.id, begun.changeRequestId, begun.approvedBy, begun.at],
  );
  return run;
}

export async function loadRun(sql: Sql, runId: string): Promise<RunFacts | undefined> {
  const [run] = await sql.run<RunFacts>(
    { name: "bulk-run-load", text: `SELECT ${runColumns} FROM bulk_cancel_run WHERE id = $1` },
    [runId],
  );
  return run;
}

/**
 * Moves a run by hand if it is in one of the states that may go there; nothing when it is not. A resume begins a new
 * generation, so that what was waiting for the one before does nothing.
 */
export async function steerRun(
  sql: Sql,
  runId: string,
  { from, to, at }: { from: readonly BulkRunState[]; to: BulkRunState; at: Date },
): Promise<RunFacts | undefined> {
  const [run] = await sql.run<RunFacts>(
    {
      name: "bulk-run-steer",
      text: `UPDATE bulk_cancel_run SET state = $3, paused_because = NULL, trouble_streak = 0,
          generation = generation + CASE WHEN $3 = 'RUNNING' THEN 1 ELSE 0 END,
          finished_at = CASE WHEN $3 = 'STOPPED' THEN $4::timestamptz END
        WHERE id = $1 AND state = ANY($2::text[]) RETURNING ${runColumns}`,
    },
    [runId, from, to, at],
  );
  return run;
}

/** Pauses every run of a person that runs. Returns which. */
export async function pauseRunsBy(sql: Sql, operatorId: string): Promise<string[]> {
  const runs = await sql.run<{ id: string }>(
    {
      name: "bulk-run-pause-by",
      text: `UPDATE bulk_cancel_run SET state = 'PAUSED', paused_because = NULL, trouble_streak = 0
        WHERE requested_by = $1 AND state = 'RUNNING' RETURNING id`,
    },
    [operatorId],
  );
  return runs.map(({ id }) => id);
}

/** A row in the hands of one worker. `taken` is the fence: who took it up later has a higher one. */
export type TakenRow = Readonly<{
  rowNo: number;
  taken: number;
  paymentId: string;
  mallId: string;
  amountMinor: bigint;
  taxFreeMinor: bigint;
  seenBalanceMinor: bigint;
}>;

/** Takes the next row of a run of these states: 1 run, 2 generation, 3 lease in milliseconds. */
const takeText = (runStates: string, isNext: string) => `WITH run AS MATERIALIZED (
          SELECT id FROM bulk_cancel_run WHERE id = $1 AND state IN (${runStates}) AND generation = $2 FOR SHARE
        ), next AS (
          SELECT r.run_id, r.row_no FROM run JOIN bulk_cancel_row r ON r.run_id = run.id
          WHERE r.state IN ('WAITING', 'RUNNING') AND ${isNext}
          ORDER BY r.row_no LIMIT 1 FOR UPDATE OF r SKIP LOCKED
        )
        UPDATE bulk_cancel_row r SET state = 'RUNNING', taken = r.taken + 1, lease_until = clock_timestamp() + $3 * interval '1 millisecond'
        FROM next WHERE r.run_id = next.run_id AND r.row_no = next.row_no
        RETURNING r.row_no AS "rowNo", r.taken, r.payment_id AS "paymentId", r.mall_id AS "mallId", r.amount_minor AS "amountMinor",
          r.tax_free_minor AS "taxFreeMinor", r.seen_balance_minor AS "seenBalanceMinor"`;

/**
 * Takes the next row of a run that is running, also one whose worker has not been heard of for its lease. Two workers
 * never get the same one, and none is given out once a pause or a stop is committed: both wait for each other's lock.
 */
export async function takeRow(
  sql: Sql,
  run: { id: string; generation: number },
  leaseMs: number,
): Promise<TakenRow | undefined> {
  const [row] = await sql.run<TakenRow>(
    {
      name: "bulk-row-take",
      text: takeText("'RUNNING'", "(r.state = 'WAITING' OR r.lease_until < clock_timestamp())"),
    },
    [run.id, run.generation, leaseMs],
  );
  return row;
}

/** Takes a row whose worker has not been heard of for its lease, of a run that stands still: to be looked at, not begun. */
export async function takeLostRow(
  sql: Sql,
  run: { id: string; generation: number },
  leaseMs: number,
): Promise<TakenRow | undefined> {
  const [row] = await sql.run<TakenRow>(
    {
      name: "bulk-row-take-lost",
      text: takeText("'PAUSED', 'STOPPED'", "r.state = 'RUNNING' AND r.lease_until < clock_timestamp()"),
    },
    [run.id, run.generation, leaseMs],
  );
  return row;
}

/** Lets a row wait again of which nothing was begun. Of a run that was stopped, it is one that was not run. */
export async function unbeginRow(sql: Sql, runId: string, row: TakenRow): Promise<void> {
  await sql.run(
    {
      name: "bulk-row-unbegin",
      text: `UPDATE bulk_cancel_row SET state = 'WAITING', lease_until = NULL
        WHERE run_id = $1 AND row_no = $2 AND taken = $3 AND state = 'RUNNING'`,
    },
    [runId, row.rowNo, row.taken],
  );
}

/** True while a row of the run is in anybody's hands, also of one who is gone. */
export async function hasRowInHand(sql: Sql, runId: string): Promise<boolean> {
  const rows = await sql.run(
    {
      name: "bulk-row-in-hand",
      text: `SELECT 1 FROM bulk_cancel_row WHERE run_id = $1 AND state IN ('WAITING', 'RUNNING') AND state = 'RUNNING' LIMIT 1`,
    },
    [runId],
  );
  return rows.length > 0;
}

/** How a row ended. `trouble`: the VAN did not answer or could not be reached, or it was we who failed again and again. */
export type RowEnd = Readonly<{
  state: "DONE" | "REFUSED" | "UNKNOWN";
  cancelId: string | null;
  refusalCode: string | null;
  trouble: BulkTrouble | null;
}>;

/**
 * Writes how a row ended and counts it, unless it was taken over. When `troubleMax` rows in a row were in trouble, the
 * run pauses because of that of the last one. True when it was written.
 */
export async function settleRow(
  sql: Sql,
  runId: string,
  row: TakenRow,
  end: RowEnd,
  troubleMax: number,
): Promise<boolean> {
  const [counted] = await sql.run(
    {
      name: "bulk-row-settle",
      text: `WITH settled AS (
          UPDATE bulk_cancel_row SET state = $4, cancel_id = $5, refusal_code = $6, settled_at = clock_timestamp(), lease_until = NULL
          WHERE run_id = $1 AND row_no = $2 AND taken = $3 AND state = 'RUNNING' RETURNING run_id, amount_minor
        )
        UPDATE bulk_cancel_run run SET alive_at = clock_timestamp(),
          rows_done = rows_done + CASE WHEN $4 = 'DONE' THEN 1 ELSE 0 END,
          done_minor = done_minor + CASE WHEN $4 = 'DONE' THEN settled.amount_minor ELSE 0 END,
          rows_refused = rows_refused + CASE WHEN $4 = 'REFUSED' THEN 1 ELSE 0 END,
          rows_unknown = rows_unknown + CASE WHEN $4 = 'UNKNOWN' THEN 1 ELSE 0 END,
          trouble_streak = CASE WHEN $7::text IS NOT NULL THEN trouble_streak + 1 ELSE 0 END,
          state = CASE WHEN state = 'RUNNING' AND $7 IS NOT NULL AND trouble_streak + 1 >= $8 THEN 'PAUSED' ELSE state END,
          paused_because = CASE WHEN state = 'RUNNING' AND $7 IS NOT NULL AND trouble_streak + 1 >= $8 THEN $7 ELSE paused_because END
        FROM settled WHERE run.id = settled.run_id RETURNING run.id`,
    },
    [runId, row.rowNo, row.taken, end.state, end.cancelId, end.refusalCode, end.trouble, troubleMax],
  );
  return counted !== undefined;
}

/** Gives a row back that could not be begun; it is taken again after `delayMs`. */
export async function returnRow(sql: Sql, runId: string, row: TakenRow, delayMs: number): Promise<void> {
  await sql.run(
    {
      name: "bulk-row-return",
      text: `UPDATE bulk_cancel_row SET lease_until = clock_timestamp() + $4 * interval '1 millisecond'
        WHERE run_id = $1 AND row_no = $2 AND taken = $3 AND state = 'RUNNING'`,
    },
    [runId, row.rowNo, row.taken, delayMs],
  );
}

/** Ends a run of which no row is left to do; its final counts, or nothing when it goes on. */
export async function finishRun(
  sql: Sql,
  run: { id: string; generation: number },
  at: Date,
): Promise<{ rowsDone: number; rowsRefused: number; rowsUnknown: number; doneMinor: bigint } | undefined> {
  const [ended] = await sql.run<{
    rowsDone: number;
    rowsRefused: number;
    rowsUnknown: number;
    doneMinor: bigint;
  }>(
    {
      name: "bulk-run-finish",
      text: `UPDATE bulk_cancel_run SET state = 'FINISHED', finished_at = $3
        WHERE id = $1 AND generation = $2 AND state = 'RUNNING'
          AND NOT EXISTS (SELECT 1 FROM bulk_cancel_row WHERE run_id = $1 AND state IN ('WAITING', 'RUNNING'))
        RETURNING rows_done AS "rowsDone", rows_refused AS "rowsRefused", rows_unknown AS "rowsUnknown", done_minor AS "doneMinor"`,
    },
    [run.id, run.generation, at],
  );
  return ended;
}

/** True when a row can be taken now; otherwise those that are left are in other hands. */
export async function hasWaitingRow(sql: Sql, runId: string): Promise<boolean> {
  const [row] = await sql.run<{ waits: boolean }>(
    {
      name: "bulk-row-waits",
      text: `SELECT EXISTS (SELECT 1 FROM bulk_cancel_row WHERE run_id = $1 AND state IN ('WAITING', 'RUNNING')
        AND (state = 'WAITING' OR lease_until < clock_timestamp())) AS waits`,
    },
    [runId],
  );
  return row?.waits ?? false;
}
