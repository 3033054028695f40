/**
 * Simulates the platform under random faults, deterministically: the same seed gives the same history byte for byte.
 *   npm run test:sim                                   2,000 orders of a seed drawn by the clock, which is printed
 *   npm run test:sim -- --seed=7 --n=10000             so many orders of that seed
 *   npm run test:sim -- --seed=7 --n=10000 --world=3   one of its worlds, whose history is written to a file
 *   npm run test:sim -- … --history=<directory>        the history of every world
 * Ends with 1 if a rule does not hold, or if nothing was ever unknown: then nothing was tested.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { withSimServices } from "#scripts/sim/services.ts";
import type { SimResult } from "#scripts/sim/simulation/run-world.ts";
import { runWorlds, worldSeed } from "#scripts/sim/simulation/run-worlds.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: String(Date.now() % 1_000_000_007) },
    n: { type: "string", default: "2000" },
    world: { type: "string" },
    history: { type: "string" },
  },
});
const seed = Number(values.seed);
const orders = Number(values.n);
const only = values.world === undefined ? undefined : Number(values.world);
const directory = values.history ?? ".data/sim";

function writeHistory(result: SimResult, place: number): string {
  mkdirSync(directory, { recursive: true });
  const path = join(directory, `seed-${seed}-world-${place}.log`);
  writeFileSync(path, `${result.history.join("\n")}\n`);
  return path;
}

console.log(
  `seed ${seed}, ${orders} orders${only === undefined ? "" : `, world ${only} (seed ${worldSeed(seed, only)})`}`,
);
const startedAt = performance.now();
let done = 0;
const keepsHistory = only !== undefined || values.history !== undefined;
const report = await withSimServices((templateUrl) =>
  runWorlds(templateUrl, {
    seed,
    orders,
    keepsHistory,
    ...(only === undefined ? {} : { only }),
    onWorld: (result, place) => {
      done += result.orders;
      if (keepsHistory) console.log(`… world ${place}: ${result.digest} ${writeHistory(result, place)}`);
      else if (place % 5 === 4) console.log(`… ${done} of ${orders} orders`);
    },
  }),
);

const seconds = (performance.now() - startedAt) / 1000;
console.log("\nfaults injected");
for (const [kind, count] of [...report.faults].sort(([a], [b]) => (a < b ? -1 : 1)))
  console.log(`  ${kind.padEnd(34)} ${String(count).padStart(7)}`);
const atShare = (share: number) =>
  ((report.unknownMs[Math.ceil(report.unknownMs.length * share) - 1] ?? 0) / 1000).toFixed(0);
console.log(
  `\n${report.orders} orders, ${report.payments} payments, ${report.cancels} cancels, ${report.effects} effects in ${seconds.toFixed(1)} s (${(report.payments / seconds).toFixed(1)} payments/s)`,
);
console.log(
  `${report.unknown} UNKNOWN (for ${atShare(0.5)} s at the median, ${atShare(0.99)} s at p99, ${atShare(1)} s at most), ${report.orphans} orphans, ${report.deadLetters} dead letters left when all was healed`,
);
console.log(`SHA-256 of the history ${report.digest}`);

const { broken } = report;
if (broken) {
  const { violations, troubles } = broken.result;
  for (const { orderId, rule, text } of violations.slice(0, 20)) console.log(`✗ ${orderId} ${rule}: ${text}`);
  for (const trouble of troubles.slice(0, 5)) console.log(`✗ ${trouble}`);
  console.log(
    `The history is in ${writeHistory(broken.result, broken.place)}; again: npm run test:sim -- --seed=${seed} --n=${orders} --world=${broken.place}`,
  );
}
if (report.unknown === 0) console.log("✗ Nothing was ever UNKNOWN: this run has tested nothing.");
console.log(
  `${report.payments} payments, ${broken ? broken.result.violations.length + broken.result.troubles.length : 0} violations`,
);
process.exitCode = broken || report.unknown === 0 ? 1 : 0;
