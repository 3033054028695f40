import { createHash } from "node:crypto";
import { chanceOf } from "#scripts/sim/chance.ts";
import type { SimResult, SimTask } from "#scripts/sim/simulation/run-world.ts";
import { onThreads } from "#scripts/sim/threads.ts";

/** Few enough that a world is replayed in half a minute, enough that its processes have a life. */
export const ordersPerWorld = 200;
const program = new URL("./sim-thread.ts", import.meta.url);

export type SimReport = Readonly<{
  worlds: number;
  orders: number;
  payments: number;
  cancels: number;
  effects: number;
  unknown: number;
  /** Sorted. */
  unknownMs: readonly number[];
  orphans: number;
  deadLetters: number;
  faults: ReadonlyMap<string, number>;
  /** SHA-256 over the worlds' histories in their order. */
  digest: string;
  /** The first world in which a rule did not hold, and its place. */
  broken: { place: number; result: SimResult } | undefined;
}>;

/** The seed of a world: a function of the run's seed and the world's place. */
export function worldSeed(seed: number, place: number): number {
  return chanceOf(seed, `world ${place}`).int(1, 2 ** 31 - 1);
}

/**
 * Simulates `orders` orders, in as many worlds as they need, several at a time; `only` one of them when it is given. Starts
 * no further world after one that is broken.
 */
export async function runWorlds(
  templateUrl: string,
  run: {
    seed: number;
    orders: number;
    only?: number;
    keepsHistory?: boolean;
    onWorld?: (result: SimResult, place: number) => void;
  },
): Promise<SimReport> {
  const places = Array.from({ length: Math.ceil(run.orders / ordersPerWorld) }, (_, place) => place).filter(
    (place) => run.only === undefined || place === run.only,
  );
  const hash = createHash("sha256");
  const faults = new Map<string, number>();
  const unknownMs: number[] = [];
  let broken: SimReport["broken"];
  let [orders, payments, cancels, effects, orphans, deadLetters, worlds] = [0, 0, 0, 0, 0, 0, 0];
  const tasks = places.map(
    (place): SimTask => ({
      seed: worldSeed(run.seed, place),
      orders: Math.min(ordersPerWorld, run.orders - place * ordersPerWorld),
      keepsHistory: run.keepsHistory ?? false,
    }),
  );
  await onThreads<SimTask, SimResult>(program, { templateUrl }, tasks, {
    take: (result, index) => {
      const place = places[index] ?? 0;
      if (!broken && (result.violations.length > 0 || result.troubles.length > 0)) broken = { place, result };
      hash.update(`${result.digest}\n`);
      for (const [kind, count] of Object.entries(result.faults))
        faults.set(kind, (faults.get(kind) ?? 0) + count);
      unknownMs.push(...result.unknownMs);
      worlds++;
      orders += result.orders;
      payments += result.payments;
      cancels += result.cancels;
      effects += result.effects;
      orphans += result.orphans;
      deadLetters += result.deadLetters;
      run.onWorld?.(result, place);
    },
    isOver: () => broken !== undefined,
  });
  return {
    worlds,
    orders,
    payments,
    cancels,
    effects,
    unknown: unknownMs.length,
    unknownMs: unknownMs.sort((a, b) => a - b),
    orphans,
    deadLetters,
    faults,
    digest: hash.digest("hex"),
    broken,
  };
}
