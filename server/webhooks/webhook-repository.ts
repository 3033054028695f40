import { advisoryLocks } from "#server/platform/advisory-locks.ts";
import type { Sql } from "#server/platform/db.ts";
import type { EndpointStatus } from "#server/webhooks/webhook-console.values.ts";

// ---------------------------------------------------------------- events and the deliveries they owe

/** One event that was just numbered, with one of the endpoints that want it; `endpointId` is null when nobody does. */
export type NumberedEvent = Readonly<{
  eventId: bigint;
  sequence: bigint;
  eventType: string;
  subjectId: string;
  endpointId: string | null;
}>;

/** True when some event has no sequence yet: a look at a small partial index. */
export async function hasUnsequencedEvents(sql: Sql): Promise<boolean> {
  const [row] = await sql.run<{ waiting: boolean }>(
    {
      name: "event-any-unsequenced",
      text: "SELECT EXISTS (SELECT 1 FROM event WHERE sequence IS NULL) AS waiting",
    },
    [],
  );
  return row?.waiting ?? false;
}

/** Becomes the one sequencer until the transaction ends; false when another one is at work. */
export async function takeSequencerLock(sql: Sql): Promise<boolean> {
  const [row] = await sql.run<{ taken: boolean }>(
    { name: "event-sequencer-lock", text: "SELECT pg_try_advisory_xact_lock($1) AS taken" },
    [advisoryLocks.eventSequencer],
  );
  return row?.taken ?? false;
}

/**
 * Numbers up to `limit` committed events in the order they were written, without gaps, and pairs each with the active
 * endpoints of its mall that want its type. Must run after `takeSequencerLock` as a statement of its own, so that it
 * sees the highest number of the sequencer before it.
 */
export async function numberEvents(sql: Sql, limit: number): Promise<NumberedEvent[]> {
  return sql.run(
    {
      name: "event-number",
      text: `WITH batch AS (
          SELECT id FROM event WHERE sequence IS NULL ORDER BY id LIMIT $1
        ), numbered AS (
          SELECT id, row_number() OVER (ORDER BY id) AS place FROM batch
        ), head AS (
          SELECT coalesce(max(sequence), 0) AS last FROM event
        ), given AS (
          UPDATE event e SET sequence = head.last + numbered.place FROM numbered, head WHERE e.id = numbered.id
          RETURNING e.id, e.sequence, e.type, e.mall_id, e.subject_id)
        SELECT g.id AS "eventId", g.sequence, g.type AS "eventType", g.subject_id AS "subjectId", w.id AS "endpointId"
        FROM given g
        LEFT JOIN webhook_endpoint w ON w.mall_id = g.mall_id AND w.status = 'ACTIVE' AND (w.types = '{}' OR g.type = ANY (w.types))
        ORDER BY g.sequence, w.id`,
    },
    [limit],
  );
}

export type NewDelivery = Readonly<{
  id: string;
  endpointId: string;
  eventId: bigint;
  eventType: string;
  subjectId: string;
  sequence: bigint;
}>;

/** Writes the deliveries that a batch of events owes. */
export async function insertDeliveries(sql: Sql, deliveries: readonly NewDelivery[]): Promise<void> {
  await sql.run(
    {
      name: "webhook-deliveries-insert",
      text: `INSERT INTO webhook_delivery (id, endpoint_id, event_id, subject_id, sequence, event_type)
        SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::bigint[], $6::text[])`,
    },
    [
      deliveries.map((delivery) => delivery.id),
      deliveries.map((delivery) => delivery.endpointId),
      deliveries.map((delivery) => delivery.eventId),
      deliveries.map((delivery) => delivery.subjectId),
      deliveries.map((delivery) => delivery.sequence),
      deliveries.map((delivery) => delivery.eventType),
    ],
  );
}

// ---------------------------------------------------------------- one delivery

export type DeliveryStatus = "PENDING" | "DELIVERED" | "DEAD";

