import { Prisma } from "#prisma/generated/client.ts";
import type {
  DeadLetterCursor,
  DeadLetterFilter,
  DeadLetterSearch,
} from "#server/dead-letters/dead-letter.schemas.ts";
import {
  type AgeBand,
  type Assignment,
  ageBands,
  type DeadLetterJob,
  type DeadLetterStatus,
  noVan,
} from "#server/dead-letters/dead-letter.values.ts";
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
  assigneeId: string | null;
  assigneeName: string | null;
  /** Left aside until then. */
  asideUntil: Date | null;
}>;

/** A filter with the operator who asks, for whom `ME` stands. */
export type ViewedFilter = DeadLetterFilter & Readonly<{ viewerId?: string }>;

export type DeadLetterPage = Readonly<{
  letters: readonly DeadLetterLine[];
  nextCursor: DeadLetterCursor | null;
  asOf: Date;
}>;

const fromLetters = Prisma.sql`FROM dead_letter l LEFT JOIN payment p ON p.id = l.payment_id`;
const fromAll = Prisma.sql`${fromLetters} LEFT JOIN mall m ON m.id = l.mall_id LEFT JOIN operator a ON a.id = l.assignee_id`;

const lineColumns = Prisma.sql`l.id, l.status::text AS status, l.job_name AS "jobName", l.reason_class AS "reasonClass", l.payment_id AS "paymentId",
  p.order_id AS "orderId", m.name AS "mallName", l.van_code AS "vanCode", l.amount_minor AS "amountMinor", l.last_error AS "lastError",
  l.attempts, l.redrive_count AS "redriveCount", l.deadline_at AS "deadlineAt", l.parked_at AS "parkedAt", l.redriven_at AS "redrivenAt",
  l.resolved_at AS "resolvedAt", l.resolution, l.assignee_id AS "assigneeId", a.name AS "assigneeName", l.aside_until AS "asideUntil"`;

/** Stands for "no deadline that can still be met": comes after all that can be saved. */
const noDeadline = 9_000_000_000_000_000n;
/** Milliseconds of the deadline when it is still ahead of `asOf`. */
const urgencyOf = (asOf: Date) => Prisma.sql`(CASE WHEN ${canBeSaved(asOf)}
  THEN (extract(epoch FROM l.deadline_at) * 1000)::bigint ELSE ${noDeadline} END)`;
const canBeSaved = (asOf: Date) => Prisma.sql`(l.status = 'PARKED' AND l.deadline_at > ${asOf})`;

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

type Facet = "status" | "job" | "reason" | "van" | "mall" | "age" | "assignment";

const isAside = (asOf: Date) =>
  Prisma.sql`(l.status = 'PARKED' AND l.aside_until IS NOT NULL AND l.aside_until > ${asOf})`;
const assignmentOf = (viewerId = "") =>
  Prisma.sql`(CASE WHEN l.assignee_id IS NULL THEN 'NONE' WHEN l.assignee_id = ${viewerId} THEN 'ME' ELSE 'OTHERS' END)`;

/** What a person typed, wherever it may be found. */
function matching(q: string): Prisma.Sql {
  const pattern = containing(q);
  return Prisma.sql`(l.id = ${q} OR l.payment_id = ${q} OR l.trace_id = ${q} OR p.order_id ILIKE ${pattern} OR l.last_error ILIKE ${pattern})`;
}

/** The one WHERE of list and re-drive. */
function whereOf(filter: ViewedFilter, asOf: Date): Prisma.Sql {
  const conditions: Prisma.Sql[] = [filter.aside ? isAside(asOf) : Prisma.sql`NOT ${isAside(asOf)}`];
  const [only, ...others] = filter.status;
  // One status by itself is found in its order by the index.
  if (only && others.length === 0) conditions.push(Prisma.sql`l.status = ${only}::dead_letter_status`);
  else if (only) conditions.push(Prisma.sql`l.status = ANY(${filter.status}::dead_letter_status[])`);
  if (filter.job.length > 0) conditions.push(Prisma.sql`l.job_name = ANY(${filter.job})`);
  if (filter.reason.length > 0) conditions.push(Prisma.sql`l.reason_class = ANY(${filter.reason})`);
  if (filter.van.length > 0) conditions.push(Prisma.sql`coalesce(l.van_code, ${noVan}) = ANY(${filter.van})`);
  if (filter.mall.length > 0) conditions.push(Prisma.sql`l.mall_id = ANY(${filter.mall})`);
  if (filter.assignment.length > 0)
    conditions.push(Prisma.sql`${assignmentOf(filter.viewerId)} = ANY(${filter.assignment})`);
  if (filter.age.length > 0)
    conditions.push(
      Prisma.sql`(${Prisma.join(
        filter.age.map((band) => inAgeBand(band, asOf)),
        " OR ",
      )})`,
    );
  if (filter.q !== "") conditions.push(matching(filter.q));
  return Prisma.sql`WHERE ${Prisma.join(conditions, " AND ")}`;
}

