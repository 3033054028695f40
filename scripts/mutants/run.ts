/**
 * Breaks a copy of the code on purpose, one fault at a time, and shows which test sees it.
 *   npm run test:mutants                     all of them
 *   npm run test:mutants -- --only=<text>    those whose names contain it
 *   npm run test:mutants -- --list           names and what they break
 * Ends with 1 if a mutant survives, does not apply any more, or the tests fail without one.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { runCommand } from "#scripts/services/run-command.ts";
import { exitWith, SetupError } from "#scripts/services/setup-error.ts";
import { generatePrismaClient } from "#scripts/supervisor/prepare-code.ts";
import { startTestServices } from "#scripts/testing/test-services.ts";
import { applyMutant, DoesNotApply, type Mutant } from "./mutant.ts";
import { mutants } from "./mutants.ts";
import { readVerdict, type Verdict } from "./verdict.ts";

const root = join(import.meta.dirname, "../..");
/** Longer than all killers together need on a busy machine; a mutant that makes its tests hang is seen by their own time-outs before. */
const runMaxMs = 20 * 60_000;
const scratch = mkdtempSync(join(tmpdir(), "paydeck-mutants-"));
const copy = join(scratch, "copy");

let running: ChildProcess | undefined;
let isStopped = false;

process.once("exit", () => rmSync(scratch, { recursive: true, force: true }));
try {
  process.exitCode = await main();
} catch (error) {
  exitWith(error);
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { only: { type: "string" }, list: { type: "boolean" } } });
  const { only = "" } = values;
  const exact = mutants.filter(({ name }) => name === only);
  const chosen = exact.length > 0 ? exact : mutants.filter(({ name }) => name.includes(only));
  if (chosen.length === 0) throw new SetupError(`No mutant is named like "${only}"; --list shows them.`);
  if (values.list) {
    for (const { name, breaks } of chosen) console.log(`${name.padEnd(nameWidth(chosen))}  ${breaks}`);
    return 0;
  }
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);

  await copyTree();
  // Before anything runs: a mutant whose text is gone is an error of this list, whatever the others do.
  const unfit = chosen.flatMap(whyUnfit);
  if (unfit.length > 0) {
    for (const reason of unfit) console.error(reason);
    return 1;
  }

  const startedAt = performance.now();
  const services = await startTestServices(join(scratch, "services"));
  const env = { TEST_DATABASE_URL: services.templateUrl, REDIS_URL: services.redisUrl };
  try {
    const files = [...new Set(chosen.flatMap(({ killers }) => killers))].sort();
    const baseline = await runTests(files, env);
    if (baseline.verdict.kind !== "survived") {
      console.error(`The tests fail without a mutant: ${sentenceOf(baseline.verdict)}`);
      return 1;
    }
    print("(none)", baseline.seconds, nameWidth(chosen), `${baseline.verdict.passed} tests pass`);
    const counts = { killed: 0, survived: 0, broken: 0 };
    for (const mutant of chosen) {
      const { verdict, seconds } = await tryMutant(mutant, env);
      if (isStopped) return 1;
      counts[verdict.kind]++;
      print(mutant.name, seconds, nameWidth(chosen), sentenceOf(verdict));
    }
    const minutes = ((performance.now() - startedAt) / 60_000).toFixed(1);
    console.log(`\n${minutes} minutes${counts.broken > 0 ? `, ${counts.broken} judged nothing` : ""}`);
    console.log(`${chosen.length} mutants, ${counts.killed} killed, ${counts.survived} survived`);
    return counts.killed === chosen.length ? 0 : 1;
  } finally {
    await services.stop();
  }
}

/** The files that Git knows or would take, as they are in the working tree; the packages are linked. */
async function copyTree(): Promise<void> {
  await generatePrismaClient(root);
  const listing = await runCommand("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
  });
  if (listing.code !== 0) throw new SetupError(`git cannot list the files:\n${listing.stderr}`);
  const deleted = await runCommand("git", ["ls-files", "-z", "--deleted"], { cwd: root });
  const gone = new Set(deleted.stdout.split("\0"));
  for (const file of listing.stdout.split("\0")) {
    if (file === "" || gone.has(file)) continue;
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(root, file), join(copy, file));
  }
  cpSync(join(root, "prisma/generated"), join(copy, "prisma/generated"), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
}

function whyUnfit(mutant: Mutant): string[] {
  try {
    applyMutant(mutant, readOriginal);
    return [];
  } catch (error) {
    if (error instanceof DoesNotApply) return [error.message];
    throw error;
  }
}

function readOriginal(file: string): string {
  return readFileSync(join(copy, file), "utf8");
}

type Run = Readonly<{ verdict: Verdict; seconds: number }>;

async function tryMutant(mutant: Mutant, env: Readonly<Record<string, string>>): Promise<Run> {
  const mutated = applyMutant(mutant, readOriginal);
  const originals = new Map([...mutated.keys()].map((file) => [file, readOriginal(file)]));
  for (const [file, text] of mutated) writeFileSync(join(copy, file), text);
  try {
    // The shared database has the right schema; a schema with a fault needs servers of its own.
    const isSchema = [...mutated.keys()].some((file) => file.startsWith("prisma/"));
    return await runTests(mutant.killers, isSchema ? {} : env);
  } finally {
    for (const [file, text] of originals) writeFileSync(join(copy, file), text);
  }
}

async function runTests(files: readonly string[], env: Readonly<Record<string, string>>): Promise<Run> {
  const startedAt = performance.now();
  const resultPath = join(scratch, "result.json");
  rmSync(resultPath, { force: true });
  const { exitCode, output } = await runVitest([...files, "--bail=1"], resultPath, env);
  const read = readVerdict(resultPath, exitCode);
  const verdict =
    read.kind === "broken" ? { ...read, reason: `${read.reason}\n${output.slice(-2_000)}` } : read;
  return { verdict, seconds: (performance.now() - startedAt) / 1000 };
}

function runVitest(
  args: readonly string[],
  resultPath: string,
  env: Readonly<Record<string, string>>,
): Promise<{ exitCode: number; output: string }> {
  const { TEST_DATABASE_URL: _database, REDIS_URL: _redis, ...rest } = process.env;
  return new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      [
        join(copy, "node_modules/vitest/vitest.mjs"),
        ...["run", ...args, "--reporter=json", `--outputFile=${resultPath}`],
      ],
      {
        cwd: copy,
        env: { ...rest, NODE_ENV: "test", NO_COLOR: "1", TMPDIR: scratch, ...env },
        stdio: ["ignore", "pipe", "pipe"],
        timeout: runMaxMs,
      },
    );
    running = child;
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => {
        output += chunk;
      });
    child.once("close", (code) => {
      running = undefined;
      resolve({ exitCode: code ?? 1, output });
    });
  });
}

function sentenceOf(verdict: Verdict): string {
  switch (verdict.kind) {
    case "killed":
      return `killed by "${verdict.by}"`;
    case "survived":
      return `SURVIVED ${verdict.passed} tests`;
    case "broken":
      return `BROKEN: ${verdict.reason}`;
  }
}

function print(name: string, seconds: number, width: number, text: string): void {
  console.log(`${name.padEnd(width)} ${seconds.toFixed(1).padStart(6)} s  ${text}`);
}

function nameWidth(chosen: readonly Mutant[]): number {
  return Math.max(...chosen.map(({ name }) => name.length));
}

function stop(): void {
  isStopped = true;
  running?.kill("SIGTERM");
}
