import { existsSync, readFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";

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

/**
 * A line for each test that failed, with the first line of what it said: it stands under the sums, where whoever reads
 * only the end of a long run looks. Browser tests that needed their second try are named too, and why some were skipped.
 */
export function failuresOf(runner: "vitest" | "playwright" | "chaos", resultPath: string): string[] {
  if (!existsSync(resultPath)) return [`${runner} wrote no result`];
  return namers[runner](JSON.parse(readFileSync(resultPath, "utf8")));
}

type VitestResult = {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults?: {
    name: string;
    message?: string;
    status?: string;
    assertionResults: { fullName: string; status: string; failureMessages?: string[] | null }[];
  }[];
};
type ChaosResult = { checks: { name?: string; passed: boolean }[] };
type PlaywrightSuite = {
  file: string;
  specs?: {
    title: string;
    line: number;
    tests: {
      status: string;
      annotations?: { type: string; description?: string }[];
      results: { error?: { message?: string } }[];
    }[];
  }[];
  suites?: PlaywrightSuite[];
};
type PlaywrightResult = {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number };
  suites?: PlaywrightSuite[];
};

/** The first line that says something, without the colours of a terminal. */
const firstLine = (text = "") =>
  stripVTControlCharacters(text)
    .split("\n")
    .find((line) => line.trim() !== "")
    ?.trim() ?? "said nothing";

/** Why browser tests were left out, each reason once: what was not looked at is said as loudly as what failed. */
function reasonsOf(suites: readonly PlaywrightSuite[]): string[] {
  const said = (suite: PlaywrightSuite): string[] => [
    ...(suite.specs ?? []).flatMap(({ tests }) =>
      tests
        .filter(({ status }) => status === "skipped")
        .flatMap(({ annotations = [] }) => annotations.filter(({ type }) => type === "skip"))
        .map(({ description }) => description ?? "no reason was given"),
    ),
    ...(suite.suites ?? []).flatMap(said),
  ];
  return [...new Set(suites.flatMap(said))].map((reason) => `skipped: ${reason}`);
}

function specsOf(suite: PlaywrightSuite): string[] {
  const own = (suite.specs ?? []).flatMap(({ title, line, tests }) =>
    tests
      .filter(({ status }) => status === "unexpected" || status === "flaky")
      .map(({ status, results }) => {
        const said = firstLine(results.findLast(({ error }) => error)?.error?.message);
        return `${suite.file}:${line} ${title}${status === "flaky" ? " (at its first try)" : ""}: ${said}`;
      }),
  );
  return [...own, ...(suite.suites ?? []).flatMap(specsOf)];
}

const namers = {
  vitest: ({ testResults = [] }: VitestResult): string[] =>
    testResults.flatMap(({ name, message, status, assertionResults }) => {
      const failed = assertionResults.filter((one) => one.status === "failed");
      if (failed.length === 0 && status === "failed") return [`${name}: ${firstLine(message)}`];
      return failed.map((one) => `${name} > ${one.fullName}: ${firstLine(one.failureMessages?.[0])}`);
    }),
  playwright: ({ suites = [] }: PlaywrightResult): string[] => [
    ...suites.flatMap(specsOf),
    ...reasonsOf(suites),
  ],
  chaos: ({ checks }: ChaosResult): string[] =>
    checks.filter((check) => !check.passed).map((check) => check.name ?? "a check without a name"),
} satisfies Record<string, (result: never) => string[]>;

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
