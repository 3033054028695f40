import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startOfBusinessDate } from "#server/core/business-date.ts";
import { runMessage, type Workshop, work } from "#server/outbox/run-message.ts";
import { approvePayment } from "#server/payments/approve-payment.ts";
import { cancelPayment } from "#server/payments/cancel-payment.ts";
import { netCancelPayment } from "#server/payments/net-cancel-payment.ts";
import type { Context } from "#server/platform/context.ts";
import type { Sql, SqlPool } from "#server/platform/db.ts";
import { addDays } from "#server/settlement/domain/business-calendar.ts";
import { approvalAmounts, cancelAmounts, feeOf, feeVatOf } from "#server/settlement/domain/fee.ts";
import { koreanHolidays } from "#server/settlement/domain/korean-holidays.ts";
import { findDueDate, openBatch, recomputeBatch } from "#server/settlement/open-batch.ts";
import { openDueBatch } from "#server/settlement/open-due-batch.ts";
import { settleMall } from "#server/settlement/settle-mall.ts";
import { settleMallJob } from "#server/settlement/settlement-jobs.ts";
import { readBatch } from "#server/settlement/settlement-queries.ts";
import { anApproval } from "#server/testing/an-approval.ts";
import { chance } from "#server/testing/chance.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";

let world: TestWorld;
const day = "2026-11-17"; // a Tuesday

// Batches follow one another, and what they write stays: every test has a world of its own.
beforeEach(async () => {
  world = await openTestWorld({ redis: false });
  await aContract({});
});
afterEach(() => world.close());

async function aContract(named: {
  mallId?: string;
  from?: string;
  rate?: number;
  rounding?: string;
  refundable?: boolean;
  cycle?: string;
}): Promise<void> {
  const { mallId = world.mallId, from = "2026-01-01", rate = 2_150, rounding = "FLOOR_1" } = named;
  await world.rows("ALTER TABLE mall_contract DISABLE TRIGGER mall_contract_guard");
  await world.rows(
    `INSERT INTO mall_contract (id, mall_id, method, effective_from, fee_rate_e5, fee_rounding, is_fee_refundable, cycle, lag_business_days, created_by)
     VALUES ($1, $2, 'CARD', $3::date, $4, $5::fee_rounding, $6, $7::settlement_cycle, 2, 'op_1')`,
    [`ctr_${mallId}_${from}`, mallId, from, rate, rounding, named.refundable ?? true, named.cycle ?? "DAILY"],
  );
  await world.rows("ALTER TABLE mall_contract ENABLE TRIGGER mall_contract_guard");
}

/** The world at a time in Seoul. */
const at = (date: string, time = "12:00:00.000"): Context => ({
  ...world.ctx,
  now: () => new Date(`${date}T${time}+09:00`),
});

async function approve(amount: number, on: Context): Promise<string> {
  const reply = await approvePayment(on, anApproval(world, { amountMinor: BigInt(amount) }));
  expect(reply.status).toBe(200);
  return (JSON.parse(reply.body) as { data: { paymentKey: string } }).data.paymentKey;
}

const cancel = (paymentId: string, amount: number, on: Context) =>
  cancelPayment(on, {
    paymentId,
    amountMinor: BigInt(amount),
    reason: "반품",
    origin: "API",
    actor: { type: "mall", id: world.mallId },
    locale: "ko",
    traceId: "0".repeat(32),
  });

const workshop: Workshop = {
  registry: new Map([[settleMallJob.name, work(settleMallJob, settleMall)]]),
  afterlife: { park: async () => undefined, resolve: async () => undefined },
};

/** Does the jobs that wait, as workers would. */
async function workOn(ctx: Context = world.ctx): Promise<void> {
  const jobs = await world.rows<{ id: bigint }>(
    "SELECT id FROM outbox_message WHERE job_name = 'settle-mall' AND done_at IS NULL ORDER BY id",
  );
  await world.rows(
    "UPDATE outbox_message SET available_at = date_trunc('milliseconds', now()), locked_until = NULL WHERE id = ANY($1)",
    [jobs.map(({ id }) => id)],
  );
  await Promise.all(jobs.map(({ id }) => runMessage(ctx, workshop, id)));
}

