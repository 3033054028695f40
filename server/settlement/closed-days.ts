import type { Context } from "#server/platform/context.ts";
import { loadHolidaysBetween } from "#server/settlement/calendar-repository.ts";
import { addDays, weekdayOf } from "#server/settlement/domain/business-calendar.ts";

/** A day between the business date and the payout on which banks were closed: `WEEKEND`, or the holiday's name. */
export type ClosedDay = Readonly<{ date: string; why: string }>;

/** The days on which banks are closed from a business date to its payout, both included, by one version of the calendar. */
export async function readClosedDays(
  ctx: Pick<Context, "reports">,
  {
    businessDate,
    payoutDate,
    calendarVersion,
  }: Readonly<{ businessDate: string; payoutDate: string | null; calendarVersion: number }>,
): Promise<readonly ClosedDay[]> {
  if (payoutDate === null) return [];
  const names = await loadHolidaysBetween(ctx.reports, calendarVersion, businessDate, payoutDate);
  const closed: ClosedDay[] = [];
  for (let date = businessDate; date <= payoutDate; date = addDays(date, 1)) {
    const why = names.get(date) ?? (weekdayOf(date) >= 6 ? "WEEKEND" : undefined);
    if (why !== undefined) closed.push({ date, why });
  }
  return closed;
}
