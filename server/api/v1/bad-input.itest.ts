import { randomUUID } from "node:crypto";
import { createServer, request as httpRequest, type OutgoingHttpHeaders, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refusals } from "#server/core/refusals.ts";
import { openApiListener, refuseBrokenRequest } from "#server/http/api-listener.ts";
import type { Runtime } from "#server/platform/runtime.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";

// The bad-input matrix of reliability §3, rows 1–31 and 43–48, against a real HTTP server. A number is the matrix row.

let world: TestWorld;
let server: Server;
let port: number;

beforeAll(async () => {
  world = await openTestWorld();
  (globalThis as { paydeckRuntime?: unknown }).paydeckRuntime = {
    ...world.ctx,
    close: async () => undefined,
  } satisfies Runtime;
  server = createServer(openApiListener(world.ctx));
  server.on("clientError", refuseBrokenRequest);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await world.close();
});

type Answer = {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  code: string;
  data: Record<string, unknown>;
};
type Call = { method?: string; path?: string; headers?: OutgoingHttpHeaders; body?: string | Buffer };

function send({ method = "POST", path = "/api/v1/payments", headers = {}, body }: Call): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = httpRequest(
      {
        host: "127.0.0.1",
        port,
        method,
        path,
        headers: { ...(body === undefined ? {} : { "content-length": Buffer.byteLength(body) }), ...headers },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          let read: { code?: string; data?: Record<string, unknown> } = {};
          if (text.startsWith("{")) read = JSON.parse(text);
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text,
            code: read.code ?? "",
            data: read.data ?? {},
          });
        });
      },
    );
    call.on("error", reject);
    call.end(body);
  });
}

const auth = () => ({ authorization: `Basic ${Buffer.from(`${world.secretKey}:`).toString("base64")}` });
const jsonHeaders = () => ({
  ...auth(),
  "content-type": "application/json",
  "idempotency-key": randomUUID(),
});
const order = () => `T-${randomUUID()}`;
const goodBody = () => ({
  orderId: order(),
  amount: 10_000,
  orderName: "클린 코드",
  method: "CARD",
  card: { number: "4330123412341234", expiryYear: "29", expiryMonth: "12" },
});
const approve = (change: Record<string, unknown> = {}, headers: OutgoingHttpHeaders = {}) =>
  send({ headers: { ...jsonHeaders(), ...headers }, body: JSON.stringify({ ...goodBody(), ...change }) });
/** The body with its amount written exactly so. */
const withAmount = (written: string) =>
  send({
    headers: jsonHeaders(),
    body: JSON.stringify({ ...goodBody(), amount: 0 }).replace('"amount":0', `"amount":${written}`),
  });

async function counts() {
  const [rows] = await world.rows<{ payments: number; keys: number; cancels: number }>(
    `SELECT (SELECT count(*)::int FROM payment) AS payments, (SELECT count(*)::int FROM idempotency_key) AS keys, (SELECT count(*)::int FROM payment_cancel) AS cancels`,
  );
  return { ...rows, vanCalls: world.van.calls.length };
}

type Row = readonly [row: string, status: number, codes: readonly string[], call: () => Promise<Answer>];

