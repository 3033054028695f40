import { expect, test } from "vitest";
import { coverOf, requiredPercentOn } from "#server/settlement/domain/fund-ratio.ts";

test("the required part grows by date", () => {
  expect(
    ["2025-12-31", "2026-01-01", "2027-12-16", "2027-12-17", "2028-12-17"].map(requiredPercentOn),
  ).toEqual([0n, 60n, 60n, 80n, 100n]);
});

test("a shortfall is what is missing of the required part, to the whole won", () => {
  expect(coverOf("2026-11-17", 1_001n, 600n)).toEqual({
    requiredPercent: 60,
    requiredMinor: 601n,
    ratioE4: 5_994,
    shortfallMinor: 1n,
  });
  expect(coverOf("2026-11-17", 1_000n, 900n)).toMatchObject({ ratioE4: 9_000, shortfallMinor: 0n });
});

test("without a report nothing is claimed, and without an obligation there is no ratio", () => {
  expect(coverOf("2026-11-17", 1_000n, null)).toMatchObject({ ratioE4: null, shortfallMinor: null });
  expect(coverOf("2026-11-17", 0n, 5n)).toMatchObject({ ratioE4: null, shortfallMinor: 0n });
});
