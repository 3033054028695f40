import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { realIds } from "#server/core/ids.ts";
import { assignDeadLetters } from "#server/dead-letters/assign-dead-letters.ts";
import { deadLetterFilterSchema } from "#server/dead-letters/dead-letter.schemas.ts";
import {
  countParkedDeadLetters,
  findForRedrive,
  readDeadLetter,
  searchDeadLetters,
  summarizeDeadLetters,
} from "#server/dead-letters/dead-letter-queries.ts";
import { redriveJobKey } from "#server/dead-letters/domain/job-key.ts";
import { parkDeadLetter } from "#server/dead-letters/park-dead-letter.ts";
import { previewRedrive } from "#server/dead-letters/preview-redrive.ts";
import { redriveDeadLetters } from "#server/dead-letters/redrive-dead-letters.ts";
import { resolveDeadLetter } from "#server/dead-letters/resolve-dead-letter.ts";
import { setLettersAside } from "#server/dead-letters/set-letters-aside.ts";
import { writeLetterNote } from "#server/dead-letters/write-letter-note.ts";
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
  await db.$executeRawUnsafe("TRUNCATE dead_letter CASCADE");
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

/** Sends letters in one commit, as a batch of a run does. */
const redrive = (ids: readonly string[], reason = "VAN back", gapMs = 0) =>
  sql.transaction((tx) =>
    redriveDeadLetters(tx, ids, { reason, actor: operator, traceId: "2".repeat(32), gapMs }),
  );

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
    await redrive([letter.id]);
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
    expect(summary).toMatchObject({ count: 6, amountMinor: 6_000n, passedCount: 2 });
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

    const preview = await previewRedrive(
      contextWith(sbx1, sbx2),
      before.map(({ id }) => id),
    );

    const paymentOf = new Map(before.map(({ id, paymentId }) => [id, paymentId]));
    const outcomes = new Map(
      preview.map((letter) => [paymentOf.get(letter.id), `${letter.outcome} ${letter.why}`]),
    );
    expect(outcomes).toEqual(
      new Map([
        [open.id, "SEND VAN_LIVE"],
        [reversed.id, "CLOSE VAN_REVERSED"],
        [ended.id, "CLOSE ALREADY_FINAL"],
        [wrong.id, "PERSON AMOUNT_DIFFERS"],
      ]),
    );
    const of = (paymentId: string) => preview.find((letter) => paymentOf.get(letter.id) === paymentId);
    expect(of(open.id)).toMatchObject({ statusNow: "UNKNOWN", statusAfter: "NET_CANCELED" });
    expect(of(ended.id)?.statusAfter).toBeNull();
    expect(of(wrong.id)).toMatchObject({ vanAmountMinor: 4_000n });
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
    const results = await redrive([open.id, ended.id, "dl_missing"], "SBX1 장애 복구 뒤 재처리");
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
    const all = await Promise.all(Array.from({ length: 20 }, () => redrive([letter.id])));
    const results = all.flat().map(({ result }) => result);
    expect(results.filter((result) => result === "redriven")).toHaveLength(1);
    expect(results.filter((result) => result === "already_redriven")).toHaveLength(19);
    expect(await db.outboxMessage.count()).toBe(1);
  });

  test("the jobs of one batch fall due one after another", async () => {
    const ids: string[] = [];
    for (let index = 0; index < 3; index++) ids.push((await aLetter((await aPayment()).id)).id);
    await redrive(ids, "all", 200);
    const due = await db.outboxMessage.findMany({ orderBy: { availableAt: "asc" } });
    const first = due[0]?.availableAt.getTime() ?? 0;
    expect(due.map(({ availableAt }) => availableAt.getTime() - first)).toEqual([0, 200, 400]);
  });
});

