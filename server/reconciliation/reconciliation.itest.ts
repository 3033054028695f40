import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { approvePayment } from "#server/payments/approve-payment.ts";
import { cancelPayment } from "#server/payments/cancel-payment.ts";
import { netCancelPayment } from "#server/payments/net-cancel-payment.ts";
import type { Context } from "#server/platform/context.ts";
import { acceptItem } from "#server/reconciliation/accept-item.ts";
import { closeDay } from "#server/reconciliation/close-day.ts";
import { type ImportedFile, importFile } from "#server/reconciliation/import-file.ts";
import type { FileKind } from "#server/reconciliation/reconciliation.values.ts";
import { addDays } from "#server/settlement/domain/business-calendar.ts";
import { anApproval } from "#server/testing/an-approval.ts";
import { aDepositFile, anSbx1File, type FileRow, inPieces } from "#server/testing/daily-files.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";

let world: TestWorld;
const day = "2026-11-17";
const next = addDays(day, 1);

beforeEach(async () => {
  world = await openTestWorld({ redis: false });
});
afterEach(() => world.close());

/** The world at a time in Seoul. */
const at = (date: string, time = "12:00:00.000"): Context => ({
  ...world.ctx,
  now: () => new Date(`${date}T${time}+09:00`),
});
/** In the night after a date. */
const after = (date: string) => at(addDays(date, 1), "04:00:00.000");

type Ours = Readonly<{ id: string; traceNo: string; amount: number }>;

async function approve(amount: number, on: Context = at(day)): Promise<Ours> {
  await approvePayment(on, anApproval(world, { amountMinor: BigInt(amount) }));
  const [payment] = await world.rows<Ours>(
    'SELECT id, trace_no AS "traceNo", amount_minor::int AS amount FROM payment ORDER BY id DESC LIMIT 1',
  );
  if (!payment) throw new Error("the payment is there");
  return payment;
}

async function cancel(payment: Ours, amount: number, on: Context = at(day)): Promise<FileRow> {
  await cancelPayment(on, {
    paymentId: payment.id,
    amountMinor: BigInt(amount),
    reason: "반품",
    origin: "API",
    actor: { type: "mall", id: world.mallId },
    locale: "ko",
    traceId: "0".repeat(32),
  });
  const [row] = await world.rows<{ traceNo: string }>(
    'SELECT trace_no AS "traceNo" FROM payment_cancel ORDER BY id DESC LIMIT 1',
  );
  return { kind: "C", traceNo: row?.traceNo ?? "", originalTraceNo: payment.traceNo, amount };
}

async function netCancel(payment: Ours, on: Context = at(day)): Promise<void> {
  const [{ orderId } = { orderId: "" }] = await world.rows<{ orderId: string }>(
    'SELECT order_id AS "orderId" FROM payment WHERE id = $1',
    [payment.id],
  );
  const command = anApproval(world, { orderId });
  await netCancelPayment(on, {
    mallId: world.mallId,
    orderId,
    idempotency: { ...command.idempotency, path: "/api/v1/payments/net-cancel" },
    locale: "ko",
    traceId: "0".repeat(32),
  });
}

const rowOf = ({ traceNo, amount }: Ours): FileRow => ({ kind: "A", traceNo, amount });
const operator = { type: "operator", id: "op_1" } as const;

function load(kind: FileKind, date: string, bytes: Buffer, on = after(date)): Promise<ImportedFile> {
  return importFile(on, {
    vanCode: "SBX1",
    businessDate: date,
    kind,
    bytes: inPieces(bytes),
    actor: operator,
    traceId: null,
  });
}
const loadVan = (date: string, rows: readonly FileRow[], on?: Context) =>
  load("VAN", date, anSbx1File(date, rows), on);
const loadDeposit = (date: string, rows: readonly FileRow[], feeOf?: Parameters<typeof aDepositFile>[3]) =>
  load("DEPOSIT", date, aDepositFile("SBX1", date, rows, feeOf));
