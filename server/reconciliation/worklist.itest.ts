import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { carryOutChange } from "#server/change-requests/carry-out-change.ts";
import { carryOutChangeJob } from "#server/change-requests/change-jobs.ts";
import { approveChange, rejectChange } from "#server/change-requests/decide-change.ts";
import { businessDateOf } from "#server/core/business-date.ts";
import { mayDo, type OperatorRole, operatorRoles } from "#server/operators/permissions.ts";
import { runMessage, type Workshop, work } from "#server/outbox/run-message.ts";
import { approvePayment } from "#server/payments/approve-payment.ts";
import { cancelChange } from "#server/payments/cancel-change.ts";
import { followReconDecisions } from "#server/reconciliation/follow-decisions.ts";
import { reconItemFilterSchema } from "#server/reconciliation/reconciliation.schemas.ts";
import { exportItems } from "#server/reconciliation/reconciliation-queries.ts";
import { uploadFile } from "#server/reconciliation/upload-file.ts";
import { addDays } from "#server/settlement/domain/business-calendar.ts";
import { adjustmentChange } from "#server/settlement/settlement-changes.ts";
import { anApproval } from "#server/testing/an-approval.ts";
import { aDepositFile, anSbx1File, type FileRow } from "#server/testing/daily-files.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";
import { appRouter } from "#server/trpc/root.ts";

// What people do about differences, through the console's procedures and its upload.

let world: TestWorld;
const day = addDays(businessDateOf(new Date()), -3);

beforeEach(async () => {
  world = await openTestWorld({ redis: false });
  for (const [id, role] of [
    ["op_MAKER", "SETTLEMENT"],
    ["op_OTHER", "ADMIN"],
    ["op_CLERK", "OPERATOR"],
  ] as const)
    await world.ctx.db.operator.create({
      data: { id, email: `${id}@example.com`, name: id, role, passwordHash: "-" },
    });
});
afterEach(() => world.close());

const person = (role: OperatorRole, id = "op_MAKER") => ({
  id,
  email: `${id}@example.com`,
  name: id,
  role,
  sessionId: "ses_1",
});
const as = (role: OperatorRole, id?: string) =>
  appRouter.createCaller({
    context: world.ctx,
    operator: person(role, id),
    traceId: "0".repeat(32),
    ipAddress: "10.0.0.1",
  }).reconciliation;
const maker = () => as("SETTLEMENT");
const admin = () => as("ADMIN", "op_OTHER");

type Ours = Readonly<{ id: string; traceNo: string; amount: number }>;

async function approve(amount: number): Promise<Ours> {
  const noon = { ...world.ctx, now: () => new Date(`${day}T12:00:00.000+09:00`) };
  await approvePayment(noon, anApproval(world, { amountMinor: BigInt(amount) }));
  const [payment] = await world.rows<Ours>(
    'SELECT id, trace_no AS "traceNo", amount_minor::int AS amount FROM payment ORDER BY id DESC LIMIT 1',
  );
  if (!payment) throw new Error("the payment is there");
  return payment;
}
const rowOf = ({ traceNo, amount }: Ours): FileRow => ({ kind: "A", traceNo, amount });

function upload(
  bytes: Buffer,
  named: Partial<{ role: OperatorRole | null; query: string; headers: Record<string, string> }> = {},
): Promise<Response> {
  const { role = "SETTLEMENT", query = `van=SBX1&date=${day}&kind=VAN`, headers = {} } = named;
  const request = new Request(`http://console.example/api/console/reconciliation/files?${query}`, {
    method: "POST",
    headers: {
      host: "console.example",
      "sec-fetch-site": "same-origin",
      "content-type": "application/octet-stream",
      ...headers,
    },
    body: new Uint8Array(bytes),
  });
  return uploadFile(request, world.ctx, async () => role && person(role));
}
async function uploadBoth(rows: readonly FileRow[]): Promise<void> {
  expect((await upload(anSbx1File(day, rows))).status).toBe(201);
  const query = `van=SBX1&date=${day}&kind=DEPOSIT`;
  expect((await upload(aDepositFile("SBX1", day, rows), { query })).status).toBe(201);
}