const asked = (businessDate: string) => ({
  businessDate,
  actor: { type: "operator", id: "op_1" } as const,
  traceId: null,
});

async function settle(businessDate: string): Promise<void> {
  const ctx = at(addDays(businessDate, 1), "03:00:00.000");
  await openBatch(ctx, asked(businessDate));
  await workOn(ctx);
}

const batchOf = async (businessDate: string) =>
  (
    await world.rows<{ status: string; hash: Buffer | null; lines: number; pending: number }>(
      "SELECT status, hash, line_count AS lines, pending_count AS pending FROM settlement_batch WHERE business_date = $1::date",
      [businessDate],
    )
  )[0];
const linesOf = (businessDate: string) =>
  world.rows<{ kind: string; amount: bigint; fee: bigint; vat: bigint; net: bigint; payment: string }>(
    `SELECT l.kind::text AS kind, l.amount_minor AS amount, l.fee_minor AS fee, l.fee_vat_minor AS vat, l.net_minor AS net, l.payment_id AS payment
     FROM settlement_line l JOIN settlement s ON s.id = l.settlement_id WHERE s.business_date = $1::date ORDER BY s.id, l.line_no`,
    [businessDate],
  );
const settlementsOf = (businessDate: string) =>
  world.rows<Record<string, unknown>>(
    `SELECT id, status::text AS status, net_minor AS net, carried_in_minor AS "in", payout_minor AS payout, carried_out_minor AS "out",
      to_char(payout_date, 'YYYY-MM-DD') AS paid FROM settlement WHERE business_date = $1::date ORDER BY id`,
    [businessDate],
  );
/** Every byte that a batch has written. */
const bytesOf = async (businessDate: string) => ({
  lines: await world.rows(
    "SELECT l::text FROM settlement_line l JOIN settlement s ON s.id = l.settlement_id WHERE s.business_date = $1::date ORDER BY s.id, line_no",
    [businessDate],
  ),
  settlements: await world.rows(
    "SELECT (to_jsonb(s) - 'drafted_at')::text FROM settlement s WHERE business_date = $1::date ORDER BY id",
    [businessDate],
  ),
  pending: await world.rows(
    "SELECT p::text FROM settlement_pending p WHERE business_date = $1::date ORDER BY subject_id",
    [businessDate],
  ),
  hash: (await batchOf(businessDate))?.hash?.toString("hex"),
});

/** Payments and cancels of some malls on one date, with their ledger, written directly. */
async function plant(malls: number, each: number, on = day): Promise<void> {
  await world.rows(
    `INSERT INTO mall (id, name, business_number) SELECT 'mall_P' || n, '몰 ' || n, '000' FROM generate_series(1, $1::int) n ON CONFLICT DO NOTHING`,
    [malls],
  );
  for (let n = 1; n <= malls; n++) await aContract({ mallId: `mall_P${n}`, rate: 1_000 + n * 137 });
  await world.rows(
    `INSERT INTO payment (id, mall_id, order_id, order_name, method, amount_minor, vat_minor, status, van_code, trace_no, lease_until, requested_at, approved_at,
       canceled_minor, trace_id)
     SELECT 'pay_' || $3 || '_' || m || '_' || n, 'mall_P' || m, 'order-' || $3 || '-' || m || '-' || n, '책', 'CARD', 1000 + n * 13, 0,
       (CASE WHEN n % 5 = 0 THEN 'PARTIAL_CANCELED' ELSE 'DONE' END)::payment_status, 'SBX1', 'T' || $3 || m || '_' || n, now(), $4, $4, CASE WHEN n % 5 = 0 THEN 301 ELSE 0 END, 't'
     FROM generate_series(1, $1::int) m, generate_series(1, $2::int) n`,
    [malls, each, on, startOfBusinessDate(on)],
  );
  await world.rows(
    `INSERT INTO payment_cancel (id, payment_id, mall_id, status, origin, actor_id, amount_minor, tax_free_minor, vat_minor, balance_before_minor, reason, trace_no,
       lease_until, requested_at, completed_at, trace_id)
     SELECT 'cxl_' || id, id, mall_id, 'SUCCEEDED', 'API', 'x', 301, 0, 0, amount_minor, '반품', 'C' || trace_no, now(), requested_at, requested_at, 't'
     FROM payment WHERE status = 'PARTIAL_CANCELED' AND trace_no LIKE 'T' || $1 || '%'`,
    [on],
  );
  await world.rows(
    `WITH side AS (
       SELECT 'pay:' || id || ':approve' AS key, id, mall_id, amount_minor AS amount FROM payment WHERE trace_no LIKE 'T' || $1 || '%'
       UNION ALL SELECT 'pay:' || payment_id || ':cancel:' || id, payment_id, mall_id, -amount_minor FROM payment_cancel WHERE trace_no LIKE 'CT' || $1 || '%')
     INSERT INTO ledger_entry (event_key, account, amount_minor, payment_id, business_date)
     SELECT key, 'van_receivable:SBX1', amount, id, $1::date FROM side UNION ALL SELECT key, 'mall_payable:' || mall_id, -amount, id, $1::date FROM side`,
    [on],
  );
}

