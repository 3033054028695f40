import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { findFreePort } from "#scripts/services/free-port.ts";
import { FaultProxy, type LinkFault } from "./fault-proxy.ts";
import { FrameMeter } from "./van-meter.ts";

const cleanUps: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

async function listen(server: Server, port = 0): Promise<number> {
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  cleanUps.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

async function proxyTo(
  targetPort: number,
  options: { isPostgres?: boolean; meter?: () => FrameMeter } = {},
): Promise<FaultProxy> {
  const proxy = new FaultProxy({ port: await findFreePort(), targetPort, ...options });
  await proxy.open();
  cleanUps.push(() => proxy.close());
  return proxy;
}

/** An HTTP server that remembers what it was asked, and a proxy in front of it. */
async function site(): Promise<{
  proxy: FaultProxy;
  done: string[];
  get: (path: string) => Promise<string>;
}> {
  const done: string[] = [];
  const server = createHttpServer((request, response) => {
    done.push(request.url ?? "");
    response.end("a reply of some length");
  });
  const proxy = await proxyTo(await listen(server));
  return {
    proxy,
    done,
    async get(path) {
      try {
        const response = await fetch(`http://127.0.0.1:${proxy.port}${path}`, {
          headers: { connection: "close" },
          signal: AbortSignal.timeout(700),
        });
        return await response.text();
      } catch (error) {
        const cause = (error as { cause?: { code?: string } }).cause;
        return cause?.code ?? (error as Error).name;
      }
    },
  };
}

describe("a link over which HTTP goes", () => {
  const cases: readonly (readonly [LinkFault | undefined, saw: RegExp, executed: boolean])[] = [
    [undefined, /^a reply of some length$/, true],
    [{ kind: "latency", delayMs: 100 }, /^a reply of some length$/, true],
    [{ kind: "throttle", bytesPerSecond: 4_000 }, /^a reply of some length$/, true],
    [{ kind: "throttle", bytesPerSecond: 40 }, /^TimeoutError$/, false],
    [{ kind: "drop", direction: "to_server" }, /^TimeoutError$/, false],
    [{ kind: "drop", direction: "to_client" }, /^TimeoutError$/, true],
    [{ kind: "reset", direction: "to_client", afterBytes: 0 }, /^(ECONNRESET|UND_ERR_SOCKET)$/, true],
    [{ kind: "reset", direction: "to_client", afterBytes: 20 }, /^(ECONNRESET|UND_ERR_SOCKET)$/, true],
    [{ kind: "reset", direction: "to_server", afterBytes: 10 }, /^(ECONNRESET|UND_ERR_SOCKET)$/, false],
    [{ kind: "refuse" }, /^ECONNREFUSED$/, false],
    [{ kind: "freeze" }, /^TimeoutError$/, false],
  ];

  test.each(cases)("%j", async (fault, saw, executed) => {
    const { proxy, done, get } = await site();
    if (fault) proxy.inject(fault);
    expect(await get("/one")).toMatch(saw);
    expect(done).toEqual(executed ? ["/one"] : []);
    await proxy.heal();
    expect(await get("/two")).toBe("a reply of some length");
  });

  test("what was frozen arrives late, even if nobody waits for the answer any more", async () => {
    const { proxy, done, get } = await site();
    proxy.inject({ kind: "freeze" });
    expect(await get("/frozen")).toBe("TimeoutError");
    expect(done).toEqual([]);
    await proxy.heal();
    await expect.poll(() => done).toEqual(["/frozen"]);
  });

  test("nobody listens behind: refused here too, and open again with the one behind", async () => {
    const greet = (socket: Socket) => socket.on("error", () => undefined).end("hello");
    const server = createServer(greet);
    const port = await listen(server);
    const proxy = await proxyTo(port);
    await new Promise((resolve) => server.close(resolve));
    await expect.poll(() => outcomeOf(proxy.port)).toBe("ECONNREFUSED");
    await listen(createServer(greet), port);
    await expect.poll(() => outcomeOf(proxy.port), { timeout: 5_000 }).toBe("hello");
  });
});

function outcomeOf(port: number): Promise<string> {
  return new Promise((resolve) => {
    let heard = "";
    const socket = connect({ port, host: "127.0.0.1" });
    socket.on("data", (chunk) => {
      heard += chunk.toString();
    });
    socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? ""));
    socket.once("close", () => resolve(heard));
  });
}

