import type {
  ChangeEventKind,
  ChangeKind,
  ChangeStatus,
} from "#server/change-requests/change-kinds.values.ts";
import type { OperatorRole } from "#server/operators/permissions.ts";
import { type Sql, sqlStateOf } from "#server/platform/db.ts";

export type ChangeRequestRow = Readonly<{
  id: string;
  kind: ChangeKind;
  status: ChangeStatus;
  version: number;
  payload: Readonly<Record<string, unknown>>;
  subjectId: string;
  subjectName: string;
  amountMinor: bigint | null;
  reason: string;
  makerId: string;
  makerRole: OperatorRole;
  decidedBy: string | null;
  executionId: string | null;
  traceId: string;
  /** By the clock of the database: its time to be decided is over. */
  isOverdue: boolean;
  /** By the same clock: a day has passed since it was approved. */
  isLapsed: boolean;
}>;

const columns = `id, kind, status::text AS status, version, payload, subject_id AS "subjectId", subject_name AS "subjectName",
  amount_minor AS "amountMinor", reason, maker_id AS "makerId", maker_role::text AS "makerRole", decided_by AS "decidedBy",
  execution_id AS "executionId", trace_id AS "traceId", expires_at <= clock_timestamp() AS "isOverdue",
  coalesce(decided_at + interval '1 day' <= clock_timestamp(), false) AS "isLapsed"`;

export type ChangeContent = Readonly<{
  payload: Readonly<Record<string, unknown>>;
  amountMinor: bigint | null;
  reason: string;
  measured: bigint;
  limitMax: bigint | null;
  lifeMs: number;
}>;

export type NewChangeRequest = ChangeContent &
  Readonly<{
    id: string;
    kind: ChangeKind;
    subjectId: string;
    subjectName: string;
    makerId: string;
    makerRole: OperatorRole;
    traceId: string;
  }>;

/** Writes a new request; undefined when there is an open one for the same subject. */
export async function insertRequest(
  sql: Sql,
  request: NewChangeRequest,
): Promise<{ expiresAt: Date } | undefined> {
  const [row] = await sql.run<{ expiresAt: Date }>(
    {
      name: "change-request-insert",
      text: `INSERT INTO change_request (id, kind, payload, subject_id, subject_name, amount_minor, reason, maker_id, maker_role,
          measured, limit_max, expires_at, trace_id)
        VALUES ($1, $2, $3::jsonb, $4, $5, $6, $7, $8, $9::operator_role, $10, $11, clock_timestamp() + $12 * interval '1 millisecond', $13)
        ON CONFLICT (kind, subject_id) WHERE status IN ('PENDING', 'APPROVED', 'RUNNING') DO NOTHING RETURNING expires_at AS "expiresAt"`,
    },
    [
      request.id,
      request.kind,
      JSON.stringify(request.payload),
      request.subjectId,
      request.subjectName,
      request.amountMinor,
      request.reason,
      request.makerId,
      request.makerRole,
      request.measured,
      request.limitMax,
      request.lifeMs,
      request.traceId,
    ],
  );
  return row;
}

/** The open request of a subject, if there is one. */
export async function loadOpenRequest(
  sql: Sql,
  kind: ChangeKind,
  subjectId: string,
): Promise<{ id: string; status: ChangeStatus } | undefined> {
  const [row] = await sql.run<{ id: string; status: ChangeStatus }>(
    {
      name: "change-request-open",
      text: `SELECT id, status::text AS status FROM change_request
        WHERE kind = $1 AND subject_id = $2 AND status IN ('PENDING', 'APPROVED', 'RUNNING')`,
    },
    [kind, subjectId],
  );
  return row;
}

/** A request, locked until the end of the transaction. */
export async function lockRequest(sql: Sql, id: string): Promise<ChangeRequestRow | undefined> {
  const [row] = await sql.run<ChangeRequestRow>(
    { name: "change-request-lock", text: `SELECT ${columns} FROM change_request WHERE id = $1 FOR UPDATE` },
    [id],
  );
  return row;
}

export async function loadRequest(sql: Sql, id: string): Promise<ChangeRequestRow | undefined> {
  const [row] = await sql.run<ChangeRequestRow>(
    { name: "change-request-load", text: `SELECT ${columns} FROM change_request WHERE id = $1` },
    [id],
  );
  return row;
}

