/**
 * `npm test`: every check and every test, on services of its own. The last line sums up.
 * `npm test -- --only=unit,integration` runs a part.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Environment } from "#scripts/services/run-command.ts";
import { SetupError } from "#scripts/services/setup-error.ts";
import { buildWeb, generatePrismaClient } from "#scripts/supervisor/prepare-code.ts";
import { findBrowser } from "#scripts/testing/find-browser.ts";
import { add, type Counts, countsOf, failuresOf, none, summaryLine } from "#scripts/testing/suite-results.ts";
import { withTestPlatform } from "#scripts/testing/with-test-platform.ts";

const root = join(import.meta.dirname, "..");
/** Deals out kills, pauses, cut commits and lost replies alike. */
const chaosSeed = 12;
const scratch = mkdtempSync(join(tmpdir(), "paydeck-npm-test-"));
const bin = (path: string) => join(root, "node_modules", path);

const checks = {
  types: [bin("typescript/bin/tsc"), "--noEmit"],
  lint: [bin("@biomejs/biome/bin/biome"), "ci", "--colors=off", "--diagnostic-level=warn", "."],
  boundaries: [
    bin("dependency-cruiser/bin/dependency-cruiser.mjs"),
    ...["app", "components", "server", "workers", "scripts", "prisma", "e2e", "bench"],
    ...["--config", ".dependency-cruiser.cjs", "--no-progress"],
  ],
  unused: [bin("knip/bin/knip.js")],
} as const;

const suites: Record<string, () => Promise<Counts>> = {
  ...Object.fromEntries(
    Object.entries(checks).map(([name, args]) => [
      name,
      async () => oneTest((await runNode(args, { NO_COLOR: "1" })) === 0),
    ]),
  ),
  unit: () => runVitest("unit"),
  integration: () => runVitest("integration"),
  build: async () => {
    await buildWeb(root, { ...process.env, NEXT_TELEMETRY_DISABLED: "1" }, join(scratch, "build.log"));
    return oneTest(true);
  },
  browser: runBrowserTests,
  chaos: runChaos,
};

const oneTest = (hasPassed: boolean): Counts => ({ ...none, ...(hasPassed ? { passed: 1 } : { failed: 1 }) });

/** Whatever runs at the moment, to be stopped if this process is. */
const running = new Set<ChildProcess>();
let isStopped = false;
/** What failed, or passed only at a second try, in all suites: printed above the sums. */
const failures: string[] = [];

function resultsOf(runner: "vitest" | "playwright" | "chaos", resultPath: string, exitCode: number): Counts {
  failures.push(...failuresOf(runner, resultPath).map((line) => line.replace(`${root}/`, "")));
  return countsOf(runner, resultPath, exitCode);
}

async function main(): Promise<void> {
  const only = process.argv
    .find((arg) => arg.startsWith("--only="))
    ?.slice("--only=".length)
    .split(",");
  const unknown = only?.filter((name) => !(name in suites)) ?? [];
  if (unknown.length > 0) {
    console.error(`✗ No such suite: ${unknown.join(", ")}. There are: ${Object.keys(suites).join(", ")}.`);
    process.exit(1);
  }
  await generatePrismaClient(root);
  // Writes the types of the routes and next-env.d.ts, which a fresh clone does not have.
  await runNode([bin("next/dist/bin/next"), "typegen"], { NEXT_TELEMETRY_DISABLED: "1" });

  let total = none;
  const lines: string[] = [];
  for (const [name, suite] of Object.entries(suites)) {
    if ((only !== undefined && !only.includes(name)) || isStopped) continue;
    console.log(`\n━━ ${name}`);
    const startedAt = Date.now();
    const counts = await suite().catch((error: unknown) => {
      console.error(error instanceof SetupError ? `✗ ${error.message}` : error);
      return oneTest(false);
    });
    total = add(total, counts);
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
    lines.push(`${counts.failed === 0 ? "✓" : "✗"} ${name.padEnd(12)} ${summaryLine(counts)} (${seconds} s)`);
    console.log(lines.at(-1));
  }
  cleanUp();
  const named = failures.map((line) => `  ✗ ${line}\n`).join("");
  console.log(`\n${lines.join("\n")}\n${named}\n${summaryLine(total)}`);
  process.exit(total.failed > 0 || isStopped ? 1 : 0);
}

async function runVitest(project: string): Promise<Counts> {
  const resultPath = join(scratch, `${project}.json`);
  const exitCode = await runNode([
    ...[bin("vitest/vitest.mjs"), "run", "--project", project],
    ...["--reporter=default", "--reporter=json", `--outputFile.json=${resultPath}`],
  ]);
  return resultsOf("vitest", resultPath, exitCode);
}

/** Drives the whole platform with a browser. */
async function runBrowserTests(): Promise<Counts> {
  const browser = await findBrowser((text) => console.log(`… ${text}`));
  return withTestPlatform({ root, scratch, running }, async (platform) => {
    const resultPath = join(scratch, "browser.json");
    const exitCode = await runNode([bin("@playwright/test/cli.js"), "test", "--reporter=list,json"], {
      ...platform,
      CHROMIUM_PATH: browser,
      PLAYWRIGHT_JSON_OUTPUT_FILE: resultPath,
    });
    return resultsOf("playwright", resultPath, exitCode);
  });
}

/** Three minutes of the acceptance run; its report counts like a test file. What a failure leaves to look at stays in `.data/chaos`. */
async function runChaos(): Promise<Counts> {
  const outDir = join(root, ".data/chaos");
  rmSync(join(outDir, `${chaosSeed}.json`), { force: true });
  const exitCode = await runNode([
    join(root, "scripts/chaos.ts"),
    ...["--minutes", "3", "--seed", String(chaosSeed), "--out", outDir],
  ]);
  return resultsOf("chaos", join(outDir, `${chaosSeed}.json`), exitCode);
}

function runNode(args: readonly string[], env: Environment = {}): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      // Whatever a test forgets in the temporary folder goes with the scratch folder.
      env: { ...process.env, TMPDIR: scratch, ...env },
      stdio: ["ignore", "inherit", "inherit"],
    });
    running.add(child);
    child.once("error", (error) => {
      console.error(error.message);
      resolve(127);
    });
    child.once("exit", (code) => {
      running.delete(child);
      resolve(code ?? 1);
    });
  });
}

function cleanUp(): void {
  rmSync(scratch, { recursive: true, force: true });
}

function stop(): void {
  isStopped = true;
  for (const child of running) child.kill("SIGTERM");
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
process.on("disconnect", stop);

await main();
