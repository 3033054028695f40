import { expect, test } from "vitest";
import { endsOf, isEnding, lastSeenAtMs, nextEnd } from "#components/layout/session-ends.ts";

const minute = 60_000;
const hour = 60 * minute;
const now = 1_800_000_000_000;

test("idleness ends a session first while its ten hours are far", () => {
  const ends = endsOf({ idleLeftMs: 15 * minute, lifeLeftMs: 9 * hour }, now);
  expect(nextEnd(ends, now + minute)).toEqual({ end: "idle", leftMs: 14 * minute });
  expect(lastSeenAtMs(ends)).toBe(now);
});

test("the warning begins two minutes before, not a moment sooner", () => {
  const ends = endsOf({ idleLeftMs: 15 * minute, lifeLeftMs: 9 * hour }, now);
  expect(isEnding(ends, now + 13 * minute - 1)).toBe(false);
  expect(isEnding(ends, now + 13 * minute)).toBe(true);
});

test("near its ten hours a session ends whatever its person does, also when both come at once", () => {
  const ends = endsOf({ idleLeftMs: 15 * minute, lifeLeftMs: 5 * minute }, now);
  expect(nextEnd(ends, now)).toEqual({ end: "life", leftMs: 5 * minute });
  expect(isEnding(ends, now + 3 * minute)).toBe(true);
  expect(nextEnd(endsOf({ idleLeftMs: minute, lifeLeftMs: minute }, now), now).end).toBe("life");
});
