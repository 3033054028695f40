import { expect, test } from "vitest";
import {
  formatRange,
  formatSlot,
  formatTick,
  fromSeoulField,
  toSeoulField,
} from "#components/reports/seoul-clock.ts";

const at = Date.parse("2026-11-19T14:59:00Z"); // 23:59 in Seoul
const hour = 3_600_000;

test("times are Seoul's, whatever the browser's zone", () => {
  expect(formatTick(at, hour)).toBe("23:59");
  expect(formatTick(at, 7 * 24 * hour)).toBe("11-19 23:59");
  expect(formatTick(at + 60_000, 30 * 24 * hour)).toBe("11-20");
  expect(formatSlot(at, at + 60_000, hour)).toBe("23:59–00:00");
  expect(formatSlot(at, at + 60_000, 48 * hour)).toBe("11-19 23:59–00:00");
  expect(formatRange(at, at + 60_000)).toBe("11-19 23:59–11-20 00:00");
});

test("a field of date and time means Seoul's", () => {
  expect(toSeoulField(new Date(at))).toBe("2026-11-19T23:59");
  expect(fromSeoulField("2026-11-19T23:59")?.getTime()).toBe(at);
  expect(fromSeoulField("")).toBeUndefined();
});
