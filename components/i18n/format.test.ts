import { describe, expect, test } from "vitest";
import {
  formatAmount,
  formatAxis,
  formatCountdown,
  formatDateHeading,
  formatDay,
  formatDuration,
  formatExactTime,
  formatMoney,
  formatRate,
  formatTableTime,
  shortId,
} from "#components/i18n/format.ts";

const at = new Date("2026-11-19T05:32:07Z");

describe("money", () => {
  test("is bare in cells, with its unit in prose, never abbreviated", () => {
    expect(formatAmount(9_999_999_999n)).toBe("9,999,999,999");
    expect(formatMoney(128_000n, "ko")).toBe("128,000원");
    expect(formatMoney(128_000n, "en")).toBe("₩128,000");
  });
  test("below zero has a minus sign, not a hyphen", () => {
    expect(formatAmount(-30_000n)).toBe("−30,000");
    expect(formatMoney(-30_000n, "en")).toBe("−₩30,000");
  });
  test("is shortened on axes only, in the units of the language", () => {
    expect(formatAxis(12_040_000, "ko")).toBe("1,204만");
    expect(formatAxis(230_000_000, "ko")).toBe("2.3억");
    expect(formatAxis(12_040_000, "en")).toBe("12.0M");
  });
});

describe("times", () => {
  test("in tables leave out what is plain from today, counted in Seoul", () => {
    expect(formatTableTime(at, new Date("2026-11-19T10:00:00Z"))).toBe("14:32:07");
    expect(formatTableTime(at, new Date("2026-11-19T15:00:00Z"))).toBe("11-19 14:32");
    expect(formatTableTime(at, new Date("2026-12-31T15:00:00Z"))).toBe("2026-11-19");
  });
  test("say their offset and UTC when asked", () => {
    expect(formatExactTime(at)).toBe("2026-11-19T14:32:07+09:00 · 05:32:07 UTC");
  });
  test("name the day in the language", () => {
    expect(formatDay(at, "ko")).toBe("11월\u00a019일(목)");
    expect(formatDay(at, "en")).toBe("Thu,\u00a019\u00a0Nov");
    expect(formatDateHeading(at, "ko")).toBe("2026-11-19 (목)");
  });
  test("last in the largest units that help", () => {
    expect(formatDuration(214, "ko")).toBe("214 ms");
    expect(formatDuration(1_250, "ko")).toBe("1.25초");
    expect(formatDuration(10_000, "ko")).toBe("10초");
    expect(formatDuration(9_660_000, "ko")).toBe("2시간 41분");
    expect(formatDuration(9_660_000, "en")).toBe("2 h 41 min");
  });
  test("run down to zero and stay there", () => {
    expect(formatCountdown(3_492_000)).toBe("58:12");
    expect(formatCountdown(3_725_000)).toBe("1:02:05");
    expect(formatCountdown(-5)).toBe("00:00");
  });
});

test("rates have one digit and no space", () => {
  expect(formatRate(0.022)).toBe("2.2%");
});

test("long ids keep both ends", () => {
  expect(shortId("4f1d00000000000000000000000009ac2")).toBe("4f1d…9ac2");
});
