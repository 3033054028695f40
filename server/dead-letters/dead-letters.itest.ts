import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { realIds } from "#server/core/ids.ts";
import { Refusal } from "#server/core/refusals.ts";
import { deadLetterFilterSchema } from "#server/dead-letters/dead-letter.schemas.ts";
import { searchDeadLetters, summarizeDeadLetters } from "#server/dead-letters/dead-letter-queries.ts";
import { redriveJobKey } from "#server/dead-letters/domain/job-key.ts";
import { parkDeadLetter } from "#server/dead-letters/park-dead-letter.ts";
import { previewRedrive } from "#server/dead-letters/preview-redrive.ts";
import { redriveDeadLetters } from "#server/dead-letters/redrive-dead-letters.ts";
import { resolveDeadLetter } from "#server/dead-letters/resolve-dead-letter.ts";
import { type Db, openDb, openPool, type SqlPool } from "#server/platform/db.ts";
import { createTestDatabase, type TestDatabase } from "#server/testing/test-database.ts";
import type { InquiryOutcome, InquiryRequest, VanExchange, VanGateway } from "#server/van/van-gateway.ts";

let database: TestDatabase;
let sql: SqlPool;
let db: Db;

beforeAll(async () => {
  database = await createTestDatabase();
  sql = openPool(database.url, { name: "test", connectionsMax: 8, connectTimeoutMs: 15_000 });
  db = openDb(database.url, 4, 15_000);
  await db.mall.create({ data: { id: "mall_1", name: "한빛서점", businessNumber: "1208800001" } });
  const van = {
    isSandbox: true,
    connectTimeoutMs: 200,
    approveTimeoutMs: 1_000,
    cancelTimeoutMs: 1_000,
    netCancelTimeoutMs: 1_000,
    inquiryTimeoutMs: 500,
    leaseMs: 20_000,
    netCancelDelaysMs: [1_000],
    netCancelDeadlineMs: 3_600_000,
    cancelDelaysMs: [1_000],
    inquiryDelaysMs: [1_000],
    processingWindowMs: 15_000,
  };
  await db.van.createMany({
    data: [
      { code: "SBX1", name: "Sandbox 1", protocol: "HTTP_JSON", ...van },
      { code: "SBX2", name: "Sandbox 2", protocol: "FIXED_LENGTH_TCP", ...van },
    ],
  });
});

afterAll(async () => {
  await sql.close();
  await db.$disconnect();
  await database.drop();
});

beforeEach(async () => {
  await db.deadLetter.deleteMany();
  await db.outboxMessage.deleteMany();
});

const operator = { type: "operator", id: "op_1", ipAddress: "203.0.113.7" } as const;
const parked = deadLetterFilterSchema.parse({});

async function aPayment(
  over: {
    status?: "UNKNOWN" | "DONE" | "NET_CANCELED";
    amountMinor?: bigint;
    requestedAt?: Date;
    vanCode?: string;
  } = {},
) {
  const at = over.requestedAt ?? new Date();
  return db.payment.create({
    data: {
      id: realIds.newId("payment"),
      mallId: "mall_1",
      orderId: realIds.newTraceNo(),
      orderName: "책",
      method: "CARD",
      amountMinor: over.amountMinor ?? 64_500n,
      vatMinor: 0n,
      status: over.status ?? "UNKNOWN",
      vanCode: over.vanCode ?? "SBX1",
      traceNo: realIds.newTraceNo(),
      leaseUntil: at,
      requestedAt: at,
      traceId: "0".repeat(32),
    },
  });
}

async function aLetter(
  paymentId: string,
  over: { jobKey?: string; lastError?: string; attempts?: number } = {},
) {
  const jobKey = over.jobKey ?? `net-cancel:${paymentId}`;
  await sql.transaction((tx) =>
    parkDeadLetter({ ids: realIds }, tx, {
      reason: "VAN_TIMEOUT",
      message: {
        jobName: "net-cancel",
        jobKey,
        payload: { paymentId },
        subjectId: paymentId,
        attempts: over.attempts ?? 6,
        firstError: "no answer within 2000 ms",
        lastError: over.lastError ?? "no answer within 2000 ms",
        traceId: "1".repeat(32),
      },
    }),
  );
  return db.deadLetter.findFirstOrThrow({ where: { paymentId }, orderBy: { parkedAt: "desc" } });
}

