import type { Random } from "#prisma/seed/random.ts";
import { chanceOf } from "#scripts/sim/chance.ts";
import type { SimProcess } from "#scripts/sim/sim-process.ts";
import type { Running, World } from "#scripts/sim/world.ts";
import { type DueMessage, relayOutbox } from "#server/outbox/relay-outbox.ts";
import { runMessage } from "#server/outbox/run-message.ts";
import { resumeVanWork } from "#server/payments/resume-van-work.ts";
import { sweepPayments } from "#server/payments/sweep-payments.ts";
import type { Bull } from "#workers/bull.ts";
import { workshop } from "#workers/registry.ts";
import { relayTurn } from "#workers/relay.ts";

export type PlatformFaults = Readonly<{
  /** How likely BullMQ loses what it was handed, and hands it to two workers. */
  wakeUpLost: number;
  wakeUpDoubled: number;
}>;

type Worker = Running & {
  readonly place: number;
  relayAtMs: number;
  sweepAtMs: number;
  isRelaying: boolean;
  isSweeping: boolean;
};

const never = Number.POSITIVE_INFINITY;
const relayJitterMs = 200;
const sweepJitterMs = 5_000;

/**
 * The worker processes: their clocks start the real relay and the real sweeper, and what the relay publishes is performed
 * by one of them (or by two, or by none, for BullMQ is a wake-up and nothing more). A clock that would find nothing to do
 * is not started, so that hours of waiting cost nothing.
 */
export class Platform {
  readonly #world: World;
  readonly #random: Random;
  readonly #faults: PlatformFaults;
  readonly #workers: Worker[] = [];
  readonly #lastSweepMs = { value: 0 };
  #seenPerformed = -1;
  /** Jobs of a subject that one process is to perform, and no other as long as it lives: by `subject job`. */
  readonly diverted = new Map<string, Running>();
  /** While false the relay hands over jobs and leaves events without their number. */
  sequences = true;
  /** While false nobody sweeps. */
  sweeps = true;
  /** Told of each process that performs a message, before it does: who owns the run may give it a fate. */
  onSpawn: (running: Running) => void = () => undefined;
  #generation = 0;

  constructor(world: World, faults: PlatformFaults = { wakeUpLost: 0, wakeUpDoubled: 0 }) {
    this.#world = world;
    this.#random = chanceOf(world.seed, "platform");
    this.#faults = faults;
    world.scheduler.onIdle = () => this.#whenIdle();
  }

  /** Starts a worker; when it dies another takes its place after some seconds. */
  startWorker(place: number): void {
    const { scheduler } = this.#world;
    const running = this.#world.spawn(`worker${place}.${++this.#generation}`);
    const worker: Worker = {
      ...running,
      place,
      relayAtMs: never,
      sweepAtMs: never,
      isRelaying: false,
      isSweeping: false,
    };
    this.#workers.push(worker);
    this.onSpawn(running);
    void running.process.died.then(() => {
      this.#workers.splice(this.#workers.indexOf(worker), 1);
      scheduler.at(scheduler.nowMs + this.#random.int(1, 10) * 1_000, `worker${place} starts again`, () =>
        this.startWorker(place),
      );
    });
  }

  get workers(): readonly Running[] {
    return this.#workers;
  }

  /** Says that a VAN is back, as the gateway does that notices it. */
  async vanIsBack(code: string): Promise<void> {
    const worker = this.#livingWorker();
    if (worker) await this.#guard(worker.process, () => resumeVanWork(worker.ctx, code));
  }

