import { CaseRun, type CaseSpec, type Outcome } from "#scripts/sim/crash/case-run.ts";
import { type Flow, flows } from "#scripts/sim/crash/flows.ts";
import { judge, judgeWorld, type Violation } from "#scripts/sim/judge.ts";
import { Platform } from "#scripts/sim/platform.ts";
import type { VanFault, VanVerb } from "#scripts/sim/sim-van.ts";
import { type VanCode, World } from "#scripts/sim/world.ts";

export type CaseResult = Readonly<{
  spec: CaseSpec;
  /** How many effects the process under test began: the crash points there are. */
  effects: number;
  /** The process did die where the case says. */
  wasReached: boolean;
  violations: readonly Violation[];
  /** The case's own history, if a rule did not hold. */
  history: readonly string[];
}>;

export type WorldResult = Readonly<{
  cases: readonly CaseResult[];
  troubles: readonly string[];
  effects: number;
  unknown: number;
  orphans: number;
}>;

/** Runs cases side by side in one world under one clock, each with an order and a mall of its own, and judges each. */
export async function runCases(
  templateUrl: string,
  seed: number,
  specs: readonly CaseSpec[],
): Promise<WorldResult> {
  const world = await World.open(templateUrl, seed, { malls: specs.length, keepsHistory: true });
  try {
    const platform = new Platform(world);
    const takesTurns = specs.some((spec) => flowOf(spec).takesTurns);
    platform.sequences = platform.sweeps = !takesTurns;
    platform.startWorker(1);
    const web = world.spawn("web");
    const runs = specs.map((spec, index) => {
      const outcome = outcomeOf(spec);
      const van: VanCode = outcome.van ?? (index % 2 === 0 ? "SBX1" : "SBX2");
      return new CaseRun(world, platform, spec, { index, web, van });
    });
    giveFaults(world, runs);

    const guarded = async (run: CaseRun) => {
      try {
        await flowOf(run.spec).run(run);
      } catch (error) {
        world.trouble(run.web.process, error);
      }
    };
    const waiting = new Set(runs);
    if (takesTurns) {
      void (async () => {
        for (const run of runs) {
          await guarded(run);
          waiting.delete(run);
        }
        platform.sequences = platform.sweeps = true;
      })();
    } else {
      for (const run of runs) {
        void run.wait(world.random.int(0, 100) * 20).then(async () => {
          await guarded(run);
          waiting.delete(run);
        });
      }
    }
    await world.run(2_000 + 3_000 * specs.length);
    for (const run of waiting)
      world.trouble(run.web.process, new Error(`${run.order.orderId} waits for what never comes`));

    // Five minutes are owed while nothing is down; a process that is stopped for minutes is.
    const isSlow = ({ spec }: CaseRun) => flowOf(spec).isSlow || spec.crash?.side === "stopped";
    const slow = new Set(runs.filter(isSlow).map((run) => run.order.orderId));
    const { violations, unknownMs, orphans } = await judge(
      world,
      runs.map((run) => run.order.orderId),
      { isSlow: (orderId) => slow.has(orderId) },
    );
    const byOrder = Map.groupBy(violations, (violation) => violation.orderId);
    const cases: CaseResult[] = [];
    for (const run of runs) {
      const found = byOrder.get(run.order.orderId) ?? [];
      cases.push({
        spec: run.spec,
        effects: run.target.process.effects,
        wasReached: run.wasReached,
        violations: found,
        history: found.length > 0 ? await historyOf(world, run) : [],
      });
    }
    return {
      cases,
      troubles: await judgeWorld(world),
      effects: world.scheduler.performed,
      unknown: unknownMs.length,
      orphans,
    };
  } finally {
    await world.close();
  }
}

export function flowOf(spec: CaseSpec): Flow {
  const flow = flows.find(({ name }) => name === spec.flow);
  if (!flow) throw new Error(`no flow is named ${spec.flow}`);
  return flow;
}

function outcomeOf(spec: CaseSpec): Outcome {
  const outcome = flowOf(spec).outcomes.find(({ name }) => name === spec.outcome);
  if (!outcome) throw new Error(`${spec.flow} has no outcome ${spec.outcome}`);
  return outcome;
}

/** Each order's first messages meet the faults of its case, one after the other. */
function giveFaults(world: World, runs: readonly CaseRun[]): void {
  const plans = new Map(
    runs.map((run) => {
      const { faults = {}, receiver = [] } = outcomeOf(run.spec);
      const van = new Map(Object.entries(faults).map(([verb, list]) => [verb as VanVerb, [...list]]));
      return [run.order.orderId, { van, receiver: [...receiver] }];
    }),
  );
  const noFault: VanFault = { kind: "none" };
  for (const van of world.vans.values())
    van.chooseFault = ({ verb, original }) => plans.get(original.orderId)?.van.get(verb)?.shift() ?? noFault;
  world.receiver.chooseFault = ({ orderId }) => plans.get(orderId)?.receiver.shift() ?? "none";
}

/** The lines of the history that name the order, its payments and cancels, or its processes. */
async function historyOf(world: World, run: CaseRun): Promise<string[]> {
  const names = [run.order.orderId, run.target.process.name];
  const rows = await world.database.rows<{ id: string }>(
    `SELECT p.id FROM payment p WHERE p.order_id = $1
     UNION ALL SELECT c.id FROM payment_cancel c JOIN payment p ON p.id = c.payment_id WHERE p.order_id = $1
     UNION ALL SELECT p.trace_no FROM payment p WHERE p.order_id = $1
     UNION ALL SELECT d.id FROM webhook_delivery d JOIN payment p ON p.id = d.subject_id WHERE p.order_id = $1`,
    [run.order.orderId],
  );
  names.push(...rows.map((row) => row.id));
  return world.history.filter((line) => names.some((name) => line.includes(name)));
}
