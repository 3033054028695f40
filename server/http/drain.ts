import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { Server as NetServer, type Socket } from "node:net";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { refusalReply } from "#server/core/envelope.ts";
import { newTraceId } from "#server/core/ids.ts";
import type { Lifecycle } from "#server/platform/lifecycle.ts";

/** How long a client has to close a connection after it was told goodbye. */
const goodbyeMs = 3_000;

/** Under a storm of new connections the queue is never empty: so long the door stays open for it, and no longer. */
const acceptMaxMs = 10_000;

type Connection = {
  requests: Set<ServerResponse>;
  /** Bytes read when nothing was under way: more of them since means that a request is arriving. */
  bytesAtRest: number;
  isUpgraded: boolean;
  isDismissed: boolean;
};

export type Drain = Readonly<{
  /**
   * Call first for each request. False: its connection was told goodbye before the request was read, so the request is
   * answered already (503, nothing was done) and must not be served.
   */
  admits(incoming: IncomingMessage, outgoing: ServerResponse): boolean;
  /** Stops the server without cutting anybody off. True when all was finished in time. */
  finish(): Promise<boolean>;
}>;

/**
 * Ends a server so that each request that was written gets an answer (reliability §2, 5). From `finish` on readiness is
 * 503 and every answer carries `Connection: close`, while new connections are still taken for `delayMs`, so that a
 * balancer notices first. Then listening stops, idle connections are told goodbye, and what is under way is finished
 * for up to `maxMs`.
 *
 * Closing an idle connection is the one moment in which a client may be writing to it already. The goodbye is therefore
 * a complete answer (503 MAINTENANCE, to be sent again): a client that has just written takes it for what it is, and one
 * that has not closes its connection.
 */
export function openDrain(
  server: Server,
  { lifecycle, delayMs, maxMs }: { lifecycle: Lifecycle; delayMs: number; maxMs: number },
): Drain {
  const connections = new Map<Socket, Connection>();
  let accepted = 0;
  let isClosed = false;
  server.on("connection", (socket) => {
    accepted++;
    connections.set(socket, {
      requests: new Set(),
      bytesAtRest: 0,
      isUpgraded: false,
      isDismissed: false,
    });
    socket.once("close", () => connections.delete(socket));
  });
  server.on("upgrade", (incoming: IncomingMessage) => {
    const connection = connections.get(incoming.socket);
    if (connection) connection.isUpgraded = true;
  });

  /**
   * Whoever has connected stands in the kernel's queue until the event loop takes him in, one at a turn; closing the door
   * resets those who still stand there. A turn that took nobody in has found the queue empty.
   */
  const takeInWhoWaits = async () => {
    const deadlineMs = performance.now() + Math.min(acceptMaxMs, maxMs);
    for (let before = -1; before !== accepted && performance.now() < deadlineMs; ) {
      before = accepted;
      await nextTurn();
      await nextTurn();
    }
  };

  /** Ends a connection on which nothing is under way. */
  const dismissIfIdle = (socket: Socket, connection: Connection) => {
    if (connection.isUpgraded) socket.destroy();
    else if (
      !connection.isDismissed &&
      connection.requests.size === 0 &&
      connection.bytesAtRest === socket.bytesRead
    ) {
      connection.isDismissed = true;
      socket.end(goodbye());
      setTimeout(() => socket.destroy(), goodbyeMs).unref();
    }
  };

  return {
    admits(incoming, outgoing) {
      const connection = connections.get(incoming.socket);
      if (!connection) return true;
      if (connection.isDismissed) return false;
      connection.requests.add(outgoing);
      outgoing.once("close", () => {
        connection.requests.delete(outgoing);
        connection.bytesAtRest = incoming.socket.bytesRead;
      });
      if (lifecycle.draining) outgoing.setHeader("connection", "close");
      return true;
    },
    async finish() {
      lifecycle.startDraining();
      for (const { requests } of connections.values())
        for (const outgoing of requests) if (!outgoing.headersSent) outgoing.setHeader("connection", "close");
      await sleep(delayMs);
      const deadlineMs = performance.now() + maxMs;
      await takeInWhoWaits();
      // Not the server's own `close`: it cuts idle connections off without a word.
      NetServer.prototype.close.call(server, () => {
        isClosed = true;
      });
      while (connections.size > 0 && performance.now() < deadlineMs) {
        for (const [socket, connection] of connections) dismissIfIdle(socket, connection);
        await sleep(25);
      }
      const isClean = connections.size === 0;
      for (const socket of connections.keys()) socket.destroy();
      while (!isClosed) await sleep(5);
      return isClean;
    },
  };
}

/** The last answer on an idle connection. */
function goodbye(): string {
  const traceId = newTraceId();
  const { status, body } = refusalReply("MAINTENANCE", {}, "ko", traceId);
  return [
    `HTTP/1.1 ${status} Service Unavailable`,
    "content-type: application/json; charset=utf-8",
    `content-length: ${Buffer.byteLength(body)}`,
    "cache-control: no-store",
    "retry-after: 1",
    `paydeck-trace-id: ${traceId}`,
    "connection: close",
    "",
    body,
  ].join("\r\n");
}
