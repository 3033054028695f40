/** When so many messages failed that something is wrong with whoever should answer them. Durations are milliseconds. */
export type FailureLimits = Readonly<{
  /** Failures and answers older than this are forgotten. */
  windowMs: number;
  /** Fewer failures than this within the window are never too many. */
  failuresMin: number;
  /** Failures are too many when they are this share of all outcomes in the window: five lost among five hundred answered are not. */
  failureShareMin: number;
  /**
   * They are also too many, whatever was answered before, when nothing was answered since for this long: a busy VAN that
   * has gone away is not asked for the seconds that it takes until half of a long window has failed.
   */
  silenceMs: number;
}>;

const slotCount = 20;
/** The outcomes of one twentieth of the window. */
type Slot = { readonly index: number; answered: number; failed: number };

/** The recent outcomes of one kind of message. Pure: takes the time, in milliseconds of one clock that only goes forward. */
export class OutcomeWindow {
  readonly #limits: FailureLimits;
  #slots: Slot[] = [];
  #answeredAtMs: number;
  /** When the latest failures since the last answer were, as many as make too many. */
  #failuresInRow: number[] = [];

  constructor(limits: FailureLimits, nowMs: number) {
    this.#limits = limits;
    this.#answeredAtMs = nowMs;
  }

  answered(nowMs: number): void {
    this.#slot(nowMs).answered++;
    this.#answeredAtMs = nowMs;
    if (this.#failuresInRow.length > 0) this.#failuresInRow = [];
  }

  /** Counts a failure, and says whether there are too many now. */
  failed(nowMs: number): boolean {
    const { windowMs, failuresMin, failureShareMin, silenceMs } = this.#limits;
    this.#slot(nowMs).failed++;
    this.#failuresInRow = [...this.#failuresInRow, nowMs].slice(-failuresMin);
    const [oldestMs = nowMs] = this.#failuresInRow;
    const isRow = this.#failuresInRow.length === failuresMin && nowMs - oldestMs < windowMs;
    if (isRow && nowMs - this.#answeredAtMs >= silenceMs) return true;
    const failed = this.#slots.reduce((sum, slot) => sum + slot.failed, 0);
    const answered = this.#slots.reduce((sum, slot) => sum + slot.answered, 0);
    return failed >= failuresMin && failed >= (failed + answered) * failureShareMin;
  }

  #slot(nowMs: number): Slot {
    const index = Math.floor(nowMs / (this.#limits.windowMs / slotCount));
    const last = this.#slots.at(-1);
    if (last?.index === index) return last;
    const next = { index, answered: 0, failed: 0 };
    this.#slots = [...this.#slots.filter((slot) => slot.index > index - slotCount), next];
    return next;
  }
}