const workshop: Workshop = {
  registry: new Map([
    [
      carryOutChangeJob.name,
      work(carryOutChangeJob, carryOutChange({ CANCEL: cancelChange, ADJUSTMENT: adjustmentChange })),
    ],
  ]),
  afterlife: { park: async () => undefined, resolve: async () => undefined },
};
const decision = (requestId: string) => ({
  requestId,
  version: 1,
  note: "확인했어요",
  checker: { id: "op_OTHER", ipAddress: null },
});
async function approveIt(requestId: string): Promise<void> {
  await approveChange(world.ctx, decision(requestId));
  await world.rows(
    "UPDATE outbox_message SET available_at = date_trunc('milliseconds', now()) WHERE job_name = 'carry-out-change'",
  );
  const jobs = await world.rows<{ id: bigint }>(
    "SELECT id FROM outbox_message WHERE job_name = 'carry-out-change' AND done_at IS NULL",
  );
  for (const { id } of jobs) await runMessage(world.ctx, workshop, id);
}

async function onlyItem() {
  const { items } = await maker().items({ state: [] });
  expect(items).toHaveLength(1);
  const [item] = items;
  if (!item) throw new Error("the item is there");
  return item;
}
const auditActions = async () =>
  (
    await world.rows<{ action: string }>(
      "SELECT action FROM audit_log WHERE action LIKE 'reconciliation.%' ORDER BY seq",
    )
  ).map(({ action }) => action);

