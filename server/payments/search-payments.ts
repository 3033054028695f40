import { Refusal } from "#server/core/refusals.ts";
import { isSlow, type RowQuery } from "#server/payments/payment-filter-queries.ts";
import {
  type Cursor,
  countNewerPayments,
  findScanEnd,
  hasPaymentSince,
  isIndexed,
  loadChangedRows,
  loadMatchingIds,
  loadPaymentRows,
  lookUpPaymentRows,
  type PageQuery,
  type PaymentRow,
  type Summary,
  scanPaymentRows,
  sumAllPayments,
  sumLookedUpPayments,
  summedRowsMax,
  sumPayments,
  sumScannedPayments,
  type Totals,
} from "#server/payments/payment-queries.ts";
import type { PaymentFilter } from "#server/payments/payment-search.schemas.ts";
import { type PaymentSort, type Period, resolvePeriod } from "#server/payments/payment-search.values.ts";
import type { Context } from "#server/platform/context.ts";

export type { PaymentRow, Summary, Totals };

export type PaymentPage = Readonly<{
  rows: readonly PaymentRow[];
  nextCursor: string | null;
  /** Set while a search by words has not looked at everything: how far back it has, by the time of the request. */
  searchedTo: Date | null;
  /** The period that the list covers, as it would stand in the URL. */
  date: string;
}>;

type Ctx = Pick<Context, "db" | "now">;

/**
 * A keyset page of the payments that match. Throws `INVALID_REQUEST` for a cursor that is not ours. Rows, count and
 * totals share one WHERE (`RowQuery`), so a count is the number of rows one can page through. A search by words may
 * answer with less than a page, even nothing, and a cursor: so much was looked at, and the rest waits to be asked for.
 */
export async function searchPayments(
  ctx: Ctx,
  search: { filter: PaymentFilter; sort: PaymentSort; cursor: string | null; limit: number },
): Promise<PaymentPage> {
  const { sort, limit } = search;
  const { query, date } = await rowQuery(ctx, search.filter);
  const after = search.cursor === null ? null : decodeCursor(search.cursor, sort);
  const page = { sort, after, limit: limit + 1 };
  const { rows, end } = await readPage(ctx, query, page);
  const last = rows.length > limit ? rows[limit - 1] : end;
  return {
    rows: rows.slice(0, limit),
    nextCursor: last ? encodeCursor(last, sort) : null,
    searchedTo: rows.length <= limit && end ? end.requestedAt : null,
    date,
  };
}

type Place = Pick<PaymentRow, "id" | "requestedAt" | "amountMinor">;

/** The rows of a page; `end` is where the look through the list stopped when there may be more beyond it. */
async function readPage(
  ctx: Ctx,
  query: RowQuery,
  page: PageQuery,
): Promise<{ rows: PaymentRow[]; end: Place | null }> {
  if (!isLookedFor(query)) return { rows: await loadPaymentRows(ctx.db, query, page), end: null };
  const [rows, end] = await Promise.all([
    scanPaymentRows(ctx.db, query, page),
    findScanEnd(ctx.db, query, page),
  ]);
  if (rows.length === page.limit) return { rows, end: null };
  if (!end || !query.terms.some(isIndexed)) return { rows, end };
  const beyond: Cursor = { key: keyOf(end, page.sort), id: end.id };
  const rest = await lookUpPaymentRows(ctx.db, query, {
    ...page,
    after: beyond,
    limit: page.limit - rows.length,
  });
  return rest ? { rows: [...rows, ...rest], end: null } : { rows, end };
}

/** Answers of so short a time are few enough to be read one by one. */
const fewAnswersMs = 2 * 60 * 60_000;

/** True when no index leads to the rows: words, unless one is a whole key, what is nearly always the same, and common times. */
function isLookedFor(query: RowQuery): boolean {
  const { terms, origin, method, failure, responseMinMs, responseMaxMs, answeredIn } = query;
  if (terms.some((term) => /^(pay|cxl)_[0-9A-Z]{26}$/.test(term))) return false;
  if (terms.length > 0) return true;
  if (
    answeredIn?.from &&
    answeredIn.to &&
    answeredIn.to.getTime() - answeredIn.from.getTime() <= fewAnswersMs
  )
    return false;
  const isCommonTime = (responseMinMs ?? responseMaxMs) !== undefined && !isSlow(responseMinMs);
  return Boolean(origin?.length || method?.length || failure?.length) || isCommonTime;
}

/**
 * How many payments match, and the money of those that were approved, per currency. Exact up to a bound, and at least
 * so much beyond it; `exact` adds up everything, apart from the reads that somebody waits for.
 */
export async function summarizePayments(
  ctx: Ctx & Pick<Context, "reports">,
  { filter, exact }: { filter: PaymentFilter; exact: boolean },
): Promise<Summary> {
  const { query } = await rowQuery(ctx, filter);
  if (exact) return sumAllPayments(ctx.reports, query);
  if (!isLookedFor(query)) return sumPayments(ctx.db, query);
  const [scanned, end] = await Promise.all([
    sumScannedPayments(ctx.db, query),
    findScanEnd(ctx.db, query, { sort: "-requestedAt", after: null }),
  ]);
  if (!end) return { ...scanned, isComplete: true };
  // A word that is frequent among the newest is frequent: an index would read half the table.
  if (scanned.count > summedRowsMax / 100 || !query.terms.some(isIndexed)) return scanned;
  return (await sumLookedUpPayments(ctx.db, query)) ?? scanned;
}

