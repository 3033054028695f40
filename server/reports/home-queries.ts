import { businessDateOf } from "#server/core/business-date.ts";
import type { IncidentSeverity } from "#server/incidents/incident.values.ts";
import type { PaymentStatus } from "#server/payments/domain/payment-status.ts";
import type { PaymentFilterInput } from "#server/payments/payment-search.schemas.ts";
import type { UnresolvedFilter } from "#server/payments/unresolved.schemas.ts";
import { closingWithinMs } from "#server/payments/unresolved.values.ts";
import {
  countHandedOver,
  type OldestUnresolved,
  readOldestUnresolved,
} from "#server/payments/unresolved-queries.ts";
import type { Context } from "#server/platform/context.ts";
import type { Sql, Statement } from "#server/platform/db.ts";
import { comparedDays, hourSince, hoursOfDay } from "#server/reports/domain/same-weekday.ts";
import { type PayoutsDue, readPayoutsDue } from "#server/settlement/settlement-queries.ts";
import { readVanTroubles, type VanTrouble } from "#server/van/van-trouble-queries.ts";

/** The list that yields a figure: counting what this filter finds gives the same number. */
export type ListFilter = Pick<PaymentFilterInput, "status" | "date" | "canceled">;

/** The part of the inbox of unknown outcomes that a figure speaks of. */
export type InboxFilter = Partial<Pick<UnresolvedFilter, "kind" | "van" | "deadline">>;

/** Approvals of one hour of the day. */
export type HourOfDay = Readonly<{
  hour: number;
  /** Null for hours that have not begun. */
  today: number | null;
  /** The whole hour of the same weekday last week. */
  before: number;
  /** The same hour as far as today has come: less than `before` only in the hour that runs. */
  beforeSoFar: number;
}>;

/** Today in figures, each beside the same weekday last week until the same time of day. Amounts are minor units, rates shares of 1. */
export type HomeFigures = Readonly<{
  asOf: Date;
  /** The same instant a week before. */
  comparedTo: Date;
  approvals: Readonly<{ count: number; countBefore: number; list: ListFilter }>;
  amount: Readonly<{ amountMinor: bigint; amountBeforeMinor: bigint; list: ListFilter }>;
  /** `rate` is null while nothing was asked for. `list` shows what was not approved. */
  approvalRate: Readonly<{
    rate: number | null;
    rateBefore: number | null;
    unapproved: number;
    list: ListFilter;
  }>;
  /** Payments of any day of which something was given back today; net cancels are none. */
  cancels: Readonly<{ count: number; countBefore: number; amountMinor: bigint; list: ListFilter }>;
  parkedDeadLetters: number;
  /** How many outcomes are not known is the sidebar's count, which home reads too. */
  oldestUnresolved: OldestUnresolved | null;
  /** Of the outcomes that are not known, those that are not asked about any more: they wait for a person. */
  unresolvedHandedOver: number;
  payouts: PayoutsDue;
  hours: readonly HourOfDay[];
}>;

/** Unknown payments of one VAN. `deadlineAt` is the earliest of their net-cancel deadlines; `inbox` holds just these. */
export type UnknownOfVan = Readonly<{ vanCode: string; count: number; deadlineAt: Date; inbox: InboxFilter }>;

/** What a person should see to now, the most urgent kind first; empty lists and zeros when there is nothing. */
export type HomeAttention = Readonly<{
  asOf: Date;
  /** Those that can be net-cancelled for a short time only, the nearest deadline first. */
  closing: readonly UnknownOfVan[];
  /** Those that can be net-cancelled no more, the one that passed first first. */
  passed: readonly UnknownOfVan[];
  deadLetters: Readonly<{ count: number; nextDeadlineAt: Date | null }>;
  /** Open incidents; `worst` is null when there is none. */
  incidents: Readonly<{ count: number; worst: IncidentSeverity | null }>;
  vans: readonly VanTrouble[];
}>;

const approved: PaymentStatus[] = ["DONE", "CANCEL_PENDING", "PARTIAL_CANCELED", "CANCELED"];
/** What was asked for and brought the mall no money (so far). */
const unapproved: PaymentStatus[] = ["ABORTED", "UNKNOWN", "NET_CANCELED"];

const quoted = (statuses: readonly PaymentStatus[]) => statuses.map((status) => `'${status}'`).join(", ");

type DayRow = {
  isToday: boolean;
  hour: Date;
  approved: number;
  approvedSoFar: number;
  unapprovedSoFar: number;
  amountSoFarMinor: bigint | null;
};

