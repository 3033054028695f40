import { Prisma } from "#prisma/generated/client.ts";
import { declineCodes } from "#server/core/refusals.ts";
import type { PaymentStatus } from "#server/payments/domain/payment-status.ts";
import type { PaymentFilter } from "#server/payments/payment-search.schemas.ts";
import { type Period, slowFromMs } from "#server/payments/payment-search.values.ts";

/** A filter ready for SQL: words apart, the period resolved. */
export type RowQuery = Readonly<
  Omit<PaymentFilter, "q" | "date" | "canceled" | "answered"> & {
    terms: readonly string[];
    period: Period;
    /** When a cancel of it succeeded. */
    canceledIn?: Period | undefined;
    /** When its approval was answered. */
    answeredIn?: Period | undefined;
  }
>;

const escapeLike = (text: string) => text.replace(/[\\%_]/g, (sign) => `\\${sign}`);

/** What one word may name: a payment or cancel by its key, an approval number or its beginning, a card by its masked or last four digits, or a part of order id or product. */
function termCondition(term: string): Prisma.Sql {
  if (/^pay_[0-9A-Z]{26}$/.test(term)) return Prisma.sql`p.id = ${term}`;
  if (/^pay_/i.test(term)) return Prisma.sql`p.id LIKE ${`${escapeLike(term)}%`}`;
  if (/^cxl_[0-9A-Z]{26}$/.test(term))
    return Prisma.sql`p.id IN (SELECT c.payment_id FROM payment_cancel c WHERE c.id = ${term})`;
  const masked = /^(\d{4,6})\*+(\d{4})$/.exec(term);
  if (masked) return Prisma.sql`(p.card_last4 = ${masked[2]} AND p.card_bin LIKE ${`${masked[1]}%`})`;
  const anywhere = `%${escapeLike(term)}%`;
  const choices = [
    Prisma.sql`p.order_id ILIKE ${anywhere}`,
    Prisma.sql`p.order_name ILIKE ${anywhere}`,
    Prisma.sql`p.approval_no = ${term}`,
  ];
  if (/^\d{5,7}$/.test(term)) choices.push(Prisma.sql`p.approval_no LIKE ${`${term}%`}`);
  if (/^\d{4}$/.test(term)) choices.push(Prisma.sql`p.card_last4 = ${term}`);
  return Prisma.sql`(${Prisma.join(choices, " OR ")})`;
}

function among(
  column: Prisma.Sql,
  values: readonly string[] | undefined,
  type: Prisma.Sql = Prisma.sql`text`,
): Prisma.Sql[] {
  if (!values || values.length === 0) return [];
  // One value at a time: of a cast array the planner knows nothing, and would read a million rows to find a rare status.
  return [Prisma.sql`${column} IN (${Prisma.join(values.map((value) => Prisma.sql`${value}::${type}`))})`];
}

export function periodConditions(column: Prisma.Sql, { from, to }: Period): Prisma.Sql[] {
  return [
    ...(from ? [Prisma.sql`${column} >= ${from}::timestamptz`] : []),
    ...(to ? [Prisma.sql`${column} < ${to}::timestamptz`] : []),
  ];
}

export const requestedAt = Prisma.sql`p.requested_at`;

function canceledIn(period: Period): Prisma.Sql {
  const conditions = [
    Prisma.sql`c.status = 'SUCCEEDED'`,
    // A net cancel takes back an approval that the mall never had.
    Prisma.sql`c.origin <> 'NET_CANCEL'`,
    Prisma.sql`c.completed_at IS NOT NULL`,
    ...periodConditions(Prisma.sql`c.completed_at`, period),
  ];
  return Prisma.sql`p.id IN (SELECT c.payment_id FROM payment_cancel c WHERE ${Prisma.join(conditions, " AND ")})`;
}

/** How an approval ended, as the latency report counts it. Not answered yet: none. */
const outcomeOf = Prisma.sql`CASE WHEN p.answered_at IS NULL THEN NULL WHEN p.approved_at IS NOT NULL THEN 'approved'
  WHEN p.unknown_reason IS NOT NULL THEN 'unknown' WHEN p.failure_code = ANY(${[...declineCodes]}) THEN 'declined' ELSE 'failed' END`;

/** The outcomes that tell the unknown ones apart by what became of them. */
const unknownStatus = {
  netCanceled: Prisma.sql`= 'NET_CANCELED'::payment_status`,
  stillUnknown: Prisma.sql`<> 'NET_CANCELED'::payment_status`,
} as const;

