import type { InvariantId, RunKind } from "#server/integrity/integrity.schemas.ts";
import type { Violation } from "#server/integrity/invariant-queries.ts";
import { advisoryLocks } from "#server/platform/advisory-locks.ts";
import type { Sql } from "#server/platform/db.ts";

// ---------------------------------------------------------------- runs

/** Which rows a full run walks at present; `rest` is all that needs no walk. */
export const runStages = ["payments", "ledger", "audit", "rest"] as const;
export type RunStage = (typeof runStages)[number];

/** A run in the hands of one worker. `taken` is the fence: who took it up later has a higher one. */
export type TakenRun = Readonly<{
  id: bigint;
  kind: RunKind;
  taken: number;
  stage: RunStage;
  cursor: string;
  paymentsTotal: number | null;
}>;

/** A worker that says nothing for so long has died, or sleeps and will meet the fence. */
const silentMax = "2 minutes";

/**
 * Asks for a run. One of the same kind that has not ended is the answer to both who asked; true when this is a new one.
 */
export async function insertRun(
  sql: Sql,
  run: { kind: RunKind; requestedBy: string | null; at: Date },
): Promise<{ id: bigint; isNew: boolean }> {
  const [row] = await sql.run<{ id: bigint; isNew: boolean }>(
    {
      name: "integrity-run-request",
      text: `WITH waiting AS (
          SELECT id FROM integrity_run WHERE finished_at IS NULL AND kind = $1 ORDER BY id LIMIT 1
        ), made AS (
          INSERT INTO integrity_run (kind, requested_by, requested_at) SELECT $1, $2, $3 WHERE NOT EXISTS (SELECT 1 FROM waiting) RETURNING id
        )
        SELECT id, true AS "isNew" FROM made UNION ALL SELECT id, false FROM waiting`,
    },
    [run.kind, run.requestedBy, run.at],
  );
  if (!row) throw new Error("a run was neither found nor made");
  return row;
}

/** Lets one at a time ask for a run or take one up, until the transaction ends: a matter of milliseconds. */
export async function takeRunLock(sql: Sql): Promise<void> {
  await sql.run({ name: "integrity-lock", text: "SELECT pg_advisory_xact_lock($1)" }, [
    advisoryLocks.integrityRun,
  ]);
}

/**
 * Takes up the oldest run that waits, one that was left in the middle before one that was not begun. Nothing when there
 * is none or a worker is at one: only one runs at a time. Must follow `takeRunLock`.
 */
export async function takeWaitingRun(sql: Sql, at: Date): Promise<TakenRun | undefined> {
  const [run] = await sql.run<TakenRun>(
    {
      name: "integrity-run-take",
      text: `UPDATE integrity_run SET started_at = coalesce(started_at, greatest($1, (SELECT max(finished_at) FROM integrity_run))), alive_at = clock_timestamp(), taken = taken + 1
        WHERE id = (SELECT id FROM integrity_run WHERE finished_at IS NULL ORDER BY started_at NULLS LAST, id LIMIT 1)
          AND NOT EXISTS (SELECT 1 FROM integrity_run WHERE finished_at IS NULL AND alive_at > clock_timestamp() - interval '${silentMax}')
        RETURNING id, kind, taken, stage, cursor, payments_total AS "paymentsTotal"`,
    },
    [at],
  );
  return run;
}

/** Says that the worker is still at its run, and how far it is. Throws when the run was taken from it. */
export async function keepRun(
  sql: Sql,
  run: TakenRun,
  progress: { stage: RunStage; cursor: string; paymentsChecked: number },
): Promise<void> {
  const rows = await sql.run(
    {
      name: "integrity-run-keep",
      text: `UPDATE integrity_run SET alive_at = clock_timestamp(), stage = $3, cursor = $4, payments_checked = payments_checked + $5
        WHERE id = $1 AND taken = $2 AND finished_at IS NULL RETURNING id`,
    },
    [run.id, run.taken, progress.stage, progress.cursor, progress.paymentsChecked],
  );
  if (rows.length === 0) throw new Error(`integrity run ${run.id} was taken over`);
}

/** Makes sure inside a transaction that the run is still this worker's; it stays so until the commit. Throws when it is not. */
export async function holdRun(sql: Sql, run: TakenRun): Promise<void> {
  const rows = await sql.run(
    {
      name: "integrity-run-hold",
      text: "SELECT id FROM integrity_run WHERE id = $1 AND taken = $2 AND finished_at IS NULL FOR UPDATE",
    },
    [run.id, run.taken],
  );
  if (rows.length === 0) throw new Error(`integrity run ${run.id} was taken over`);
}

