import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { serveMallApi } from "#server/api/v1/serve.ts";
import { type Admission, openAdmission } from "#server/platform/admission.ts";
import { type MeasuredPool, openPool, type SqlPool } from "#server/platform/db.ts";
import { renderMetrics } from "#server/platform/metrics.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";

// Reliability §5.8: what is turned away under load costs no statement and no call, and money that is on its way never is.

let world: TestWorld;
let money: MeasuredPool;
let reports: MeasuredPool;
let statements = 0;

beforeAll(async () => {
  world = await openTestWorld();
  money = openPool(world.databaseUrl, { name: "money", connectionsMax: 4 });
  reports = openPool(world.databaseUrl, { name: "reports", connectionsMax: 1, connectTimeoutMs: 10_000 });
});
afterAll(async () => {
  await money.close();
  await reports.close();
  await world.close();
});
beforeEach(() => {
  statements = 0;
});

/** Serves with this door, and counts what reaches the database. */
function serveWith(admission: Admission, sql: SqlPool = world.ctx.sql): void {
  const counting: SqlPool = {
    run: (statement, values) => {
      statements++;
      return sql.run(statement, values);
    },
    transaction: (work) => {
      statements++;
      return sql.transaction(work);
    },
    close: async () => undefined,
  };
  (globalThis as { paydeckRuntime?: unknown }).paydeckRuntime = { ...world.ctx, sql: counting, admission };
}

const door = (approvalsInFlightMax: number) =>
  openAdmission({ sql: money, reports, approvalsInFlightMax, random: () => 0.5 });

const shut: Admission = {
  turnsAway: (what) => what === "new_approval",
  beginApproval: () => {
    throw new Error("nothing may begin");
  },
  close: () => undefined,
};

async function send(
  method: "GET" | "POST",
  path: string,
  body?: unknown,
): Promise<{ status: number; headers: Headers; body: { code: string; data: Record<string, unknown> } }> {
  const response = await serveMallApi(
    new Request(`http://api.example/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${world.secretKey}`,
        ...(body === undefined
          ? {}
          : { "content-type": "application/json", "idempotency-key": randomUUID() }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  );
  return { status: response.status, headers: response.headers, body: (await response.json()) as never };
}

const approve = (orderId = `S-${randomUUID()}`) =>
  send("POST", "/payments", {
    orderId,
    orderName: "책",
    amount: 10_000,
    method: "CARD",
    card: { number: "4330123412341234", expiryYear: "29", expiryMonth: "12" },
  });

describe("an approval that is turned away", () => {
  test("is answered 503 MAINTENANCE, to be sent again, with no statement and no call to a VAN", async () => {
    serveWith(shut);
    const calls = world.van.calls.length;
    const answer = await approve();
    expect(answer.status).toBe(503);
    expect(answer.body).toMatchObject({ code: "MAINTENANCE", data: { retryable: true } });
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
    expect(Number(answer.headers.get("retry-after"))).toBeLessThanOrEqual(3);
    expect(statements).toBe(0);
    expect(world.van.calls).toHaveLength(calls);
  });

  test("leaves cancels, net cancels and inquiries as they are", async () => {
    serveWith(world.ctx.admission);
    const orderId = `S-${randomUUID()}`;
    const { body } = await approve(orderId);
    const paymentKey = String(body.data.paymentKey);
    serveWith(shut);
    expect((await send("GET", `/payments/${paymentKey}`)).status).toBe(200);
    expect((await send("GET", `/payments?orderId=${orderId}`)).status).toBe(200);
    const part = await send("POST", `/payments/${paymentKey}/cancel`, { reason: "고객 변심", amount: 1_000 });
    expect([part.status, part.body.data.status]).toEqual([200, "PARTIAL_CANCELED"]);
    const reversed = await send("POST", "/payments/net-cancel", { orderId: `S-${randomUUID()}` });
    expect(reversed.body.code).not.toBe("MAINTENANCE");
  });
});

describe("a process", () => {
  test("has so many approvals under way and no more, and takes the next as soon as one ends", async () => {
    const admission = door(4);
    serveWith(admission);
    let answerAll = () => {};
    const answered = new Promise<void>((resolve) => {
      answerAll = resolve;
    });
    for (let n = 0; n < 4; n++) world.van.next.approve.push(() => answered);
    const calls = world.van.calls.length;
    const running = Array.from({ length: 4 }, () => approve());
    await expect.poll(() => world.van.calls.length - calls).toBe(4);

    statements = 0;
    const startedAtMs = performance.now();
    const refused = await Promise.all(Array.from({ length: 100 }, () => approve()));
    const tookMs = performance.now() - startedAtMs;
    expect(refused.map(({ body }) => body.code)).toEqual(Array.from({ length: 100 }, () => "MAINTENANCE"));
    expect(statements).toBe(0);
    expect(tookMs / 100).toBeLessThan(50);

    answerAll();
    expect((await Promise.all(running)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect((await approve()).status).toBe(200);
    admission.close();
    expect(await renderMetrics()).toMatch(/load_shed_total\{class="new_approval"\} [1-9]/);
  });

  test("turns approvals away while callers wait too long for money's connections, and never for the reports'", async () => {
    const admission = door(1_000);
    const held = Array.from({ length: 8 }, () => money.run({ name: "", text: "SELECT pg_sleep(0.7)" }, []));
    const busyReports = Array.from({ length: 40 }, () =>
      reports.run({ name: "", text: "SELECT pg_sleep(0.02)" }, []),
    );
    // Forty reports wait: charts give way, and approvals do not.
    expect(admission.turnsAway("chart")).toBe(true);
    expect(admission.turnsAway("new_approval")).toBe(false);
    await expect.poll(() => money.pressure().longestWaitMs).toBeGreaterThan(250);
    expect(admission.turnsAway("console_read")).toBe(true);
    expect(admission.turnsAway("webhook_send")).toBe(true);
    expect(admission.turnsAway("new_approval")).toBe(true);
    await Promise.all([...held, ...busyReports]);
    // Approvals come back at once, the rest after two calm seconds.
    expect(admission.turnsAway("new_approval")).toBe(false);
    expect(admission.turnsAway("console_read")).toBe(true);
    await expect
      .poll(() => admission.turnsAway("console_read"), { timeout: 6_000, interval: 100 })
      .toBe(false);
    admission.close();
  });

  test("whose event loop is late turns charts away first", async () => {
    const admission = door(1_000);
    const turns: boolean[] = [];
    const until = performance.now() + 1_500;
    while (performance.now() < until) {
      const turnEnd = performance.now() + 70;
      while (performance.now() < turnEnd);
      await new Promise((resolve) => setImmediate(resolve));
      turns.push(admission.turnsAway("chart"));
    }
    expect(turns.at(-1)).toBe(true);
    expect(admission.turnsAway("new_approval")).toBe(false);
    admission.close();
  });
});
