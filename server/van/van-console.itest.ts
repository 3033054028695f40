import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Context } from "#server/platform/context.ts";
import { SandboxVan } from "#server/testing/sandbox-van.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";
import { changeWeights } from "#server/van/change-weights.ts";
import { keepCircuitChange } from "#server/van/keep-circuit-change.ts";
import { clearFault, readFaults, setFault } from "#server/van/sandbox-faults.ts";
import { stopApprovals } from "#server/van/switch-approvals.ts";
import { readVanHistory } from "#server/van/van-history-queries.ts";

let world: TestWorld;
let van: SandboxVan;
let demo: Context;

const asked = {
  actor: { type: "operator" as const, id: "op_TEST", ipAddress: "10.0.0.7" },
  traceId: "t".repeat(32),
};

beforeAll(async () => {
  world = await openTestWorld({ redis: false });
  van = await SandboxVan.start("SBX1");
  for (const [code, isSandbox] of [
    ["SBX2", true],
    ["REAL", false],
  ])
    await world.rows(
      `INSERT INTO van SELECT (jsonb_populate_record(van, $1)).* FROM van WHERE code = 'SBX1'`,
      [JSON.stringify({ code, name: code, is_sandbox: isSandbox })],
    );
  demo = {
    ...world.ctx,
    env: {
      ...world.ctx.env,
      PAYDECK_DEMO: true,
      VAN_SBX1_CONTROL_URL: `http://127.0.0.1:${van.controlPort}`,
      VAN_SBX2_CONTROL_URL: "http://sandbox.example.com:4002",
    },
  };
});
afterAll(async () => {
  await van?.discard();
  await world?.close();
});

const audits = (action: string) =>
  world.rows<{ targetId: string; detail: Record<string, unknown> }>(
    `SELECT target_id AS "targetId", detail FROM audit_log WHERE action = $1 ORDER BY seq`,
    [action],
  );

describe("the weights of a mall", () => {
  const change = (
    weights: Record<string, number>,
    expected: Record<string, number>,
    mallId = world.mallId,
  ) => {
    const list = (of: Record<string, number>) =>
      Object.entries(of).map(([vanCode, weight]) => ({ vanCode, weight }));
    return changeWeights(world.ctx, {
      ...asked,
      mallId,
      weights: list(weights),
      expected: list(expected),
      reason: "SBX2 시험",
    });
  };
  const present = async () =>
    Object.fromEntries(
      (
        await world.rows<{ code: string; weight: number }>(
          `SELECT van_code AS code, weight FROM mall_van_route WHERE mall_id = $1 ORDER BY 1`,
          [world.mallId],
        )
      ).map(({ code, weight }) => [code, weight]),
    );

  test("change as a whole, from what the operator saw, and are audited with both", async () => {
    await expect(change({ SBX1: 50, SBX2: 50 }, { SBX1: 80 })).rejects.toMatchObject({
      code: "STALE_SELECTION",
    });
    expect(await change({ SBX1: 70, SBX2: 30 }, { SBX1: 100, SBX2: 0 })).toEqual({ changed: true });
    expect(await change({ SBX1: 70, SBX2: 30 }, { SBX1: 70, SBX2: 30 })).toEqual({ changed: false });
    expect(await present()).toEqual({ SBX1: 70, SBX2: 30 });
    expect(await audits("van.weights_changed")).toMatchObject([
      {
        targetId: world.mallId,
        detail: { reason: "SBX2 시험", before: { SBX1: 100 }, after: { SBX1: 70, SBX2: 30 } },
      },
    ]);
  });

  test("never leave a mall without any VAN, nor name one that is not there", async () => {
    const seen = { SBX1: 70, SBX2: 30 };
    const refused: Record<string, number>[] = [{ SBX1: 0, SBX2: 0 }, { SBX9: 10 }];
    for (const weights of refused)
      await expect(change(weights, seen)).rejects.toMatchObject({ code: "INVALID_REQUEST" });
    await expect(change({ SBX1: 10 }, {}, "mall_NONE")).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await present()).toEqual(seen);
  });

  test("of two operators at once, one is told that it is stale", async () => {
    const seen = { SBX1: 70, SBX2: 30 };
    const ends = await Promise.allSettled([
      change({ SBX1: 60, SBX2: 40 }, seen),
      change({ SBX1: 50, SBX2: 50 }, seen),
    ]);
    expect(ends.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });
});

