import { expect, test } from "vitest";
import { textsOf } from "#components/i18n/catalogues.ts";
import { paymentCsv } from "#components/payments/payment-csv.ts";

test("a selection as CSV: a line each, quoted where needed, and nothing a spreadsheet would run", () => {
  const row = {
    id: "pay_1",
    status: "DONE",
    version: 1,
    requestedAt: new Date("2026-11-26T05:32:07Z"),
    mallId: "mall_1",
    mallName: "한빛서점",
    orderId: "=HYPERLINK(1)",
    orderName: '책, "둘"',
    method: "CARD",
    currency: "KRW",
    amountMinor: 128_000n,
    canceledMinor: 0n,
    issuerName: "신한",
    cardLast4: "1123",
    installmentMonths: 0,
    origin: "API",
    vanCode: "SBX1",
    failureCode: null,
    netCancelUntil: null,
  } as const;
  const [head, line, end] = paymentCsv([row], textsOf("ko")).split("\r\n");
  expect(head?.startsWith("\uFEFF")).toBe(true);
  expect(line).toBe(
    `pay_1,승인완료,2026-11-26T14:32:07+09:00,한빛서점,'=HYPERLINK(1),"책, ""둘""",카드 신한 1123,KRW,128000,0,API,SBX1`,
  );
  expect(end).toBe("");
});
