/** Counts the messages to a VAN that are not answered yet on one connection, by looking at the bytes that pass. */
export interface Meter {
  toServer(chunk: Buffer): void;
  toClient(chunk: Buffer): void;
  readonly inFlight: number;
}

/** HTTP/1.1 without pipelining: a connection waits from its first request byte to its first answer byte. */
export class RequestMeter implements Meter {
  #isWaiting = false;

  toServer(): void {
    this.#isWaiting = true;
  }

  toClient(): void {
    this.#isWaiting = false;
  }

  get inFlight(): number {
    return this.#isWaiting ? 1 : 0;
  }
}

/** After this nobody waits for the answer any more; some faults make a VAN keep it for ever. */
const forgottenAfterMs = 4_000;

/** Frames that begin with their length as four digits, any number under way at once, answered in any order. */
export class FrameMeter implements Meter {
  #askedAtMs: number[] = [];
  readonly #asked = new FrameCutter(() => void this.#askedAtMs.push(performance.now()));
  readonly #answered = new FrameCutter(() => void this.#askedAtMs.shift());

  toServer(chunk: Buffer): void {
    this.#asked.read(chunk);
  }

  toClient(chunk: Buffer): void {
    this.#answered.read(chunk);
  }

  get inFlight(): number {
    const oldestMs = performance.now() - forgottenAfterMs;
    this.#askedAtMs = this.#askedAtMs.filter((askedAtMs) => askedAtMs >= oldestMs);
    return this.#askedAtMs.length;
  }
}

class FrameCutter {
  readonly #onFrame: () => void;
  #rest: Buffer = Buffer.alloc(0);

  constructor(onFrame: () => void) {
    this.#onFrame = onFrame;
  }

  read(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (this.#rest.length >= 4) {
      const length = Number(this.#rest.toString("latin1", 0, 4));
      // Garbage is what a fault made of the stream: nothing after it can be counted.
      if (!Number.isInteger(length)) {
        this.#rest = Buffer.alloc(0);
        return;
      }
      if (this.#rest.length < 4 + length) return;
      this.#rest = this.#rest.subarray(4 + length);
      this.#onFrame();
    }
  }
}
