import { Prisma } from "#prisma/generated/client.ts";
import {
  type AgeBand,
  ageBands,
  type DeadLetterCursor,
  type DeadLetterFilter,
  type DeadLetterJob,
  type DeadLetterSearch,
  type DeadLetterStatus,
  noVan,
} from "#server/dead-letters/dead-letter.schemas.ts";
import type { PaymentStatus } from "#server/payments/domain/payment-status.ts";
import type { Db } from "#server/platform/db.ts";
import type { ReasonClass } from "#server/platform/job.ts";

/** One line of the list. Amount in minor units; `deadlineAt` is when the VAN stops taking what the job wants to do. */
export type DeadLetterLine = Readonly<{
  id: string;
  status: DeadLetterStatus;
  jobName: DeadLetterJob;
  reasonClass: ReasonClass;
  paymentId: string | null;
  orderId: string | null;
  mallName: string | null;
  vanCode: string | null;
  amountMinor: bigint | null;
  lastError: string;
  attempts: number;
  redriveCount: number;
  deadlineAt: Date | null;
  parkedAt: Date;
  redrivenAt: Date | null;
  resolvedAt: Date | null;
  resolution: string | null;
}>;

export type DeadLetterPage = Readonly<{
  letters: readonly DeadLetterLine[];
  nextCursor: DeadLetterCursor | null;
  asOf: Date;
}>;

const from = Prisma.sql`FROM dead_letter l LEFT JOIN payment p ON p.id = l.payment_id LEFT JOIN mall m ON m.id = l.mall_id`;

const lineColumns = Prisma.sql`l.id, l.status::text AS status, l.job_name AS "jobName", l.reason_class AS "reasonClass", l.payment_id AS "paymentId",
  p.order_id AS "orderId", m.name AS "mallName", l.van_code AS "vanCode", l.amount_minor AS "amountMinor", l.last_error AS "lastError",
  l.attempts, l.redrive_count AS "redriveCount", l.deadline_at AS "deadlineAt", l.parked_at AS "parkedAt", l.redriven_at AS "redrivenAt",
  l.resolved_at AS "resolvedAt", l.resolution`;

/** Milliseconds of the deadline when it is still ahead of `asOf`; what has none, or has missed it, comes after all that can be saved. */
const urgencyOf = (asOf: Date) => Prisma.sql`(CASE WHEN l.status = 'PARKED' AND l.deadline_at > ${asOf}
  THEN (extract(epoch FROM l.deadline_at) * 1000)::bigint ELSE ${noDeadline} END)`;
const noDeadline = 9_000_000_000_000_000n;

const minuteMs = 60_000;
/** Each band by its ages: from (inclusive) and to (exclusive), in milliseconds. */
const ageLimitsMs: Readonly<Record<AgeBand, readonly [from: number, to: number | null]>> = {
  UNDER_10_MIN: [0, 10 * minuteMs],
  UNDER_1_H: [10 * minuteMs, 60 * minuteMs],
  UNDER_1_D: [60 * minuteMs, 24 * 60 * minuteMs],
  OVER_1_D: [24 * 60 * minuteMs, null],
};

function inAgeBand(band: AgeBand, asOf: Date): Prisma.Sql {
  const [fromMs, toMs] = ageLimitsMs[band];
  const youngest = new Date(asOf.getTime() - fromMs);
  // A letter parked a moment after `asOf` is young all the same.
  const young = fromMs === 0 ? Prisma.sql`true` : Prisma.sql`l.parked_at <= ${youngest}`;
  return toMs === null ? young : Prisma.sql`(${young} AND l.parked_at > ${new Date(asOf.getTime() - toMs)})`;
}

/** A pattern for LIKE in which what a person typed stands for itself. */
function containing(text: string): string {
  return `%${text.replace(/[\\%_]/g, (mark) => `\\${mark}`)}%`;
}

type Facet = "status" | "job" | "reason" | "van" | "mall" | "age";

