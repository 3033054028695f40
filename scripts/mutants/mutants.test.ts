import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { applyMutant, DoesNotApply, type Mutant } from "./mutant.ts";
import { mutants } from "./mutants.ts";
import { readVerdict } from "./verdict.ts";

const root = join(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(join(root, file), "utf8");

describe("each mutant", () => {
  test("has a name of its own", () => {
    expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
  });

  // Whoever changes the code around it hears of it here, not in the long run.
  test.each(mutants)("$name applies, and its killers exist", (mutant) => {
    for (const [file, text] of applyMutant(mutant, read)) expect(text).not.toBe(read(file));
    for (const killer of mutant.killers) expect(existsSync(join(root, killer)), killer).toBe(true);
  });
});

describe("a mutant", () => {
  const of = (...edits: Mutant["edits"]): Mutant => ({ name: "m", breaks: "", edits, killers: [] });

  test("changes what it names, several times in one file, and $1 stands for itself", () => {
    const mutant = of({ file: "a", find: "one", replace: "$1$&" }, { file: "a", find: "two", replace: "2" });
    expect([...applyMutant(mutant, () => "one two")]).toEqual([["a", "$1$& 2"]]);
  });

  test.each([
    ["is gone", "nothing of it"],
    ["stands there twice", "one one"],
  ])("whose text %s does not apply", (_, text) => {
    expect(() => applyMutant(of({ file: "a", find: "one", replace: "1" }), () => text)).toThrow(DoesNotApply);
  });

  test("that changes nothing does not apply", () => {
    expect(() => applyMutant(of({ file: "a", find: "one", replace: "one" }), () => "one")).toThrow(
      DoesNotApply,
    );
  });
});

describe("the verdict", () => {
  const directory = mkdtempSync(join(tmpdir(), "paydeck-verdict-"));
  afterAll(() => rmSync(directory, { recursive: true }));
  const file = (status: string, ...tests: [status: string, fullName: string][]) => ({
    name: "x.itest.ts",
    status,
    assertionResults: tests.map(([status, fullName]) => ({ status, fullName })),
  });
  const verdict = (exitCode: number, passed: number, ...testResults: ReturnType<typeof file>[]) => {
    const path = join(directory, "result.json");
    writeFileSync(path, JSON.stringify({ numPassedTests: passed, testResults }));
    return readVerdict(path, exitCode);
  };

  test("is killed by the test that failed", () => {
    expect(verdict(1, 1, file("failed", ["passed", "a"], ["failed", "b"]))).toMatchObject({
      kind: "killed",
      by: "b",
    });
  });

  test("is survived when all passed", () => {
    expect(verdict(0, 2, file("passed", ["passed", "a"], ["passed", "b"]))).toMatchObject({
      kind: "survived",
    });
  });

  test("is broken when a file did not load, no test ran, nothing was written or nobody failed", () => {
    expect(verdict(1, 0, file("failed"))).toMatchObject({ kind: "broken" });
    expect(verdict(0, 0, file("passed"))).toMatchObject({ kind: "broken" });
    expect(verdict(1, 1, file("passed", ["passed", "a"]))).toMatchObject({ kind: "broken" });
    expect(readVerdict(join(directory, "absent.json"), 1)).toMatchObject({ kind: "broken" });
  });
});
