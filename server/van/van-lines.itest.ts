import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { openSbx1 } from "./sbx1/sbx1-van.ts";
import { openSbx2 } from "./sbx2/sbx2-van.ts";
import type { ApprovalRequest, VanDeadline, VanGateway, VanOriginal } from "./van-gateway.ts";

/** The lines against a peer that behaves as no sandbox VAN does: what the network, and a stranger, can do. */

const original: VanOriginal = {
  traceNo: "0AB1CD2EF3GH4JK5MN6P",
  mallId: "mall_1",
  orderId: "order-000001",
  amountMinor: 15_000n,
  currency: "KRW",
  requestedAt: new Date(),
};
const request: ApprovalRequest = {
  original,
  orderName: "커피",
  taxFreeMinor: 0n,
  vatMinor: 1_364n,
  card: { number: "4330123412341234", expiryYear: "2030", expiryMonth: "07", installmentMonths: 0 },
};
const deadline: VanDeadline = { connectTimeoutMs: 400, totalTimeoutMs: 600 };

const open: { gateways: VanGateway[]; servers: Server[]; sockets: Set<Socket> } = {
  gateways: [],
  servers: [],
  sockets: new Set(),
};

afterEach(async () => {
  for (const gateway of open.gateways.splice(0)) await gateway.close();
  for (const socket of open.sockets) socket.destroy();
  for (const server of open.servers.splice(0)) server.close();
});

/** A peer that hands every chunk of bytes to `onBytes`. Returns its port and how many chunks carried a message. */
async function aPeer(onBytes: (socket: Socket, bytes: Buffer, message: number) => void) {
  const seen = { messages: 0, connections: 0 };
  const server = createServer((socket) => {
    open.sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => open.sockets.delete(socket));
    let isFirst = true;
    socket.on("data", (bytes: Buffer) => {
      if (isFirst) seen.connections++;
      isFirst = false;
      onBytes(socket, bytes, ++seen.messages);
    });
  });
  open.servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: (server.address() as AddressInfo).port, seen };
}

const strays: string[] = [];
const protocols = {
  SBX1: {
    openAt: (port: number) => openSbx1(`http://127.0.0.1:${port}`, () => undefined),
    answer: (change: Record<string, unknown> = {}) => {
      const body = Buffer.from(
        JSON.stringify({
          resultCode: "0000",
          resultMessage: "정상",
          traceNo: original.traceNo,
          mallId: "mall_1",
          orderId: "order-000001",
          amount: 15_000,
          approvalNo: "30418827",
          issuerCode: "01",
          issuerName: "신한카드",
          ...change,
        }),
      );
      return Buffer.concat([
        Buffer.from(
          `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nkeep-alive: timeout=60\r\ncontent-length: ${body.length}\r\n\r\n`,
        ),
        body,
      ]);
    },
  },
  SBX2: {
    openAt: (port: number) =>
      openSbx2(
        `tcp://127.0.0.1:${port}`,
        () => undefined,
        (traceNo) => strays.push(traceNo),
      ),
    answer: (change: Record<string, unknown> = {}) => {
      const said = {
        traceNo: original.traceNo,
        mallId: "mall_1",
        orderId: "order-000001",
        amount: 15_000,
        ...change,
      };
      const text = `021000${said.traceNo}20261122143207${said.mallId.padEnd(40)}${said.orderId.padEnd(64)}0000${String(said.amount).padStart(12, "0")}30418827${"01"}${"SHINHAN".padEnd(20)}${String(change.resultMessage ?? "OK").padEnd(40)}`;
      return Buffer.from(String(text.length).padStart(4, "0") + text);
    },
  },
} as const;