const exchange: VanExchange = {
  requestBytes: new Uint8Array(),
  responseBytes: null,
  startedAt: new Date(),
  durationMs: 1,
};

/** A VAN that only answers inquiries, and remembers who asked: a dry run may do nothing else. */
function aVan(
  code: string,
  answer: (request: InquiryRequest) => InquiryOutcome,
): VanGateway & { asked: string[] } {
  const refuse = () => Promise.reject(new Error("a dry run may only inquire"));
  const asked: string[] = [];
  return {
    code,
    asked,
    approve: refuse,
    cancel: refuse,
    netCancel: refuse,
    async inquire(request) {
      asked.push(request.traceNo);
      return answer(request);
    },
    admitsInMs: () => 0,
    admit: () => undefined,
    health: () => ({
      reachable: true,
      inFlight: 0,
      lastAnswerAt: null,
      lastError: null,
      circuit: { state: "CLOSED", since: new Date(0), reason: null, nextProbeAt: null },
    }),
    close: async () => undefined,
  };
}

const live = (request: InquiryRequest): InquiryOutcome => ({
  kind: "found",
  state: "approved",
  amountMinor: request.original.amountMinor,
  canceledMinor: 0n,
  exchange,
});

function contextWith(...vans: VanGateway[]) {
  return { db, sql, vans: new Map(vans.map((van) => [van.code, van])), now: () => new Date() };
}

const previewOf = (count: number, at = new Date()) => ({ at, count });

describe("parking", () => {
  test("keeps payment, mall, VAN, amount, the VAN's deadline and the newest exchange", async () => {
    const payment = await aPayment({ requestedAt: new Date("2026-11-19T05:00:00Z") });
    const bytes = Buffer.from("0200");
    for (const traceNo of ["T1", "T2"]) {
      await db.vanExchange.create({
        data: {
          vanCode: "SBX1",
          operation: "NET_CANCEL",
          paymentId: payment.id,
          traceNo,
          outcome: "unknown",
          requestBytes: bytes,
          startedAt: new Date(),
          durationMs: 2_000,
        },
      });
    }
    const newest = await db.vanExchange.findFirstOrThrow({
      where: { paymentId: payment.id },
      orderBy: { id: "desc" },
    });
    expect(await aLetter(payment.id)).toMatchObject({
      status: "PARKED",
      mallId: "mall_1",
      vanCode: "SBX1",
      amountMinor: 64_500n,
      attempts: 6,
      reasonClass: "VAN_TIMEOUT",
      vanExchangeId: newest.id,
      deadlineAt: new Date("2026-11-19T06:00:00Z"),
    });
  });

  test("a job without a subject that exists is kept all the same", async () => {
    await sql.transaction((tx) =>
      parkDeadLetter({ ids: realIds }, tx, {
        reason: "INTERNAL",
        message: {
          jobName: "deliver-webhook",
          jobKey: "deliver-webhook:whd_gone",
          payload: { deliveryId: "whd_gone" },
          subjectId: "whd_gone",
          attempts: 1,
          firstError: "e",
          lastError: "e",
          traceId: null,
        },
      }),
    );
    expect(await db.deadLetter.findFirstOrThrow()).toMatchObject({
      subjectId: "whd_gone",
      paymentId: null,
      amountMinor: null,
    });
  });

  test("a re-driven job that fails again is the same letter: tries add up, the first error stays", async () => {
    const payment = await aPayment();
    const letter = await aLetter(payment.id);
    await redriveDeadLetters(contextWith(), {
      selection: { kind: "ids", ids: [letter.id] },
      preview: previewOf(1),
      exceptIds: [],
      reason: "VAN back",
      actor: operator,
      traceId: "t",
    });
    const again = await aLetter(payment.id, {
      jobKey: redriveJobKey(letter.jobKey, 1),
      lastError: "connection reset",
      attempts: 3,
    });
    expect(again).toMatchObject({
      id: letter.id,
      status: "PARKED",
      attempts: 9,
      redriveCount: 1,
      firstError: "no answer within 2000 ms",
      lastError: "connection reset",
    });
    expect(await db.deadLetter.count()).toBe(1);
  });

  test("the success of a re-driven job ends its letter, and of any other job does nothing", async () => {
    const letter = await aLetter((await aPayment()).id);
    expect(
      await resolveDeadLetter(sql, { jobKey: redriveJobKey(letter.jobKey, 1), resolution: "net_canceled" }),
    ).toBe(true);
    expect(await resolveDeadLetter(sql, { jobKey: "net-cancel:pay_other", resolution: "net_canceled" })).toBe(
      false,
    );
    expect(await db.deadLetter.findUniqueOrThrow({ where: { id: letter.id } })).toMatchObject({
      status: "RESOLVED",
      resolution: "net_canceled",
    });
  });
});

