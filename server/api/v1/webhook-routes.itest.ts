import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mallRoutes } from "#server/api/v1/routes.ts";
import { openApiListener } from "#server/http/api-listener.ts";
import type { Runtime } from "#server/platform/runtime.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";
import { sequenceEvents } from "#server/webhooks/sequence-events.ts";

// The webhook and event routes as a mall meets them: a real HTTP server, every answer checked against its own schema.

let world: TestWorld;
let server: Server;
let baseUrl: string;
let hookUrl: string;

beforeAll(async () => {
  world = await openTestWorld();
  (globalThis as { paydeckRuntime?: unknown }).paydeckRuntime = {
    ...world.ctx,
    close: async () => undefined,
  } satisfies Runtime;
  const api = openApiListener(world.ctx);
  server = createServer((request, response) => {
    if (request.url === "/hook") response.writeHead(204).end();
    else void api(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  hookUrl = `${baseUrl}/hook`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await world.close();
});

type Answer = { status: number; code: string; data: Record<string, unknown> };

async function call(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${baseUrl}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${world.secretKey}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  expect(response.headers.get("paydeck-trace-id")).toMatch(/^[0-9a-f]{32}$/);
  return {
    status: response.status,
    ...((await response.json()) as { code: string; data: Record<string, unknown> }),
  };
}

/** The answer holds what the route's own schema says. */
function fits(method: string, path: string, answer: Answer): void {
  const route = mallRoutes.find((candidate) => candidate.method === method && candidate.path === path);
  expect(answer).toMatchObject({ status: 200, code: "SUCCESS" });
  expect(route?.output.parse(answer.data)).toEqual(answer.data);
}

test("a mall registers, lists, tests, rotates and deletes an endpoint; no POST of these asks for an Idempotency-Key", async () => {
  const registered = await call("POST", "/webhook-endpoints", { url: hookUrl, types: ["payment.approved"] });
  fits("POST", "/webhook-endpoints", registered);
  const id = registered.data.endpointId as string;

  const listed = await call("GET", "/webhook-endpoints");
  fits("GET", "/webhook-endpoints", listed);
  expect(JSON.stringify(listed.data)).not.toContain("whsec_");

  const tested = await call("POST", `/webhook-endpoints/${id}/test`);
  fits("POST", "/webhook-endpoints/{endpointId}/test", tested);
  expect(tested.data).toMatchObject({ delivered: true, status: 204 });
  expect((await call("POST", `/webhook-endpoints/${id}/test`, {})).status).toBe(200);
  expect((await call("POST", `/webhook-endpoints/${id}/test`, { more: 1 })).status).toBe(400);

  const rotated = await call("POST", `/webhook-endpoints/${id}/rotate`);
  fits("POST", "/webhook-endpoints/{endpointId}/rotate", rotated);
  expect(rotated.data.secret).not.toBe(registered.data.secret);

  fits("DELETE", "/webhook-endpoints/{endpointId}", await call("DELETE", `/webhook-endpoints/${id}`));
  expect(await call("DELETE", `/webhook-endpoints/${id}`)).toMatchObject({ status: 404, code: "NOT_FOUND" });
  expect((await call("GET", "/webhook-endpoints")).data).toEqual({ endpoints: [] });
});

describe("what is refused", () => {
  test.each([
    ["row 52, plain http", { url: "http://shop.example.com/hook" }, 400, "INVALID_WEBHOOK_URL"],
    ["row 53, a private address", { url: "https://169.254.169.254/" }, 400, "INVALID_WEBHOOK_URL"],
    [
      "row 55, too long",
      { url: `https://shop.example.com/${"a".repeat(2_048)}` },
      400,
      "INVALID_WEBHOOK_URL",
    ],
    ["a URL that is no text", { url: 7 }, 400, "INVALID_REQUEST"],
    ["no URL", {}, 400, "INVALID_REQUEST"],
    [
      "an unknown type",
      { url: "https://shop.example.com/", types: ["payment.exploded"] },
      400,
      "INVALID_REQUEST",
    ],
    [
      "a type twice",
      { url: "https://shop.example.com/", types: ["payment.failed", "payment.failed"] },
      400,
      "INVALID_REQUEST",
    ],
    [
      "an item of another's",
      { url: "https://shop.example.com/", mallId: "mall_OTHER" },
      400,
      "INVALID_REQUEST",
    ],
    ["no JSON", "{", 400, "INVALID_REQUEST"],
  ])("registering: %s", async (_what, body, status, code) => {
    expect(await call("POST", "/webhook-endpoints", body)).toMatchObject({ status, code });
    expect((await call("GET", "/webhook-endpoints")).data).toEqual({ endpoints: [] });
  });

  test.each([
    "?limit=0",
    "?limit=101",
    "?limit=-1",
    "?limit=1e2",
    "?limit=abc",
    "?after=-1",
    "?after=1.5",
    "?after=99999999999999999",
    "?type=x",
    "?sort=password",
    "?after=1&after=2",
  ])("row 44, events%s", async (query) => {
    expect(await call("GET", `/events${query}`)).toMatchObject({ status: 400, code: "INVALID_REQUEST" });
  });

  test.each(["/webhook-endpoints", "/events"])("%s without a key", async (path) => {
    expect(await call("GET", path, undefined, { authorization: "" })).toMatchObject({
      status: 401,
      code: "UNAUTHORIZED_KEY",
    });
  });

  test("an id that is none", async () => {
    for (const id of ["whe_1", "pay_01KAN3S4T5Q2W8XJ6RDN3B7ZC4"]) {
      expect(await call("POST", `/webhook-endpoints/${id}/rotate`)).toMatchObject({
        status: 404,
        code: "NOT_FOUND",
      });
    }
  });
});

test("events are read page by page", async () => {
  for (const type of ["payment.approved", "payment.canceled"]) {
    await world.rows("INSERT INTO event (type, mall_id, subject_id, data) VALUES ($1, $2, 'pay_A', '{}')", [
      type,
      world.mallId,
    ]);
  }
  await sequenceEvents(world.ctx);
  const first = await call("GET", "/events?limit=1");
  fits("GET", "/events", first);
  expect(first.data).toMatchObject({ events: [{ type: "payment.approved" }], hasMore: true });
  const second = await call("GET", `/events?after=${first.data.nextAfter}&limit=100`);
  expect(second.data).toMatchObject({ events: [{ type: "payment.canceled" }], hasMore: false });
});

test("the API document needs no key and stands outside the envelope", async () => {
  const response = await fetch(`${baseUrl}/api/v1/openapi.json`);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toContain("application/json");
  expect(await response.json()).toMatchObject({ openapi: "3.1.1", paths: { "/payments": { post: {} } } });
});