describe("a batch", () => {
  test("has a line for each approval and cancel of its date, computed as the rules say", async () => {
    const first = await approve(64_601, at(day));
    const second = await approve(1_000, at(day));
    await cancel(second, 500, at(day));
    await cancel(second, 500, at(day, "23:59:59.999"));
    await approve(5_000, at(addDays(day, 1), "00:00:00.000"));
    await settle(day);
    const terms = { feeRateE5: 2_150, feeRounding: "FLOOR_1", isFeeRefundable: true } as const;
    const expected = [
      approvalAmounts(64_601n, terms),
      approvalAmounts(1_000n, terms),
      cancelAmounts(1_000n, 500n, terms),
      cancelAmounts(500n, 500n, terms),
    ].map(({ amountMinor, feeMinor, feeVatMinor, netMinor }) => [
      amountMinor,
      feeMinor,
      feeVatMinor,
      netMinor,
    ]);
    const lines = await linesOf(day);
    expect(lines.map(({ amount, fee, vat, net }) => [amount, fee, vat, net])).toEqual(expected);
    expect(lines.map(({ payment }) => payment)).toEqual([first, second, second, second]);
    // Tuesday and two business days.
    const net = approvalAmounts(64_601n, terms).netMinor;
    expect(await settlementsOf(day)).toEqual([
      {
        id: "stl_20261117_TEST_CARD",
        status: "DRAFT",
        net,
        in: 0n,
        payout: net,
        out: 0n,
        paid: "2026-11-19",
      },
    ]);
    await settle(addDays(day, 1));
    expect((await linesOf(addDays(day, 1))).map(({ amount }) => amount)).toEqual([5_000n]);
  });

  test("takes a net-cancelled approval as it was booked, and nothing of what was never booked", async () => {
    world.van.next.approve.push("declined");
    await approvePayment(at(day), anApproval(world, { amountMinor: 7_000n }));
    const command = anApproval(world, { amountMinor: 9_000n });
    await approvePayment(at(day), command);
    await netCancelPayment(at(day, "12:00:05.000"), {
      mallId: world.mallId,
      orderId: command.orderId,
      idempotency: { ...command.idempotency, path: "/api/v1/payments/net-cancel", key: "net" },
      locale: "ko",
      traceId: "0".repeat(32),
    });
    await settle(day);
    expect((await linesOf(day)).map(({ kind, amount }) => [kind, amount])).toEqual([
      ["APPROVAL", 9_000n],
      ["CANCEL", -9_000n],
    ]);
    expect(await settlementsOf(day)).toMatchObject([{ net: 0n, payout: 0n, out: 0n }]);
  });

  test("settles a cancel of a later date with the terms of its approval, and keeps a fee that is not refundable", async () => {
    await aContract({ from: addDays(day, 1), rate: 9_000, refundable: false });
    const old = await approve(10_000, at(day));
    await settle(day);
    const fresh = await approve(10_000, at(addDays(day, 1)));
    await cancel(old, 10_000, at(addDays(day, 1)));
    await cancel(fresh, 10_000, at(addDays(day, 1)));
    await settle(addDays(day, 1));
    const lines = await linesOf(addDays(day, 1));
    expect(lines.filter(({ payment }) => payment === old)).toMatchObject([
      { fee: -215n, vat: -22n, net: -9_763n },
    ]);
    expect(lines.filter(({ payment }) => payment === fresh)).toMatchObject([
      { fee: 900n, vat: 90n, net: 9_010n },
      { fee: 0n, vat: 0n, net: -10_000n },
    ]);
  });

  test("is opened only once its date is over, covers the dates that were missed, and is never opened behind another", async () => {
    await approve(1_000, at(addDays(day, -3)));
    await approve(2_000, at(day));
    await expect(openBatch(at(day, "23:59:59.999"), asked(day))).rejects.toMatchObject({
      code: "SETTLEMENT_DATE_NOT_OVER",
    });
    await expect(openBatch(at(day), asked("2026-02-30"))).rejects.toMatchObject({ code: "INVALID_REQUEST" });
    await settle(day);
    expect((await linesOf(day)).map(({ amount }) => amount)).toEqual([1_000n, 2_000n]);
    await expect(openBatch(at("2026-11-20"), asked(addDays(day, -1)))).rejects.toMatchObject({
      code: "SETTLEMENT_DATE_COVERED",
    });
  });

  test("asked for again changes nothing, and computed anew comes out byte for byte the same", async () => {
    await plant(3, 40);
    await settle(day);
    const before = await bytesOf(day);
    expect(before.lines).toHaveLength(3 * 48);
    expect(await openBatch(at(addDays(day, 1)), asked(day))).toEqual({ businessDate: day, isNew: false });
    await workOn();
    expect(await bytesOf(day)).toEqual(before);
    await recomputeBatch(at(addDays(day, 1)), { ...asked(day), reason: "다시 계산" });
    expect(await batchOf(day)).toMatchObject({ status: "OPEN", hash: null });
    await workOn();
    expect(await bytesOf(day)).toEqual(before);
  });

  test("asked for by two at once is one", async () => {
    await plant(4, 10);
    const ctx = at(addDays(day, 1), "03:00:00.000");
    const opened = await Promise.all(Array.from({ length: 4 }, () => openBatch(ctx, asked(day))));
    expect(opened.filter(({ isNew }) => isNew)).toHaveLength(1);
    await Promise.all([workOn(ctx), workOn(ctx), workOn(ctx)]);
    await workOn(ctx);
    expect(await batchOf(day)).toMatchObject({ status: "DONE", lines: 4 * 12 });
    expect(await settlementsOf(day)).toHaveLength(4);
  });

  test("is opened by the clock from 02:30 in Seoul on, each missed date by itself", async () => {
    await approve(1_000, at(addDays(day, -1)));
    await approve(2_000, at(day));
    const dueAt = (time: string) => {
      const ctx = at(addDays(day, 1), time);
      return findDueDate(ctx, ctx.now());
    };
    const tick = async (time: string) => {
      const ctx = at(addDays(day, 1), time);
      await Promise.all([openDueBatch(ctx), openDueBatch(ctx)]);
      await workOn(ctx);
    };
    expect(await dueAt("00:00:00.000")).toBe(addDays(day, -1));
    await tick("02:29:59.999");
    expect(await batchOf(addDays(day, -1))).toMatchObject({ status: "DONE", lines: 1 });
    expect(await dueAt("02:29:59.999")).toBeUndefined();
    await tick("02:29:59.999");
    expect(await batchOf(day)).toBeUndefined();
    expect(await dueAt("02:30:00.000")).toBe(day);
    await tick("02:30:00.000");
    expect(await batchOf(day)).toMatchObject({ status: "DONE", lines: 1 });
    expect(await dueAt("23:59:59.999")).toBeUndefined();
  });
});

