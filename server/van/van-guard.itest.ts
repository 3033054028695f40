import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Refusal } from "#server/core/refusals.ts";
import type { OperatorRole } from "#server/operators/permissions.ts";
import { approvePayment } from "#server/payments/approve-payment.ts";
import { cancelPayment } from "#server/payments/cancel-payment.ts";
import { openPool } from "#server/platform/db.ts";
import { renderMetrics } from "#server/platform/metrics.ts";
import { anApproval } from "#server/testing/an-approval.ts";
import { SandboxVan } from "#server/testing/sandbox-van.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";
import { appRouter } from "#server/trpc/root.ts";
import type { CircuitState } from "#server/van/domain/circuit.ts";
import { openVans } from "#server/van/open-vans.ts";
import { reportVanHealth } from "#server/van/report-van-health.ts";
import { readVanBoard } from "#server/van/van-board-queries.ts";
import type { VanGateway } from "#server/van/van-gateway.ts";

/** The circuit breaker, failover and the kill switch, with real VANs that are really switched off. */

let world: TestWorld;
let vans: Readonly<Record<"SBX1" | "SBX2", SandboxVan>>;
/** The world as a process sees it that is connected to both VANs. */
let ctx: TestWorld["ctx"];
let changes: [van: string, from: CircuitState, to: CircuitState][];

const routes = [
  { vanCode: "SBX1", weight: 50 },
  { vanCode: "SBX2", weight: 50 },
];
const quiet = { info: () => undefined, warn: () => undefined };

beforeAll(async () => {
  world = await openTestWorld();
  const [one, two] = await Promise.all([SandboxVan.start("SBX1"), SandboxVan.start("SBX2")]);
  vans = { SBX1: one, SBX2: two };
  await world.rows(`INSERT INTO van SELECT (jsonb_populate_record(van, '{"code":"SBX2","name":"Sandbox 2","protocol":"FIXED_LENGTH_TCP"}')).*
    FROM van WHERE code = 'SBX1'`);
  // A lost answer is given up soon, so that many can be lost within the test.
  await world.rows("UPDATE van SET approve_timeout_ms = 600, net_cancel_timeout_ms = 600");
  await world.rows("INSERT INTO mall_van_route (mall_id, van_code, weight) VALUES ($1, 'SBX2', 100)", [
    world.mallId,
  ]);
});

afterAll(async () => {
  await closeGateways();
  await Promise.all(Object.values(vans ?? {}).map((van) => van.discard()));
  await world?.close();
});

/** Every test has circuits of its own, as a process that has just begun. */
beforeEach(async () => {
  await closeGateways();
  for (const van of Object.values(vans)) await van.control("DELETE", "/faults");
  changes = [];
  const connected = openVans(
    { VAN_SBX1_URL: vans.SBX1.url, VAN_SBX2_URL: vans.SBX2.url },
    quiet,
    (...change) => changes.push(change),
  );
  ctx = { ...world.ctx, vans: connected };
});

async function closeGateways(): Promise<void> {
  if (ctx) await Promise.all([...ctx.vans.values()].map((van) => van.close()));
}

const gateway = (code: string) => ctx.vans.get(code) as VanGateway;
const circuitOf = (code: string) => gateway(code).health().circuit.state;

async function fault(
  code: "SBX1" | "SBX2",
  mode: string | null,
  operations?: readonly string[],
): Promise<void> {
  const response = mode
    ? await vans[code].control("PUT", "/faults", { mode, operations })
    : await vans[code].control("DELETE", "/faults");
  expect(response.status).toBe(200);
}
const isDown = (code: "SBX1" | "SBX2", down: boolean) => fault(code, down ? "DOWN" : null);
const messagesAt = async (code: "SBX1" | "SBX2") =>
  ((await (await vans[code].control("GET", "/ledger")).json()) as unknown[]).length;

async function until(code: string, state: CircuitState, withinMs: number): Promise<void> {
  await expect.poll(() => circuitOf(code), { timeout: withinMs, interval: 20 }).toBe(state);
}

