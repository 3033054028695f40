import {
  type DeadLetterJob,
  type DeadLetterStatus,
  uncountedJobs,
} from "#server/dead-letters/dead-letter.values.ts";
import type { LetterSubject } from "#server/dead-letters/domain/decide-redrive.ts";
import type { PaymentStatus } from "#server/payments/domain/payment-status.ts";
import type { Sql, Statement } from "#server/platform/db.ts";
import type { VanOriginal } from "#server/van/van-gateway.ts";

/** What a letter remembers of its subject at the time it was parked. */
export type SubjectFacts = Readonly<{
  paymentId: string | null;
  mallId: string | null;
  vanCode: string | null;
  amountMinor: bigint | null;
  vanExchangeId: bigint | null;
  deadlineAt: Date | null;
}>;

const nothingKnown: SubjectFacts = {
  paymentId: null,
  mallId: null,
  vanCode: null,
  amountMinor: null,
  vanExchangeId: null,
  deadlineAt: null,
};

const newestExchange = (of = "") => `(SELECT max(x.id) FROM van_exchange x WHERE x.payment_id = p.id${of})`;
const netCancelDeadline = `p.requested_at + v.net_cancel_deadline_ms * interval '1 millisecond'`;
const factsOf = (amount: string, deadline: string, exchange = newestExchange()) =>
  `p.id AS "paymentId", p.mall_id AS "mallId", p.van_code AS "vanCode", ${amount} AS "amountMinor", ${exchange} AS "vanExchangeId", ${deadline} AS "deadlineAt"`;

const factsOfDay = (van: string, mall: string, from: string) =>
  `SELECT NULL::text AS "paymentId", ${mall} AS "mallId", ${van} AS "vanCode", NULL::bigint AS "amountMinor", NULL::bigint AS "vanExchangeId",
    NULL::timestamptz AS "deadlineAt" FROM ${from}`;

/** How to find what a job was about: from which id of its payload, by which statement. */
const subjects: Readonly<
  Record<DeadLetterJob, { idOf: (payload: Record<string, unknown>) => unknown; statement: Statement }>
> = {
  "net-cancel": {
    idOf: (payload) => payload.paymentId,
    statement: {
      name: "dead-letter-subject-net-cancel",
      text: `SELECT ${factsOf("p.amount_minor", netCancelDeadline)} FROM payment p JOIN van v ON v.code = p.van_code WHERE p.id = $1`,
    },
  },
  "follow-up-inquiry": {
    idOf: (payload) => payload.paymentId,
    statement: {
      name: "dead-letter-subject-follow-up",
      text: `SELECT ${factsOf("p.amount_minor", "NULL::timestamptz")} FROM payment p WHERE p.id = $1`,
    },
  },
  "recover-cancel": {
    idOf: (payload) => payload.cancelId,
    statement: {
      name: "dead-letter-subject-recover-cancel",
      text: `SELECT ${factsOf("c.amount_minor", "NULL::timestamptz", newestExchange(" AND x.cancel_id = c.id"))} FROM payment_cancel c JOIN payment p ON p.id = c.payment_id WHERE c.id = $1`,
    },
  },
  "reverse-orphan": {
    idOf: (payload) => payload.orphanId,
    statement: {
      name: "dead-letter-subject-orphan",
      text: `SELECT ${factsOf("o.amount_minor", netCancelDeadline)}
        FROM van_orphan o JOIN payment p ON p.id = o.payment_id JOIN van v ON v.code = p.van_code WHERE o.id = $1::bigint`,
    },
  },
  // The exchange with the VAN went well here; what failed is in the delivery's own tries.
  "deliver-webhook": {
    idOf: (payload) => payload.deliveryId,
    statement: {
      name: "dead-letter-subject-delivery",
      text: `SELECT p.id AS "paymentId", e.mall_id AS "mallId", NULL AS "vanCode", p.amount_minor AS "amountMinor",
          NULL::bigint AS "vanExchangeId", NULL::timestamptz AS "deadlineAt"
        FROM webhook_delivery d JOIN event e ON e.id = d.event_id LEFT JOIN payment p ON p.id = e.subject_id WHERE d.id = $1`,
    },
  },
  // About a day: no payment, and no money of one.
  "settle-mall": {
    idOf: (payload) => payload.mallId,
    statement: {
      name: "dead-letter-subject-mall",
      text: factsOfDay("NULL::text", "m.id", "mall m WHERE m.id = $1"),
    },
  },
  "reconcile-day": {
    idOf: (payload) => payload.vanCode,
    statement: {
      name: "dead-letter-subject-van",
      text: factsOfDay("v.code", "NULL::text", "van v WHERE v.code = $1"),
    },
  },
};

