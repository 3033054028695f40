import { existsSync, readFileSync } from "node:fs";

/** `flaky` ones are among the passed: they failed once and passed when they were tried again. */
export type Counts = Readonly<{ passed: number; failed: number; skipped: number; flaky: number }>;

export const none: Counts = { passed: 0, failed: 0, skipped: 0, flaky: 0 };

export function add(a: Counts, b: Counts): Counts {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
    flaky: a.flaky + b.flaky,
  };
}

/** The last line of a test run: `N passed, N failed`, and how many were skipped or flaky if any were. */
export function summaryLine({ passed, failed, skipped, flaky }: Counts): string {
  const others = [
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    ...(flaky > 0 ? [`${flaky} of the passed only at the second try`] : []),
  ];
  return [`${passed} passed`, `${failed} failed`, ...others].join(", ");
}

/**
 * Counts a suite by the JSON its runner wrote. A suite that wrote none, ran nothing, or ended with an
 * error that no test accounts for, counts as one failure: silence is never a success.
 */
export function countsOf(
  runner: "vitest" | "playwright" | "chaos",
  resultPath: string,
  exitCode: number,
): Counts {
  if (!existsSync(resultPath)) return { ...none, failed: 1 };
  const counts = readers[runner](JSON.parse(readFileSync(resultPath, "utf8")));
  const isUnexplained = counts.failed === 0 && (exitCode !== 0 || counts.passed === 0);
  return isUnexplained ? { ...counts, failed: 1 } : counts;
}

type VitestResult = {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
};
type ChaosResult = { checks: { passed: boolean }[] };
type PlaywrightResult = { stats: { expected: number; unexpected: number; flaky: number; skipped: number } };

const readers = {
  vitest: (result: VitestResult): Counts => ({
    passed: result.numPassedTests,
    failed: result.numFailedTests,
    skipped: result.numPendingTests + result.numTodoTests,
    flaky: 0,
  }),
  // A browser on a busy machine gets a second try (playwright.config.ts), and the summary says so.
  playwright: ({ stats }: PlaywrightResult): Counts => ({
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected,
    skipped: stats.skipped,
    flaky: stats.flaky,
  }),
  chaos: ({ checks }: ChaosResult): Counts => {
    const passed = checks.filter((check) => check.passed).length;
    return { ...none, passed, failed: checks.length - passed };
  },
} satisfies Record<string, (result: never) => Counts>;
