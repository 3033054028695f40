import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Prisma } from "#prisma/generated/client.ts";
import { paymentRowsSql } from "#server/payments/payment-queries.ts";
import type { PaymentFilter } from "#server/payments/payment-search.schemas.ts";
import { type PaymentSort, paymentSorts } from "#server/payments/payment-search.values.ts";
import {
  findMatchingIds,
  searchPayments,
  summarizePayments,
  watchPayments,
} from "#server/payments/search-payments.ts";
import { backfillLatency } from "#server/reports/roll-up-latency.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";
import { pickInput } from "#server/x-view/x-view.schemas.ts";
import { sumPicked } from "#server/x-view/x-view-queries.ts";

let world: TestWorld;
const paymentCount = 6_000;

/** Payments over 60 days, three at each instant, so that a page boundary falls between equals. */
async function layPayments(): Promise<void> {
  await world.rows(
    `INSERT INTO mall (id, name, business_number) VALUES ('mall_OTHER', '달빛베이커리', '120-81-00002')`,
  );
  await world.rows(
    `INSERT INTO payment (id, mall_id, order_id, order_name, method, amount_minor, tax_free_minor, vat_minor, status, version, van_code,
        trace_no, approval_no, card_bin, card_last4, issuer_name, canceled_minor, lease_until, requested_at, approved_at, trace_id, origin)
     SELECT 'pay_' || lpad(n::text, 26, '0'), CASE WHEN n % 5 = 0 THEN 'mall_OTHER' ELSE 'mall_TEST' END,
       'HB2026-' || lpad(n::text, 6, '0'), CASE WHEN n % 7 = 0 THEN '쿠키 선물 상자' ELSE 'Clean_Code 100% book' END,
       'CARD', amount, 0, 0, status::payment_status, 2, CASE WHEN n % 2 = 0 THEN 'SBX1' ELSE 'SBX2' END, 'T' || lpad(n::text, 19, '0'),
       CASE WHEN status IN ('DONE', 'PARTIAL_CANCELED', 'CANCELED') THEN (30000000 + n)::text END,
       '433012', lpad((n % 10000)::text, 4, '0'), '신한', CASE status WHEN 'CANCELED' THEN amount WHEN 'PARTIAL_CANCELED' THEN 1000 ELSE 0 END,
       now(), at, CASE WHEN status = 'ABORTED' THEN NULL ELSE at END, 'trace', 'API'
     FROM (SELECT n, 2000 + (n * 7919 % 400) * 100 AS amount,
         CASE WHEN n % 20 = 0 THEN 'ABORTED' WHEN n % 20 = 1 THEN 'CANCELED' WHEN n % 20 = 2 THEN 'PARTIAL_CANCELED' ELSE 'DONE' END AS status,
         now() - (n / 3) * interval '43 minutes' AS at
       FROM generate_series(1, $1::int) n) p`,
    [paymentCount],
  );
  await world.rows("ANALYZE payment");
}

beforeAll(async () => {
  world = await openTestWorld({ redis: false });
  await world.rows(
    `INSERT INTO van SELECT (jsonb_populate_record(v, '{"code": "SBX2"}')).* FROM van v WHERE code = 'SBX1'`,
  );
  await layPayments();
});
afterAll(() => world.close());

/** Reads a whole list page by page. */
async function readAll(filter: PaymentFilter, sort: PaymentSort = "-requestedAt", limit = 100) {
  const rows = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof searchPayments>> = await searchPayments(world.ctx, {
      filter,
      sort,
      cursor,
      limit,
    });
    rows.push(...page.rows);
    cursor = page.nextCursor;
  } while (cursor);
  return rows;
}

