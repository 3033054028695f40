import { expect, test } from "vitest";
import { oldestReadAt } from "#components/home/oldest-read-at.ts";

test("a page is as old as the oldest answer on it: one question that fails keeps its old time", () => {
  const figures = { data: {}, dataUpdatedAt: 60_000 };
  const attention = { data: {}, dataUpdatedAt: 20_000 };
  expect(oldestReadAt([figures, attention])).toEqual(new Date(20_000));
  expect(oldestReadAt([attention, figures, { data: 0, dataUpdatedAt: 10_000 }])).toEqual(new Date(10_000));
});

test("what was never read is not on the page", () => {
  expect(
    oldestReadAt([
      { data: {}, dataUpdatedAt: 60_000 },
      { data: undefined, dataUpdatedAt: 0 },
    ]),
  ).toEqual(new Date(60_000));
});
