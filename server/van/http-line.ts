import { buildConnector, type Dispatcher, Pool } from "undici";
import type { VanDeadline } from "#server/van/van-gateway.ts";
import {
  errorText,
  type LineAnswer,
  type LineMessage,
  notSentBecause,
  type VanLine,
  type VanOperation,
} from "#server/van/van-line.ts";

/** What goes before every body, apart from what the connection itself needs (host, length). */
export const httpLineHeaders = [
  ["content-type", "application/json; charset=utf-8"],
  ["accept", "application/json"],
] as const;

const connectionsMax = 512;
const answerMaxBytes = 65_536;

/** Marks an error of connecting: no byte of any message was written. */
class NeverConnected extends Error {
  override readonly name = "NeverConnected";
  override readonly cause: Error;
  constructor(cause: Error) {
    super(errorText(cause));
    this.cause = cause;
  }
}

/**
 * HTTP/1.1 with keep-alive, one message at a time on each connection. A connection that the VAN had closed
 * before we wrote is replaced silently by the pool; once writing has begun nothing is ever sent again, and an
 * error then is `lost`, because the VAN may have read it.
 */
export class HttpLine implements VanLine {
  readonly #pool: Pool;
  readonly #pathOf: (operation: VanOperation) => string;
  inFlight = 0;

  constructor(origin: string, pathOf: (operation: VanOperation) => string) {
    const connect = buildConnector({ timeout: 30_000, keepAlive: true });
    this.#pathOf = pathOf;
    this.#pool = new Pool(origin, {
      connections: connectionsMax,
      pipelining: 1,
      // We hang up first: after this, or two seconds before the keep-alive time that the VAN announces.
      keepAliveTimeout: 4_000,
      // Deadlines are ours: from the call to the last byte.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: (options, callback) =>
        connect(options, (error, socket) =>
          error ? callback(new NeverConnected(error), null) : callback(null, socket),
        ),
    });
  }

  call(message: LineMessage, deadline: VanDeadline): Promise<LineAnswer> {
    return new Promise((resolve) => {
      let isSettled = false;
      let controller: Dispatcher.DispatchController | null = null;
      let bytes: Buffer | null = null;
      this.inFlight++;
      const settle = (answer: LineAnswer) => {
        if (isSettled) return;
        isSettled = true;
        clearTimeout(connectTimer);
        clearTimeout(totalTimer);
        this.inFlight--;
        resolve(answer);
      };
      const lose = (because: "timeout" | "reset" | "unreadable", error: string) => {
        settle({ kind: "lost", because, bytes, error });
        controller?.abort(new Error(error));
      };
      const giveUpConnecting = () => {
        if (!controller)
          settle({ kind: "not_sent", because: "connect_timeout", error: "no connection in time" });
      };
      const connectTimer = setTimeout(giveUpConnecting, deadline.connectTimeoutMs);
      const totalTimer = setTimeout(() => {
        giveUpConnecting();
        lose("timeout", "no whole answer in time");
      }, deadline.totalTimeoutMs);

      this.#pool.dispatch(
        {
          path: this.#pathOf(message.operation),
          method: "POST",
          headers: httpLineHeaders.flat(),
          body: message.sent,
          idempotent: false,
        },
        {
          onRequestStart: (started) => {
            if (controller) {
              lose("reset", "the connection was lost while writing");
              started.abort(new Error("a message is written once"));
            } else if (isSettled) {
              started.abort(new Error("given up before writing"));
            } else {
              controller = started;
              clearTimeout(connectTimer);
            }
          },
          onResponseStart: () => {
            bytes ??= Buffer.alloc(0);
          },
          onResponseData: (_, chunk) => {
            bytes = bytes && bytes.length > 0 ? Buffer.concat([bytes, chunk]) : Buffer.from(chunk);
            if (bytes.length > answerMaxBytes) lose("unreadable", "the answer is too long");
          },
          onResponseEnd: () => settle({ kind: "answered", bytes: bytes ?? new Uint8Array() }),
          onResponseError: (_, error) => {
            if (error instanceof NeverConnected)
              settle({ kind: "not_sent", because: notSentBecause(error.cause), error: error.message });
            else if (!controller)
              settle({ kind: "not_sent", because: "unreachable", error: errorText(error) });
            else
              lose(bytes || errorText(error).startsWith("HPE_") ? "unreadable" : "reset", errorText(error));
          },
        },
      );
    });
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}