const filters: readonly (readonly [string, PaymentFilter])[] = [
  ["nothing but all time", { date: "all" }],
  ["a status", { date: "all", status: ["CANCELED", "ABORTED"] }],
  ["a mall and a VAN", { date: "all", mall: ["mall_OTHER"], van: ["SBX2"] }],
  ["amounts", { date: "all", amountMin: 30_000n, amountMax: 35_000n }],
  ["a period", { date: "7d" }],
  ["words in the product", { q: "쿠키 선물" }],
  ["part of an order id", { q: "2026-0012" }],
];

describe("list, count and totals", () => {
  test.each(filters)("agree on %s", async (_, filter) => {
    const rows = await readAll(filter);
    const { count, totals } = await summarizePayments(world.ctx, { filter, exact: false });
    expect(count).toBe(rows.length);
    expect(rows.length).toBeGreaterThan(0);
    const approved = rows.filter((row) => row.status !== "ABORTED");
    const sum = (pick: (row: (typeof rows)[number]) => bigint) =>
      approved.reduce((total, row) => total + pick(row), 0n);
    expect(totals.reduce((all, line) => all + line.amountMinor, 0n)).toBe(sum((row) => row.amountMinor));
    expect(totals.reduce((all, line) => all + line.canceledMinor, 0n)).toBe(sum((row) => row.canceledMinor));
    expect(totals.reduce((all, line) => all + line.count, 0)).toBe(approved.length);
  });

  test.each(filters)("name the same payments for %s, all of them or none", async (_, filter) => {
    const ids = (await readAll(filter)).map((row) => row.id);
    expect(await findMatchingIds(world.ctx, { filter, max: ids.length })).toEqual(ids);
    // One more than may be: none is left out without a word.
    expect(await findMatchingIds(world.ctx, { filter, max: ids.length - 1 })).toBeNull();
  });

  test.each(paymentSorts)("pages by %s show each payment once and in order", async (sort) => {
    const rows = await readAll({ date: "all" }, sort, 70);
    expect(new Set(rows.map((row) => row.id)).size).toBe(paymentCount);
    const key = (row: (typeof rows)[number]) =>
      sort.endsWith("amount") ? Number(row.amountMinor) : row.requestedAt.getTime();
    const direction = sort.startsWith("-") ? -1 : 1;
    for (const [index, row] of rows.entries()) {
      const before = rows[index - 1];
      if (before) expect(direction * (key(row) - key(before))).toBeGreaterThanOrEqual(0);
    }
  });

  test("a cursor of another order, or of nobody, is refused", async () => {
    const page = await searchPayments(world.ctx, { filter: {}, sort: "amount", cursor: null, limit: 10 });
    for (const cursor of [page.nextCursor, "bm9uc2Vuc2U"]) {
      await expect(
        searchPayments(world.ctx, { filter: {}, sort: "-requestedAt", cursor, limit: 10 }),
      ).rejects.toMatchObject({ code: "INVALID_REQUEST" });
    }
  });
});

describe("words", () => {
  const find = async (q: string) => (await readAll({ q })).map((row) => row.id);
  const keyOf = (n: number) => `pay_${String(n).padStart(26, "0")}`;

  test("find an order id, a payment key and an approval number", async () => {
    expect(await find("HB2026-004321")).toEqual([keyOf(4321)]);
    expect(await find(keyOf(4321))).toEqual([keyOf(4321)]);
    expect(await find("30004321")).toEqual([keyOf(4321)]);
    expect(await find("pay_000000000000000000000043")).toHaveLength(100);
  });

  test("find an approval number by its beginning, and a card by its masked digits", async () => {
    expect(await find("3000432")).toEqual(expect.arrayContaining([keyOf(4321)]));
    expect((await find("3000432")).length).toBeLessThanOrEqual(10);
    expect(await find("433012******4321")).toEqual([keyOf(4321)]);
    expect(await find("433013******4321")).toEqual([]);
  });

  test("of two letters are found too, whatever the language", async () => {
    expect(await find("쿠키")).toHaveLength(Math.floor(paymentCount / 7));
    expect(await find("HB")).toHaveLength(paymentCount);
    expect(await find("없다")).toEqual([]);
  });

  test("of four digits find the last four as well", async () => {
    expect(await find("4321 HB2026-004321")).toEqual([keyOf(4321)]);
    expect(await find("4321")).toContain(keyOf(4321));
  });

  test("must all be found", async () => {
    expect(await find("쿠키 HB2026-000007")).toEqual([keyOf(7)]);
    expect(await find("쿠키 HB2026-000008")).toEqual([]);
  });

  test("are taken literally: no wildcard, quote or backslash means anything", async () => {
    expect(await find("Clean_Code")).not.toHaveLength(0);
    expect(await find("CleanXCode")).toEqual([]);
    expect(await find("100%")).not.toHaveLength(0);
    for (const q of ["%", "_", "\\", "' OR true --", "pay_%"]) {
      const found = await readAll({ q });
      expect(
        found.every((row) => `${row.orderId} ${row.orderName} ${row.id}`.includes(q.split(" ")[0] ?? "")),
      ).toBe(true);
    }
  });
});