/**
 * The ids of all payments that match as of now, newest first; null when they are more than `max`. Through the WHERE of the
 * list, so these are the payments that one can page through.
 */
export async function findMatchingIds(
  ctx: Ctx & Pick<Context, "reports">,
  { filter, max }: { filter: PaymentFilter; max: number },
): Promise<readonly string[] | null> {
  const { query } = await rowQuery(ctx, filter);
  const ids = await loadMatchingIds(ctx.reports, query, max + 1);
  return ids.length > max ? null : ids;
}

/**
 * What changed behind a list that is on a screen: how many newer payments match, and the known rows that are not
 * what the screen shows. `matches` false: the row has left the filter since.
 */
export async function watchPayments(
  ctx: Ctx,
  watch: {
    filter: PaymentFilter;
    since: { requestedAt: Date; id: string } | null;
    known: readonly { id: string; version: number }[];
  },
): Promise<{ newCount: number; changed: readonly (PaymentRow & { matches: boolean })[] }> {
  const { query } = await rowQuery(ctx, watch.filter);
  const [newCount, changed] = await Promise.all([
    watch.since ? countNewerPayments(ctx.db, query, watch.since) : 0,
    loadChangedRows(ctx.db, query, watch.known),
  ]);
  return { newCount, changed };
}

const defaultPeriod = "7d";

/** The end of what is counted is open in none of the frozen: a payment that comes later is not in it. */
const frozen = ({ from, to }: Period, at: Date): string =>
  `${from?.toISOString() ?? ""}..${(to && to < at ? to : at).toISOString()}`;

/**
 * A filter that means tomorrow what it means at `at`: named periods become instants, and nothing that is requested from
 * then on is in it. What the list leaves unsaid, it says. Throws `INVALID_REQUEST` for a period that is none.
 */
export async function freezePaymentFilter(ctx: Ctx, filter: PaymentFilter, at: Date): Promise<PaymentFilter> {
  const { query } = await rowQuery({ ...ctx, now: () => at }, filter);
  for (const [field, period] of [
    ["date", query.period] as const,
    ["canceled", query.canceledIn] as const,
    ["answered", query.answeredIn] as const,
  ])
    if (period?.from && period.from >= at) throw new Refusal("INVALID_REQUEST", { field });
  return {
    ...filter,
    date: frozen(query.period, at),
    ...(query.canceledIn && { canceled: frozen(query.canceledIn, at) }),
    ...(query.answeredIn && { answered: frozen(query.answeredIn, at) }),
  };
}

/** The filter as a query, when it says its period. Throws `INVALID_REQUEST` for a period that is none. */
export function queryOf(filter: PaymentFilter, now: Date): RowQuery {
  const period = resolvePeriod(filter.date ?? "all", now);
  if (!period) throw new Refusal("INVALID_REQUEST", { field: "date" });
  const periodOf = (field: "canceled" | "answered") => {
    const text = filter[field];
    if (text === undefined) return undefined;
    const said = resolvePeriod(text, now);
    if (!said) throw new Refusal("INVALID_REQUEST", { field });
    return said;
  };
  return {
    ...filter,
    terms: termsOf(filter.q),
    period,
    canceledIn: periodOf("canceled"),
    answeredIn: periodOf("answered"),
  };
}

/** The filter as a query. Without a period: words, and cancels or answers of a period, are searched everywhere; else the last seven days, if anything is that new. */
async function rowQuery(ctx: Ctx, filter: PaymentFilter): Promise<{ query: RowQuery; date: string }> {
  const now = ctx.now();
  const date = filter.date ?? (await implicitPeriod(ctx, filter, now));
  return { query: queryOf({ ...filter, date }, now), date };
}

async function implicitPeriod(ctx: Ctx, filter: PaymentFilter, now: Date): Promise<string> {
  if (termsOf(filter.q).length > 0 || filter.canceled !== undefined || filter.answered !== undefined)
    return "all";
  const from = resolvePeriod(defaultPeriod, now)?.from ?? now;
  return (await hasPaymentSince(ctx.db, from)) ? defaultPeriod : "all";
}

function termsOf(q: string | undefined): string[] {
  return (q ?? "").split(/\s+/).filter(Boolean).slice(0, 8);
}

function keyOf(row: Place, sort: PaymentSort): bigint {
  return sort.endsWith("amount") ? row.amountMinor : BigInt(row.requestedAt.getTime());
}

function encodeCursor(row: Place, sort: PaymentSort): string {
  return Buffer.from(`${sort}.${keyOf(row, sort)}.${row.id}`).toString("base64url");
}

function decodeCursor(cursor: string, sort: PaymentSort): Cursor {
  const match = /^(-?[a-zA-Z]+)\.(\d{1,15})\.(pay_[0-9A-Z]{26})$/.exec(
    Buffer.from(cursor, "base64url").toString("latin1"),
  );
  if (!match?.[2] || !match[3] || match[1] !== sort)
    throw new Refusal("INVALID_REQUEST", { field: "cursor" });
  return { key: BigInt(match[2]), id: match[3] };
}
