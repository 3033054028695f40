import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { createRandom, type Random } from "#prisma/seed/random.ts";
import type { Answer, MallApi, Wish } from "./mall-api.ts";
import { latestApprovalMs, type PlantedMall } from "./plant-malls.ts";

/** A finished answer that a replay of its key must give again byte for byte. */
export type Finished = Readonly<{
  mall: PlantedMall;
  wish: Wish;
  key: string;
  status: number;
  body: string;
}>;

export type Shopper = Readonly<{
  api: MallApi;
  malls: readonly PlantedMall[];
  seed: number;
  /** Told apart from the orders of other runs on the same VAN book. */
  orderPrefix: string;
  onFinished: (finished: Finished) => void;
}>;

const retriesMax = 4;
const retryDelayMaxMs = 3_000;
/** Most malls wait long enough for any answer; some hang up early, as browsers and gateways do. */
const patience = { long: 12_000, shortMin: 800, shortMax: 3_000, shortShare: 0.15 } as const;

/** What is out of the ordinary at the VAN even without a fault (reliability §1): the code, and its share in 1,000. */
const vanMoods: readonly (readonly [code: string | undefined, perMille: number])[] = [
  ["DECLINE_CARD_LIMIT_EXCEEDED", 10],
  ["DECLINE_CARD_INSUFFICIENT_FUNDS", 10],
  ["TIMEOUT", 10],
  ["TIMEOUT_APPROVED", 10],
  ["late", 10],
  ["GARBLED", 3],
  ["HALF_REPLY", 2],
  ["CANCEL_TIMEOUT_APPROVED_X1", 10],
  [undefined, 935],
];

/** What becomes of an order that was paid, and its share in 1,000. */
const fates = [
  ["keep", 690],
  ["cancel", 90],
  ["cancel-partly", 90],
  ["cancel-twice-at-once", 50],
  ["cancel-partly-twice-at-once", 50],
  ["net-cancel", 30],
] as const;

/**
 * One customer's order from the till to the last retry, as a mall would handle it. Order number `index` wishes the same
 * in every run of the same seed; what comes of it depends on the faults.
 */
export async function shop(shopper: Shopper, index: number): Promise<void> {
  const random = createRandom(shopper.seed * 1_000_003 + index);
  const mall = random.pick(shopper.malls);
  const mood = random.weighted(vanMoods);
  const order = {
    mall,
    orderId: `${shopper.orderPrefix}-${String(index).padStart(6, "0")}`,
    amount: random.int(10, 2_000) * 100,
    testCode: mood === "late" ? `LATE_APPROVAL_${random.int(3_500, latestApprovalMs)}` : mood,
    random,
  };
  const paymentKey = await pay(shopper, order);
  if (paymentKey === undefined) return;
  const fate = random.weighted(fates);
  if (fate === "keep") return;
  await sleep(random.int(300, 8_000));
  await takeBack(shopper, order, paymentKey, fate);
}

type Order = Readonly<{
  mall: PlantedMall;
  orderId: string;
  amount: number;
  testCode: string | undefined;
  random: Random;
}>;

/** Gets the order paid if that is possible; answers the payment that the mall believes to be paid. */
async function pay(shopper: Shopper, order: Order): Promise<string | undefined> {
  const { random, orderId, amount } = order;
  const wish: Wish = {
    operation: "approve",
    orderId,
    method: "POST",
    path: "/payments",
    amount,
    testCode: order.testCode,
    body: {
      orderId,
      amount,
      orderName: "클린 코드 외 2권",
      method: "CARD",
      card: { number: "4330123412341234", expiryYear: "29", expiryMonth: "12" },
    },
  };
  // A double click: the same order twice at the same moment.
  const twin = random.chance(0.04)
    ? insist(shopper, order, wish, { tries: 1, newKeyShare: 0, key: random.chance(0.5) ? "same" : "other" })
    : undefined;
  const answer = await insist(shopper, order, wish, {
    tries: 1 + random.int(1, retriesMax),
    newKeyShare: 0.35,
  });
  await twin;
  if (isPaid(answer)) return answer.paymentKey ?? undefined;
  if (isOver(answer) && answer.code !== "DUPLICATED_ORDER_ID") return undefined;
  if (answer.code === "PAYMENT_NET_CANCELED" || answer.code === "VAN_UNAVAILABLE") return undefined;

  // The mall does not know. It asks, or has the order reversed whatever became of it.
  if (answer.code === "DUPLICATED_ORDER_ID" || random.chance(0.5)) {
    const told = await insist(
      shopper,
      order,
      { operation: "inquiry", orderId, method: "GET", path: `/payments?orderId=${orderId}` },
      { tries: 3, newKeyShare: 0 },
    );
    return isPaid(told) ? (told.paymentKey ?? undefined) : undefined;
  }
  await insist(shopper, order, netCancelWish(orderId), { tries: 3, newKeyShare: 0.3 });
  return undefined;
}

