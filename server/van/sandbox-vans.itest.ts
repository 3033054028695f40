import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import iconv from "iconv-lite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { businessDateOf } from "#server/core/business-date.ts";
import { realIds } from "#server/core/ids.ts";
import { SandboxVan } from "#server/testing/sandbox-van.ts";
import { formatJournalLine } from "#server/van/sandbox/journal-format.ts";
import { openVans } from "./open-vans.ts";
import type { ApprovalRequest, CancelRequest, VanDeadline, VanGateway, VanOriginal } from "./van-gateway.ts";

const deadline: VanDeadline = { connectTimeoutMs: 1_000, totalTimeoutMs: 5_000 };
/** For messages that are meant to get no answer. */
const soon: VanDeadline = { connectTimeoutMs: 200, totalTimeoutMs: 300 };
const pan = "4330123412341234";

let orders = 0;
function anOriginal(amountMinor = 15_000n): VanOriginal {
  return {
    traceNo: realIds.newTraceNo(),
    mallId: "mall_01K9X4T7M2QH5V8RDN3B7ZC4WE",
    orderId: `order-${process.pid}-${++orders}`,
    amountMinor,
    currency: "KRW",
    requestedAt: new Date(),
  };
}

function anApproval(testCode?: string, number = pan, original = anOriginal()): ApprovalRequest {
  return {
    original,
    orderName: "한글 주문 이름 ☕ 외 2건",
    taxFreeMinor: 0n,
    vatMinor: 1_364n,
    card: { number, expiryYear: "2030", expiryMonth: "7", installmentMonths: 0 },
    testCode,
  };
}

function aCancel(
  original: VanOriginal,
  approvalNo: string,
  facts: Partial<CancelRequest> = {},
): CancelRequest {
  return {
    original,
    traceNo: realIds.newTraceNo(),
    approvalNo,
    amountMinor: original.amountMinor,
    taxFreeMinor: 0n,
    vatMinor: 1_364n,
    balanceBeforeMinor: original.amountMinor,
    partial: false,
    ...facts,
  };
}

