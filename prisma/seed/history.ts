import { businessDateOf, startOfBusinessDate } from "#server/core/business-date.ts";
import type { DeclineCode } from "#server/core/refusals.ts";
import { balanceOf, taxFreeBalanceOf } from "#server/payments/domain/payment.ts";
import type { Buyer } from "./buyers.ts";
import type { DemoMall } from "./demo-malls.ts";
import type { DemoRole } from "./demo-operators.ts";
import { type DemoVanCode, demoVanSettings } from "./demo-vans.ts";
import { createOrderBook } from "./orders.ts";
import type { Random } from "./random.ts";
import { loadAt, makeMoments } from "./rhythm.ts";
import {
  approve,
  beginPayment,
  type CancelBy,
  completeCancel,
  decline,
  type ExchangeLine,
  failToSend,
  findLateApproval,
  followUp,
  loseCancelInquiry,
  loseCancelReply,
  loseReply,
  type NetCancelTry,
  refuseCancel,
  requestCancel,
  type Story,
  tryNetCancel,
  type Unanswered,
} from "./story.ts";

export type SeedMall = Readonly<{ id: string; mall: DemoMall }>;
export type SeedOperator = Readonly<{ id: string; role: DemoRole }>;
export type Cast = Readonly<{
  malls: readonly SeedMall[];
  buyers: readonly Buyer[];
  operators: readonly SeedOperator[];
}>;

export const historyDays = 30;
const paymentsAbout = 33_000;
const secondMs = 1_000;
const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** What happens to one payment, beyond the ordinary. */
type Plot =
  /** The VAN never answers; it is reversed, in the request or by a few tries later. */
  | Readonly<{ kind: "reversed"; because: Unanswered; reached: boolean; tries: number }>
  /** Reversed as "no original", and booked by the VAN after that. */
  | Readonly<{ kind: "late" }>
  | Readonly<{ kind: "not_sent"; because: "refused" | "connect_timeout" }>
  /** Every net cancel fails: a dead letter. `redrivenAt`: an operator sent it again. */
  | Readonly<{
      kind: "given_up";
      because: Unanswered;
      reached: boolean;
      vanReversed?: boolean;
      redrivenAt?: Date;
    }>
  /** Still unknown now; its net cancel is about to be tried. */
  | Readonly<{ kind: "open"; reached: boolean }>
  /** Approved, and its cancel ends as a dead letter. */
  | Readonly<{
      kind: "stuck_cancel";
      cancelAt: Date;
      because: "timeout" | "unknown_code";
      reached: boolean;
      partial: boolean;
      origin: "API" | "CONSOLE";
    }>;

type Scene = Readonly<{ at: Date; plot: Plot | null; vanCode?: DemoVanCode }>;

/** Tells thirty days of payments that end at `now`, in the order in which they came in. */
export function tellHistory(random: Random, cast: Cast, now: Date): Story[] {
  const from = new Date(now.getTime() - historyDays * dayMs);
  const ordinary = makeMoments(random, from, new Date(now.getTime() - 40 * secondMs), paymentsAbout).map(
    (at): Scene => ({ at, plot: null }),
  );
  const scenes = [...ordinary, ...incidents(random, now)].sort((a, b) => a.at.getTime() - b.at.getTime());
  const books = new Map(cast.malls.map(({ id, mall }) => [id, createOrderBook(mall, id)]));
  const shares = cast.malls.map(({ id, mall }) => [id, mall.share] as const);
  return scenes.map((scene) => {
    const book = books.get(random.weighted(shares));
    if (!book) throw new Error("a mall keeps no orders");
    const story = beginPayment(
      book.next(random, scene.at, scene.vanCode),
      random.pick(cast.buyers),
      scene.at,
    );
    tellPayment(random, story, scene.plot ?? ordinaryPlot(random), cast, now);
    return story;
  });
}

