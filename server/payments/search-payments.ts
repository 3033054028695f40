import { Refusal } from "#server/core/refusals.ts";
import {
  countPayments,
  hasPaymentSince,
  loadChangedRows,
  loadPaymentRows,
  type PaymentRow,
  type RowQuery,
  sumPayments,
  type Totals,
} from "#server/payments/payment-queries.ts";
import {
  type PaymentFilter,
  type PaymentSort,
  resolvePeriod,
  splitPeriod,
} from "#server/payments/payment-search.schemas.ts";
import type { Context } from "#server/platform/context.ts";

export type { PaymentRow, Totals };

export type PaymentPage = Readonly<{
  rows: readonly PaymentRow[];
  nextCursor: string | null;
  /** The period that the list covers, as it would stand in the URL. */
  date: string;
}>;

type Ctx = Pick<Context, "db" | "now">;

/**
 * A keyset page of the payments that match. Throws `INVALID_REQUEST` for a cursor that is not ours.
 * Rows, count and totals share one WHERE (`RowQuery`), so a count is the number of rows one can page through.
 */
export async function searchPayments(
  ctx: Ctx,
  search: { filter: PaymentFilter; sort: PaymentSort; cursor: string | null; limit: number },
): Promise<PaymentPage> {
  const { query, date } = await rowQuery(ctx, search.filter);
  const after = search.cursor === null ? null : decodeCursor(search.cursor, search.sort);
  const rows = await loadPaymentRows(ctx.db, query, { sort: search.sort, after, limit: search.limit + 1 });
  const page = rows.slice(0, search.limit);
  const last = page.at(-1);
  return {
    rows: page,
    nextCursor: rows.length > search.limit && last ? encodeCursor(last, search.sort) : null,
    date,
  };
}

/** How many payments match, and the money of those that were approved, per currency. */
export async function summarizePayments(
  ctx: Ctx,
  filter: PaymentFilter,
): Promise<{ count: number; totals: readonly Totals[] }> {
  const { query } = await rowQuery(ctx, filter);
  const [count, totals] = await Promise.all([countPayments(ctx.db, query), sumPayments(ctx.db, query)]);
  return { count, totals };
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
    countPayments(ctx.db, query, watch.since ?? undefined),
    loadChangedRows(ctx.db, query, watch.known),
  ]);
  return { newCount, changed };
}

const defaultPeriod = "7d";

/** The filter as a query. Without a period: words search everything; else the last seven days, if anything is that new. */
async function rowQuery(ctx: Ctx, filter: PaymentFilter): Promise<{ query: RowQuery; date: string }> {
  const now = ctx.now();
  const date = filter.date ?? (await implicitPeriod(ctx, filter, now));
  const period = resolvePeriod(date, now);
  if (!period) throw new Refusal("INVALID_REQUEST", { field: "date" });
  return { query: { ...filter, terms: termsOf(filter.q), period, basis: splitPeriod(date).basis }, date };
}

async function implicitPeriod(ctx: Ctx, filter: PaymentFilter, now: Date): Promise<string> {
  if (termsOf(filter.q).length > 0) return "all";
  const from = resolvePeriod(defaultPeriod, now)?.from ?? now;
  return (await hasPaymentSince(ctx.db, from)) ? defaultPeriod : "all";
}

function termsOf(q: string | undefined): string[] {
  return (q ?? "").split(/\s+/).filter(Boolean).slice(0, 8);
}

function encodeCursor(row: PaymentRow, sort: PaymentSort): string {
  const key = sort.endsWith("amount") ? row.amountMinor : BigInt(row.requestedAt.getTime());
  return Buffer.from(`${sort}.${key}.${row.id}`).toString("base64url");
}

function decodeCursor(cursor: string, sort: PaymentSort): { key: bigint; id: string } {
  const match = /^(-?[a-zA-Z]+)\.(\d{1,15})\.(pay_[0-9A-Z]{26})$/.exec(
    Buffer.from(cursor, "base64url").toString("latin1"),
  );
  if (!match?.[2] || !match[3] || match[1] !== sort)
    throw new Refusal("INVALID_REQUEST", { field: "cursor" });
  return { key: BigInt(match[2]), id: match[3] };
}