describe("searching", () => {
  test("pages through the nearest deadline first, without gaps or repeats, and agrees with the totals", async () => {
    const now = new Date();
    const minutesLeft = [50, 5, -10, 20, 5, -60 * 24];
    for (const left of minutesLeft) {
      const payment = await aPayment({
        requestedAt: new Date(now.getTime() + (left - 60) * 60_000),
        amountMinor: 1_000n,
      });
      await aLetter(payment.id);
    }
    const seen: (number | null)[] = [];
    let cursor: Awaited<ReturnType<typeof searchDeadLetters>>["nextCursor"] = null;
    do {
      const page: Awaited<ReturnType<typeof searchDeadLetters>> = await searchDeadLetters(
        db,
        { filter: parked, sort: "urgent", limit: 2, ...(cursor && { cursor }) },
        new Date(),
      );
      seen.push(
        ...page.letters.map(
          (letter) => letter.deadlineAt && Math.round((letter.deadlineAt.getTime() - now.getTime()) / 60_000),
        ),
      );
      cursor = page.nextCursor;
    } while (cursor);
    expect(seen.slice(0, 4)).toEqual([5, 5, 20, 50]);
    expect([...seen].sort()).toEqual([...minutesLeft].sort());
    const summary = await summarizeDeadLetters(db, parked, new Date());
    expect(summary).toMatchObject({ count: 6, amountMinor: 6_000n });
    expect(Math.round(((summary.nextDeadlineAt?.getTime() ?? 0) - now.getTime()) / 60_000)).toBe(5);
  });

  test("counts of a facet leave its own choice out, so that one can choose more", async () => {
    await aLetter((await aPayment({ vanCode: "SBX1" })).id);
    await aLetter((await aPayment({ vanCode: "SBX2" })).id);
    const summary = await summarizeDeadLetters(db, { ...parked, van: ["SBX2"] }, new Date());
    expect(summary.count).toBe(1);
    expect(new Map(summary.facets.van.map(({ value, count }) => [value, count]))).toEqual(
      new Map([
        ["SBX1", 1],
        ["SBX2", 1],
      ]),
    );
    expect(summary.facets.job).toEqual([{ value: "net-cancel", label: null, count: 1 }]);
    expect(summary.facets.age).toEqual([{ value: "UNDER_10_MIN", label: null, count: 1 }]);
  });

  test("what a person types stands for itself, wildcards too", async () => {
    const payment = await aPayment();
    await aLetter(payment.id, { lastError: "100% lost" });
    const find = async (q: string) =>
      (await searchDeadLetters(db, { filter: { ...parked, q }, sort: "parked", limit: 10 }, new Date()))
        .letters.length;
    expect(await find(payment.orderId.slice(3, 12))).toBe(1);
    expect(await find("100%")).toBe(1);
    expect(await find("1%t")).toBe(0);
    expect(await find("'; DROP TABLE dead_letter --")).toBe(0);
  });
});

