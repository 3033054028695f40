import { Prisma } from "#prisma/generated/client.ts";
import type { Db } from "#server/platform/db.ts";
import type {
  DeliveryFilter,
  DeliverySearch,
  ResendSelection,
} from "#server/webhooks/webhook-console.schemas.ts";
import type { EndpointStatus } from "#server/webhooks/webhook-console.values.ts";
import { type DeliveryState, deliveryCountMax } from "#server/webhooks/webhook-console.values.ts";
import { deliverWebhookJob } from "#server/webhooks/webhook-jobs.ts";
import type { DeliveryStatus } from "#server/webhooks/webhook-repository.ts";

/** One line of the log. `lastTry` is the newest one; `nextTryAt` is null when nothing is to be tried. */
export type DeliveryLine = Readonly<{
  id: string;
  eventId: bigint;
  eventType: string;
  sequence: bigint;
  subjectId: string;
  mallId: string;
  mallName: string;
  endpointId: string;
  url: string;
  endpointStatus: EndpointStatus;
  status: DeliveryStatus;
  state: DeliveryState;
  attempts: number;
  createdAt: Date;
  completedAt: Date | null;
  resentAt: Date | null;
  lastTriedAt: Date | null;
  lastStatus: number | null;
  lastError: string | null;
  lastDurationMs: number | null;
  nextTryAt: Date | null;
}>;

export type DeliveryPage = Readonly<{
  deliveries: readonly DeliveryLine[];
  nextCursor: { createdAt: Date; id: string } | null;
}>;

const stateOf = Prisma.sql`CASE WHEN d.status = 'DELIVERED' THEN 'delivered' WHEN d.status = 'DEAD' THEN 'dead'
  WHEN d.attempts = d.attempts_at_resend THEN 'waiting' ELSE 'retrying' END`;

const states: Readonly<Record<DeliveryState, Prisma.Sql>> = {
  delivered: Prisma.sql`d.status = 'DELIVERED'`,
  dead: Prisma.sql`d.status = 'DEAD'`,
  waiting: Prisma.sql`(d.status = 'PENDING' AND d.attempts = d.attempts_at_resend)`,
  retrying: Prisma.sql`(d.status = 'PENDING' AND d.attempts > d.attempts_at_resend)`,
};

/** A pattern for LIKE in which what a person typed stands for itself. */
function containing(text: string): string {
  return `%${text.replace(/[\\%_]/g, (mark) => `\\${mark}`)}%`;
}

function wanted(text: string): Prisma.Sql {
  const event = /^evt_(\d{1,18})$/.exec(text)?.[1];
  if (event) return Prisma.sql`d.event_id = ${BigInt(event)}`;
  if (text.startsWith("whd_")) return Prisma.sql`d.id = ${text}`;
  // A whole payment key is found through the index of its subject.
  if (/^pay_[0-9A-Z]{26}$/.test(text)) return Prisma.sql`d.subject_id = ${text}`;
  // Keys are written in capitals but for their prefix.
  const asWritten = text.startsWith("pay_") ? text : text.toUpperCase();
  return Prisma.sql`d.subject_id LIKE ${containing(asWritten)}`;
}

/** What a delivery must be, apart from its endpoint. `until` leaves out what came later. */
function whereOf(filter: DeliveryFilter, until?: Date): Prisma.Sql {
  const conditions: Prisma.Sql[] = [Prisma.sql`true`];
  if (filter.type.length > 0) conditions.push(Prisma.sql`d.event_type = ANY(${filter.type})`);
  if (filter.state.length > 0)
    conditions.push(
      Prisma.sql`(${Prisma.join(
        filter.state.map((state) => states[state]),
        " OR ",
      )})`,
    );
  // Said once more, so that the small index of what is not delivered can be used.
  if (filter.state.length > 0 && !filter.state.includes("delivered"))
    conditions.push(Prisma.sql`d.status <> 'DELIVERED'`);
  if (filter.from) conditions.push(Prisma.sql`d.created_at >= ${filter.from}`);
  if (filter.to) conditions.push(Prisma.sql`d.created_at < ${filter.to}`);
  if (until) conditions.push(Prisma.sql`d.created_at <= ${until}`);
  if (filter.q !== "") conditions.push(wanted(filter.q));
  return Prisma.join(conditions, " AND ");
}

/** The endpoints a filter is about; null for all of them. A mall has few, so its deliveries are read endpoint by endpoint. */
async function endpointsOf(db: Db, { mall, endpoint }: DeliveryFilter): Promise<string[] | null> {
  if (mall.length === 0) return endpoint.length === 0 ? null : endpoint;
  const rows = await db.webhookEndpoint.findMany({
    where: { mallId: { in: mall }, ...(endpoint.length > 0 && { id: { in: endpoint } }) },
    select: { id: true },
  });
  return rows.map(({ id }) => id);
}

/** The newest `limit` deliveries of a condition, from any endpoint or from these, each read in the order of an index. */
function newest(endpointIds: string[] | null, where: Prisma.Sql, limit: number): Prisma.Sql {
  const order = Prisma.sql`ORDER BY d.created_at DESC, d.id DESC LIMIT ${limit}`;
  if (endpointIds === null) return Prisma.sql`SELECT d.* FROM webhook_delivery d WHERE ${where} ${order}`;
  return Prisma.sql`SELECT d.* FROM unnest(${endpointIds}::text[]) AS wanted (id)
    CROSS JOIN LATERAL (SELECT d.* FROM webhook_delivery d WHERE d.endpoint_id = wanted.id AND ${where} ${order}) d ${order}`;
}