describe("messages under way", () => {
  test("are counted by frame, in both directions and over cut chunks", async () => {
    let peer: Socket | undefined;
    const proxy = await proxyTo(
      await listen(
        createServer((socket) => {
          peer = socket;
          socket.on("error", () => undefined);
        }),
      ),
      { meter: () => new FrameMeter() },
    );
    const client = connect({ port: proxy.port, host: "127.0.0.1" }).on("error", () => undefined);
    cleanUps.push(() => client.destroy());
    client.write("0005hello0002hi00");
    await expect.poll(() => proxy.inFlight).toBe(2);
    client.write("03you");
    await expect.poll(() => proxy.inFlight).toBe(3);
    peer?.write("0001a0001b");
    await expect.poll(() => proxy.inFlight).toBe(1);
  });
});

describe("a link to PostgreSQL", () => {
  const startup = Buffer.from([0, 0, 0, 8, 0, 3, 0, 0]);
  const message = (type: string, payload: string) => {
    const bytes = Buffer.from(`${type}0000${payload}`, "latin1");
    bytes.writeInt32BE(payload.length + 4, 1);
    return bytes;
  };
  const bind = (statement: string) => message("B", `\0${statement}\0\0\0\0\0\0\0`);
  const sync = message("S", "");
  const ready = message("Z", "I");

  /** A server that answers every Sync and every query when it has "committed" it. */
  async function database() {
    const committed: string[] = [];
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      let heard = "";
      socket.on("data", (chunk: Buffer) => {
        heard += chunk.toString("latin1");
        for (const statement of ["payment-open", "payment-move", "COMMIT"]) {
          if (heard.includes(statement)) committed.push(statement);
        }
        heard = "";
        socket.write(message("C", "INSERT 0 1\0"));
        setTimeout(() => socket.write(ready), 20);
      });
    });
    const proxy = await proxyTo(await listen(server), { isPostgres: true });
    const client = connect({ port: proxy.port, host: "127.0.0.1" });
    cleanUps.push(() => client.destroy());
    let end = "open";
    let answered = 0;
    client.on("data", (chunk: Buffer) => {
      answered += chunk.filter((byte) => byte === "Z".charCodeAt(0)).length;
    });
    client.on("error", (error: NodeJS.ErrnoException) => {
      end = error.code ?? "error";
    });
    client.write(startup);
    await expect.poll(() => answered).toBe(1);
    return { proxy, client, committed, end: () => end, answered: () => answered };
  }

  test("lets other statements pass", async () => {
    const { proxy, client, answered, committed } = await database();
    proxy.inject({ kind: "cut_statement", statements: ["payment-move"], executed: false, timesMax: 1 });
    client.write(Buffer.concat([bind("payment-open"), sync]));
    await expect.poll(answered).toBe(2);
    expect(committed).toEqual(["payment-open"]);
    expect(proxy.touched).toBe(0);
  });

  test("is cut before the server sees the statement", async () => {
    const { proxy, client, end, committed } = await database();
    proxy.inject({ kind: "cut_statement", statements: ["payment-move"], executed: false, timesMax: 1 });
    client.write(Buffer.concat([bind("payment-move"), sync]));
    await expect.poll(end).toBe("ECONNRESET");
    expect(committed).toEqual([]);
    expect(proxy.touched).toBe(1);
  });

  test("is cut after the commit and before the answer", async () => {
    const { proxy, client, end, committed, answered } = await database();
    proxy.inject({ kind: "cut_statement", statements: ["COMMIT"], executed: true, timesMax: 1 });
    client.write(message("Q", "COMMIT\0"));
    await expect.poll(end).toBe("ECONNRESET");
    expect(committed).toEqual(["COMMIT"]);
    expect(answered()).toBe(1);
  });

  test("sees a statement whose bytes come in pieces", async () => {
    const { proxy, client, end } = await database();
    proxy.inject({ kind: "cut_statement", statements: ["payment-move"], executed: false, timesMax: 1 });
    const bytes = bind("payment-move");
    client.write(bytes.subarray(0, 7));
    await sleep(30);
    client.write(bytes.subarray(7));
    await expect.poll(end).toBe("ECONNRESET");
  });
});