describe("the dry run", () => {
  test("asks by inquiry only, says one outcome per letter, and changes nothing", async () => {
    const open = await aPayment({ amountMinor: 10_000n });
    const reversed = await aPayment({ amountMinor: 20_000n, vanCode: "SBX2" });
    const ended = await aPayment({ amountMinor: 30_000n, status: "NET_CANCELED" });
    const wrong = await aPayment({ amountMinor: 40_000n, requestedAt: new Date(Date.now() - 2 * 3_600_000) });
    for (const payment of [open, reversed, ended, wrong]) await aLetter(payment.id);
    const before = await db.deadLetter.findMany({ orderBy: { id: "asc" } });
    const sbx1 = aVan("SBX1", (request) =>
      request.traceNo === wrong.traceNo
        ? { kind: "found", state: "approved", amountMinor: 4_000n, canceledMinor: 0n, exchange }
        : live(request),
    );
    const sbx2 = aVan("SBX2", ({ original }) => ({
      kind: "found",
      state: "net_canceled",
      amountMinor: original.amountMinor,
      canceledMinor: 0n,
      exchange,
    }));

    const preview = await previewRedrive(contextWith(sbx1, sbx2), { kind: "filter", filter: parked });

    const outcomes = new Map(
      preview.letters.map((letter) => [letter.paymentId, `${letter.outcome} ${letter.why}`]),
    );
    expect(outcomes).toEqual(
      new Map([
        [open.id, "SEND VAN_LIVE"],
        [reversed.id, "CLOSE VAN_REVERSED"],
        [ended.id, "CLOSE ALREADY_FINAL"],
        [wrong.id, "PERSON AMOUNT_DIFFERS"],
      ]),
    );
    expect(preview.letters.find((letter) => letter.paymentId === open.id)).toMatchObject({
      statusNow: "UNKNOWN",
      statusAfter: "NET_CANCELED",
    });
    expect(preview.letters.find((letter) => letter.paymentId === ended.id)?.statusAfter).toBeNull();
    expect(preview.totals).toMatchObject({
      SEND: { count: 1, amountMinor: 10_000n, byJob: { "net-cancel": 1 } },
      CLOSE: { count: 2, amountMinor: 50_000n },
      PERSON: { count: 1, amountMinor: 40_000n },
    });
    // What we know ourselves needs no question.
    expect(sbx1.asked.sort()).toEqual([open.traceNo, wrong.traceNo].sort());
    expect(await db.deadLetter.findMany({ orderBy: { id: "asc" } })).toEqual(before);
    expect(await db.outboxMessage.count()).toBe(0);
    expect(
      await db.vanExchange.count({ where: { paymentId: { in: [open.id, reversed.id, wrong.id] } } }),
    ).toBe(0);
  });
});

