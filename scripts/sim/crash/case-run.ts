import { approve, isAnswered, type Order } from "#scripts/sim/mall.ts";
import type { Platform } from "#scripts/sim/platform.ts";
import type { Fate } from "#scripts/sim/scheduler.ts";
import type { ReceiverFault } from "#scripts/sim/sim-receiver.ts";
import type { VanFault, VanVerb } from "#scripts/sim/sim-van.ts";
import type { Running, Seen, VanCode, World } from "#scripts/sim/world.ts";

/** What the mall does when it has no answer. */
export type Retry = "none" | "same key" | "new key";

/** The VAN's and the receiver's behaviour in one case: faults of the first messages of each kind, in order. */
export type Outcome = Readonly<{
  name: string;
  van?: VanCode;
  faults?: Partial<Readonly<Record<VanVerb, readonly VanFault[]>>>;
  receiver?: readonly ReceiverFault[];
}>;

/**
 * What befalls the process under test at its effect number `index`: it dies just before or just after it, or is stopped
 * before it for longer than any lease and then goes on. `null`: nothing.
 */
export type CrashPoint = Readonly<{ index: number; side: "before" | "after" | "stopped" }> | null;

export type CaseSpec = Readonly<{ flow: string; outcome: string; retry: Retry; crash: CrashPoint }>;

const retryAfterMs = [2_000, 8_000, 30_000, 60_000, 120_000, 300_000];

/** Everything one case needs: its own order at its own mall, the process that dies, and others that do not. */
export class CaseRun {
  readonly world: World;
  readonly platform: Platform;
  readonly spec: CaseSpec;
  readonly order: Order;
  /** The process under test: the crash point counts its effects. */
  readonly target: Running;
  /** A process that lives. */
  readonly web: Running;
  #keys = 0;
  wasReached = false;

  constructor(
    world: World,
    platform: Platform,
    spec: CaseSpec,
    place: { index: number; web: Running; van: VanCode },
  ) {
    this.world = world;
    this.platform = platform;
    this.spec = spec;
    this.web = place.web;
    const number = String(place.index + 1).padStart(4, "0");
    this.order = {
      mallId: world.mallIds[place.index] ?? "",
      orderId: `C-${number}`,
      amountMinor: 1_000n,
      routes: [{ vanCode: place.van, weight: 100 }],
    };
    this.target = world.spawn(`target${number}`);
    this.target.process.fate = ({ index }): Fate => {
      if (spec.crash?.index !== index) return "plain";
      this.wasReached = true;
      if (spec.crash.side === "stopped") {
        // Some past the lease alone, some past the VAN's processing window too.
        this.target.process.pausedUntilMs = world.scheduler.nowMs + (index % 2 === 0 ? 75_000 : 200_000);
        return "plain";
      }
      return spec.crash.side === "before" ? "crash_before" : "crash_after";
    };
  }

  /** A new Idempotency-Key of this case. */
  newKey(): string {
    return `${this.order.orderId}-${++this.#keys}`;
  }

  wait(ms: number): Promise<void> {
    return this.world.scheduler.until(this.world.scheduler.nowMs + ms);
  }

  /** Asks the process under test, and again other processes when the mall got no answer and is one that tries again. */
  async ask(
    request: (running: Running, key: string) => Promise<Seen>,
    from: Running = this.target,
  ): Promise<Seen> {
    let key = this.newKey();
    let seen = await request(from, key);
    if (this.spec.retry === "none") return seen;
    for (const waitMs of retryAfterMs) {
      if (isAnswered(seen)) return seen;
      await this.wait(waitMs);
      if (this.spec.retry === "new key") key = this.newKey();
      seen = await request(this.web, key);
    }
    return seen;
  }

  /** An approval by a process that lives. */
  approve(): Promise<Seen> {
    return approve(this.world, this.web, this.order, this.newKey());
  }

  /** The order approved and booked; its payment key. */
  async approved(): Promise<string> {
    const seen = await this.approve();
    const paymentKey = seen.kind === "reply" ? seen.data.paymentKey : undefined;
    if (seen.kind !== "reply" || seen.status !== 200 || !paymentKey)
      throw new Error(`${this.order.orderId} is approved in set-up`);
    return paymentKey;
  }

  /** The order's payment, whatever its state. */
  async paymentId(): Promise<string> {
    const [payment] = await this.world.peek<{ id: string }>(
      "SELECT id FROM payment WHERE order_id = $1 ORDER BY requested_at DESC LIMIT 1",
      [this.order.orderId],
    );
    if (!payment) throw new Error(`${this.order.orderId} has a payment`);
    return payment.id;
  }

  /** Gives jobs of this order's payment to the process under test. */
  divert(paymentId: string, ...jobs: string[]): void {
    for (const job of jobs) this.platform.diverted.set(`${paymentId} ${job}`, this.target);
  }

  /** Waits for the order's parked letter. */
  async letter(): Promise<string> {
    for (let waitMs = 60_000; ; waitMs *= 1.2) {
      const [letter] = await this.world.peek<{ id: string }>(
        "SELECT id FROM dead_letter WHERE payment_id = $1 AND status = 'PARKED'",
        [await this.paymentId()],
      );
      if (letter) return letter.id;
      await this.wait(waitMs);
    }
  }
}
