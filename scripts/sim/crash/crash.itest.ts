import { expect, test } from "vitest";
import { runAllCrashCases } from "#scripts/sim/crash/run-all.ts";
import { prepareSimTemplate } from "#scripts/sim/sim-database.ts";

// `npm run test:crash -- --seed=<number>` takes others.
const seed = 824_531;

test(`a process that dies or is stopped around any of its effects leaves no wrong end behind (seed ${seed})`, async () => {
  const templateUrl = process.env.TEST_DATABASE_URL ?? "";
  await prepareSimTemplate(templateUrl);
  const report = await runAllCrashCases(templateUrl, { seed, quick: true });
  expect(report.troubles).toEqual([]);
  expect(
    report.flows.flatMap((flow) =>
      flow.violated.map(({ spec, violations, history }) => ({ spec, violations, history })),
    ),
  ).toEqual([]);
  // A run in which nothing was killed, unknown or orphaned would have tested nothing.
  const cases = report.flows.reduce((total, flow) => total + flow.cases - flow.notReached, 0);
  expect(cases).toBeGreaterThan(2_000);
  expect(report.unknown).toBeGreaterThan(500);
  expect(report.orphans).toBeGreaterThan(100);
}, 600_000);
