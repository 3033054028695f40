/**
 * Kills or stops a process around each of its effects, in every flow and every outcome at the VAN, and judges what comes of it.
 *   npm run test:crash                        all
 *   npm run test:crash -- --only=<words>      the flows whose names contain the words
 *   npm run test:crash -- --seed=<number>     another interleaving
 *   npm run test:crash -- --quick             two of three cases at each effect, one way in which the mall tries again
 * Ends with 1 if a case does not end legally.
 */
import { parseArgs } from "node:util";
import { flows } from "#scripts/sim/crash/flows.ts";
import { runAllCrashCases } from "#scripts/sim/crash/run-all.ts";
import { withSimServices } from "#scripts/sim/services.ts";

const shownMax = 5;
const words = { before: "dies before", after: "dies after", stopped: "is stopped for long before" } as const;

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    seed: { type: "string", default: "1" },
    quick: { type: "boolean", default: false },
  },
});
const chosen = flows.filter(({ name }) => name.includes(values.only));
if (chosen.length === 0) {
  console.error(
    `No flow is named like "${values.only}". There are:\n${flows.map(({ name }) => `  ${name}`).join("\n")}`,
  );
  process.exit(1);
}
const startedAt = performance.now();
const report = await withSimServices((templateUrl) =>
  runAllCrashCases(templateUrl, {
    seed: Number(values.seed),
    quick: values.quick,
    flows: chosen,
    onWorld: (done, of) => {
      if (done === of || done % 5 === 0) console.log(`… ${done} of ${of} worlds`);
    },
  }),
);

const width = Math.max(...chosen.map(({ name }) => name.length));
const row = (flow: string, cells: readonly (string | number)[]) =>
  console.log(`${flow.padEnd(width)} ${cells.map((cell) => String(cell).padStart(12)).join(" ")}`);
row("flow", ["outcomes", "crash points", "cases", "not reached", "violations"]);
for (const flow of report.flows)
  row(flow.flow, [flow.outcomes, flow.crashPoints, flow.cases, flow.notReached, flow.violated.length]);

const violated = report.flows.flatMap((flow) => flow.violated);
for (const { spec, violations, history } of violated.slice(0, shownMax)) {
  const crash = spec.crash ? `${words[spec.crash.side]} effect ${spec.crash.index}` : "no crash";
  console.log(`\n✗ ${spec.flow} · ${spec.outcome} · mall tries again: ${spec.retry} · ${crash}`);
  for (const { rule, text } of violations) console.log(`  ${rule}: ${text}`);
  for (const line of history) console.log(`  ${line}`);
}
if (violated.length > shownMax) console.log(`\n… and ${violated.length - shownMax} more`);
for (const trouble of report.troubles.slice(0, shownMax)) console.log(`\n✗ ${trouble}`);

const cases = report.flows.reduce((total, flow) => total + flow.cases, 0);
const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
console.log(
  `\n${report.effects.toLocaleString("en")} effects performed, ${report.unknown} payments were UNKNOWN, ${report.orphans} orphans, ${seconds} s.`,
);
const count = violated.length + report.troubles.length;
console.log(`${cases.toLocaleString("en")} cases, ${count} violations`);
process.exitCode = count > 0 ? 1 : 0;