describe("the worklist", () => {
  test("is paged by urgency, then by age, without a gap or a repeat, and filtered", async () => {
    const lost = [await approve(1_000), await approve(2_000), await approve(3_000)];
    await uploadBoth([
      { kind: "A", traceNo: "0STRANGER1", amount: 10 },
      { kind: "A", traceNo: "0STRANGER2", amount: 20 },
    ]);
    const seen: [string, string][] = [];
    let cursor: Awaited<ReturnType<ReturnType<typeof maker>["items"]>>["nextCursor"];
    do {
      const page = await maker().items({ limit: 2, cursor });
      expect(page.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.items.map((item) => [item.class, item.traceNo] as [string, string]));
      cursor = page.nextCursor;
    } while (cursor);
    expect(seen.map(([one]) => one)).toEqual(["ONLY_VAN", "ONLY_VAN", "ONLY_OURS", "ONLY_OURS", "ONLY_OURS"]);
    expect(new Set(seen.map(([, trace]) => trace)).size).toBe(5);
    const count = async (filter: Parameters<ReturnType<typeof maker>["items"]>[0]) =>
      (await maker().items(filter)).items.length;
    expect(await count({ class: ["ONLY_OURS"] })).toBe(3);
    expect(await count({ van: ["SBX2"] })).toBe(0);
    expect(await count({ from: addDays(day, 1) })).toBe(0);
    expect(await count({ to: day })).toBe(5);
    expect(await count({ state: ["EXPLAINED"] })).toBe(0);
    expect(await count({ agedDays: 1 })).toBe(0);
    await world.rows("UPDATE recon_item SET found_at = found_at - interval '25 hours' WHERE trace_no = $1", [
      lost[0]?.traceNo,
    ]);
    expect(await count({ agedDays: 1 })).toBe(1);
    expect(await count({ dayState: ["OPEN"] })).toBe(5);
    expect(await count({ dayState: ["CLOSED"] })).toBe(0);
    expect(await count({ owner: null })).toBe(5);
    expect(await count({ owner: "op_MAKER" })).toBe(0);
    expect(await maker().day({ vanCode: "SBX1", businessDate: day })).toMatchObject({
      unexplainedCount: 5,
      unexplainedMinor: 6_030n,
      items: [
        { class: "ONLY_VAN", state: "OPEN", count: 2, riskMinor: 30n },
        { class: "ONLY_OURS", state: "OPEN", count: 3, riskMinor: 6_000n },
      ],
      files: [{ kind: "DEPOSIT", recordCount: 2, importedByName: "op_MAKER" }, { kind: "VAN" }],
    });
    const first = await maker().days({ limit: 1 });
    expect(first).toMatchObject({
      days: [
        {
          businessDate: day,
          unexplainedCount: 5,
          vanFileAt: expect.any(Date),
          depositFileAt: expect.any(Date),
          classes: [
            { class: "ONLY_VAN", count: 2, unexplainedCount: 2 },
            { class: "ONLY_OURS", count: 3, unexplainedCount: 3 },
          ],
        },
      ],
      nextCursor: null,
    });
    expect(await maker().itemSum({})).toEqual({
      count: 5,
      riskMinor: 6_030n,
      classes: [
        { class: "ONLY_VAN", count: 2 },
        { class: "ONLY_OURS", count: 3 },
      ],
    });
    expect(await maker().itemSum({ agedDays: 1 })).toMatchObject({ count: 1 });
    // The file of the board counts what the list of its days counts.
    for (const [dayState, inFile] of [
      ["OPEN", 5],
      ["CLOSED", 0],
    ] as const) {
      const filter = reconItemFilterSchema.parse({ state: [], dayState: [dayState] });
      expect(await exportItems(filter, new Date()).readSums(world.ctx.reports)).toMatchObject({
        count: inFile,
      });
    }
    expect(await maker().itemSum({ state: ["EXPLAINED"] })).toEqual({ count: 0, riskMinor: 0n, classes: [] });
    const before = await maker().item({ itemId: String((await maker().items({})).items.at(-1)?.id) });
    await maker().accept({ itemId: before.id, reason: "확인" });
    expect((await maker().days({})).days[0]?.classes[1]).toEqual({
      class: "ONLY_OURS",
      count: 3,
      unexplainedCount: 2,
    });
  });

  test("is taken by one, noted, given back, accepted with a reason, and then the day closes", async () => {
    await approve(1_000);
    await uploadBoth([]);
    const { id } = await onlyItem();
    await maker().take({ itemId: id, from: null });
    await expect(admin().take({ itemId: id, from: null })).rejects.toMatchObject({
      cause: { code: "ASSIGNED_TO_OTHER" },
    });
    await maker().note({ itemId: id, note: "VAN에 문의함" });
    expect(await onlyItem()).toMatchObject({
      ownerName: "op_MAKER",
      note: "VAN에 문의함",
      notedByName: "op_MAKER",
    });
    await maker().release({ itemId: id, from: "op_MAKER" });
    expect(await onlyItem()).toMatchObject({ ownerId: null, note: "VAN에 문의함" });
    const close = () => maker().close({ vanCode: "SBX1", businessDate: day });
    await expect(close()).rejects.toMatchObject({
      cause: { code: "RECON_DAY_OPEN_ITEMS", facts: { openItems: 1 } },
    });
    await expect(maker().accept({ itemId: id, reason: " " })).rejects.toThrow();
    await maker().accept({ itemId: id, reason: "VAN이 다음 파일에 넣음" });
    await expect(maker().accept({ itemId: id, reason: "또" })).rejects.toMatchObject({
      cause: { code: "RECON_ITEM_DECIDED" },
    });
    await close();
    for (const call of [
      () => maker().note({ itemId: id, note: "늦음" }),
      () => maker().take({ itemId: id, from: null }),
      () => maker().accept({ itemId: id, reason: "늦음" }),
    ])
      await expect(call()).rejects.toMatchObject({ cause: { code: "RECON_DAY_CLOSED" } });
    expect(await auditActions()).toEqual([
      "reconciliation.file_imported",
      "reconciliation.file_imported",
      "reconciliation.item_assigned",
      "reconciliation.item_noted",
      "reconciliation.item_assigned",
      "reconciliation.item_accepted",
      "reconciliation.day_closed",
    ]);
  });

  test("two who take the same at once: one gets it", async () => {
    await approve(1_000);
    await uploadBoth([]);
    const { id } = await onlyItem();
    const tries = await Promise.allSettled(
      ["op_MAKER", "op_OTHER"].map((who) => as("ADMIN", who).take({ itemId: id, from: null })),
    );
    expect(tries.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });
});

describe("a day that is matched again", () => {
  const again = () => maker().match({ vanCode: "SBX1", businessDate: day });

  test("needs the VAN's file, and is refused once the day is closed", async () => {
    await expect(again()).rejects.toMatchObject({ cause: { code: "NOT_FOUND" } });
    const query = `van=SBX1&date=${day}&kind=DEPOSIT`;
    await upload(aDepositFile("SBX1", day, []), { query });
    await expect(again()).rejects.toMatchObject({ cause: { code: "RECON_VAN_FILE_MISSING" } });
    await upload(anSbx1File(day, []));
    expect(await again()).toEqual({ recordCount: 0, matchedCount: 0 });
    await maker().close({ vanCode: "SBX1", businessDate: day });
    await expect(again()).rejects.toMatchObject({ cause: { code: "RECON_DAY_CLOSED" } });
    expect((await auditActions()).filter((action) => action.endsWith("day_matched"))).toHaveLength(1);
    await expect(
      as("OPERATOR", "op_CLERK").match({ vanCode: "SBX1", businessDate: day }),
    ).rejects.toMatchObject({ cause: { code: "FORBIDDEN_SCOPE" } });
  });

  test("finds what we know since, and keeps what was decided on the same facts", async () => {
    await approve(1_000);
    await uploadBoth([]);
    await maker().accept({ itemId: (await onlyItem()).id, reason: "VAN이 다음 파일에 넣음" });
    // Its outcome became known after the file had come.
    await approve(2_000);
    expect(await again()).toEqual({ recordCount: 2, matchedCount: 0 });
    const { items } = await maker().items({ state: [] });
    expect(items.map(({ riskMinor, state, resolution }) => `${riskMinor} ${state} ${resolution}`)).toEqual([
      "1000 EXPLAINED ACCEPTED",
      "2000 OPEN null",
    ]);
  });
});

describe("what a closed day was explained as not paid", () => {
  const next = addDays(day, 1);

  async function closeUnpaid(): Promise<Ours> {
    const payment = await approve(10_000);
    await upload(anSbx1File(day, [rowOf(payment)]));
    await upload(aDepositFile("SBX1", day, []), { query: `van=SBX1&date=${day}&kind=DEPOSIT` });
    const { id, reason } = await onlyItem();
    expect(reason).toBe("NOT_PAID");
    await maker().accept({ itemId: id, reason: "은행이 지급을 미룸" });
    await maker().close({ vanCode: "SBX1", businessDate: day });
    return payment;
  }

  test("and is paid on the next date waits there for a person, and says how it was explained", async () => {
    const payment = await closeUnpaid();
    await upload(anSbx1File(next, []), { query: `van=SBX1&date=${next}&kind=VAN` });
    await upload(aDepositFile("SBX1", next, [rowOf(payment)]), {
      query: `van=SBX1&date=${next}&kind=DEPOSIT`,
    });
    const { items } = await maker().items({});
    expect(items).toMatchObject([
      {
        businessDate: next,
        class: "DATE_SHIFT",
        reason: "PAID_AFTER_CLOSE",
        state: "OPEN",
        paymentId: payment.id,
        vanDate: day,
        paidDate: next,
        paidMinor: 10_000n,
        riskMinor: 10_000n,
        closedResolution: "ACCEPTED",
        closedReason: "은행이 지급을 미룸",
        closedByName: "op_MAKER",
      },
    ]);
    const close = () => maker().close({ vanCode: "SBX1", businessDate: next });
    await expect(close()).rejects.toMatchObject({ cause: { code: "RECON_DAY_OPEN_ITEMS" } });
    await maker().accept({ itemId: items[0]?.id ?? 0n, reason: "늦게 입금됨" });
    await close();
    // What the day was closed on stays as it was.
    const { items: all } = await maker().items({ state: [], to: day });
    expect(all).toMatchObject([{ reason: "NOT_PAID", resolution: "ACCEPTED", isDayClosed: true }]);
  });

  test("while the day is open the deposit of the next date explains it by itself", async () => {
    const payment = await approve(10_000);
    await upload(anSbx1File(day, [rowOf(payment)]));
    await upload(aDepositFile("SBX1", day, []), { query: `van=SBX1&date=${day}&kind=DEPOSIT` });
    await maker().accept({ itemId: (await onlyItem()).id, reason: "은행이 지급을 미룸" });
    await upload(anSbx1File(next, []), { query: `van=SBX1&date=${next}&kind=VAN` });
    await upload(aDepositFile("SBX1", next, [rowOf(payment)]), {
      query: `van=SBX1&date=${next}&kind=DEPOSIT`,
    });
    const { items } = await maker().items({ state: [] });
    expect(items.map(({ reason, resolution }) => `${reason} ${resolution}`)).toEqual([
      "OTHER_DATE DATE_SHIFT",
      "OTHER_DATE DATE_SHIFT",
    ]);
  });
});

describe("what moves money takes a second person", () => {
  test("an adjustment: the item waits, and is explained when it is done", async () => {
    const payment = await approve(10_000);
    await uploadBoth([{ ...rowOf(payment), amount: 9_000 }]);
    const { id } = await onlyItem();
    const { requestId } = await maker().adjust({ itemId: id, amountMinor: -1_000n, reason: "VAN이 덜 받음" });
    expect(await onlyItem()).toMatchObject({
      state: "WAITING",
      resolution: "ADJUSTED",
      changeRequestId: requestId,
    });
    for (const again of [
      () => maker().accept({ itemId: id, reason: "그냥" }),
      () => maker().adjust({ itemId: id, amountMinor: -1n, reason: "또" }),
    ])
      await expect(again()).rejects.toMatchObject({ cause: { code: "RECON_ITEM_DECIDED" } });
    await expect(maker().close({ vanCode: "SBX1", businessDate: day })).rejects.toMatchObject({
      cause: { code: "RECON_DAY_OPEN_ITEMS" },
    });
    expect(await world.rows("SELECT 1 FROM settlement_adjustment")).toEqual([]);
    await approveIt(requestId);
    expect(
      await world.rows(
        "SELECT amount_minor::int AS amount, corrects_id, maker_id, checker_id FROM settlement_adjustment",
      ),
    ).toEqual([{ amount: -1_000, corrects_id: payment.id, maker_id: "op_MAKER", checker_id: "op_OTHER" }]);
    expect(await followReconDecisions(world.ctx)).toBe(1);
    expect(await followReconDecisions(world.ctx)).toBe(0);
    expect(await onlyItem()).toMatchObject({
      state: "EXPLAINED",
      resolution: "ADJUSTED",
      explainedByName: "op_MAKER",
    });
    await maker().close({ vanCode: "SBX1", businessDate: day });
  });

  test("one that is turned down gives the item back", async () => {
    const payment = await approve(10_000);
    await uploadBoth([{ ...rowOf(payment), amount: 9_000 }]);
    const { id } = await onlyItem();
    const { requestId } = await maker().adjust({ itemId: id, amountMinor: -1_000n, reason: "VAN이 덜 받음" });
    await rejectChange(world.ctx, decision(requestId));
    await followReconDecisions(world.ctx);
    expect(await onlyItem()).toMatchObject({ state: "OPEN", resolution: null, explainedByName: null });
    expect(await world.rows("SELECT 1 FROM settlement_adjustment")).toEqual([]);
    await maker().accept({ itemId: id, reason: "다시 봄" });
  });

  test("a cancel of a payment that the VAN has no record of, by those who may cancel", async () => {
    const payment = await approve(10_000);
    await uploadBoth([]);
    const { id } = await onlyItem();
    const wish = { itemId: id, amountMinor: 10_000n, currentCancelableMinor: 10_000n, reason: "VAN에 없음" };
    await expect(maker().cancel(wish)).rejects.toMatchObject({ cause: { code: "FORBIDDEN_SCOPE" } });
    await expect(
      as("OPERATOR", "op_CLERK").cancel({ ...wish, currentCancelableMinor: 1n }),
    ).rejects.toMatchObject({
      cause: { code: "CANCELABLE_AMOUNT_MISMATCH" },
    });
    expect(await onlyItem()).toMatchObject({ state: "OPEN" });
    const { requestId } = await as("OPERATOR", "op_CLERK").cancel(wish);
    await approveIt(requestId);
    await followReconDecisions(world.ctx);
    expect(await onlyItem()).toMatchObject({ state: "EXPLAINED", resolution: "CANCELED" });
    expect(
      await world.rows("SELECT status::text AS status FROM payment WHERE id = $1", [payment.id]),
    ).toEqual([{ status: "CANCELED" }]);
  });
});

describe("what waits is about the facts it was asked on", () => {
  /** A difference of 1 000 that waits for a second person. */
  async function aWaiting(): Promise<{ payment: Ours; requestId: string; id: bigint }> {
    const payment = await approve(10_000);
    await uploadBoth([{ ...rowOf(payment), amount: 9_000 }]);
    const { id } = await onlyItem();
    const { requestId } = await maker().adjust({ itemId: id, amountMinor: -1_000n, reason: "VAN이 덜 받음" });
    return { payment, requestId, id };
  }
  const requestOf = async (requestId: string) =>
    (
      await world.rows(
        `SELECT status::text AS status, (SELECT string_agg(e.kind, ' ' ORDER BY e.id) FROM change_request_event e WHERE e.request_id = r.id) AS story
         FROM change_request r WHERE id = $1`,
        [requestId],
      )
    )[0];
  const adjustments = () => world.rows("SELECT 1 FROM settlement_adjustment");

  test("other facts end the request and give the item back, in one commit", async () => {
    const { payment, requestId } = await aWaiting();
    expect((await upload(anSbx1File(day, [{ ...rowOf(payment), amount: 9_500 }]))).status).toBe(201);
    expect(await onlyItem()).toMatchObject({
      state: "OPEN",
      resolution: null,
      resolutionReason: null,
      explainedByName: null,
      riskMinor: 500n,
    });
    expect(await requestOf(requestId)).toEqual({ status: "WITHDRAWN", story: "REQUESTED OUTDATED" });
    await expect(approveChange(world.ctx, decision(requestId))).rejects.toMatchObject({
      code: "CHANGE_REQUEST_DECIDED",
    });
    expect(
      await world.rows(
        "SELECT detail->'approvalVoided' AS voided FROM audit_log WHERE action = 'change_request.outdated'",
      ),
    ).toEqual([{ voided: false }]);
    // It can be asked for anew, on what is true now.
    await maker().adjust({ itemId: (await onlyItem()).id, amountMinor: -500n, reason: "VAN이 덜 받음" });
    expect(await onlyItem()).toMatchObject({ state: "WAITING" });
  });

  test("an approval that nobody has begun is void too, and what agrees now is explained by that", async () => {
    const { payment, requestId } = await aWaiting();
    await approveChange(world.ctx, decision(requestId));
    await uploadBoth([rowOf(payment)]);
    expect(await onlyItem()).toMatchObject({
      class: "MATCHED",
      state: "EXPLAINED",
      resolution: "MATCHED",
      explainedByName: null,
    });
    expect(await requestOf(requestId)).toEqual({ status: "WITHDRAWN", story: "REQUESTED APPROVED OUTDATED" });
    const [job] = await world.rows<{ id: bigint }>(
      "SELECT id FROM outbox_message WHERE job_name = 'carry-out-change'",
    );
    await runMessage(world.ctx, workshop, job?.id ?? 0n);
    expect(await adjustments()).toEqual([]);
    await maker().close({ vanCode: "SBX1", businessDate: day });
  });

  test("what was done for other facts explains nothing", async () => {
    const { payment, requestId } = await aWaiting();
    await approveIt(requestId);
    expect(await adjustments()).toHaveLength(1);
    await upload(anSbx1File(day, [{ ...rowOf(payment), amount: 8_000 }]));
    expect(await followReconDecisions(world.ctx)).toBe(0);
    expect(await onlyItem()).toMatchObject({ state: "OPEN", resolution: null, riskMinor: 2_000n });
    expect(await requestOf(requestId)).toMatchObject({ status: "DONE" });
    await expect(maker().close({ vanCode: "SBX1", businessDate: day })).rejects.toMatchObject({
      cause: { code: "RECON_DAY_OPEN_ITEMS" },
    });
  });

  test("the same facts leave it waiting, and an item in other hands is followed the next time", async () => {
    const { payment, requestId, id } = await aWaiting();
    await upload(anSbx1File(day, [{ ...rowOf(payment), amount: 9_000, orderId: "again" }]));
    expect(await onlyItem()).toMatchObject({ state: "WAITING", changeRequestId: requestId });
    await approveIt(requestId);
    await world.ctx.reports.transaction(async (sql) => {
      await sql.run({ name: "hold", text: "SELECT 1 FROM recon_item WHERE id = $1 FOR UPDATE" }, [id]);
      expect(await followReconDecisions(world.ctx)).toBe(0);
    });
    expect(await followReconDecisions(world.ctx)).toBe(1);
    expect(await onlyItem()).toMatchObject({ state: "EXPLAINED", resolution: "ADJUSTED" });
  });
});

describe("an upload", () => {
  test("is refused by the table of refusals, and changes nothing", async () => {
    const payment = await approve(1_000);
    const good = anSbx1File(day, [rowOf(payment)]);
    const refused = async (answer: Promise<Response>) => {
      const { status, headers } = await answer;
      expect(headers.get("paydeck-trace-id")).toMatch(/^[0-9a-f]{32}$/);
      return `${status} ${((await (await answer).json()) as { error: { code: string } }).error.code}`;
    };
    expect(await refused(upload(good, { headers: { "sec-fetch-site": "cross-site" } }))).toBe(
      "403 FORBIDDEN_SCOPE",
    );
    expect(await refused(upload(good, { headers: { "content-type": "text/plain" } }))).toBe(
      "415 UNSUPPORTED_MEDIA_TYPE",
    );
    expect(await refused(upload(good, { role: null }))).toBe("401 FORBIDDEN_SCOPE");
    expect(await refused(upload(good, { role: "OPERATOR" }))).toBe("403 FORBIDDEN_SCOPE");
    expect(await refused(upload(good, { query: "van=SBX1&date=2026-02-30&kind=VAN" }))).toBe(
      "400 INVALID_REQUEST",
    );
    expect(await refused(upload(good, { query: `van=SBX1&date=${day}&kind=BANK` }))).toBe(
      "400 INVALID_REQUEST",
    );
    expect(await refused(upload(good.subarray(0, 80)))).toBe("422 RECON_FILE_TRUNCATED");
    expect(await refused(upload(Buffer.alloc(0)))).toBe("422 RECON_FILE_TRUNCATED");
    expect(await world.rows("SELECT 1 FROM recon_file UNION ALL SELECT 1 FROM recon_day")).toEqual([]);
    const answer = await upload(good);
    expect(answer.status).toBe(201);
    expect(await answer.json()).toMatchObject({ recordCount: 1, match: { recordCount: 1, matchedCount: 1 } });
    expect(await refused(upload(good))).toBe("409 RECON_FILE_DUPLICATE");
  });

  test("is taken as what the file says, and held to what its address says", async () => {
    const payment = await approve(1_000);
    const good = anSbx1File(day, [rowOf(payment)]);
    const codeOf = async (query: string, bytes = good) => {
      const answer = await upload(bytes, { query });
      return answer.status === 201 ? 201 : ((await answer.json()) as { error: { code: string } }).error.code;
    };
    expect(await codeOf(`date=${addDays(day, -1)}`)).toBe("RECON_FILE_OTHER_DATE");
    expect(await codeOf("van=SBX2")).toBe("RECON_FILE_OTHER_VAN");
    expect(await codeOf("kind=DEPOSIT")).toBe("RECON_FILE_OTHER_KIND");
    expect(await codeOf("", Buffer.from("H,SBX9,2026-11-01\n"))).toBe("RECON_FORMAT_UNKNOWN");
    expect(await codeOf("", anSbx1File(addDays(day, 3), []))).toBe("RECON_DAY_NOT_OVER");
    expect(await codeOf("", Buffer.from("거래내역\n"))).toBe("RECON_FILE_MALFORMED");
    expect(await codeOf("", Buffer.from(`\ufeff${good.toString()}`))).toBe("RECON_FILE_ENCODING");
    expect(await world.rows("SELECT 1 FROM recon_file UNION ALL SELECT 1 FROM recon_day")).toEqual([]);
    const answer = await upload(good, { query: "" });
    expect(answer.status).toBe(201);
    expect(await answer.json()).toMatchObject({
      vanCode: "SBX1",
      businessDate: day,
      kind: "VAN",
      recordCount: 1,
      match: { recordCount: 1, matchedCount: 1 },
    });
    expect(await codeOf("", aDepositFile("SBX1", day, [rowOf(payment)]))).toBe(201);
  });

  test("reading is everybody's; working on it is settlement's and the administrators'", () => {
    expect(operatorRoles.filter((role) => mayDo(role, "reconciliation:read"))).toEqual([...operatorRoles]);
    expect(operatorRoles.filter((role) => mayDo(role, "reconciliation:manage"))).toEqual([
      "SETTLEMENT",
      "ADMIN",
    ]);
  });
});