describe.each(["SBX1", "SBX2"] as const)("%s", (code) => {
  let van: SandboxVan;
  let gateway: VanGateway;
  const strays: unknown[] = [];
  const log = { info: () => undefined, warn: (...said: unknown[]) => strays.push(said) };

  function open(): VanGateway {
    const opened = openVans(
      {
        VAN_SBX1_URL: code === "SBX1" ? van.url : undefined,
        VAN_SBX2_URL: code === "SBX2" ? van.url : undefined,
      },
      log,
    ).get(code);
    if (!opened) throw new Error("the VAN has an address");
    return opened;
  }

  async function approved(request = anApproval()) {
    const outcome = await gateway.approve(request, deadline);
    if (outcome.kind !== "approved")
      throw new Error(`expected an approval, got ${JSON.stringify(outcome.kind)} ${outcome.exchange.error}`);
    return { original: request.original, approvalNo: outcome.approvalNo, outcome };
  }

  beforeAll(async () => {
    van = await SandboxVan.start(code);
    gateway = open();
  });

  afterAll(async () => {
    await gateway?.close();
    await van?.discard();
  });

  test("approves, cancels in part, then the rest; inquiries tell each step", async () => {
    const { original, approvalNo, outcome } = await approved();
    expect(outcome.issuerName).toMatch(/[가-힣]/);
    expect(approvalNo).toMatch(/^\d{8}$/);
    expect(outcome.exchange.responseCode).toBe("0000");
    const ask = (traceNo = original.traceNo) => gateway.inquire({ original, traceNo }, deadline);
    expect(await ask()).toMatchObject({
      kind: "found",
      state: "approved",
      amountMinor: 15_000n,
      canceledMinor: 0n,
      approvalNo,
    });

    const part = aCancel(original, approvalNo, { amountMinor: 5_000n, partial: true });
    expect(await gateway.cancel(part, deadline)).toMatchObject({ kind: "canceled" });
    expect(await gateway.cancel(part, deadline), "the same trace again").toMatchObject({ kind: "canceled" });
    expect(await ask()).toMatchObject({ state: "approved", canceledMinor: 5_000n });
    expect(await ask(part.traceNo)).toMatchObject({ kind: "found", state: "canceled", amountMinor: 5_000n });
    expect(await ask(realIds.newTraceNo())).toMatchObject({ kind: "not_found" });

    const tooMuch = aCancel(original, approvalNo, {
      amountMinor: 10_001n,
      balanceBeforeMinor: 10_000n,
      partial: true,
    });
    expect(await gateway.cancel(tooMuch, deadline)).toMatchObject({
      kind: "refused",
      refusal: "NOT_CANCELABLE_AMOUNT",
    });
    expect(await ask(tooMuch.traceNo)).toMatchObject({ kind: "found", state: "declined" });
    const stale = aCancel(original, approvalNo, {
      amountMinor: 1_000n,
      balanceBeforeMinor: 15_000n,
      partial: true,
    });
    expect(await gateway.cancel(stale, deadline)).toMatchObject({
      kind: "refused",
      refusal: "NOT_CANCELABLE_AMOUNT",
    });
    const full = aCancel(original, approvalNo, { amountMinor: 10_000n, balanceBeforeMinor: 10_000n });
    expect(await gateway.cancel(full, deadline)).toMatchObject({
      kind: "refused",
      refusal: "NOT_ALLOWED_PARTIAL_CANCEL",
    });
    expect(await gateway.netCancel({ original }, deadline)).toMatchObject({ kind: "refused" });

    expect(
      await gateway.cancel({ ...full, traceNo: realIds.newTraceNo(), partial: true }, deadline),
    ).toMatchObject({
      kind: "canceled",
    });
    expect(await ask()).toMatchObject({ state: "canceled", canceledMinor: 15_000n });
    expect(await gateway.cancel(aCancel(original, approvalNo), deadline)).toMatchObject({
      kind: "refused",
      refusal: "ALREADY_CANCELED_PAYMENT",
    });
    expect(await van.story(original.orderId)).toEqual([
      "APPROVE:APPROVED",
      "CANCEL:CANCELED",
      "CANCEL:DUPLICATE",
      "CANCEL:REFUSED",
      "CANCEL:REFUSED",
      "CANCEL:REFUSED",
      "NET_CANCEL:REFUSED",
      "CANCEL:CANCELED",
      "CANCEL:REFUSED",
    ]);
  });

  test("an approval sent twice is one approval with one answer", async () => {
    const request = anApproval();
    const first = await approved(request);
    const again = await gateway.approve(request, deadline);
    expect(again).toMatchObject({ kind: "approved", approvalNo: first.approvalNo });
    expect(await van.story(request.original.orderId)).toEqual(["APPROVE:APPROVED", "APPROVE:DUPLICATE"]);
    const other = { ...request, original: { ...request.original, amountMinor: 99n } };
    expect(await gateway.approve(other, deadline)).toMatchObject({
      kind: "unknown",
      because: "unknown_code",
    });
  });

  test("a net cancel reverses once, says so again, and ends the approval", async () => {
    const { original, approvalNo } = await approved();
    expect(await gateway.netCancel({ original }, deadline)).toMatchObject({ kind: "canceled" });
    expect(await gateway.netCancel({ original }, deadline)).toMatchObject({ kind: "canceled" });
    expect(await gateway.inquire({ original, traceNo: original.traceNo }, deadline)).toMatchObject({
      state: "net_canceled",
    });
    expect(await gateway.cancel(aCancel(original, approvalNo), deadline)).toMatchObject({
      kind: "refused",
      refusal: "NOT_CANCELABLE_PAYMENT",
    });
    expect(await van.story(original.orderId)).toEqual([
      "APPROVE:APPROVED",
      "NET_CANCEL:NET_CANCELED",
      "NET_CANCEL:DUPLICATE",
      "CANCEL:REFUSED",
    ]);
  });

  test("keeps no card number and no expiry", async () => {
    const { outcome } = await approved();
    const text = iconv.decode(Buffer.from(outcome.exchange.requestBytes), "euc-kr");
    expect(text).toContain("433012******1234");
    expect(text).toMatch(code === "SBX1" ? /"cardExpiry":"\*{4}"/ : /1234 {3}\*{4}/);
    expect(
      JSON.stringify(outcome, (_, value) =>
        value instanceof Uint8Array ? iconv.decode(Buffer.from(value), "euc-kr") : value,
      ),
    ).not.toContain(pan);
    expect(readFileSync(join(van.dataDir, `${code}.jsonl`), "utf8")).not.toContain(pan);
  });

  test.each([
    "CARD_DECLINED",
    "CARD_LIMIT_EXCEEDED",
    "CARD_INSUFFICIENT_FUNDS",
    "CARD_EXPIRED",
    "CARD_STOLEN",
    "CARD_SUSPENDED",
    "CARD_INVALID",
  ])("DECLINE_%s", async (refusal) => {
    const request = anApproval(`DECLINE_${refusal}`);
    expect(await gateway.approve(request, deadline)).toMatchObject({ kind: "declined", refusal });
    expect(await van.story(request.original.orderId)).toEqual(["APPROVE:DECLINED"]);
    expect(
      await gateway.netCancel({ original: request.original }, deadline),
      "nothing to reverse",
    ).toMatchObject({ kind: "canceled" });
    expect(
      await gateway.inquire({ original: request.original, traceNo: request.original.traceNo }, deadline),
    ).toMatchObject({ state: "declined" });
  });

  // Outcome of the approval, and what the VAN's book says of it: the net cancel that follows must empty it.
  test.each([
    ["TIMEOUT", "timeout", []],
    ["TIMEOUT_APPROVED", "timeout", ["APPROVE:APPROVED"]],
    ["LATE_APPROVAL_60000", "timeout", []],
    ["SLOW_900", "timeout", ["APPROVE:APPROVED"]],
    ["GARBLED", "unreadable", ["APPROVE:APPROVED"]],
    ["HALF_REPLY", "unreadable", ["APPROVE:APPROVED"]],
    ["WRONG_AMOUNT", "mismatch", ["APPROVE:APPROVED"]],
    ["DROP_CONNECTION", "reset", ["APPROVE:APPROVED"]],
    ["UNKNOWN_CODE", "unknown_code", ["APPROVE:APPROVED"]],
  ])("%s of an approval is unknown (%s)", async (testCode, because, book) => {
    const request = anApproval(testCode);
    const outcome = await gateway.approve(request, because === "timeout" ? soon : deadline);
    expect(outcome).toMatchObject({ kind: "unknown", because });
    await expect.poll(() => van.story(request.original.orderId)).toEqual(book);
    const isBooked = book.length > 0;
    expect((await gateway.netCancel({ original: request.original, testCode }, deadline)).kind).toBe(
      isBooked ? "canceled" : "original_not_found",
    );
    if (isBooked)
      expect(
        await gateway.inquire({ original: request.original, traceNo: request.original.traceNo }, deadline),
      ).toMatchObject({ state: "net_canceled" });
  });

  test("REFUSE_CONNECTION is certainly not sent", async () => {
    const request = anApproval("REFUSE_CONNECTION");
    expect(await gateway.approve(request, deadline)).toMatchObject({
      kind: "not_sent",
      because: "refused",
      exchange: { responseBytes: null },
    });
    expect(await van.ledger(request.original.orderId)).toEqual([]);
  });

  test("SLOW within the deadline approves", async () => {
    const outcome = await gateway.approve(anApproval("SLOW_150"), deadline);
    expect(outcome.kind).toBe("approved");
    expect(outcome.exchange.durationMs).toBeGreaterThanOrEqual(150);
  });

  test("the last four of the card ask for the same, and a test code wins over them", async () => {
    expect(await gateway.approve(anApproval(undefined, "4330123412340002"), deadline)).toMatchObject({
      kind: "declined",
      refusal: "CARD_LIMIT_EXCEEDED",
    });
    expect(await gateway.approve(anApproval(undefined, "4330123412340017"), deadline)).toMatchObject({
      kind: "not_sent",
    });
    expect(await gateway.approve(anApproval("SLOW_1", "4330123412340002"), deadline)).toMatchObject({
      kind: "approved",
    });
    for (const ordinary of ["4111111111111111", "4330123412341234", "378282246310005"]) {
      expect(await gateway.approve(anApproval(undefined, ordinary), deadline), ordinary).toMatchObject({
        kind: "approved",
      });
    }
  });

  test.each([
    ["TIMEOUT", "timeout", []],
    ["TIMEOUT_APPROVED", "timeout", ["CANCEL:CANCELED"]],
    ["GARBLED", "unreadable", ["CANCEL:CANCELED"]],
    ["HALF_REPLY", "unreadable", ["CANCEL:CANCELED"]],
    ["WRONG_AMOUNT", "mismatch", ["CANCEL:CANCELED"]],
    ["DROP_CONNECTION", "reset", ["CANCEL:CANCELED"]],
    ["UNKNOWN_CODE", "unknown_code", ["CANCEL:CANCELED"]],
  ])(
    "%s of a cancel is unknown (%s) and the same trace again settles it",
    async (testCode, because, book) => {
      const { original, approvalNo } = await approved();
      const cancel = aCancel(original, approvalNo, { testCode });
      expect(await gateway.cancel(cancel, because === "timeout" ? soon : deadline)).toMatchObject({
        kind: "unknown",
        because,
      });
      await expect.poll(async () => (await van.story(original.orderId)).slice(1)).toEqual(book);
      const { testCode: _, ...plain } = cancel;
      expect(await gateway.cancel(plain, deadline)).toMatchObject({ kind: "canceled" });
      const all = await van.story(original.orderId);
      expect(all.filter((row) => row === "CANCEL:CANCELED")).toHaveLength(1);
    },
  );

  test.each([
    "NOT_CANCELABLE_AMOUNT",
    "NOT_CANCELABLE_PAYMENT",
    "ALREADY_CANCELED_PAYMENT",
    "CANCEL_DEADLINE_EXPIRED",
    "NOT_ALLOWED_PARTIAL_CANCEL",
    "INSUFFICIENT_SETTLEMENT_BALANCE",
    "VAN_ERROR",
  ])("DECLINE_%s of a cancel", async (refusal) => {
    const { original, approvalNo } = await approved();
    expect(
      await gateway.cancel(aCancel(original, approvalNo, { testCode: `DECLINE_${refusal}` }), deadline),
    ).toMatchObject({ kind: "refused", refusal });
    expect(
      await gateway.cancel(aCancel(original, approvalNo, { testCode: "REFUSE_CONNECTION" }), deadline),
    ).toMatchObject({ kind: "not_sent", because: "refused" });
    expect(await gateway.cancel(aCancel(original, approvalNo), deadline)).toMatchObject({ kind: "canceled" });
  });

  test("an approval remembers what its cancels are to meet, n times", async () => {
    const { original, approvalNo } = await approved(anApproval("CANCEL_DROP_CONNECTION_X2"));
    const cancel = aCancel(original, approvalNo);
    expect(await gateway.cancel(cancel, deadline)).toMatchObject({ kind: "unknown", because: "reset" });
    expect(await gateway.cancel(cancel, deadline)).toMatchObject({ kind: "unknown", because: "reset" });
    expect(await gateway.cancel(cancel, deadline)).toMatchObject({ kind: "canceled" });
    expect(await van.story(original.orderId)).toEqual([
      "APPROVE:APPROVED",
      "CANCEL:CANCELED",
      "CANCEL:DUPLICATE",
      "CANCEL:DUPLICATE",
    ]);
  });

  test("NETCANCEL_TIMEOUT_X3 loses three net cancels, across a crash of the VAN, and lets the fourth through", async () => {
    const request = anApproval("TIMEOUT_APPROVED,NETCANCEL_TIMEOUT_X3");
    const { original } = request;
    expect(await gateway.approve(request, soon)).toMatchObject({ kind: "unknown" });
    // The first goes out within the mall's request, which repeats its test code.
    expect(
      await gateway.netCancel({ original, testCode: "TIMEOUT_APPROVED,NETCANCEL_TIMEOUT_X3" }, soon),
    ).toMatchObject({ kind: "unknown", because: "timeout" });
    expect(await gateway.netCancel({ original }, soon)).toMatchObject({
      kind: "unknown",
      because: "timeout",
    });
    await van.kill();
    await van.restart();
    expect(await gateway.netCancel({ original }, soon)).toMatchObject({
      kind: "unknown",
      because: "timeout",
    });
    expect(await gateway.netCancel({ original }, deadline)).toMatchObject({ kind: "canceled" });
    expect(await van.story(original.orderId)).toEqual(["APPROVE:APPROVED", "NET_CANCEL:NET_CANCELED"]);
  });

  test.each([
    ["NETCANCEL_GARBLED_X1", "unknown"],
    ["NETCANCEL_DECLINE_VAN_ERROR", "refused"],
    ["NETCANCEL_DECLINE_NET_CANCEL_NOT_ALLOWED", "already_acquired"],
    ["NETCANCEL_REFUSE_CONNECTION", "unknown"],
  ])("%s", async (testCode, kind) => {
    const { original } = await approved(anApproval(testCode));
    expect((await gateway.netCancel({ original }, deadline)).kind).toBe(kind);
    const isRefusal = kind === "refused" || kind === "already_acquired";
    expect(await gateway.inquire({ original, traceNo: original.traceNo }, deadline)).toMatchObject({
      state: isRefusal || testCode.includes("REFUSE") ? "approved" : "net_canceled",
    });
  });

  test("a late approval stays out after a net cancel if the VAN keeps tombstones, and is booked if not", async () => {
    for (const unknownOriginal of ["tombstone", "notfound"] as const) {
      await van.control("PUT", "/settings", { unknownOriginal });
      const request = anApproval("LATE_APPROVAL_400");
      const { original } = request;
      expect(await gateway.approve(request, soon)).toMatchObject({ kind: "unknown", because: "timeout" });
      expect(await gateway.netCancel({ original }, deadline)).toMatchObject({ kind: "original_not_found" });
      await expect
        .poll(() => van.story(original.orderId), { timeout: 5_000 })
        .toEqual(
          unknownOriginal === "tombstone"
            ? ["NET_CANCEL:TOMBSTONED", "APPROVE:DECLINED"]
            : ["NET_CANCEL:NOT_FOUND", "APPROVE:APPROVED"],
        );
      expect(await gateway.inquire({ original, traceNo: original.traceNo }, deadline)).toMatchObject({
        state: unknownOriginal === "tombstone" ? "declined" : "approved",
      });
      expect(await gateway.netCancel({ original }, deadline)).toMatchObject({ kind: "canceled" });
    }
  });

  test("a late approval is booked even if the VAN crashed meanwhile", async () => {
    const request = anApproval("LATE_APPROVAL_700");
    await gateway.approve(request, soon);
    await van.kill();
    await van.restart();
    await expect
      .poll(() => van.story(request.original.orderId), { timeout: 5_000 })
      .toEqual(["APPROVE:APPROVED"]);
  });

  test("200 approvals at once get each its own answer", async () => {
    const requests = Array.from({ length: 200 }, (_, i) =>
      anApproval(undefined, pan, anOriginal(BigInt(1_000 + i))),
    );
    await van.control("PUT", "/settings", { latencyMs: 30, duplicateReplyProbability: 0.5 });
    const outcomes = await Promise.all(requests.map((request) => gateway.approve(request, deadline)));
    await van.control("PUT", "/settings", { latencyMs: 2, duplicateReplyProbability: 0 });
    expect(outcomes.filter((outcome) => outcome.kind === "approved")).toHaveLength(200);
    const numbers = new Set<string>();
    for (const [i, request] of requests.entries()) {
      const outcome = outcomes[i];
      const [row, ...more] = await van.ledger(request.original.orderId);
      expect(more).toEqual([]);
      expect(row).toMatchObject({ result: "APPROVED", amount: 1_000 + i, traceNo: request.original.traceNo });
      if (outcome?.kind === "approved") numbers.add(outcome.approvalNo);
    }
    expect(numbers.size).toBe(200);
    // Half of the answers came twice on the shared connections of SBX2.
    if (code === "SBX2") expect(strays.length).toBeGreaterThan(50);
  });

  test("kill -9 under load loses nothing that was answered", async () => {
    const sent: { request: ApprovalRequest; kind: string }[] = [];
    const send = async () => {
      const request = anApproval();
      const { kind } = await gateway.approve(request, { connectTimeoutMs: 2_000, totalTimeoutMs: 10_000 });
      sent.push({ request, kind });
      return kind;
    };
    // Twenty tills sell until a hundred approvals were answered; then the VAN dies under the others' hands.
    let answered = 0;
    let killing: Promise<void> | undefined;
    const sell = async () => {
      while (!killing) if ((await send()) === "approved" && ++answered === 100) killing = van.kill();
      await killing;
      await send();
    };
    await Promise.all(Array.from({ length: 20 }, sell));
    appendFileSync(join(van.dataDir, `${code}.jsonl`), '{"type":"APPROVE","at":"20');
    await van.restart();
    const kinds: Record<string, number> = {};
    for (const { request, kind } of sent) {
      kinds[kind] = (kinds[kind] ?? 0) + 1;
      const story = await van.story(request.original.orderId);
      if (kind === "approved") expect(story).toEqual(["APPROVE:APPROVED"]);
      if (kind === "not_sent") expect(story).toEqual([]);
    }
    expect(kinds.approved).toBeGreaterThanOrEqual(100);
    expect(kinds.not_sent).toBeGreaterThan(0);
    expect((await approved()).approvalNo).toMatch(/^\d{8}$/);
  });

  test("faults by control hit at random until they are lifted; DOWN refuses connections", async () => {
    const put = await van.control("PUT", "/faults", { mode: "GARBLED", probability: 1 });
    expect(put.status).toBe(200);
    const request = anApproval();
    expect(await gateway.approve(request, deadline)).toMatchObject({
      kind: "unknown",
      because: "unreadable",
    });
    expect(
      await gateway.inquire({ original: request.original, traceNo: request.original.traceNo }, deadline),
    ).toMatchObject({ kind: "unknown" });
    await van.control("PUT", "/faults", { mode: "NETCANCEL_TIMEOUT", probability: 1 });
    expect(await gateway.netCancel({ original: request.original }, soon)).toMatchObject({
      kind: "unknown",
      because: "timeout",
    });

    await van.control("PUT", "/faults", { mode: "DOWN" });
    await expect
      .poll(async () => (await gateway.approve(anApproval(), soon)).kind, { timeout: 5_000 })
      .toBe("not_sent");
    expect(gateway.health()).toMatchObject({ reachable: false, inFlight: 0 });
    await van.control("DELETE", "/faults");
    await approved();
    expect(gateway.health()).toMatchObject({ reachable: true, inFlight: 0 });
    expect(gateway.health().lastAnswerAt).toBeInstanceOf(Date);

    await van.control("PUT", "/faults", {
      mode: "DOWN",
      probability: 1,
      until: new Date(Date.now() + 300).toISOString(),
    });
    await expect
      .poll(() => gateway.approve(anApproval(), soon), { timeout: 5_000 })
      .toMatchObject({ kind: "approved" });

    for (const bad of [
      { mode: "BOOM" },
      { mode: "TIMEOUT", probability: 2 },
      { mode: "TIMEOUT", until: "tomorrow" },
      { mode: "TIMEOUT", operations: ["PAY"] },
      7,
    ]) {
      expect((await van.control("PUT", "/faults", bad)).status).toBe(400);
    }
  });

  test("ledger, summary and daily file agree", async () => {
    const all = (await (await van.control("GET", "/ledger")).json()) as Awaited<
      ReturnType<SandboxVan["ledger"]>
    >;
    expect(all.map((row) => row.seq)).toEqual(all.map((_, i) => i + 1));
    const page = (await (await van.control("GET", "/ledger?after=5&limit=3")).json()) as typeof all;
    expect(page.map((row) => row.seq)).toEqual([6, 7, 8]);

    const summary = (await (await van.control("GET", "/ledger/summary")).json()) as Record<
      string,
      Record<"approved" | "canceled" | "netCanceled" | "live", { count: number; amount: number }>
    >;
    const mall = summary.mall_01K9X4T7M2QH5V8RDN3B7ZC4WE;
    const sum = (result: string) => {
      const rows = all.filter((row) => row.result === result);
      return { count: rows.length, amount: rows.reduce((total, row) => total + row.amount, 0) };
    };
    expect(mall?.approved).toEqual(sum("APPROVED"));
    expect(mall?.canceled).toEqual(sum("CANCELED"));
    expect(mall?.netCanceled).toEqual(sum("NET_CANCELED"));
    expect(mall?.live.amount).toBe(
      sum("APPROVED").amount - sum("CANCELED").amount - sum("NET_CANCELED").amount,
    );

    const file = await van.control("GET", `/files/${businessDateOf(new Date())}`);
    const bytes = Buffer.from(await file.arrayBuffer());
    const netCanceled = new Set(all.filter((row) => row.result === "NET_CANCELED").map((row) => row.traceNo));
    const kept = all.filter((row) => row.result === "APPROVED" && !netCanceled.has(row.traceNo));
    const keptAmount = kept.reduce((total, row) => total + row.amount, 0);
    if (code === "SBX1") {
      const lines = bytes.toString("utf8").trimEnd().split("\n");
      expect(lines[0]).toBe(`H,SBX1,${businessDateOf(new Date())}`);
      expect(lines.at(-1)).toBe(
        `T,${lines.length - 2},${kept.length},${keptAmount},${sum("CANCELED").count},${sum("CANCELED").amount}`,
      );
    } else {
      expect(bytes.length % 221).toBe(0);
      const lines = Array.from({ length: bytes.length / 221 }, (_, i) =>
        iconv.decode(bytes.subarray(i * 221, i * 221 + 220), "euc-kr").trimEnd(),
      );
      expect(lines.at(-1)).toBe(
        `T${String(lines.length - 2).padStart(8, "0")}${String(kept.length).padStart(8, "0")}${String(keptAmount).padStart(15, "0")}${String(sum("CANCELED").count).padStart(8, "0")}${String(sum("CANCELED").amount).padStart(15, "0")}`,
      );
      expect(lines[1]).toMatch(/^D[AC].*카드|뱅크$/);
    }
    const paid = await (await van.control("GET", `/deposits/${businessDateOf(new Date())}`)).text();
    const [head, ...rest] = paid.trimEnd().split("\n");
    expect(head).toMatch(
      new RegExp(`^H,DEPOSIT,${code},${businessDateOf(new Date())},\\d{4}-\\d{2}-\\d{2}$`),
    );
    const trailer = rest.pop()?.split(",").slice(1).map(Number) ?? [];
    const rows = rest.map((line) => line.split(",").slice(4).map(Number) as [number, number, number, number]);
    expect(trailer[0]).toBe(rows.length);
    for (const [at, sum] of trailer.slice(1).entries())
      expect(sum).toBe(rows.reduce((total, row) => total + (row[at] ?? Number.NaN), 0));
    const rateE5 = code === "SBX1" ? 1_500 : 1_700;
    for (const [amount, fee, feeVat, net] of rows) {
      expect(Math.abs(fee)).toBe(Math.floor((Math.abs(amount) * rateE5) / 100_000));
      expect(Math.abs(feeVat)).toBe(Math.floor((Math.abs(fee) + 5) / 10));
      expect(net).toBe(amount - fee - feeVat);
    }
    expect(trailer[1]).toBe(keptAmount - sum("CANCELED").amount);
    for (const folder of ["files", "deposits"])
      expect((await van.control("GET", `/${folder}/2026-02-99`)).status).toBe(400);
    expect((await van.control("GET", "/health")).status).toBe(200);
  });
});