function isDeadLetterJob(name: string): name is DeadLetterJob {
  return Object.hasOwn(subjects, name);
}

/** Reads what a job was about. A subject that is not there any more leaves the letter without facts, never without itself. */
export async function readSubjectFacts(sql: Sql, jobName: string, payload: unknown): Promise<SubjectFacts> {
  if (!isDeadLetterJob(jobName)) return nothingKnown;
  const { idOf, statement } = subjects[jobName];
  const id = idOf((payload ?? {}) as Record<string, unknown>);
  const [facts] = await sql.run<SubjectFacts>(statement, [String(id)]);
  return facts ?? nothingKnown;
}

export type ParkedLetter = Readonly<{
  jobName: string;
  jobKey: string;
  payload: unknown;
  subjectId: string;
  attempts: number;
  firstError: string;
  lastError: string;
  traceId: string | null;
  reasonClass: string;
}>;

/**
 * Puts an open letter of this job back among the parked ones: the tries add up, the first error stays.
 * Returns its id; nothing when there is none. Locks the letter until the commit.
 */
export async function parkAgain(
  sql: Sql,
  letter: ParkedLetter,
  facts: SubjectFacts,
): Promise<string | undefined> {
  const [row] = await sql.run<{ id: string }>(
    {
      name: "dead-letter-park-again",
      text: `UPDATE dead_letter SET status = 'PARKED', parked_at = now(), attempts = attempts + $2, last_error = $3, reason_class = $4,
          trace_id = coalesce($5, trace_id), van_exchange_id = coalesce($6, van_exchange_id), deadline_at = $7
        WHERE id = (SELECT id FROM dead_letter WHERE job_key = $1 AND status IN ('PARKED', 'REDRIVEN') ORDER BY parked_at DESC LIMIT 1 FOR UPDATE)
        RETURNING id`,
    },
    [
      letter.jobKey,
      letter.attempts,
      letter.lastError,
      letter.reasonClass,
      letter.traceId,
      facts.vanExchangeId,
      facts.deadlineAt,
    ],
  );
  return row?.id;
}