/** Both files of the same rows. */
async function loadBoth(date: string, rows: readonly FileRow[]): Promise<void> {
  await loadVan(date, rows);
  await loadDeposit(date, rows);
}

const itemsOf = (date: string) =>
  world.rows<Record<string, unknown>>(
    `SELECT class || '/' || reason AS what, kind, trace_no AS trace, state, resolution, risk_minor::int AS risk FROM recon_item
     WHERE business_date = $1::date ORDER BY priority, trace_no, kind`,
    [date],
  );
const dayOf = async (date: string) =>
  (
    await world.rows<Record<string, unknown>>(
      `SELECT state, record_count AS records, matched_count AS matched, ours_count AS ours, van_count AS van, deposit_count AS paid,
        ours_minor::int AS "oursMinor", van_minor::int AS "vanMinor", deposit_minor::int AS "paidMinor", fee_minor::int AS fee FROM recon_day WHERE business_date = $1::date`,
      [date],
    )
  )[0];
const jobs = (name: string) =>
  world.rows<{ payload: Record<string, string> }>("SELECT payload FROM outbox_message WHERE job_name = $1", [
    name,
  ]);
/** Everything that reconciliation ever wrote, but for the times. */
async function allOfIt(): Promise<unknown> {
  const tables = [
    "recon_file",
    "recon_van_line",
    "recon_deposit_line",
    "recon_day",
    "recon_item",
    "van_orphan",
  ];
  const rows = await Promise.all(
    tables.map((table) =>
      world.rows(`SELECT (to_jsonb(t) - 'matched_at')::text AS row FROM ${table} t ORDER BY 1`),
    ),
  );
  const audits = await world.rows("SELECT count(*)::int AS n FROM audit_log");
  return { rows, audits };
}
const close = (date: string) =>
  closeDay(after(date), { vanCode: "SBX1", businessDate: date, actor: operator, traceId: "t" });

describe("a day", () => {
  test("agrees on all three sides, and closes", async () => {
    const one = await approve(10_000);
    const two = await approve(7_777);
    const rows = [rowOf(one), rowOf(two), await cancel(one, 3_000), await cancel(one, 7_000)];
    expect(await loadVan(day, rows)).toMatchObject({
      recordCount: 4,
      match: { recordCount: 4, matchedCount: 4 },
    });
    await expect(close(day)).rejects.toMatchObject({ code: "RECON_FILES_MISSING" });
    await loadDeposit(day, rows);
    expect(await itemsOf(day)).toEqual([]);
    const fee = 116 + 12 + (150 + 15) - (45 + 5) - (105 + 11);
    expect(await dayOf(day)).toEqual({
      state: "OPEN",
      records: 4,
      matched: 4,
      ours: 4,
      van: 4,
      paid: 4,
      oursMinor: 7_777,
      vanMinor: 7_777,
      paidMinor: 7_777 - fee,
      fee,
    });
    await close(day);
    expect(await dayOf(day)).toMatchObject({ state: "CLOSED" });
    // Closed is closed, for people and for hands in the database.
    await expect(close(day)).rejects.toMatchObject({ code: "RECON_DAY_CLOSED" });
    await expect(loadVan(day, [])).rejects.toMatchObject({ code: "RECON_DAY_CLOSED" });
    for (const text of [
      "UPDATE recon_day SET state = 'OPEN', closed_at = NULL, closed_by = NULL",
      "DELETE FROM recon_van_line",
      "DELETE FROM recon_deposit_line",
      `INSERT INTO recon_item (van_code, business_date, kind, trace_no, class, reason, priority, risk_minor, state, found_at, changed_at)
       VALUES ('SBX1', '${day}', 'A', 'x', 'ONLY_VAN', 'UNKNOWN_TRACE', 1, 1, 'OPEN', now(), now())`,
    ])
      await expect(world.rows(text)).rejects.toMatchObject({ code: "23514" });
  });

  test("takes a net cancel of its own date as nothing, and one of a later date as what was given back", async () => {
    const same = await approve(5_000);
    await netCancel(same);
    const later = await approve(6_000, at(day, "23:50:00.000"));
    await netCancel(later, at(next, "00:10:00.000"));
    // The VAN leaves out what came to nothing on one day (docs/sandbox-vans.md).
    await loadBoth(day, [rowOf(later)]);
    await loadBoth(next, [{ ...rowOf(later), kind: "N" }]);
    expect([...(await itemsOf(day)), ...(await itemsOf(next))]).toEqual([]);
    expect(await dayOf(day)).toMatchObject({ records: 3, matched: 3, ours: 3, van: 1 });
    await close(day);
    await close(next);
  });

  test("knows the cancel that stood in for a net cancel (NC-5) as the net cancel of its approval", async () => {
    const payment = await approve(5_000, at(day, "23:50:00.000"));
    await netCancel(payment, at(next, "00:10:00.000"));
    await loadBoth(day, [rowOf(payment)]);
    await loadBoth(next, [
      { kind: "C", traceNo: `R${payment.traceNo.slice(1)}`, originalTraceNo: payment.traceNo, amount: 5_000 },
    ]);
    expect([...(await itemsOf(day)), ...(await itemsOf(next))]).toEqual([]);
  });
});