/** Approves, and says what became of it: the HTTP status and the payment's row, if there is one. */
async function approve(over = routes) {
  const command = anApproval(world, { routes: over, receivedAtMs: ctx.monotonicMs() });
  const status = await approvePayment(ctx, command).then(
    (reply) => reply.status,
    (error: unknown) => (error instanceof Refusal ? error.code : Promise.reject(error)),
  );
  const [row] = await world.rows<{ id: string; vanCode: string; status: string }>(
    `SELECT id, van_code AS "vanCode", status FROM payment WHERE order_id = $1`,
    [command.orderId],
  );
  return { status, row, orderId: command.orderId };
}

/** `count` approvals, `each` at once. */
async function shop(count: number, each = 5, over = routes) {
  const done: Awaited<ReturnType<typeof approve>>[] = [];
  while (done.length < count)
    done.push(...(await Promise.all(Array.from({ length: each }, () => approve(over)))));
  return done;
}

/** How many of the payments stand so. */
function count(payments: Awaited<ReturnType<typeof shop>>, vanCode: string, status: string): number {
  return payments.filter(({ row }) => row?.vanCode === vanCode && row.status === status).length;
}

describe.each(["SBX1", "SBX2"] as const)("%s", (code) => {
  const other = code === "SBX1" ? "SBX2" : "SBX1";

  test("refuses connections: new approvals go to the other VAN, and come back when it is back", async () => {
    const before = await shop(40);
    expect(count(before, code, "DONE")).toBeGreaterThan(0);
    expect(count(before, "SBX1", "DONE") + count(before, "SBX2", "DONE")).toBe(40);

    await isDown(code, true);
    const falling: typeof before = [];
    while (circuitOf(code) !== "OPEN") falling.push(...(await shop(10)));
    expect(gateway(code).health().circuit.reason).toBe("refused");
    // Nothing left us, so nothing is unknown, and what was refused was not charged.
    expect(falling.filter(({ row }) => row?.status === "UNKNOWN")).toEqual([]);
    expect(count(falling, code, "ABORTED")).toBeGreaterThanOrEqual(5);
    expect(count(falling, other, "DONE") + count(falling, code, "ABORTED")).toBe(falling.length);

    const away = await shop(60);
    expect(count(away, other, "DONE")).toBe(60);

    await isDown(code, false);
    // A bare connect notices within two seconds, and the probe follows at once.
    await until(code, "HALF_OPEN", 3_500);
    expect((await shop(20, 1)).every(({ status }) => status === 200)).toBe(true);
    expect(circuitOf(code)).toBe("CLOSED");
    expect(count(await shop(40), code, "DONE")).toBeGreaterThan(0);
    expect(changes).toEqual([
      [code, "CLOSED", "OPEN"],
      [code, "OPEN", "HALF_OPEN"],
      [code, "HALF_OPEN", "CLOSED"],
    ]);
  });

  test("answers nothing: no unknown outcome once it is open, recovery still goes out, and a probe that fails keeps it open", async () => {
    await fault(code, "TIMEOUT", ["APPROVE", "INQUIRY"]);
    const falling = await shop(60, 10);
    expect(circuitOf(code)).toBe("OPEN");
    const openedAt = gateway(code).health().circuit.since;
    const lost = falling.filter(({ row }) => row?.vanCode === code);
    expect(lost.length).toBeGreaterThanOrEqual(5);
    // Each of them asked the VAN to reverse while the circuit was open or about to be, and got its answer.
    for (const { orderId } of lost)
      expect(await vans[code].story(orderId)).toContainEqual(expect.stringMatching(/^NET_CANCEL:/));

    const asked = await messagesAt(code);
    const away = await shop(60, 10);
    expect(count(away, other, "DONE")).toBe(60);
    // Probes only, however long sixty approvals take here.
    expect((await messagesAt(code)) - asked).toBeLessThan(15);

    const { nextProbeAt } = gateway(code).health().circuit;
    await expect
      .poll(() => gateway(code).health().circuit.nextProbeAt?.getTime(), { timeout: 10_000 })
      .toBeGreaterThan((nextProbeAt?.getTime() ?? 0) + 5_000);
    expect(circuitOf(code)).toBe("OPEN");
    expect(gateway(code).health().circuit.since.getTime() - openedAt.getTime()).toBeLessThan(1_000);
  });
});