function netCancelWish(orderId: string): Wish {
  return {
    operation: "net-cancel",
    orderId,
    method: "POST",
    path: "/payments/net-cancel",
    body: { orderId },
  };
}

async function takeBack(
  shopper: Shopper,
  order: Order,
  paymentKey: string,
  fate: Exclude<(typeof fates)[number][0], "keep">,
): Promise<void> {
  const { random, orderId, amount } = order;
  const cancel = (part?: number): Wish => ({
    operation: "cancel",
    orderId,
    method: "POST",
    path: `/payments/${paymentKey}/cancel`,
    amount: part ?? amount,
    body: { reason: "고객 요청", ...(part === undefined ? {} : { amount: part }) },
  });
  const tries = { tries: 1 + random.int(1, retriesMax), newKeyShare: 0.25 };
  const share = (percent: number) => Math.max(1, Math.floor((amount * percent) / 100));
  switch (fate) {
    case "cancel":
      await insist(shopper, order, cancel(), tries);
      return;
    case "cancel-partly":
      await insist(shopper, order, cancel(share(random.int(10, 60))), tries);
      if (random.chance(0.5)) await insist(shopper, order, cancel(share(random.int(10, 39))), tries);
      return;
    case "cancel-twice-at-once":
      await Promise.all([insist(shopper, order, cancel(), tries), insist(shopper, order, cancel(), tries)]);
      return;
    case "cancel-partly-twice-at-once": {
      // Sixty of a hundred, twice: only one of them can be right.
      const wish = cancel(share(60));
      await Promise.all([insist(shopper, order, wish, tries), insist(shopper, order, wish, tries)]);
      return;
    }
    case "net-cancel":
      await insist(shopper, order, netCancelWish(orderId), tries);
  }
}

/**
 * Sends a wish until the answer is final or the tries are used up: after no answer, a 5xx or "try again", with the same
 * key or, as careless malls do, with a new one.
 */
async function insist(
  { api, onFinished }: Shopper,
  { mall, random, orderId }: Order,
  wish: Wish,
  plan: { tries: number; newKeyShare: number; key?: "same" | "other" },
): Promise<Answer> {
  // Both halves of a double click must be able to have the same key.
  const orderKey = `k-${orderId}-${wish.operation}`;
  let key = wish.operation === "approve" && plan.key !== "other" ? orderKey : randomUUID();
  let sent = wish;
  for (let attempt = 1; ; attempt++) {
    const patienceMs = random.chance(patience.shortShare)
      ? random.int(patience.shortMin, patience.shortMax)
      : patience.long;
    const answer = await api.send(mall, sent, {
      key: wish.method === "GET" ? "" : key,
      attempt,
      patienceMs,
    });
    if (answer.status !== null && isFinal(answer))
      onFinished({ mall, wish: sent, key, status: answer.status, body: answer.body });
    if (isOver(answer) || attempt >= plan.tries) return answer;
    await sleep(Math.min(retryDelayMaxMs, Math.max(answer.retryAfterMs, random.int(100, 1_200))));
    if (random.chance(plan.newKeyShare)) {
      key = randomUUID();
      // What the first try asked of the sandbox VAN is not asked twice.
      sent = { ...wish, testCode: undefined };
    }
  }
}

/** A mall that was told the order is paid delivers the goods. */
function isPaid(answer: Answer): boolean {
  return answer.status === 200 && answer.paymentStatus === "DONE";
}

/** Sending it again would change nothing, or is not what a mall would do. */
function isOver(answer: Answer): boolean {
  if (answer.status === null) return false;
  return answer.status < 500 && !answer.retryable;
}

/** Answers that are kept for their key: a success, a decline of the VAN, an approval that was reversed. */
function isFinal({ status, code, operation }: Answer): boolean {
  if (operation === "inquiry") return false;
  return status === 200 || status === 422 || code === "PAYMENT_NET_CANCELED";
}
