import { describe, expect, test } from "vitest";
import { matchedShare, settledShare, standingOf } from "#components/reconciliation/day-standing.ts";

const at = new Date("2026-11-20T00:00:00.000Z");
const day = {
  state: "OPEN" as const,
  vanFileAt: at,
  depositFileAt: at,
  recordCount: 0,
  matchedCount: 0,
  unexplainedCount: 0,
};

describe("how far a day is from being closed", () => {
  test.each([
    ["CLOSED", { state: "CLOSED" as const }],
    ["NO_FILE", { vanFileAt: null, depositFileAt: null }],
    ["DIFFERS", { unexplainedCount: 1, depositFileAt: null }],
    ["NO_DEPOSIT", { depositFileAt: null }],
    ["READY", {}],
  ] as const)("is %s by the first thing in the way", (standing, other) => {
    expect(standingOf({ ...day, ...other })).toBe(standing);
  });
});

describe("the share that agrees", () => {
  test("is whole only when all of it is", () => {
    expect(matchedShare({ ...day, recordCount: 100_000, matchedCount: 99_999 })).toBe("99.99%");
    expect(matchedShare({ ...day, recordCount: 100_000, matchedCount: 100_000 })).toBe("100%");
    expect(matchedShare({ ...day, recordCount: 3, matchedCount: 2 })).toBe("66.66%");
    expect(settledShare({ ...day, recordCount: 3, unexplainedCount: 3 })).toBe("0.00%");
  });
  test("of a day without records is whole, and before a match there is none", () => {
    expect(matchedShare(day)).toBe("100%");
    expect(matchedShare({ ...day, vanFileAt: null })).toBeNull();
    expect(settledShare({ ...day, vanFileAt: null })).toBeNull();
  });
});
