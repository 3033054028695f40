import type { Sql } from "#server/platform/db.ts";
import type { EndpointStatus } from "#server/webhooks/webhook-console.values.ts";
import { deliverWebhookJob } from "#server/webhooks/webhook-jobs.ts";
import type { DeliveryStatus } from "#server/webhooks/webhook-repository.ts";

/** A delivery that is about to be sent again, locked. */
export type LockedDelivery = Readonly<{
  id: string;
  status: DeliveryStatus;
  subjectId: string;
  mallId: string;
  endpointStatus: EndpointStatus;
  eventType: string;
  /** The key of the job that will send it anyway, without the job's name; null when there is none. */
  openJobKey: string | null;
}>;

/** Locks deliveries, in one order for everybody, with the job each still has. */
export async function lockDeliveries(sql: Sql, ids: readonly string[]): Promise<LockedDelivery[]> {
  const locked = await sql.run<{ id: string }>(
    {
      name: "webhook-deliveries-lock",
      text: "SELECT id FROM webhook_delivery WHERE id = ANY($1::text[]) ORDER BY id FOR UPDATE",
    },
    [ids],
  );
  // A statement of its own: it sees the jobs that were written by whoever held the locks before.
  return sql.run(
    {
      name: "webhook-deliveries-of-resend",
      text: `SELECT d.id, d.status::text AS status, d.subject_id AS "subjectId", w.mall_id AS "mallId", w.status::text AS "endpointStatus", d.event_type AS "eventType",
          (SELECT substr(m.job_key, length(m.job_name) + 2) FROM outbox_message m
            WHERE m.subject_id = d.subject_id AND m.job_name = '${deliverWebhookJob.name}' AND m.payload->>'deliveryId' = d.id
              AND m.done_at IS NULL AND m.dead_at IS NULL ORDER BY m.id DESC LIMIT 1) AS "openJobKey"
        FROM webhook_delivery d JOIN webhook_endpoint w ON w.id = d.endpoint_id
        WHERE d.id = ANY($1::text[]) ORDER BY d.sequence, d.id`,
    },
    [locked.map(({ id }) => id)],
  );
}

/** True when a job of this key was written before, whatever became of it. */
export async function hasDeliveryJob(sql: Sql, jobKey: string): Promise<boolean> {
  const rows = await sql.run(
    { name: "webhook-delivery-job-exists", text: "SELECT 1 FROM outbox_message WHERE job_key = $1" },
    [`${deliverWebhookJob.name}:${jobKey}`],
  );
  return rows.length > 0;
}

/** Opens deliveries again that are over: they wait as if they were new, and keep the tries they had. */
export async function reopenDeliveries(sql: Sql, ids: readonly string[], at: Date): Promise<void> {
  await sql.run(
    {
      name: "webhook-deliveries-reopen",
      text: `UPDATE webhook_delivery SET status = 'PENDING', completed_at = NULL, resent_at = $2, attempts_at_resend = attempts
        WHERE id = ANY($1::text[])`,
    },
    [ids, at],
  );
}

// ---------------------------------------------------------------- runs

export type ResendStatus = "RUNNING" | "STOPPED" | "DONE";

/** Writes a resend and, in the order of the events, what it holds. False when this request key has a resend already. */
export async function insertResend(
  sql: Sql,
  resend: Readonly<{
    id: string;
    requestKey: string;
    selection: unknown;
    reason: string;
    startedBy: string;
    traceId: string;
    deliveryIds: readonly string[];
  }>,
): Promise<boolean> {
  const [made] = await sql.run(
    {
      name: "webhook-resend-insert",
      text: `WITH made AS (
          INSERT INTO webhook_resend (id, selection, reason, started_by, trace_id, total, request_key)
          VALUES ($1, $2::jsonb, $3, $4, $5, cardinality($6::text[]), $7) ON CONFLICT (request_key) DO NOTHING RETURNING id),
        items AS (
          INSERT INTO webhook_resend_item (resend_id, place, delivery_id)
          SELECT made.id, item.place, item.id FROM made, unnest($6::text[]) WITH ORDINALITY AS item (id, place))
        SELECT id FROM made`,
    },
    [
      resend.id,
      JSON.stringify(resend.selection),
      resend.reason,
      resend.startedBy,
      resend.traceId,
      resend.deliveryIds,
      resend.requestKey,
    ],
  );
  return made !== undefined;
}