describe("what differs", () => {
  test("ONLY_OURS: the VAN has no record of it", async () => {
    const kept = await approve(10_000);
    const lost = await approve(4_000);
    await loadBoth(day, [rowOf(kept)]);
    expect(await itemsOf(day)).toEqual([
      {
        what: "ONLY_OURS/NOT_AT_VAN",
        kind: "A",
        trace: lost.traceNo,
        state: "OPEN",
        resolution: null,
        risk: 4_000,
      },
    ]);
    expect(await dayOf(day)).toMatchObject({ records: 2, matched: 1 });
    await expect(close(day)).rejects.toMatchObject({ code: "RECON_DAY_OPEN_ITEMS", facts: { openItems: 1 } });
  });

  test("ONLY_VAN: an approval of a payment that ended is an orphan, with its job, in the same commit", async () => {
    world.van.next.approve.push("declined");
    const declined = await approve(9_000);
    await loadBoth(day, [rowOf(declined)]);
    expect(await itemsOf(day)).toEqual([
      {
        what: "ONLY_VAN/LATE_APPROVAL",
        kind: "A",
        trace: declined.traceNo,
        state: "OPEN",
        resolution: null,
        risk: 9_000,
      },
    ]);
    const orphans = await world.rows<{ id: bigint; source: string; payment: string }>(
      "SELECT id, source, payment_id AS payment FROM van_orphan",
    );
    expect(orphans).toMatchObject([{ source: "van_file", payment: declined.id }]);
    expect(await jobs("reverse-orphan")).toEqual([{ payload: { orphanId: String(orphans[0]?.id) } }]);
    expect(await world.rows("SELECT kind, severity, closed_at FROM incident")).toEqual([
      { kind: "VAN_ORPHAN", severity: "page", closed_at: null },
    ]);
    // Money that is live there is nobody's to accept; once it is reversed, that explains it.
    const [item] = await world.rows<{ id: bigint }>("SELECT id FROM recon_item");
    const accept = () =>
      acceptItem(after(day), { itemId: item?.id ?? 0n, reason: "괜찮음", actor: operator, traceId: "t" });
    await expect(accept()).rejects.toMatchObject({ code: "RECON_MONEY_AT_VAN" });
    await loadVan(day, [rowOf(declined), { kind: "A", traceNo: "0STRANGER", amount: 1 }]);
    expect(await jobs("reverse-orphan")).toHaveLength(1);
    await loadVan(day, [{ ...rowOf(declined), orderId: "again" }]);
    expect(await itemsOf(day)).toMatchObject([
      { what: "ONLY_VAN/LATE_APPROVAL", state: "OPEN" },
      { what: "MATCHED/NONE" },
    ]);
    await world.rows("UPDATE van_orphan SET state = 'REVERSED', closed_at = now()");
    await loadVan(day, [{ ...rowOf(declined), orderId: "once more" }]);
    expect(await itemsOf(day)).toMatchObject([
      { what: "ONLY_VAN/LATE_APPROVAL", state: "EXPLAINED", resolution: "REVERSED" },
      { what: "MATCHED/NONE", state: "EXPLAINED", resolution: "MATCHED" },
    ]);
    await close(day);
  });

  test("ONLY_VAN: records that are none of ours are one incident of the day, and make no orphan", async () => {
    const strangers: FileRow[] = [
      { kind: "A", traceNo: "0STRANGER1", amount: 100 },
      { kind: "A", traceNo: "0STRANGER2", amount: 200 },
      { kind: "C", traceNo: "0STRANGER3", originalTraceNo: "0STRANGER4", amount: 50 },
      { kind: "N", traceNo: "0STRANGER5", amount: 70 },
    ];
    await loadBoth(day, strangers);
    expect((await itemsOf(day)).map(({ what, risk }) => [what, risk])).toEqual([
      ["ONLY_VAN/UNKNOWN_TRACE", 100],
      ["ONLY_VAN/UNKNOWN_TRACE", 200],
      ["ONLY_VAN/UNKNOWN_TRACE", 50],
      ["ONLY_VAN/UNKNOWN_TRACE", 70],
    ]);
    expect(await world.rows("SELECT 1 FROM van_orphan")).toEqual([]);
    const incidents = () =>
      world.rows(
        "SELECT subject_id AS subject, detail->'count' AS count, closed_at IS NULL AS open FROM incident",
      );
    expect(await incidents()).toEqual([{ subject: `SBX1:${day}`, count: 2, open: true }]);
    await loadVan(day, []);
    expect(await incidents()).toMatchObject([{ open: false }]);
  });

  test("AMOUNT_DIFF: another amount at the VAN, none paid in, or another paid in", async () => {
    const [less, unpaid, short] = [await approve(10_000), await approve(2_000), await approve(3_000)];
    await loadVan(day, [{ ...rowOf(less), amount: 9_900 }, rowOf(unpaid), rowOf(short)]);
    await loadDeposit(day, [
      { ...rowOf(less), amount: 9_900 },
      { ...rowOf(short), amount: 2_500 },
    ]);
    expect((await itemsOf(day)).map(({ what, trace, risk }) => [what, trace, risk])).toEqual(
      [
        ["AMOUNT_DIFF/AMOUNT", less.traceNo, 100],
        ["AMOUNT_DIFF/NOT_PAID", unpaid.traceNo, 2_000],
        ["AMOUNT_DIFF/PAID_OTHERWISE", short.traceNo, 500],
      ].sort(([, a], [, b]) => (String(a) < String(b) ? -1 : 1)),
    );
    expect(await dayOf(day)).toMatchObject({ records: 3, matched: 0 });
  });

  test("ONLY_VAN: the bank paid for what nobody has", async () => {
    const payment = await approve(10_000);
    await loadVan(day, [rowOf(payment)]);
    await loadDeposit(day, [rowOf(payment), { kind: "A", traceNo: "0NOWHERE", amount: 800 }]);
    expect(await itemsOf(day)).toMatchObject([
      { what: "ONLY_VAN/PAID_WITHOUT_RECORD", trace: "0NOWHERE", risk: 800 },
    ]);
  });

  test("STATUS_DIFF: a cancel that failed here, one that is open, and a reversal of what is live here", async () => {
    const failing = await approve(10_000);
    world.van.next.cancel.push("refused");
    const failed = await cancel(failing, 1_000);
    const waiting = await approve(20_000);
    world.van.next.cancel.push("timeout");
    const open = await cancel(waiting, 2_000);
    const live = await approve(30_000);
    world.van.next.approve.push("timeout");
    world.van.next.netCancel.push("timeout");
    const unknown = await approve(40_000);
    expect(await world.rows("SELECT status FROM payment WHERE id = $1", [unknown.id])).toEqual([
      { status: "UNKNOWN" },
    ]);
    const rows = [rowOf(failing), failed, rowOf(waiting), open, rowOf(live), rowOf(unknown)];
    await loadBoth(day, rows);
    await loadBoth(next, [{ ...rowOf(live), kind: "N" }]);
    const by = (a: Record<string, unknown>, b: Record<string, unknown>) => Number(a.risk) - Number(b.risk);
    expect((await itemsOf(day)).toSorted(by).map(({ what, trace }) => [what, trace])).toEqual([
      ["STATUS_DIFF/CANCEL_NOT_BOOKED", failed.traceNo],
      ["STATUS_DIFF/OUTCOME_OPEN", open.traceNo],
      ["STATUS_DIFF/OUTCOME_OPEN", unknown.traceNo],
    ]);
    expect(await itemsOf(next)).toMatchObject([
      { what: "STATUS_DIFF/REVERSED_AT_VAN", kind: "N", trace: live.traceNo, risk: 30_000 },
    ]);
    expect(await world.rows("SELECT 1 FROM van_orphan")).toEqual([]);
  });

  test("FEE_DIFF: another fee was kept than is agreed", async () => {
    const [right, wrong] = [await approve(10_000), await approve(10_000)];
    const rows = [rowOf(right), rowOf(wrong)];
    await loadVan(day, rows);
    await loadDeposit(day, rows, (amount, row) =>
      row.traceNo === wrong.traceNo ? 170 : (amount * 15) / 1_000,
    );
    expect(await itemsOf(day)).toMatchObject([
      { what: "FEE_DIFF/FEE", trace: wrong.traceNo, risk: 170 + 17 - 150 - 15, state: "OPEN" },
    ]);
    // Terms are those of the approval's date; without any, nothing is held against a fee.
    await world.rows("DELETE FROM van_fee_terms WHERE van_code = 'SBX1'");
    await close(day);
    expect(await itemsOf(day)).toMatchObject([{ what: "MATCHED/NONE", resolution: "MATCHED" }]);
  });

  test("DATE_SHIFT: the VAN has it on the next day, which explains both days once both are there", async () => {
    const late = await approve(8_000, at(day, "23:59:59.900"));
    await loadBoth(day, []);
    expect(await itemsOf(day)).toMatchObject([{ what: "ONLY_OURS/NOT_AT_VAN", state: "OPEN" }]);
    await loadBoth(next, [rowOf(late)]);
    const shifted = [
      { what: "DATE_SHIFT/OTHER_DATE", trace: late.traceNo, state: "EXPLAINED", resolution: "DATE_SHIFT" },
    ];
    expect(await itemsOf(day)).toMatchObject(shifted);
    expect(await itemsOf(next)).toMatchObject(shifted);
    await close(day);
    await close(next);
  });

  test("DATE_SHIFT: further than a day apart it is somebody's to look at", async () => {
    const late = await approve(8_000);
    await loadBoth(addDays(day, 3), [rowOf(late)]);
    await loadBoth(day, []);
    expect(await itemsOf(day)).toMatchObject([{ what: "DATE_SHIFT/OTHER_DATE", state: "OPEN" }]);
    expect(await itemsOf(addDays(day, 3))).toMatchObject([{ what: "DATE_SHIFT/OTHER_DATE", state: "OPEN" }]);
  });

  test("an approval that we never had comes to nothing with its net cancel of another day", async () => {
    world.van.next.approve.push("timeout_but_done");
    const unclear = await approve(5_000, at(day, "23:59:58.000"));
    expect(await world.rows("SELECT status FROM payment")).toEqual([{ status: "NET_CANCELED" }]);
    await loadBoth(next, [{ ...rowOf(unclear), kind: "N" }]);
    expect(await itemsOf(next)).toMatchObject([{ what: "ONLY_VAN/RETURN_WITHOUT_APPROVAL", state: "OPEN" }]);
    await loadBoth(day, [rowOf(unclear)]);
    const shifted = [{ what: "DATE_SHIFT/OTHER_DATE", state: "EXPLAINED", resolution: "DATE_SHIFT" }];
    expect(await itemsOf(day)).toMatchObject(shifted);
    expect(await itemsOf(next)).toMatchObject(shifted);
    expect(await world.rows("SELECT 1 FROM van_orphan")).toEqual([]);
  });
});