/** Lets go of a run that is not through, so that the next turn goes on with it. */
export async function leaveRun(sql: Sql, run: TakenRun): Promise<void> {
  await sql.run(
    {
      name: "integrity-run-leave",
      text: "UPDATE integrity_run SET alive_at = NULL WHERE id = $1 AND taken = $2 AND finished_at IS NULL",
    },
    [run.id, run.taken],
  );
}

/** Ends a run, with `error` when it has no result. */
export async function finishRun(
  sql: Sql,
  run: TakenRun,
  end: { at: Date; error: string | null },
): Promise<void> {
  await sql.run(
    {
      name: "integrity-run-finish",
      text: "UPDATE integrity_run SET finished_at = $3, error = $4, alive_at = NULL WHERE id = $1 AND taken = $2 AND finished_at IS NULL",
    },
    [run.id, run.taken, end.at, end.error],
  );
}

export type LastRuns = Readonly<{
  startedAt: Date | null;
  fullRequestedAt: Date | null;
  fullFinishedAt: Date | null;
}>;

/** When a run last began, when a full one was last asked for, and when one last ended well. */
export async function readLastRuns(sql: Sql): Promise<LastRuns> {
  const [row] = await sql.run<LastRuns>(
    {
      name: "integrity-run-last",
      text: `SELECT (SELECT started_at FROM integrity_run WHERE started_at IS NOT NULL ORDER BY id DESC LIMIT 1) AS "startedAt",
        (SELECT requested_at FROM integrity_run WHERE kind = 'FULL' ORDER BY requested_at DESC LIMIT 1) AS "fullRequestedAt",
        (SELECT finished_at FROM integrity_run WHERE kind = 'FULL' AND error IS NULL AND finished_at IS NOT NULL ORDER BY finished_at DESC LIMIT 1) AS "fullFinishedAt"`,
    },
    [],
  );
  return row ?? { startedAt: null, fullRequestedAt: null, fullFinishedAt: null };
}

/** True when a run waits to be taken up; a look at a small partial index. */
export async function hasWaitingRun(sql: Sql): Promise<boolean> {
  const [row] = await sql.run<{ waiting: boolean }>(
    {
      name: "integrity-run-waiting",
      text: `SELECT EXISTS (SELECT 1 FROM integrity_run WHERE finished_at IS NULL AND (alive_at IS NULL OR alive_at < clock_timestamp() - interval '${silentMax}')) AS waiting`,
    },
    [],
  );
  return row?.waiting ?? false;
}

/** Forgets runs that ended before `before`; findings and incidents stay. */
export async function deleteRunsBefore(sql: Sql, before: Date): Promise<void> {
  await sql.run(
    {
      name: "integrity-run-forget",
      text: `DELETE FROM integrity_run WHERE finished_at < $1 AND id <> coalesce((SELECT id FROM integrity_run
        WHERE kind = 'FULL' AND error IS NULL AND finished_at IS NOT NULL ORDER BY finished_at DESC LIMIT 1), 0)`,
    },
    [before],
  );
}

export type CheckResult = Readonly<{
  invariant: InvariantId;
  violations: number;
  parked: number;
  examined: number;
  durationMs: number;
}>;

/** Adds what this turn of a run found out; a run of several turns adds up its durations and what it examined. */
export async function addChecks(
  sql: Sql,
  run: TakenRun,
  results: readonly CheckResult[],
  at: Date,
): Promise<void> {
  await sql.run(
    {
      name: "integrity-check-add",
      text: `INSERT INTO integrity_check AS c (run_id, invariant, violations, parked, examined, duration_ms, checked_at)
        SELECT $1, r.*, $7 FROM unnest($2::text[], $3::int[], $4::int[], $5::int[], $6::int[]) AS r
        ON CONFLICT (run_id, invariant) DO UPDATE SET violations = EXCLUDED.violations, parked = EXCLUDED.parked,
          examined = c.examined + EXCLUDED.examined, duration_ms = c.duration_ms + EXCLUDED.duration_ms, checked_at = EXCLUDED.checked_at`,
    },
    [
      run.id,
      results.map(({ invariant }) => invariant),
      results.map(({ violations }) => violations),
      results.map(({ parked }) => parked),
      results.map(({ examined }) => examined),
      results.map(({ durationMs }) => Math.round(durationMs)),
      at,
    ],
  );
}

