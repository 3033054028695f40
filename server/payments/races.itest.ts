import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApiAnswer, ApiProcess } from "#server/testing/api-process.ts";
import { SandboxVan } from "#server/testing/sandbox-van.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";

// Two web processes with pools of their own, real sockets, a real PostgreSQL, and a real VAN whose ledger is the
// referee: what two requests do to each other is decided where they meet, and they meet in the database alone.

let world: TestWorld;
let van: SandboxVan;
let redis: Cable;
let apis: readonly ApiProcess[] = [];

beforeAll(async () => {
  world = await openTestWorld();
  [van, redis] = await Promise.all([
    SandboxVan.start("SBX1", { latencyMs: 10 }),
    Cable.to(new URL(world.ctx.env.REDIS_URL)),
  ]);
  const { PAYDECK_SECRET, PAYDECK_METRICS_TOKEN, NEXTAUTH_SECRET } = world.ctx.env;
  const env = {
    DATABASE_URL: world.databaseUrl,
    REDIS_URL: redis.url,
    VAN_SBX1_URL: van.url,
    PAYDECK_SECRET,
    PAYDECK_METRICS_TOKEN,
    NEXTAUTH_SECRET,
  };
  apis = await Promise.all([ApiProcess.start(env), ApiProcess.start(env)]);
});
afterAll(async () => {
  await Promise.all(apis.map((api) => api.stop()));
  await van?.discard();
  await redis?.close();
  await world?.close();
});

describe("300 orders, 20 requests for each at once, half of them with one key", () => {
  test.each([
    { redis: "up", orders: 300 },
    { redis: "stopped", orders: 300 },
  ])("charge $orders times, Redis $redis, N = 6,000 requests", { timeout: 120_000 }, async (run) => {
    if (run.redis === "stopped") redis.cut();
    const orderIds = Array.from({ length: run.orders }, () => `R-${randomUUID()}`);
    // 80 requests under way: more at once would be turned away rather than race.
    const finished = await eachOf(orderIds, 4, async (orderId) => {
      const shared: string = randomUUID();
      const answers = await Promise.all(
        Array.from({ length: 20 }, async (_, n) => {
          const key: string = n % 2 === 0 ? shared : randomUUID();
          return { key, answer: await approve(apiOf(n >> 1), orderId, { key }) };
        }),
      );
      return winnerOf(orderId, answers);
    });

    expect(finished).toHaveLength(run.orders);
    const ids = [orderIds];
    expect(
      await world.rows(
        `SELECT status::text, count(*)::int AS payments, count(DISTINCT order_id)::int AS orders FROM payment WHERE order_id = ANY($1) GROUP BY status`,
        ids,
      ),
    ).toEqual([{ status: "DONE", payments: run.orders, orders: run.orders }]);
    const stories = await Promise.all(orderIds.map((orderId) => van.story(orderId)));
    expect(stories).toEqual(orderIds.map(() => ["APPROVE:APPROVED"]));

    // The winner's key gives the winner's answer byte for byte, at either process.
    await eachOf(finished, 20, async ({ orderId, key, text }) => {
      const replays = await Promise.all(apis.map((api) => approve(api, orderId, { key })));
      expect(replays.map((replay) => [replay.status, replay.replayed, replay.text])).toEqual([
        [200, true, text],
        [200, true, text],
      ]);
    });
    expect(await van.story(orderIds[0] ?? "")).toEqual(["APPROVE:APPROVED"]);
    if (run.redis === "stopped") redis.restore();
  });

  /** The one request that was approved. Every other one heard the same bytes, or a listed refusal. */
  function winnerOf(orderId: string, answers: readonly { key: string; answer: ApiAnswer }[]) {
    const done = answers.filter(({ answer }) => answer.status === 200);
    const [winner, ...others] = done.filter(({ answer }) => !answer.replayed);
    if (!winner || others.length > 0)
      throw new Error(`${orderId} was approved ${others.length + (winner ? 1 : 0)} times`);
    for (const { key, answer } of done) expect([key, answer.text]).toEqual([winner.key, winner.answer.text]);
    for (const { answer } of answers) {
      if (answer.status === 200) continue;
      expect([answer.status, answer.code]).toEqual([409, expect.stringMatching(listedRefusals)]);
    }
    return { orderId, key: winner.key, text: winner.answer.text };
  }

  const listedRefusals = /^(DUPLICATED_ORDER_ID|IDEMPOTENT_REQUEST_PROCESSING|PAYMENT_LOCKED)$/;
});