test("a few lost among many answered leave it closed", async () => {
  const only = [{ vanCode: "SBX1", weight: 1 }];
  await vans.SBX1.control("PUT", "/faults", {
    mode: "DROP_CONNECTION",
    operations: ["APPROVE"],
    probability: 0.1,
  });
  const crowd = await shop(60, 10, only);
  while (crowd.filter(({ status }) => status !== 200).length < 5) crowd.push(...(await shop(10, 10, only)));
  expect(circuitOf("SBX1")).toBe("CLOSED");
});

test("a fault that a test code asks for opens no circuit", async () => {
  for (let n = 0; n < 10; n++) {
    const command = anApproval(world, {
      routes: [{ vanCode: "SBX1", weight: 1 }],
      testCode: "REFUSE_CONNECTION",
    });
    expect((await approvePayment(ctx, command)).status).toBe(503);
  }
  expect(circuitOf("SBX1")).toBe("CLOSED");
});

test("all VANs down: refused before a row is written, with the time until the next probe", async () => {
  await Promise.all([isDown("SBX1", true), isDown("SBX2", true)]);
  try {
    for (let n = 0; n < 10 && !(circuitOf("SBX1") === "OPEN" && circuitOf("SBX2") === "OPEN"); n++)
      await shop(10);
    const refused = await Promise.all(
      Array.from({ length: 50 }, () => {
        const command = anApproval(world, { routes, receivedAtMs: ctx.monotonicMs() });
        return approvePayment(ctx, command).then(
          () => Promise.reject(new Error("nothing may be approved")),
          async (error: Refusal) => ({
            error,
            rows: await world.rows("SELECT 1 FROM payment WHERE order_id = $1", [command.orderId]),
            keys: await world.rows("SELECT 1 FROM idempotency_key WHERE key = $1", [command.idempotency.key]),
          }),
        );
      }),
    );
    for (const { error, rows, keys } of refused) {
      expect(error.code).toBe("VAN_UNAVAILABLE");
      expect(error.retryAfterSeconds).toBeGreaterThanOrEqual(1);
      expect(error.retryAfterSeconds).toBeLessThanOrEqual(5);
      expect([rows, keys]).toEqual([[], []]);
    }
  } finally {
    await Promise.all([isDown("SBX1", false), isDown("SBX2", false)]);
  }
});

test("a VAN that goes away while nobody pays is found out, and closes again by itself", async () => {
  await until("SBX1", "CLOSED", 100);
  await isDown("SBX1", true);
  await until("SBX1", "OPEN", 14_000);
  await isDown("SBX1", false);
  await until("SBX1", "HALF_OPEN", 3_500);
  expect((await approve([{ vanCode: "SBX1", weight: 1 }])).status).toBe(200);
}, 40_000);

test("half open, a crowd sends two at a time, and the rest goes to the other VAN", async () => {
  await isDown("SBX1", true);
  while (circuitOf("SBX1") !== "OPEN") await shop(10);
  await vans.SBX1.control("PUT", "/settings", { latencyMs: 300 });
  await isDown("SBX1", false);
  await until("SBX1", "HALF_OPEN", 3_500);
  const crowd = await shop(50, 50);
  await vans.SBX1.control("PUT", "/settings", { latencyMs: 2 });
  expect(count(crowd, "SBX1", "DONE")).toBe(2);
  expect(count(crowd, "SBX2", "DONE")).toBe(48);
});

