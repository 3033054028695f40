/**
 * The real processes under traffic and faults, judged by the VANs' books (reliability §1):
 *   npm run chaos -- --minutes 10 --seed 7     ends with 0 if no fault lost or doubled money
 *   npm run chaos -- --list                    the kinds of faults
 *   npm run chaos -- --only kill-web,van-late  these kinds alone
 * Writes `.data/chaos/<seed>.json` and `<seed>.history.jsonl`; after a failure `<seed>-evidence/` too.
 */
import { randomInt } from "node:crypto";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { faultKinds } from "#scripts/chaos/fault-kinds.ts";
import { planRun } from "#scripts/chaos/plan-faults.ts";
import { renderReport } from "#scripts/chaos/report.ts";
import { exitWith, SetupError } from "#scripts/services/setup-error.ts";
import { generatePrismaClient } from "#scripts/supervisor/prepare-code.ts";

const root = join(import.meta.dirname, "..");
const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    seed: { type: "string" },
    rate: { type: "string", default: "30" },
    only: { type: "string", default: "" },
    out: { type: "string", default: join(root, ".data/chaos") },
    list: { type: "boolean", default: false },
    "keep-data": { type: "boolean", default: false },
  },
});

const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    if (!stopping.signal.aborted) console.log("\nstopping and cleaning up");
    stopping.abort();
  });
}
process.on("disconnect", () => stopping.abort());

function positive(name: "minutes" | "rate"): number {
  const value = Number(values[name]);
  if (!(value > 0)) throw new SetupError(`--${name} must be a positive number; it is "${values[name]}".`);
  return value;
}

function readSeed(): number {
  if (values.seed === undefined) return randomInt(1, 1_000_000);
  const seed = Number(values.seed);
  if (!Number.isInteger(seed)) throw new SetupError(`--seed must be an integer; it is "${values.seed}".`);
  return seed;
}

function readOnly(): string[] {
  const only = values.only.split(",").filter(Boolean);
  const unknown = only.filter((name) => !faultKinds.some((kind) => kind.name === name));
  if (unknown.length > 0) throw new SetupError(`No such fault: ${unknown.join(", ")}. See --list.`);
  return only;
}

function listKinds(): void {
  const width = Math.max(...faultKinds.map(({ name }) => name.length));
  for (const { name, row, says } of faultKinds)
    console.log(`${name.padEnd(width)}  row ${String(row).padStart(2)}  ${says}`);
}

async function main(): Promise<number> {
  if (values.list) {
    listKinds();
    return 0;
  }
  const choice = { seed: readSeed(), minutes: positive("minutes"), only: readOnly() };
  console.log(`Faults of seed ${choice.seed} in ${choice.minutes} min:`);
  for (const { atMs, kind, on, durationMs } of planRun(choice)) {
    const lasts = durationMs > 0 ? ` for ${(durationMs / 1_000).toFixed(1)} s` : "";
    console.log(`  ${(atMs / 1_000).toFixed(1).padStart(6)} s  ${kind.name} on ${on}${lasts}`);
  }
  await generatePrismaClient(root);
  // The platform's own code needs the client that was generated just now.
  const { runChaos } = await import("#scripts/chaos/run-chaos.ts");
  const report = await runChaos({
    ...choice,
    paymentsPerSecond: positive("rate"),
    outDir: values.out,
    keepData: values["keep-data"],
    say: (text) => console.log(text),
    signal: stopping.signal,
  });
  if (!report) return 1;
  console.log(renderReport(report));
  return report.passed ? 0 : 1;
}

main().then((code) => process.exit(code), exitWith);