/** Writes the next version of a locked request; what was decided before is taken back with it. */
export async function editRequest(sql: Sql, id: string, content: ChangeContent): Promise<void> {
  await sql.run(
    {
      name: "change-request-edit",
      text: `UPDATE change_request SET version = version + 1, status = 'PENDING', payload = $2::jsonb, amount_minor = $3, reason = $4,
          measured = $5, limit_max = $6, expires_at = clock_timestamp() + $7 * interval '1 millisecond', edited_at = clock_timestamp(),
          decided_by = NULL, decided_at = NULL, decision_note = NULL
        WHERE id = $1`,
    },
    [
      id,
      JSON.stringify(content.payload),
      content.amountMinor,
      content.reason,
      content.measured,
      content.limitMax,
      content.lifeMs,
    ],
  );
}

/**
 * Decides one version of a request. False when it was decided, edited or withdrawn meanwhile, or its time is over; the
 * database refuses the maker itself.
 */
export async function writeDecision(
  sql: Sql,
  decision: Readonly<{
    id: string;
    version: number;
    status: "APPROVED" | "REJECTED";
    checkerId: string;
    note: string;
  }>,
): Promise<boolean> {
  const rows = await sql.run(
    {
      name: "change-request-decide",
      text: `UPDATE change_request SET status = $3::change_status, decided_by = $4, decided_at = clock_timestamp(), decision_note = nullif($5, ''),
          finished_at = CASE WHEN $3 = 'REJECTED' THEN clock_timestamp() END
        WHERE id = $1 AND version = $2 AND status = 'PENDING' AND expires_at > clock_timestamp() RETURNING id`,
    },
    [decision.id, decision.version, decision.status, decision.checkerId, decision.note],
  );
  return rows.length === 1;
}

/** Takes a locked request back that nobody has begun to carry out. Who approved it stays on it. */
export async function writeWithdrawal(sql: Sql, id: string): Promise<void> {
  await sql.run(
    {
      name: "change-request-withdraw",
      text: `UPDATE change_request SET status = 'WITHDRAWN', finished_at = clock_timestamp() WHERE id = $1 AND status IN ('PENDING', 'APPROVED')`,
    },
    [id],
  );
}

/** Takes back all of somebody's requests of these kinds that nobody has begun to carry out; returns them as they were. */
export async function withdrawRequestsOf(
  sql: Sql,
  makerId: string,
  kinds: readonly ChangeKind[],
): Promise<ChangeRequestRow[]> {
  const rows = await sql.run<ChangeRequestRow>(
    {
      name: "change-request-lock-of-maker",
      text: `SELECT ${columns} FROM change_request
        WHERE maker_id = $1 AND kind = ANY($2::text[]) AND status IN ('PENDING', 'APPROVED') ORDER BY id FOR UPDATE`,
    },
    [makerId, kinds],
  );
  await sql.run(
    {
      name: "change-request-withdraw-all",
      text: `UPDATE change_request SET status = 'WITHDRAWN', finished_at = clock_timestamp() WHERE id = ANY($1::text[])`,
    },
    [rows.map(({ id }) => id)],
  );
  return rows;
}

/** Takes back those of these requests that nobody has begun to carry out; returns them as they were. Locked in one order, so that no two wait for one another. */
export async function withdrawRequests(sql: Sql, ids: readonly string[]): Promise<ChangeRequestRow[]> {
  const rows = await sql.run<ChangeRequestRow>(
    {
      name: "change-request-lock-these",
      text: `SELECT ${columns} FROM change_request WHERE id = ANY($1::text[]) AND status IN ('PENDING', 'APPROVED') ORDER BY id FOR UPDATE`,
    },
    [ids],
  );
  await sql.run(
    {
      name: "change-request-withdraw-all",
      text: `UPDATE change_request SET status = 'WITHDRAWN', finished_at = clock_timestamp() WHERE id = ANY($1::text[])`,
    },
    [rows.map(({ id }) => id)],
  );
  return rows;
}

