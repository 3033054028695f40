import { workerData } from "node:worker_threads";
import type { CaseSpec } from "#scripts/sim/crash/case-run.ts";
import { runCases } from "#scripts/sim/crash/run-cases.ts";
import { serveTasks } from "#scripts/sim/serve-tasks.ts";

export type CrashTask = Readonly<{ seed: number; specs: readonly CaseSpec[] }>;

const { templateUrl } = workerData as { templateUrl: string };
serveTasks(({ seed, specs }: CrashTask) => runCases(templateUrl, seed, specs));