describe("the fault switches", () => {
  const fault = { ...asked, mode: "DECLINE_CARD_LIMIT_EXCEEDED", percent: 40, minutes: 5 } as const;
  const faultAtVan = async () => (await van.control("GET", "/faults")).json();

  test("make a sandbox VAN misbehave for some minutes, and let it behave again", async () => {
    expect(await readFaults(demo)).toEqual([{ code: "SBX1", isReachable: true, fault: null }]);
    const set = await setFault(demo, { ...fault, code: "SBX1" });
    expect(set).toMatchObject({ fault: { mode: "DECLINE_CARD_LIMIT_EXCEEDED", percent: 40 } });
    expect((set.fault?.until?.getTime() ?? 0) - Date.now()).toBeGreaterThan(4 * 60_000);
    expect(await faultAtVan()).toMatchObject({ mode: "DECLINE_CARD_LIMIT_EXCEEDED", probability: 0.4 });
    expect(await readFaults(demo)).toEqual([set]);
    expect(await clearFault(demo, { ...asked, code: "SBX1" })).toMatchObject({ fault: null });
    expect(await faultAtVan()).toEqual({ mode: null });
    expect((await audits("van.fault_set"))[0]).toMatchObject({ targetId: "SBX1", detail: { percent: 40 } });
    expect(await audits("van.fault_cleared")).toHaveLength(1);
  });

  test("are refused in production, for a VAN that is no sandbox, and for a control that is elsewhere", async () => {
    const production = {
      ...demo,
      env: { ...demo.env, NODE_ENV: "production" as const, PAYDECK_DEMO: false },
    };
    expect(await readFaults(production)).toBeNull();
    for (const [ctx, code] of [
      [production, "SBX1"],
      [demo, "REAL"],
      [demo, "SBX2"],
    ] as const) {
      await expect(setFault(ctx, { ...fault, code })).rejects.toMatchObject({ code: "SANDBOX_ONLY" });
      await expect(clearFault(ctx, { ...asked, code })).rejects.toMatchObject({ code: "SANDBOX_ONLY" });
    }
    await expect(setFault(demo, { ...fault, code: "SBX9" })).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await faultAtVan()).toEqual({ mode: null });
    expect(await audits("van.fault_set")).toHaveLength(1);
  });

  test("say so when the control does not answer", async () => {
    const ctx = { ...demo, env: { ...demo.env, VAN_SBX1_CONTROL_URL: "http://127.0.0.1:1" } };
    expect(await readFaults(ctx)).toEqual([{ code: "SBX1", isReachable: false, fault: null }]);
    await expect(setFault(ctx, { ...fault, code: "SBX1" })).rejects.toMatchObject({
      code: "VAN_UNAVAILABLE",
    });
  });
});

test("the history holds what operators did and every change of a circuit, page by page", async () => {
  const process = { id: "p1", role: "web" } as const;
  const at = new Date();
  keepCircuitChange(world.ctx, process, {
    vanCode: "SBX1",
    from: "CLOSED",
    to: "OPEN",
    reason: "timeout",
    at,
  });
  await expect
    .poll(async () =>
      (await readVanHistory(world.ctx.db, { limit: 50 })).entries.some(({ kind }) => kind === "circuit"),
    )
    .toBe(true);
  await stopApprovals(world.ctx, { ...asked, code: "SBX1", reason: "점검" });
  const whole = await readVanHistory(world.ctx.db, { limit: 50 });
  expect(whole.nextCursor).toBeNull();
  expect(whole.entries[0]).toMatchObject({
    kind: "operator",
    action: "van.approvals_stopped",
    target: "SBX1",
  });
  expect(whole.entries.find(({ kind }) => kind === "circuit")).toMatchObject({
    vanCode: "SBX1",
    from: "CLOSED",
    to: "OPEN",
    reason: "timeout",
    role: "web",
  });
  expect(whole.entries.some((entry) => entry.kind === "operator" && entry.target === "한빛서점")).toBe(true);
  const keys: string[] = [];
  let cursor: Parameters<typeof readVanHistory>[1]["cursor"];
  do {
    const page = await readVanHistory(world.ctx.db, { limit: 2, cursor });
    keys.push(...page.entries.map(({ key }) => key));
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  expect(keys).toEqual(whole.entries.map(({ key }) => key));
});