// ---------------------------------------------------------------- findings

export type OpenFinding = Readonly<{
  id: bigint;
  invariant: InvariantId;
  part: string;
  subjectId: string;
  paymentId: string | null;
}>;

/** Every finding that is not gone. */
export async function loadOpenFindings(sql: Sql): Promise<OpenFinding[]> {
  return sql.run(
    {
      name: "integrity-finding-open",
      text: `SELECT id, invariant, part, subject_id AS "subjectId", payment_id AS "paymentId" FROM integrity_finding WHERE cleared_at IS NULL ORDER BY id`,
    },
    [],
  );
}

/** Writes violations: new ones open a finding, known ones are seen again. Returns which are new. */
export async function saveFindings(
  sql: Sql,
  check: { invariant: InvariantId; part: string },
  violations: readonly Violation[],
  at: Date,
): Promise<OpenFinding[]> {
  const rows = await sql.run<OpenFinding & { isNew: boolean }>(
    {
      name: "integrity-finding-save",
      text: `INSERT INTO integrity_finding (invariant, part, subject_id, payment_id, expected, found, first_seen_at, last_seen_at)
        SELECT $1, $2, v.*, $7::timestamptz, $7::timestamptz FROM unnest($3::text[], $4::text[], $5::text[], $6::text[]) AS v
        ON CONFLICT (invariant, part, subject_id) WHERE cleared_at IS NULL
        DO UPDATE SET last_seen_at = EXCLUDED.last_seen_at, expected = EXCLUDED.expected, found = EXCLUDED.found
        RETURNING id, invariant, part, subject_id AS "subjectId", payment_id AS "paymentId", xmax = 0 AS "isNew"`,
    },
    [
      check.invariant,
      check.part,
      violations.map(({ subjectId }) => subjectId),
      violations.map(({ paymentId }) => paymentId),
      violations.map(({ expected }) => expected),
      violations.map(({ found }) => found),
      at,
    ],
  );
  return rows.filter(({ isNew }) => isNew);
}

/** Marks findings as gone. */
export async function clearFindings(sql: Sql, ids: readonly bigint[], at: Date): Promise<void> {
  await sql.run(
    {
      name: "integrity-finding-clear",
      text: "UPDATE integrity_finding SET cleared_at = $2 WHERE id = ANY($1::bigint[]) AND cleared_at IS NULL",
    },
    [ids, at],
  );
}

// ---------------------------------------------------------------- how far the streams were read

/** Streams that only grow: what was added since the last run is what may have changed. */
export const streams = ["payment_event", "ledger_entry", "event"] as const;
export type Stream = (typeof streams)[number];

/** How far below its head a stream is read again when there is no mark yet: wider than anything that is being committed. */
const firstLookBack = 10_000;

const headOf = (stream: Stream) => `(SELECT coalesce(max(id), 0) FROM ${stream})`;

/** Lays the marks at the streams' present heads where there are none; what came before is a full run's business. */
export async function layMarks(sql: Sql): Promise<void> {
  await sql.run(
    {
      name: "integrity-marks-lay",
      text: `INSERT INTO integrity_mark (stream, position, ahead, ahead_at)
        SELECT h.stream, greatest(h.head - ${firstLookBack}, 0), h.head, clock_timestamp()
        FROM (${streams.map((stream) => `SELECT '${stream}' AS stream, ${headOf(stream)} AS head`).join(" UNION ALL ")}) h
        ON CONFLICT (stream) DO NOTHING`,
    },
    [],
  );
}

export type Marks = Readonly<Record<Stream, bigint>>;

/** Up to where each stream was read; nothing when no run has laid marks yet. */
export async function loadMarks(sql: Sql): Promise<Marks | undefined> {
  const rows = await sql.run<{ stream: Stream; position: bigint }>(
    {
      name: "integrity-marks",
      text: "SELECT stream, position FROM integrity_mark WHERE stream = ANY($1::text[])",
    },
    [streams],
  );
  if (rows.length < streams.length) return undefined;
  return Object.fromEntries(rows.map(({ stream, position }) => [stream, position])) as Marks;
}

