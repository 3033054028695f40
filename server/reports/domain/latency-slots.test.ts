import { expect, test } from "vitest";
import { slotSecondsFor, slotStart, slotStarts } from "#server/reports/domain/latency-slots.ts";

const hourMs = 3_600_000;

test.each([
  [hourMs / 2, 60],
  [hourMs, 60],
  [6 * hourMs, 300],
  [24 * hourMs, 900],
  [7 * 24 * hourMs, 7_200],
  [30 * 24 * hourMs, 21_600],
  [92 * 24 * hourMs, 86_400],
])("a period of %i ms has points of %i s", (rangeMs, seconds) => {
  expect(slotSecondsFor(rangeMs)).toBe(seconds);
});

test("a slot of a day begins at midnight in Seoul", () => {
  expect(slotStart(new Date("2026-11-19T14:59:59Z"), 86_400)).toEqual(new Date("2026-11-18T15:00:00Z"));
  expect(slotStart(new Date("2026-11-19T15:00:00Z"), 86_400)).toEqual(new Date("2026-11-19T15:00:00Z"));
});

test("slots cover a period without holes, also where it begins within one", () => {
  const starts = slotStarts(new Date("2026-11-19T05:07:00Z"), new Date("2026-11-19T05:31:00Z"), 900);
  expect(starts.map((at) => at.toISOString().slice(11, 16))).toEqual(["05:00", "05:15", "05:30"]);
});