/** Hours in which a VAN was ill. Times of past days are of the Seoul clock. */
function incidents(random: Random, now: Date): Scene[] {
  const daysAgo = (days: number, hour: number, minute: number) =>
    new Date(
      startOfBusinessDate(businessDateOf(new Date(now.getTime() - days * dayMs))).getTime() +
        hour * hourMs +
        minute * minuteMs,
    );
  const within = (start: Date, minutes: number, count: number) =>
    Array.from(
      { length: count },
      (_, i) => new Date(start.getTime() + Math.floor(((i + random.next()) / count) * minutes * minuteMs)),
    );
  const scenes: Scene[] = [];

  const outage = daysAgo(9, 13, 34);
  const redrivenAt = daysAgo(9, 14, 12);
  for (const [i, at] of within(outage, 13, 30).entries()) {
    const plot: Plot =
      i % 5 === 0
        ? { kind: "given_up", because: "timeout", reached: i % 2 === 0, redrivenAt }
        : {
            kind: "reversed",
            because: i % 7 === 0 ? "reset" : "timeout",
            reached: random.chance(0.6),
            tries: random.int(1, 4),
          };
    scenes.push({ at, plot, vanCode: "SBX2" });
  }
  for (const at of within(daysAgo(21, 20, 10), 6, 16)) {
    scenes.push({
      at,
      plot: { kind: "not_sent", because: random.chance(0.6) ? "refused" : "connect_timeout" },
      vanCode: "SBX1",
    });
  }
  for (const at of within(daysAgo(2, 3, 12), 30, 2)) {
    scenes.push({ at, plot: { kind: "given_up", because: "unreadable", reached: true }, vanCode: "SBX1" });
  }
  scenes.push({ at: daysAgo(16, 11, 7), plot: { kind: "late" }, vanCode: "SBX2" });

  // What an operator finds in the morning: SBX2 was silent for six minutes.
  const silence = new Date(now.getTime() - 26 * minuteMs);
  for (const [i, at] of within(silence, 6, 7).entries()) {
    scenes.push({
      at,
      plot: {
        kind: "given_up",
        because: i === 2 ? "reset" : "timeout",
        reached: i % 3 !== 1,
        vanReversed: i === 3,
      },
      vanCode: "SBX2",
    });
  }
  for (const at of within(silence, 6, 3)) {
    scenes.push({
      at,
      plot: { kind: "reversed", because: "timeout", reached: true, tries: 5 },
      vanCode: "SBX2",
    });
  }
  for (const [i, cancelAt] of within(new Date(silence.getTime() + minuteMs), 4, 3).entries()) {
    const at = new Date(cancelAt.getTime() - (i + 1) * 19 * hourMs);
    scenes.push({
      at,
      plot: {
        kind: "stuck_cancel",
        cancelAt,
        because: "timeout",
        reached: i !== 1,
        partial: i === 2,
        origin: i === 0 ? "CONSOLE" : "API",
      },
      vanCode: "SBX2",
    });
  }
  const unlistedAt = new Date(now.getTime() - 161 * minuteMs);
  scenes.push({
    at: new Date(unlistedAt.getTime() - 3 * dayMs),
    plot: {
      kind: "stuck_cancel",
      cancelAt: unlistedAt,
      because: "unknown_code",
      reached: true,
      partial: true,
      origin: "API",
    },
    vanCode: "SBX1",
  });

  for (const [i, secondsAgo] of [11, 16, 22].entries()) {
    scenes.push({
      at: new Date(now.getTime() - secondsAgo * secondMs),
      plot: { kind: "open", reached: i !== 1 },
      vanCode: i === 0 ? "SBX1" : "SBX2",
    });
  }
  return scenes;
}

function ordinaryPlot(random: Random): Plot | null {
  if (random.chance(0.0022)) {
    return {
      kind: "reversed",
      because: random.weighted([
        ["timeout", 7],
        ["reset", 2],
        ["unreadable", 2],
      ] as const),
      reached: random.chance(0.55),
      tries: random.weighted([
        [0, 6],
        [1, 3],
        [2, 1],
      ] as const),
    };
  }
  return random.chance(0.0006) ? { kind: "not_sent", because: "connect_timeout" } : null;
}