/** A delivery with all that sending it needs. `ahead` is the earliest pending delivery of the same endpoint and subject before it. */
export type DueDelivery = Readonly<{
  id: string;
  status: DeliveryStatus;
  attempts: number;
  subjectId: string;
  sequence: bigint;
  eventId: bigint;
  eventType: string;
  eventData: Readonly<Record<string, unknown>>;
  occurredAt: Date;
  endpointId: string;
  mallId: string;
  url: string;
  endpointStatus: EndpointStatus;
  pausedReason: string | null;
  secretSealed: Buffer;
  previousSecretSealed: Buffer | null;
  previousSecretExpiresAt: Date | null;
  aheadAttempts: number | null;
  aheadTriedAt: Date | null;
}>;

/** Reads one delivery as it stands. */
export async function loadDelivery(sql: Sql, deliveryId: string): Promise<DueDelivery | undefined> {
  const [delivery] = await sql.run<DueDelivery>(
    {
      name: "webhook-delivery-load",
      text: `SELECT d.id, d.status, d.attempts, d.subject_id AS "subjectId", d.sequence, d.event_id AS "eventId",
          e.type AS "eventType", e.data AS "eventData", e.occurred_at AS "occurredAt",
          w.id AS "endpointId", w.mall_id AS "mallId", w.url, w.status AS "endpointStatus", w.paused_reason AS "pausedReason",
          w.secret_sealed AS "secretSealed", w.previous_secret_sealed AS "previousSecretSealed",
          w.previous_secret_expires_at AS "previousSecretExpiresAt",
          ahead.attempts AS "aheadAttempts", ahead.tried_at AS "aheadTriedAt"
        FROM webhook_delivery d
        JOIN webhook_endpoint w ON w.id = d.endpoint_id
        JOIN event e ON e.id = d.event_id
        LEFT JOIN LATERAL (
          SELECT p.attempts, (SELECT max(a.started_at) FROM webhook_attempt a WHERE a.delivery_id = p.id) AS tried_at
          FROM webhook_delivery p
          WHERE p.endpoint_id = d.endpoint_id AND p.subject_id = d.subject_id AND p.sequence < d.sequence AND p.status = 'PENDING'
          ORDER BY p.sequence LIMIT 1) ahead ON true
        WHERE d.id = $1`,
    },
    [deliveryId],
  );
  return delivery;
}

/** Opens a dead delivery again, for an operator who sends it once more. */
export async function reopenDelivery(sql: Sql, deliveryId: string): Promise<void> {
  await sql.run(
    {
      name: "webhook-delivery-reopen",
      text: "UPDATE webhook_delivery SET status = 'PENDING', completed_at = NULL WHERE id = $1 AND status = 'DEAD'",
    },
    [deliveryId],
  );
}

export type Try = Readonly<{
  deliveryId: string;
  startedAt: Date;
  durationMs: number;
  responseStatus: number | null;
  responseBody: string | null;
  error: string | null;
  /** Where the delivery stands after this try. */
  status: DeliveryStatus;
  completedAt: Date | null;
}>;

/** Writes one try and what became of the delivery. A delivery that was delivered stays so, whatever a slower try says. */
export async function recordTry(sql: Sql, made: Try): Promise<void> {
  await sql.run(
    {
      name: "webhook-try-record",
      text: `WITH tried AS (
          UPDATE webhook_delivery SET attempts = attempts + 1,
            status = CASE WHEN status = 'DELIVERED' THEN status ELSE $7::webhook_delivery_status END,
            completed_at = CASE WHEN status = 'DELIVERED' THEN completed_at ELSE $8::timestamptz END
          WHERE id = $1 RETURNING id, attempts)
        INSERT INTO webhook_attempt (delivery_id, attempt, started_at, duration_ms, response_status, response_body, error)
        SELECT id, attempts, $2::timestamptz, $3::int, $4::int, $5, $6 FROM tried`,
    },
    [
      made.deliveryId,
      made.startedAt,
      made.durationMs,
      made.responseStatus,
      made.responseBody,
      made.error,
      made.status,
      made.completedAt,
    ],
  );
}

/** Ends a delivery that cannot be tried, because its endpoint takes nothing any more. */
export async function endDelivery(sql: Sql, deliveryId: string, at: Date): Promise<void> {
  await sql.run(
    {
      name: "webhook-delivery-end",
      text: "UPDATE webhook_delivery SET status = 'DEAD', completed_at = $2 WHERE id = $1 AND status = 'PENDING'",
    },
    [deliveryId, at],
  );
}