/** A pool that dies at its n-th statement, before or after it was run; everything of the open transaction is lost. */
function dyingAt<Pool extends SqlPool>(pool: Pool, n: number, when: "before" | "after"): Pool {
  let count = 0;
  const through = (sql: Sql): Sql => ({
    async run(statement, values) {
      count += 1;
      if (count === n && when === "before") throw new Error("killed");
      const rows = await sql.run(statement, values);
      if (count === n && when === "after") throw new Error("killed");
      return rows as never;
    },
  });
  return {
    ...pool,
    run: through(pool).run,
    transaction: (work) => pool.transaction((sql) => work(through(sql))),
  };
}

test.each([
  ["the end of a month", "2026-11-30", "2026-12-01"],
  ["the end of a year", "2026-12-31", "2027-01-01"],
  ["before a leap day", "2028-02-28", "2028-02-29"],
  ["a leap day", "2028-02-29", "2028-03-01"],
])(
  "%s is over at midnight in Seoul, and every payment is in the day of its clock",
  async (_, last, first) => {
    await approve(10_000, at(last, "23:59:59.999"));
    await approve(20_000, at(first, "00:00:00.000"));
    await settle(last);
    expect((await linesOf(last)).map(({ amount }) => amount)).toEqual([10_000n]);
    await settle(first);
    expect((await linesOf(first)).map(({ amount }) => amount)).toEqual([20_000n]);
    expect(await batchOf(last)).toMatchObject({ status: "DONE", lines: 1, pending: 0 });
    expect(await batchOf(first)).toMatchObject({ status: "DONE", lines: 1, pending: 0 });
  },
);