const lineColumns = Prisma.sql`d.id, d.event_id AS "eventId", d.event_type AS "eventType", d.sequence, d.subject_id AS "subjectId", m.id AS "mallId", m.name AS "mallName",
  w.id AS "endpointId", w.url, w.status::text AS "endpointStatus", d.status::text AS status, ${stateOf} AS state, d.attempts,
  d.created_at AS "createdAt", d.completed_at AS "completedAt", d.resent_at AS "resentAt", last.started_at AS "lastTriedAt",
  last.response_status AS "lastStatus", last.error AS "lastError", last.duration_ms AS "lastDurationMs", next.at AS "nextTryAt"`;

const lineJoins = Prisma.sql`JOIN webhook_endpoint w ON w.id = d.endpoint_id JOIN mall m ON m.id = w.mall_id
  LEFT JOIN LATERAL (SELECT a.started_at, a.response_status, a.error, a.duration_ms FROM webhook_attempt a
    WHERE a.delivery_id = d.id ORDER BY a.id DESC LIMIT 1) last ON true
  LEFT JOIN LATERAL (SELECT o.available_at AS at FROM outbox_message o WHERE d.status = 'PENDING' AND o.subject_id = d.subject_id
    AND o.job_name = ${deliverWebhookJob.name} AND o.payload->>'deliveryId' = d.id AND o.done_at IS NULL AND o.dead_at IS NULL LIMIT 1) next ON true`;

/** A keyset page of the log, newest first. */
export async function searchDeliveries(
  db: Db,
  { filter, cursor, limit }: DeliverySearch,
): Promise<DeliveryPage> {
  const after = cursor
    ? Prisma.sql`AND (d.created_at, d.id) < (${cursor.createdAt}, ${cursor.id})`
    : Prisma.empty;
  const where = Prisma.sql`${whereOf(filter)} ${after}`;
  const endpointIds = await endpointsOf(db, filter);
  const rows = await db.$queryRaw<DeliveryLine[]>`
    SELECT ${lineColumns} FROM (${newest(endpointIds, where, limit + 1)}) d ${lineJoins} ORDER BY d.created_at DESC, d.id DESC`;
  const deliveries = rows.slice(0, limit);
  const last = deliveries.at(-1);
  return {
    deliveries,
    nextCursor: rows.length > limit && last ? { createdAt: last.createdAt, id: last.id } : null,
  };
}

/** How many deliveries a filter holds, counted up to `deliveryCountMax` and one more. */
export async function countDeliveries(db: Db, filter: DeliveryFilter): Promise<number> {
  const endpointIds = await endpointsOf(db, filter);
  const endpoint = endpointIds === null ? Prisma.empty : Prisma.sql`AND d.endpoint_id = ANY(${endpointIds})`;
  const [row] = await db.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM (
      SELECT 1 FROM webhook_delivery d WHERE ${whereOf(filter)} ${endpoint} LIMIT ${deliveryCountMax + 1}) d`;
  return row?.count ?? 0;
}

/** One line of the log, or `undefined`. */
export async function readDeliveryLine(db: Db, id: string): Promise<DeliveryLine | undefined> {
  const [line] = await db.$queryRaw<DeliveryLine[]>`
    SELECT ${lineColumns} FROM webhook_delivery d ${lineJoins} WHERE d.id = ${id}`;
  return line;
}

/** The most tries that are shown of one delivery: the newest. */
const triesMax = 50;

/** What one delivery sends, and its newest tries, oldest first. */
export async function loadDeliveryRecord(db: Db, id: string) {
  const record = await db.webhookDelivery.findUnique({
    where: { id },
    select: {
      event: { select: { id: true, type: true, sequence: true, data: true, occurredAt: true } },
      tries: { orderBy: { id: "desc" }, take: triesMax },
    },
  });
  return record && { ...record, tries: record.tries.toReversed() };
}

/** A delivery that a resend would take, and what would become of it. */
export type ResendCandidate = Readonly<{
  id: string;
  subjectId: string;
  eventType: string;
  createdAt: Date;
  endpointId: string;
  url: string;
  mallName: string;
  outcome: ResendOutcome;
}>;
/** `RESEND`: over, and sent again; `HASTEN`: on its way, and tried now; `BLOCKED`: its endpoint takes nothing. */
export type ResendOutcome = "RESEND" | "HASTEN" | "BLOCKED";

/** What a resend takes: what was chosen and there was at `until`, in the order of the events, at most `limit`. */
export async function selectForResend(
  db: Db,
  selection: ResendSelection,
  until: Date,
  limit: number,
): Promise<ResendCandidate[]> {
  const chosen =
    selection.kind === "ids"
      ? Prisma.sql`SELECT d.* FROM webhook_delivery d WHERE d.id = ANY(${selection.ids}) AND d.created_at <= ${until}`
      : newest(await endpointsOf(db, selection.filter), whereOf(selection.filter, until), limit);
  return db.$queryRaw<ResendCandidate[]>`
    SELECT d.id, d.subject_id AS "subjectId", d.event_type AS "eventType", d.created_at AS "createdAt", w.id AS "endpointId", w.url, m.name AS "mallName",
      CASE WHEN w.status <> 'ACTIVE' THEN 'BLOCKED' WHEN d.status = 'PENDING' THEN 'HASTEN' ELSE 'RESEND' END AS outcome
    FROM (${chosen}) d JOIN webhook_endpoint w ON w.id = d.endpoint_id JOIN mall m ON m.id = w.mall_id ORDER BY d.sequence, d.id`;
}
