import { describe, expect, test } from "vitest";
import { demoMalls } from "#prisma/seed/demo-malls.ts";
import { createRandom } from "#prisma/seed/random.ts";
import { approveSchema, cancelSchema } from "#server/payments/payment.schemas.ts";
import { isTestCode } from "#server/van/domain/test-codes.ts";
import { createTill, planCancel, shares, testCodeOfApproval, testCodeOfCancel } from "./shopping.ts";

const random = createRandom(7);

describe("the demo's customers", () => {
  test("make orders that the API takes, with numbers of their own", () => {
    for (const mall of demoMalls) {
      const till = createTill(mall);
      const at = new Date("2026-11-22T05:00:00.000Z");
      const orders = Array.from({ length: 300 }, () => till.ring(random, at));
      for (const order of orders)
        expect(approveSchema.safeParse(order).success, JSON.stringify(order)).toBe(true);
      expect(orders.every(({ amount, taxFreeAmount }) => taxFreeAmount <= amount && amount % 100 === 0)).toBe(
        true,
      );
      expect(new Set(orders.map(({ orderId }) => orderId)).size).toBe(orders.length);
    }
  });

  test("never hold a card that stands for a fault", () => {
    const [mall] = demoMalls;
    if (!mall) throw new Error("the demo has no mall");
    const till = createTill(mall);
    for (let i = 0; i < 2_000; i++) expect(till.ring(random, new Date()).card.number).not.toMatch(/00\d\d$/);
  });

  test("meet declines and faults about as often as said, all of which the sandbox knows", () => {
    const drawn = Array.from({ length: 40_000 }, () => testCodeOfApproval(random));
    const faults = drawn.filter((one) => one?.isFault).length / drawn.length;
    const declines = drawn.filter((one) => one && !one.isFault).length / drawn.length;
    expect(faults).toBeCloseTo(shares.faults, 2);
    expect(declines).toBeCloseTo(shares.declines, 2);
    for (const one of drawn) if (one) expect(isTestCode(one.testCode), one.testCode).toBe(true);
    for (let i = 0; i < 1_000; i++) expect(isTestCode(testCodeOfCancel(random) ?? "TIMEOUT")).toBe(true);
  });

  test("give back no more than they bought, and part VAT from tax-free", () => {
    for (let i = 0; i < 2_000; i++) {
      const balance = random.int(1, 900) * 100;
      const sold = {
        paymentKey: "pay_1",
        soldAtMs: 0,
        balance,
        taxFree: random.pick([0, balance, Math.floor(balance / 300) * 100]),
      };
      const plan = planCancel(random, sold);
      expect(cancelSchema.safeParse(plan).success).toBe(true);
      expect(plan.currentCancelableAmount).toBe(balance);
      if (!("amount" in plan)) continue;
      expect(plan.amount).toBeLessThan(balance);
      expect(plan.taxFreeAmount).toBeLessThanOrEqual(sold.taxFree);
      expect(plan.amount - plan.taxFreeAmount).toBeLessThanOrEqual(balance - sold.taxFree);
    }
  });
});