/** Writes a new letter. */
export async function insertLetter(
  sql: Sql,
  id: string,
  letter: ParkedLetter,
  facts: SubjectFacts,
): Promise<void> {
  await sql.run(
    {
      name: "dead-letter-insert",
      text: `INSERT INTO dead_letter (id, job_name, job_key, payload, subject_id, payment_id, mall_id, van_code, amount_minor, reason_class,
          first_error, last_error, attempts, van_exchange_id, deadline_at, trace_id)
        VALUES ($1, $2, $3, $4::jsonb, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
    },
    [
      id,
      letter.jobName,
      letter.jobKey,
      JSON.stringify(letter.payload),
      letter.subjectId,
      facts.paymentId,
      facts.mallId,
      facts.vanCode,
      facts.amountMinor,
      letter.reasonClass,
      letter.firstError,
      letter.lastError,
      letter.attempts,
      facts.vanExchangeId,
      facts.deadlineAt,
      letter.traceId,
    ],
  );
}

/** Ends every open letter of a job; returns their ids. */
export async function resolveByJobKey(sql: Sql, jobKey: string, resolution: string): Promise<string[]> {
  const rows = await sql.run<{ id: string }>(
    {
      name: "dead-letter-resolve-by-key",
      text: `UPDATE dead_letter SET status = 'RESOLVED', resolved_at = now(), resolution = $2
        WHERE job_key = $1 AND status IN ('PARKED', 'REDRIVEN') RETURNING id`,
    },
    [jobKey, resolution],
  );
  return rows.map(({ id }) => id);
}

export type LockedLetter = Readonly<{
  id: string;
  status: DeadLetterStatus;
  jobName: DeadLetterJob;
  jobKey: string;
  payload: unknown;
  subjectId: string;
  paymentId: string | null;
  redriveCount: number;
  deadlineAt: Date | null;
  traceId: string | null;
}>;

/** Locks letters for a re-drive, in one order for everybody, so that two operators never wait for each other in a circle. */
export async function lockLetters(sql: Sql, ids: readonly string[]): Promise<LockedLetter[]> {
  return sql.run<LockedLetter>(
    {
      name: "dead-letter-lock",
      text: `SELECT id, status::text AS status, job_name AS "jobName", job_key AS "jobKey", payload, subject_id AS "subjectId",
          payment_id AS "paymentId", redrive_count AS "redriveCount", deadline_at AS "deadlineAt", trace_id AS "traceId"
        FROM dead_letter WHERE id = ANY($1::text[]) ORDER BY id FOR UPDATE`,
    },
    [ids],
  );
}

/** Marks parked letters as on their way again. */
export async function markRedriven(sql: Sql, ids: readonly string[]): Promise<void> {
  await sql.run(
    {
      name: "dead-letter-mark-redriven",
      text: `UPDATE dead_letter SET status = 'REDRIVEN', redrive_count = redrive_count + 1, redriven_at = now()
        WHERE id = ANY($1::text[]) AND status = 'PARKED'`,
    },
    [ids],
  );
}

/** Ends parked letters that need no work any more. */
export async function resolveLetters(sql: Sql, ids: readonly string[], resolution: string): Promise<void> {
  await sql.run(
    {
      name: "dead-letter-resolve",
      text: `UPDATE dead_letter SET status = 'RESOLVED', resolved_at = now(), resolution = $2 WHERE id = ANY($1::text[]) AND status = 'PARKED'`,
    },
    [ids, resolution],
  );
}

export type CaredLetter = Readonly<{
  id: string;
  status: DeadLetterStatus;
  assigneeId: string | null;
  asideUntil: Date | null;
}>;

/** Locks letters for a change of who looks after them and when, in one order for everybody. */
export async function lockForCare(sql: Sql, ids: readonly string[]): Promise<CaredLetter[]> {
  return sql.run<CaredLetter>(
    {
      name: "dead-letter-lock-for-care",
      text: `SELECT id, status::text AS status, assignee_id AS "assigneeId", aside_until AS "asideUntil"
        FROM dead_letter WHERE id = ANY($1::text[]) ORDER BY id FOR UPDATE`,
    },
    [ids],
  );
}

/** Gives locked letters to an operator, or to nobody. */
export async function saveAssignee(
  sql: Sql,
  ids: readonly string[],
  assigneeId: string | null,
): Promise<void> {
  await sql.run(
    {
      name: "dead-letter-assign",
      text: "UPDATE dead_letter SET assignee_id = $2 WHERE id = ANY($1::text[])",
    },
    [ids, assigneeId],
  );
}

/** Leaves locked letters aside until then, or brings them back. */
export async function saveAside(sql: Sql, ids: readonly string[], until: Date | null): Promise<void> {
  await sql.run(
    {
      name: "dead-letter-set-aside",
      text: "UPDATE dead_letter SET aside_until = $2 WHERE id = ANY($1::text[])",
    },
    [ids, until],
  );
}

/** Adds one note to each of these letters. */
export async function insertNotes(
  sql: Sql,
  ids: readonly string[],
  note: { operatorId: string; text: string; at: Date },
): Promise<void> {
  await sql.run(
    {
      name: "dead-letter-note",
      text: `INSERT INTO dead_letter_note (letter_id, operator_id, text, written_at) SELECT id, $2, $3, $4 FROM unnest($1::text[]) AS id`,
    },
    [ids, note.operatorId, note.text, note.at],
  );
}

/** True when there is such an operator, who may still sign in. */
export async function isActiveOperator(sql: Sql, id: string): Promise<boolean> {
  const rows = await sql.run(
    { name: "dead-letter-assignee", text: "SELECT 1 FROM operator WHERE id = $1 AND disabled_at IS NULL" },
    [id],
  );
  return rows.length > 0;
}

/**
 * How many letters of a previewed run count towards the limit of whoever starts it: those it would work on, less
 * `uncountedJobs`. A letter that is not there any more counts.
 */
export async function countTowardsLimit(sql: Sql, runId: string, leftOutOutcome: string): Promise<number> {
  const [row] = await sql.run<{ count: number }>(
    {
      name: "dead-letter-count-towards-limit",
      text: `SELECT count(*)::int AS count FROM work_run_item i LEFT JOIN dead_letter l ON l.id = i.subject_id
        WHERE i.run_id = $1 AND i.preview_outcome <> $2 AND NOT coalesce(l.job_name = ANY($3), false)`,
    },
    [runId, leftOutOutcome, uncountedJobs],
  );
  return row?.count ?? 0;
}

/** The letters of a previewed run that would be worked on and do not count towards its limit. */
export async function findUncounted(sql: Sql, runId: string, leftOutOutcome: string): Promise<string[]> {
  const rows = await sql.run<{ id: string }>(
    {
      name: "dead-letter-find-uncounted",
      text: `SELECT l.id FROM work_run_item i JOIN dead_letter l ON l.id = i.subject_id
        WHERE i.run_id = $1 AND i.preview_outcome <> $2 AND l.job_name = ANY($3) ORDER BY i.place`,
    },
    [runId, leftOutOutcome, uncountedJobs],
  );
  return rows.map(({ id }) => id);
}

export type LetterToJudge = Readonly<{ status: DeadLetterStatus; deadlineAt: Date | null }>;

/** Reads of letters what a preview judges them by. */
export async function readLettersToJudge(
  sql: Sql,
  ids: readonly string[],
): Promise<ReadonlyMap<string, LetterToJudge>> {
  const rows = await sql.run<LetterToJudge & { id: string }>(
    {
      name: "dead-letter-to-judge",
      text: `SELECT id, status::text AS status, deadline_at AS "deadlineAt" FROM dead_letter WHERE id = ANY($1::text[])`,
    },
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** A letter's subject as it is now, what identifies it at its VAN, and the payment's status now and once the job has succeeded. */
export type SubjectNow = Readonly<{
  letterId: string;
  subject: LetterSubject;
  vanCode: string | null;
  vanTraceNo: string | null;
  original: VanOriginal | null;
  paymentStatus: PaymentStatus | null;
  statusAfter: PaymentStatus | null;
}>;

type SubjectRow = {
  letterId: string;
  jobName: DeadLetterJob;
  paymentId: string | null;
  paymentStatus: PaymentStatus | null;
  canceledMinor: bigint | null;
  netCancelRequestedAt: Date | null;
  vanCode: string | null;
  traceNo: string | null;
  mallId: string | null;
  orderId: string | null;
  amountMinor: bigint | null;
  currency: string | null;
  requestedAt: Date | null;
  cancelStatus: string | null;
  cancelTraceNo: string | null;
  cancelAmountMinor: bigint | null;
  orphanState: string | null;
  orphanTraceNo: string | null;
  orphanAmountMinor: bigint | null;
  deliveryStatus: string | null;
  endpointStatus: string | null;
};

/** Reads the present truth behind letters: payment, cancel, orphan or delivery, whichever a letter is about. */
export async function readSubjectsNow(
  sql: Sql,
  letterIds: readonly string[],
): Promise<ReadonlyMap<string, SubjectNow>> {
  const rows = await sql.run<SubjectRow>(
    {
      name: "dead-letter-subjects-now",
      text: `SELECT l.id AS "letterId", l.job_name AS "jobName", p.id AS "paymentId", p.status::text AS "paymentStatus",
          p.net_cancel_requested_at AS "netCancelRequestedAt", p.van_code AS "vanCode", p.trace_no AS "traceNo", p.mall_id AS "mallId",
          p.order_id AS "orderId", p.amount_minor AS "amountMinor", p.canceled_minor AS "canceledMinor", p.currency, p.requested_at AS "requestedAt",
          c.status::text AS "cancelStatus", c.trace_no AS "cancelTraceNo", c.amount_minor AS "cancelAmountMinor",
          o.state AS "orphanState", o.trace_no AS "orphanTraceNo", o.amount_minor AS "orphanAmountMinor",
          d.status::text AS "deliveryStatus", e.status::text AS "endpointStatus"
        FROM dead_letter l
        LEFT JOIN payment_cancel c ON l.job_name = 'recover-cancel' AND c.id = l.payload->>'cancelId'
        LEFT JOIN van_orphan o ON l.job_name = 'reverse-orphan' AND o.id::text = l.payload->>'orphanId'
        LEFT JOIN webhook_delivery d ON l.job_name = 'deliver-webhook' AND d.id = l.payload->>'deliveryId'
        LEFT JOIN webhook_endpoint e ON e.id = d.endpoint_id
        LEFT JOIN payment p ON p.id = coalesce(c.payment_id, o.payment_id, l.payload->>'paymentId')
        WHERE l.id = ANY($1::text[])`,
    },
    [letterIds],
  );
  return new Map(rows.map((row) => [row.letterId, toSubjectNow(row)]));
}

function toSubjectNow(row: SubjectRow): SubjectNow {
  return {
    letterId: row.letterId,
    subject: toSubject(row),
    paymentStatus: row.paymentStatus,
    statusAfter: statusAfter(row),
    vanCode: row.vanCode,
    vanTraceNo: row.cancelTraceNo ?? row.orphanTraceNo ?? row.traceNo,
    original:
      row.traceNo !== null &&
      row.mallId !== null &&
      row.orderId !== null &&
      row.amountMinor !== null &&
      row.currency !== null &&
      row.requestedAt !== null
        ? {
            traceNo: row.orphanTraceNo ?? row.traceNo,
            mallId: row.mallId,
            orderId: row.orderId,
            amountMinor: row.orphanAmountMinor ?? row.amountMinor,
            currency: row.currency,
            requestedAt: row.requestedAt,
          }
        : null,
  };
}

/** Where the payment goes when the job succeeds; `null` when it stays as it is. */
function statusAfter(row: SubjectRow): PaymentStatus | null {
  if (row.jobName === "net-cancel") return "NET_CANCELED";
  if (row.jobName !== "recover-cancel" || row.cancelAmountMinor === null || row.canceledMinor === null)
    return null;
  return row.canceledMinor + row.cancelAmountMinor === row.amountMinor ? "CANCELED" : "PARTIAL_CANCELED";
}

function toSubject(row: SubjectRow): LetterSubject {
  // The enum columns arrive as text; the database allows no other values.
  if (row.jobName === "net-cancel" && row.paymentStatus !== null && row.amountMinor !== null) {
    return {
      kind: "approval",
      status: row.paymentStatus,
      netCancelRequested: row.netCancelRequestedAt !== null,
      amountMinor: row.amountMinor,
    };
  }
  if (row.jobName === "recover-cancel" && row.cancelStatus !== null && row.cancelAmountMinor !== null) {
    const status = row.cancelStatus as Extract<LetterSubject, { kind: "cancel" }>["status"];
    return { kind: "cancel", status, amountMinor: row.cancelAmountMinor };
  }
  if (row.jobName === "reverse-orphan" && row.orphanState !== null && row.orphanAmountMinor !== null) {
    const state = row.orphanState as Extract<LetterSubject, { kind: "orphan" }>["state"];
    return { kind: "orphan", state, amountMinor: row.orphanAmountMinor };
  }
  if (row.jobName === "follow-up-inquiry" && row.paymentId !== null) return { kind: "follow_up" };
  if (row.jobName === "deliver-webhook" && row.deliveryStatus !== null && row.endpointStatus !== null) {
    return {
      kind: "delivery",
      status: row.deliveryStatus as Extract<LetterSubject, { kind: "delivery" }>["status"],
      endpoint: row.endpointStatus as Extract<LetterSubject, { kind: "delivery" }>["endpoint"],
    };
  }
  if (row.jobName === "settle-mall" || row.jobName === "reconcile-day") return { kind: "day" };
  return { kind: "missing" };
}
