import { expect, test } from "vitest";
import { greatestOf, lastValueOf, niceTicks, standsAlone } from "#components/charts/time-points.ts";

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

test.each([
  [3.8, [0, 1, 2, 3, 4]],
  [4_390, [0, 2_000, 4_000, 6_000]],
  [600, [0, 200, 400, 600]],
  [1, [0, 0.25, 0.5, 0.75, 1]],
  [10, [0, 2.5, 5, 7.5, 10]],
  [0.07, [0, 0.02, 0.04, 0.06, 0.08]],
])("an axis up to %f has steps people count in", (greatest, ticks) => {
  expect(niceTicks(greatest)).toEqual(ticks);
});

test("a stack is as high as its parts together", () => {
  const stack = [
    { at: 1, done: 3, declined: 2 },
    { at: 2, done: 4, declined: null },
  ];
  expect(greatestOf(stack, ["done", "declined"])).toBe(4);
  expect(greatestOf(stack, ["done", "declined"], true)).toBe(5);
  expect(greatestOf([], ["done"])).toBe(1);
});