describe.each(["SBX1", "SBX2"] as const)("%s", (code) => {
  const { openAt, answer } = protocols[code];
  const gatewayAt = (port: number) => {
    const gateway = openAt(port);
    open.gateways.push(gateway);
    return gateway;
  };

  test("believes an answer that agrees", async () => {
    const { port } = await aPeer((socket) => socket.write(answer()));
    expect(await gatewayAt(port).approve(request, deadline)).toMatchObject({
      kind: "approved",
      approvalNo: "30418827",
    });
  });

  test.each([
    ["mall", { mallId: "mall_2" }],
    ["order", { orderId: "order-000002" }],
    ["amount", { amount: 15_001 }],
  ])("another %s in the answer is a mismatch", async (_, change) => {
    const { port } = await aPeer((socket) => socket.write(answer(change)));
    const outcome = await gatewayAt(port).approve(request, deadline);
    expect(outcome).toMatchObject({ kind: "unknown", because: "mismatch" });
    expect(outcome.exchange.responseBytes?.length).toBeGreaterThan(0);
  });

  test("another trace number never becomes our approval", async () => {
    const { port } = await aPeer((socket) => socket.write(answer({ traceNo: "0AB1CD2EF3GH4JK5MN6Q" })));
    strays.length = 0;
    const outcome = await gatewayAt(port).approve(request, deadline);
    expect(outcome).toMatchObject({ kind: "unknown", because: code === "SBX1" ? "mismatch" : "timeout" });
    if (code === "SBX2") expect(strays).toEqual(["0AB1CD2EF3GH4JK5MN6Q"]);
  });

  test("a slow drip does not extend the deadline", async () => {
    const { port } = await aPeer((socket) => {
      let at = 0;
      const timer = setInterval(() => {
        if (socket.destroyed || at >= answer().length) clearInterval(timer);
        else socket.write(answer().subarray(at, ++at));
      }, 200);
    });
    const startedMs = performance.now();
    expect(await gatewayAt(port).approve(request, deadline)).toMatchObject({
      kind: "unknown",
      because: "timeout",
    });
    // The whole answer would take half a minute and more.
    expect(performance.now() - startedMs).toBeLessThan(15_000);
  });

  test("nobody there is not sent", async () => {
    const { port } = await aPeer(() => undefined);
    open.servers.at(-1)?.close();
    const outcome = await gatewayAt(port).approve(request, deadline);
    expect(outcome).toMatchObject({
      kind: "not_sent",
      because: "refused",
      exchange: { error: "ECONNREFUSED", responseBytes: null },
    });
  });

  test("a closed connection before the first byte of an answer is unknown, and the message is never sent again", async () => {
    const { port, seen } = await aPeer((socket) => socket.resetAndDestroy());
    expect(await gatewayAt(port).approve(request, deadline)).toMatchObject({
      kind: "unknown",
      because: "reset",
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(seen.messages).toBe(1);
  });

  test("an idle connection that the VAN has closed is replaced", async () => {
    const { port, seen } = await aPeer((socket) => socket.write(answer()));
    const gateway = gatewayAt(port);
    expect((await gateway.approve(request, deadline)).kind).toBe("approved");
    for (const socket of open.sockets) socket.end();
    await new Promise((resolve) => setTimeout(resolve, 50));
    for (let i = 0; i < 3; i++) expect((await gateway.approve(request, deadline)).kind).toBe("approved");
    expect(seen.connections).toBeGreaterThanOrEqual(2);
    expect(seen.messages).toBe(4);
  });

  test("a connection that has gone silent is not used for the next message", async () => {
    let silent = true;
    const { port, seen } = await aPeer((socket) => {
      if (!silent) socket.write(answer());
    });
    const gateway = gatewayAt(port);
    for (let i = 0; i < 2; i++) expect((await gateway.approve(request, deadline)).kind).toBe("unknown");
    silent = false;
    expect((await gateway.approve(request, deadline)).kind).toBe("approved");
    expect(seen.connections).toBe(3);
  });

  test("a card number or expiry that comes back is masked before anyone keeps it", async () => {
    const { port } = await aPeer((socket) =>
      socket.write(answer({ resultMessage: "card 4330123412341234 exp:3007" })),
    );
    const outcome = await gatewayAt(port).approve(request, deadline);
    expect(outcome).toMatchObject({
      kind: "approved",
      exchange: { responseMessage: "card 433012******1234 exp:****" },
    });
    const kept = Buffer.from(outcome.exchange.responseBytes ?? []).toString("latin1");
    expect(kept).toContain("card 433012******1234 exp:****");
    expect(kept).not.toContain("4330123412341234");
  });

  test("bytes of another protocol are unknown", async () => {
    const { port } = await aPeer((socket) => socket.write("SSH-2.0-OpenSSH_9.2\r\n"));
    const outcome = await gatewayAt(port).approve(request, deadline);
    expect(outcome.kind).toBe("unknown");
  });

  test("a hundred calls share connections and one that is closed under them settles each once", async () => {
    const { port } = await aPeer((socket, _, message) => {
      if (message > 1) socket.destroy();
    });
    const gateway = gatewayAt(port);
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, () => gateway.netCancel({ original }, deadline)),
    );
    expect(outcomes.every(({ kind }) => kind === "unknown" || kind === "not_sent")).toBe(true);
    expect(gateway.health().inFlight).toBe(0);
  });
});