describe("a record of more than one date", () => {
  const twice = (trace: string, risk: number) => ({
    what: "ONLY_VAN/TWICE",
    trace,
    state: "OPEN",
    resolution: null,
    risk,
  });

  test("TWICE: the VAN has it on its own date and on the next", async () => {
    const payment = await approve(8_000);
    await loadBoth(day, [rowOf(payment)]);
    await loadBoth(next, [rowOf(payment)]);
    expect(await itemsOf(day)).toEqual([]);
    expect(await itemsOf(next)).toMatchObject([twice(payment.traceNo, 8_000)]);
    await close(day);
    await expect(close(next)).rejects.toMatchObject({ code: "RECON_DAY_OPEN_ITEMS" });
  });

  test("TWICE: the VAN has it before and after its own date, of which one is the shift", async () => {
    const payment = await approve(8_000);
    await loadBoth(addDays(day, -1), [rowOf(payment)]);
    await loadBoth(next, [rowOf(payment)]);
    await loadBoth(day, []);
    expect(await itemsOf(addDays(day, -1))).toMatchObject([{ what: "DATE_SHIFT/OTHER_DATE" }]);
    expect(await itemsOf(day)).toMatchObject([{ what: "DATE_SHIFT/OTHER_DATE" }]);
    expect(await itemsOf(next)).toMatchObject([twice(payment.traceNo, 8_000)]);
  });

  test("TWICE: an approval that ended here stands in two files, and one reversal does not explain both", async () => {
    world.van.next.approve.push("declined");
    const declined = await approve(9_000);
    await loadBoth(next, [rowOf(declined)]);
    await loadBoth(day, [rowOf(declined)]);
    await world.rows("UPDATE van_orphan SET state = 'REVERSED', closed_at = now()");
    await close(day);
    await expect(close(next)).rejects.toMatchObject({ code: "RECON_DAY_OPEN_ITEMS" });
    expect(await itemsOf(next)).toMatchObject([twice(declined.traceNo, 9_000)]);
  });

  test("TWICE: the bank pays for it on both days", async () => {
    const payment = await approve(8_000);
    await loadBoth(day, [rowOf(payment)]);
    await loadVan(next, []);
    await loadDeposit(next, [rowOf(payment)]);
    expect(await itemsOf(day)).toEqual([]);
    expect(await itemsOf(next)).toMatchObject([twice(payment.traceNo, 8_000)]);
  });

  test("paid on the next day only: both days are explained together", async () => {
    const payment = await approve(8_000);
    await loadVan(day, [rowOf(payment)]);
    await loadDeposit(day, []);
    expect(await itemsOf(day)).toMatchObject([{ what: "AMOUNT_DIFF/NOT_PAID", state: "OPEN", risk: 8_000 }]);
    await loadVan(next, []);
    await loadDeposit(next, [rowOf(payment)]);
    const shifted = [
      { what: "DATE_SHIFT/OTHER_DATE", trace: payment.traceNo, state: "EXPLAINED", resolution: "DATE_SHIFT" },
    ];
    expect(await itemsOf(day)).toMatchObject(shifted);
    expect(await itemsOf(next)).toMatchObject(shifted);
    expect(
      await world.rows("SELECT DISTINCT to_char(paid_date, 'YYYY-MM-DD') AS paid FROM recon_item"),
    ).toEqual([{ paid: next }]);
    // Taken back by the bank, it is not paid again.
    await loadDeposit(next, []);
    expect(await itemsOf(day)).toMatchObject([{ what: "AMOUNT_DIFF/NOT_PAID", state: "OPEN" }]);
    await loadDeposit(next, [{ ...rowOf(payment), amount: 7_900 }]);
    expect(await itemsOf(day)).toMatchObject([
      { what: "AMOUNT_DIFF/PAID_OTHERWISE", state: "OPEN", risk: 100 },
    ]);
  });

  test("paid further than a day apart: somebody has to look at both", async () => {
    const payment = await approve(8_000);
    const far = addDays(day, 3);
    await loadVan(far, []);
    await loadDeposit(far, [rowOf(payment)]);
    await loadVan(day, [rowOf(payment)]);
    await loadDeposit(day, []);
    await expect(close(far)).rejects.toMatchObject({ code: "RECON_DAY_OPEN_ITEMS" });
    for (const date of [day, far])
      expect(await itemsOf(date)).toMatchObject([{ what: "DATE_SHIFT/OTHER_DATE", state: "OPEN" }]);
  });

  test("the fee of one that shifted is held to the terms of its approval too", async () => {
    const late = await approve(8_000, at(day, "23:59:59.900"));
    await loadBoth(day, []);
    await loadVan(next, [rowOf(late)]);
    await loadDeposit(next, [rowOf(late)], () => 200);
    expect(await itemsOf(day)).toMatchObject([{ what: "DATE_SHIFT/OTHER_DATE", state: "EXPLAINED" }]);
    expect(await itemsOf(next)).toMatchObject([
      { what: "FEE_DIFF/FEE", state: "OPEN", risk: 200 + 20 - 120 - 12 },
    ]);
  });

  test("an approval and its net cancel of one day come to nothing only if what was paid for them does", async () => {
    world.van.next.approve.push("timeout_but_done");
    const unclear = await approve(5_000);
    const pair: FileRow[] = [rowOf(unclear), { ...rowOf(unclear), kind: "N" }];
    await loadVan(day, pair);
    await loadDeposit(day, []);
    expect(await itemsOf(day)).toEqual([]);
    await loadDeposit(day, pair.slice(0, 1));
    expect(await itemsOf(day)).toMatchObject([
      { what: "ONLY_VAN/PAID_WITHOUT_RECORD", kind: "A", state: "OPEN", risk: 5_000 },
      { what: "AMOUNT_DIFF/NOT_PAID", kind: "N", state: "OPEN", risk: 5_000 },
    ]);
    expect(await world.rows("SELECT 1 FROM van_orphan")).toEqual([]);
    await loadDeposit(day, pair);
    await close(day);
  });
});

