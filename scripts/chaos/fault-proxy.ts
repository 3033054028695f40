import { connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { ReadyReader, StatementReader } from "./postgres-wire.ts";
import type { Meter } from "./van-meter.ts";

export type Direction = "to_server" | "to_client";

/** What a link does to the bytes that pass. Durations are milliseconds. */
export type LinkFault = Readonly<
  /** Each chunk waits. */
  | { kind: "latency"; delayMs: number }
  | { kind: "throttle"; bytesPerSecond: number }
  /** Swallows one direction. A connection that lost bytes stays deaf until it is closed, as TCP would. */
  | { kind: "drop"; direction: Direction }
  /** Lets so many more bytes of a connection through in that direction, then resets it. */
  | { kind: "reset"; direction: Direction; afterBytes: number }
  /** Holds everything back; what was held goes on when the link is healed, whoever still waits for it. */
  | { kind: "freeze" }
  /** The port is closed and every connection reset. */
  | { kind: "refuse" }
  /**
   * PostgreSQL only: resets the connection at one of these statements (a prepared one's name, or `COMMIT`), before it
   * reaches the server, or after the server has executed and committed it but before a byte of the answer is back.
   */
  | { kind: "cut_statement"; statements: readonly string[]; executed: boolean; timesMax: number }
>;

type Options = Readonly<{
  port: number;
  targetPort: number;
  /** Makes the counter of unanswered messages for each connection. */
  meter?: () => Meter;
  /** PostgreSQL listens behind: statements can be told apart. */
  isPostgres?: boolean;
}>;

const host = "127.0.0.1";
const throttleSliceMs = 50;
const portRetryMs = 50;

/**
 * A TCP proxy on loopback that can be told to misbehave. Without a fault it is transparent: bytes, ends and resets
 * pass, and while nothing listens behind it, nothing listens here.
 */
export class FaultProxy {
  readonly port: number;
  readonly #options: Options;
  readonly #links = new Set<Link>();
  #server: Server | undefined;
  #isTargetOpen = true;
  #isClosed = false;
  #fault: LinkFault | undefined;
  #thaw = Promise.withResolvers<void>();
  #cutsLeft = 0;
  /** How many connections, chunks or statements the present fault has hit. */
  touched = 0;

  constructor(options: Options) {
    this.#options = options;
    this.port = options.port;
  }

  /** Begins to listen. */
  async open(): Promise<void> {
    while (!this.#isClosed && this.#server === undefined && this.#wantsOpen) {
      const server = createServer({ pauseOnConnect: true, allowHalfOpen: true, noDelay: true }, (client) =>
        this.#accept(client),
      );
      const isListening = await new Promise<boolean>((resolve) => {
        server.once("error", () => resolve(false));
        server.listen({ port: this.port, host, exclusive: true }, () => resolve(true));
      });
      if (isListening && this.#wantsOpen && this.#server === undefined) this.#server = server;
      else {
        if (isListening) server.close();
        // Somebody's outgoing connection may sit on the port for a moment.
        await sleep(portRetryMs);
      }
    }
  }

  get #wantsOpen(): boolean {
    return this.#isTargetOpen && this.#fault?.kind !== "refuse";
  }

  get fault(): LinkFault | undefined {
    return this.#fault;
  }

  /** Messages that were not answered yet, over all connections. */
  get inFlight(): number {
    let count = 0;
    for (const link of this.#links) count += link.inFlight;
    return count;
  }

  /** Misbehaves from now on in this way, in place of whatever it did before. */
  inject(fault: LinkFault): void {
    this.#lift();
    this.#fault = fault;
    this.touched = 0;
    if (fault.kind === "cut_statement") this.#cutsLeft = fault.timesMax;
    if (fault.kind === "refuse") {
      this.touched = this.#links.size;
      this.#shut();
      for (const link of this.#links) link.reset();
    }
  }

  /** Behaves again. Connections that lost bytes are reset. */
  async heal(): Promise<void> {
    this.#lift();
    for (const link of this.#links) if (link.isTainted) link.reset();
    await this.open();
  }

  #lift(): void {
    this.#fault = undefined;
    this.#thaw.resolve();
    this.#thaw = Promise.withResolvers<void>();
  }

  /** Resolves when the fault that is on now has been lifted. */
  get thawed(): Promise<void> {
    return this.#thaw.promise;
  }

  /** Uses up one cut of the present fault if the statement is among those to be cut; answers whether the server may execute it first. */
  takeCut(statements: readonly string[]): "before" | "after" | undefined {
    const fault = this.#fault;
    if (fault?.kind !== "cut_statement" || this.#cutsLeft === 0) return undefined;
    if (!statements.some((statement) => fault.statements.includes(statement))) return undefined;
    this.#cutsLeft--;
    this.touched++;
    return fault.executed ? "after" : "before";
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#lift();
    this.#shut();
    for (const link of this.#links) link.reset();
  }

  #shut(): void {
    this.#server?.close();
    this.#server = undefined;
  }

  #accept(client: Socket): void {
    const server = connect({ port: this.#options.targetPort, host, noDelay: true, allowHalfOpen: true });
    const refused = (error: NodeJS.ErrnoException) => {
      client.resetAndDestroy();
      if (error.code === "ECONNREFUSED") void this.#followTarget();
    };
    server.once("error", refused);
    client.on("error", () => undefined);
    server.once("connect", () => {
      server.off("error", refused);
      const link = new Link(this, client, server, this.#options);
      this.#links.add(link);
      void link.ended.then(() => this.#links.delete(link));
      link.begin();
    });
  }

  /** Nobody listens behind: closes the port here too until somebody does, so that "refused" stays "refused". */
  async #followTarget(): Promise<void> {
    if (!this.#isTargetOpen) return;
    this.#isTargetOpen = false;
    this.#shut();
    while (!this.#isClosed && !(await accepts(this.#options.targetPort))) await sleep(portRetryMs);
    this.#isTargetOpen = true;
    await this.open();
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect({ port, host });
    probe.once("error", () => resolve(false));
    probe.once("connect", () => {
      probe.destroy();
      resolve(true);
    });
  });
}

/** One connection through the proxy: two sockets and the bytes between them. */
class Link {
  /** Bytes were swallowed: what still passes would be out of step. */
  isTainted = false;
  readonly ended: Promise<unknown>;
  readonly #proxy: FaultProxy;
  readonly #meter: Meter | undefined;
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #statements: StatementReader | undefined;
  /** Set once a statement was let through whose answer must not come back. */
  #execution: ReadyReader | undefined;
  readonly #deaf = { to_server: false, to_client: false };

  constructor(proxy: FaultProxy, client: Socket, server: Socket, { meter, isPostgres }: Options) {
    this.#proxy = proxy;
    this.#client = client;
    this.#server = server;
    this.#meter = meter?.();
    this.#statements = isPostgres ? new StatementReader() : undefined;
    const closed = (socket: Socket) => new Promise((resolve) => socket.once("close", resolve));
    this.ended = Promise.all([closed(client), closed(server)]);
  }

  /** Messages whose answer somebody still waits for. */
  get inFlight(): number {
    return this.#client.destroyed ? 0 : (this.#meter?.inFlight ?? 0);
  }

  begin(): void {
    this.#pump(this.#client, this.#server, "to_server");
    this.#pump(this.#server, this.#client, "to_client");
  }

  reset(): void {
    this.#client.resetAndDestroy();
    this.#server.resetAndDestroy();
  }

  #pump(from: Socket, to: Socket, direction: Direction): void {
    let passing: Promise<void> = Promise.resolve();
    from.on("data", (chunk: Buffer) => {
      from.pause();
      passing = this.#pass(chunk, to, direction).then(() => void from.resume());
    });
    from.on("error", () => undefined);
    // What was held back is delivered before the news that its sender has gone.
    from.once("end", () =>
      passing.then(() => {
        if (!this.#deaf[direction]) to.end();
      }),
    );
    from.once("close", (hadError) =>
      passing.then(() => {
        if (hadError) to.resetAndDestroy();
        else to.destroySoon();
      }),
    );
    from.resume();
  }

  async #pass(chunk: Buffer, to: Socket, direction: Direction): Promise<void> {
    if (direction === "to_server") {
      this.#meter?.toServer(chunk);
      const cut = this.#proxy.takeCut(this.#statements?.read(chunk) ?? []);
      if (cut === "before") return this.reset();
      if (cut === "after") this.#execution = new ReadyReader();
    } else if (this.#execution) {
      this.#execution.read(chunk);
      if (this.#execution.isReady) this.reset();
      return;
    }
    const kept = await this.#suffer(chunk, to, direction);
    if (!kept || this.#deaf[direction] || to.destroyed) return;
    await write(to, kept);
    if (direction === "to_client") this.#meter?.toClient(kept);
  }

  /** Applies the present fault to a chunk; answers what of it goes on. */
  async #suffer(chunk: Buffer, to: Socket, direction: Direction): Promise<Buffer | undefined> {
    const { fault } = this.#proxy;
    switch (fault?.kind) {
      case "latency":
        this.#proxy.touched++;
        await sleep(fault.delayMs);
        return chunk;
      case "throttle": {
        this.#proxy.touched++;
        const slice = Math.max(1, Math.floor((fault.bytesPerSecond * throttleSliceMs) / 1_000));
        let sent = 0;
        while (this.#proxy.fault === fault && sent + slice < chunk.length && !to.destroyed) {
          const part = chunk.subarray(sent, sent + slice);
          await write(to, part);
          if (direction === "to_client") this.#meter?.toClient(part);
          sent += slice;
          await sleep(throttleSliceMs);
        }
        return chunk.subarray(sent);
      }
      case "drop":
        if (fault.direction !== direction) return chunk;
        this.#proxy.touched++;
        this.isTainted = true;
        this.#deaf[direction] = true;
        return undefined;
      case "reset": {
        if (fault.direction !== direction) return chunk;
        this.#proxy.touched++;
        await write(to, chunk.subarray(0, fault.afterBytes));
        this.reset();
        return undefined;
      }
      case "freeze":
        this.#proxy.touched++;
        await this.#proxy.thawed;
        return chunk;
      default:
        return chunk;
    }
  }
}

/** Writes and waits until the socket can take more, or is gone. */
function write(to: Socket, chunk: Buffer): Promise<void> {
  if (chunk.length === 0 || to.destroyed || !to.writable || to.write(chunk)) return Promise.resolve();
  return new Promise((resolve) => {
    to.once("drain", resolve);
    to.once("close", () => resolve());
  });
}