describe("care", () => {
  const care = () => ({ sql, now: () => new Date() });
  const anOperator = async (name: string, disabledAt: Date | null = null) =>
    (
      await db.operator.create({
        data: {
          id: realIds.newId("operator"),
          email: `${realIds.newTraceNo()}@example.com`,
          name,
          role: "OPERATOR",
          passwordHash: "x",
          disabledAt,
        },
      })
    ).id;

  test("an assigned letter is found by whose it is, seen from the one who asks; a release says so", async () => {
    const me = await anOperator("박운영");
    const letter = await aLetter((await aPayment()).id);
    await aLetter((await aPayment()).id);
    expect(await assignDeadLetters(care(), { ids: [letter.id], assigneeId: me, actor: operator })).toEqual({
      changed: 1,
    });
    const seenBy = async (viewerId: string) =>
      new Map(
        (await summarizeDeadLetters(db, { ...parked, viewerId }, new Date())).facets.assignment.map(
          ({ value, count }) => [value, count],
        ),
      );
    expect(await seenBy(me)).toEqual(
      new Map([
        ["ME", 1],
        ["NONE", 1],
      ]),
    );
    expect(await seenBy("op_other")).toEqual(
      new Map([
        ["OTHERS", 1],
        ["NONE", 1],
      ]),
    );
    const mine = await searchDeadLetters(
      db,
      { filter: { ...parked, assignment: ["ME"], viewerId: me }, sort: "urgent", limit: 10 },
      new Date(),
    );
    expect(mine.letters).toMatchObject([{ id: letter.id, assigneeName: "박운영" }]);
    await assignDeadLetters(care(), { ids: [letter.id], assigneeId: null, actor: operator });
    // A second release changes nothing, and leaves no trace.
    await assignDeadLetters(care(), { ids: [letter.id], assigneeId: null, actor: operator });
    const audits = await db.auditLog.findMany({
      where: { targetId: letter.id },
      orderBy: { seq: "asc" },
    });
    expect(audits.map(({ action }) => action)).toEqual(["dead_letter.assigned", "dead_letter.released"]);
  });

  test("nobody is given letters who cannot sign in any more", async () => {
    const gone = await anOperator("퇴사자", new Date());
    const letter = await aLetter((await aPayment()).id);
    for (const assigneeId of [gone, "op_nobody"])
      await expect(
        assignDeadLetters(care(), { ids: [letter.id], assigneeId, actor: operator }),
      ).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("what is left aside is out of the list, the count and every selection by filter until its time", async () => {
    const letter = await aLetter((await aPayment()).id);
    const now = new Date();
    const until = new Date(now.getTime() + 86_400_000);
    await setLettersAside(care(), { ids: [letter.id], until, note: "VAN 회신을 기다려요", actor: operator });
    const find = (filter: Partial<typeof parked>, at: Date) =>
      searchDeadLetters(db, { filter: { ...parked, ...filter }, sort: "urgent", limit: 10 }, at);
    expect((await find({}, now)).letters).toEqual([]);
    expect((await find({ aside: true }, now)).letters).toMatchObject([{ id: letter.id, asideUntil: until }]);
    expect(await countParkedDeadLetters(db, now)).toBe(0);
    expect(await summarizeDeadLetters(db, parked, now)).toMatchObject({ count: 0, asideCount: 1 });
    expect(await findForRedrive(db, { filter: parked }, now, 10)).toEqual({ ids: [], matching: 0 });
    const later = new Date(until.getTime() + 1);
    expect((await find({}, later)).letters).toMatchObject([{ id: letter.id }]);
    expect(await countParkedDeadLetters(db, later)).toBe(1);
    expect(await readDeadLetter(db, letter.id)).toMatchObject({
      notes: [{ text: "VAN 회신을 기다려요", by: "op_1" }],
    });
  });

  test.each([
    ["a moment that has passed", -1],
    ["more than ninety days", 91 * 86_400_000],
  ])("%s is refused", async (_title, aheadMs) => {
    const letter = await aLetter((await aPayment()).id);
    const until = new Date(Date.now() + aheadMs);
    await expect(
      setLettersAside(care(), { ids: [letter.id], until, note: "x", actor: operator }),
    ).rejects.toMatchObject({ code: "INVALID_REQUEST" });
  });

  test("notes are a thread that nobody can change", async () => {
    const letter = await aLetter((await aPayment()).id);
    await writeLetterNote(care(), { id: letter.id, text: "첫 메모", actor: operator });
    await writeLetterNote(care(), { id: letter.id, text: "둘째 메모", actor: operator });
    const notes = (await readDeadLetter(db, letter.id))?.notes.map(({ text }) => text);
    expect(notes).toEqual(["둘째 메모", "첫 메모"]);
    await expect(db.deadLetterNote.updateMany({ data: { text: "다른 말" } })).rejects.toThrow(/append-only/);
    await expect(
      writeLetterNote(care(), { id: "dl_missing", text: "x", actor: operator }),
    ).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});
