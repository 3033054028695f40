import { expect, test } from "vitest";
import { lastValueOf, standsAlone } from "#components/charts/time-points.ts";

const points = [
  { at: 1, p95: null },
  { at: 2, p95: 200 },
  { at: 3, p95: null },
  { at: 4, p95: 0 },
  { at: 5, p95: 300 },
  { at: 6, p95: null },
];

test("the name of a line stands where the line ends, not where the period ends", () => {
  expect(lastValueOf(points, "p95")).toBe(300);
  expect(lastValueOf(points, "p99")).toBeNull();
});

test("a point between two gaps shows by itself; a zero is no gap", () => {
  expect(points.map((_, index) => standsAlone(points, index, "p95"))).toEqual([
    false,
    true,
    false,
    false,
    false,
    false,
  ]);
});