/**
 * Both days by the hour, in one pass over one index that holds all it needs (`payment_requested_at_figures`): the cost
 * is that of two days, however many payments there are.
 */
export const daysStatement: Statement = {
  name: "home-days",
  text: `SELECT is_today AS "isToday", hour, sum(n) FILTER (WHERE status IN (${quoted(approved)}))::int AS approved,
      sum(so_far) FILTER (WHERE status IN (${quoted(approved)}))::int AS "approvedSoFar",
      sum(so_far) FILTER (WHERE status IN (${quoted(unapproved)}))::int AS "unapprovedSoFar",
      sum(amount_so_far) FILTER (WHERE status IN (${quoted(approved)}))::bigint AS "amountSoFarMinor"
    FROM (
      SELECT true AS is_today, date_bin('1 hour', requested_at, $1) AS hour, status, count(*) AS n, count(*) AS so_far, sum(amount_minor) AS amount_so_far
      FROM payment WHERE requested_at >= $1 GROUP BY 2, 3
      UNION ALL
      SELECT false, date_bin('1 hour', requested_at, $2), status, count(*), count(*) FILTER (WHERE requested_at < $3),
        sum(amount_minor) FILTER (WHERE requested_at < $3)
      FROM payment WHERE requested_at >= $2 AND requested_at < $4 GROUP BY 2, 3
    ) per_hour GROUP BY 1, 2`,
};

const cancelsStatement: Statement = {
  name: "home-cancels",
  text: `SELECT count(DISTINCT payment_id) FILTER (WHERE completed_at >= $1)::int AS count,
      count(DISTINCT payment_id) FILTER (WHERE completed_at < $1)::int AS "countBefore",
      coalesce(sum(amount_minor) FILTER (WHERE completed_at >= $1), 0)::bigint AS "amountMinor"
    FROM payment_cancel WHERE status = 'SUCCEEDED' AND origin <> 'NET_CANCEL'
      AND (completed_at >= $1 OR (completed_at >= $2 AND completed_at < $3))`,
};

const parkedStatement: Statement = {
  name: "home-parked",
  text: "SELECT count(*)::int AS parked FROM dead_letter WHERE status = 'PARKED' AND (aside_until IS NULL OR aside_until <= now())",
};

/** Reads the figures of the home page as of `now`. */
export async function readHomeFigures(
  { reports: sql, db }: Pick<Context, "reports" | "db">,
  now: Date,
): Promise<HomeFigures> {
  const { today, before, wholeBefore } = comparedDays(now);
  const [days, [canceled], [letters], oldestUnresolved, unresolvedHandedOver, payouts] = await Promise.all([
    sql.run<DayRow>(daysStatement, [today.from, before.from, before.to, wholeBefore.to]),
    sql.run<{ count: number; countBefore: number; amountMinor: bigint }>(cancelsStatement, [
      today.from,
      before.from,
      before.to,
    ]),
    sql.run<{ parked: number }>(parkedStatement, []),
    readOldestUnresolved(db, now),
    countHandedOver(db, now),
    readPayoutsDue(sql, businessDateOf(now)),
  ]);
  const ofToday = totalOf(days.filter(({ isToday }) => isToday));
  const ofBefore = totalOf(days.filter(({ isToday }) => !isToday));
  const approvedToday: ListFilter = { status: approved, date: "today" };
  return {
    asOf: now,
    comparedTo: before.to,
    approvals: { count: ofToday.approved, countBefore: ofBefore.approved, list: approvedToday },
    amount: {
      amountMinor: ofToday.amountMinor,
      amountBeforeMinor: ofBefore.amountMinor,
      list: approvedToday,
    },
    approvalRate: {
      rate: shareOf(ofToday),
      rateBefore: shareOf(ofBefore),
      unapproved: ofToday.unapproved,
      list: { status: unapproved, date: "today" },
    },
    cancels: {
      count: canceled?.count ?? 0,
      countBefore: canceled?.countBefore ?? 0,
      amountMinor: canceled?.amountMinor ?? 0n,
      list: { canceled: "today" },
    },
    parkedDeadLetters: letters?.parked ?? 0,
    oldestUnresolved,
    unresolvedHandedOver,
    payouts,
    hours: hoursOf(days, { today: today.from, before: before.from, hourNow: hourSince(today.from, now) }),
  };
}

type DayTotal = { approved: number; unapproved: number; amountMinor: bigint };

