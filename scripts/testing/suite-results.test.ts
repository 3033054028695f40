import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { add, countsOf, summaryLine } from "#scripts/testing/suite-results.ts";

const directory = mkdtempSync(join(tmpdir(), "paydeck-results-"));
afterAll(() => rmSync(directory, { recursive: true }));

function written(result: unknown): string {
  const path = join(directory, "result.json");
  writeFileSync(path, JSON.stringify(result));
  return path;
}

const vitest = (passed: number, failed: number, pending = 0, todo = 0) =>
  written({ numPassedTests: passed, numFailedTests: failed, numPendingTests: pending, numTodoTests: todo });

describe("a suite", () => {
  test("counts what its runner reports", () => {
    expect(countsOf("vitest", vitest(7, 2, 1, 1), 1)).toEqual({ passed: 7, failed: 2, skipped: 2 });
  });

  test("that wrote no result has failed", () => {
    expect(countsOf("vitest", join(directory, "absent.json"), 0)).toEqual({
      passed: 0,
      failed: 1,
      skipped: 0,
    });
  });

  test("that ended with an error no test accounts for has failed", () => {
    expect(countsOf("vitest", vitest(7, 0), 1)).toEqual({ passed: 7, failed: 1, skipped: 0 });
  });

  test("that ran nothing has failed", () => {
    expect(countsOf("vitest", vitest(0, 0), 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });

  test("in the browser counts a flaky test as failed", () => {
    const path = written({ stats: { expected: 3, unexpected: 1, flaky: 1, skipped: 0 } });
    expect(countsOf("playwright", path, 1)).toEqual({ passed: 3, failed: 2, skipped: 0 });
  });
});

test("an acceptance run counts its checks", () => {
  const path = written({ checks: [{ passed: true }, { passed: true }, { passed: false }] });
  expect(countsOf("chaos", path, 1)).toEqual({ passed: 2, failed: 1, skipped: 0 });
});

describe("the last line", () => {
  test("names passed and failed", () => {
    expect(summaryLine(add({ passed: 3, failed: 0, skipped: 0 }, { passed: 4, failed: 1, skipped: 0 }))).toBe(
      "7 passed, 1 failed",
    );
  });

  test("names skipped ones only if there are any", () => {
    expect(summaryLine({ passed: 3, failed: 0, skipped: 2 })).toBe("3 passed, 0 failed, 2 skipped");
  });
});