const declineWeights: readonly (readonly [DeclineCode, number])[] = [
  ["CARD_LIMIT_EXCEEDED", 34],
  ["CARD_DECLINED", 25],
  ["CARD_INSUFFICIENT_FUNDS", 19],
  ["CARD_EXPIRED", 8],
  ["CARD_SUSPENDED", 6],
  ["CARD_INVALID", 5],
  ["CARD_STOLEN", 3],
];

/** How long the VAN takes: slower when busy, and now and then very slow. Always within its timeout. */
function vanMsAt(random: Random, vanCode: DemoVanCode, at: Date): number {
  const median = (vanCode === "SBX1" ? 215 : 290) * loadAt(at);
  const usual = random.around(median, vanCode === "SBX1" ? 0.34 : 0.42);
  return Math.min(
    random.chance(0.006) ? usual + random.around(1_100, 0.5) : usual,
    demoVanSettings.approveTimeoutMs - 50,
  );
}

function tellPayment(random: Random, story: Story, plot: Plot | null, cast: Cast, now: Date): void {
  const vanMs = vanMsAt(random, story.payment.vanCode, story.payment.requestedAt);
  switch (plot?.kind) {
    case "reversed":
      tellReversal(random, story, plot, now);
      break;
    case "late":
      tellLateApproval(random, story);
      break;
    case "not_sent":
      failToSend(story, random, plot.because);
      break;
    case "given_up":
      tellGivenUp(random, story, plot, cast, now);
      break;
    case "open":
      tellOpen(random, story, plot);
      break;
    case "stuck_cancel":
      approve(story, random, vanMs);
      tellStuckCancel(random, story, plot, cast);
      break;
    case undefined:
      if (random.chance(0.0625)) decline(story, random, random.weighted(declineWeights), vanMs * 0.9);
      else {
        approve(story, random, vanMs);
        tellCancels(random, story, cast, now);
      }
  }
}

function tellOpen(random: Random, story: Story, plot: Extract<Plot, { kind: "open" }>): void {
  const unknownAt = loseReply(story, random, "timeout", plot.reached);
  const lost: NetCancelTry = { kind: "unknown", because: "timeout", reached: false };
  tryNetCancel(story, random, unknownAt, lost, false);
  story.job = { createdAt: unknownAt, availableAt: firstQueuedTry(unknownAt) };
}

/** When the queue sends the first net cancel after the one inside the request. */
function firstQueuedTry(unknownAt: Date): Date {
  const { connectTimeoutMs, netCancelTimeoutMs, netCancelDelaysMs } = demoVanSettings;
  return new Date(unknownAt.getTime() + connectTimeoutMs + netCancelTimeoutMs + netCancelDelaysMs[0]);
}

/** Net cancels that fail, one in the request and then `count` from the queue. Returns the last of them. */
function failNetCancels(
  random: Random,
  story: Story,
  unknownAt: Date,
  count: number,
  because: Unanswered,
  lastReached = false,
): { at: Date; exchange: ExchangeLine; queuedAt: Date } {
  let last = tryNetCancel(story, random, unknownAt, { kind: "unknown", because, reached: false }, false);
  let queuedAt = firstQueuedTry(unknownAt);
  for (let i = 0; i < count; i++) {
    last = tryNetCancel(
      story,
      random,
      new Date(queuedAt.getTime() + random.int(2, 40)),
      { kind: "unknown", because, reached: lastReached && i === count - 1 },
      false,
    );
    queuedAt = new Date(last.at.getTime() + (demoVanSettings.netCancelDelaysMs[i + 1] ?? 0));
  }
  return { ...last, queuedAt };
}

