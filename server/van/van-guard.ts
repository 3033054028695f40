import {
  Circuit,
  type CircuitSettings,
  type CircuitState,
  circuitSettings,
  type MessageFailure,
  type Ticket,
} from "#server/van/domain/circuit.ts";
import type { VanCircuit } from "#server/van/van-gateway.ts";

/** Hears that the circuit of a VAN changed in this process: for waking what waits for it, and for the log. Must not throw. */
export type OnCircuitChange = (vanCode: string, from: CircuitState, to: CircuitState) => void;

/** Asks the VAN something harmless: what went wrong, or null when it answered. Never throws. */
type Probe = () => Promise<MessageFailure | null>;

/** A circuit with a clock and a timer that probes: the part of a gateway that decides about new approvals. Keeps no process alive. */
export class VanGuard {
  readonly #circuit: Circuit;
  readonly #probe: Probe;
  readonly #onChange: (from: CircuitState, to: CircuitState) => void;
  #state: CircuitState = "CLOSED";
  #timer: NodeJS.Timeout | null = null;
  #isProbing = false;
  #isClosed = false;

  constructor(
    parts: Readonly<{
      probe: Probe;
      onChange: (from: CircuitState, to: CircuitState) => void;
      settings?: CircuitSettings;
    }>,
  ) {
    this.#circuit = new Circuit(parts.settings ?? circuitSettings, Math.random, performance.now());
    this.#probe = parts.probe;
    this.#onChange = parts.onChange;
  }

  get circuit(): VanCircuit {
    const { state, sinceMs, reason, nextProbeAtMs } = this.#circuit.view;
    return {
      state,
      since: dateOf(sinceMs),
      reason,
      nextProbeAt: nextProbeAtMs === null ? null : dateOf(nextProbeAtMs),
    };
  }

  admitsInMs(): number {
    return this.#circuit.admitsInMs(performance.now());
  }

  admit(): void {
    this.#circuit.admit(performance.now());
  }

  sent(isApproval: boolean): Ticket {
    return this.#circuit.sent(isApproval);
  }

  ended(ticket: Ticket, failure: MessageFailure | null): void {
    this.#circuit.ended(ticket, failure, performance.now());
    this.#follow();
  }

  /** A bare connect failed: the VAN is away, also for those who have nothing to send. */
  unreachable(failure: MessageFailure): void {
    this.#circuit.unreachable(failure, performance.now());
    this.#follow();
  }

  /** The VAN can be connected to again. That proves little, so an open circuit is probed at once instead of at its time. */
  reachable(): void {
    if (this.#state === "OPEN") void this.#ask();
  }

  close(): void {
    this.#isClosed = true;
    if (this.#timer) clearTimeout(this.#timer);
  }

  /** Tells of a change, and sets the timer to the next probe. */
  #follow(): void {
    const { state, nextProbeAtMs } = this.#circuit.view;
    const from = this.#state;
    this.#state = state;
    // Closed and staying so: the way of nearly every message.
    if (from === "CLOSED" && state === "CLOSED") return;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (nextProbeAtMs !== null && !this.#isClosed) {
      this.#timer = setTimeout(() => void this.#ask(), Math.max(0, nextProbeAtMs - performance.now()));
      this.#timer.unref();
    }
    if (from !== state) this.#onChange(from, state);
  }

  async #ask(): Promise<void> {
    if (this.#isProbing || this.#isClosed) return;
    this.#isProbing = true;
    const failure = await this.#probe();
    this.#isProbing = false;
    this.#circuit.probed(failure, performance.now());
    this.#follow();
  }
}

/** An instant of the clock that only goes forward, as a date. */
function dateOf(atMs: number): Date {
  return new Date(Math.round(Date.now() + atMs - performance.now()));
}