  /** Sees by the state of the database when the clocks of the workers have something to do next, and sets them. */
  async #whenIdle(): Promise<void> {
    const { scheduler, database } = this.#world;
    if (scheduler.performed === this.#seenPerformed) return;
    this.#seenPerformed = scheduler.performed;
    await database.setTime(scheduler.nowMs);
    const [due] = await database.sql.run<{ relay: Date | null; hasEvents: boolean; sweep: Date | null }>(
      { name: "sim-due", text: dueStatement },
      [this.sequences, new Date(this.#lastSweepMs.value)],
    );
    if (!due) return;
    const now = scheduler.nowMs;
    const relayMs = due.hasEvents ? now : (due.relay?.getTime() ?? never);
    const sweepMs = due.sweep?.getTime() ?? never;
    for (const worker of this.#workers) {
      if (relayMs < never && !worker.isRelaying) this.#setRelay(worker, Math.max(now, relayMs));
      if (this.sweeps && sweepMs < never && !worker.isSweeping)
        this.#setSweep(worker, Math.max(now, sweepMs));
    }
  }

  #setRelay(worker: Worker, fromMs: number): void {
    if (worker.relayAtMs <= fromMs + relayJitterMs) return;
    const atMs = fromMs + this.#random.int(0, 10) * (relayJitterMs / 10);
    worker.relayAtMs = atMs;
    void this.#wake(worker.process, atMs).then(async () => {
      if (worker.relayAtMs !== atMs || worker.isRelaying) return;
      worker.relayAtMs = never;
      worker.isRelaying = true;
      await this.#guard(worker.process, () => this.#relay(worker));
      worker.isRelaying = false;
    });
  }

  #setSweep(worker: Worker, fromMs: number): void {
    if (worker.sweepAtMs <= fromMs + sweepJitterMs) return;
    const atMs = fromMs + this.#random.int(0, 50) * (sweepJitterMs / 50);
    worker.sweepAtMs = atMs;
    void this.#wake(worker.process, atMs).then(async () => {
      if (worker.sweepAtMs !== atMs || worker.isSweeping) return;
      worker.sweepAtMs = never;
      worker.isSweeping = true;
      this.#lastSweepMs.value = this.#world.scheduler.nowMs;
      await this.#guard(worker.process, () => sweepPayments(worker.ctx));
      worker.isSweeping = false;
    });
  }

  /** A timer of a process: it does not fire in a dead one, and late in a paused one. */
  #wake(process: SimProcess, atMs: number): Promise<void> {
    return this.#world.scheduler.effect(
      process,
      { index: 0, kind: "timer", what: "", dueMs: atMs },
      () => undefined,
    );
  }

  async #relay(worker: Worker): Promise<void> {
    if (this.sequences) await relayTurn(worker.ctx, workshop, this.#bull(), { patienceMs: 0 })();
    else await relayOutbox(worker.ctx, async (due) => this.#publish(due));
  }

  #bull(): Bull {
    return {
      isUp: () => this.#world.redis.isUp,
      publish: async (_queue, messages) => this.#publish(messages),
      close: async () => undefined,
      sendCanary: () => Promise.reject(new Error("BullMQ's canary is not simulated")),
      hasCanary: () => Promise.reject(new Error("BullMQ's canary is not simulated")),
    };
  }

  #publish(messages: readonly DueMessage[]): void {
    const { scheduler } = this.#world;
    for (const { id } of messages) {
      if (this.#random.chance(this.#faults.wakeUpLost)) {
        scheduler.note(`· the wake-up of message ${id} is lost`);
        continue;
      }
      const times = this.#random.chance(this.#faults.wakeUpDoubled) ? 2 : 1;
      for (let time = 0; time < times; time++) {
        scheduler.at(scheduler.nowMs + this.#random.int(0, 5) * 10, "", () => this.#perform(id));
      }
    }
  }

  async #perform(id: bigint): Promise<void> {
    const worker = (await this.#divertedOf(id)) ?? this.#livingWorker();
    if (!worker || worker.process.isDead) return;
    // In a turn of its own: nothing of a process runs inside another effect.
    void Promise.resolve().then(() =>
      this.#guard(worker.process, () => runMessage(worker.ctx, workshop, id)),
    );
  }

  async #divertedOf(id: bigint): Promise<Running | undefined> {
    if (this.diverted.size === 0) return undefined;
    const [message] = await this.#world.database.rows<{ key: string }>(
      `SELECT subject_id || ' ' || job_name AS key FROM outbox_message WHERE id = $1`,
      [id],
    );
    const target = message && this.diverted.get(message.key);
    return target && !target.process.isDead ? target : undefined;
  }

  #livingWorker(): Worker | undefined {
    return this.#workers.length > 0 ? this.#random.pick(this.#workers) : undefined;
  }

  async #guard(process: SimProcess, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#world.trouble(process, error);
    }
  }
}

/** When relay and sweeper have something to do next; asked by the simulation alone. `$2` is the last sweep. */
const dueStatement = `
  SELECT (SELECT min(greatest(available_at, locked_until + interval '1 ms', published_at + interval '15001 ms'))
          FROM outbox_message WHERE done_at IS NULL AND dead_at IS NULL) AS relay,
    $1::boolean AND EXISTS (SELECT 1 FROM event WHERE sequence IS NULL) AS "hasEvents",
    least(
      (SELECT min(lease_until) FROM payment WHERE status = 'IN_PROGRESS'),
      (SELECT min(lease_until) FROM payment_cancel WHERE status = 'REQUESTED' AND origin <> 'NET_CANCEL'),
      (SELECT min(greatest(w.due, $2::timestamptz + interval '5 s')) FROM (
        SELECT p.id AS subject, 'net-cancel' AS job, p.lease_until AS due FROM payment p WHERE p.status = 'UNKNOWN'
        UNION ALL
        SELECT c.payment_id, 'net-cancel', c.lease_until FROM payment_cancel c WHERE c.status = 'REQUESTED' AND c.origin = 'NET_CANCEL'
        UNION ALL
        SELECT c.payment_id, 'recover-cancel', c.lease_until FROM payment_cancel c WHERE c.status = 'UNKNOWN'
        UNION ALL
        SELECT o.payment_id, 'reverse-orphan', o.found_at + interval '30 s' FROM van_orphan o WHERE o.state = 'OPEN') w
        WHERE NOT EXISTS (SELECT 1 FROM outbox_message m WHERE m.subject_id = w.subject AND m.job_name = w.job AND m.done_at IS NULL AND m.dead_at IS NULL)
          AND NOT EXISTS (SELECT 1 FROM dead_letter d WHERE d.payment_id = w.subject AND d.job_name = w.job AND d.status IN ('PARKED', 'REDRIVEN')))
    ) + interval '1 ms' AS sweep`;