/** The one WHERE of list, totals, facets and re-drive. A facet's own counts leave its own choice out (`except`), so that one can choose more. */
function whereOf(filter: DeadLetterFilter, asOf: Date, except?: Facet): Prisma.Sql {
  const conditions: Prisma.Sql[] = [Prisma.sql`true`];
  const chosen = (facet: Facet) => facet !== except && filter[facet].length > 0;
  if (chosen("status")) conditions.push(Prisma.sql`l.status::text = ANY(${filter.status})`);
  if (chosen("job")) conditions.push(Prisma.sql`l.job_name = ANY(${filter.job})`);
  if (chosen("reason")) conditions.push(Prisma.sql`l.reason_class = ANY(${filter.reason})`);
  if (chosen("van")) conditions.push(Prisma.sql`coalesce(l.van_code, ${noVan}) = ANY(${filter.van})`);
  if (chosen("mall")) conditions.push(Prisma.sql`l.mall_id = ANY(${filter.mall})`);
  if (chosen("age"))
    conditions.push(
      Prisma.sql`(${Prisma.join(
        filter.age.map((band) => inAgeBand(band, asOf)),
        " OR ",
      )})`,
    );
  if (filter.q !== "") {
    const pattern = containing(filter.q);
    conditions.push(
      Prisma.sql`(l.id = ${filter.q} OR l.payment_id = ${filter.q} OR l.trace_id = ${filter.q} OR p.order_id ILIKE ${pattern} OR l.last_error ILIKE ${pattern})`,
    );
  }
  return Prisma.sql`WHERE ${Prisma.join(conditions, " AND ")}`;
}

/** A keyset page of letters. */
export async function searchDeadLetters(
  db: Db,
  search: DeadLetterSearch,
  now: Date,
): Promise<DeadLetterPage> {
  const asOf = search.cursor?.asOf ?? now;
  const urgency = search.sort === "urgent" ? urgencyOf(asOf) : Prisma.sql`${noDeadline}::bigint`;
  const after = search.cursor
    ? Prisma.sql`AND (${urgency} > ${search.cursor.urgency} OR (${urgency} = ${search.cursor.urgency} AND (l.parked_at, l.id) < (${search.cursor.parkedAt}, ${search.cursor.id})))`
    : Prisma.empty;
  const rows = await db.$queryRaw<(DeadLetterLine & { urgency: bigint })[]>`
    SELECT ${lineColumns}, ${urgency} AS urgency ${from} ${whereOf(search.filter, asOf)} ${after}
    ORDER BY ${urgency}, l.parked_at DESC, l.id DESC LIMIT ${search.limit + 1}`;
  const page = rows.slice(0, search.limit);
  const last = page.at(-1);
  return {
    letters: page.map(({ urgency: _urgency, ...line }) => line),
    nextCursor:
      rows.length > search.limit && last
        ? { asOf, urgency: last.urgency, parkedAt: last.parkedAt, id: last.id }
        : null,
    asOf,
  };
}

export type FacetCount = Readonly<{ value: string; label: string | null; count: number }>;
export type DeadLetterSummary = Readonly<{
  count: number;
  amountMinor: bigint;
  /** The nearest deadline that has not passed yet. */
  nextDeadlineAt: Date | null;
  facets: Readonly<Record<Facet, readonly FacetCount[]>>;
}>;

/** Count and sum of the whole filter, and how many letters each further choice would show. */
export async function summarizeDeadLetters(
  db: Db,
  filter: DeadLetterFilter,
  now: Date,
): Promise<DeadLetterSummary> {
  const band = Prisma.sql`CASE ${Prisma.join(
    ageBands.map((name) => Prisma.sql`WHEN ${inAgeBand(name, now)} THEN ${name}`),
    " ",
  )} END`;
  const count = (facet: Facet, value: Prisma.Sql, label = Prisma.sql`NULL::text`) =>
    Prisma.sql`SELECT ${facet}::text AS facet, ${value} AS value, ${label} AS label, count(*)::int AS count ${from} ${whereOf(filter, now, facet)} GROUP BY 2, 3`;
  const [[totals], counts] = await Promise.all([
    db.$queryRaw<{ count: number; amountMinor: bigint; nextDeadlineAt: Date | null }[]>`
      SELECT count(*)::int AS count, coalesce(sum(l.amount_minor), 0)::bigint AS "amountMinor",
        min(l.deadline_at) FILTER (WHERE l.status = 'PARKED' AND l.deadline_at > ${now}) AS "nextDeadlineAt"
      ${from} ${whereOf(filter, now)}`,
    db.$queryRaw<(FacetCount & { facet: Facet })[]>`${Prisma.join(
      [
        count("status", Prisma.sql`l.status::text`),
        count("job", Prisma.sql`l.job_name`),
        count("reason", Prisma.sql`l.reason_class`),
        count("van", Prisma.sql`coalesce(l.van_code, ${noVan})`),
        count("mall", Prisma.sql`l.mall_id`, Prisma.sql`m.name`),
        count("age", band),
      ],
      " UNION ALL ",
    )}`,
  ]);
  const of = (facet: Facet) =>
    counts
      .filter((row) => row.facet === facet && row.value !== null)
      .map(({ value, label, count: n }) => ({ value, label, count: n }));
  return {
    count: totals?.count ?? 0,
    amountMinor: totals?.amountMinor ?? 0n,
    nextDeadlineAt: totals?.nextDeadlineAt ?? null,
    facets: {
      status: of("status"),
      job: of("job"),
      reason: of("reason"),
      van: of("van"),
      mall: of("mall"),
      age: of("age"),
    },
  };
}

