import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openTicker } from "#components/ui/ticker.ts";

beforeEach(() => vi.useFakeTimers({ now: 10_000 }));
afterEach(() => vi.useRealTimers());

test("tells the present at once, and the same until the next tick", () => {
  const ticker = openTicker(1_000);
  expect(ticker.nowMs()).toBe(10_000);
  vi.setSystemTime(10_999);
  expect(ticker.nowMs()).toBe(10_000);
  vi.setSystemTime(11_000);
  expect(ticker.nowMs()).toBe(11_000);
});

test("tells everybody of each tick by one timer, which ends with the last of them", () => {
  const ticker = openTicker(1_000);
  const [one, other] = [vi.fn(), vi.fn()];
  const leave = [ticker.subscribe(one), ticker.subscribe(other)];
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(2_000);
  expect([one, other].map((notify) => notify.mock.calls.length)).toEqual([2, 2]);
  expect(ticker.nowMs()).toBe(12_000);
  leave[0]?.();
  vi.advanceTimersByTime(1_000);
  expect([one, other].map((notify) => notify.mock.calls.length)).toEqual([2, 3]);
  leave[1]?.();
  expect(vi.getTimerCount()).toBe(0);
});

test("follows a clock that is put back", () => {
  const ticker = openTicker(1_000);
  ticker.nowMs();
  vi.setSystemTime(5_000);
  expect(ticker.nowMs()).toBe(5_000);
});