describe("a match that is run again", () => {
  test("changes nothing on the same facts, and keeps what people decided", async () => {
    const lost = await approve(4_000);
    const other = await approve(5_000);
    await loadBoth(day, [{ ...rowOf(other), amount: 5_001 }]);
    const [item] = await world.rows<{ id: bigint }>("SELECT id FROM recon_item WHERE trace_no = $1", [
      lost.traceNo,
    ]);
    await acceptItem(after(day), {
      itemId: item?.id ?? 0n,
      reason: "VAN이 확인함",
      actor: operator,
      traceId: "t",
    });
    await world.rows(
      "UPDATE recon_item SET owner_id = 'op_9', note = 'n', noted_by = 'op_9', noted_at = found_at",
    );
    const before = await allOfIt();
    await expect(close(day)).rejects.toMatchObject({ code: "RECON_DAY_OPEN_ITEMS", facts: { openItems: 1 } });
    expect(await allOfIt()).toEqual(before);
    expect(await itemsOf(day)).toMatchObject([
      { what: "AMOUNT_DIFF/AMOUNT", state: "OPEN" },
      { what: "ONLY_OURS/NOT_AT_VAN", state: "EXPLAINED", resolution: "ACCEPTED" },
    ]);
    // A decision was about what was true: other facts are decided anew, and owner and note stay.
    await loadBoth(day, [rowOf(other), { ...rowOf(lost), amount: 3_999 }]);
    expect(await itemsOf(day)).toMatchObject([
      { what: "AMOUNT_DIFF/AMOUNT", trace: lost.traceNo, state: "OPEN", resolution: null, risk: 1 },
      { what: "MATCHED/NONE", trace: other.traceNo, state: "EXPLAINED", resolution: "MATCHED" },
    ]);
    expect(
      await world.rows("SELECT DISTINCT owner_id, note, explained_by, resolution_reason FROM recon_item"),
    ).toEqual([{ owner_id: "op_9", note: "n", explained_by: null, resolution_reason: null }]);
  });

  test("of a file that takes the place of another leaves nothing of the first", async () => {
    const payment = await approve(4_000);
    await loadVan(day, [
      { ...rowOf(payment), amount: 1 },
      { kind: "A", traceNo: "0GONE", amount: 5 },
    ]);
    await loadVan(day, [rowOf(payment)]);
    expect(await world.rows("SELECT trace_no AS trace FROM recon_van_line")).toEqual([
      { trace: payment.traceNo },
    ]);
    expect(
      await world.rows("SELECT replaced_at IS NULL AS counts FROM recon_file ORDER BY imported_at, id"),
    ).toEqual([{ counts: false }, { counts: true }]);
    expect(await dayOf(day)).toMatchObject({ records: 1, matched: 1 });
  });

  test("of a file that comes back after another had taken its place", async () => {
    const payment = await approve(4_000);
    const first = [rowOf(payment)];
    const second = [{ ...rowOf(payment), amount: 1 }];
    for (const rows of [first, second, first, second]) await loadVan(day, rows);
    await expect(loadVan(day, second)).rejects.toMatchObject({ code: "RECON_FILE_DUPLICATE" });
    await loadVan(day, first);
    expect(
      await world.rows("SELECT count(*)::int AS files, count(replaced_at)::int AS replaced FROM recon_file"),
    ).toEqual([{ files: 5, replaced: 4 }]);
    expect(await dayOf(day)).toMatchObject({ records: 1, matched: 1 });
  });
});

