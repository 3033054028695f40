import { businessDateOf, endOfBusinessDate, startOfBusinessDate } from "#server/core/business-date.ts";

/** From `from` (inclusive) to `to` (exclusive). */
type Span = Readonly<{ from: Date; to: Date }>;

type ComparedDays = Readonly<{
  /** The business day so far. */
  today: Span;
  /** The same weekday last week, until the same time of day. */
  before: Span;
  /** That day to its end. */
  wholeBefore: Span;
}>;

const weekMs = 7 * 24 * 60 * 60 * 1_000;
const hourMs = 60 * 60 * 1_000;
export const hoursOfDay = 24;

/**
 * The business day of an instant in Seoul and the same weekday a week earlier, each as far as it has come: a morning
 * is never measured against a whole day. Seoul has no summer time, so a week is always as long.
 */
export function comparedDays(now: Date): ComparedDays {
  const date = businessDateOf(now);
  const earlier = (at: Date) => new Date(at.getTime() - weekMs);
  const from = startOfBusinessDate(date);
  return {
    today: { from, to: now },
    before: { from: earlier(from), to: earlier(now) },
    wholeBefore: { from: earlier(from), to: earlier(endOfBusinessDate(date)) },
  };
}

/** The hour of the day that an instant lies in, 0 to 23, counted from the begin of that day. */
export function hourSince(startOfDay: Date, at: Date): number {
  return Math.floor((at.getTime() - startOfDay.getTime()) / hourMs);
}
