import { connect } from "node:net";
import type { NotSent } from "#server/van/van-gateway.ts";
import { errorText, notSentBecause } from "#server/van/van-line.ts";

const probeEveryMs = 2_000;
const probeTimeoutMs = 1_000;

/** Hears what a bare connect found out. */
type Listener = Readonly<{ onReachable: () => void; onUnreachable: (because: NotSent["because"]) => void }>;

/**
 * Whether a VAN can be reached, known also while no payment is asking: traffic tells, and when it is
 * quiet a bare TCP connect every two seconds does. Keeps no process alive.
 */
export class Reachability {
  readonly #host: string;
  readonly #port: number;
  readonly #listener: Listener;
  readonly #timer: NodeJS.Timeout;
  #reachable = false;
  #seenAtMs = 0;
  lastAnswerAt: Date | null = null;
  lastError: string | null = null;

  constructor(host: string, port: number, listener: Listener) {
    this.#host = host;
    this.#port = port;
    this.#listener = listener;
    this.#probe();
    this.#timer = setInterval(() => this.#probe(), probeEveryMs);
    this.#timer.unref();
  }

  get reachable(): boolean {
    return this.#reachable;
  }

  answered(at: Date): void {
    this.lastAnswerAt = at;
    this.#seen();
  }

  /** A message that got no answer; whether the VAN can be reached is not touched by it. */
  lost(error: string): void {
    this.lastError = error;
  }

  unreachable(error: string): void {
    this.#reachable = false;
    this.lastError = error;
  }

  #seen(): void {
    this.#reachable = true;
    this.#seenAtMs = Date.now();
  }

  #probe(): void {
    if (this.#reachable && Date.now() - this.#seenAtMs < probeEveryMs) return;
    const wasReachable = this.#reachable;
    const socket = connect({ host: this.#host, port: this.#port });
    socket.unref();
    socket.setTimeout(probeTimeoutMs, () =>
      socket.destroy(Object.assign(new Error("connect timeout"), { code: "ETIMEDOUT" })),
    );
    socket.once("error", (error) => {
      this.unreachable(errorText(error));
      this.#listener.onUnreachable(notSentBecause(error));
    });
    socket.once("connect", () => {
      this.#seen();
      socket.destroy();
      if (!wasReachable) this.#listener.onReachable();
    });
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