/** Every row here is refused with a listed code, writes nothing and asks no VAN. */
const refused: readonly Row[] = [
  [
    "1 no Idempotency-Key",
    400,
    ["IDEMPOTENCY_KEY_REQUIRED"],
    () =>
      send({ headers: { ...auth(), "content-type": "application/json" }, body: JSON.stringify(goodBody()) }),
  ],
  ["2 an empty key", 400, ["INVALID_IDEMPOTENCY_KEY"], () => approve({}, { "idempotency-key": "" })],
  [
    "2 a key of 301 characters",
    400,
    ["INVALID_IDEMPOTENCY_KEY"],
    () => approve({}, { "idempotency-key": "k".repeat(301) }),
  ],
  ["2 a key with a tab", 400, ["INVALID_IDEMPOTENCY_KEY"], () => approve({}, { "idempotency-key": "a\tb" })],
  [
    "2 a key beyond ASCII",
    400,
    ["INVALID_IDEMPOTENCY_KEY"],
    () => approve({}, { "idempotency-key": "k\u00e9y" }),
  ],
  [
    "3 two keys",
    400,
    ["INVALID_IDEMPOTENCY_KEY"],
    () => approve({}, { "idempotency-key": ["first", "second"] }),
  ],
  ...["0", "-1", "-0"].map((n): Row => [`9 amount ${n}`, 400, ["INVALID_AMOUNT"], () => withAmount(n)]),
  ...["100.5", "1e21", "1E400", "9007199254740993"].map(
    (n): Row => [`10 amount ${n}`, 400, ["INVALID_AMOUNT"], () => withAmount(n)],
  ),
  ...['"100"', "true", "null", "[100]", "{}"].map(
    (n): Row => [`12 amount ${n}`, 400, ["INVALID_AMOUNT"], () => withAmount(n)],
  ),
  ...["NaN", "0x64", "+100", "01", "９９"].map(
    (n): Row => [`13 amount ${n}`, 400, ["INVALID_REQUEST"], () => withAmount(n)],
  ),
  ...["10000000000", "9223372036854775808"].map(
    (n): Row => [`14 amount ${n}`, 400, ["INVALID_AMOUNT"], () => withAmount(n)],
  ),
  ...["USD", "JPY", "XXX", "krw"].map(
    (currency): Row => [
      `15 currency ${currency}`,
      400,
      ["INVALID_REQUEST", "INVALID_AMOUNT"],
      () => approve({ currency, amount: 10 }),
    ],
  ),
  [
    "16 more tax-free than amount",
    400,
    ["TAX_FREE_AMOUNT_EXCEEDS"],
    () => approve({ taxFreeAmount: 10_001 }),
  ],
  [
    "17 a key twice",
    400,
    ["INVALID_REQUEST"],
    () =>
      send({
        headers: jsonHeaders(),
        body: JSON.stringify(goodBody()).replace('"amount":10000', '"amount":100,"amount":99999'),
      }),
  ],
  [
    "17 a key twice, once escaped",
    400,
    ["INVALID_REQUEST"],
    () =>
      send({
        headers: jsonHeaders(),
        body: JSON.stringify(goodBody()).replace('"amount":10000', '"amount":100,"\\u0061mount":99999'),
      }),
  ],
  [
    "18 __proto__",
    400,
    ["INVALID_REQUEST"],
    () =>
      send({
        headers: jsonHeaders(),
        body: JSON.stringify(goodBody()).replace("{", '{"__proto__":{"admin":true},'),
      }),
  ],
  [
    "18 constructor",
    400,
    ["INVALID_REQUEST"],
    () => approve({ constructor: { prototype: { admin: true } } }),
  ],
  ...[{ status: "DONE" }, { fee: 0 }, { mallId: "other" }].map(
    (extra): Row => [`19 extra ${Object.keys(extra)[0]}`, 400, ["INVALID_REQUEST"], () => approve(extra)],
  ),
  ["20 a body of 65 KiB", 413, ["REQUEST_TOO_LARGE"], () => approve({ orderName: "x".repeat(65 * 1024) })],
  ["20 a body of 10 MB", 413, ["REQUEST_TOO_LARGE"], () => approve({ orderName: "x".repeat(10_000_000) })],
  [
    "20 a compressed body",
    415,
    ["UNSUPPORTED_MEDIA_TYPE"],
    () =>
      send({
        headers: { ...jsonHeaders(), "content-encoding": "gzip" },
        body: gzipSync(JSON.stringify(goodBody())),
      }),
  ],
  [
    "21 nesting 10,000 deep",
    400,
    ["INVALID_REQUEST"],
    () => send({ headers: jsonHeaders(), body: `${"[".repeat(10_000)}${"]".repeat(10_000)}` }),
  ],
  [
    "22 invalid UTF-8",
    400,
    ["INVALID_REQUEST"],
    () =>
      send({
        headers: jsonHeaders(),
        body: Buffer.concat([Buffer.from('{"orderId":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]),
      }),
  ],
  [
    "22 a byte order mark",
    400,
    ["INVALID_REQUEST"],
    () => send({ headers: jsonHeaders(), body: `\ufeff${JSON.stringify(goodBody())}` }),
  ],
  [
    "22 UTF-16",
    400,
    ["INVALID_REQUEST"],
    () => send({ headers: jsonHeaders(), body: Buffer.from(JSON.stringify(goodBody()), "utf16le") }),
  ],
  [
    "22 an EUC-KR body",
    400,
    ["INVALID_REQUEST"],
    () =>
      send({ headers: jsonHeaders(), body: Buffer.from([0x7b, 0x22, 0xb0, 0xa1, 0x22, 0x3a, 0x31, 0x7d]) }),
  ],
  [
    "22 charset euc-kr",
    415,
    ["UNSUPPORTED_MEDIA_TYPE"],
    () => approve({}, { "content-type": "application/json; charset=euc-kr" }),
  ],
  ["23 NUL", 400, ["INVALID_REQUEST"], () => approve({ orderName: "a\u0000b" })],
  ["23 NUL in metadata", 400, ["INVALID_REQUEST"], () => approve({ metadata: { note: "a\u0000b" } })],
  [
    "24 a lone surrogate",
    400,
    ["INVALID_REQUEST"],
    () => send({ headers: jsonHeaders(), body: JSON.stringify(goodBody()).replace("클린 코드", "\\ud800") }),
  ],
  ...[
    "ÅÅÅÅÅÅ",
    "А12345",
    "ab\u200bcdef",
    "ab\u202ecdef",
    "😀😀😀😀😀😀",
    "abc\ndef",
    "short",
    "x".repeat(65),
  ].map(
    (orderId): Row => [
      `25 orderId ${JSON.stringify(orderId)}`,
      400,
      ["INVALID_ORDER_ID", "INVALID_REQUEST"],
      () => approve({ orderId }),
    ],
  ),
  [
    "26 an orderName of 101 characters",
    400,
    ["INVALID_REQUEST"],
    () => approve({ orderName: "가".repeat(101) }),
  ],
  ["26 an orderName of spaces", 400, ["INVALID_REQUEST"], () => approve({ orderName: "   " })],
  [
    "29 an array for the body",
    400,
    ["INVALID_REQUEST"],
    () => send({ headers: jsonHeaders(), body: JSON.stringify([goodBody()]) }),
  ],
  ["29 an array for the card", 400, ["INVALID_REQUEST"], () => approve({ card: [] })],
  [
    "29 a million elements",
    413,
    ["REQUEST_TOO_LARGE"],
    () => approve({ metadata: Array.from({ length: 1_000_000 }, () => 1) }),
  ],
  ["30 text/plain", 415, ["UNSUPPORTED_MEDIA_TYPE"], () => approve({}, { "content-type": "text/plain" })],
  [
    "30 multipart",
    415,
    ["UNSUPPORTED_MEDIA_TYPE"],
    () => approve({}, { "content-type": "multipart/form-data; boundary=x" }),
  ],
  [
    "30 no content type",
    415,
    ["UNSUPPORTED_MEDIA_TYPE"],
    () => send({ headers: { ...auth(), "idempotency-key": randomUUID() }, body: JSON.stringify(goodBody()) }),
  ],
  ["30 PUT", 405, ["METHOD_NOT_ALLOWED"], () => send({ method: "PUT", headers: jsonHeaders(), body: "{}" })],
  ["30 DELETE", 405, ["METHOD_NOT_ALLOWED"], () => send({ method: "DELETE", headers: auth() })],
  ...[
    "/api/v1/payments/",
    "/api/v1//payments",
    "/api/v1/payments/..;/payments",
    "/api/v1/x/%2e%2e/payments",
    "/api/v1/x/../payments",
    "/api/v1/payments.rsc",
    "/api/v1/nothing",
    "/api/v1/payments?_rsc=1",
  ].map(
    (path): Row => [
      `31 ${path}`,
      404,
      ["NOT_FOUND"],
      () => send({ path, headers: jsonHeaders(), body: JSON.stringify(goodBody()) }),
    ],
  ),
  [
    "32 no key of a mall",
    401,
    ["UNAUTHORIZED_KEY"],
    () =>
      send({
        headers: { "content-type": "application/json", "idempotency-key": "k" },
        body: JSON.stringify(goodBody()),
      }),
  ],
  [
    "32 an unknown key",
    401,
    ["UNAUTHORIZED_KEY"],
    () => approve({}, { authorization: `Bearer sk_test_${"z".repeat(40)}` }),
  ],
  [
    "34 lenient base64",
    401,
    ["UNAUTHORIZED_KEY"],
    () =>
      approve({}, { authorization: `Basic !!!!${Buffer.from(`${world.secretKey}:`).toString("base64")}` }),
  ],
  [
    "43 a payment that is not there",
    404,
    ["NOT_FOUND_PAYMENT"],
    () => send({ method: "GET", path: "/api/v1/payments/pay_01KAN3S4T5Q2W8XJ6RDN3B7ZC4", headers: auth() }),
  ],
  ...[
    "limit=-1",
    "limit=1000000000",
    "limit=abc",
    "limit=0",
    "limit=101",
    "cursor=tampered",
    "sort=password",
    "status=NOPE",
    "method=CASH",
    "from=2026-11-23&to=2026-11-01",
    "from=2016-01-01&to=2026-11-22",
    "from=2026-02-30&to=2026-03-02",
    "from=2026-11-22T00:00&to=2026-11-23",
    "to=2026-11-22",
    "limit=1&limit=2",
  ].map(
    (query): Row => [
      `44 ?${query}`,
      400,
      ["INVALID_REQUEST"],
      () =>
        send({
          method: "GET",
          path: `/api/v1/payments?${query.includes("from=") || query.startsWith("to=") ? query : `from=2026-11-01&to=2026-11-22&${query}`}`,
          headers: auth(),
        }),
    ],
  ),
];

describe("is refused, changes nothing and asks no VAN", () => {
  test.each(refused.map((row) => [row[0], row] as const))("%s", async (_, [, status, codes, call]) => {
    const before = await counts();
    const answer = await call();
    expect({ status: answer.status, code: answer.code }).toEqual({
      status,
      code: expect.stringMatching(new RegExp(`^(${codes.join("|")})$`)),
    });
    expect(refusals).toHaveProperty(answer.code);
    expect(answer.data).toMatchObject({ traceId: answer.headers["paydeck-trace-id"], retryable: false });
    expect(await counts()).toEqual(before);
  });
});

describe("what is not even a request", () => {
  test.each([
    ["2 a key with a control character", "idempotency-key: a\u0001b", 400, "INVALID_REQUEST"],
    ["64 a header of 20 KB", `x-large: ${"x".repeat(20_000)}`, 431, "REQUEST_TOO_LARGE"],
  ])("%s wears the envelope too", async (_, header, status, code) => {
    const before = await counts();
    const text = await new Promise<string>((resolve, reject) => {
      const socket = connect(port, "127.0.0.1", () =>
        socket.write(`POST /api/v1/payments HTTP/1.1\r\nhost: x\r\n${header}\r\n\r\n`),
      );
      let answer = "";
      socket.on("data", (bytes: Buffer) => {
        answer += bytes.toString("utf8");
      });
      socket.on("close", () => resolve(answer));
      socket.on("error", reject);
    });
    expect(text).toContain(`HTTP/1.1 ${status} `);
    expect(JSON.parse(text.split("\r\n\r\n")[1] ?? "")).toMatchObject({ code, data: { retryable: false } });
    expect(text).toMatch(/paydeck-trace-id: [0-9a-f]{32}/);
    expect(await counts()).toEqual(before);
  });
});

describe("is accepted", () => {
  test.each(["100.0", "1e2", "100"])(
    "11 amount %s is 100, and a retry written otherwise is the same request",
    async (written) => {
      const key = randomUUID();
      const orderId = order();
      const body = (amount: string) =>
        JSON.stringify({ ...goodBody(), orderId, amount: 0 }).replace('"amount":0', `"amount":${amount}`);
      const first = await send({
        headers: { ...jsonHeaders(), "idempotency-key": key },
        body: body(written),
      });
      expect(first).toMatchObject({ status: 200, data: { amount: 100 } });
      const again = await send({
        headers: { ...jsonHeaders(), "idempotency-key": key },
        body: body("1.0e2"),
      });
      expect(again.text).toBe(first.text);
      expect(again.headers["idempotent-replayed"]).toBe("true");
    },
  );

  test("26 a name of 100 Korean letters and of emoji is stored whole", async () => {
    for (const orderName of ["가".repeat(100), "😀 똠방각하 ㄱㄴㄷ"])
      expect(await approve({ orderName })).toMatchObject({ status: 200, data: { orderName } });
  });

  test.each([
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "{{7*7}}",
    "$" + "{jndi:ldap://x}",
    "%0d%0aSet-Cookie: a=b",
    "' OR 1=1--",
  ])("27, 28 %s is text", async (orderName) => {
    expect(await approve({ orderName, metadata: { note: orderName } })).toMatchObject({
      status: 200,
      data: { orderName, metadata: { note: orderName } },
    });
  });

  test("both ways to say the secret key", async () => {
    expect((await approve({}, { authorization: `Bearer ${world.secretKey}` })).status).toBe(200);
    expect((await approve()).status).toBe(200);
  });

  test("English sentences for who prefers English", async () => {
    const answer = await approve({ amount: 0 }, { "accept-language": "en-US,en;q=0.9" });
    expect(JSON.parse(answer.text).message).toBe(refusals.INVALID_AMOUNT.en);
  });
});

describe("idempotency", () => {
  test("4 the same key with another amount", async () => {
    const headers = jsonHeaders();
    const body = goodBody();
    expect((await send({ headers, body: JSON.stringify(body) })).status).toBe(200);
    expect(await send({ headers, body: JSON.stringify({ ...body, amount: 20_000 }) })).toMatchObject({
      status: 422,
      code: "IDEMPOTENCY_KEY_REUSED",
    });
  });

  test("5 and 6 the same key while the first runs, and after it", async () => {
    let finish = () => {};
    const held = new Promise<void>((resolve) => {
      finish = resolve;
    });
    world.van.next.approve.push(() => held);
    const headers = jsonHeaders();
    const body = JSON.stringify(goodBody());
    const first = send({ headers, body });
    await expect.poll(() => world.van.calls.at(-1)?.orderId).toBe(JSON.parse(body).orderId);
    const during = await send({ headers, body });
    expect(during).toMatchObject({
      status: 409,
      code: "IDEMPOTENT_REQUEST_PROCESSING",
      data: { retryable: true },
    });
    expect(during.headers["retry-after"]).toBe("1");
    finish();
    const done = await first;
    const after = await send({ headers, body });
    expect(after.text).toBe(done.text);
    expect(after.headers["idempotent-replayed"]).toBe("true");
  });

  test("7 the same key of another mall is another key", async () => {
    const otherKey = `sk_test_${"Z9".repeat(20)}`;
    await world.rows(
      `INSERT INTO mall (id, name, business_number) VALUES ('mall_OTHER', '다른 가게', '1') ON CONFLICT DO NOTHING`,
    );
    await world.rows(
      `INSERT INTO api_key (id, mall_id, name, key_hash, prefix, last_four) VALUES ('key_OTHER', 'mall_OTHER', 'x', $1, 'sk_test', 'Z9Z9')`,
      [world.ctx.keys.hashSecretKey(otherKey)],
    );
    await world.rows(
      `INSERT INTO mall_van_route (mall_id, van_code, weight) VALUES ('mall_OTHER', 'SBX1', 1)`,
    );
    const headers = jsonHeaders();
    const body = JSON.stringify(goodBody());
    const mine = await send({ headers, body });
    const theirs = await send({ headers: { ...headers, authorization: `Bearer ${otherKey}` }, body });
    expect(theirs.status).toBe(200);
    expect(theirs.data.paymentKey).not.toBe(mine.data.paymentKey);
    // 43: what another mall owns is not found, by key and by order.
    for (const path of [`/api/v1/payments/${mine.data.paymentKey}`, `/api/v1/payments?orderId=${order()}`]) {
      expect(
        await send({ method: "GET", path, headers: { authorization: `Bearer ${otherKey}` } }),
      ).toMatchObject({ status: 404, code: "NOT_FOUND_PAYMENT" });
    }
    expect(
      await send({
        path: `/api/v1/payments/${mine.data.paymentKey}/cancel`,
        headers: { ...headers, authorization: `Bearer ${otherKey}` },
        body: '{"reason":"x"}',
      }),
    ).toMatchObject({ status: 404, code: "NOT_FOUND_PAYMENT" });
  });

  test("8 a new key for a live order", async () => {
    const body = goodBody();
    await approve(body);
    expect(await approve(body)).toMatchObject({ status: 409, code: "DUPLICATED_ORDER_ID" });
  });
});

describe("cancel", () => {
  const cancel = (paymentKey: unknown, body: unknown) =>
    send({
      path: `/api/v1/payments/${paymentKey}/cancel`,
      headers: jsonHeaders(),
      body: JSON.stringify(body),
    });

  test("45 and 46 more than is left, and what is cancelled already", async () => {
    const { data } = await approve();
    expect(await cancel(data.paymentKey, { reason: "x", amount: 10_001 })).toMatchObject({
      status: 409,
      code: "NOT_CANCELABLE_AMOUNT",
      data: { currentCancelableAmount: 10_000 },
    });
    expect(await cancel(data.paymentKey, { reason: "x", currentCancelableAmount: 9_000 })).toMatchObject({
      status: 409,
      code: "CANCELABLE_AMOUNT_MISMATCH",
    });
    expect((await cancel(data.paymentKey, { reason: "x" })).status).toBe(200);
    expect(await cancel(data.paymentKey, { reason: "x" })).toMatchObject({
      status: 409,
      code: "ALREADY_CANCELED_PAYMENT",
    });
  });

  test("47 while the approval is unknown, and while the cancel before it is", async () => {
    world.van.next.approve.push("timeout_but_done");
    world.van.next.netCancel.push("timeout");
    const unknown = await approve();
    expect(unknown.status).toBe(504);
    expect(await cancel(unknown.data.paymentKey, { reason: "x" })).toMatchObject({
      status: 409,
      code: "PAYMENT_LOCKED",
    });
    const { data } = await approve();
    world.van.next.cancel.push("timeout");
    expect((await cancel(data.paymentKey, { reason: "x", amount: 100 })).status).toBe(504);
    expect(await cancel(data.paymentKey, { reason: "x" })).toMatchObject({
      status: 409,
      code: "PREVIOUS_CANCEL_NOT_COMPLETE",
    });
  });

  test.each([
    ["empty", ""],
    ["201 characters", "가".repeat(201)],
    ["spaces", "   "],
    ["control characters", "a\u0007b"],
  ])("48 a reason of %s", async (_, reason) => {
    const { data } = await approve();
    const before = await counts();
    expect(await cancel(data.paymentKey, { reason })).toMatchObject({
      status: 400,
      code: "INVALID_REQUEST",
      data: { field: "reason" },
    });
    expect(await counts()).toEqual(before);
  });
});