/** A keyset page of letters: what can still be saved by its deadline, then all others by age, each part read in the order of its index. */
export async function searchDeadLetters(
  db: Db,
  search: Omit<DeadLetterSearch, "filter"> & { filter: ViewedFilter },
  now: Date,
): Promise<DeadLetterPage> {
  const asOf = search.cursor?.asOf ?? now;
  const where = whereOf(search.filter, asOf);
  const limit = search.limit + 1;
  const isUrgent = search.sort === "urgent";
  const { cursor } = search;
  const older = (at: { parkedAt: Date; id: string }) =>
    Prisma.sql`(l.parked_at, l.id) < (${at.parkedAt}, ${at.id})`;
  const parts: Prisma.Sql[] = [];
  if (isUrgent && (!cursor || cursor.urgency < noDeadline)) {
    const from = cursor ? new Date(Number(cursor.urgency)) : asOf;
    const after = cursor
      ? Prisma.sql`AND l.deadline_at >= ${from} AND (l.deadline_at > ${from} OR ${older(cursor)})`
      : Prisma.empty;
    parts.push(Prisma.sql`SELECT ${lineColumns}, (extract(epoch FROM l.deadline_at) * 1000)::bigint AS urgency ${fromAll}
      ${where} AND ${canBeSaved(asOf)} ${after} ORDER BY l.deadline_at, l.parked_at DESC, l.id DESC LIMIT ${limit}`);
  }
  const rest = isUrgent ? Prisma.sql`AND ${canBeSaved(asOf)} IS NOT TRUE` : Prisma.empty;
  const after = cursor && cursor.urgency >= noDeadline ? Prisma.sql`AND ${older(cursor)}` : Prisma.empty;
  parts.push(Prisma.sql`SELECT ${lineColumns}, ${noDeadline}::bigint AS urgency ${fromAll}
    ${where} ${rest} ${after} ORDER BY l.parked_at DESC, l.id DESC LIMIT ${limit}`);
  const rows = await db.$queryRaw<(DeadLetterLine & { urgency: bigint })[]>`
    SELECT * FROM (${Prisma.join(
      parts.map((part) => Prisma.sql`(${part})`),
      " UNION ALL ",
    )}) AS page ORDER BY urgency, "parkedAt" DESC, id DESC LIMIT ${limit}`;
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
  /** How many wait although their deadline has passed. */
  passedCount: number;
  facets: Readonly<Record<Facet, readonly FacetCount[]>>;
  /** How many are left aside, whatever the filter says of that. */
  asideCount: number;
}>;

/** Letters that are alike in every respect one can choose by. */
type Bunch = Readonly<{
  status: DeadLetterStatus;
  job: DeadLetterJob;
  reason: ReasonClass;
  van: string;
  mall: string | null;
  age: AgeBand;
  assignment: Assignment;
  aside: boolean;
  count: number;
  amountMinor: bigint;
  nextDeadlineAt: Date | null;
  passed: number;
}>;

const facetNames: readonly Facet[] = ["status", "job", "reason", "van", "mall", "age", "assignment"];

/**
 * Count and sum of the whole filter, and how many letters each further choice would show. Letters are counted in one pass,
 * by all respects at once; a facet's own counts leave its own choice out, so that one can choose more.
 */
export async function summarizeDeadLetters(
  db: Db,
  filter: ViewedFilter,
  now: Date,
): Promise<DeadLetterSummary> {
  const band = Prisma.sql`CASE ${Prisma.join(
    ageBands.map((name) => Prisma.sql`WHEN ${inAgeBand(name, now)} THEN ${name}`),
    " ",
  )} END`;
  const source =
    filter.q === "" ? Prisma.sql`FROM dead_letter l` : Prisma.sql`${fromLetters} WHERE ${matching(filter.q)}`;
  const bunches = await db.$queryRaw<Bunch[]>`
    SELECT l.status::text AS status, l.job_name AS job, l.reason_class AS reason, coalesce(l.van_code, ${noVan}) AS van, l.mall_id AS mall,
      ${band} AS age, ${assignmentOf(filter.viewerId)} AS assignment, ${isAside(now)} AS aside,
      count(*)::int AS count, coalesce(sum(l.amount_minor), 0)::bigint AS "amountMinor",
      min(l.deadline_at) FILTER (WHERE l.status = 'PARKED' AND l.deadline_at > ${now}) AS "nextDeadlineAt",
      (count(*) FILTER (WHERE l.status = 'PARKED' AND l.deadline_at <= ${now}))::int AS passed
    ${source} GROUP BY 1, 2, 3, 4, 5, 6, 7, 8`;

  const isChosen = (bunch: Bunch, facet: Facet) => {
    const chosen: readonly string[] = filter[facet];
    return chosen.length === 0 || chosen.includes(bunch[facet] ?? "");
  };
  const isInAllBut = (bunch: Bunch, except: Facet | "aside" | null) =>
    (except === "aside" || bunch.aside === filter.aside) &&
    facetNames.every((facet) => facet === except || isChosen(bunch, facet));
  const sum = (some: readonly Bunch[]) => some.reduce((total, { count }) => total + count, 0);

  const whole = bunches.filter((bunch) => isInAllBut(bunch, null));
  const deadlines = whole.flatMap(({ nextDeadlineAt }) => (nextDeadlineAt ? [nextDeadlineAt.getTime()] : []));
  const malls = new Map(
    (
      await db.mall.findMany({
        where: { id: { in: [...new Set(bunches.flatMap(({ mall }) => (mall ? [mall] : [])))] } },
        select: { id: true, name: true },
      })
    ).map(({ id, name }) => [id, name]),
  );
  const countsOf = (facet: Facet): FacetCount[] => {
    const counts = new Map<string, number>();
    for (const bunch of bunches) {
      const value = bunch[facet];
      if (value !== null && isInAllBut(bunch, facet))
        counts.set(value, (counts.get(value) ?? 0) + bunch.count);
    }
    return [...counts].map(([value, count]) => ({
      value,
      label: facet === "mall" ? (malls.get(value) ?? null) : null,
      count,
    }));
  };
  return {
    count: sum(whole),
    amountMinor: whole.reduce((total, { amountMinor }) => total + amountMinor, 0n),
    nextDeadlineAt: deadlines.length > 0 ? new Date(Math.min(...deadlines)) : null,
    passedCount: whole.reduce((total, { passed }) => total + passed, 0),
    facets: {
      status: countsOf("status"),
      job: countsOf("job"),
      reason: countsOf("reason"),
      van: countsOf("van"),
      mall: countsOf("mall"),
      age: countsOf("age"),
      assignment: countsOf("assignment"),
    },
    asideCount: sum(bunches.filter((bunch) => bunch.aside && isInAllBut(bunch, "aside"))),
  };
}

