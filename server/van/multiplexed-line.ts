import { connect, type Socket } from "node:net";
import type { VanDeadline } from "#server/van/van-gateway.ts";
import {
  errorText,
  type LineAnswer,
  type LineMessage,
  notSentBecause,
  type VanLine,
  type VanOperation,
} from "#server/van/van-line.ts";

/** How messages lie in the stream of bytes and how an answer names what it answers. */
export type Framing = Readonly<{
  /** The length of the first whole frame in `bytes`, 0 when more bytes are needed, null when this is no frame. */
  frameLength: (bytes: Buffer) => number | null;
  /** What an answer to this message will be known by. */
  keyOfAnswerTo: (operation: VanOperation, traceNo: string) => string;
  /** What this frame, or the beginning of one, is known by; null when it is too short to tell. */
  keyOf: (frame: Buffer) => string | null;
}>;

type Waiting = {
  readonly key: string;
  readonly sent: Uint8Array;
  readonly resolve: (answer: LineAnswer) => void;
  readonly timer: NodeJS.Timeout;
  /** Null until the first byte was handed to the connection. */
  writtenAtMs: number | null;
};

/** One TCP connection with any number of messages under way. */
class Connection {
  readonly #socket: Socket;
  readonly #framing: Framing;
  readonly #onStray: (frame: Buffer) => void;
  readonly #connectTimer: NodeJS.Timeout;
  readonly #unsent = new Set<Waiting>();
  readonly #waiting = new Map<string, Waiting[]>();
  #rest: Buffer = Buffer.alloc(0);
  #lastByteAtMs = 0;
  #isOpen = false;
  #count = 0;
  #error: Error | null = null;
  /** No new message goes out on it. */
  isRetired = false;

  constructor(
    address: Readonly<{ host: string; port: number }>,
    framing: Framing,
    connectTimeoutMs: number,
    onStray: (frame: Buffer) => void,
  ) {
    this.#framing = framing;
    this.#onStray = onStray;
    this.#socket = connect({ ...address, noDelay: true, keepAlive: true, keepAliveInitialDelay: 15_000 });
    this.#connectTimer = setTimeout(
      () => this.#socket.destroy(Object.assign(new Error("no connection in time"), { code: "ETIMEDOUT" })),
      connectTimeoutMs,
    );
    this.#socket.on("connect", () => this.#opened());
    this.#socket.on("data", (chunk: Buffer) => this.#read(chunk));
    this.#socket.on("error", (error) => {
      this.#error = error;
    });
    this.#socket.on("end", () => {
      this.isRetired = true;
    });
    this.#socket.on("close", () => this.#closed());
  }

  get inFlight(): number {
    return this.#count;
  }

  send(key: string, sent: Uint8Array, totalTimeoutMs: number): Promise<LineAnswer> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#expire(waiting), totalTimeoutMs);
      const waiting: Waiting = { key, sent, resolve, timer, writtenAtMs: null };
      this.#count++;
      if (this.#isOpen) this.#write(waiting);
      else this.#unsent.add(waiting);
    });
  }

  #opened(): void {
    clearTimeout(this.#connectTimer);
    this.#isOpen = true;
    for (const waiting of this.#unsent) this.#write(waiting);
    this.#unsent.clear();
  }

  #write(waiting: Waiting): void {
    waiting.writtenAtMs = performance.now();
    const same = this.#waiting.get(waiting.key);
    if (same) same.push(waiting);
    else this.#waiting.set(waiting.key, [waiting]);
    this.#socket.write(waiting.sent);
  }

  #read(chunk: Buffer): void {
    this.#lastByteAtMs = performance.now();
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const length = this.#framing.frameLength(this.#rest);
      if (length === null) {
        // Where the next answer begins can no longer be told, so no answer on this connection can be trusted.
        this.#socket.destroy(new Error("the stream is not in frames"));
        return;
      }
      if (length === 0) return;
      const frame = this.#rest.subarray(0, length);
      this.#rest = this.#rest.subarray(length);
      const waiting = this.#take(this.#framing.keyOf(frame));
      if (waiting) this.#settle(waiting, { kind: "answered", bytes: Buffer.from(frame) });
      else this.#onStray(frame);
    }
  }

  /** The first message that waits for an answer of this key. */
  #take(key: string | null): Waiting | null {
    const same = key === null ? undefined : this.#waiting.get(key);
    const first = same?.shift();
    if (key !== null && same?.length === 0) this.#waiting.delete(key);
    return first ?? null;
  }

  #settle(waiting: Waiting, answer: LineAnswer): void {
    clearTimeout(waiting.timer);
    this.#count--;
    waiting.resolve(answer);
    if (this.isRetired && this.#count === 0) this.#socket.destroy();
  }

  #expire(waiting: Waiting): void {
    if (waiting.writtenAtMs === null) {
      this.#unsent.delete(waiting);
      this.#settle(waiting, { kind: "not_sent", because: "connect_timeout", error: "no connection in time" });
      return;
    }
    const same = this.#waiting.get(waiting.key)?.filter((other) => other !== waiting) ?? [];
    if (same.length > 0) this.#waiting.set(waiting.key, same);
    else this.#waiting.delete(waiting.key);
    // Not a byte since we wrote: this may be a connection whose other end is gone. The next message takes a new one.
    if (this.#lastByteAtMs < waiting.writtenAtMs) this.isRetired = true;
    this.#settle(waiting, { kind: "lost", because: "timeout", bytes: null, error: "no answer in time" });
  }

  #closed(): void {
    this.isRetired = true;
    clearTimeout(this.#connectTimer);
    for (const waiting of this.#unsent) {
      this.#settle(waiting, {
        kind: "not_sent",
        because: notSentBecause(this.#error),
        error: this.#error ? errorText(this.#error) : "closed",
      });
    }
    this.#unsent.clear();
    const half = this.#rest.length > 0 ? this.#take(this.#framing.keyOf(this.#rest)) : null;
    if (half)
      this.#settle(half, {
        kind: "lost",
        because: "unreadable",
        bytes: Buffer.from(this.#rest),
        error: "the connection closed within the answer",
      });
    const error = this.#error ? errorText(this.#error) : "the VAN closed the connection";
    for (const same of this.#waiting.values()) {
      for (const waiting of same)
        this.#settle(waiting, { kind: "lost", because: "reset", bytes: null, error });
    }
    this.#waiting.clear();
  }

  /** Lets what is under way end, then closes. */
  retire(): void {
    this.isRetired = true;
    if (this.#count === 0) this.#socket.destroy();
  }

  destroy(): void {
    this.#socket.destroy();
  }
}