describe("cancels", () => {
  test("30 of 100 won at once on 1,000 won: exactly 10 succeed, N = 5 payments", async () => {
    await eachOf(
      Array.from({ length: 5 }, (_, n) => n),
      2,
      async () => {
        const { orderId, paymentKey } = await approved(1_000);
        const answers = await Promise.all(
          Array.from({ length: 30 }, (_, n) => cancelUntilSettled(apiOf(n), paymentKey, 100)),
        );
        expect(tally(answers)).toEqual({ SUCCESS: 10, ALREADY_CANCELED_PAYMENT: 20 });
        expect(await canceledAtVan(orderId)).toEqual({ count: 10, sum: 1_000 });
        expect(await paymentOf(orderId)).toEqual({ status: "CANCELED", canceled: 1_000n, reserved: 0n });
        expect(await ledgerSums(orderId)).toEqual([0n, 0n]);
      },
    );
  }, 120_000);

  test("two of 60,000 won at once on 100,000 won: exactly one each time, N = 50", async () => {
    await eachOf(
      Array.from({ length: 50 }, (_, n) => n),
      5,
      async () => {
        const { orderId, paymentKey } = await approved(100_000);
        const answers = await Promise.all(apis.map((api) => cancelUntilSettled(api, paymentKey, 60_000)));
        expect(tally(answers)).toEqual({ SUCCESS: 1, NOT_CANCELABLE_AMOUNT: 1 });
        expect(await canceledAtVan(orderId)).toEqual({ count: 1, sum: 60_000 });
        expect(await paymentOf(orderId)).toEqual({
          status: "PARTIAL_CANCELED",
          canceled: 60_000n,
          reserved: 0n,
        });
      },
    );
  }, 120_000);

  test("one cancel sent ten times at once with its key is one cancel and one answer, N = 20", async () => {
    await eachOf(
      Array.from({ length: 20 }, (_, n) => n),
      4,
      async () => {
        const { orderId, paymentKey } = await approved(10_000);
        const key = randomUUID();
        const answers = await Promise.all(
          Array.from({ length: 10 }, (_, n) => cancelUntilSettled(apiOf(n), paymentKey, 3_000, key)),
        );
        expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
        expect(tally(answers)).toEqual({ SUCCESS: 10 });
        expect(await canceledAtVan(orderId)).toEqual({ count: 1, sum: 3_000 });
      },
    );
  }, 120_000);

  async function approved(amount: number) {
    const orderId = `R-${randomUUID()}`;
    const answer = await approve(apiOf(0), orderId, { amount });
    expect(answer.status).toBe(200);
    return { orderId, paymentKey: String(answer.data.paymentKey) };
  }

  /** Cancels as a mall does: with its key, again while it is told to wait. */
  async function cancelUntilSettled(
    api: ApiProcess,
    paymentKey: string,
    amount: number,
    key: string = randomUUID(),
  ): Promise<ApiAnswer> {
    for (let tried = 0; tried < 500; tried++) {
      const answer = await api.post(`/payments/${paymentKey}/cancel`, headersOf(key), {
        amount,
        reason: "고객 요청",
      });
      if (answer.data.retryable !== true) return answer;
      expect([answer.status, answer.code]).toEqual([
        409,
        expect.stringMatching(
          /^(PREVIOUS_CANCEL_NOT_COMPLETE|PAYMENT_LOCKED|IDEMPOTENT_REQUEST_PROCESSING)$/,
        ),
      ]);
      await sleep(15 + Math.random() * 30);
    }
    throw new Error("a cancel never came to its end");
  }

  async function canceledAtVan(orderId: string) {
    const done = (await van.ledger(orderId)).filter(
      ({ type, result }) => type === "CANCEL" && result === "CANCELED",
    );
    return { count: done.length, sum: done.reduce((sum, row) => sum + row.amount, 0) };
  }

  async function paymentOf(orderId: string) {
    const [payment] = await world.rows(
      `SELECT status::text, canceled_minor AS canceled, reserved_minor AS reserved FROM payment WHERE order_id = $1`,
      [orderId],
    );
    return payment;
  }

  async function ledgerSums(orderId: string): Promise<bigint[]> {
    const rows = await world.rows<{ sum: bigint }>(
      `SELECT sum(l.amount_minor)::bigint AS sum FROM ledger_entry l JOIN payment p ON p.id = l.payment_id WHERE p.order_id = $1 GROUP BY l.account`,
      [orderId],
    );
    return rows.map(({ sum }) => sum);
  }
});