/** The next delivery of the same endpoint and subject that waited for this one: it was not tried since it was due, or sent again. */
export async function findFollower(
  sql: Sql,
  delivery: { endpointId: string; subjectId: string; sequence: bigint },
): Promise<string | undefined> {
  const [row] = await sql.run<{ id: string }>(
    {
      name: "webhook-delivery-follower",
      text: `SELECT id FROM webhook_delivery
        WHERE endpoint_id = $1 AND subject_id = $2 AND sequence > $3 AND status = 'PENDING' AND attempts = attempts_at_resend
        ORDER BY sequence LIMIT 1`,
    },
    [delivery.endpointId, delivery.subjectId, delivery.sequence],
  );
  return row?.id;
}

// ---------------------------------------------------------------- endpoints

export type Endpoint = Readonly<{
  id: string;
  mallId: string;
  url: string;
  types: readonly string[];
  status: EndpointStatus;
  pausedReason: string | null;
  /** The operator who paused it; null for one that paused itself by 410. */
  pausedBy: string | null;
  secretSealed: Buffer;
  previousSecretSealed: Buffer | null;
  previousSecretExpiresAt: Date | null;
  createdAt: Date;
}>;

const endpointColumns = `id, mall_id AS "mallId", url, types, status, paused_reason AS "pausedReason", paused_by AS "pausedBy", secret_sealed AS "secretSealed",
  previous_secret_sealed AS "previousSecretSealed", previous_secret_expires_at AS "previousSecretExpiresAt", created_at AS "createdAt"`;

/** Lets one change at a time happen to the endpoints of a mall, until the transaction ends. */
export async function lockEndpointsOfMall(sql: Sql, mallId: string): Promise<void> {
  await sql.run(
    {
      name: "webhook-endpoints-lock",
      text: "SELECT pg_advisory_xact_lock(hashtextextended('webhook_endpoint:' || $1, 0))",
    },
    [mallId],
  );
}

/** The endpoints of a mall that were not deleted, oldest first. */
export async function loadEndpoints(sql: Sql, mallId: string): Promise<Endpoint[]> {
  return sql.run(
    {
      name: "webhook-endpoints-of-mall",
      text: `SELECT ${endpointColumns} FROM webhook_endpoint WHERE mall_id = $1 AND status <> 'DELETED' ORDER BY created_at, id`,
    },
    [mallId],
  );
}

/** One endpoint of a mall; nothing for another mall's or a deleted one. */
export async function loadEndpoint(
  sql: Sql,
  mallId: string,
  endpointId: string,
): Promise<Endpoint | undefined> {
  const [endpoint] = await sql.run<Endpoint>(
    {
      name: "webhook-endpoint-load",
      text: `SELECT ${endpointColumns} FROM webhook_endpoint WHERE id = $1 AND mall_id = $2 AND status <> 'DELETED'`,
    },
    [endpointId, mallId],
  );
  return endpoint;
}

export async function insertEndpoint(
  sql: Sql,
  endpoint: {
    id: string;
    mallId: string;
    url: string;
    types: readonly string[];
    secretSealed: Buffer;
    createdAt: Date;
  },
): Promise<void> {
  await sql.run(
    {
      name: "webhook-endpoint-insert",
      text: `INSERT INTO webhook_endpoint (id, mall_id, url, types, secret_sealed, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $6)`,
    },
    [endpoint.id, endpoint.mallId, endpoint.url, endpoint.types, endpoint.secretSealed, endpoint.createdAt],
  );
}

/** True when there is such a mall. */
export async function isMall(sql: Sql, mallId: string): Promise<boolean> {
  const rows = await sql.run({ name: "webhook-mall-exists", text: "SELECT 1 FROM mall WHERE id = $1" }, [
    mallId,
  ]);
  return rows.length === 1;
}

