import { cardNumber } from "#prisma/seed/buyers.ts";
import type { DemoMall } from "#prisma/seed/demo-malls.ts";
import { fillBasket } from "#prisma/seed/orders.ts";
import type { Random } from "#prisma/seed/random.ts";
import { businessDateOf, startOfBusinessDate } from "#server/core/business-date.ts";

/** How much of the traffic is out of the ordinary. */
export const shares = { declines: 0.04, faults: 0.015, cancels: 0.05 } as const;

const declines = [
  ["DECLINE_CARD_LIMIT_EXCEEDED", 34],
  ["DECLINE_CARD_DECLINED", 25],
  ["DECLINE_CARD_INSUFFICIENT_FUNDS", 19],
  ["DECLINE_CARD_EXPIRED", 8],
  ["DECLINE_CARD_SUSPENDED", 6],
  ["DECLINE_CARD_INVALID", 5],
  ["DECLINE_CARD_STOLEN", 3],
] as const;

/** Faults that the platform gets over by itself. */
const faults = [
  ["SLOW_1500", 30],
  ["SLOW_2800", 12],
  ["TIMEOUT_APPROVED", 14],
  ["TIMEOUT", 10],
  ["GARBLED", 8],
  ["HALF_REPLY", 5],
  ["DROP_CONNECTION", 7],
  ["WRONG_AMOUNT", 4],
  ["UNKNOWN_CODE", 4],
  ["REFUSE_CONNECTION", 3],
  ["TIMEOUT_APPROVED,NETCANCEL_TIMEOUT_X2", 3],
] as const;

const cancelFaults = ["TIMEOUT_APPROVED", "SLOW_1500", "GARBLED"] as const;

/** The test code of the next approval, if it is to be out of the ordinary. */
export function testCodeOfApproval(random: Random): { testCode: string; isFault: boolean } | null {
  const at = random.next();
  if (at < shares.faults) return { testCode: random.weighted(faults), isFault: true };
  if (at < shares.faults + shares.declines) return { testCode: random.weighted(declines), isFault: false };
  return null;
}

export function testCodeOfCancel(random: Random): string | undefined {
  return random.chance(0.03) ? random.pick(cancelFaults) : undefined;
}

/** Makes orders of a mall, numbered so that neither the seeded history nor an earlier run used the same. */
export function createTill(mall: DemoMall) {
  let last = 0;
  return {
    ring(random: Random, at: Date) {
      const date = businessDateOf(at);
      const tenthsOfDay = Math.floor((at.getTime() - startOfBusinessDate(date).getTime()) / 100);
      const wanted = Math.floor(at.getTime() / 100);
      const number = Math.max(wanted, last + 1);
      last = number;
      const { orderName, amountMinor, taxFreeMinor, installmentMonths } = fillBasket(random, mall);
      return {
        orderId: mall.orderIdOf(date, 10_000 + tenthsOfDay + (number - wanted), number % 100_000_000),
        amount: Number(amountMinor),
        taxFreeAmount: Number(taxFreeMinor),
        orderName,
        method: "CARD",
        card: {
          number: cardNumber(random),
          expiryYear: String(random.int(28, 31)),
          expiryMonth: String(random.int(1, 12)).padStart(2, "0"),
          installmentMonths,
        },
        metadata: { channel: random.pick(["web", "app"]) },
      };
    },
  };
}

/** A payment that may still be cancelled. Amounts are won. */
export type Sold = {
  readonly paymentKey: string;
  readonly soldAtMs: number;
  balance: number;
  taxFree: number;
};

const cancelReasons = ["고객 변심", "주문 실수", "상품 품절", "배송 지연", "옵션 변경 재주문"] as const;

/** A cancel of what was sold: all that is left, or a part of it that is all with VAT or all without. */
export function planCancel(random: Random, sold: Sold) {
  const reason = random.pick(cancelReasons);
  const whole = { reason, currentCancelableAmount: sold.balance };
  if (random.chance(0.6)) return whole;
  const fromTaxFree = sold.taxFree > sold.balance - sold.taxFree;
  const part = fromTaxFree ? sold.taxFree : sold.balance - sold.taxFree;
  const amount = Math.round((part * (0.2 + random.next() * 0.4)) / 100) * 100;
  return amount < 500 || amount >= sold.balance
    ? whole
    : { ...whole, amount, taxFreeAmount: fromTaxFree ? amount : 0 };
}
