import type { Random } from "#prisma/seed/random.ts";
import { chanceOf } from "#scripts/sim/chance.ts";
import { judge, judgeWorld, type Violation } from "#scripts/sim/judge.ts";
import { approve, cancel, isAnswered, netCancel, type Order, redrive } from "#scripts/sim/mall.ts";
import { Platform } from "#scripts/sim/platform.ts";
import type { SimProcess } from "#scripts/sim/sim-process.ts";
import { Faults } from "#scripts/sim/simulation/faults.ts";
import { type Running, type Seen, World } from "#scripts/sim/world.ts";

export type SimTask = Readonly<{ seed: number; orders: number; keepsHistory: boolean }>;

export type SimResult = Readonly<{
  seed: number;
  orders: number;
  payments: number;
  cancels: number;
  unknown: number;
  unknownMs: readonly number[];
  orphans: number;
  deadLetters: number;
  effects: number;
  faults: Readonly<Record<string, number>>;
  violations: readonly Violation[];
  troubles: readonly string[];
  /** SHA-256 of the whole history: the same for the same seed. */
  digest: string;
  /** The history, if it was wanted or if something does not hold. */
  history: readonly string[];
}>;

const batchOrders = 50;
const batchMs = 60_000;
const malls = 12;
const webs = 2;
const workers = 2;
const redriveRounds = 6;
const effectsPerOrderMax = 5_000;

/**
 * One world from its beginning: batch after batch of orders whose malls try, try again, cancel and net-cancel while
 * processes die and everything around them fails; then all is healed, runs to rest, and is judged.
 */
export async function runWorld(templateUrl: string, task: SimTask): Promise<SimResult> {
  const world = await World.open(templateUrl, task.seed, { malls, keepsHistory: true });
  try {
    const simulation = new Simulation(world);
    const violations: Violation[] = [];
    const unknownMs: number[] = [];
    let [payments, cancels, orphans] = [0, 0, 0];
    for (
      let from = 0;
      from < task.orders && violations.length === 0 && world.troubles.length === 0;
      from += batchOrders
    ) {
      const orders = simulation.newOrders(from, Math.min(batchOrders, task.orders - from));
      await simulation.runBatch(orders);
      const judgement = await judge(
        world,
        orders.map((order) => order.orderId),
        // Faults of one payment may add up to more than five minutes; how long it took is reported.
        { isSlow: () => true },
      );
      violations.push(...judgement.violations);
      unknownMs.push(...judgement.unknownMs);
      payments += judgement.payments;
      cancels += judgement.cancels;
      orphans += judgement.orphans;
    }
    const troubles = await judgeWorld(world);
    const isBroken = violations.length > 0 || troubles.length > 0;
    return {
      seed: task.seed,
      orders: task.orders,
      payments,
      cancels,
      unknown: unknownMs.length,
      unknownMs,
      orphans,
      deadLetters: simulation.deadLetters,
      effects: world.scheduler.performed,
      faults: Object.fromEntries([...simulation.faults.counts].sort(([a], [b]) => (a < b ? -1 : 1))),
      violations,
      troubles,
      digest: world.scheduler.digest(),
      history: isBroken || task.keepsHistory ? world.history : [],
    };
  } finally {
    await world.close();
  }
}

class Simulation {
  readonly faults: Faults;
  readonly #world: World;
  readonly #platform: Platform;
  readonly #random: Random;
  readonly #webs: (Running | undefined)[] = [];
  #generation = 0;
  deadLetters = 0;

  constructor(world: World) {
    this.#world = world;
    this.#random = chanceOf(world.seed, "simulation");
    this.faults = new Faults(world);
    this.#platform = new Platform(world, { wakeUpLost: 0.02, wakeUpDoubled: 0.03 });
    this.#platform.onSpawn = ({ process }) => this.faults.rule(process);
    for (let place = 1; place <= workers; place++) this.#platform.startWorker(place);
    for (let place = 0; place < webs; place++) this.#startWeb(place);
  }