/**
 * Moves the marks on after a run has read everything beyond them. Ids are given before the commit, so a row may appear
 * below the newest one: a mark moves only to a head that was seen before every transaction that still writes began.
 */
export async function advanceMarks(sql: Sql): Promise<void> {
  await sql.run(
    {
      name: "integrity-marks-advance",
      text: `WITH head AS (
          ${streams.map((stream) => `SELECT '${stream}' AS stream, ${headOf(stream)} AS head`).join(" UNION ALL ")}
        ), ripe AS (
          SELECT m.stream, m.ahead FROM integrity_mark m
          WHERE m.ahead_at < clock_timestamp() - interval '10 seconds' AND NOT EXISTS (
            SELECT 1 FROM pg_stat_activity a WHERE a.datname = current_database() AND a.backend_xid IS NOT NULL AND a.xact_start < m.ahead_at)
        )
        UPDATE integrity_mark m SET position = ripe.ahead, ahead = head.head, ahead_at = clock_timestamp()
        FROM ripe JOIN head USING (stream) WHERE m.stream = ripe.stream`,
    },
    [],
  );
}

/** What a mark remembers beside its position: the end of the rolling walk, the audit log's head. */
export async function loadRemembered(
  sql: Sql,
  stream: "payment" | "audit_log",
): Promise<{ position: bigint; remembered: string }> {
  const [row] = await sql.run<{ position: bigint; remembered: string }>(
    {
      name: "integrity-mark-remembered",
      text: "SELECT position, remembered FROM integrity_mark WHERE stream = $1",
    },
    [stream],
  );
  return row ?? { position: 0n, remembered: "" };
}

export async function remember(
  sql: Sql,
  stream: "payment" | "audit_log",
  { position, remembered }: { position: bigint; remembered: string },
): Promise<void> {
  await sql.run(
    {
      name: "integrity-mark-remember",
      text: `INSERT INTO integrity_mark (stream, position, remembered, ahead_at) VALUES ($1, $2, $3, clock_timestamp())
        ON CONFLICT (stream) DO UPDATE SET position = EXCLUDED.position, remembered = EXCLUDED.remembered, ahead_at = EXCLUDED.ahead_at`,
    },
    [stream, position, remembered],
  );
}

// ---------------------------------------------------------------- which payments

/** The payments that any stream speaks of beyond the marks, each once. */
export async function loadTouchedPayments(sql: Sql, marks: Marks): Promise<string[]> {
  const rows = await sql.run<{ id: string }>(touchedStatement, [
    marks.payment_event,
    marks.ledger_entry,
    marks.event,
  ]);
  return rows.map(({ id }) => id);
}

const touchedStatement = {
  name: "integrity-touched",
  text: `SELECT payment_id AS id FROM payment_event WHERE id > $1::bigint
    UNION SELECT payment_id FROM ledger_entry WHERE id > $2::bigint AND payment_id IS NOT NULL
    UNION SELECT subject_id FROM event WHERE id > $3::bigint`,
} as const;

/** The next payments after one, in the order of their keys. */
export async function loadNextPayments(sql: Sql, after: string, limit: number): Promise<string[]> {
  const rows = await sql.run<{ id: string }>(
    { name: "integrity-walk", text: "SELECT id FROM payment WHERE id > $1 ORDER BY id LIMIT $2" },
    [after, limit],
  );
  return rows.map(({ id }) => id);
}

/** Counts all payments, for a full run to say how far it is. Reads every one: never in an incremental run. */
export async function countPayments(sql: Sql, run: TakenRun): Promise<number> {
  const [row] = await sql.run<{ count: number }>(
    {
      name: "integrity-run-total",
      text: "UPDATE integrity_run SET payments_total = (SELECT count(*) FROM payment) WHERE id = $1 RETURNING payments_total AS count",
    },
    [run.id],
  );
  return row?.count ?? 0;
}

// ---------------------------------------------------------------- the ledger and the audit log

/** The newest row of the ledger, 0 when there is none. */
export async function readLedgerHead(sql: Sql): Promise<bigint> {
  const [row] = await sql.run<{ head: bigint }>(
    { name: "integrity-ledger-head", text: `SELECT ${headOf("ledger_entry")} AS head` },
    [],
  );
  return row?.head ?? 0n;
}

export type AuditHead = Readonly<{ seq: bigint; hash: string }>;

