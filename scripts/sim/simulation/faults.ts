import type { Random } from "#prisma/seed/random.ts";
import { chanceOf } from "#scripts/sim/chance.ts";
import type { Fate } from "#scripts/sim/scheduler.ts";
import type { SimProcess } from "#scripts/sim/sim-process.ts";
import type { VanFault, VanMessage } from "#scripts/sim/sim-van.ts";
import type { VanCode, World } from "#scripts/sim/world.ts";

/**
 * How likely an effect meets a fault. A process is stopped for up to twice the lease of a payment, and above all just
 * before it sends something to a VAN, where being late does most harm (D4).
 */
const perEffect = { crash: 0.0015, pause: 0.001, pauseBeforeVan: 0.008, cut: 0.004 } as const;
const pauseMs = { min: 500, max: 90_000 };

/** How likely a message to a VAN meets each fault, in percent; the rest is plain. */
const approveFaults: readonly (readonly [VanFault["kind"], number])[] = [
  ["refused", 5],
  ["request_lost", 4],
  ["reply_lost", 5],
  ["late", 5],
  ["slow", 3],
  ["garbled", 1],
  ["wrong_amount", 1],
  ["unknown_code", 1],
  ["refused_connection", 2],
  ["duplicated", 3],
  ["acquired", 2],
  ["acquired_reply_lost", 2],
];
const laterFaults: readonly (readonly [VanFault["kind"], number])[] = [
  ["request_lost", 6],
  ["reply_lost", 6],
  ["late", 2],
  ["slow", 3],
  ["garbled", 2],
  ["refused_connection", 4],
  ["duplicated", 3],
];

/** Decides by its own chance what goes wrong in a world, and counts it. All is well again after `heal`. */
export class Faults {
  readonly counts = new Map<string, number>();
  readonly #world: World;
  readonly #random: Random;
  #isOn = true;
  #databaseDownUntilMs = 0;
  readonly #silentUntilMs = new Map<string, number>();

  constructor(world: World) {
    this.#world = world;
    this.#random = chanceOf(world.seed, "faults");
    for (const van of world.vans.values()) van.chooseFault = (message) => this.#ofMessage(message);
    world.receiver.chooseFault = () => {
      if (!this.#isOn) return "none";
      const fault = this.#random.weighted([
        ["none" as const, 82],
        ["error" as const, 10],
        ["lost" as const, 4],
        ["deaf" as const, 4],
      ]);
      if (fault !== "none") this.#count(`webhook ${fault}`);
      return fault;
    };
  }

  start(): void {
    this.#isOn = true;
  }

  /** Nothing goes wrong from here on; what was stopped or away is back. */
  heal(processes: readonly SimProcess[]): void {
    this.#isOn = false;
    const { scheduler, redis, vans } = this.#world;
    scheduler.note("· everything is well again");
    this.#databaseDownUntilMs = 0;
    this.#silentUntilMs.clear();
    redis.isUp = true;
    for (const van of vans.values()) van.downUntilMs = 0;
    for (const process of processes) process.pausedUntilMs = Math.min(process.pausedUntilMs, scheduler.nowMs);
  }

  /** Gives a process its fate: at each effect it may die, be stopped for a while, or lose its connection. */
  rule(process: SimProcess): void {
    process.fate = ({ kind, what }) => this.#ofEffect(process, kind, what);
  }

  #ofEffect(process: SimProcess, kind: string, what: string): Fate {
    if (!this.#isOn) return "plain";
    const asksDatabase = kind === "sql" || kind === "tx" || kind === "db";
    if (asksDatabase && this.#world.scheduler.nowMs < this.#databaseDownUntilMs) return "cut_before";
    const random = this.#random;
    const draw = random.next();
    const pause = kind === "van" ? perEffect.pauseBeforeVan : perEffect.pause;
    if (draw < perEffect.crash) {
      this.#count("process killed");
      return random.chance(0.5) ? "crash_before" : "crash_after";
    }
    if (draw < perEffect.crash + pause) {
      const ms = random.chance(0.5) ? random.int(pauseMs.min, 5_000) : random.int(45_000, pauseMs.max);
      this.#count(ms >= 45_000 ? "process paused past its lease" : "process paused");
      this.#world.scheduler.note(`· ${process.name} is stopped for ${ms} ms before ${what}`);
      process.pausedUntilMs = this.#world.scheduler.nowMs + ms;
      return "plain";
    }
    if (asksDatabase && draw < perEffect.crash + pause + perEffect.cut) {
      const isDone = random.chance(0.5);
      this.#count(isDone ? "committed, answer cut" : "cut before the commit");
      return isDone ? "cut_after" : "cut_before";
    }
    return "plain";
  }

  #ofMessage(message: VanMessage): VanFault {
    if (!this.#isOn) return { kind: "none" };
    if (this.#world.scheduler.nowMs < (this.#silentUntilMs.get(message.vanCode) ?? 0)) {
      this.#count(`VAN ${message.verb} request_lost`);
      return { kind: "request_lost" };
    }
    const faults = message.verb === "approve" ? approveFaults : laterFaults;
    // A VAN that refused both to net-cancel and to cancel would be a matter for persons, so that it does not do.
    const refusals: readonly (readonly [VanFault["kind"], number])[] =
      message.verb === "cancel" && !message.traceNo.startsWith("R") ? [["refused", 4]] : [];
    const plain = 100 - [...faults, ...refusals].reduce((sum, [, weight]) => sum + weight, 0);
    const kind = this.#random.weighted<VanFault["kind"]>([...faults, ...refusals, ["none", plain]]);
    if (kind !== "none") this.#count(`VAN ${message.verb} ${kind}`);
    if (kind === "slow") return { kind, delayMs: this.#random.int(1, 150) * 100 };
    // Mostly within what the VAN promises, now and then long after.
    if (kind === "late")
      return {
        kind,
        delayMs: this.#random.chance(0.8)
          ? this.#random.int(200, 1_300) * 100
          : this.#random.int(1_300, 4_000) * 100,
      };
    return { kind } as VanFault;
  }

  /** What befalls the surroundings for a while: a VAN, the database, Redis. `onBack` hears that a VAN is back. */
  strike(onBack: (vanCode: VanCode) => void): void {
    if (!this.#isOn) return;
    const { scheduler, redis, vans } = this.#world;
    const random = this.#random;
    const lastsMs = random.int(20, 600) * 100;
    const untilMs = scheduler.nowMs + lastsMs;
    const vanCode = random.pick([...vans.keys()]);
    const van = vans.get(vanCode);
    const kind = random.pick([
      "VAN down",
      "VAN down",
      "VAN silent",
      "database away",
      "Redis away",
      "Redis forgets all",
    ] as const);
    this.#count(kind);
    scheduler.note(`· ${kind}${kind.startsWith("VAN") ? ` (${vanCode})` : ""} for ${lastsMs} ms`);
    if (kind === "VAN down" && van) {
      van.downUntilMs = scheduler.nowMs + lastsMs * (random.chance(0.2) ? 10 : 1);
      scheduler.at(van.downUntilMs, `${vanCode} is back`, () => onBack(vanCode));
    } else if (kind === "VAN silent") this.#silentUntilMs.set(vanCode, untilMs);
    else if (kind === "database away") this.#databaseDownUntilMs = scheduler.nowMs + Math.round(lastsMs / 4);
    else if (kind === "Redis forgets all") redis.flush();
    else {
      redis.isUp = false;
      scheduler.at(untilMs, "Redis is back", () => {
        redis.isUp = true;
      });
    }
  }

  #count(kind: string): void {
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
  }
}