function tellReversal(
  random: Random,
  story: Story,
  plot: Extract<Plot, { kind: "reversed" }>,
  now: Date,
): void {
  const { payment } = story;
  const unknownAt = loseReply(story, random, plot.because, plot.reached);
  let at = unknownAt;
  if (plot.tries > 0) at = failNetCancels(random, story, unknownAt, plot.tries - 1, plot.because).queuedAt;
  const outcome: NetCancelTry = plot.reached ? { kind: "canceled" } : { kind: "original_not_found" };
  if (!plot.reached) {
    // "No original" is believed only when the VAN can no longer be at work on it (D4).
    const { connectTimeoutMs, approveTimeoutMs, processingWindowMs } = demoVanSettings;
    const believableFrom =
      payment.requestedAt.getTime() + connectTimeoutMs + approveTimeoutMs + processingWindowMs + 200;
    while (at.getTime() < believableFrom) {
      tryNetCancel(story, random, at, outcome, false);
      at = at === unknownAt ? firstQueuedTry(unknownAt) : new Date(believableFrom);
    }
  }
  const settled = tryNetCancel(story, random, at, outcome, true);
  followUp(story, random, settled.at, now);
}

function tellLateApproval(random: Random, story: Story): void {
  const unknownAt = loseReply(story, random, "timeout", false);
  const failed = failNetCancels(random, story, unknownAt, 1, "timeout");
  const settled = tryNetCancel(story, random, failed.queuedAt, { kind: "original_not_found" }, true);
  findLateApproval(story, random, settled.at);
}

const reasonClassOf = {
  timeout: "VAN_TIMEOUT",
  reset: "VAN_TIMEOUT",
  unreadable: "VAN_UNREADABLE",
  unknown_code: "VAN_UNKNOWN_CODE",
} as const;

function tellGivenUp(
  random: Random,
  story: Story,
  plot: Extract<Plot, { kind: "given_up" }>,
  cast: Cast,
  now: Date,
): void {
  const { payment } = story;
  const unknownAt = loseReply(story, random, plot.because, plot.reached);
  const attempts = demoVanSettings.netCancelDelaysMs.length;
  const last = failNetCancels(random, story, unknownAt, attempts, plot.because, plot.vanReversed);
  const { redrivenAt } = plot;
  story.letter = {
    id: "",
    jobName: "net-cancel",
    cancel: null,
    reasonClass: reasonClassOf[plot.because],
    because: plot.because,
    attempts,
    exchange: last.exchange,
    deadlineAt: new Date(payment.requestedAt.getTime() + demoVanSettings.netCancelDeadlineMs),
    createdAt: unknownAt,
    parkedAt: last.at,
    redriven: null,
  };
  if (!redrivenAt) return;
  const sentAt = new Date(redrivenAt.getTime() + random.int(200, 4_000));
  const settled = tryNetCancel(
    story,
    random,
    sentAt,
    plot.reached ? { kind: "canceled" } : { kind: "original_not_found" },
    true,
  );
  followUp(story, random, settled.at, now);
  story.letter = {
    ...story.letter,
    redriven: {
      at: redrivenAt,
      resolvedAt: settled.at,
      operatorId: operatorOf(random, cast),
      reason: "SBX2 장애 복구 확인 후 재처리",
    },
  };
}

function operatorOf(random: Random, cast: Cast): string {
  return random.pick(cast.operators.filter(({ role }) => role === "OPERATOR" || role === "ADMIN")).id;
}

const apiReasons = [
  "고객 변심",
  "단순 변심",
  "주문 실수",
  "상품 품절",
  "배송 지연",
  "사이즈 교환",
  "옵션 변경 재주문",
  "상품 파손",
] as const;
const consoleReasons = [
  "고객센터 요청 취소",
  "가맹점 요청 (품절)",
  "중복 주문 확인",
  "고객 요청 · 배송 전 취소",
  "오배송 반품 확인",
] as const;

function cancelBy(random: Random, story: Story, cast: Cast, origin: "API" | "CONSOLE"): CancelBy {
  return origin === "CONSOLE"
    ? { origin, actorId: operatorOf(random, cast), reason: random.pick(consoleReasons) }
    : { origin, actorId: story.payment.mallId, reason: random.pick(apiReasons) };
}

