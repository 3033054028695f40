import { assert } from "#server/core/assert.ts";
import {
  addBusinessDays,
  addDays,
  type BusinessCalendar,
  type IsoWeekday,
  nearestBusinessDay,
  weekdayOf,
} from "#server/settlement/domain/business-calendar.ts";

/** When a mall is paid. `lagBusinessDays` after the business date whose payments are settled, at the earliest. */
export type PayoutTerms = Readonly<{
  cycle: "DAILY" | "WEEKLY" | "MONTHLY";
  lagBusinessDays: number;
  /** The weekdays of a weekly cycle; of no meaning to others. */
  payoutWeekdays: readonly IsoWeekday[];
  /** The day of a monthly cycle; 31 is the last one of any month. Of no meaning to others. */
  payoutDayOfMonth: number;
  /** Where a day of a weekly or monthly cycle goes when banks are closed on it. */
  holidayPolicy: "HOLIDAY_BEFORE" | "HOLIDAY_AFTER" | "CALENDAR_DAY";
}>;

/**
 * The date on which a business date's settlement is paid (ST-5, ST-6). Daily: the lag itself. Weekly and monthly: the first
 * payout day on or after it; if banks are closed on that day, the policy moves it. It is never before the lag is over,
 * because the lag ends on a business day.
 */
export function payoutDateOf(base: string, terms: PayoutTerms, calendar: BusinessCalendar): string {
  const due = addBusinessDays(calendar, base, terms.lagBusinessDays);
  switch (terms.cycle) {
    case "DAILY":
      return due;
    case "WEEKLY":
      return moved(firstWeekday(due, terms.payoutWeekdays), terms, calendar);
    case "MONTHLY":
      return moved(firstDayOfMonth(due, terms.payoutDayOfMonth), terms, calendar);
  }
}

function firstWeekday(from: string, weekdays: readonly IsoWeekday[]): string {
  for (let ahead = 0; ahead < 7; ahead++) {
    const day = addDays(from, ahead);
    if (weekdays.includes(weekdayOf(day))) return day;
  }
  assert(false, "a weekly cycle names a weekday");
}

function firstDayOfMonth(from: string, dayOfMonth: number): string {
  const [year = 0, month = 0] = from.split("-").map(Number);
  const inMonth = (months: number) => {
    const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
    const day = Math.min(dayOfMonth, last);
    return new Date(Date.UTC(year, month - 1 + months, day)).toISOString().slice(0, 10);
  };
  const thisMonth = inMonth(0);
  return thisMonth >= from ? thisMonth : inMonth(1);
}

function moved(day: string, { holidayPolicy }: PayoutTerms, calendar: BusinessCalendar): string {
  if (holidayPolicy === "CALENDAR_DAY") return day;
  return nearestBusinessDay(calendar, day, holidayPolicy === "HOLIDAY_BEFORE" ? -1 : 1);
}