/** How many letters wait for a person now: the count in the sidebar. */
export async function countParkedDeadLetters(db: Db, now: Date): Promise<number> {
  return db.deadLetter.count({
    where: { status: "PARKED", OR: [{ asideUntil: null }, { asideUntil: { lte: now } }] },
  });
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

/**
 * The letters that a re-drive would take, the nearest deadline first, and how many match in all. By name, they are taken
 * whatever their status: the preview says what it is.
 */
export async function findForRedrive(
  db: Db,
  selection: { ids: readonly string[] } | { filter: ViewedFilter },
  asOf: Date,
  limit: number,
): Promise<{ ids: string[]; matching: number }> {
  const where =
    "ids" in selection
      ? Prisma.sql`WHERE l.id = ANY(${[...selection.ids]})`
      : // Whatever status the list shows, only parked letters can be sent.
        Prisma.sql`${whereOf({ ...selection.filter, status: ["PARKED"] }, asOf)}`;
  const rows = await db.$queryRaw<{ id: string; matching: number }[]>`
    SELECT l.id, count(*) OVER ()::int AS matching ${fromLetters} ${where}
    ORDER BY ${urgencyOf(asOf)}, l.parked_at DESC, l.id DESC LIMIT ${limit}`;
  return { ids: rows.map(({ id }) => id), matching: rows[0]?.matching ?? 0 };
}

/** Who letters can be given to. */
export async function listAssignees(db: Db): Promise<{ id: string; name: string; role: string }[]> {
  return db.operator.findMany({
    where: { disabledAt: null, role: { in: ["OPERATOR", "ADMIN"] } },
    select: { id: true, name: true, role: true },
    orderBy: { name: "asc" },
    take: 200,
  });
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
    /** What colleagues wrote, the newest first; at most `notesShown`. */
    notes: readonly Readonly<{ id: bigint; by: string; text: string; writtenAt: Date }>[];
  }>;

const notesShown = 200;

/** Everything a person needs to judge one letter; `undefined` when there is none of that id. */
export async function readDeadLetter(db: Db, id: string): Promise<DeadLetterDetail | undefined> {
  const [letter] = await db.$queryRaw<
    (Omit<DeadLetterDetail, "exchange" | "webhook" | "notes"> & {
      vanExchangeId: bigint | null;
      deliveryId: string | null;
    })[]
  >`
    SELECT ${lineColumns}, l.job_key AS "jobKey", l.subject_id AS "subjectId", l.mall_id AS "mallId", l.first_error AS "firstError",
      l.trace_id AS "traceId", p.order_name AS "orderName", p.status::text AS "paymentStatus", l.van_exchange_id AS "vanExchangeId",
      CASE WHEN l.job_name = 'deliver-webhook' THEN l.payload->>'deliveryId' END AS "deliveryId"
    ${fromAll} WHERE l.id = ${id}`;
  if (!letter) return undefined;
  const { vanExchangeId, deliveryId, ...rest } = letter;
  const [exchange, webhook, notes] = await Promise.all([
    vanExchangeId === null ? null : readExchange(db, vanExchangeId),
    deliveryId === null ? null : readWebhook(db, deliveryId),
    db.$queryRaw<DeadLetterDetail["notes"]>`
      SELECT n.id, coalesce(o.name, n.operator_id) AS by, n.text, n.written_at AS "writtenAt"
      FROM dead_letter_note n LEFT JOIN operator o ON o.id = n.operator_id WHERE n.letter_id = ${id} ORDER BY n.id DESC LIMIT ${notesShown}`,
  ]);
  return { ...rest, exchange, webhook, notes };
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
