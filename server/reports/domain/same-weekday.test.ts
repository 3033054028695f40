import { expect, test } from "vitest";
import { comparedDays, hourSince } from "#server/reports/domain/same-weekday.ts";

const iso = (at: Date) => at.toISOString();

test("the day so far is compared with the same weekday until the same time", () => {
  // Thursday 14:30 in Seoul.
  const { today, before, wholeBefore } = comparedDays(new Date("2026-11-26T05:30:00.000Z"));
  expect([today.from, today.to].map(iso)).toEqual(["2026-11-25T15:00:00.000Z", "2026-11-26T05:30:00.000Z"]);
  expect([before.from, before.to].map(iso)).toEqual(["2026-11-18T15:00:00.000Z", "2026-11-19T05:30:00.000Z"]);
  expect(iso(wholeBefore.to)).toBe("2026-11-19T15:00:00.000Z");
});

test("a new day begins at midnight in Seoul, not in UTC", () => {
  expect(iso(comparedDays(new Date("2026-11-26T14:59:59.999Z")).today.from)).toBe("2026-11-25T15:00:00.000Z");
  const midnight = comparedDays(new Date("2026-11-26T15:00:00.000Z"));
  expect(midnight.today.from).toEqual(midnight.today.to);
  expect(midnight.before.from).toEqual(midnight.before.to);
  // 08:59 in Seoul is still the day before in UTC.
  expect(iso(comparedDays(new Date("2026-11-26T23:59:00.000Z")).today.from)).toBe("2026-11-26T15:00:00.000Z");
});

test("hours are counted from the begin of the day", () => {
  const start = new Date("2026-11-25T15:00:00.000Z");
  expect(hourSince(start, start)).toBe(0);
  expect(hourSince(start, new Date("2026-11-26T14:59:59.999Z"))).toBe(23);
});