describe("payments of which a cancel succeeded", () => {
  test("are found by when it did, whenever they were paid", async () => {
    const keyOf = (n: number) => `pay_${String(n).padStart(26, "0")}`;
    const cancel = (id: string, n: number, status: string, at: string) =>
      world.rows(
        `INSERT INTO payment_cancel (id, payment_id, mall_id, status, origin, actor_id, amount_minor, tax_free_minor, vat_minor, balance_before_minor,
           reason, trace_no, lease_until, requested_at, completed_at, trace_id, failure_code)
         SELECT $1, id, mall_id, $3::cancel_status, 'API', 'a', 100, 0, 0, amount_minor, 'r', $1, now(), now(), ${at}, 't',
           CASE WHEN $3 = 'FAILED' THEN 'VAN_ERROR' END FROM payment WHERE id = $2`,
        [id, keyOf(n), status],
      );
    await cancel("cxl_1", 5_001, "SUCCEEDED", "now()");
    await cancel("cxl_2", 5_002, "SUCCEEDED", "now() - interval '3 days'");
    await cancel("cxl_3", 5_003, "FAILED", "now()");
    expect((await readAll({ canceled: "today" })).map((row) => row.id)).toEqual([keyOf(5_001)]);
    expect((await summarizePayments(world.ctx, { filter: { canceled: "today" }, exact: false })).count).toBe(
      1,
    );
    expect(await readAll({ canceled: "30d" })).toHaveLength(2);
  });
});

