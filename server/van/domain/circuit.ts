import { type FailureLimits, OutcomeWindow } from "#server/van/domain/outcome-window.ts";

/** CLOSED: approvals pass. OPEN: none does, and probes find out when the VAN is back. HALF_OPEN: a few approvals try it out. */
export const circuitStates = ["CLOSED", "OPEN", "HALF_OPEN"] as const;
export type CircuitState = (typeof circuitStates)[number];

/** What went wrong with a message of ours: no byte left us, or no answer came that can be trusted. */
export type MessageFailure =
  | "refused"
  | "connect_timeout"
  | "unreachable"
  | "timeout"
  | "reset"
  | "unreadable"
  | "mismatch"
  | "unknown_code";

/** When a circuit opens, how it is probed, and how it closes again. Durations are milliseconds. */
export type CircuitSettings = Readonly<{
  /**
   * When it opens, judged by all messages and by approvals alone: each lost approval is followed by a net cancel, and a VAN
   * that answers only those would look half well forever.
   */
  failures: FailureLimits;
  /** From opening to the first probe, and between the probes of a half-open circuit. Open, it doubles with every failure until the circuit closes. */
  probeDelayMs: number;
  /** The delay grows no further: a VAN that is back is noticed in time to resolve what waits within a minute (§2 row 34). */
  probeDelayMaxMs: number;
  /** Up to this share of a delay is left out by chance, so that processes do not probe together. */
  probeJitter: number;
  /** HALF_OPEN: so many approvals may be under way at once. */
  trialsAtOnceMax: number;
  /** HALF_OPEN: it closes when so many approvals were answered; where no approval comes by, so many probes. */
  trialsAnsweredMin: number;
  /** HALF_OPEN: how long a place is kept for an approval that was let in and is not sent yet, as one that turns out to be a duplicate. */
  placeKeptMs: number;
}>;

/** One set for all VANs: what a contract with a VAN changes are its timeouts, and those are in its row. */
export const circuitSettings: CircuitSettings = {
  failures: { windowMs: 10_000, failuresMin: 5, failureShareMin: 0.5, silenceMs: 1_000 },
  probeDelayMs: 5_000,
  probeDelayMaxMs: 30_000,
  probeJitter: 0.2,
  trialsAtOnceMax: 2,
  trialsAnsweredMin: 3,
  placeKeptMs: 1_000,
};

/** Names a message that is under way. What becomes of it says something about the state in which it was sent, and about no later one. */
export type Ticket = Readonly<{ era: number; isApproval: boolean }>;

/** A circuit as it stands. Times are on the clock of whoever asks. */
export type CircuitView = Readonly<{
  state: CircuitState;
  sinceMs: number;
  /** What opened it last; null while it is closed. */
  reason: MessageFailure | null;
  nextProbeAtMs: number | null;
}>;

/**
 * The circuit breaker of one VAN in one process. It watches what becomes of every message and decides whether a new
 * approval may go out; of cancels, net cancels and inquiries nobody asks it, because they repair. A VAN that says no is
 * a VAN that works. Pure: every method takes the time, in milliseconds of one clock that only goes forward.
 */
export class Circuit {
  readonly #settings: CircuitSettings;
  readonly #random: () => number;
  #state: CircuitState = "CLOSED";
  /** Grows with every change of state. */
  #era = 0;
  #sinceMs: number;
  #reason: MessageFailure | null = null;
  /** How often it opened since it was last closed, failed probes included: the exponent of the delay. */
  #setbacks = 0;
  #nextProbeAtMs: number | null = null;
  #trialsUnderWay = 0;
  #trialsAnswered = 0;
  /** When each place was given to an approval that is not sent yet, oldest first. */
  #placesGiven: number[] = [];
  #approvals: OutcomeWindow;
  #all: OutcomeWindow;

  /** Begins closed. `random` in [0, 1) shortens the delays between probes. */
  constructor(settings: CircuitSettings, random: () => number, nowMs: number) {
    this.#settings = settings;
    this.#random = random;
    this.#sinceMs = nowMs;
    this.#approvals = new OutcomeWindow(settings.failures, nowMs);
    this.#all = new OutcomeWindow(settings.failures, nowMs);
  }

  get view(): CircuitView {
    return {
      state: this.#state,
      sinceMs: this.#sinceMs,
      reason: this.#reason,
      nextProbeAtMs: this.#nextProbeAtMs,
    };
  }

