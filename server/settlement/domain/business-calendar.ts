import { assert } from "#server/core/assert.ts";

/** A weekday by ISO 8601: 1 is Monday, 7 is Sunday. */
export type IsoWeekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** One version of the days on which money moves: every day but Saturdays, Sundays and its holidays. Dates are `YYYY-MM-DD`. */
export type BusinessCalendar = Readonly<{ version: number; holidays: ReadonlySet<string> }>;

const dayMs = 24 * 60 * 60 * 1000;

/** The date `days` after another; before it when negative. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

/** The weekday of a date. */
export function weekdayOf(date: string): IsoWeekday {
  return (new Date(`${date}T00:00:00Z`).getUTCDay() || 7) as IsoWeekday;
}

/** True for a day on which banks pay. */
export function isBusinessDay(calendar: BusinessCalendar, date: string): boolean {
  return weekdayOf(date) <= 5 && !calendar.holidays.has(date);
}

/** The date itself when it is a business day, else the nearest one after it, or before it with `step` -1. */
export function nearestBusinessDay(calendar: BusinessCalendar, date: string, step: 1 | -1): string {
  let day = date;
  // The longest run of holidays that anybody has decreed is ten days; a calendar that never ends is a mistake of data.
  for (let tries = 0; tries < 60; tries++, day = addDays(day, step))
    if (isBusinessDay(calendar, day)) return day;
  assert(false, `there is a business day within 60 days of ${date} in calendar version ${calendar.version}`);
}

/** The `count`-th business day after a date; a base that is none rolls to the next one first (ST-5). */
export function addBusinessDays(calendar: BusinessCalendar, base: string, count: number): string {
  let day = nearestBusinessDay(calendar, base, 1);
  for (let left = count; left > 0; left--) day = nearestBusinessDay(calendar, addDays(day, 1), 1);
  return day;
}