describe("payments whose approval was answered", () => {
  test("are found by when and how, as the latency report counts them, whenever they were requested", async () => {
    // Each at its own place in the period: the start belongs to it, the end does not.
    const from = new Date("2031-03-01T00:00:00Z");
    const at = (ms: number) => new Date(from.getTime() + ms);
    const answered = async (n: number, answeredAt: Date, facts: string) => {
      await world.rows("ALTER TABLE payment DISABLE TRIGGER USER");
      await world.rows(`UPDATE payment SET answered_at = $2, ${facts} WHERE id = $1`, [keyOf(n), answeredAt]);
      await world.rows("ALTER TABLE payment ENABLE TRIGGER USER");
    };
    const keyOf = (n: number) => `pay_${String(n).padStart(26, "0")}`;
    // Every twentieth was aborted.
    await answered(40, at(0), "failure_code = 'CARD_LIMIT_EXCEEDED'");
    await answered(60, at(59_999), "failure_code = 'CARD_EXPIRED'");
    await answered(80, at(1_000), "failure_code = 'VAN_ERROR'");
    await answered(100, at(2_000), "failure_code = NULL");
    await answered(5_120, at(60_000), "failure_code = 'CARD_EXPIRED'");
    await answered(5, at(3_000), "failure_code = NULL");
    await answered(120, at(4_000), "unknown_reason = 'timeout'");
    const period = `${from.toISOString()}..${at(60_000).toISOString()}`;
    const idsOf = async (outcome?: PaymentFilter["outcome"]) => {
      const filter: PaymentFilter = { answered: period, ...(outcome && { outcome }) };
      const rows = await readAll(filter);
      expect((await summarizePayments(world.ctx, { filter, exact: true })).count).toBe(rows.length);
      return rows.map(({ id }) => id).toSorted();
    };
    expect(await idsOf(["declined"])).toEqual([keyOf(40), keyOf(60)]);
    expect(await idsOf(["failed"])).toEqual([keyOf(80), keyOf(100)]);
    expect(await idsOf(["unknown"])).toEqual([keyOf(120)]);
    expect(await idsOf(["approved"])).toEqual([keyOf(5)]);
    expect(await idsOf(["declined", "failed"])).toHaveLength(4);
    expect(await idsOf()).toHaveLength(6);

    // The report's own count of the same minute.
    await backfillLatency({ ...world.ctx, now: () => at(59_999) });
    const counted = await world.rows<{
      outcome: NonNullable<PaymentFilter["outcome"]>[number];
      count: number;
    }>(
      "SELECT outcome, sum(count)::int AS count FROM latency_minute WHERE minute >= $1 AND minute < $2 GROUP BY 1",
      [from, at(60_000)],
    );
    expect(counted).toHaveLength(4);
    for (const { outcome, count } of counted) expect(await idsOf([outcome])).toHaveLength(count);
  });

  test("are read by the index of their answers", async () => {
    await world.rows("ANALYZE payment");
    const period = { from: new Date("2031-03-01T00:00:00Z"), to: new Date("2031-03-01T00:01:00Z") };
    const [explained] = await world.ctx.db.$queryRaw<unknown[]>(
      Prisma.sql`EXPLAIN (FORMAT JSON) ${paymentRowsSql(
        { terms: [], period: {}, answeredIn: period, outcome: ["declined"] },
        { sort: "-requestedAt", after: null, limit: 101 },
      )}`,
    );
    expect(JSON.stringify(explained)).toContain("payment_answered_at_idx");
  });
});

