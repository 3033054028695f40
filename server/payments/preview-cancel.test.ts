import { describe, expect, test } from "vitest";
import type { Payment, PaymentCancel } from "#server/payments/domain/payment.ts";
import { vatOf } from "#server/payments/domain/vat.ts";
import { previewOf } from "#server/payments/preview-cancel.ts";

const now = new Date("2026-11-22T05:00:00Z");

function aPayment(named: Partial<Payment> = {}): Payment {
  const amountMinor = named.amountMinor ?? 128_000n;
  const taxFreeMinor = named.taxFreeMinor ?? 0n;
  return {
    id: "pay_01M5JJ9C0DGS99RTVCRN5NMH5W",
    mallId: "mall_TEST",
    orderId: "HB20261119-0417",
    orderName: "클린 코드 외 2권",
    method: "CARD",
    currency: "KRW",
    amountMinor,
    taxFreeMinor,
    vatMinor: vatOf(amountMinor, taxFreeMinor),
    status: "DONE",
    version: 2,
    origin: "API",
    vanCode: "SBX1",
    traceNo: "T",
    approvalNo: "30418827",
    vanResponseCode: "0000",
    vanResponseMessage: null,
    failureCode: null,
    unknownReason: null,
    cardBin: "451842",
    cardLast4: "1123",
    issuerCode: "01",
    issuerName: "신한",
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
    traceId: "trace",
    ...named,
  };
}

describe("the preview of a cancel", () => {
  test("shows now, change and after by the remainder method (CX-7)", () => {
    const payment = aPayment({ status: "PARTIAL_CANCELED", canceledMinor: 30_000n });
    expect(previewOf(payment, [], { amountMinor: 48_000n }, now)).toMatchObject({
      now: { balanceMinor: 98_000n, suppliedMinor: 89_091n, vatMinor: 8_909n },
      change: { balanceMinor: 48_000n, suppliedMinor: 43_636n, vatMinor: 4_364n },
      after: { balanceMinor: 50_000n, suppliedMinor: 45_455n, vatMinor: 4_545n },
      statusAfter: "PARTIAL_CANCELED",
      refusal: null,
    });
  });

  test("adds up in every line, whatever is cancelled and however much of it is tax-free", () => {
    for (const amountMinor of [11n, 999n, 10_001n, 88_888n, 128_000n]) {
      for (const taxFreeMinor of [0n, 7n, 11_111n]) {
        const preview = previewOf(
          aPayment({ taxFreeMinor: 12_345n }),
          [],
          { amountMinor, taxFreeMinor },
          now,
        );
        const { change, after } = preview;
        if (!change || !after) continue;
        for (const field of ["balanceMinor", "suppliedMinor", "vatMinor", "taxFreeMinor"] as const) {
          expect(preview.now[field] - change[field]).toBe(after[field]);
        }
        expect(change.suppliedMinor + change.vatMinor + change.taxFreeMinor).toBe(change.balanceMinor);
      }
    }
  });

  test("without an amount is of all that is left, tax-free part included", () => {
    const preview = previewOf(aPayment({ taxFreeMinor: 28_000n }), [], {}, now);
    expect(preview.change).toMatchObject({ balanceMinor: 128_000n, taxFreeMinor: 28_000n });
    expect(preview.after).toMatchObject({
      balanceMinor: 0n,
      suppliedMinor: 0n,
      vatMinor: 0n,
      taxFreeMinor: 0n,
    });
    expect(preview.statusAfter).toBe("CANCELED");
  });

  test("says why it would be refused, and still what can be cancelled", () => {
    const preview = previewOf(aPayment(), [], { amountMinor: 128_001n }, now);
    expect(preview).toMatchObject({ change: null, after: null, refusal: { code: "NOT_CANCELABLE_AMOUNT" } });
    expect(preview.now.balanceMinor).toBe(128_000n);
  });

  test("while another cancel is open is refused (CX-4)", () => {
    const open = { status: "UNKNOWN" } as PaymentCancel;
    expect(previewOf(aPayment({ status: "CANCEL_PENDING" }), [open], {}, now).refusal?.code).toBe(
      "PREVIOUS_CANCEL_NOT_COMPLETE",
    );
  });
});