test("what a VAN does shows in the metrics", async () => {
  await isDown("SBX2", true);
  while (circuitOf("SBX2") !== "OPEN") await shop(10);
  await isDown("SBX2", false);
  const text = await renderMetrics();
  expect(text).toMatch(/^van_circuit_state\{van="SBX1"\} 0$/m);
  expect(text).toMatch(/^van_circuit_state\{van="SBX2"\} 2$/m);
  expect(text).toMatch(/^van_inflight\{van="SBX1"\} 0$/m);
  expect(text).toMatch(/^van_requests_total\{van="SBX1",op="APPROVE",outcome="approved"\} [1-9]/m);
  expect(text).toMatch(/^van_requests_total\{van="SBX2",op="APPROVE",outcome="not_sent"\} [1-9]/m);
  expect(text).toMatch(/^van_request_duration_seconds_count\{van="SBX1",op="APPROVE"\} [1-9]/m);
});

const callAs = (role: OperatorRole) =>
  appRouter.createCaller({
    context: ctx,
    operator: { id: "op_1", email: "a@b.kr", name: "김운영", role, sessionId: "ses_1" },
    traceId: "0".repeat(32),
    ipAddress: "127.0.0.1",
  }).van;

describe("the kill switch", () => {
  const only = [{ vanCode: "SBX1", weight: 1 }];
  const audits = () =>
    world.rows<{ action: string; actorId: string; detail: { reason: string } }>(
      `SELECT action, actor_id AS "actorId", detail FROM audit_log WHERE target_type = 'van' ORDER BY seq`,
    );

  test("stops approvals and lets a cancel through, here at once and in every other process within a second", async () => {
    const { row } = await approve(only);
    // Another process: its own pool, and with it its own copy of the settings, read just before.
    const elsewhere = openPool(world.databaseUrl, {
      name: "elsewhere",
      connectionsMax: 2,
      connectTimeoutMs: 15_000,
    });
    const there = { ...ctx, sql: elsewhere };
    await expect(approvePayment(there, anApproval(world, { routes: only }))).resolves.toMatchObject({
      status: 200,
    });

    expect(
      await callAs("OPERATOR").stopApprovals({ code: "SBX1", reason: "  VAN 점검 02:00–02:30 " }),
    ).toEqual({
      changed: true,
    });
    expect(await approve(only)).toMatchObject({ status: "VAN_UNAVAILABLE", row: undefined });
    await expect
      .poll(
        () =>
          approvePayment(there, anApproval(world, { routes: only })).then(
            (reply) => reply.status,
            (error: Refusal) => error.code,
          ),
        { timeout: 3_000, interval: 20 },
      )
      .toBe("VAN_UNAVAILABLE");

    const mixed = await shop(20);
    expect(count(mixed, "SBX2", "DONE")).toBe(20);
    const { reply } = await cancelPayment(ctx, {
      paymentId: row?.id ?? "",
      mallId: world.mallId,
      origin: "API",
      actor: { type: "mall", id: world.mallId },
      reason: "고객 요청",
      amountMinor: undefined,
      currentCancelableMinor: undefined,
      idempotency: anApproval(world).idempotency,
      locale: "ko",
      traceId: "0".repeat(32),
    });
    expect(reply.status).toBe(200);

    const [stopped] = (await readVanBoard(ctx)).vans;
    expect(stopped).toMatchObject({
      code: "SBX1",
      stopped: { reason: "VAN 점검 02:00–02:30", byName: "op_1" },
    });
    expect(await callAs("ADMIN").stopApprovals({ code: "SBX1", reason: "again" })).toEqual({
      changed: false,
    });
    expect(await callAs("ADMIN").resumeApprovals({ code: "SBX1", reason: "점검 끝" })).toEqual({
      changed: true,
    });
    expect((await approve(only)).status).toBe(200);
    expect((await readVanBoard(ctx)).vans[0]?.stopped).toBeNull();
    expect(await audits()).toEqual([
      {
        action: "van.approvals_stopped",
        actorId: "op_1",
        detail: expect.objectContaining({ reason: "VAN 점검 02:00–02:30" }),
      },
      {
        action: "van.approvals_resumed",
        actorId: "op_1",
        detail: expect.objectContaining({ reason: "점검 끝" }),
      },
    ]);
    await elsewhere.close();
  });

  test("is only for those who may, wants a reason and a VAN, and changes nothing otherwise", async () => {
    for (const role of ["VIEWER", "SETTLEMENT", "AUDITOR"] as const) {
      await expect(callAs(role).stopApprovals({ code: "SBX1", reason: "x" })).rejects.toThrow(
        /not permitted/,
      );
      await expect(callAs(role).resumeApprovals({ code: "SBX1", reason: "x" })).rejects.toThrow(
        /not permitted/,
      );
      expect((await callAs(role).board()).vans.map(({ code }) => code)).toEqual(["SBX1", "SBX2"]);
    }
    await expect(callAs("ADMIN").stopApprovals({ code: "SBX1", reason: "   " })).rejects.toThrow();
    await expect(callAs("ADMIN").stopApprovals({ code: "SBX9", reason: "x" })).rejects.toThrow(/no such/);
    expect((await approve(only)).status).toBe(200);
  });
});