describe("a net cancel against its running approval (NC-7)", () => {
  /** How long the VAN takes to answer an approval that it booked at once. */
  const vanMs = 150;

  test("ends with what the mall was told, whenever it comes, N = 60", async () => {
    const runs = Array.from({ length: 60 }, (_, n) => n);
    const seen = await eachOf(runs, 6, async (n) => {
      const orderId = `R-${randomUUID()}`;
      const key = randomUUID();
      // From 30 ms before the approval to 110 ms after its answer.
      const offsetMs = -30 + n * 5;
      const [approval, netCancel] = await Promise.all([
        sleep(Math.max(0, -offsetMs)).then(() =>
          approve(apiOf(n), orderId, { key, testCode: `SLOW_${vanMs}` }),
        ),
        sleep(Math.max(0, offsetMs)).then(() => netCancelOnce(apiOf(n >> 1), orderId)),
      ]);
      const said = `${netCancel.code} ${netCancel.data.status ?? ""}`.trim();
      expect([
        "NOT_FOUND_PAYMENT",
        "SUCCESS IN_PROGRESS",
        "SUCCESS UNKNOWN",
        "SUCCESS NET_CANCELED",
      ]).toContain(said);
      // Told DONE is told for good, unless the mall's own net cancel of the DONE payment was agreed to.
      if (approval.status === 200) expect(said).toBe("SUCCESS NET_CANCELED");
      else
        expect([
          "PAYMENT_NET_CANCELED",
          "PAYMENT_RESULT_UNKNOWN",
          "DUPLICATED_ORDER_ID",
          "IDEMPOTENT_REQUEST_PROCESSING",
        ]).toContain(approval.code);

      expect(await netCancelUntilOver(orderId)).toMatch(/^(NOT_FOUND_PAYMENT|SUCCESS NET_CANCELED)$/);
      expect(await liveAtVan(orderId)).toBe(0);
      const rows = await world.rows<{ status: string; booked: bigint }>(
        `SELECT p.status::text, coalesce((SELECT sum(amount_minor) FROM ledger_entry l WHERE l.payment_id = p.id AND l.account LIKE 'van_receivable%'), 0)::bigint AS booked FROM payment p WHERE p.order_id = $1`,
        [orderId],
      );
      expect(rows).toEqual(
        approval.code === "DUPLICATED_ORDER_ID" ? [] : [{ status: "NET_CANCELED", booked: 0n }],
      );
      return `${approval.status === 200 ? "after DONE" : netCancel.code === "NOT_FOUND_PAYMENT" ? "before it" : "while it ran"}`;
    });
    // A race in which one side always wins has tested nothing.
    expect(Object.keys(countOf(seen)).toSorted()).toEqual(["after DONE", "before it", "while it ran"]);
    expect(countOf(seen)["while it ran"]).toBeGreaterThanOrEqual(10);
  }, 120_000);

  test("without a net cancel the slow approval stays, N = 5", async () => {
    await eachOf([0, 1, 2, 3, 4], 5, async (n) => {
      const orderId = `R-${randomUUID()}`;
      const approval = await approve(apiOf(n), orderId, { testCode: `SLOW_${vanMs}` });
      expect(approval.data.status).toBe("DONE");
      expect(await liveAtVan(orderId)).toBe(10_000);
    });
  });

  const netCancelOnce = (api: ApiProcess, orderId: string) =>
    api.post("/payments/net-cancel", headersOf(randomUUID()), { orderId });

  /** Asks again, as a mall does, while the reversal runs. Returns the last answer: code, and status if there is one. */
  async function netCancelUntilOver(orderId: string): Promise<string> {
    for (let tried = 0; tried < 100; tried++) {
      const answer = await netCancelOnce(apiOf(tried), orderId);
      if (answer.status !== 202 && answer.data.retryable !== true)
        return `${answer.code} ${answer.data.status ?? ""}`.trim();
      await sleep(20);
    }
    throw new Error("a net cancel never came to its end");
  }

  /** What the VAN holds of an order, by its ledger. */
  async function liveAtVan(orderId: string): Promise<number> {
    const rows = await van.ledger(orderId);
    const reversed = new Set(
      rows.filter(({ result }) => result === "NET_CANCELED").map(({ traceNo }) => traceNo),
    );
    return rows
      .filter(
        ({ type, result, traceNo }) => type === "APPROVE" && result === "APPROVED" && !reversed.has(traceNo),
      )
      .reduce((sum, row) => sum + row.amount, 0);
  }
});