/** The newest row of the audit log, and the hash that the row `at` has now (empty when there is no such row). */
export async function readAuditHead(sql: Sql, at: bigint): Promise<AuditHead & { hashThen: string }> {
  const [row] = await sql.run<AuditHead & { hashThen: string }>(
    {
      name: "integrity-audit-head",
      text: `SELECT coalesce(max(h.seq), 0) AS seq, coalesce(max(encode(h.hash, 'hex')), '') AS hash,
          coalesce((SELECT encode(hash, 'hex') FROM audit_log WHERE seq = $1::bigint), '') AS "hashThen"
        FROM (SELECT seq, hash FROM audit_log ORDER BY seq DESC LIMIT 1) h`,
    },
    [at],
  );
  return row ?? { seq: 0n, hash: "", hashThen: "" };
}

export type Balance = Readonly<{ account: string; currency: string; amountMinor: bigint }>;

/** The balances as they were added up so far. */
export async function loadBalances(sql: Sql): Promise<Balance[]> {
  return sql.run(
    {
      name: "integrity-balances",
      text: `SELECT account, currency, amount_minor AS "amountMinor" FROM integrity_balance ORDER BY account, currency`,
    },
    [],
  );
}

/** Adds the entries of $1 < id <= $2 to the balances. Belongs in the transaction that moves the ledger's mark. */
export async function addToBalances(sql: Sql, after: bigint, through: bigint): Promise<void> {
  await sql.run(
    {
      name: "integrity-balances-add",
      text: `INSERT INTO integrity_balance AS b (account, currency, amount_minor)
        SELECT account, currency, sum(amount_minor) FROM ledger_entry WHERE id > $1::bigint AND id <= $2::bigint GROUP BY 1, 2
        ON CONFLICT (account, currency) DO UPDATE SET amount_minor = b.amount_minor + EXCLUDED.amount_minor`,
    },
    [after, through],
  );
}

/** The balances of all entries up to `through`, added up anew. Reads the whole ledger: for full runs. */
export async function sumLedger(sql: Sql, through: bigint): Promise<Balance[]> {
  return sql.run(
    {
      name: "integrity-ledger-sum",
      text: `SELECT account, currency, sum(amount_minor)::bigint AS "amountMinor" FROM ledger_entry WHERE id <= $1::bigint GROUP BY 1, 2 ORDER BY 1, 2`,
    },
    [through],
  );
}

// ---------------------------------------------------------------- payments to ask the VANs about

/** What a payment says that its VAN must confirm. */
export type VanSubject = Readonly<{ id: string; vanCode: string }>;

const isSettled = `p.status IN ('DONE', 'PARTIAL_CANCELED', 'CANCELED', 'NET_CANCELED') AND p.reserved_minor = 0`;

/**
 * The newest payments of a status that were requested in `from` <= t < `to` and about which their VAN was not asked
 * since `windowMs` after the request, when nothing could change behind our back any more.
 */
export async function loadUnverified(
  sql: Sql,
  wanted: { status: "DONE" | "NET_CANCELED"; from: Date; to: Date; windowMs: number; limit: number },
): Promise<VanSubject[]> {
  return sql.run(
    {
      name: "integrity-unverified",
      text: `SELECT p.id, p.van_code AS "vanCode" FROM payment p
        WHERE p.status = $1::payment_status AND p.requested_at >= $2 AND p.requested_at < $3 AND p.reserved_minor = 0
          AND NOT EXISTS (SELECT 1 FROM van_exchange x WHERE x.payment_id = p.id AND x.operation = 'INQUIRY' AND x.cancel_id IS NULL
            AND x.started_at >= p.requested_at + $4 * interval '1 millisecond')
        ORDER BY p.requested_at DESC, p.id DESC LIMIT $5`,
    },
    [wanted.status, wanted.from, wanted.to, wanted.windowMs, wanted.limit],
  );
}

/** The first payment requested at or after `from` and before `to` that has money at its VAN or has given it back. */
export async function loadSettledAfter(sql: Sql, from: Date, to: Date): Promise<VanSubject | undefined> {
  const [row] = await sql.run<VanSubject>(
    {
      name: "integrity-settled-after",
      text: `SELECT p.id, p.van_code AS "vanCode" FROM payment p
        WHERE p.requested_at >= $1 AND p.requested_at < $2 AND ${isSettled} ORDER BY p.requested_at, p.id LIMIT 1`,
    },
    [from, to],
  );
  return row;
}