test("whoever is killed at any step of it, the next worker brings out the same bytes", async () => {
  await plant(2, 20);
  await settle(day);
  const expected = await bytesOf(day);
  const later = at(addDays(day, 1));
  let killed = 0;
  for (let n = 1; n <= 20; n++)
    for (const when of ["before", "after"] as const) {
      await recomputeBatch(later, { ...asked(day), reason: "시험" });
      const dying = { ...later, batches: dyingAt(world.ctx.batches, n, when) };
      for (const mallId of ["mall_P1", "mall_P2"])
        await settleMall(
          dying,
          { businessDate: day, mallId, generation: await generationOf() },
          { attempt: 1, messageId: 1n, traceId: null },
        ).catch(() => killed++);
      await workOn(later);
      expect([n, when, await bytesOf(day)]).toEqual([n, when, expected]);
    }
  expect(killed).toBeGreaterThan(20);
});

const generationOf = async () =>
  (
    await world.rows<{ n: number }>(
      "SELECT generation AS n FROM settlement_batch WHERE business_date = $1::date",
      [day],
    )
  )[0]?.n ?? 0;

test("its progress is counted from what is written, mall by mall and step by step", async () => {
  await plant(3, 20);
  const later = at(addDays(day, 1), "03:00:00.000");
  await openBatch(later, asked(day));
  const settleOne = (mallId: string, ctx: Context = later) =>
    settleMall(
      ctx,
      { businessDate: day, mallId, generation: 1 },
      { attempt: 1, messageId: 1n, traceId: null },
    );
  const progress = async () => {
    const batch = await readBatch(world.ctx.reports, day);
    return (
      batch && [batch.status, batch.mallsTotal, batch.mallsCollected, batch.mallsDone, batch.linesWritten]
    );
  };
  expect(await progress()).toEqual(["OPEN", 3, 0, 0, 0]);
  // Of 20 approvals of a mall four are partly cancelled.
  await settleOne("mall_P1");
  expect(await progress()).toEqual(["OPEN", 3, 1, 1, 24]);
  let commits = 0;
  const { batches } = world.ctx;
  const dying: Context = {
    ...later,
    batches: {
      ...batches,
      transaction: (work) => {
        if (commits++ > 0) throw new Error("killed");
        return batches.transaction(work);
      },
    },
  };
  await expect(async () => settleOne("mall_P2", dying)).rejects.toThrow("killed");
  expect(await progress()).toEqual(["OPEN", 3, 2, 1, 48]);
  await workOn(later);
  expect(await progress()).toEqual(["DONE", 3, 3, 3, 72]);
});