function totalOf(rows: readonly DayRow[]): DayTotal {
  const total = { approved: 0, unapproved: 0, amountMinor: 0n };
  for (const row of rows) {
    total.approved += row.approvedSoFar ?? 0;
    total.unapproved += row.unapprovedSoFar ?? 0;
    total.amountMinor += row.amountSoFarMinor ?? 0n;
  }
  return total;
}

function shareOf({ approved: yes, unapproved: no }: DayTotal): number | null {
  return yes + no === 0 ? null : yes / (yes + no);
}

function hoursOf(
  rows: readonly DayRow[],
  { today, before, hourNow }: Readonly<{ today: Date; before: Date; hourNow: number }>,
): HourOfDay[] {
  const hours = Array.from({ length: hoursOfDay }, (_, hour) => ({
    hour,
    today: hour <= hourNow ? 0 : null,
    before: 0,
    beforeSoFar: 0,
  })) as { hour: number; today: number | null; before: number; beforeSoFar: number }[];
  for (const row of rows) {
    const slot = hours[hourSince(row.isToday ? today : before, row.hour)];
    if (!slot) continue;
    if (row.isToday) slot.today = row.approved ?? 0;
    else {
      slot.before = row.approved ?? 0;
      slot.beforeSoFar = row.approvedSoFar ?? 0;
    }
  }
  return hours;
}

const closingStatement: Statement = {
  name: "home-closing",
  // Each VAN has its own deadline; one range of the status index per VAN. What can still be saved is told apart from what cannot.
  text: `SELECT v.code AS "vanCode", u.is_passed AS "isPassed", u.count, u.oldest + v.deadline AS "deadlineAt" FROM (
      SELECT code, net_cancel_deadline_ms * interval '1 millisecond' AS deadline FROM van) v
    CROSS JOIN LATERAL (SELECT p.requested_at <= $1::timestamptz - v.deadline AS is_passed, count(*)::int AS count,
        min(p.requested_at) AS oldest
      FROM payment p WHERE p.status = 'UNKNOWN' AND p.van_code = v.code AND p.requested_at < $2::timestamptz - v.deadline
      GROUP BY 1) u
    ORDER BY "deadlineAt", "vanCode"`,
};

const waitingStatement: Statement = {
  name: "home-waiting",
  text: `SELECT letters.count AS "letterCount", letters.next AS "nextDeadlineAt", incidents.count AS "incidentCount", incidents.worst FROM
      (SELECT count(*)::int AS count, min(deadline_at) FILTER (WHERE deadline_at > $1) AS next FROM dead_letter
        WHERE status = 'PARKED' AND (aside_until IS NULL OR aside_until <= $1)) letters,
      (SELECT count(*)::int AS count, CASE WHEN bool_or(severity = 'page') THEN 'page' WHEN count(*) > 0 THEN 'ticket' END AS worst
        FROM incident WHERE closed_at IS NULL) incidents`,
};

type UnknownRow = { vanCode: string; isPassed: boolean; count: number; deadlineAt: Date };

function unknownOfVan({ vanCode, isPassed, count, deadlineAt }: UnknownRow): UnknownOfVan {
  const inbox: InboxFilter = {
    kind: ["APPROVAL"],
    van: [vanCode],
    deadline: [isPassed ? "PASSED" : "CLOSING"],
  };
  return { vanCode, count, deadlineAt, inbox };
}

/** Reads what waits for a person as of `now`. */
export async function readHomeAttention(sql: Sql, now: Date): Promise<HomeAttention> {
  const closesBy = new Date(now.getTime() + closingWithinMs);
  const [unknown, [waiting], vans] = await Promise.all([
    sql.run<UnknownRow>(closingStatement, [now, closesBy]),
    sql.run<{
      letterCount: number;
      nextDeadlineAt: Date | null;
      incidentCount: number;
      worst: IncidentSeverity | null;
    }>(waitingStatement, [now]),
    readVanTroubles(sql),
  ]);
  return {
    asOf: now,
    closing: unknown.filter(({ isPassed }) => !isPassed).map(unknownOfVan),
    passed: unknown.filter(({ isPassed }) => isPassed).map(unknownOfVan),
    deadLetters: { count: waiting?.letterCount ?? 0, nextDeadlineAt: waiting?.nextDeadlineAt ?? null },
    incidents: { count: waiting?.incidentCount ?? 0, worst: waiting?.worst ?? null },
    vans,
  };
}