describe("a bad file", () => {
  test("changes nothing, whatever is wrong with it", async () => {
    const payment = await approve(4_000);
    const good = anSbx1File(day, [rowOf(payment)]);
    await load("VAN", day, good);
    const before = await allOfIt();
    const twice = anSbx1File(day, [rowOf(payment), rowOf(payment)]);
    const bad: [string, FileKind, string, Buffer, Context?][] = [
      ["RECON_FILE_DUPLICATE", "VAN", day, good],
      ["RECON_FILE_OTHER_DATE", "VAN", next, good],
      ["RECON_FILE_OTHER_KIND", "DEPOSIT", day, good],
      ["RECON_FILE_TRUNCATED", "VAN", day, good.subarray(0, good.length - 1)],
      ["RECON_FILE_TOTALS", "VAN", day, Buffer.from(good.toString().replace("4000,06", "4001,06"))],
      ["RECON_FILE_MALFORMED", "VAN", day, twice],
      ["RECON_FILE_ENCODING", "VAN", day, Buffer.from(good.toString(), "utf16le")],
      ["RECON_DAY_NOT_OVER", "VAN", day, anSbx1File(day, []), at(day, "23:59:59.999")],
    ];
    for (const [code, kind, date, bytes, on] of bad)
      await expect(load(kind, date, bytes, on), code).rejects.toMatchObject({ code });
    const unknownVan = {
      vanCode: "KICC",
      businessDate: day,
      kind: "VAN",
      actor: operator,
      traceId: null,
    } as const;
    await expect(importFile(after(day), { ...unknownVan, bytes: inPieces(good) })).rejects.toMatchObject({
      code: "RECON_FORMAT_UNKNOWN",
    });
    expect(await allOfIt()).toEqual(before);
  });

  test("that comes twice at once is imported once", async () => {
    const payment = await approve(4_000);
    const file = anSbx1File(day, [rowOf(payment)]);
    const tries = await Promise.allSettled(Array.from({ length: 3 }, () => load("VAN", day, file)));
    expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const one of tries)
      if (one.status === "rejected") expect(one.reason).toMatchObject({ code: "RECON_FILE_DUPLICATE" });
  });
});