  /** 0 when a new approval may be begun, else in how many milliseconds it is worth asking again. */
  admitsInMs(nowMs: number): number {
    if (this.#state === "CLOSED") return 0;
    if (this.#state === "OPEN") return Math.max(1, (this.#nextProbeAtMs ?? nowMs) - nowMs);
    this.#forgetUnusedPlaces(nowMs);
    const { trialsAtOnceMax, placeKeptMs } = this.#settings;
    return this.#trialsUnderWay + this.#placesGiven.length < trialsAtOnceMax ? 0 : placeKeptMs;
  }

  /** Takes a place for an approval that is let in; it is given back when the approval is not sent soon. */
  admit(nowMs: number): void {
    if (this.#state === "HALF_OPEN") this.#placesGiven.push(nowMs);
  }

  /** A message goes out. */
  sent(isApproval: boolean): Ticket {
    if (isApproval && this.#state === "HALF_OPEN") {
      this.#placesGiven.shift();
      this.#trialsUnderWay++;
    }
    return { era: this.#era, isApproval };
  }

  /** What became of a message: a failure, or null for an answer, whatever it said. */
  ended(ticket: Ticket, failure: MessageFailure | null, nowMs: number): void {
    // A message of an earlier state tells of a VAN that was. An approval that timed out long after the circuit opened
    // must not open it again when the VAN is back.
    if (ticket.era !== this.#era) return;
    if (this.#state === "CLOSED") this.#count(ticket, failure, nowMs);
    else if (this.#state === "HALF_OPEN") this.#try(ticket, failure, nowMs);
  }

  /** The VAN could not be reached although no message was on its way: counts as a message that was not sent. */
  unreachable(failure: MessageFailure, nowMs: number): void {
    this.ended({ era: this.#era, isApproval: false }, failure, nowMs);
  }

  /** What became of a probe: a failure, or null for an answer. A closed circuit learns nothing from it. */
  probed(failure: MessageFailure | null, nowMs: number): void {
    if (this.#state === "OPEN" && failure === null) {
      this.#become("HALF_OPEN", this.#reason, nowMs);
      this.#planProbe(nowMs, 0);
    } else if (this.#state === "OPEN") {
      this.#reason = failure;
      this.#planProbe(nowMs, this.#setbacks++);
    } else if (this.#state === "HALF_OPEN") {
      if (failure !== null) {
        this.#open(failure, nowMs);
        return;
      }
      this.#planProbe(nowMs, 0);
      // An approval on its way says more than a probe: it is waited for.
      if (this.#trialsUnderWay === 0) this.#passTrial(nowMs);
    }
  }

  #count(ticket: Ticket, failure: MessageFailure | null, nowMs: number): void {
    const windows = ticket.isApproval ? [this.#approvals, this.#all] : [this.#all];
    if (failure === null) for (const window of windows) window.answered(nowMs);
    else if (windows.map((window) => window.failed(nowMs)).includes(true)) this.#open(failure, nowMs);
  }

  #try(ticket: Ticket, failure: MessageFailure | null, nowMs: number): void {
    if (ticket.isApproval) this.#trialsUnderWay--;
    if (failure !== null) this.#open(failure, nowMs);
    else if (ticket.isApproval) this.#passTrial(nowMs);
  }

  #passTrial(nowMs: number): void {
    if (++this.#trialsAnswered < this.#settings.trialsAnsweredMin) return;
    this.#setbacks = 0;
    this.#become("CLOSED", null, nowMs);
  }

  #open(failure: MessageFailure, nowMs: number): void {
    this.#become("OPEN", failure, nowMs);
    this.#planProbe(nowMs, this.#setbacks++);
  }

  #planProbe(nowMs: number, doublings: number): void {
    const { probeDelayMs, probeDelayMaxMs, probeJitter } = this.#settings;
    const delayMs = Math.min(probeDelayMs * 2 ** doublings, probeDelayMaxMs);
    this.#nextProbeAtMs = nowMs + delayMs * (1 - probeJitter * this.#random());
  }

  #become(state: CircuitState, reason: MessageFailure | null, nowMs: number): void {
    this.#state = state;
    this.#era++;
    this.#sinceMs = nowMs;
    this.#reason = reason;
    this.#nextProbeAtMs = null;
    this.#trialsUnderWay = 0;
    this.#trialsAnswered = 0;
    this.#placesGiven = [];
    this.#approvals = new OutcomeWindow(this.#settings.failures, nowMs);
    this.#all = new OutcomeWindow(this.#settings.failures, nowMs);
  }

  #forgetUnusedPlaces(nowMs: number): void {
    const { placeKeptMs } = this.#settings;
    this.#placesGiven = this.#placesGiven.filter((givenMs) => nowMs - givenMs < placeKeptMs);
  }
}