/** Gives an endpoint another address and other types; what is still owed to it goes to the new address. */
export async function updateEndpoint(
  sql: Sql,
  endpoint: { mallId: string; endpointId: string; url: string; types: readonly string[]; at: Date },
): Promise<void> {
  await sql.run(
    {
      name: "webhook-endpoint-update",
      text: `UPDATE webhook_endpoint SET url = $3, types = $4, updated_at = $5 WHERE id = $1 AND mall_id = $2 AND status <> 'DELETED'`,
    },
    [endpoint.endpointId, endpoint.mallId, endpoint.url, endpoint.types, endpoint.at],
  );
}

/** Ends the secret that signs beside the new one; false when there is none. */
export async function dropPreviousSecret(
  sql: Sql,
  { mallId, endpointId, at }: { mallId: string; endpointId: string; at: Date },
): Promise<boolean> {
  const rows = await sql.run(
    {
      name: "webhook-endpoint-drop-previous",
      text: `UPDATE webhook_endpoint SET previous_secret_sealed = NULL, previous_secret_expires_at = NULL, updated_at = $3
        WHERE id = $1 AND mall_id = $2 AND status <> 'DELETED' AND previous_secret_expires_at > $3 RETURNING id`,
    },
    [endpointId, mallId, at],
  );
  return rows.length === 1;
}

/** Deletes an endpoint and ends what was still owed to it. The row stays for the deliveries that name it. */
export async function deleteEndpoint(
  sql: Sql,
  mallId: string,
  endpointId: string,
  at: Date,
): Promise<boolean> {
  const rows = await sql.run(
    {
      name: "webhook-endpoint-delete",
      text: `WITH gone AS (
          UPDATE webhook_endpoint SET status = 'DELETED', previous_secret_sealed = NULL, previous_secret_expires_at = NULL, updated_at = $3
          WHERE id = $1 AND mall_id = $2 AND status <> 'DELETED' RETURNING id
        ), ended AS (
          UPDATE webhook_delivery d SET status = 'DEAD', completed_at = $3 FROM gone WHERE d.endpoint_id = gone.id AND d.status = 'PENDING')
        SELECT id FROM gone`,
    },
    [endpointId, mallId, at],
  );
  return rows.length === 1;
}

/** Gives an endpoint a new secret; the one it had signs beside it until `previousExpiresAt`. */
export async function rotateSecret(
  sql: Sql,
  rotation: {
    mallId: string;
    endpointId: string;
    secretSealed: Buffer;
    previousSealed: Buffer;
    previousExpiresAt: Date;
    at: Date;
  },
): Promise<void> {
  await sql.run(
    {
      name: "webhook-endpoint-rotate",
      text: `UPDATE webhook_endpoint SET secret_sealed = $3, previous_secret_sealed = $4, previous_secret_expires_at = $5, updated_at = $6
        WHERE id = $1 AND mall_id = $2 AND status <> 'DELETED'`,
    },
    [
      rotation.endpointId,
      rotation.mallId,
      rotation.secretSealed,
      rotation.previousSealed,
      rotation.previousExpiresAt,
      rotation.at,
    ],
  );
}

/** Stops sending to an endpoint; false when it was not active. `by` is the operator, null when it answered 410. */
export async function pauseEndpoint(
  sql: Sql,
  endpointId: string,
  reason: string,
  at: Date,
  by: string | null = null,
): Promise<boolean> {
  const rows = await sql.run(
    {
      name: "webhook-endpoint-pause",
      text: `UPDATE webhook_endpoint SET status = 'PAUSED', paused_reason = $2, paused_by = $4, paused_at = $3, updated_at = $3
        WHERE id = $1 AND status = 'ACTIVE' RETURNING id`,
    },
    [endpointId, reason, at, by],
  );
  return rows.length === 1;
}

/** Sends to a paused endpoint again; false when it was not paused. */
export async function resumeEndpoint(sql: Sql, endpointId: string, at: Date): Promise<boolean> {
  const rows = await sql.run(
    {
      name: "webhook-endpoint-resume",
      text: `UPDATE webhook_endpoint SET status = 'ACTIVE', paused_reason = NULL, paused_by = NULL, paused_at = NULL, updated_at = $2 WHERE id = $1 AND status = 'PAUSED' RETURNING id`,
    },
    [endpointId, at],
  );
  return rows.length === 1;
}
