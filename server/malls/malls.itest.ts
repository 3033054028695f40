import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { businessDateOf } from "#server/core/business-date.ts";
import { openApiListener } from "#server/http/api-listener.ts";
import { findMallOfKey } from "#server/malls/find-mall-of-key.ts";
import { keepKeyUses } from "#server/malls/keep-key-uses.ts";
import type { ContractTerms } from "#server/malls/mall.schemas.ts";
import type { OperatorRole } from "#server/operators/permissions.ts";
import { openPool, type SqlPool } from "#server/platform/db.ts";
import type { Runtime } from "#server/platform/runtime.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";
import { appRouter } from "#server/trpc/root.ts";

// Malls, their keys, networks and contracts: what the console changes is seen over the real API.

let world: TestWorld;
let server: Server;
let baseUrl: string;
/** Another process: its own pool, and with it its own memory of keys. */
let elsewhere: SqlPool;

beforeAll(async () => {
  world = await openTestWorld();
  // By default keys and contracts take two people (mall-approval.itest.ts); here it is about what one of them does.
  await world.rows(
    `INSERT INTO approval_limit (kind, role, limit_max, updated_by)
      VALUES ('KEY_CHANGE', 'ADMIN', NULL, 'op_1'), ('CONTRACT_CHANGE', 'ADMIN', NULL, 'op_1')`,
  );
  (globalThis as { paydeckRuntime?: unknown }).paydeckRuntime = {
    ...world.ctx,
    close: async () => undefined,
  } satisfies Runtime;
  const api = openApiListener(world.ctx);
  server = createServer((request, response) => void api(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  elsewhere = openPool(world.databaseUrl, { name: "elsewhere", connectionsMax: 2, connectTimeoutMs: 15_000 });
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await elsewhere.close();
  await world.close();
});

const as = (role: OperatorRole) =>
  appRouter.createCaller({
    context: world.ctx,
    operator: { id: "op_1", email: "a@b.kr", name: "김운영", role, sessionId: "ses_1" },
    traceId: "0".repeat(32),
    ipAddress: "10.0.0.1",
  }).mall;
const admin = () => as("ADMIN");

type Answer = { status: number; code: string; data: Record<string, unknown> };

async function call(
  method: string,
  path: string,
  {
    key,
    body,
    from = "203.0.113.7",
    idempotencyKey,
  }: { key: string; body?: unknown; from?: string; idempotencyKey?: string },
): Promise<Answer> {
  const response = await fetch(`${baseUrl}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      "x-forwarded-for": from,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(idempotencyKey ? { "idempotency-key": idempotencyKey } : {}),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, ...((await response.json()) as Omit<Answer, "status">) };
}

let orders = 0;
const order = () => ({
  orderId: `MALLS-${++orders}-${Date.now()}`,
  amount: 30_000,
  orderName: "클린 코드",
  method: "CARD",
  card: { number: "4330123412341234", expiryYear: "30", expiryMonth: "12" },
});
const approve = (key: string, body = order(), idempotencyKey = body.orderId) =>
  call("POST", "/payments", { key, body, idempotencyKey });
const inquire = (key: string, from?: string) =>
  call("GET", "/payments?orderId=NOT-THERE-1", { key, ...(from !== undefined && { from }) });

/** A mall with a key, of this test alone. */
async function newMall(name = "새벽상회") {
  const { mallId } = await admin().register({
    name,
    businessNumber: "120-81-12345",
    routes: [{ vanCode: "SBX1", weight: 100 }],
  });
  const { keyId, secretKey } = await admin().issueKey({ mallId, name: "주문 서버" });
  return { mallId, keyId, secretKey };
}

const audits = (mallId: string) =>
  world.rows<{ action: string; actorId: string; ipAddress: string; detail: Record<string, unknown> }>(
    `SELECT action, actor_id AS "actorId", ip_address AS "ipAddress", detail FROM audit_log WHERE target_id = $1 ORDER BY seq`,
    [mallId],
  );

test("a mall that was registered pays with its first key, and both are in the audit log without the secret", async () => {
  const { mallId, keyId, secretKey } = await newMall();
  expect(secretKey).toMatch(/^sk_test_[A-Za-z0-9_-]{32,}$/);
  expect(await approve(secretKey)).toMatchObject({ status: 200, data: { status: "DONE" } });
  const entries = await audits(mallId);
  expect(entries.map(({ action, actorId, ipAddress }) => [action, actorId, ipAddress])).toEqual([
    ["mall.registered", "op_1", "10.0.0.1"],
    ["mall.key_issued", "op_1", "10.0.0.1"],
  ]);
  expect(entries[1]?.detail).toMatchObject({
    keyId,
    key: `sk_test_…${secretKey.slice(-4)}`,
    mallName: "새벽상회",
  });
  expect(JSON.stringify(entries)).not.toContain(secretKey);
  const [{ stored } = { stored: "" }] = await world.rows<{ stored: string }>(
    "SELECT api_key::text AS stored FROM api_key WHERE id = $1",
    [keyId],
  );
  expect(stored).not.toContain(secretKey.slice(8, 40));
  expect(await as("VIEWER").read({ mallId })).toMatchObject({
    approvedTodayCount: 1,
    approvedTodayMinor: 30_000n,
    counts: { workingKeys: 1 },
  });
  await expect(
    admin().register({ name: "x", businessNumber: "120-81-12345", routes: [{ vanCode: "NONE", weight: 1 }] }),
  ).rejects.toThrow(/malformed/);
});

test("only an administrator changes anything; everybody reads", async () => {
  const { mallId, keyId } = await newMall();
  for (const role of ["VIEWER", "OPERATOR", "SETTLEMENT", "AUDITOR"] as const) {
    const they = as(role);
    expect((await they.read({ mallId })).name).toBe("새벽상회");
    expect(await they.keys({ mallId })).toHaveLength(1);
    expect(await they.testAddress({ mallId, address: "203.0.113.7" })).toMatchObject({ kind: "no_list" });
    for (const attempt of [
      they.register({ name: "x", businessNumber: "120-81-12345", routes: [{ vanCode: "SBX1", weight: 1 }] }),
      they.suspend({ mallId, reason: "x" }),
      they.resume({ mallId, reason: "x" }),
      they.issueKey({ mallId, name: "x" }),
      they.rotateKey({ mallId, keyId, overlapHours: 1 }),
      they.revokeKey({ mallId, keyId, reason: "x" }),
      they.replaceAddresses({ mallId, text: "", seen: [], shutsOut: [] }),
      they.addContract({ mallId, ...terms(1) }),
      they.withdrawContract({ mallId, contractId: "ctr_1", reason: "x" }),
    ])
      await expect(attempt).rejects.toThrow(/not permitted/);
  }
  expect((await audits(mallId)).map(({ action }) => action)).toEqual(["mall.registered", "mall.key_issued"]);
});

test("the list pages by name, finds by part of a name, by number and by id, and counts by status", async () => {
  for (const name of ["가나페이지1", "가나페이지2", "가나페이지3"]) await newMall(name);
  const first = await as("VIEWER").search({ q: "나페이지", limit: 2 });
  expect(first.malls.map(({ name }) => name)).toEqual(["가나페이지1", "가나페이지2"]);
  const second = await as("VIEWER").search({ q: "나페이지", limit: 2, cursor: first.nextCursor });
  expect(second.malls.map(({ name }) => name)).toEqual(["가나페이지3"]);
  expect(second.nextCursor).toBeNull();
  const id = second.malls[0]?.id ?? "";
  expect((await as("VIEWER").search({ q: id })).malls.map((mall) => mall.id)).toEqual([id]);
  expect((await as("VIEWER").search({ q: "81-12345" })).malls.length).toBeGreaterThanOrEqual(3);
  expect((await as("VIEWER").search({ q: "100%_\\" })).malls).toEqual([]);
  await admin().suspend({ mallId: id, reason: "x" });
  expect(await as("VIEWER").count({ q: "나페이지" })).toEqual({ ACTIVE: 2, SUSPENDED: 1 });
  expect(
    (await as("VIEWER").search({ q: "나페이지", status: "SUSPENDED" })).malls.map((mall) => mall.id),
  ).toEqual([id]);
});

describe("a suspended mall", () => {
  test("takes no new payment at once; cancels, inquiries and repeats of what it began go on", async () => {
    const { mallId, secretKey } = await newMall();
    const body = order();
    const paid = await approve(secretKey, body);
    const again = await approve(secretKey);
    expect(again.status).toBe(200);

    expect(await admin().suspend({ mallId, reason: "심사 서류 미비" })).toEqual({ changed: true });
    const refused = order();
    expect(await approve(secretKey, refused)).toMatchObject({ status: 403, code: "MALL_SUSPENDED" });
    expect(await world.rows("SELECT 1 FROM payment WHERE order_id = $1", [refused.orderId])).toEqual([]);
    expect(await world.rows("SELECT 1 FROM idempotency_key WHERE key = $1", [refused.orderId])).toEqual([]);
    // Who repeats a request whose answer was lost must not think that nobody was charged.
    expect(await approve(secretKey, body)).toEqual(paid);
    expect(await approve(secretKey, { ...body, amount: 1 })).toMatchObject({
      code: "IDEMPOTENCY_KEY_REUSED",
    });
    expect(await call("GET", `/payments?orderId=${body.orderId}`, { key: secretKey })).toMatchObject({
      status: 200,
    });
    expect(
      await call("POST", `/payments/${paid.data.paymentKey}/cancel`, {
        key: secretKey,
        body: { reason: "고객 요청" },
        idempotencyKey: `${body.orderId}-c`,
      }),
    ).toMatchObject({ status: 200, data: { status: "CANCELED" } });
    expect(await as("VIEWER").read({ mallId })).toMatchObject({
      status: "SUSPENDED",
      suspension: { reason: "심사 서류 미비", byName: "op_1" },
    });

    expect(await admin().suspend({ mallId, reason: "again" })).toEqual({ changed: false });
    expect(await admin().resume({ mallId, reason: "서류 확인" })).toEqual({ changed: true });
    expect(await approve(secretKey, refused)).toMatchObject({ status: 200 });
    expect(
      (await audits(mallId))
        .slice(2)
        .map(({ action, detail }) => [action, detail.reason, detail.before, detail.after]),
    ).toEqual([
      ["mall.suspended", "심사 서류 미비", { status: "ACTIVE" }, { status: "SUSPENDED" }],
      ["mall.resumed", "서류 확인", { status: "SUSPENDED" }, { status: "ACTIVE" }],
    ]);
  });

  test("is known to every other process within a second", async () => {
    const { mallId, secretKey } = await newMall();
    const there = { ...world.ctx, sql: elsewhere };
    expect((await findMallOfKey(there, secretKey))?.status).toBe("ACTIVE");
    await admin().suspend({ mallId, reason: "x" });
    const at = performance.now();
    await expect
      .poll(async () => (await findMallOfKey(there, secretKey))?.status, { interval: 20 })
      .toBe("SUSPENDED");
    expect(performance.now() - at).toBeLessThan(1_500);
  });
});

describe("keys", () => {
  test("a rotated key works until its time, the new one at once, and both are told apart", async () => {
    const { mallId, keyId, secretKey } = await newMall();
    const rotated = await admin().rotateKey({ mallId, keyId, overlapHours: 24 });
    expect((await inquire(secretKey)).status).toBe(404);
    expect((await inquire(rotated.secretKey)).status).toBe(404);
    expect(rotated.oldKeyExpiresAt.getTime()).toBeGreaterThan(Date.now() + 23.9 * 3_600_000);
    expect((await as("VIEWER").keys({ mallId })).map(({ id, state }) => [id, state])).toEqual([
      [rotated.keyId, "WORKING"],
      [keyId, "ENDING"],
    ]);
    await expect(admin().rotateKey({ mallId, keyId, overlapHours: 1 })).rejects.toThrow(/changed meanwhile/);
    await expect(admin().rotateKey({ mallId, keyId, overlapHours: 73 })).rejects.toThrow();
    expect((await audits(mallId)).at(-1)).toMatchObject({
      action: "mall.key_rotated",
      detail: { before: { keyId }, after: { keyId: rotated.keyId }, overlapHours: 24 },
    });
    // Known before the time, a key ends on the dot and not a second later.
    const { now } = world.ctx;
    const later = { ...world.ctx, now: () => new Date(now().getTime() + 24 * 3_600_000) };
    expect(await findMallOfKey(world.ctx, secretKey)).toBeDefined();
    expect(await findMallOfKey(later, secretKey)).toBeUndefined();
  });

  test("a rotation without overlap ends the old key at once", async () => {
    const { mallId, keyId, secretKey } = await newMall();
    expect((await inquire(secretKey)).status).toBe(404);
    const rotated = await admin().rotateKey({ mallId, keyId, overlapHours: 0 });
    expect((await inquire(secretKey)).code).toBe("UNAUTHORIZED_KEY");
    expect((await inquire(rotated.secretKey)).status).toBe(404);
    expect((await as("VIEWER").keys({ mallId })).map(({ state }) => state)).toEqual(["WORKING", "ENDED"]);
  });

  test("of eight rotations at once one makes a key", async () => {
    const { mallId, keyId } = await newMall();
    const done = await Promise.allSettled(
      Array.from({ length: 8 }, () => admin().rotateKey({ mallId, keyId, overlapHours: 1 })),
    );
    expect(done.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const one of done)
      if (one.status === "rejected") expect(one.reason.message).toMatch(/changed meanwhile/);
    expect(await as("VIEWER").keys({ mallId })).toHaveLength(2);
  });

  test("a revoked key stops here at once and in every other process within a second", async () => {
    const { mallId, keyId, secretKey } = await newMall();
    const other = await admin().issueKey({ mallId, name: "둘째" });
    const there = { ...world.ctx, sql: elsewhere };
    expect(await findMallOfKey(there, secretKey)).toBeDefined();
    expect((await inquire(secretKey)).status).toBe(404);
    await admin().revokeKey({ mallId, keyId, reason: "저장소에 노출" });
    const at = performance.now();
    expect((await inquire(secretKey)).code).toBe("UNAUTHORIZED_KEY");
    await expect.poll(() => findMallOfKey(there, secretKey), { interval: 20 }).toBeUndefined();
    expect(performance.now() - at).toBeLessThan(1_500);
    expect((await inquire(other.secretKey)).status).toBe(404);
    await expect(admin().revokeKey({ mallId, keyId, reason: "x" })).rejects.toThrow(/changed meanwhile/);
    await expect(admin().rotateKey({ mallId, keyId, overlapHours: 1 })).rejects.toThrow(/changed meanwhile/);
  });

  test("a busy process never hands out a key older than a second, whatever it asks meanwhile", async () => {
    const { mallId, keyId, secretKey } = await newMall();
    const there = { ...world.ctx, sql: elsewhere };
    await findMallOfKey(there, secretKey);
    let revokedAt = 0;
    let lastGoodAt = 0;
    const until = performance.now() + 2_500;
    const asking = (async () => {
      while (performance.now() < until) {
        const asked = performance.now();
        if (await findMallOfKey(there, secretKey)) lastGoodAt = asked;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    })();
    await new Promise((resolve) => setTimeout(resolve, 300));
    await admin().revokeKey({ mallId, keyId, reason: "x" });
    revokedAt = performance.now();
    await asking;
    expect(lastGoodAt - revokedAt).toBeLessThan(1_050);
  });

  test("a mall has ten that work at most, however many are asked for at once, and never another mall's", async () => {
    const { mallId, keyId } = await newMall();
    const other = await newMall();
    const done = await Promise.allSettled(
      Array.from({ length: 12 }, (_, n) => admin().issueKey({ mallId, name: `키 ${n}` })),
    );
    expect(done.filter(({ status }) => status === "fulfilled")).toHaveLength(9);
    expect((await as("VIEWER").read({ mallId })).counts.workingKeys).toBe(10);
    await expect(admin().revokeKey({ mallId: other.mallId, keyId, reason: "x" })).rejects.toThrow(
      /changed meanwhile/,
    );
    await expect(admin().issueKey({ mallId: "mall_NONE", name: "x" })).rejects.toThrow(/no such resource/);
  });

  test("the database keeps what was said of a key", async () => {
    const { keyId, mallId } = await newMall();
    const heir = await admin().issueKey({ mallId, name: "heir" });
    const update = (set: string) => world.rows(`UPDATE api_key SET ${set} WHERE id = $1`, [keyId]);
    for (const set of [
      "name = 'other'",
      "key_hash = '\\x00'",
      "expires_at = now()",
      `rotated_at = now(), expires_at = now() + interval '73 hours', replaced_by_id = '${heir.keyId}'`,
      `rotated_at = now(), expires_at = now(), replaced_by_id = '${keyId}'`,
    ])
      await expect(update(set)).rejects.toMatchObject({ code: "23514" });
    await update("revoked_at = now()");
    await expect(update("revoked_at = NULL")).rejects.toMatchObject({ code: "23514" });
  });

  test("the last use and the address are written beside the payments", async () => {
    const { mallId, secretKey } = await newMall();
    await Promise.all(Array.from({ length: 5 }, () => inquire(secretKey, "::ffff:198.51.100.4")));
    await inquire(secretKey, "2001:DB8::4");
    expect((await as("VIEWER").keys({ mallId }))[0]).toMatchObject({ lastUsedAt: null, lastUsedFrom: null });
    expect(await keepKeyUses(world.ctx)).toBeGreaterThanOrEqual(2);
    const [key] = await as("VIEWER").keys({ mallId });
    expect(key?.lastUsedFrom).toBe("2001:db8::4");
    expect(Date.now() - (key?.lastUsedAt?.getTime() ?? 0)).toBeLessThan(10_000);
    expect((await as("VIEWER").addresses({ mallId })).callers.map(({ address }) => address).sort()).toEqual([
      "198.51.100.4",
      "2001:db8::4",
    ]);
    // Noted again at the earliest ten seconds later.
    await inquire(secretKey, "2001:DB8::4");
    expect(await keepKeyUses(world.ctx)).toBe(0);
    await world.rows(
      "UPDATE mall_caller SET last_called_at = now() - interval '8 days' WHERE address = '198.51.100.4'",
    );
    await inquire(secretKey, "198.51.100.5");
    await keepKeyUses(world.ctx);
    expect(
      await world.rows("SELECT address FROM mall_caller WHERE mall_id = $1 ORDER BY 1", [mallId]),
    ).toEqual([{ address: "198.51.100.5" }, { address: "2001:db8::4" }]);
  });
});

describe("the allow-list", () => {
  const set = (mallId: string, text: string, seen: string[] = [], shutsOut: string[] = []) =>
    admin().replaceAddresses({ mallId, text, seen, shutsOut });

  test.each([
    ["203.0.113.7", true],
    ["::ffff:203.0.113.200", true],
    ["203.0.114.1", false],
    ["2001:db8:5::1", true],
    ["2001:db9::1", false],
    ["", false],
  ])("asked from %j: let in %s, and the IP test says the same", async (from, isLetIn) => {
    const { mallId, secretKey } = await newMall();
    expect((await inquire(secretKey, from)).status).toBe(404);
    await set(mallId, "203.0.113.0/24 # 사무실\n2001:db8::/32");
    const answer = await inquire(secretKey, from);
    expect(answer.code).toBe(isLetIn ? "NOT_FOUND_PAYMENT" : "FORBIDDEN_IP");
    if (!isLetIn) expect(answer.status).toBe(403);
    if (from === "") return;
    const verdict = await as("VIEWER").testAddress({ mallId, address: from });
    expect(verdict.kind).toBe(isLetIn ? "let_in" : "refused");
    if (verdict.kind === "let_in") expect(verdict.line).toBe(from.includes("db8") ? 2 : 1);
  });

  test("is in force for approvals too, says which address came, and nothing without a key", async () => {
    const { mallId, secretKey } = await newMall();
    await set(mallId, "10.0.0.0/8");
    expect(await approve(secretKey)).toMatchObject({
      status: 403,
      code: "FORBIDDEN_IP",
      data: { ipAddress: "203.0.113.7" },
    });
    expect((await inquire(`sk_test_${"x".repeat(40)}`)).code).toBe("UNAUTHORIZED_KEY");
    expect(await as("VIEWER").testAddress({ mallId, address: "256.1.1.1" })).toEqual({
      kind: "not_an_address",
    });
    await set(mallId, "", ["10.0.0.0/8"]);
    expect((await approve(secretKey)).status).toBe(200);
  });

  test("is kept with its remarks in the audit log, and not overwritten unseen", async () => {
    const { mallId } = await newMall();
    await set(mallId, "203.0.113.0/24 # 사무실");
    await expect(set(mallId, "10.0.0.0/8")).rejects.toThrow(/changed meanwhile/);
    expect(await set(mallId, "203.0.113.0/24 # 사무실", ["203.0.113.0/24"])).toEqual({ changed: false });
    await set(mallId, "10.0.0.0/8\n203.0.113.0/24 # 본사", ["203.0.113.0/24"]);
    expect((await as("VIEWER").addresses({ mallId })).ranges).toEqual([
      { cidr: "10.0.0.0/8", note: "" },
      { cidr: "203.0.113.0/24", note: "본사" },
    ]);
    expect((await audits(mallId)).at(-1)).toMatchObject({
      action: "mall.addresses_changed",
      detail: {
        before: { addresses: "203.0.113.0/24 # 사무실" },
        after: { addresses: "10.0.0.0/8\n203.0.113.0/24 # 본사" },
      },
    });
    await expect(set(mallId, "10.0.0.1/8", ["10.0.0.0/8", "203.0.113.0/24"])).rejects.toThrow(/malformed/);
    const many = Array.from({ length: 101 }, (_, n) => `10.0.${n}.0/24`).join("\n");
    await expect(set(mallId, many, ["10.0.0.0/8", "203.0.113.0/24"])).rejects.toThrow(/malformed/);
  });

  test("of two who change it at once from the same list one is refused", async () => {
    const { mallId } = await newMall();
    const done = await Promise.allSettled([set(mallId, "10.0.0.0/8"), set(mallId, "10.1.0.0/16")]);
    expect(done.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  test("does not shut out who called today before a person has seen it", async () => {
    const { mallId, secretKey } = await newMall();
    await inquire(secretKey, "198.51.100.9");
    await keepKeyUses(world.ctx);
    const text = "203.0.113.0/24\nnonsense";
    expect(await as("VIEWER").previewAddresses({ mallId, text })).toMatchObject({
      ranges: [{ cidr: "203.0.113.0/24" }],
      broken: [{ line: 2, text: "nonsense", broken: "not_an_address" }],
      shutOut: [{ address: "198.51.100.9" }],
      callerCount: 1,
    });
    expect((await as("VIEWER").previewAddresses({ mallId, text: "" })).shutOut).toEqual([]);
    await expect(set(mallId, "203.0.113.0/24")).rejects.toThrow(/changed meanwhile/);
    expect((await as("VIEWER").addresses({ mallId })).ranges).toEqual([]);
    await set(mallId, "203.0.113.0/24", [], ["198.51.100.9"]);
    expect((await inquire(secretKey, "198.51.100.9")).code).toBe("FORBIDDEN_IP");
  });

  test("the database takes networks alone", async () => {
    const insert = (cidr: string) =>
      world.rows("INSERT INTO mall_address_range (mall_id, cidr, position) VALUES ($1, $2, 1)", [
        world.mallId,
        cidr,
      ]);
    await expect(insert("10.0.0.1/8")).rejects.toThrow();
    await expect(insert("everywhere")).rejects.toThrow();
  });
});

const dayMs = 24 * 3_600_000;
const dayFromNow = (days: number) => businessDateOf(new Date(Date.now() + days * dayMs));
function terms(startsInDays: number, over: Partial<ContractTerms> = {}): ContractTerms {
  return {
    method: "CARD",
    effectiveFrom: dayFromNow(startsInDays),
    feeRateE5: 2_200,
    feeRounding: "FLOOR_1",
    isFeeRefundable: true,
    cycle: "DAILY",
    lagBusinessDays: 2,
    note: "",
    ...over,
  };
}

describe("contracts", () => {
  const add = (mallId: string, contract: ContractTerms) => admin().addContract({ mallId, ...contract });
  const versions = async (mallId: string) =>
    (await as("VIEWER").contracts({ mallId })).contracts.map(
      ({ method, state, effectiveFrom, effectiveUntil, feeRateE5 }) =>
        [method, state, effectiveFrom, effectiveUntil, feeRateE5] as const,
    );

  test("a version holds until the next begins, one of a past day is never added, and each method has its own", async () => {
    const { mallId } = await newMall();
    await expect(add(mallId, terms(-1))).rejects.toThrow(/malformed/);
    await add(mallId, terms(0));
    await add(mallId, terms(30, { feeRateE5: 2_000 }));
    await add(mallId, terms(10, { feeRateE5: 2_100 }));
    await add(mallId, terms(0, { method: "VOUCHER", feeRateE5: 500 }));
    expect(await versions(mallId)).toEqual([
      ["CARD", "FUTURE", dayFromNow(30), null, 2_000],
      ["CARD", "FUTURE", dayFromNow(10), dayFromNow(29), 2_100],
      ["CARD", "CURRENT", dayFromNow(0), dayFromNow(9), 2_200],
      ["VOUCHER", "CURRENT", dayFromNow(0), null, 500],
    ]);
    await expect(add(mallId, terms(0))).rejects.toThrow(/malformed/);
    await expect(add(mallId, terms(-3))).rejects.toThrow(/malformed/);
    await expect(add(mallId, terms(10))).rejects.toThrow(/begins on this day/);
    await expect(add(mallId, { ...terms(1), effectiveFrom: "2027-02-30" })).rejects.toThrow(/malformed/);
    for (const wrong of [
      { feeRateE5: 100_001 },
      { feeRateE5: -1 },
      { lagBusinessDays: 0 },
      { lagBusinessDays: 11 },
    ])
      await expect(add(mallId, terms(40, wrong))).rejects.toThrow();
    expect(
      (await audits(mallId)).filter(({ action }) => action === "mall.contract_added")[2]?.detail,
    ).toMatchObject({
      method: "CARD",
      before: { feeRateE5: 2_200, effectiveFrom: dayFromNow(0) },
      after: { feeRateE5: 2_100, effectiveFrom: dayFromNow(10) },
    });
  });

  test("of four versions of one day added at once one stays", async () => {
    const { mallId } = await newMall();
    const done = await Promise.allSettled(
      [2_000, 2_100, 2_200, 2_300].map((feeRateE5) => add(mallId, terms(5, { feeRateE5 }))),
    );
    expect(done.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await versions(mallId)).toHaveLength(1);
  });

  test("a version that has not begun can be taken back, one that has cannot", async () => {
    const { mallId } = await newMall();
    const current = await add(mallId, terms(0));
    const future = await add(mallId, terms(10));
    await expect(
      admin().withdrawContract({ mallId, contractId: current.contractId, reason: "x" }),
    ).rejects.toThrow(/changed meanwhile/);
    await admin().withdrawContract({ mallId, contractId: future.contractId, reason: "요율 오기" });
    expect(await versions(mallId)).toEqual([["CARD", "CURRENT", dayFromNow(0), null, 2_200]]);
    expect((await audits(mallId)).at(-1)).toMatchObject({
      action: "mall.contract_withdrawn",
      detail: { reason: "요율 오기", before: { feeRateE5: 2_200 } },
    });
  });

  test("the database itself lets no version overlap, change, begin in the past or go", async () => {
    const { mallId } = await newMall();
    const insert = (id: string, from: string) =>
      world.rows(
        `INSERT INTO mall_contract (id, mall_id, method, effective_from, fee_rate_e5, fee_rounding, is_fee_refundable, cycle, lag_business_days, created_by)
         VALUES ($1, $2, 'CARD', $3::date, 2200, 'FLOOR_1', true, 'DAILY', 2, 'op_1')`,
        [id, mallId, from],
      );
    await insert("ctr_a", dayFromNow(-5));
    await insert("ctr_b", dayFromNow(5));
    await expect(insert("ctr_c", dayFromNow(5))).rejects.toMatchObject({ code: "23505" });
    for (const days of [-6, -5, -4, 0])
      await expect(insert("ctr_d", dayFromNow(days))).rejects.toMatchObject({ code: "23514" });
    await expect(
      world.rows("UPDATE mall_contract SET fee_rate_e5 = 1 WHERE id = 'ctr_b'"),
    ).rejects.toMatchObject({
      code: "42501",
    });
    await expect(world.rows("DELETE FROM mall_contract WHERE id = 'ctr_a'")).rejects.toMatchObject({
      code: "23514",
    });
    await expect(world.rows("TRUNCATE mall_contract")).rejects.toMatchObject({ code: "42501" });
    await world.rows("DELETE FROM mall_contract WHERE id = 'ctr_b'");
    const other = await newMall();
    const first = (id: string, from: string) =>
      world.rows(
        `INSERT INTO mall_contract (id, mall_id, method, effective_from, fee_rate_e5, fee_rounding, is_fee_refundable, cycle, lag_business_days, created_by)
         VALUES ($1, $2, 'CARD', $3::date, 2200, 'FLOOR_1', true, 'DAILY', 2, 'op_1')`,
        [id, other.mallId, from],
      );
    const raced = await Promise.allSettled([first("ctr_e", dayFromNow(-5)), first("ctr_f", dayFromNow(-9))]);
    expect(raced.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });
});
