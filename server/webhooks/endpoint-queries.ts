import { Prisma } from "#prisma/generated/client.ts";
import type { Db } from "#server/platform/db.ts";
import type { EndpointSearch } from "#server/webhooks/webhook-console.schemas.ts";
import type { EndpointStatus } from "#server/webhooks/webhook-console.values.ts";

/** How many of the newest deliveries the health of an endpoint is read from. */
const healthDeliveries = 200;

/** An endpoint with its health, read from the tries of its newest deliveries; never a secret. Durations in milliseconds. */
export type EndpointLine = Readonly<{
  id: string;
  mallId: string;
  mallName: string;
  url: string;
  types: readonly string[];
  status: EndpointStatus;
  pausedReason: string | null;
  pausedByName: string | null;
  pausedAt: Date | null;
  previousSecretExpiresAt: Date | null;
  createdAt: Date;
  tries: number;
  /** Share of tries that were answered by 2xx; null without any try. */
  successRate: number | null;
  p50Ms: number | null;
  p95Ms: number | null;
  lastTriedAt: Date | null;
  lastSuccessAt: Date | null;
  lastFailureAt: Date | null;
  lastFailure: string | null;
  /** Failed tries since the last one that was answered by 2xx. */
  consecutiveFailures: number;
  /** Deliveries that wait for a try. */
  open: number;
}>;

export type EndpointPage = Readonly<{
  endpoints: readonly EndpointLine[];
  nextCursor: { createdAt: Date; id: string } | null;
}>;

function readLines(db: Db, where: Prisma.Sql, limit: number, now: Date): Promise<EndpointLine[]> {
  return db.$queryRaw<EndpointLine[]>`
    SELECT w.id, w.mall_id AS "mallId", m.name AS "mallName", w.url, w.types, w.status::text AS status, w.paused_reason AS "pausedReason",
      coalesce(o.name, w.paused_by) AS "pausedByName", w.paused_at AS "pausedAt", w.created_at AS "createdAt",
      CASE WHEN w.previous_secret_expires_at > ${now} THEN w.previous_secret_expires_at END AS "previousSecretExpiresAt",
      health.tries, health.ok::float8 / nullif(health.tries, 0) AS "successRate", health."p50Ms", health."p95Ms", health."lastTriedAt",
      health."lastSuccessAt", health."lastFailureAt", health."lastFailure", health."consecutiveFailures", waiting.open
    FROM (SELECT * FROM webhook_endpoint w WHERE ${where} ORDER BY w.created_at DESC, w.id DESC LIMIT ${limit}) w
    JOIN mall m ON m.id = w.mall_id LEFT JOIN operator o ON o.id = w.paused_by
    CROSS JOIN LATERAL (
      WITH tried AS (
        SELECT a.id, a.started_at, a.duration_ms, a.error FROM (
          SELECT d.id FROM webhook_delivery d WHERE d.endpoint_id = w.id AND d.attempts > 0 ORDER BY d.created_at DESC, d.id DESC LIMIT ${healthDeliveries}) d
        JOIN webhook_attempt a ON a.delivery_id = d.id
      ), success AS (SELECT max(id) AS id, max(started_at) AS at FROM tried WHERE error IS NULL)
      SELECT count(*)::int AS tries, (count(*) FILTER (WHERE t.error IS NULL))::int AS ok,
        (percentile_disc(0.5) WITHIN GROUP (ORDER BY t.duration_ms))::int AS "p50Ms", (percentile_disc(0.95) WITHIN GROUP (ORDER BY t.duration_ms))::int AS "p95Ms",
        max(t.started_at) AS "lastTriedAt", (SELECT at FROM success) AS "lastSuccessAt", max(t.started_at) FILTER (WHERE t.error IS NOT NULL) AS "lastFailureAt",
        (SELECT f.error FROM tried f WHERE f.error IS NOT NULL ORDER BY f.id DESC LIMIT 1) AS "lastFailure",
        (count(*) FILTER (WHERE t.error IS NOT NULL AND t.id > coalesce((SELECT id FROM success), 0)))::int AS "consecutiveFailures"
      FROM tried t) health
    CROSS JOIN LATERAL (SELECT count(*)::int AS open FROM webhook_delivery d WHERE d.endpoint_id = w.id AND d.status = 'PENDING') waiting
    ORDER BY w.created_at DESC, w.id DESC`;
}

/** A keyset page of endpoints, the newest first. */
export async function searchEndpoints(
  db: Db,
  { mall, status, cursor, limit }: EndpointSearch,
  now: Date,
): Promise<EndpointPage> {
  const conditions = [Prisma.sql`w.status::text = ANY(${status})`];
  if (mall.length > 0) conditions.push(Prisma.sql`w.mall_id = ANY(${mall})`);
  if (cursor) conditions.push(Prisma.sql`(w.created_at, w.id) < (${cursor.createdAt}, ${cursor.id})`);
  const rows = await readLines(db, Prisma.join(conditions, " AND "), limit + 1, now);
  const endpoints = rows.slice(0, limit);
  const last = endpoints.at(-1);
  return {
    endpoints,
    nextCursor: rows.length > limit && last ? { createdAt: last.createdAt, id: last.id } : null,
  };
}

/** One endpoint, deleted ones too; `undefined` when there is none of that id. */
export async function readEndpointLine(db: Db, id: string, now: Date): Promise<EndpointLine | undefined> {
  const [line] = await readLines(db, Prisma.sql`w.id = ${id}`, 1, now);
  return line;
}

const choicesMax = 500;

export type WebhookChoices = Readonly<{
  malls: readonly Readonly<{ id: string; name: string }>[];
  endpoints: readonly Readonly<{
    id: string;
    url: string;
    mallId: string;
    mallName: string;
    status: EndpointStatus;
  }>[];
}>;

/** Every mall, and the newest endpoints, for the filters. */
export async function readWebhookChoices(db: Db): Promise<WebhookChoices> {
  const [malls, endpoints] = await Promise.all([
    db.mall.findMany({ orderBy: { name: "asc" }, take: choicesMax, select: { id: true, name: true } }),
    db.webhookEndpoint.findMany({
      orderBy: [{ createdAt: "desc" }, { id: "desc" }],
      take: choicesMax,
      select: { id: true, url: true, mallId: true, status: true, mall: { select: { name: true } } },
    }),
  ]);
  return {
    malls,
    endpoints: endpoints.map(({ mall, ...endpoint }) => ({ ...endpoint, mallName: mall.name })),
  };
}
