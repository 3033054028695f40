import { expect, test } from "vitest";
import { failsInARow, steerings } from "#server/work-runs/domain/run.ts";

test("a run pauses only when the newest ones have all failed", () => {
  expect(failsInARow(["FAILED", "FAILED", "FAILED"], 3)).toBe(true);
  expect(failsInARow(["FAILED", "FAILED"], 3)).toBe(false);
  expect(failsInARow(["FAILED", "RESOLVED", "FAILED", "FAILED"], 3)).toBe(false);
  expect(failsInARow(["FAILED", "FAILED", "FAILED", "RESOLVED"], 3)).toBe(true);
});

test("what has ended cannot be steered, and what was not started cannot be resumed", () => {
  for (const { from } of Object.values(steerings))
    expect(from).not.toEqual(expect.arrayContaining([expect.stringMatching(/FINISHED|STOPPED|DISCARDED/)]));
  expect(steerings.resume.from).toEqual(["PAUSED"]);
});