describe("the re-drive", () => {
  test("sends what is open, closes what has ended, and leaves one audit row with the reason for each", async () => {
    const open = await aLetter((await aPayment()).id);
    const ended = await aLetter((await aPayment({ status: "NET_CANCELED" })).id);
    const results = await redriveDeadLetters(contextWith(), {
      selection: { kind: "ids", ids: [open.id, ended.id, "dl_missing"] },
      preview: previewOf(2),
      exceptIds: [],
      reason: "SBX1 장애 복구 뒤 재처리",
      actor: operator,
      traceId: "2".repeat(32),
    });
    expect(new Map(results.map(({ id, result }) => [id, result]))).toEqual(
      new Map([
        [open.id, "redriven"],
        [ended.id, "closed"],
        ["dl_missing", "not_found"],
      ]),
    );
    expect(await db.outboxMessage.findMany()).toMatchObject([
      {
        jobName: "net-cancel",
        jobKey: `${open.jobKey}#redrive-1`,
        payload: open.payload,
        subjectId: open.subjectId,
      },
    ]);
    expect(await db.deadLetter.findUniqueOrThrow({ where: { id: open.id } })).toMatchObject({
      status: "REDRIVEN",
      redriveCount: 1,
    });
    expect(await db.deadLetter.findUniqueOrThrow({ where: { id: ended.id } })).toMatchObject({
      status: "RESOLVED",
      resolution: "closed: SBX1 장애 복구 뒤 재처리",
    });
    const audits = await db.auditLog.findMany({
      where: { targetId: { in: [open.id, ended.id] } },
      orderBy: { action: "asc" },
    });
    expect(audits.map(({ action, actorId, ipAddress }) => ({ action, actorId, ipAddress }))).toEqual([
      { action: "dead_letter.closed", actorId: "op_1", ipAddress: "203.0.113.7" },
      { action: "dead_letter.redriven", actorId: "op_1", ipAddress: "203.0.113.7" },
    ]);
    expect(audits[0]?.detail).toMatchObject({
      reason: "SBX1 장애 복구 뒤 재처리",
      before: { status: "PARKED" },
      after: { status: "RESOLVED" },
    });
  });

  test("twenty operators who send the same letter at once make one job", async () => {
    const letter = await aLetter((await aPayment()).id);
    const command = {
      selection: { kind: "ids", ids: [letter.id] },
      preview: previewOf(1),
      exceptIds: [],
      reason: "once",
      actor: operator,
      traceId: "t",
    } as const;
    const all = await Promise.all(
      Array.from({ length: 20 }, () =>
        redriveDeadLetters(contextWith(), {
          ...command,
          selection: { kind: "ids", ids: [letter.id] },
          exceptIds: [],
        }),
      ),
    );
    const results = all.flat().map(({ result }) => result);
    expect(results.filter((result) => result === "redriven")).toHaveLength(1);
    expect(results.filter((result) => result === "already_redriven")).toHaveLength(19);
    expect(await db.outboxMessage.count()).toBe(1);
  });

  test("refuses a selection that grew after its preview, and sends nothing", async () => {
    await aLetter((await aPayment()).id);
    const preview = previewOf(1);
    await aLetter((await aPayment()).id);
    const stale = redriveDeadLetters(contextWith(), {
      selection: { kind: "filter", filter: parked },
      preview,
      exceptIds: [],
      reason: "all",
      actor: operator,
      traceId: "t",
    });
    await expect(stale).rejects.toSatisfy(
      (error) => error instanceof Refusal && error.code === "STALE_SELECTION",
    );
    expect(await db.outboxMessage.count()).toBe(0);
  });

  test("refuses a selection in which one letter left and another came: the count alone would not tell", async () => {
    const first = await aLetter((await aPayment()).id);
    const preview = previewOf(1);
    await resolveDeadLetter(sql, { jobKey: first.jobKey, resolution: "net_canceled" });
    await aLetter((await aPayment()).id);
    const stale = redriveDeadLetters(contextWith(), {
      selection: { kind: "filter", filter: parked },
      preview,
      exceptIds: [],
      reason: "all",
      actor: operator,
      traceId: "t",
    });
    await expect(stale).rejects.toMatchObject({ code: "STALE_SELECTION" });
  });

  test("leaves out what the preview left to a person, and sends the nearest deadline first, five a second", async () => {
    const letters: Awaited<ReturnType<typeof aLetter>>[] = [];
    for (let index = 0; index < 7; index++) {
      const payment = await aPayment({ requestedAt: new Date(Date.now() - index * 60_000) });
      letters.push(await aLetter(payment.id));
    }
    const left = letters[3]?.id ?? "";
    const results = await redriveDeadLetters(contextWith(), {
      selection: { kind: "filter", filter: parked },
      preview: previewOf(7),
      exceptIds: [left],
      reason: "all",
      actor: operator,
      traceId: "t",
    });
    // The oldest request has the nearest deadline.
    expect(results.map(({ id }) => id)).toEqual([6, 5, 4, 2, 1, 0].map((index) => letters[index]?.id));
    const due = await db.outboxMessage.findMany({ orderBy: { availableAt: "asc" } });
    const spreadMs = (due.at(-1)?.availableAt.getTime() ?? 0) - (due[0]?.availableAt.getTime() ?? 0);
    expect(spreadMs).toBe(1_000);
    expect(due.at(-1)?.jobKey).toBe(`${letters[0]?.jobKey}#redrive-1`);
    expect(await db.deadLetter.findUniqueOrThrow({ where: { id: left } })).toMatchObject({
      status: "PARKED",
    });
  });
});
