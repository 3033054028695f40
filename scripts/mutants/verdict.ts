import { existsSync, readFileSync } from "node:fs";

/** What the tests said: `killed` names the first test that failed, `broken` is a run that judged nothing. */
export type Verdict =
  | Readonly<{ kind: "killed"; by: string; passed: number }>
  | Readonly<{ kind: "survived"; passed: number }>
  | Readonly<{ kind: "broken"; reason: string }>;

type Result = Readonly<{
  numPassedTests: number;
  testResults: readonly Readonly<{
    name: string;
    status: string;
    message?: string;
    assertionResults: readonly Readonly<{ status: string; fullName: string }>[];
  }>[];
}>;

/**
 * Reads the JSON that vitest wrote. Only a test that ran and failed has killed a mutant: a file that did not load, a run
 * in which no test ran or an end without a failed test says nothing about what the tests can see.
 */
export function readVerdict(resultPath: string, exitCode: number): Verdict {
  if (!existsSync(resultPath)) return { kind: "broken", reason: "the tests wrote no result" };
  const result = JSON.parse(readFileSync(resultPath, "utf8")) as Result;
  const passed = result.numPassedTests;
  for (const file of result.testResults) {
    const failed = file.assertionResults.find(({ status }) => status === "failed");
    if (failed) return { kind: "killed", by: failed.fullName.trim(), passed };
  }
  const unloaded = result.testResults.find(({ status }) => status === "failed");
  if (unloaded)
    return { kind: "broken", reason: `${unloaded.name} failed outside its tests: ${unloaded.message}` };
  if (exitCode !== 0) return { kind: "broken", reason: `the tests ended with ${exitCode} and none failed` };
  if (passed === 0) return { kind: "broken", reason: "no test ran" };
  return { kind: "survived", passed };
}