/**
 * A few persistent TCP connections shared by many messages; answers find their message by key, in any order.
 * Net cancels, cancels and inquiries have connections of their own, so that an approval that breaks its
 * connection does not delay what repairs it. An answer that nobody waits for goes to `onStray`.
 */
export class MultiplexedLine implements VanLine {
  readonly #address: Readonly<{ host: string; port: number }>;
  readonly #framing: Framing;
  readonly #onStray: (frame: Buffer) => void;
  readonly #approvals: (Connection | null)[];
  readonly #others: (Connection | null)[];
  readonly #all = new Set<Connection>();
  #turn = 0;
  #isClosed = false;

  constructor(
    address: Readonly<{ host: string; port: number }>,
    framing: Framing,
    options: Readonly<{
      approvalConnections: number;
      otherConnections: number;
      onStray: (frame: Buffer) => void;
    }>,
  ) {
    this.#address = address;
    this.#framing = framing;
    this.#onStray = options.onStray;
    this.#approvals = Array.from({ length: options.approvalConnections }, () => null);
    this.#others = Array.from({ length: options.otherConnections }, () => null);
  }

  get inFlight(): number {
    let count = 0;
    for (const connection of this.#all) count += connection.inFlight;
    return count;
  }

  async call(message: LineMessage, deadline: VanDeadline): Promise<LineAnswer> {
    if (this.#isClosed) return { kind: "not_sent", because: "unreachable", error: "the line is closed" };
    const connection = message.alone
      ? this.#open(deadline)
      : this.#share(message.operation === "APPROVE" ? this.#approvals : this.#others, deadline);
    const answer = connection.send(
      this.#framing.keyOfAnswerTo(message.operation, message.traceNo),
      message.sent,
      deadline.totalTimeoutMs,
    );
    if (message.alone) void answer.then(() => connection.retire());
    return answer;
  }

  #share(slots: (Connection | null)[], deadline: VanDeadline): Connection {
    const slot = this.#turn++ % slots.length;
    const present = slots[slot];
    if (present && !present.isRetired) return present;
    present?.retire();
    const connection = this.#open(deadline);
    slots[slot] = connection;
    return connection;
  }

  #open(deadline: VanDeadline): Connection {
    for (const connection of this.#all)
      if (connection.isRetired && connection.inFlight === 0) this.#all.delete(connection);
    const connection = new Connection(
      this.#address,
      this.#framing,
      Math.min(deadline.connectTimeoutMs, deadline.totalTimeoutMs),
      this.#onStray,
    );
    this.#all.add(connection);
    return connection;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const connection of this.#all) connection.destroy();
  }
}