describe("payments by how long their approval took", () => {
  const keyOf = (n: number) => `pay_${String(n).padStart(26, "0")}`;
  const from = new Date(Math.floor(Date.now() / 1_000) * 1_000 - 100 * 86_400_000);
  const answered = `${from.toISOString()}..${new Date(from.getTime() + 60_000).toISOString()}`;
  beforeAll(async () => {
    await world.rows("ALTER TABLE payment DISABLE TRIGGER USER");
    // Every tenth from 3,010 on; of one the time was not kept, and is what lies between request and answer.
    for (const [index, totalMs] of [999, 1_000, 3_000, null, 8_001].entries())
      await world.rows(
        `UPDATE payment SET answered_at = $2::timestamptz, requested_at = $2::timestamptz - interval '1200 milliseconds', total_duration_ms = $3,
           unknown_reason = NULL WHERE id = $1`,
        [keyOf(3_010 + index * 10), new Date(from.getTime() + index), totalMs],
      );
    await world.rows(
      `UPDATE payment SET status = 'NET_CANCELED', approved_at = NULL, unknown_reason = 'timeout' WHERE id = $1`,
      [keyOf(3_030)],
    );
    await world.rows("ALTER TABLE payment ENABLE TRIGGER USER");
    await world.rows("ANALYZE payment");
  });

  test.each<readonly [PaymentFilter, readonly number[]]>([
    [{ responseMinMs: 1_000 }, [3_020, 3_030, 3_040, 3_050]],
    [{ responseMinMs: 1_001, responseMaxMs: 3_000 }, [3_030, 3_040]],
    [{ responseMaxMs: 999 }, [3_010]],
    [{ responseMinMs: 1_000, outcome: ["netCanceled"] }, [3_030]],
    [{ responseMinMs: 1_000, outcome: ["stillUnknown"] }, []],
    [{ outcome: ["unknown"] }, [3_030]],
  ])("%j, both ends included, are what the box of those times holds", async (filter, expected) => {
    const rows = await readAll({ ...filter, answered });
    expect(rows.map((row) => row.id).toSorted()).toEqual(expected.map(keyOf));
    const picked = await sumPicked(
      world.ctx.db,
      pickInput.parse({
        operation: ["approval"],
        fromMs: from.getTime(),
        toMs: from.getTime() + 59_999,
        minMs: filter.responseMinMs ?? 0,
        maxMs: filter.responseMaxMs ?? null,
        ...(filter.outcome && {
          outcome: filter.outcome.flatMap((name) =>
            name === "netCanceled"
              ? ["netCanceled"]
              : name === "unknown"
                ? ["netCanceled", "unknown"]
                : ["unknown"],
          ),
        }),
      }),
    );
    expect(picked.count).toBe(expected.length);
  });

  test("common times are looked for bit by bit, slow ones are all found at once", async () => {
    const common = await searchPayments(world.ctx, {
      filter: { date: "all", responseMaxMs: 999 },
      sort: "-requestedAt",
      cursor: null,
      limit: 10,
    });
    expect(common.rows.map((row) => row.id)).toEqual([keyOf(3_010)]);
    expect(
      (
        await summarizePayments(world.ctx, {
          filter: { date: "all", responseMinMs: 1_000, responseMaxMs: 10_000 },
          exact: false,
        })
      ).count,
    ).toBe(4);
  });

  test("the slow ones are read by their own index", async () => {
    const [explained] = await world.ctx.db.$queryRaw<unknown[]>(
      Prisma.sql`EXPLAIN (FORMAT JSON) ${paymentRowsSql(
        { terms: [], period: {}, responseMinMs: 2_000 },
        { sort: "-requestedAt", after: null, limit: 101 },
      )}`,
    );
    expect(JSON.stringify(explained)).toContain("payment_slow_answers");
  });
});

describe("payments that were refused", () => {
  test("are found by the code, and there are none of another status", async () => {
    const keyOf = (n: number) => `pay_${String(n).padStart(26, "0")}`;
    await world.rows("ALTER TABLE payment DISABLE TRIGGER USER");
    for (const n of [1_000, 1_020])
      await world.rows("UPDATE payment SET failure_code = 'CARD_STOLEN' WHERE id = $1", [keyOf(n)]);
    await world.rows("ALTER TABLE payment ENABLE TRIGGER USER");
    const find = async (filter: PaymentFilter) => (await readAll(filter)).map((row) => row.id).toSorted();
    expect(await find({ date: "all", failure: ["CARD_STOLEN"] })).toEqual([keyOf(1_000), keyOf(1_020)]);
    expect(await find({ date: "all", failure: ["CARD_STOLEN"], status: ["ABORTED"] })).toHaveLength(2);
    expect(await find({ date: "all", failure: ["CARD_STOLEN"], status: ["DONE"] })).toEqual([]);
    expect(
      await find({ date: "all", failure: ["CARD_STOLEN"], mall: ["mall_OTHER"], q: "HB2026" }),
    ).toHaveLength(2);
  });
});

describe("a period that was left out", () => {
  test("is the last seven days", async () => {
    expect(
      (await searchPayments(world.ctx, { filter: {}, sort: "-requestedAt", cursor: null, limit: 1 })).date,
    ).toBe("7d");
  });

  test("is everything when words are searched, or when nothing is that new", async () => {
    const inAYear = { ...world.ctx, now: () => new Date(Date.now() + 365 * 86_400_000) };
    const page = await searchPayments(inAYear, { filter: {}, sort: "-requestedAt", cursor: null, limit: 1 });
    expect(page.date).toBe("all");
    expect(page.rows).toHaveLength(1);
    expect(
      (
        await searchPayments(world.ctx, {
          filter: { q: "쿠키" },
          sort: "-requestedAt",
          cursor: null,
          limit: 1,
        })
      ).date,
    ).toBe("all");
  });
});