function outcomeConditions(outcomes: NonNullable<RowQuery["outcome"]>): Prisma.Sql[] {
  if (outcomes.length === 0) return [];
  const choices = outcomes.map((outcome) =>
    outcome === "netCanceled" || outcome === "stillUnknown"
      ? Prisma.sql`(${outcomeOf} = 'unknown' AND p.status ${unknownStatus[outcome]})`
      : Prisma.sql`${outcomeOf} = ${outcome}`,
  );
  const statuses = [...new Set(outcomes.map((outcome) => endedAs[outcome]))];
  return [
    Prisma.sql`(${Prisma.join(choices, " OR ")})`,
    // Some outcomes end in one status and stay in it: said too, an index leads to these few among many.
    ...(statuses.every((status) => status !== undefined)
      ? among(Prisma.sql`p.status`, statuses, Prisma.sql`payment_status`)
      : []),
  ];
}

/** The only status that payments of an outcome are found in; several when there is none here. */
const endedAs: Readonly<Partial<Record<NonNullable<RowQuery["outcome"]>[number], PaymentStatus>>> = {
  declined: "ABORTED",
  failed: "ABORTED",
  netCanceled: "NET_CANCELED",
  stillUnknown: "UNKNOWN",
};

/** How long the mall waited for the outcome of an approval, in milliseconds; null while it waits. The index `payment_slow_answers` is of these words. */
export const responseMs = Prisma.sql`coalesce(p.total_duration_ms, CASE WHEN p.answered_at IS NOT NULL THEN least(greatest(round(extract(epoch FROM p.answered_at - p.requested_at) * 1000), 0), 2147483647)::int END)`;

function responseConditions({ responseMinMs, responseMaxMs }: RowQuery): Prisma.Sql[] {
  return [
    // The index holds the slow ones only; without these words it could not be known to hold all that is asked for.
    ...(isSlow(responseMinMs) ? [Prisma.sql`${responseMs} >= ${Prisma.raw(String(slowFromMs))}`] : []),
    ...(responseMinMs === undefined ? [] : [Prisma.sql`${responseMs} >= ${responseMinMs}::int`]),
    ...(responseMaxMs === undefined ? [] : [Prisma.sql`${responseMs} <= ${responseMaxMs}::int`]),
  ];
}

/** True when only answers are asked for that an index holds: from `slowFromMs` on. */
export function isSlow(responseMinMs: number | undefined): boolean {
  return responseMinMs !== undefined && responseMinMs >= slowFromMs;
}

function failureConditions(codes: readonly string[]): Prisma.Sql[] {
  if (codes.length === 0) return [];
  return [
    ...among(Prisma.sql`p.failure_code`, codes),
    // What was refused is ABORTED: said too, an index leads to these few among many.
    Prisma.sql`p.status = 'ABORTED'::payment_status`,
  ];
}

/** The conditions of a filter but its period. */
export function filterConditions(query: RowQuery): Prisma.Sql[] {
  return [
    ...query.terms.map(termCondition),
    ...(query.canceledIn ? [canceledIn(query.canceledIn)] : []),
    // Its index leads to the answered ones of a period, however many there are of others.
    ...(query.answeredIn ? periodConditions(Prisma.sql`p.answered_at`, query.answeredIn) : []),
    ...outcomeConditions(query.outcome ?? []),
    ...responseConditions(query),
    ...failureConditions(query.failure ?? []),
    ...among(Prisma.sql`p.status`, query.status, Prisma.sql`payment_status`),
    ...among(Prisma.sql`p.mall_id`, query.mall),
    ...among(Prisma.sql`p.van_code`, query.van),
    ...among(Prisma.sql`p.method`, query.method, Prisma.sql`payment_method`),
    ...among(Prisma.sql`p.origin`, query.origin, Prisma.sql`origin`),
    ...(query.amountMin === undefined ? [] : [Prisma.sql`p.amount_minor >= ${query.amountMin}::bigint`]),
    ...(query.amountMax === undefined ? [] : [Prisma.sql`p.amount_minor <= ${query.amountMax}::bigint`]),
  ];
}

export function whereAll(conditions: readonly Prisma.Sql[]): Prisma.Sql {
  return conditions.length === 0 ? Prisma.empty : Prisma.sql`WHERE ${Prisma.join([...conditions], " AND ")}`;
}
