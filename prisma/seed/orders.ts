import { businessDateOf } from "#server/core/business-date.ts";
import type { DemoMall, Goods } from "./demo-malls.ts";
import type { DemoVanCode } from "./demo-vans.ts";
import type { Random } from "./random.ts";
import type { Order } from "./story.ts";

const deliveryFee = 3_000;

export type Basket = Readonly<{
  orderName: string;
  amountMinor: bigint;
  taxFreeMinor: bigint;
  installmentMonths: number;
}>;

/** Fills a basket: goods, now and then a coupon, a delivery fee below the mall's limit, installments from 50,000 won. */
export function fillBasket(random: Random, mall: DemoMall): Basket {
  const kinds = random.weighted([
    [1, 60],
    [2, 24],
    [3, 10],
    [4, 4],
    [5, 2],
  ] as const);
  const chosen: Goods[] = [];
  for (let i = 0; i < Math.min(kinds, mall.itemsMax); i++) {
    const goods = random.pick(mall.goods);
    if (!chosen.includes(goods)) chosen.push(goods);
  }
  let amount = 0;
  let taxFree = 0;
  let pieces = 0;
  for (const goods of chosen) {
    const count =
      goods.price < 30_000
        ? random.weighted([
            [1, 78],
            [2, 15],
            [3, 5],
            [4, 2],
          ] as const)
        : 1;
    pieces += count;
    amount += goods.price * count;
    if (goods.taxFree) taxFree += goods.price * count;
  }
  // A coupon comes off the part that carries VAT first, so that the tax-free part stays what it was.
  if (random.chance(0.12)) {
    const coupon = Math.min(random.pick([1_000, 2_000, 3_000, 5_000]), Math.floor(amount / 2_000) * 1_000);
    amount -= coupon;
    taxFree = Math.min(taxFree, amount);
  }
  if (mall.freeDeliveryFrom !== null && amount < mall.freeDeliveryFrom) amount += deliveryFee;
  const [first] = chosen;
  if (!first) throw new Error("a basket is empty");
  return {
    orderName: pieces > 1 ? `${first.name} 외 ${pieces - 1}${first.unit}` : first.name,
    amountMinor: BigInt(amount),
    taxFreeMinor: BigInt(taxFree),
    installmentMonths:
      amount >= 50_000
        ? random.weighted([
            [0, 58],
            [2, 12],
            [3, 16],
            [5, 4],
            [6, 6],
            [10, 2],
            [12, 2],
          ] as const)
        : 0,
  };
}

/** Numbers a mall's orders as that mall does. Orders must come in the order of time. */
export function createOrderBook(mall: DemoMall, mallId: string) {
  let ofAll = 0;
  let ofDay = 0;
  let day = "";
  return {
    next(random: Random, at: Date, vanCode?: DemoVanCode): Order {
      const date = businessDateOf(at);
      if (date !== day) ofDay = 0;
      day = date;
      // Some orders never reach the payment: their numbers are left out.
      ofDay += random.weighted([
        [1, 8],
        [2, 2],
        [3, 1],
      ] as const);
      ofAll += random.weighted([
        [1, 8],
        [2, 2],
        [3, 1],
      ] as const);
      return {
        ...fillBasket(random, mall),
        mallId,
        orderId: mall.orderIdOf(date, ofDay, ofAll),
        vanCode:
          vanCode ?? random.weighted(mall.routes.map((route) => [route.vanCode, route.weight] as const)),
        metadata: random.chance(0.35) ? { channel: random.pick(["web", "app"]) } : {},
      };
    },
  };
}