describe("what is not ready", () => {
  test("an approval with an open cancel waits, is listed, and is settled once with what became of it", async () => {
    const sure = await approve(10_000, at(day));
    const open = await approve(20_000, at(day));
    world.van.next.cancel.push("timeout_but_done");
    expect(await cancel(open, 5_000, at(day))).toMatchObject({ result: "unknown" });
    await settle(day);
    expect((await linesOf(day)).map(({ payment }) => payment)).toEqual([sure]);
    expect(await pendingOf(day)).toEqual([
      { subject: `pay:${open}:approve`, reason: "CANCEL_PENDING", postponed: true },
    ]);
    // Far later the cancel turns out to be done.
    await world.rows(
      "UPDATE payment SET status = 'PARTIAL_CANCELED', version = version + 1, canceled_minor = 5000, reserved_minor = 0 WHERE id = $1",
      [open],
    );
    await world.rows(
      "UPDATE payment_cancel SET status = 'SUCCEEDED', completed_at = now() WHERE payment_id = $1",
      [open],
    );
    await world.rows(
      `INSERT INTO ledger_entry (event_key, account, amount_minor, payment_id, business_date)
       SELECT 'pay:' || payment_id || ':cancel:' || id, a.account, a.amount, payment_id, $2::date FROM payment_cancel,
         (VALUES ('mall_payable:mall_TEST', 5000), ('van_receivable:SBX1', -5000)) a (account, amount) WHERE payment_id = $1`,
      [open, addDays(day, 9)],
    );
    await settle(addDays(day, 9));
    expect((await linesOf(addDays(day, 9))).map(({ kind, amount }) => [kind, amount])).toEqual([
      ["APPROVAL", 20_000n],
      ["CANCEL", -5_000n],
    ]);
    expect(await pendingOf(addDays(day, 9))).toEqual([]);
    await settle(addDays(day, 10));
    expect(await linesOf(addDays(day, 10))).toEqual([]);
  });

  test("an unknown outcome is listed and moves nothing", async () => {
    world.van.next.approve.push("timeout");
    world.van.next.netCancel.push("timeout");
    await approvePayment(at(day), anApproval(world, { amountMinor: 3_000n }));
    await settle(day);
    expect(await linesOf(day)).toEqual([]);
    expect(await pendingOf(day)).toMatchObject([{ reason: "UNKNOWN", postponed: false }]);
  });

  test("a mall without terms waits until there are some", async () => {
    for (const statement of [
      "ALTER TABLE mall_contract DISABLE TRIGGER USER",
      "DELETE FROM mall_contract",
      "ALTER TABLE mall_contract ENABLE TRIGGER USER",
    ])
      await world.rows(statement);
    const early = await approve(10_000, at(day));
    await cancel(early, 1_000, at(day));
    await settle(day);
    expect(await linesOf(day)).toEqual([]);
    expect((await pendingOf(day)).map(({ reason }) => reason).toSorted()).toEqual([
      "APPROVAL_WAITS",
      "NO_CONTRACT",
    ]);
    await aContract({ from: addDays(day, 5) });
    await settle(addDays(day, 5));
    expect((await linesOf(addDays(day, 5))).map(({ kind, amount }) => [kind, amount])).toEqual([
      ["APPROVAL", 10_000n],
      ["CANCEL", -1_000n],
    ]);
  });

  test("an event that is committed behind its batch is in the next one, and a cancel meanwhile in exactly one", async () => {
    const payment = await approve(10_000, at(day));
    const ctx = at(addDays(day, 1), "00:05:00.000");
    await Promise.all([
      openBatch(ctx, asked(day)).then(() => workOn(ctx)),
      cancel(payment, 4_000, at(day, "23:59:59.999")),
    ]);
    await settle(addDays(day, 1));
    const all = [...(await linesOf(day)), ...(await linesOf(addDays(day, 1)))];
    expect(all.map(({ amount }) => amount)).toEqual([10_000n, -4_000n]);
  });
});

const pendingOf = (businessDate: string) =>
  world.rows<{ subject: string; reason: string; postponed: boolean }>(
    "SELECT subject_id AS subject, reason, is_postponed AS postponed FROM settlement_pending WHERE business_date = $1::date ORDER BY subject_id",
    [businessDate],
  );

