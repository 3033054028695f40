import { recordAudit } from "#server/audit/record-audit.ts";
import type { Actor } from "#server/core/actor.ts";
import { businessDateOf, isBusinessDate } from "#server/core/business-date.ts";
import { Refusal } from "#server/core/refusals.ts";
import type { Context } from "#server/platform/context.ts";
import type { Sql } from "#server/platform/db.ts";
import {
  insertDraft,
  loadActiveVersion,
  loadCalendar,
  loadTermsInForce,
  loadUnpaid,
  lockVersion,
  movePayouts,
  replaceActive,
  takeCalendarTurn,
} from "#server/settlement/calendar-repository.ts";
import { addDays, type BusinessCalendar } from "#server/settlement/domain/business-calendar.ts";
import { type PayoutTerms, payoutDateOf } from "#server/settlement/domain/payout-date.ts";
import type { CalendarChange } from "#server/settlement/settlement.schemas.ts";

/** A payout that moves. */
export type PayoutMove = Readonly<{
  id: string;
  mallId: string;
  mallName: string;
  businessDate: string;
  payoutMinor: bigint;
  before: string;
  after: string;
}>;

/** Dates that are not settled yet and will be paid on another day, for each kind of terms that malls have. */
export type TermsMove = Readonly<{
  terms: PayoutTerms;
  mallCount: number;
  dates: readonly Readonly<{ businessDate: string; before: string; after: string }>[];
}>;

/** What a draft would do. `payouts` are settlements that exist; `ahead` are the dates of the coming 400 days. */
export type CalendarPreview = Readonly<{ payouts: readonly PayoutMove[]; ahead: readonly TermsMove[] }>;

const daysAhead = 400;
/** Ten business days through the longest holidays, and a month to the payout day. */
const payoutWithinDays = 62;

/** Drafts a version of the calendar from the one in force; nothing is paid by it yet. Audited. Throws `INVALID_REQUEST` for a date that does not exist or is named twice. */
export async function draftCalendar(
  ctx: Pick<Context, "sql">,
  { actor, ...change }: CalendarChange & Readonly<{ actor: Actor }>,
): Promise<{ version: number }> {
  const dates = [...change.add.map(({ date }) => date), ...change.remove];
  if (dates.length === 0 || new Set(dates).size < dates.length || !dates.every(isBusinessDate))
    throw new Refusal("INVALID_REQUEST", { field: "add" });
  return ctx.sql.transaction(async (sql) => {
    await takeCalendarTurn(sql);
    const version = await insertDraft(sql, { ...change, by: actor.id });
    await audit(sql, actor, "settlement.calendar_drafted", version, { ...change });
    return { version };
  });
}

/** Lists what a draft would move, before it is put in force. Throws `NOT_FOUND`. */
export async function previewCalendar(
  ctx: Pick<Context, "reports" | "now">,
  { version }: Readonly<{ version: number }>,
): Promise<CalendarPreview> {
  const today = businessDateOf(ctx.now());
  return ctx.reports.transaction(async (sql) => {
    if (!(await lockVersion(sql, version))) throw new Refusal("NOT_FOUND");
    const after = await loadCalendar(sql, version);
    const before = await loadCalendar(sql, await loadActiveVersion(sql));
    const near = datesNear(today, before, after);
    const ahead = (await loadTermsInForce(sql, today)).map(({ mallCount, ...terms }) => ({
      terms,
      mallCount,
      dates: near
        .map((businessDate) => ({
          businessDate,
          before: payoutDateOf(businessDate, terms, before),
          after: payoutDateOf(businessDate, terms, after),
        }))
        .filter((one) => one.before !== one.after),
    }));
    return {
      payouts: await movesOf(sql, version, today),
      ahead: ahead.filter(({ dates }) => dates.length > 0),
    };
  });
}

/**
 * Puts a draft in force: later batches pay by it, and settlements that are not paid out move to their new day. `payoutsSeen`
 * is how many the person saw moving. Audited. Throws `NOT_FOUND`, `CHANGED_MEANWHILE` for what is no draft of the version
 * in force, and `STALE_SELECTION` when other payouts would move than were seen.
 */
export async function activateCalendar(
  ctx: Pick<Context, "reports" | "now">,
  { version, payoutsSeen, actor }: Readonly<{ version: number; payoutsSeen: number; actor: Actor }>,
): Promise<{ movedCount: number }> {
  const today = businessDateOf(ctx.now());
  return ctx.reports.transaction(async (sql) => {
    await takeCalendarTurn(sql);
    const draft = await lockVersion(sql, version);
    if (!draft) throw new Refusal("NOT_FOUND");
    if (draft.status !== "DRAFT" || draft.basedOn !== (await loadActiveVersion(sql)))
      throw new Refusal("CHANGED_MEANWHILE", { status: draft.status });
    const moves = await movesOf(sql, version, today);
    if (moves.length !== payoutsSeen) throw new Refusal("STALE_SELECTION", { count: moves.length });
    await replaceActive(sql, version, actor.id);
    await movePayouts(sql, version, moves);
    await audit(sql, actor, "settlement.calendar_activated", version, {
      basedOn: draft.basedOn,
      movedCount: moves.length,
    });
    return { movedCount: moves.length };
  });
}

/** The coming dates whose payouts a difference between two versions can reach: the others need not be computed. */
function datesNear(today: string, before: BusinessCalendar, after: BusinessCalendar): string[] {
  const changed = [...before.holidays.symmetricDifference(after.holidays)];
  return Array.from({ length: daysAhead }, (_, n) => addDays(today, n)).filter((date) =>
    changed.some((day) => day >= date && day <= addDays(date, payoutWithinDays)),
  );
}

async function movesOf(sql: Sql, version: number, today: string): Promise<PayoutMove[]> {
  const calendar = await loadCalendar(sql, version);
  return (await loadUnpaid(sql, today)).flatMap(
    ({ id, mallId, mallName, businessDate, payoutMinor, payoutDate, ...terms }) => {
      const after = payoutDateOf(businessDate, terms, calendar);
      return after === payoutDate
        ? []
        : [{ id, mallId, mallName, businessDate, payoutMinor, before: payoutDate, after }];
    },
  );
}

async function audit(
  sql: Sql,
  actor: Actor,
  action: string,
  version: number,
  detail: Record<string, unknown>,
): Promise<void> {
  await recordAudit(sql, {
    actor,
    action,
    target: { type: "holiday_calendar", id: String(version) },
    outcome: "success",
    ipAddress: actor.ipAddress,
    detail,
  });
}
