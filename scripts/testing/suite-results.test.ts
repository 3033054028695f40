import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { add, countsOf, failuresOf, none, summaryLine } from "#scripts/testing/suite-results.ts";

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
    expect(countsOf("vitest", vitest(7, 2, 1, 1), 1)).toEqual({ passed: 7, failed: 2, skipped: 2, flaky: 0 });
  });

  test("that wrote no result has failed", () => {
    expect(countsOf("vitest", join(directory, "absent.json"), 0)).toEqual({
      ...none,
      failed: 1,
    });
  });

  test("that ended with an error no test accounts for has failed", () => {
    expect(countsOf("vitest", vitest(7, 0), 1)).toEqual({ ...none, passed: 7, failed: 1 });
  });

  test("that ran nothing has failed", () => {
    expect(countsOf("vitest", vitest(0, 0), 0)).toEqual({ ...none, failed: 1 });
  });

  test("in the browser counts a test that passed at the second try, and says that it did", () => {
    const path = written({ stats: { expected: 3, unexpected: 1, flaky: 1, skipped: 0 } });
    expect(countsOf("playwright", path, 1)).toEqual({ passed: 4, failed: 1, skipped: 0, flaky: 1 });
  });
});

test("an acceptance run counts its checks", () => {
  const path = written({ checks: [{ passed: true }, { passed: true }, { passed: false }] });
  expect(countsOf("chaos", path, 1)).toEqual({ ...none, passed: 2, failed: 1 });
});

describe("under the sums stand", () => {
  test("the tests that failed, each with the first line it said", () => {
    const path = written({
      testResults: [
        {
          name: "a.itest.ts",
          assertionResults: [
            {
              fullName: "money adds up",
              status: "failed",
              failureMessages: ["\u001b[31mError: 1 is not 2\u001b[0m\nat …"],
            },
            { fullName: "money is kept", status: "passed" },
          ],
        },
        { name: "b.itest.ts", status: "failed", message: "it does not compile", assertionResults: [] },
      ],
    });
    expect(failuresOf("vitest", path)).toEqual([
      "a.itest.ts > money adds up: Error: 1 is not 2",
      "b.itest.ts: it does not compile",
    ]);
  });

  test("browser tests that failed, and those that needed a second try", () => {
    const tests = (status: string, ...messages: string[]) => [
      { status, results: messages.map((message) => ({ error: { message } })) },
    ];
    const path = written({
      suites: [
        {
          file: "home.spec.ts",
          specs: [{ title: "opens", line: 3, tests: tests("expected") }],
          suites: [
            {
              file: "home.spec.ts",
              specs: [
                { title: "counts", line: 9, tests: tests("unexpected", "timed out", "\nnot visible\nlog") },
                { title: "links", line: 12, tests: tests("flaky", "late") },
              ],
            },
          ],
        },
      ],
    });
    expect(failuresOf("playwright", path)).toEqual([
      "home.spec.ts:9 counts: not visible",
      "home.spec.ts:12 links (at its first try): late",
    ]);
  });

  test("why browser tests were skipped, each reason once", () => {
    const skipped = {
      status: "skipped",
      annotations: [{ type: "skip", description: "another Chromium" }],
      results: [],
    };
    const specs = ["home", "payments"].map((title) => ({ title, line: 1, tests: [skipped] }));
    const path = written({ suites: [{ file: "looks.spec.ts", specs }] });
    expect(failuresOf("playwright", path)).toEqual(["skipped: another Chromium"]);
  });

  test("the checks of an acceptance run that did not hold, and a runner that wrote nothing", () => {
    const path = written({
      checks: [{ name: "no order is charged twice", passed: false }, { passed: true }],
    });
    expect(failuresOf("chaos", path)).toEqual(["no order is charged twice"]);
    expect(failuresOf("chaos", join(directory, "absent.json"))).toEqual(["chaos wrote no result"]);
  });
});

describe("the last line", () => {
  test("names passed and failed", () => {
    expect(summaryLine(add({ ...none, passed: 3 }, { ...none, passed: 4, failed: 1 }))).toBe(
      "7 passed, 1 failed",
    );
  });

  test("names skipped and flaky ones only if there are any", () => {
    expect(summaryLine({ passed: 3, failed: 0, skipped: 2, flaky: 1 })).toBe(
      "3 passed, 0 failed, 2 skipped, 1 of the passed only at the second try",
    );
  });
});