test("a VAN with an empty journal begins from its seed, once", async () => {
  const first = await SandboxVan.start("SBX1");
  await first.stop();
  const original = anOriginal();
  const line = (type: "APPROVE", at: string) =>
    formatJournalLine({
      type,
      at,
      traceNo: original.traceNo,
      mallId: original.mallId,
      orderId: original.orderId,
      amount: 15_000,
      reason: "OK",
      result: "APPROVED",
      currency: "KRW",
      approvalNo: "12345678",
      bin: "433012",
      last4: "1234",
      issuerCode: "01",
      issuerName: "신한카드",
      installmentMonths: 0,
    });
  writeFileSync(join(first.dataDir, "SBX1.seed.jsonl"), line("APPROVE", "2026-11-01T03:00:00.000Z"));
  const van = await SandboxVan.start("SBX1", { dataDir: first.dataDir });
  const gateway = openVans(
    { VAN_SBX1_URL: van.url, VAN_SBX2_URL: undefined },
    { info: () => undefined, warn: () => undefined },
  ).get("SBX1");
  try {
    expect(await van.story(original.orderId)).toEqual(["APPROVE:APPROVED"]);
    expect(await gateway?.cancel(aCancel(original, "12345678"), deadline)).toMatchObject({
      kind: "canceled",
    });
    await van.stop();
    await van.restart();
    expect(await van.story(original.orderId)).toEqual(["APPROVE:APPROVED", "CANCEL:CANCELED"]);
    expect(existsSync(join(first.dataDir, "SBX1.jsonl.new"))).toBe(false);
  } finally {
    await gateway?.close();
    await van.discard();
  }
});
