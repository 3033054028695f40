import { createServer, type RequestListener, type Server } from "node:http";
import { afterEach, expect, test } from "vitest";
import { failureOf, openPostWebhook } from "#server/webhooks/post-webhook.ts";

let server: Server | undefined;

async function receive(answer: RequestListener): Promise<string> {
  server = createServer(answer);
  await new Promise<void>((settle) => server?.listen(0, "127.0.0.1", settle));
  return `http://127.0.0.1:${(server.address() as { port: number }).port}/hook`;
}

afterEach(
  () =>
    new Promise<void>((settle) => {
      server?.closeAllConnections();
      server ? server.close(() => settle()) : settle();
      server = undefined;
    }),
);

const post = openPostWebhook(["127.0.0.1"]);

test("sends the body and headers as they were signed", async () => {
  const seen: { headers: Record<string, unknown>; body: string }[] = [];
  const url = await receive(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    seen.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
    response.writeHead(204).end();
  });
  const result = await post(url, { "webhook-id": "evt_1" }, '{"orderName":"클린 코드"}');
  expect(result).toMatchObject({ kind: "answered", status: 204, body: "" });
  expect(failureOf(result)).toBeNull();
  expect(seen).toMatchObject([{ body: '{"orderName":"클린 코드"}', headers: { "webhook-id": "evt_1" } }]);
});

test("follows no redirect", async () => {
  let requests = 0;
  const url = await receive((_request, response) => {
    requests++;
    response.writeHead(302, { location: "http://169.254.169.254/latest/meta-data" }).end();
  });
  const result = await post(url, {}, "{}");
  expect(result).toMatchObject({ kind: "answered", status: 302 });
  expect(failureOf(result)).toContain("redirects are not followed");
  expect(requests).toBe(1);
});

test("keeps 4 KiB of a large answer and stops reading an endless one", async () => {
  const url = await receive((_request, response) => {
    response.writeHead(200);
    const pour = () => {
      while (!response.destroyed && response.write("가".repeat(4_096)));
      if (!response.destroyed) response.once("drain", pour);
    };
    pour();
  });
  const result = await post(url, {}, "{}");
  expect(result).toMatchObject({ kind: "answered", status: 200 });
  if (result.kind !== "answered") throw new Error("no answer");
  expect(Buffer.byteLength(result.body)).toBeLessThanOrEqual(4_096);
  expect(result.body.startsWith("가가가")).toBe(true);
});

test("keeps text that PostgreSQL can store", async () => {
  const url = await receive((_request, response) => {
    response.writeHead(500);
    response.end(Buffer.concat([Buffer.from("a\0b"), Buffer.alloc(5_000, 0xff)]));
  });
  const result = await post(url, {}, "{}");
  if (result.kind !== "answered") throw new Error("no answer");
  expect(result.body).not.toContain("\0");
  expect(result.body.startsWith("ab\ufffd")).toBe(true);
  expect(Buffer.byteLength(result.body)).toBeLessThanOrEqual(4_096);
});

test("takes a status as the answer, and waits two seconds at most for a body that drips", async () => {
  const url = await receive((_request, response) => {
    response.writeHead(200);
    const drip = setInterval(() => response.write("."), 100);
    response.on("close", () => clearInterval(drip));
  });
  const result = await post(url, {}, "{}");
  expect(result).toMatchObject({ kind: "answered", status: 200 });
  expect(result.durationMs).toBeGreaterThan(1_500);
  expect(result.durationMs).toBeLessThan(9_000);
});

test("gives up after ten seconds without a status", { timeout: 30_000 }, async () => {
  const url = await receive(() => undefined);
  const result = await post(url, {}, "{}");
  expect(result).toMatchObject({ kind: "unreachable", error: "timeout: no answer within 10 seconds" });
  expect(result.durationMs).toBeGreaterThanOrEqual(9_900);
  expect(result.durationMs).toBeLessThan(20_000);
});

test("says why nobody answered", async () => {
  const url = await receive((request) => request.socket.destroy());
  expect(await post(url, {}, "{}")).toMatchObject({
    kind: "unreachable",
    error: expect.stringContaining("connect:"),
  });
  await new Promise((settle) => server?.close(settle));
  server = undefined;
  expect(await post(url, {}, "{}")).toMatchObject({
    kind: "unreachable",
    error: "connect: the connection was refused",
  });
});

test("checks the target again at each send, whatever was saved", async () => {
  let requests = 0;
  const url = await receive((_request, response) => {
    requests++;
    response.end();
  });
  const guarded = openPostWebhook([], async () => [{ address: "127.0.0.1", family: 4 }]);
  expect(await guarded(url, {}, "{}")).toMatchObject({
    kind: "unreachable",
    error: expect.stringContaining("blocked"),
  });
  expect(await guarded("https://127.0.0.1/", {}, "{}")).toMatchObject({
    error: expect.stringContaining("blocked"),
  });
  expect(await guarded("https://hooks.example.com/", {}, "{}")).toEqual({
    kind: "unreachable",
    error: "blocked: hooks.example.com resolves to 127.0.0.1, which is not public",
    durationMs: expect.any(Number),
  });
  expect(requests).toBe(0);
});