/** Begins the execution of an approved version: from here on it cannot be edited. False when it is not approved (any more). */
export async function beginExecution(
  sql: Sql,
  begun: Readonly<{ id: string; version: number; executionId: string }>,
): Promise<boolean> {
  const rows = await sql.run(
    {
      name: "change-request-begin",
      text: `UPDATE change_request SET status = 'RUNNING', execution_id = $3, started_at = clock_timestamp()
        WHERE id = $1 AND version = $2 AND status = 'APPROVED' RETURNING id`,
    },
    [begun.id, begun.version, begun.executionId],
  );
  return rows.length === 1;
}

/** Ends an execution; false when another worker has written the end. */
export async function endExecution(
  sql: Sql,
  ended: Readonly<{ id: string; refusalCode: string | null; result: Readonly<Record<string, unknown>> }>,
): Promise<boolean> {
  const rows = await sql.run(
    {
      name: "change-request-end",
      text: `UPDATE change_request SET status = CASE WHEN $2::text IS NULL THEN 'DONE' ELSE 'REFUSED' END::change_status, refusal_code = $2,
          result = $3::jsonb, finished_at = clock_timestamp()
        WHERE id = $1 AND status = 'RUNNING' RETURNING id`,
    },
    [ended.id, ended.refusalCode, JSON.stringify(ended.result)],
  );
  return rows.length === 1;
}

/** Ends pending requests whose time is over, by the clock of the database; those in other hands are left for the next time. */
export async function expireRequests(sql: Sql, limit: number): Promise<ChangeRequestRow[]> {
  return sql.run<ChangeRequestRow>(
    {
      name: "change-request-expire",
      text: `WITH due AS (
          SELECT id AS due_id FROM change_request WHERE status = 'PENDING' AND expires_at <= clock_timestamp()
          ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED)
        UPDATE change_request SET status = 'EXPIRED', finished_at = clock_timestamp() FROM due WHERE id = due_id RETURNING ${columns}`,
    },
    [limit],
  );
}

/** Adds to the history of a request. */
export async function addRequestEvent(
  sql: Sql,
  event: Readonly<{
    requestId: string;
    version: number;
    kind: ChangeEventKind;
    actorId: string;
    note?: string | null;
    payload: Readonly<Record<string, unknown>>;
  }>,
): Promise<void> {
  await sql.run(
    {
      name: "change-request-event",
      text: `INSERT INTO change_request_event (request_id, version, kind, actor_id, note, payload) VALUES ($1, $2, $3, $4, nullif($5, ''), $6::jsonb)`,
    },
    [
      event.requestId,
      event.version,
      event.kind,
      event.actorId,
      event.note ?? "",
      JSON.stringify(event.payload),
    ],
  );
}

/** The limit an administrator has set, if any. */
export async function loadLimit(
  sql: Sql,
  role: OperatorRole,
  kind: ChangeKind,
): Promise<{ limitMax: bigint | null } | undefined> {
  const [row] = await sql.run<{ limitMax: bigint | null }>(
    {
      name: "approval-limit-load",
      text: `SELECT limit_max AS "limitMax" FROM approval_limit WHERE kind = $1 AND role = $2::operator_role`,
    },
    [kind, role],
  );
  return row;
}

/** Lets one change of the limits be made at a time, until the transaction ends. */
export async function lockLimits(sql: Sql, lock: number): Promise<void> {
  await sql.run({ name: "approval-limit-lock", text: "SELECT pg_advisory_xact_lock($1)" }, [lock]);
}

export async function writeLimit(
  sql: Sql,
  limit: Readonly<{ kind: ChangeKind; role: OperatorRole; limitMax: bigint | null; by: string }>,
): Promise<void> {
  await sql.run(
    {
      name: "approval-limit-write",
      text: `INSERT INTO approval_limit (kind, role, limit_max, updated_by, updated_at) VALUES ($1, $2::operator_role, $3, $4, clock_timestamp())
        ON CONFLICT (kind, role) DO UPDATE SET limit_max = excluded.limit_max, updated_by = excluded.updated_by, updated_at = excluded.updated_at`,
    },
    [limit.kind, limit.role, limit.limitMax, limit.by],
  );
}

/** True when the database refused because the maker would decide its own request. */
export function isOwnDecision(error: unknown): boolean {
  return (
    sqlStateOf(error) === "23514" &&
    (error as { constraint?: unknown }).constraint === "change_request_checker_is_not_maker"
  );
}