/** How many letters wait for a person: the count in the sidebar. */
export async function countParkedDeadLetters(db: Db): Promise<number> {
  return db.deadLetter.count({ where: { status: "PARKED" } });
}

/** The newest letter in which a payment's job of that name waits for a person. */
export async function findParkedLetter(
  db: Db,
  { paymentId, jobName }: { paymentId: string; jobName: string },
): Promise<string | undefined> {
  const letter = await db.deadLetter.findFirst({
    where: { paymentId, jobName, status: "PARKED" },
    orderBy: { parkedAt: "desc" },
    select: { id: true },
  });
  return letter?.id;
}

/** Letters that a re-drive would take, the nearest deadline first. Reads at most `limit`. */
export async function selectForRedrive(
  db: Db,
  selection: { ids: readonly string[] } | { filter: DeadLetterFilter },
  asOf: Date,
  limit: number,
): Promise<DeadLetterLine[]> {
  const where =
    "ids" in selection
      ? Prisma.sql`WHERE l.id = ANY(${[...selection.ids]})`
      : // Whatever status the list shows, only parked letters can be sent.
        Prisma.sql`${whereOf(selection.filter, asOf)} AND l.status = 'PARKED'`;
  return db.$queryRaw<DeadLetterLine[]>`
    SELECT ${lineColumns} ${from} ${where} ORDER BY ${urgencyOf(asOf)}, l.parked_at DESC, l.id DESC LIMIT ${limit}`;
}

/** How many letters a selection by filter holds, and how many of them were parked after `asOf`. */
export async function countForRedrive(
  db: Db,
  filter: DeadLetterFilter,
  asOf: Date,
): Promise<{ count: number; newer: number }> {
  const [row] = await db.$queryRaw<{ count: number; newer: number }[]>`
    SELECT count(*)::int AS count, (count(*) FILTER (WHERE l.parked_at > ${asOf}))::int AS newer ${from} ${whereOf(filter, asOf)} AND l.status = 'PARKED'`;
  return row ?? { count: 0, newer: 0 };
}

/** Where letters stand after a re-drive. */
export type RedriveProgress = Readonly<{
  id: string;
  status: DeadLetterStatus;
  resolution: string | null;
  lastError: string;
  redriveCount: number;
  paymentStatus: PaymentStatus | null;
  /** The re-driven message: when it is due next and how often it was tried. */
  nextTryAt: Date | null;
  tries: number;
}>;

/** Reads where letters stand, with their payment and the message on its way. */
export async function readRedriveProgress(db: Db, ids: readonly string[]): Promise<RedriveProgress[]> {
  return db.$queryRaw<RedriveProgress[]>`
    SELECT l.id, l.status::text AS status, l.resolution, coalesce(o.last_error, l.last_error) AS "lastError", l.redrive_count AS "redriveCount",
      p.status::text AS "paymentStatus", o.available_at AS "nextTryAt", coalesce(o.attempts, 0) AS tries
    FROM dead_letter l LEFT JOIN payment p ON p.id = l.payment_id
    LEFT JOIN outbox_message o ON l.status = 'REDRIVEN' AND o.job_key = l.job_key || '#redrive-' || l.redrive_count AND o.done_at IS NULL AND o.dead_at IS NULL
    WHERE l.id = ANY(${[...ids]})`;
}