function headersOf(key: string): Record<string, string> {
  const authorization = `Basic ${Buffer.from(`${world.secretKey}:`).toString("base64")}`;
  return { authorization, "idempotency-key": key };
}

/** What a busy process says before anything is written: the same request with the same key may come again. */
const turnedAway = new Set(["MAINTENANCE", "IDEMPOTENCY_STORE_UNAVAILABLE"]);

/** Approves as a mall does: what a busy process turned away is sent again. */
async function approve(
  api: ApiProcess,
  orderId: string,
  { key = randomUUID() as string, amount = 10_000, testCode = "" } = {},
): Promise<ApiAnswer> {
  for (let tried = 0; tried < 500; tried++) {
    const answer = await api.post(
      "/payments",
      { ...headersOf(key), ...(testCode ? { "paydeck-test-code": testCode } : {}) },
      {
        orderId,
        amount,
        orderName: "클린 코드",
        method: "CARD",
        card: { number: "4330123412341234", expiryYear: "29", expiryMonth: "12" },
      },
    );
    if (!turnedAway.has(answer.code)) return answer;
    await sleep(20 + Math.random() * 80);
  }
  throw new Error("an approval was turned away for ever");
}

function apiOf(n: number): ApiProcess {
  const api = apis[n % apis.length];
  if (!api) throw new Error("the web processes run");
  return api;
}

/** Does the work for each item, so many at a time, and returns what came of it in the order of the items. */
async function eachOf<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const hand = async () => {
    for (let at = next++; at < items.length; at = next++) results[at] = await work(items[at] as T);
  };
  await Promise.all(Array.from({ length: atOnce }, hand));
  return results;
}

const tally = (answers: readonly ApiAnswer[]) => countOf(answers.map(({ code }) => code));

function countOf(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

/** The way to Redis, which a test can cut: to who is behind it that is a Redis that was stopped. */
class Cable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #target: URL;
  #isCut = false;
  url = "";

  private constructor(target: URL) {
    this.#target = target;
    this.#server = createServer((near) => {
      if (this.#isCut) {
        near.destroy();
        return;
      }
      const far = connect(Number(this.#target.port), this.#target.hostname);
      for (const [socket, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(socket);
        socket.on("error", () => socket.destroy());
        socket.on("close", () => {
          this.#sockets.delete(socket);
          other.destroy();
        });
      }
      near.pipe(far).pipe(near);
    });
  }

  static async to(target: URL): Promise<Cable> {
    const cable = new Cable(target);
    cable.#server.listen(0, "127.0.0.1");
    await once(cable.#server, "listening");
    const url = new URL(target);
    url.hostname = "127.0.0.1";
    url.port = String((cable.#server.address() as AddressInfo).port);
    cable.url = url.href;
    return cable;
  }

  /** Breaks every connection and lets none come back. */
  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  restore(): void {
    this.#isCut = false;
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
  }
}
