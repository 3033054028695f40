import type { BulkRunState, BulkTrouble, RowOutcome } from "#server/bulk/bulk.values.ts";
import type { RowRefusal } from "#server/bulk/domain/plan-cancel.ts";
import type { Sql } from "#server/platform/db.ts";

/** A bulk cancel as it stands: what was unknown and is known by now counts as what it became. Minor units. */
export type BulkRunLine = Readonly<{
  id: string;
  state: BulkRunState;
  pausedBecause: BulkTrouble | null;
  reason: string;
  requestedBy: Readonly<{ id: string; name: string }>;
  requestedAt: Date;
  finishedAt: Date | null;
  aliveAt: Date | null;
  rowsGiven: number;
  rowsPlanned: number;
  plannedMinor: bigint;
  done: number;
  doneMinor: bigint;
  refused: number;
  unknown: number;
  /** Being cancelled at this moment. */
  running: number;
  /** Those of `unknown` that are not asked about any more: the job has given up and waits for a person as a dead letter. */
  unknownHandedOver: number;
}>;

type RunRow = Omit<BulkRunLine, "requestedBy"> & { operatorId: string; operatorName: string };

// The rows that were unknown are few and have an index of their own; all others are counted when they are settled.
const runSelect = `SELECT run.id, run.state, run.paused_because AS "pausedBecause", run.reason, run.requested_by AS "operatorId",
    coalesce(o.name, run.requested_by) AS "operatorName", run.requested_at AS "requestedAt", run.finished_at AS "finishedAt",
    run.alive_at AS "aliveAt", run.rows_given AS "rowsGiven", run.rows_planned AS "rowsPlanned", run.planned_minor AS "plannedMinor",
    run.rows_done + later.done AS done, run.done_minor + later.done_minor AS "doneMinor",
    run.rows_refused + later.refused AS refused, run.rows_unknown - later.done - later.refused AS unknown,
    later.handed_over AS "unknownHandedOver",
    (SELECT count(*) FILTER (WHERE r.state = 'RUNNING') FROM bulk_cancel_row r
      WHERE r.run_id = run.id AND r.state IN ('WAITING', 'RUNNING'))::int AS running
  FROM bulk_cancel_run run
  LEFT JOIN operator o ON o.id = run.requested_by
  CROSS JOIN LATERAL (
    SELECT (count(*) FILTER (WHERE c.status = 'SUCCEEDED'))::int AS done,
      coalesce(sum(c.amount_minor) FILTER (WHERE c.status = 'SUCCEEDED'), 0)::bigint AS done_minor,
      (count(*) FILTER (WHERE c.status = 'FAILED'))::int AS refused,
      (count(*) FILTER (WHERE c.status NOT IN ('SUCCEEDED', 'FAILED')
        AND EXISTS (SELECT 1 FROM dead_letter l WHERE l.payment_id = c.payment_id AND l.job_name = 'recover-cancel' AND l.status = 'PARKED')
        AND NOT EXISTS (SELECT 1 FROM outbox_message o WHERE o.subject_id = c.payment_id AND o.job_name = 'recover-cancel'
          AND o.done_at IS NULL AND o.dead_at IS NULL)))::int AS handed_over
    FROM bulk_cancel_row r JOIN payment_cancel c ON c.id = r.cancel_id
    WHERE r.run_id = run.id AND r.state = 'UNKNOWN'
  ) later`;

function toLine({ operatorId, operatorName, ...run }: RunRow): BulkRunLine {
  return { ...run, requestedBy: { id: operatorId, name: operatorName } };
}

export type BulkRunPage = Readonly<{
  runs: readonly BulkRunLine[];
  nextCursor: { requestedAt: Date; id: string } | null;
}>;

/** Bulk cancels, newest first. */
export async function listBulkRuns(
  sql: Sql,
  { cursor, limit }: { cursor?: { requestedAt: Date; id: string } | undefined; limit: number },
): Promise<BulkRunPage> {
  const rows = await sql.run<RunRow>(
    {
      name: "bulk-run-list",
      text: `${runSelect} WHERE run.state <> 'PROPOSED' AND ($1::timestamptz IS NULL OR (run.requested_at, run.id) < ($1::timestamptz, $2::text))
        ORDER BY run.requested_at DESC, run.id DESC LIMIT $3`,
    },
    [cursor?.requestedAt ?? null, cursor?.id ?? null, limit + 1],
  );
  const runs = rows.slice(0, limit).map(toLine);
  const last = runs.at(-1);
  return {
    runs,
    nextCursor: rows.length > limit && last ? { requestedAt: last.requestedAt, id: last.id } : null,
  };
}

/** One bulk cancel as it stands. */
export async function readBulkRun(sql: Sql, runId: string): Promise<BulkRunLine | undefined> {
  const [row] = await sql.run<RunRow>(
    { name: "bulk-run-read", text: `${runSelect} WHERE run.id = $1 AND run.state <> 'PROPOSED'` },
    [runId],
  );
  return row && toLine(row);
}

export type BulkRowLine = Readonly<{
  rowNo: number;
  given: string;
  paymentId: string | null;
  orderId: string | null;
  orderName: string | null;
  mallName: string | null;
  amountMinor: bigint | null;
  outcome: RowOutcome;
  code: RowRefusal | null;
  cancelId: string | null;
  settledAt: Date | null;
}>;

/** Rows of a run in their order, with what became of each by now; `after` is the row before the page. */
export async function readBulkRows(
  sql: Sql,
  query: { runId: string; outcome?: RowOutcome | undefined; after: number; limit: number },
): Promise<BulkRowLine[]> {
  return sql.run(
    {
      name: "bulk-row-page",
      text: `SELECT * FROM (
          SELECT r.row_no AS "rowNo", r.given, r.payment_id AS "paymentId", p.order_id AS "orderId", p.order_name AS "orderName",
            m.name AS "mallName", r.amount_minor AS "amountMinor",
            CASE WHEN r.state = 'UNKNOWN' AND c.status = 'SUCCEEDED' THEN 'DONE'
              WHEN r.state = 'UNKNOWN' AND c.status = 'FAILED' THEN 'REFUSED'
              WHEN r.state = 'WAITING' AND run.state = 'STOPPED' THEN 'NOT_RUN'
              ELSE r.state END AS outcome,
            coalesce(r.refusal_code, c.failure_code) AS code, r.cancel_id AS "cancelId", coalesce(c.completed_at, r.settled_at) AS "settledAt"
          FROM bulk_cancel_row r
          JOIN bulk_cancel_run run ON run.id = r.run_id
          LEFT JOIN payment p ON p.id = r.payment_id
          LEFT JOIN mall m ON m.id = p.mall_id
          LEFT JOIN payment_cancel c ON c.id = r.cancel_id
          WHERE r.run_id = $1 AND r.row_no > $2
        ) rows
        WHERE $3::text IS NULL OR outcome = $3
        ORDER BY "rowNo" LIMIT $4`,
    },
    [query.runId, query.after, query.outcome ?? null, query.limit],
  );
}