export type LetterExchange = Readonly<{
  operation: string;
  outcome: string;
  responseCode: string | null;
  responseMessage: string | null;
  error: string | null;
  traceNo: string;
  startedAt: Date;
  durationMs: number;
  /** The masked messages as text: card numbers were masked before they were stored. */
  request: string;
  response: string | null;
}>;
export type LetterWebhookTry = Readonly<{
  attempt: number;
  startedAt: Date;
  durationMs: number;
  responseStatus: number | null;
  responseBody: string | null;
  error: string | null;
}>;
export type DeadLetterDetail = DeadLetterLine &
  Readonly<{
    jobKey: string;
    subjectId: string;
    mallId: string | null;
    firstError: string;
    traceId: string | null;
    orderName: string | null;
    paymentStatus: PaymentStatus | null;
    exchange: LetterExchange | null;
    webhook: Readonly<{
      url: string;
      endpointStatus: string;
      deliveryStatus: string;
      eventType: string;
      tries: readonly LetterWebhookTry[];
    }> | null;
  }>;

/** Everything a person needs to judge one letter; `undefined` when there is none of that id. */
export async function readDeadLetter(db: Db, id: string): Promise<DeadLetterDetail | undefined> {
  const [letter] = await db.$queryRaw<
    (Omit<DeadLetterDetail, "exchange" | "webhook"> & {
      vanExchangeId: bigint | null;
      deliveryId: string | null;
    })[]
  >`
    SELECT ${lineColumns}, l.job_key AS "jobKey", l.subject_id AS "subjectId", l.mall_id AS "mallId", l.first_error AS "firstError",
      l.trace_id AS "traceId", p.order_name AS "orderName", p.status::text AS "paymentStatus", l.van_exchange_id AS "vanExchangeId",
      CASE WHEN l.job_name = 'deliver-webhook' THEN l.payload->>'deliveryId' END AS "deliveryId"
    ${from} WHERE l.id = ${id}`;
  if (!letter) return undefined;
  const { vanExchangeId, deliveryId, ...rest } = letter;
  const [exchange, webhook] = await Promise.all([
    vanExchangeId === null ? null : readExchange(db, vanExchangeId),
    deliveryId === null ? null : readWebhook(db, deliveryId),
  ]);
  return { ...rest, exchange, webhook };
}

async function readExchange(db: Db, id: bigint): Promise<LetterExchange | null> {
  const row = await db.vanExchange.findUnique({ where: { id } });
  if (!row) return null;
  const van = await db.van.findUnique({ where: { code: row.vanCode }, select: { protocol: true } });
  // Fixed-length messages are EUC-KR on the wire; JSON is UTF-8.
  const decoder = new TextDecoder(van?.protocol === "FIXED_LENGTH_TCP" ? "euc-kr" : "utf-8");
  return {
    operation: row.operation,
    outcome: row.outcome,
    responseCode: row.responseCode,
    responseMessage: row.responseMessage,
    error: row.error,
    traceNo: row.traceNo,
    startedAt: row.startedAt,
    durationMs: row.durationMs,
    request: decoder.decode(row.requestBytes),
    response: row.responseBytes ? decoder.decode(row.responseBytes) : null,
  };
}

async function readWebhook(db: Db, deliveryId: string): Promise<DeadLetterDetail["webhook"]> {
  const delivery = await db.webhookDelivery.findUnique({
    where: { id: deliveryId },
    select: {
      status: true,
      endpoint: { select: { url: true, status: true } },
      event: { select: { type: true } },
      tries: {
        orderBy: { id: "desc" },
        take: 5,
        select: {
          attempt: true,
          startedAt: true,
          durationMs: true,
          responseStatus: true,
          responseBody: true,
          error: true,
        },
      },
    },
  });
  if (!delivery) return null;
  return {
    url: delivery.endpoint.url,
    endpointStatus: delivery.endpoint.status,
    deliveryStatus: delivery.status,
    eventType: delivery.event.type,
    tries: delivery.tries,
  };
}
