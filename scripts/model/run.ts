/**
 * Explores the protocol model and prints a row for each configuration, with the shortest way to what was found.
 *   npm run test:model                      all but the slow ones
 *   npm run test:model -- --only=<name>     the one of that name, or all whose names contain it
 *   npm run test:model -- --slow            the slow ones too
 * Ends with 1 if a configuration with every rule kept has a violation, or one with a rule left out has none.
 */
import { parseArgs } from "node:util";
import { type Configuration, configurations } from "./configurations.ts";

const { values } = parseArgs({ options: { only: { type: "string" }, slow: { type: "boolean" } } });
const exact = configurations.filter(({ name }) => name === values.only);
const chosen = exact.length > 0 ? exact : configurations.filter(isWanted);
if (chosen.length === 0) {
  console.error(`No configuration is named like "${values.only}". There are:`);
  for (const { name } of configurations) console.error(`  ${name}`);
  process.exit(1);
}

const nameWidth = Math.max(...chosen.map(({ name }) => name.length));
const row = (name: string, states: string, steps: string, depth: string, seconds: string, verdict: string) =>
  console.log(
    `${name.padEnd(nameWidth)} ${states.padStart(10)} ${steps.padStart(11)} ${depth.padStart(5)} ${seconds.padStart(8)}  ${verdict}`,
  );
row("configuration", "states", "steps", "depth", "seconds", "verdict");
const wrong: string[] = [];
let states = 0;
const startedAt = performance.now();
for (const configuration of chosen) states += run(configuration);
const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
const peakMb = Math.round(process.resourceUsage().maxRSS / 1024);
console.log(
  `\n${chosen.length} explored: ${states.toLocaleString("en")} states, ${seconds} s, ${peakMb} MB at most.`,
);
if (wrong.length > 0) {
  console.error(`Not as they must be: ${wrong.join(", ")}`);
  process.exitCode = 1;
}

function run({ name, expected, explore }: Configuration): number {
  const from = performance.now();
  const { states: visited, steps, depth, finding } = explore();
  const isRight = (finding === undefined) === (expected === "clean");
  if (!isRight) wrong.push(name);
  const verdict = finding
    ? `${finding.violations.join(", ")}${isRight ? " (found, as it must be)" : " - A VIOLATION"}`
    : isRight
      ? "clean"
      : "NOTHING FOUND: the mutant survives";
  const took = ((performance.now() - from) / 1000).toFixed(1);
  row(name, visited.toLocaleString("en"), steps.toLocaleString("en"), String(depth), took, verdict);
  for (const [index, what] of (finding?.trace ?? []).entries())
    console.log(`    ${String(index + 1).padStart(2)}. ${what}`);
  return visited;
}

function isWanted({ name, isSlow }: Configuration): boolean {
  return values.only === undefined ? !isSlow || values.slow === true : name.includes(values.only);
}
