import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { openMallClient, PlatformAway } from "./mall-client.ts";

type Reply = Readonly<{ status: number; code: string; data?: object; retryAfter?: number }>;
type Asked = Readonly<{ atMs: number; headers: IncomingHttpHeaders; body: string }>;

const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((closed) => server.close(closed))));
});

/** A platform that gives these replies, one after the other. */
async function platform(...replies: readonly Reply[]): Promise<{ baseUrl: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const reply = replies[asked.length];
    asked.push({ atMs: performance.now(), headers: request.headers, body });
    if (!reply) {
      response.destroy();
      return;
    }
    const retryAfter =
      reply.retryAfter === undefined ? undefined : { "retry-after": String(reply.retryAfter) };
    response.writeHead(reply.status, {
      "content-type": "application/json",
      connection: "close",
      ...retryAfter,
    });
    response.end(JSON.stringify({ code: reply.code, message: "", data: reply.data ?? {} }));
  });
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const unknown: Reply = { status: 504, code: "PAYMENT_RESULT_UNKNOWN", data: { retryable: true } };
const approval = {
  method: "POST",
  path: "/payments",
  body: { orderId: "order-1" },
  idempotencyKey: "key-1",
  testCode: "TIMEOUT",
} as const;

describe("a mall's client", () => {
  test("sends what is retryable again with the same key, and its test code once", async () => {
    const { baseUrl, asked } = await platform(unknown, unknown, {
      status: 502,
      code: "PAYMENT_NET_CANCELED",
      data: { retryable: false },
    });
    const answer = await openMallClient({ baseUrl, secretKey: "sk_test_x", firstDelayMs: 1 }).send(approval);
    expect(answer).toMatchObject({ status: 502, code: "PAYMENT_NET_CANCELED", tries: 3 });
    expect(asked.map(({ headers }) => headers["idempotency-key"])).toEqual(["key-1", "key-1", "key-1"]);
    expect(asked.map(({ headers }) => headers["paydeck-test-code"])).toEqual([
      "TIMEOUT",
      undefined,
      undefined,
    ]);
    expect(new Set(asked.map(({ body }) => body)).size).toBe(1);
    expect(asked[0]?.headers.authorization).toBe(`Basic ${btoa("sk_test_x:")}`);
  });

  test("takes a no for an answer", async () => {
    const { baseUrl, asked } = await platform({
      status: 422,
      code: "CARD_DECLINED",
      data: { retryable: false },
    });
    expect(await openMallClient({ baseUrl, secretKey: "sk" }).send(approval)).toMatchObject({
      code: "CARD_DECLINED",
      tries: 1,
    });
    expect(asked).toHaveLength(1);
  });

  test("waits as long as Retry-After says", async () => {
    const { baseUrl, asked } = await platform(
      { ...unknown, retryAfter: 1 },
      { status: 200, code: "SUCCESS" },
    );
    await openMallClient({ baseUrl, secretKey: "sk", firstDelayMs: 1 }).send(approval);
    expect((asked[1]?.atMs ?? 0) - (asked[0]?.atMs ?? 0)).toBeGreaterThan(950);
  });

  test("gets over a lost connection, with the same key", async () => {
    const { baseUrl, asked } = await platform(undefined as unknown as Reply, {
      status: 200,
      code: "SUCCESS",
    });
    expect(await openMallClient({ baseUrl, secretKey: "sk", firstDelayMs: 1 }).send(approval)).toMatchObject({
      code: "SUCCESS",
      tries: 2,
    });
    expect(asked[1]?.headers["idempotency-key"]).toBe("key-1");
  });

  test("says that the platform is away when nothing answers", async () => {
    const client = openMallClient({
      baseUrl: "http://127.0.0.1:1",
      secretKey: "sk",
      triesMax: 2,
      firstDelayMs: 1,
    });
    await expect(client.send(approval)).rejects.toBeInstanceOf(PlatformAway);
  });

  test("gives up at the last try and hands on what it heard", async () => {
    const { baseUrl } = await platform(unknown, unknown);
    expect(
      await openMallClient({ baseUrl, secretKey: "sk", triesMax: 2, firstDelayMs: 1 }).send(approval),
    ).toMatchObject({ code: "PAYMENT_RESULT_UNKNOWN", tries: 2 });
  });
});