/** The resend that a request key began, and who began it. */
export async function loadResendOfRequest(
  sql: Sql,
  requestKey: string,
): Promise<{ id: string; total: number; startedBy: string } | undefined> {
  const [resend] = await sql.run<{ id: string; total: number; startedBy: string }>(
    {
      name: "webhook-resend-of-request",
      text: `SELECT id, total, started_by AS "startedBy" FROM webhook_resend WHERE request_key = $1`,
    },
    [requestKey],
  );
  return resend;
}

export type Resend = Readonly<{
  id: string;
  status: ResendStatus;
  total: number;
  place: number;
  traceId: string | null;
}>;

/** A resend, locked until the end of the transaction. */
export async function lockResend(sql: Sql, id: string): Promise<Resend | undefined> {
  const [resend] = await sql.run<Resend>(
    {
      name: "webhook-resend-lock",
      text: `SELECT id, status, total, place, trace_id AS "traceId" FROM webhook_resend WHERE id = $1 FOR UPDATE`,
    },
    [id],
  );
  return resend;
}

/** The next deliveries of a resend, in its order. */
export async function loadResendItems(
  sql: Sql,
  { id, place }: Resend,
  limit: number,
): Promise<{ place: number; deliveryId: string }[]> {
  return sql.run(
    {
      name: "webhook-resend-items",
      text: `SELECT place, delivery_id AS "deliveryId" FROM webhook_resend_item WHERE resend_id = $1 AND place > $2 ORDER BY place LIMIT $3`,
    },
    [id, place, limit],
  );
}

export type ResendResult = "RESENT" | "HASTENED" | "PAUSED" | "DELETED";

/** Notes what became of the next deliveries of a resend; it is done with the last of them. */
export async function noteResendItems(
  sql: Sql,
  id: string,
  items: readonly { place: number; result: ResendResult }[],
  at: Date,
): Promise<void> {
  await sql.run(
    {
      name: "webhook-resend-note",
      text: `WITH noted AS (
          UPDATE webhook_resend_item i SET result = given.result
          FROM unnest($2::int[], $3::text[]) AS given (place, result)
          WHERE i.resend_id = $1 AND i.place = given.place RETURNING i.place, i.result
        ), counted AS (
          SELECT coalesce(max(place), 0) AS place, count(*) FILTER (WHERE result = 'RESENT') AS resent,
            count(*) FILTER (WHERE result = 'HASTENED') AS hastened, count(*) FILTER (WHERE result IN ('PAUSED', 'DELETED')) AS skipped FROM noted)
        UPDATE webhook_resend r SET place = greatest(r.place, counted.place), resent = r.resent + counted.resent,
          hastened = r.hastened + counted.hastened, skipped = r.skipped + counted.skipped,
          status = CASE WHEN greatest(r.place, counted.place) = r.total THEN 'DONE' ELSE r.status END,
          finished_at = CASE WHEN greatest(r.place, counted.place) = r.total THEN $4::timestamptz ELSE r.finished_at END
        FROM counted WHERE r.id = $1`,
    },
    [id, items.map(({ place }) => place), items.map(({ result }) => result), at],
  );
}

/** Ends a running resend before its end. */
export async function stopResendRow(sql: Sql, id: string, by: string, at: Date): Promise<void> {
  await sql.run(
    {
      name: "webhook-resend-stop",
      text: `UPDATE webhook_resend SET status = 'STOPPED', stopped_by = $2, finished_at = $3 WHERE id = $1 AND status = 'RUNNING'`,
    },
    [id, by, at],
  );
}
