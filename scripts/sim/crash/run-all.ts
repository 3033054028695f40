import type { CrashTask } from "#scripts/sim/crash/crash-thread.ts";
import { crashCases, dryCases, worldsOf } from "#scripts/sim/crash/enumerate.ts";
import { type Flow, flows } from "#scripts/sim/crash/flows.ts";
import type { CaseResult, WorldResult } from "#scripts/sim/crash/run-cases.ts";
import { onThreads } from "#scripts/sim/threads.ts";

const casesPerWorld = 200;
const program = new URL("./crash-thread.ts", import.meta.url);

/** What became of one flow in all its cases. */
export type FlowReport = Readonly<{
  flow: string;
  outcomes: number;
  /** Places at which something befell the process under test: before, after or at each effect, in each outcome. */
  crashPoints: number;
  cases: number;
  /** Cases whose process lived: the effects went another way, and no crash point was met. */
  notReached: number;
  violated: readonly CaseResult[];
}>;

export type CrashReport = Readonly<{
  flows: readonly FlowReport[];
  troubles: readonly string[];
  effects: number;
  unknown: number;
  orphans: number;
}>;

/** Runs every crash case of the flows: once without a crash to count effects, then with one around each of them. */
export async function runAllCrashCases(
  templateUrl: string,
  options: {
    seed: number;
    quick: boolean;
    flows?: readonly Flow[];
    onWorld?: (done: number, of: number) => void;
  },
): Promise<CrashReport> {
  const chosen = options.flows ?? flows;
  const results: WorldResult[] = [];
  const run = async (worlds: readonly CrashTask["specs"][], from: number) => {
    const tasks = worlds.map((specs, index) => ({ seed: options.seed + from + index, specs }));
    await onThreads<CrashTask, WorldResult>(program, { templateUrl }, tasks, {
      take: (result, index) => {
        results.push(result);
        options.onWorld?.(index + 1, tasks.length);
      },
    });
  };
  await run(worldsOf(dryCases(chosen), casesPerWorld), 0);
  const dry = results.flatMap((result) => result.cases);
  await run(worldsOf(crashCases(dry, options), casesPerWorld), 1_000);

  const byFlow = Map.groupBy(
    results.flatMap((result) => result.cases),
    (one) => one.spec.flow,
  );
  return {
    flows: chosen.map(({ name, outcomes }) => {
      const cases = byFlow.get(name) ?? [];
      const crashed = cases.filter((one) => one.spec.crash !== null);
      const points = new Set(
        crashed.map(({ spec: { outcome, crash } }) => `${outcome} ${crash?.index} ${crash?.side}`),
      );
      return {
        flow: name,
        outcomes: outcomes.length,
        crashPoints: points.size,
        cases: cases.length,
        notReached: crashed.filter((one) => !one.wasReached).length,
        violated: cases.filter((one) => one.violations.length > 0),
      };
    }),
    troubles: results.flatMap((result) => result.troubles),
    effects: sum(results.map((result) => result.effects)),
    unknown: sum(results.map((result) => result.unknown)),
    orphans: sum(results.map((result) => result.orphans)),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
