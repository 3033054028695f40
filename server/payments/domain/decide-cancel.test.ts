import { describe, expect, test } from "vitest";
import { Refusal } from "#server/core/refusals.ts";
import { cancelableOf, decideCancel } from "#server/payments/domain/decide-cancel.ts";
import type { Payment, PaymentCancel } from "#server/payments/domain/payment.ts";

const now = new Date("2026-11-22T05:00:00Z");

function aPayment(named: Partial<Payment> = {}): Payment {
  return {
    id: "pay_01KAN3S4T5Q2W8XJ6RDN3B7ZC4",
    mallId: "mall_1",
    orderId: "ORDER-1",
    orderName: "책",
    method: "CARD",
    currency: "KRW",
    amountMinor: 10_000n,
    taxFreeMinor: 0n,
    vatMinor: 909n,
    status: "DONE",
    version: 2,
    origin: "API",
    vanCode: "SBX1",
    traceNo: "T",
    approvalNo: "1",
    vanResponseCode: null,
    vanResponseMessage: null,
    failureCode: null,
    unknownReason: null,
    cardBin: "433012",
    cardLast4: "1234",
    issuerCode: null,
    issuerName: null,
    installmentMonths: 0,
    metadata: {},
    canceledMinor: 0n,
    canceledTaxFreeMinor: 0n,
    reservedMinor: 0n,
    reservedTaxFreeMinor: 0n,
    leaseUntil: now,
    netCancelRequestedAt: null,
    requestedAt: now,
    answeredAt: now,
    approvedAt: now,
    traceId: "t",
    ...named,
  };
}

function refusalOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
  return "none";
}

describe("decideCancel", () => {
  test("without an amount gives back all that is left", () => {
    const payment = aPayment({ status: "PARTIAL_CANCELED", canceledMinor: 4_000n });
    expect(decideCancel(payment, undefined, {}, now)).toMatchObject({
      amountMinor: 6_000n,
      statusAfter: "CANCELED",
      balanceBeforeMinor: 6_000n,
    });
  });
  test("leaves the payment partly cancelled while something is left", () => {
    expect(decideCancel(aPayment(), undefined, { amountMinor: 3_000n }, now)).toMatchObject({
      amountMinor: 3_000n,
      vatMinor: 273n,
      statusAfter: "PARTIAL_CANCELED",
    });
  });
  test("refuses more than is left", () => {
    expect(refusalOf(() => decideCancel(aPayment(), undefined, { amountMinor: 10_001n }, now))).toBe(
      "NOT_CANCELABLE_AMOUNT",
    );
  });
  test("refuses when the caller's screen shows another balance (CX-3)", () => {
    expect(
      refusalOf(() => decideCancel(aPayment(), undefined, { currentCancelableMinor: 9_999n }, now)),
    ).toBe("CANCELABLE_AMOUNT_MISMATCH");
  });
  test("waits for the cancel before it (CX-4)", () => {
    const open = { status: "UNKNOWN" } as PaymentCancel;
    expect(refusalOf(() => decideCancel(aPayment({ status: "CANCEL_PENDING" }), open, {}, now))).toBe(
      "PREVIOUS_CANCEL_NOT_COMPLETE",
    );
    expect(refusalOf(() => decideCancel(aPayment(), open, {}, now))).toBe("PREVIOUS_CANCEL_NOT_COMPLETE");
  });
  test.each([
    ["CANCELED", "ALREADY_CANCELED_PAYMENT"],
    ["IN_PROGRESS", "PAYMENT_LOCKED"],
    ["UNKNOWN", "PAYMENT_LOCKED"],
    ["ABORTED", "NOT_CANCELABLE_PAYMENT"],
    ["NET_CANCELED", "NOT_CANCELABLE_PAYMENT"],
  ] as const)("refuses a payment that is %s with %s", (status, code) => {
    expect(
      refusalOf(() =>
        decideCancel(
          aPayment({ status, ...(status === "CANCELED" ? { canceledMinor: 10_000n } : {}) }),
          undefined,
          {},
          now,
        ),
      ),
    ).toBe(code);
  });
  test("refuses after the deadline of the method (CX-8)", () => {
    const old = new Date("2025-11-20T00:00:00Z");
    expect(refusalOf(() => decideCancel(aPayment({ approvedAt: old }), undefined, {}, now))).toBe(
      "CANCEL_DEADLINE_EXPIRED",
    );
    expect(cancelableOf(aPayment({ approvedAt: old }), undefined, now)).toMatchObject({
      allowed: false,
      reasons: ["CANCEL_DEADLINE_EXPIRED"],
    });
  });
  test("a whole cancel takes the whole tax-free part, a partial one none unless told (CX-6)", () => {
    const payment = aPayment({ amountMinor: 11_000n, taxFreeMinor: 10_000n, vatMinor: 91n });
    expect(decideCancel(payment, undefined, {}, now)).toMatchObject({ taxFreeMinor: 10_000n, vatMinor: 91n });
    expect(refusalOf(() => decideCancel(payment, undefined, { amountMinor: 6_000n }, now))).toBe(
      "TAX_FREE_AMOUNT_EXCEEDS",
    );
    expect(
      decideCancel(payment, undefined, { amountMinor: 6_000n, taxFreeMinor: 5_500n }, now),
    ).toMatchObject({ vatMinor: 46n });
    expect(
      refusalOf(() => decideCancel(payment, undefined, { amountMinor: 6_000n, taxFreeMinor: 10_001n }, now)),
    ).toBe("TAX_FREE_AMOUNT_EXCEEDS");
  });
});
