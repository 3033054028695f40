import { describe, expect, test } from "vitest";
import {
  deliveryDelaysMs,
  followerWaitMs,
  nextDelayMs,
  readRetryAfterMs,
} from "#server/webhooks/domain/delivery-schedule.ts";

const now = new Date("2026-11-22T05:00:00.000Z");

describe("the tries of a delivery (WH-4)", () => {
  test("are ten, over three days, three hours and thirty-five minutes", () => {
    expect(deliveryDelaysMs).toHaveLength(9);
    expect(deliveryDelaysMs.reduce((sum, delayMs) => sum + delayMs, 0)).toBe((75 * 60 + 35) * 60_000 + 5_000);
    expect(nextDelayMs(10, 0.5)).toBeUndefined();
    expect(nextDelayMs(11, 0.5)).toBeUndefined();
  });

  test("are spread by ten percent to either side", () => {
    expect(nextDelayMs(1, 0)).toBe(4_500);
    expect(nextDelayMs(1, 0.5)).toBe(5_000);
    expect(nextDelayMs(1, 0.999999)).toBe(5_500);
  });

  test("wait longer when the receiver asks for it, never shorter, and a day at most", () => {
    expect(nextDelayMs(1, 0.5, 60_000)).toBe(60_000);
    expect(nextDelayMs(2, 0.5, 1_000)).toBe(300_000);
    expect(nextDelayMs(1, 0.5, 999_999_999_999)).toBe(24 * 3_600_000);
  });
});

test.each([
  ["120", 120_000],
  ["0", 0],
  ["Sun, 22 Nov 2026 05:01:00 GMT", 60_000],
  ["Sun, 22 Nov 2020 05:01:00 GMT", 0],
  ["-5", 0],
  ["1.5", 0],
  ["soon", 0],
  ["", 0],
  [undefined, 0],
])("Retry-After %o asks for %i ms", (header, expected) => {
  expect(readRetryAfterMs(header, now)).toBe(expected);
});

describe("a follower (WH-2)", () => {
  test("looks again soon while the one ahead is on its first try", () => {
    expect(followerWaitMs({ attempts: 0, triedAt: null }, now)).toBe(1_000);
  });

  test("waits until the next try of the one ahead is due", () => {
    expect(followerWaitMs({ attempts: 1, triedAt: new Date(now.getTime() - 2_000) }, now)).toBe(4_000);
  });

  test("looks again within five minutes, however late that is", () => {
    expect(followerWaitMs({ attempts: 9, triedAt: now }, now)).toBe(300_000);
  });
});
