import { describe, expect, test } from "vitest";
import type { ApprovalRequest, VanOriginal } from "#server/van/van-gateway.ts";
import { describeSbx1Message, sbx1Codec } from "./codec.ts";

const original: VanOriginal = {
  traceNo: "0AB1CD2EF3GH4JK5MN6P",
  mallId: "mall_1",
  orderId: "order-000001",
  amountMinor: 9_999_999_999n,
  currency: "KRW",
  requestedAt: new Date("2026-11-22T05:32:07.123Z"),
};

function anApproval(orderName: string): ApprovalRequest {
  return {
    original,
    orderName,
    taxFreeMinor: 10n,
    vatMinor: 1_364n,
    card: { number: "4330123412341234", expiryYear: "2030", expiryMonth: "07", installmentMonths: 0 },
  };
}

const answer = {
  resultCode: "0000",
  resultMessage: "정상처리",
  traceNo: original.traceNo,
  mallId: "mall_1",
  orderId: "order-000001",
  amount: 9_999_999_999,
  approvalNo: "30418827",
  issuerCode: "01",
  issuerName: "신한카드",
};
const bytesOf = (value: unknown) => Buffer.from(JSON.stringify(value), "utf8");

describe("SBX1 requests", () => {
  test("carry card number and expiry once and are recorded with them masked", () => {
    // An order name that looks like the field itself changes nothing.
    const { sent, recorded } = sbx1Codec.encodeApproval(anApproval('커피","cardNumber":"4330123412341234'));
    const [clear, kept] = [Buffer.from(sent).toString("utf8"), Buffer.from(recorded).toString("utf8")];
    expect(JSON.parse(clear)).toMatchObject({
      cardNumber: "4330123412341234",
      amount: 9_999_999_999,
      vat: 1_364,
      requestedAt: "2026-11-22T14:32:07.123+09:00",
      cardExpiry: "3007",
    });
    expect(JSON.parse(kept)).toEqual({
      ...JSON.parse(clear),
      cardNumber: "433012******1234",
      cardExpiry: "****",
    });
    expect(kept.length).toBe(clear.length);
  });

  test("without a test code have no such field", () => {
    expect(
      JSON.parse(Buffer.from(sbx1Codec.encodeNetCancel({ original }).sent).toString()),
    ).not.toHaveProperty("testCode");
  });
});

describe("SBX1 answers", () => {
  test("are read", () => {
    expect(sbx1Codec.decode("APPROVE", bytesOf(answer))).toMatchObject({
      amountMinor: 9_999_999_999n,
      responseCode: "0000",
      approvalNo: "30418827",
      issuerName: "신한카드",
    });
  });

  test.each([
    ["no JSON", Buffer.from("<html>")],
    ["nothing", Buffer.alloc(0)],
    ["a list", bytesOf([answer])],
    ["null", bytesOf(null)],
    ["no trace number", bytesOf({ ...answer, traceNo: undefined })],
    ["an amount as text", bytesOf({ ...answer, amount: "15000" })],
    ["a fraction", bytesOf({ ...answer, amount: 15_000.5 })],
    ["a negative amount", bytesOf({ ...answer, amount: -1 })],
    ["a code as number", bytesOf({ ...answer, resultCode: 0 })],
    [
      "bytes that are not UTF-8",
      Buffer.from(JSON.stringify(answer).replace("정상처리", "\xc1\xa4"), "latin1"),
    ],
  ])("with %s are not read", (_, bytes) => {
    expect(sbx1Codec.decode("APPROVE", bytes)).toBeNull();
  });

  test("that are cut anywhere are not read", () => {
    const whole = bytesOf(answer);
    for (let length = 0; length < whole.length; length++)
      expect(sbx1Codec.decode("APPROVE", whole.subarray(0, length))).toBeNull();
  });
});

test("the viewer points at each value's own bytes", () => {
  const { recorded } = sbx1Codec.encodeApproval(anApproval('따옴표 " 와, "쉼표"'));
  const fields = describeSbx1Message(recorded);
  expect(fields.find(({ name }) => name === "orderName")?.value).toBe('따옴표 " 와, "쉼표"');
  expect(fields.map(({ name }) => name)).toContain("installmentMonths");
  expect(fields.find(({ name }) => name === "cardExpiry")?.value).toBe("****");
  for (const { offset, length, name, value } of fields) {
    const raw = Buffer.from(recorded)
      .subarray(offset, offset + length)
      .toString("utf8");
    expect(String(JSON.parse(raw)), name).toBe(value);
  }
  expect(describeSbx1Message(Buffer.from("##garbage"))).toEqual([
    { offset: 0, length: 9, name: "unreadable", value: "##garbage" },
  ]);
});