  #startWeb(place: number): void {
    const running = this.#world.spawn(`web${place + 1}.${++this.#generation}`);
    this.faults.rule(running.process);
    this.#webs[place] = running;
    void running.process.died.then(() => {
      this.#webs[place] = undefined;
      const { scheduler } = this.#world;
      scheduler.at(scheduler.nowMs + this.#random.int(1, 5) * 1_000, `web${place + 1} starts again`, () =>
        this.#startWeb(place),
      );
    });
  }

  newOrders(from: number, count: number): Order[] {
    return Array.from({ length: count }, (_, index) => ({
      mallId: this.#random.pick(this.#world.mallIds),
      orderId: `S-${String(from + index + 1).padStart(6, "0")}`,
      amountMinor: BigInt(this.#random.int(10, 5_000) * 100),
      routes: [
        { vanCode: "SBX1", weight: 50 },
        { vanCode: "SBX2", weight: 50 },
      ],
    }));
  }

  async runBatch(orders: readonly Order[]): Promise<void> {
    const { scheduler } = this.#world;
    const effectsMax = effectsPerOrderMax * batchOrders;
    const startMs = scheduler.nowMs;
    this.faults.start();
    const shopping = orders.map(async (order) => {
      await scheduler.until(startMs + this.#random.int(0, batchMs / 100) * 100);
      await new Shopper(this.#world, order, () => this.#web()).shop();
    });
    for (let strikes = this.#random.int(0, 3); strikes > 0; strikes--) {
      scheduler.at(startMs + this.#random.int(0, batchMs), "", () =>
        this.faults.strike((code) => this.#vanIsBack(code)),
      );
    }
    let isOver = false;
    void this.#operate(() => isOver);
    void Promise.all(shopping).then(async () => {
      await scheduler.until(scheduler.nowMs + this.#random.int(0, 300) * 1_000);
      isOver = true;
      this.faults.heal(this.#processes());
      for (const code of this.#world.vans.keys()) this.#vanIsBack(code);
    });
    await this.#world.run(effectsMax);
    for (let round = 0; round < redriveRounds; round++) {
      const letters = await this.#parked();
      if (letters.length === 0) break;
      this.deadLetters += letters.length;
      scheduler.at(scheduler.nowMs, "", () => void this.#redriveAll(letters));
      await this.#world.run(effectsMax);
    }
    scheduler.at(scheduler.nowMs, "", () => void this.#askAgain(orders));
    await this.#world.run(effectsMax);
  }

  /** An operator who looks in every two minutes and sends again what lies there. */
  async #operate(isOver: () => boolean): Promise<void> {
    const { scheduler } = this.#world;
    while (!isOver()) {
      await scheduler.until(scheduler.nowMs + 120_000);
      const letters = await this.#world.peek<{ id: string }>(parkedLetters, []);
      if (letters.length > 0 && !isOver()) await this.#redriveAll(letters.map((letter) => letter.id));
    }
  }

  async #redriveAll(letters: readonly string[]): Promise<void> {
    await redrive(this.#world, await this.#web(), letters);
  }

  async #parked(): Promise<string[]> {
    return (await this.#world.database.rows<{ id: string }>(parkedLetters)).map((letter) => letter.id);
  }

  /** At rest some malls ask once more with a key they have used: what they hear is judged with the rest. */
  async #askAgain(orders: readonly Order[]): Promise<void> {
    for (const order of orders) {
      if (!this.#random.chance(0.4)) continue;
      await approve(this.#world, await this.#web(), order, `${order.orderId}-1`);
    }
  }

  #vanIsBack(code: string): void {
    void Promise.resolve().then(() => this.#platform.vanIsBack(code));
  }

  #processes(): SimProcess[] {
    return [...this.#platform.workers, ...this.#webs.filter((web) => web !== undefined)].map(
      ({ process }) => process,
    );
  }

  /** One of the web processes that live, as a load balancer chooses. */
  async #web(): Promise<Running> {
    const { scheduler } = this.#world;
    for (;;) {
      const living = this.#webs.filter((web) => web !== undefined);
      if (living.length > 0) return this.#random.pick(living);
      await scheduler.until(scheduler.nowMs + 500);
    }
  }
}

const parkedLetters = `SELECT id FROM dead_letter WHERE status = 'PARKED' ORDER BY id LIMIT 200`;

/** A mall with one order: what it asks, and what it does when it gets no answer. */
class Shopper {
  readonly #world: World;
  readonly #order: Order;
  readonly #web: () => Promise<Running>;
  readonly #random: Random;
  #keys = 0;

  constructor(world: World, order: Order, web: () => Promise<Running>) {
    this.#world = world;
    this.#order = order;
    this.#web = web;
    this.#random = chanceOf(world.seed, order.orderId);
  }

  async shop(): Promise<void> {
    const random = this.#random;
    // Net cancels that come before, beside, or after everything else.
    const early = random.chance(0.03)
      ? this.#tries(2, (web, key) => netCancel(this.#world, web, this.#order, key))
      : undefined;
    const beside = random.chance(0.06) ? this.#netCancelSoon() : undefined;
    const twice = random.chance(0.12) ? this.#approveTries() : undefined;
    const seen = await this.#approveTries();
    await Promise.all([early, beside, twice]);
    const paymentId = seen.kind === "reply" && seen.code === "SUCCESS" ? seen.data.paymentKey : undefined;
    if (!paymentId) {
      if (!isAnswered(seen) && random.chance(0.6)) await this.#netCancelTries();
      return;
    }
    await this.#wait(200, 20_000);
    await this.#afterwards(paymentId);
  }

  async #afterwards(paymentId: string): Promise<void> {
    const random = this.#random;
    const { amountMinor } = this.#order;
    const part = () => (amountMinor * BigInt(random.int(10, 60))) / 100n;
    const wish = random.weighted([
      ["nothing", 45],
      ["all", 15],
      ["parts", 15],
      ["two at once", 10],
      ["operator", 5],
      ["net cancel", 10],
    ] as const);
    if (wish === "all") await this.#cancelTries(paymentId);
    if (wish === "operator")
      await cancel(this.#world, await this.#web(), this.#order, {
        paymentId,
        key: null,
        amountMinor: part(),
      });
    if (wish === "net cancel") await this.#netCancelTries();
    if (wish === "two at once")
      await Promise.all([this.#cancelTries(paymentId, part()), this.#cancelTries(paymentId, part())]);
    if (wish === "parts") {
      for (let parts = random.int(1, 3); parts > 0; parts--) {
        await this.#cancelTries(paymentId, part());
        await this.#wait(0, 5_000);
      }
    }
  }

  #approveTries(): Promise<Seen> {
    return this.#tries(this.#random.int(1, 4), (web, key) => approve(this.#world, web, this.#order, key));
  }

  #cancelTries(paymentId: string, amountMinor?: bigint): Promise<Seen> {
    return this.#tries(this.#random.int(1, 4), (web, key) =>
      cancel(this.#world, web, this.#order, {
        paymentId,
        key,
        ...(amountMinor === undefined ? {} : { amountMinor }),
      }),
    );
  }

  #netCancelTries(): Promise<Seen> {
    return this.#tries(this.#random.int(1, 3), (web, key) => netCancel(this.#world, web, this.#order, key));
  }

  async #netCancelSoon(): Promise<void> {
    await this.#wait(0, 40_000);
    await this.#netCancelTries();
  }

  /** Asks until there is an answer or patience ends; again with the same key, or with a new one. */
  async #tries(max: number, ask: (web: Running, key: string) => Promise<Seen>): Promise<Seen> {
    let key = this.#newKey();
    let seen = await ask(await this.#web(), key);
    for (let tries = 1; tries < max; tries++) {
      if (isAnswered(seen) && !this.#random.chance(0.1)) return seen;
      await this.#wait(100, 15_000);
      if (this.#random.chance(0.4)) key = this.#newKey();
      seen = await ask(await this.#web(), key);
    }
    return seen;
  }

  #newKey(): string {
    return `${this.#order.orderId}-${++this.#keys}`;
  }

  #wait(minMs: number, maxMs: number): Promise<void> {
    const { scheduler } = this.#world;
    return scheduler.until(scheduler.nowMs + this.#random.int(minMs / 20, maxMs / 20) * 20);
  }
}