test("a negative total pays nothing and is carried until it is made up for", async () => {
  const old = await approve(100_000, at(day));
  await settle(day);
  await cancel(old, 60_000, at(addDays(day, 1)));
  await settle(addDays(day, 1));
  expect(await settlementsOf(addDays(day, 1))).toMatchObject([
    { net: -58_581n, in: 0n, payout: 0n, out: -58_581n },
  ]);
  await settle(addDays(day, 2));
  expect(await settlementsOf(addDays(day, 2))).toEqual([]);
  await approve(30_000, at(addDays(day, 3)));
  await settle(addDays(day, 3));
  expect(await settlementsOf(addDays(day, 3))).toMatchObject([
    { net: 29_290n, in: -58_581n, payout: 0n, out: -29_291n },
  ]);
  await approve(50_000, at(addDays(day, 4)));
  await settle(addDays(day, 4));
  expect(await settlementsOf(addDays(day, 4))).toMatchObject([
    { net: 48_817n, in: -29_291n, payout: 19_526n, out: 0n },
  ]);
});

describe("the database itself", () => {
  test("settles an event once, changes no line, and takes none into what is drafted", async () => {
    await plant(1, 5);
    await settle(day);
    await expect(
      world.rows(
        `INSERT INTO settlement_line SELECT settlement_id, line_no + 100, kind, event_key || 'x', payment_id, cancel_id, event_date, amount_minor, fee_minor,
          fee_vat_minor, net_minor, balance_before_minor, contract_id, fee_rate_e5, fee_rounding, is_fee_refundable FROM settlement_line WHERE kind = 'CANCEL'`,
      ),
    ).rejects.toThrow("takes lines only while it is collected");
    await expect(world.rows("UPDATE settlement_line SET net_minor = 1")).rejects.toThrow("append-only");
    await expect(
      world.rows(
        "UPDATE settlement SET payout_minor = payout_minor + 1, net_minor = net_minor + 1, adjustment_minor = adjustment_minor + 1",
      ),
    ).rejects.toThrow("keeps what it says");
    await expect(
      world.rows(
        "UPDATE settlement SET status = 'PAID_OUT', payout_maker = 'a', paid_out_by = 'b', paid_out_at = now()",
      ),
    ).rejects.toThrow();
    await expect(
      world.rows(
        "UPDATE settlement SET status = 'CONFIRMED', confirm_maker = 'a', confirmed_by = 'a', confirmed_at = now()",
      ),
    ).rejects.toMatchObject({ constraint: "settlement_confirm_checker_is_not_maker" });
  });

  test("computes fees as the code does, for every rate and rounding", async () => {
    const { whole, one } = chance(7);
    const cases = Array.from({ length: 2_000 }, () => ({
      amount: BigInt(whole(0, one([9, 99_999, 9_999_999_999]))),
      feeRateE5: whole(0, 100_000),
      feeRounding: one(["FLOOR_1", "FLOOR_10", "HALF_UP_1"] as const),
    }));
    const rows = await world.rows<{ fee: bigint; vat: bigint }>(
      `SELECT f.fee, settlement_fee_vat(f.fee) AS vat FROM unnest($1::bigint[], $2::int[], $3::text[]) WITH ORDINALITY AS c (amount, rate, rounding, n)
       CROSS JOIN LATERAL (SELECT settlement_fee(c.amount, c.rate, c.rounding::fee_rounding) AS fee) f ORDER BY n`,
      [
        cases.map(({ amount }) => amount),
        cases.map(({ feeRateE5 }) => feeRateE5),
        cases.map(({ feeRounding }) => feeRounding),
      ],
    );
    expect(rows).toEqual(
      cases.map(({ amount, ...terms }) => {
        const fee = feeOf(amount, terms);
        return { fee, vat: feeVatOf(fee) };
      }),
    );
  });

  test("has the Korean holidays as its first calendar", async () => {
    expect(
      await world.rows(
        "SELECT to_char(date, 'YYYY-MM-DD') AS date, name, kind FROM holiday WHERE version = 1 ORDER BY date",
      ),
    ).toEqual(koreanHolidays);
  });
});
