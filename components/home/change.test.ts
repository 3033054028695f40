import { expect, test } from "vitest";
import { changeRate, pointChange } from "#components/home/change.ts";

test.each([
  [103, 100, "+3.0%"],
  [88, 100, "−12%"],
  [100, 100, "0.0%"],
  [5_000, 4, "+124,900%"],
])("%i after %i is a change of %s", (today, before, text) => {
  expect(changeRate(today, before)).toBe(text);
});

test("of nothing there is no share", () => {
  expect(changeRate(10, 0)).toBeNull();
  expect(pointChange(null, 0.5)).toBeNull();
});

test("points are the difference of the rates as they are shown", () => {
  expect(pointChange(0.9649, 0.9612)).toBe("+0.4");
  expect(pointChange(0.9, 0.96)).toBe("−6.0");
  expect(pointChange(0.9601, 0.9602)).toBe("0.0");
});
