import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { openDrain } from "#server/http/drain.ts";
import { openLifecycle } from "#server/platform/lifecycle.ts";

const request = "GET /x HTTP/1.1\r\nhost: a\r\n\r\n";

async function aServer(options: { delayMs: number; maxMs: number; answerMs?: number }) {
  const server: Server = createServer({ keepAliveTimeout: 65_000 });
  const lifecycle = openLifecycle();
  const drain = openDrain(server, { lifecycle, ...options });
  const state = { served: 0 };
  server.on("request", (incoming, outgoing) => {
    if (!drain.admits(incoming, outgoing)) return;
    state.served++;
    setTimeout(() => outgoing.end("served"), options.answerMs ?? 0);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { drain, lifecycle, port, state };
}

/** A client's keep-alive connection, and all that came on it. */
async function aClient(
  port: number,
): Promise<{ socket: Socket; heard: () => string; ended: Promise<unknown> }> {
  const socket = connect(port, "127.0.0.1");
  let text = "";
  socket.on("data", (bytes) => {
    text += bytes.toString();
  });
  let failure: Error | undefined;
  socket.on("error", (error) => {
    failure = error;
  });
  const ended = new Promise((resolve) => socket.once("close", () => resolve(failure)));
  await once(socket, "connect");
  return { socket, heard: () => text, ended };
}

test("an idle connection is told goodbye with a whole answer, and the server ends soon after its delay", async () => {
  const { drain, port, lifecycle } = await aServer({ delayMs: 50, maxMs: 10_000 });
  const clients = await Promise.all(Array.from({ length: 20 }, () => aClient(port)));
  for (const { socket } of clients.slice(0, 10)) socket.write(request);
  await expect.poll(() => clients.filter(({ heard }) => heard().includes("served")).length).toBe(10);
  const startedAtMs = performance.now();
  const finished = drain.finish();
  expect(lifecycle.draining).toBe(true);
  expect(await finished).toBe(true);
  expect(performance.now() - startedAtMs).toBeLessThan(8_000);
  for (const [index, { heard, ended }] of clients.entries()) {
    expect(await ended).toBeUndefined();
    expect(heard().includes("served")).toBe(index < 10);
    expect(heard()).toMatch(/HTTP\/1\.1 503 [\s\S]*connection: close[\s\S]*"MAINTENANCE"/);
  }
});

test("what is under way is answered, with Connection: close, and new connections are taken during the delay", async () => {
  const { drain, port, state } = await aServer({ delayMs: 150, maxMs: 10_000, answerMs: 400 });
  const early = await aClient(port);
  early.socket.write(request);
  await expect.poll(() => state.served).toBe(1);
  const finished = drain.finish();
  const late = await aClient(port);
  late.socket.write(request);
  expect(await finished).toBe(true);
  for (const client of [early, late]) {
    expect(await client.ended).toBeUndefined();
    const [head] = client.heard().split("\r\n\r\n");
    expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*connection: close/i);
    expect(client.heard()).toContain("served");
  }
});

test("a request that is still arriving when the server stops listening is answered", async () => {
  const { drain, port } = await aServer({ delayMs: 20, maxMs: 10_000 });
  const client = await aClient(port);
  client.socket.write(request.slice(0, 20));
  const finished = drain.finish();
  await sleep(300);
  client.socket.write(request.slice(20));
  expect(await finished).toBe(true);
  expect(client.heard()).toContain("served");
});

test("a request that crosses the goodbye on its way is answered by it, and not served", async () => {
  const { drain, port, state } = await aServer({ delayMs: 20, maxMs: 10_000 });
  // Goes on writing after the server has ended its side, like a client that has not noticed yet.
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  socket.on("error", () => undefined);
  let heard = "";
  socket.on("data", (bytes) => {
    heard += bytes.toString();
  });
  await once(socket, "connect");
  const finished = drain.finish();
  await expect.poll(() => heard).toContain("MAINTENANCE");
  socket.write(request);
  expect(await finished).toBe(true);
  expect(state.served).toBe(0);
  socket.destroy();
});

test("what takes longer than it may is cut off, and said", async () => {
  const { drain, port } = await aServer({ delayMs: 0, maxMs: 100, answerMs: 60_000 });
  const client = await aClient(port);
  client.socket.write(request);
  await sleep(30);
  expect(await drain.finish()).toBe(false);
});

test("N = 400 clients that write at the very moment of the goodbye: each gets an answer, and none is served unanswered", async () => {
  const { drain, port, state } = await aServer({ delayMs: 100, maxMs: 10_000 });
  const clients = await Promise.all(Array.from({ length: 400 }, () => aClient(port)));
  const finished = drain.finish();
  // Spread over the twenty milliseconds around the goodbye.
  for (const [index, { socket }] of clients.entries())
    setTimeout(() => socket.writable && socket.write(request), 90 + index / 20);
  expect(await finished).toBe(true);
  const failures = await Promise.all(clients.map(({ ended }) => ended));
  expect(failures.filter((failure) => failure !== undefined)).toEqual([]);
  const answers = clients.map(({ heard }) => heard());
  expect(answers.filter((answer) => !/^HTTP\/1\.1 (200|503) /.test(answer))).toEqual([]);
  expect(answers.filter((answer) => answer.includes("served"))).toHaveLength(state.served);
});
