import { workerData } from "node:worker_threads";
import { serveTasks } from "#scripts/sim/serve-tasks.ts";
import { runWorld, type SimTask } from "#scripts/sim/simulation/run-world.ts";

const { templateUrl } = workerData as { templateUrl: string };
serveTasks((task: SimTask) => runWorld(templateUrl, task));
