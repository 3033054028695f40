import { createWriteStream, mkdirSync, type WriteStream } from "node:fs";
import { dirname } from "node:path";

export type Operation = "approve" | "cancel" | "net-cancel" | "inquiry";

/** One request of a mall and what it saw of the answer; `status` is null when it saw none. */
export type MallSaw = Readonly<{
  atMs: number;
  tookMs: number;
  mallId: string;
  orderId: string;
  operation: Operation;
  path: string;
  /** The Idempotency-Key; empty for an inquiry. */
  key: string;
  /** Which try of the same wish this is, from 1. */
  attempt: number;
  /** The body that was sent, card number left out. */
  amount: number | null;
  testCode: string | null;
  status: number | null;
  code: string;
  isReplay: boolean;
  paymentKey: string | null;
  paymentStatus: string | null;
  /** Cancels of the payment as the answer lists them. */
  cancels: readonly Readonly<{ cancelKey: string; status: string; amount: number }>[];
}>;

/** One delivery of a webhook as its receiver saw it. */
export type HookSaw = Readonly<{
  atMs: number;
  endpointId: string;
  webhookId: string;
  type: string;
  sequence: number;
  subjectId: string;
  isGenuine: boolean;
  /** 0 when the receiver hung up without an answer. */
  answered: number;
}>;

/** One fault and what was going on when it came. */
export type FaultSaw = Readonly<{
  atMs: number;
  kind: string;
  on: string;
  durationMs: number;
  requestsInFlight: number;
  vanCallsInFlight: number;
  /** How many connections, chunks or statements a link fault hit; null where nothing counts them. */
  touched: number | null;
  /** From its beginning to the first moment after its end at which everything answered again; null if that never came. */
  wholeAfterMs: number | null;
  /** Why it could not be done here. */
  skipped: string | null;
}>;

/** Everything that was seen during a run, kept in memory for the referee and in a file for people. */
export class History {
  readonly requests: MallSaw[] = [];
  readonly hooks: HookSaw[] = [];
  readonly faults: FaultSaw[] = [];
  readonly #file: WriteStream;
  readonly path: string;

  constructor(path: string) {
    this.path = path;
    mkdirSync(dirname(path), { recursive: true });
    this.#file = createWriteStream(path);
  }

  sawRequest(saw: MallSaw): void {
    this.requests.push(saw);
    this.#write("request", saw);
  }

  sawHook(saw: HookSaw): void {
    this.hooks.push(saw);
    this.#write("webhook", saw);
  }

  sawFault(saw: FaultSaw): void {
    this.faults.push(saw);
    this.#write("fault", saw);
  }

  #write(kind: string, saw: object): void {
    this.#file.write(`${JSON.stringify({ kind, ...saw })}\n`);
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#file.end(resolve));
  }
}