/** Part of what is left, all of it with VAT or all of it without. Null when it cannot be parted sensibly. */
function partOf(random: Random, story: Story): { amountMinor: bigint; taxFreeMinor: bigint } | null {
  const balance = Number(balanceOf(story.payment));
  const taxFree = Number(taxFreeBalanceOf(story.payment));
  const fromTaxFree = taxFree > balance - taxFree;
  const part = fromTaxFree ? taxFree : balance - taxFree;
  const amount = Math.round((part * (0.15 + random.next() * 0.4)) / 100) * 100;
  if (amount < 500 || amount >= balance) return null;
  return { amountMinor: BigInt(amount), taxFreeMinor: BigInt(fromTaxFree ? amount : 0) };
}

function tellCancels(random: Random, story: Story, cast: Cast, now: Date): void {
  const { payment } = story;
  const fate = random.weighted([
    ["none", 928],
    ["whole", 42],
    ["parts", 31],
  ] as const);
  if (fate === "none" || !payment.approvedAt) return;
  const latest = now.getTime() - 2 * minuteMs;
  let at = new Date(
    payment.approvedAt.getTime() +
      Math.round(
        random.chance(0.35)
          ? random.wait(18 * minuteMs) + 40 * secondMs
          : random.wait(26 * hourMs) + 5 * minuteMs,
      ),
  );
  const times =
    fate === "whole"
      ? 1
      : random.weighted([
          [1, 74],
          [2, 19],
          [3, 7],
        ] as const);
  for (let i = 0; i < times && at.getTime() < latest; i++) {
    const part = fate === "whole" ? {} : partOf(random, story);
    if (!part) return;
    const endedAt = tellCancel(
      random,
      story,
      part,
      cancelBy(random, story, cast, random.chance(0.18) ? "CONSOLE" : "API"),
      at,
    );
    at = new Date(endedAt.getTime() + Math.round(random.wait(20 * hourMs) + minuteMs));
  }
}

/** One cancel: mostly at once, sometimes refused, sometimes found out only by inquiry. Returns when it was over. */
function tellCancel(
  random: Random,
  story: Story,
  wish: Parameters<typeof requestCancel>[1],
  by: CancelBy,
  at: Date,
): Date {
  const { payment } = story;
  const cancel = requestCancel(story, wish, by, at);
  const sentAt = new Date(at.getTime() + random.int(4, 12));
  if (wish.amountMinor !== undefined && random.chance(0.012)) {
    refuseCancel(story, random, cancel, sentAt, "NOT_ALLOWED_PARTIAL_CANCEL", "PARTIAL_NOT_ALLOWED");
  } else if (random.chance(0.01)) {
    const lostAt = loseCancelReply(story, random, cancel, sentAt, "timeout", true);
    completeCancel(
      story,
      cancel,
      new Date(lostAt.getTime() + demoVanSettings.cancelDelaysMs[0]),
      random.around(130, 0.3),
      true,
    );
  } else {
    completeCancel(story, cancel, sentAt, vanMsAt(random, payment.vanCode, at) * 0.85);
  }
  return payment.updatedAt;
}

function tellStuckCancel(
  random: Random,
  story: Story,
  plot: Extract<Plot, { kind: "stuck_cancel" }>,
  cast: Cast,
): void {
  const part = (plot.partial ? partOf(random, story) : null) ?? {};
  const cancel = requestCancel(story, part, cancelBy(random, story, cast, plot.origin), plot.cancelAt);
  const attempts = demoVanSettings.cancelDelaysMs.length;
  const createdAt = loseCancelReply(
    story,
    random,
    cancel,
    new Date(plot.cancelAt.getTime() + 7),
    plot.because,
    plot.reached,
  );
  let last = loseCancelInquiry(
    story,
    random,
    cancel,
    new Date(createdAt.getTime() + demoVanSettings.cancelDelaysMs[0]),
    plot.because,
  );
  for (const delayMs of demoVanSettings.cancelDelaysMs.slice(1)) {
    last = loseCancelInquiry(story, random, cancel, new Date(last.at.getTime() + delayMs), plot.because);
  }
  story.letter = {
    id: "",
    jobName: "recover-cancel",
    cancel,
    reasonClass: reasonClassOf[plot.because],
    because: plot.because,
    attempts,
    exchange: last.exchange,
    deadlineAt: null,
    createdAt,
    parkedAt: last.at,
    redriven: null,
  };
}