test("the board shows the circuits of all running processes, and forgets those that are gone", async () => {
  await isDown("SBX2", true);
  while (circuitOf("SBX2") !== "OPEN") await shop(10);
  await isDown("SBX2", false);
  await reportVanHealth(ctx, { id: "web-1", role: "web" });
  await reportVanHealth(world.ctx, { id: "worker-1", role: "worker" });
  await reportVanHealth(ctx, { id: "gone", role: "worker" });
  await world.rows(
    "UPDATE van_circuit SET seen_at = now() - interval '16 seconds' WHERE process_id = 'gone'",
  );
  const board = await readVanBoard(ctx);
  const [one, two] = board.vans;
  expect(one?.processes.map(({ processId, state }) => [processId, state])).toEqual([
    ["web-1", "CLOSED"],
    ["worker-1", "CLOSED"],
  ]);
  expect(two?.processes).toEqual([
    expect.objectContaining({ processId: "web-1", state: "OPEN", reason: "refused", inFlight: 0 }),
  ]);
  expect(two?.processes[0]?.nextProbeAt).toBeInstanceOf(Date);
  expect(one?.routes).toEqual([{ mallId: world.mallId, mallName: "한빛서점", weight: 100, share: 0.5 }]);

  await reportVanHealth(ctx, { id: "web-1", role: "web" });
  expect(await world.rows("SELECT 1 FROM van_circuit WHERE process_id = 'gone'")).toEqual([]);
});

test("settings that are renewed beside the payments are never older than a second, and an error of renewing is not kept", async () => {
  const elsewhere = openPool(world.databaseUrl, {
    name: "elsewhere",
    connectionsMax: 5,
    connectTimeoutMs: 15_000,
  });
  let asked = 0;
  let broken = false;
  const sql = {
    ...elsewhere,
    run: async <Row>(statement: { name: string; text: string }, values: readonly unknown[]) => {
      if (statement.name !== "van-settings") return elsewhere.run<Row>(statement, values);
      asked++;
      if (broken) throw Object.assign(new Error("connection lost"), { code: "08006" });
      return elsewhere.run<Row>(statement, values);
    },
  };
  const there = { ...ctx, sql };
  const pay = () =>
    approvePayment(there, anApproval(world, { routes })).then(
      ({ status }) => status,
      (error: Refusal) => error.code,
    );
  expect(await pay()).toBe(200);
  await Promise.all(Array.from({ length: 20 }, pay));
  expect(asked).toBe(1);
  await sleep(600);
  await Promise.all(Array.from({ length: 20 }, pay));
  expect(asked).toBe(2);
  broken = true;
  await sleep(600);
  expect(await pay(), "still fresh enough").toBe(200);
  await sleep(600);
  expect(await pay(), "too old, and cannot be renewed").toBe("IDEMPOTENCY_STORE_UNAVAILABLE");
  broken = false;
  expect(await pay()).toBe(200);
  await elsewhere.close();
});