describe("watching a list", () => {
  test("counts what is newer and gives the rows that changed, saying which left the filter", async () => {
    const filter: PaymentFilter = { date: "all", status: ["DONE"] };
    const { rows } = await searchPayments(world.ctx, {
      filter,
      sort: "-requestedAt",
      cursor: null,
      limit: 5,
    });
    const newest = rows[2];
    const changing = rows[1];
    if (!newest || !changing) throw new Error("the list has rows");
    await world.rows(
      `UPDATE payment SET status = 'PARTIAL_CANCELED', version = version + 1, canceled_minor = 100 WHERE id = $1`,
      [changing.id],
    );
    const watched = await watchPayments(world.ctx, {
      filter,
      since: { requestedAt: newest.requestedAt, id: newest.id },
      known: rows.map(({ id, version }) => ({ id, version })),
    });
    expect(watched.newCount).toBe(1);
    expect(watched.changed).toMatchObject([
      { id: changing.id, status: "PARTIAL_CANCELED", canceledMinor: 100n, matches: false },
    ]);
  });
});

describe("every list is served by an index", () => {
  const page = { after: null, limit: 101 };
  const period = { from: new Date(Date.now() - 7 * 86_400_000) };
  const cases: readonly (readonly [string, Parameters<typeof paymentRowsSql>[0], PaymentSort])[] = [
    ["newest first", { terms: [], period: {} }, "-requestedAt"],
    ["a period", { terms: [], period }, "-requestedAt"],
    ["a status", { terms: [], period: {}, status: ["PARTIAL_CANCELED"] }, "-requestedAt"],
    ["a mall", { terms: [], period: {}, mall: ["mall_OTHER"] }, "-requestedAt"],
    ["a VAN", { terms: [], period: {}, van: ["SBX2"] }, "-requestedAt"],
    ["the largest amounts", { terms: [], period: {} }, "-amount"],
    ["part of an order id", { terms: ["HB2026-004321"], period: {} }, "-requestedAt"],
    ["a payment key", { terms: [`pay_${"0".repeat(26)}`], period: {} }, "-requestedAt"],
    [
      "the beginning of a payment key",
      { terms: ["pay_000000000000000000000043"], period: {} },
      "-requestedAt",
    ],
  ];
  test.each(cases)("%s", async (_, query, sort) => {
    // With so few rows reading them all may be cheaper; what counts is that an index can serve it when there are many.
    const plan = await world.ctx.db.$transaction(async (tx) => {
      await tx.$executeRaw`SET LOCAL enable_seqscan = off`;
      return tx.$queryRaw<unknown>(
        Prisma.sql`EXPLAIN (FORMAT JSON) ${paymentRowsSql(query, { ...page, sort })}`,
      );
    });
    const text = JSON.stringify(plan);
    expect(text).not.toMatch(/"Seq Scan","[^}]*"Relation Name":"payment"/);
    expect(text).toMatch(/Index/);
  });
});

describe("a search by words in more rows than are looked at in one go", () => {
  const manyRows = 40_000;
  const oldKey = `pay_${"Z".repeat(26)}`;
  beforeAll(async () => {
    for (let from = 1; from < manyRows; from += 5_000)
      await world.rows(
        `INSERT INTO payment (id, mall_id, order_id, order_name, method, amount_minor, tax_free_minor, vat_minor, status, van_code, trace_no, card_last4, lease_until, requested_at, trace_id)
       SELECT CASE WHEN n = $1 THEN '${oldKey}' ELSE 'pay_M' || lpad(n::text, 25, '0') END, 'mall_TEST',
         CASE WHEN n = $1 THEN 'OLDEST-7777' ELSE 'MANY-' || n END, CASE WHEN n = $1 THEN '희귀템 상자' ELSE '밀키트' END,
         'CARD', 1000, 0, 0, 'ABORTED', 'SBX1', 'M' || lpad(n::text, 19, '0'), '0000', now(), now() - interval '200 days' - n * interval '1 second', 'trace'
       FROM generate_series($2::int, $2::int + 4999) n`,
        [manyRows, from],
      );
    await world.rows("ANALYZE payment");
  }, 120_000);

  test.each([
    ["requestedAt", "newest"],
    ["-requestedAt", "oldest"],
  ] as const)("a page by %s near its end does not read the period up to there", async (sort, end) => {
    const [row] = await world.rows<{ id: string; requested_at: Date }>(
      `SELECT id, requested_at FROM payment WHERE mall_id = 'mall_TEST'
        ORDER BY requested_at ${end === "newest" ? "DESC" : "ASC"}, id LIMIT 1`,
    );
    const after = { key: BigInt(row?.requested_at.getTime() ?? 0), id: row?.id ?? "" };
    const period = { from: new Date("2020-01-01"), to: new Date("2040-01-01") };
    const plan = await world.ctx.db.$queryRaw<unknown>(
      Prisma.sql`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${paymentRowsSql({ terms: [], period }, { sort, after, limit: 101 })}`,
    );
    expect(Number(/"Shared Hit Blocks": ?(\d+)/.exec(JSON.stringify(plan))?.[1])).toBeLessThan(200);
  });

  test("says how far it looked, further with each go, and finds the rare word of two letters in the last", async () => {
    const go = (cursor: string | null) =>
      searchPayments(world.ctx, { filter: { q: "희귀" }, sort: "-requestedAt", cursor, limit: 100 });
    let found = await go(null);
    let goes = 1;
    for (; found.nextCursor !== null; goes++) {
      expect(found.rows).toEqual([]);
      expect(found.searchedTo).toBeInstanceOf(Date);
      const next = await go(found.nextCursor);
      if (next.searchedTo) expect(next.searchedTo.getTime()).toBeLessThan(found.searchedTo?.getTime() ?? 0);
      found = next;
    }
    expect(goes).toBeGreaterThan(1);
    expect(found.rows.map((row) => row.id)).toEqual([oldKey]);
    expect(found.searchedTo).toBeNull();
  });

  test("finds a rare order id in every order, by the index or, when that is slow, by looking on", async () => {
    for (const sort of paymentSorts) {
      const rows = await readAll({ q: "oldest-7777" }, sort);
      expect(rows.map((row) => row.id)).toEqual([oldKey]);
    }
  });

  test("shows each payment once, however the goes and the pages meet", async () => {
    const rows = await readAll({ q: "MANY" }, "-requestedAt", 200);
    expect(rows).toHaveLength(manyRows - 1);
    expect(new Set(rows.map((row) => row.id)).size).toBe(manyRows - 1);
  }, 120_000);

  test("counts at least what it saw, and exactly when asked to", async () => {
    const few = await summarizePayments(world.ctx, { filter: { q: "희귀" }, exact: false });
    expect(few).toMatchObject({ count: 0, isComplete: false });
    const exact = await summarizePayments(world.ctx, { filter: { q: "희귀" }, exact: true });
    expect(exact).toMatchObject({ count: 1, isComplete: true });
  });

  test("adds up to a bound, and says that there is more", async () => {
    const filter: PaymentFilter = { date: "all" };
    const bounded = await summarizePayments(world.ctx, { filter, exact: false });
    expect(bounded.isComplete).toBe(false);
    expect(bounded.count).toBeLessThan(manyRows);
    const exact = await summarizePayments(world.ctx, { filter, exact: true });
    expect(exact).toMatchObject({ count: paymentCount + manyRows, isComplete: true });
    expect(exact.totals[0]?.amountMinor).toBe(bounded.totals[0]?.amountMinor);
  });
});
