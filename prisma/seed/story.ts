import { newTraceId, realIds } from "#server/core/ids.ts";
import type { DeclineCode } from "#server/core/refusals.ts";
import { type CancelWish, decideCancel } from "#server/payments/domain/decide-cancel.ts";
import { approvalPostings, type Posting, reversalPostings } from "#server/payments/domain/ledger-postings.ts";
import type { Payment, PaymentCancel } from "#server/payments/domain/payment.ts";
import { mayMove, type Origin, type PaymentStatus } from "#server/payments/domain/payment-status.ts";
import { vatOf } from "#server/payments/domain/vat.ts";
import { issuerOf } from "#server/van/sandbox/issuers.ts";
import type { JournalLine, Reason } from "#server/van/sandbox/journal-format.ts";
import type { Buyer } from "./buyers.ts";
import { type DemoVanCode, demoVanSettings } from "./demo-vans.ts";
import type { Random } from "./random.ts";
import { answerOf } from "./van-words.ts";

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

export type SeedPayment = Mutable<Payment> & {
  vanCode: DemoVanCode;
  vanDurationMs: number | null;
  totalDurationMs: number | null;
  updatedAt: Date;
};
export type SeedCancel = Mutable<PaymentCancel> & {
  actorType: "mall" | "operator";
  vanResponseCode: string | null;
  vanResponseMessage: string | null;
};

/** One line of a payment's timeline (`payment_event`). */
export type HistoryLine = Readonly<{
  version: number;
  kind: string;
  from: PaymentStatus | null;
  to: PaymentStatus | null;
  cancel: SeedCancel | null;
  actorType: "mall" | "operator" | "system";
  actorId: string;
  detail: Readonly<Record<string, unknown>>;
  at: Date;
}>;

/** A message to the VAN. `reason` is what the VAN answered; without one no answer that can be read came. */
export type ExchangeLine = {
  /** Given when the rows are rendered. */
  id: number;
  readonly operation: "APPROVE" | "CANCEL" | "NET_CANCEL" | "INQUIRY";
  readonly cancel: SeedCancel | null;
  readonly traceNo: string;
  readonly outcome: string;
  readonly reason: Reason | null;
  /** Why there is no such answer. */
  readonly because: Because | null;
  readonly startedAt: Date;
  readonly durationMs: number;
};

/** What the mall is told, with the payment as it stood then. */
export type StoryEvent = {
  /** Its place among all events, given when the rows are rendered. */
  sequence: number;
  readonly type: string;
  readonly at: Date;
  /** The cancel it is about. */
  readonly cancel: SeedCancel | null;
  /** The payment and its cancels as they were; their ids are not known yet. */
  readonly payment: Payment;
  readonly cancels: readonly Readonly<{ of: SeedCancel; asThen: PaymentCancel }>[];
};

export type Unanswered = "timeout" | "reset" | "unreadable";
export type Because = Unanswered | "unknown_code" | "refused" | "connect_timeout";

export type Story = {
  readonly payment: SeedPayment;
  readonly buyer: Buyer;
  readonly cancels: SeedCancel[];
  readonly history: HistoryLine[];
  readonly exchanges: ExchangeLine[];
  readonly postings: { cancel: SeedCancel | null; postings: Posting[]; at: Date }[];
  readonly events: StoryEvent[];
  /** What the book of the VAN says of it. */
  readonly vanLines: { at: Date; line: VanLine }[];
  /** A net cancel that is waiting to be tried. */
  job: OpenJob | null;
  letter: Letter | null;
  orphan: { foundAt: Date; closedAt: Date } | null;
  idempotencyKey: string;
  /** How long the second commit took, in milliseconds; null while there is no outcome. */
  commit2Ms: number | null;
};

/** A journal line but for what is known from the story or given at the end (the approval number). */
export type VanLine =
  | Readonly<{ type: "APPROVE"; reason: Reason; late?: boolean }>
  | Readonly<{ type: "CANCEL"; reason: Reason; cancel: SeedCancel }>
  | Readonly<{
      type: "NET_CANCEL";
      result: Extract<JournalLine, { type: "NET_CANCEL" }>["result"];
      reason: Reason;
    }>
  | Readonly<{ type: "INQUIRY"; result: "FOUND" | "NOT_FOUND"; reason: Reason; cancel: SeedCancel | null }>;

export type OpenJob = Readonly<{
  availableAt: Date;
  createdAt: Date;
}>;

export type Letter = {
  id: string;
  readonly jobName: "net-cancel" | "recover-cancel";
  readonly cancel: SeedCancel | null;
  readonly reasonClass: string;
  readonly because: Because;
  readonly attempts: number;
  /** The last message to the VAN. */
  readonly exchange: ExchangeLine;
  readonly deadlineAt: Date | null;
  readonly createdAt: Date;
  readonly parkedAt: Date;
  readonly redriven: Readonly<{ at: Date; resolvedAt: Date; operatorId: string; reason: string }> | null;
};

export type Order = Readonly<{
  mallId: string;
  orderId: string;
  orderName: string;
  amountMinor: bigint;
  taxFreeMinor: bigint;
  installmentMonths: number;
  vanCode: DemoVanCode;
  metadata: Readonly<Record<string, string>>;
}>;

const after = (at: Date, ms: number) => new Date(at.getTime() + Math.round(ms));
const tenth = (ms: number) => Math.round(ms * 10) / 10;

/** An order comes in: commit 1 of an approval (A2). */
export function beginPayment(order: Order, buyer: Buyer, at: Date): Story {
  const atMs = at.getTime();
  const traceId = newTraceId();
  const payment: SeedPayment = {
    id: "",
    mallId: order.mallId,
    orderId: order.orderId,
    orderName: order.orderName,
    method: "CARD",
    currency: "KRW",
    amountMinor: order.amountMinor,
    taxFreeMinor: order.taxFreeMinor,
    vatMinor: vatOf(order.amountMinor, order.taxFreeMinor),
    status: "IN_PROGRESS",
    version: 1,
    origin: "API",
    vanCode: order.vanCode,
    traceNo: realIds.newTraceNo(atMs),
    approvalNo: null,
    vanResponseCode: null,
    vanResponseMessage: null,
    failureCode: null,
    unknownReason: null,
    cardBin: buyer.bin,
    cardLast4: buyer.last4,
    issuerCode: null,
    issuerName: null,
    installmentMonths: order.installmentMonths,
    metadata: order.metadata,
    canceledMinor: 0n,
    canceledTaxFreeMinor: 0n,
    reservedMinor: 0n,
    reservedTaxFreeMinor: 0n,
    leaseUntil: after(at, demoVanSettings.leaseMs),
    netCancelRequestedAt: null,
    requestedAt: at,
    answeredAt: null,
    approvedAt: null,
    traceId,
    vanDurationMs: null,
    totalDurationMs: null,
    updatedAt: at,
  };
  const story: Story = {
    payment,
    buyer,
    cancels: [],
    history: [],
    exchanges: [],
    postings: [],
    events: [],
    vanLines: [],
    job: null,
    letter: null,
    orphan: null,
    idempotencyKey: crypto.randomUUID(),
    commit2Ms: null,
  };
  story.history.push({
    version: 1,
    kind: "requested",
    from: null,
    to: "IN_PROGRESS",
    cancel: null,
    actorType: "mall",
    actorId: order.mallId,
    detail: { traceId, van: order.vanCode },
    at,
  });
  return story;
}

function move(story: Story, to: PaymentStatus, line: Omit<HistoryLine, "version" | "from" | "to">): void {
  const { payment } = story;
  if (!mayMove(payment.status, to))
    throw new Error(`a story moves a payment from ${payment.status} to ${to}`);
  const from = payment.status;
  payment.status = to;
  payment.version += 1;
  payment.updatedAt = line.at;
  story.history.push({ ...line, version: payment.version, from, to });
}

function note(
  story: Story,
  kind: string,
  cancel: SeedCancel | null,
  detail: HistoryLine["detail"],
  at: Date,
): void {
  story.history.push({
    version: story.payment.version,
    kind,
    from: null,
    to: null,
    cancel,
    actorType: "system",
    actorId: "system",
    detail,
    at,
  });
}

function tell(story: Story, type: string, at: Date, cancel: SeedCancel | null = null): void {
  story.events.push({
    sequence: 0,
    type,
    at,
    cancel,
    payment: { ...story.payment },
    cancels: story.cancels.map((one) => ({ of: one, asThen: { ...one } })),
  });
}

function exchange(
  story: Story,
  line: Omit<ExchangeLine, "id" | "cancel" | "traceNo"> & { cancel?: SeedCancel },
): ExchangeLine {
  const { cancel = null } = line;
  const kept = {
    ...line,
    id: 0,
    cancel,
    traceNo: cancel ? cancel.traceNo : story.payment.traceNo,
    durationMs: Math.round(line.durationMs),
  };
  story.exchanges.push(kept);
  return kept;
}

const byMall = (payment: SeedPayment) => ({ actorType: "mall", actorId: payment.mallId }) as const;

type Hops = { validateMs: number; lockMs: number; commit1Ms: number };

function hopsBefore(random: Random): Hops {
  return {
    validateMs: tenth(random.around(1.6, 0.5)),
    lockMs: tenth(random.around(0.7, 0.4)),
    commit1Ms: tenth(random.around(3.4, 0.5)),
  };
}

/** Writes the outcome of the approval down: when it was answered and how long each hop took. */
function answer(
  story: Story,
  random: Random,
  hops: Hops,
  vanMs: number,
): { at: Date; sentAt: Date; detail: Record<string, unknown> } {
  const { payment } = story;
  const ownMs = hops.validateMs + hops.lockMs + hops.commit1Ms;
  const sentAt = after(payment.requestedAt, ownMs);
  const at = after(sentAt, vanMs);
  const totalMs = tenth(ownMs + vanMs + 0.2);
  story.commit2Ms = tenth(random.around(3.6, 0.5));
  payment.answeredAt = at;
  payment.vanDurationMs = Math.round(vanMs);
  payment.totalDurationMs = Math.round(totalMs);
  return {
    at,
    sentAt,
    detail: { ...hops, vanMs: tenth(vanMs), totalMs, van: payment.vanCode, traceId: payment.traceId },
  };
}

/** The VAN approves. */
export function approve(story: Story, random: Random, vanMs: number): void {
  const { payment } = story;
  const { at, sentAt, detail } = answer(story, random, hopsBefore(random), vanMs);
  const issuer = issuerOf(payment.cardBin ?? "");
  const words = answerOf(payment.vanCode, "OK");
  payment.approvedAt = at;
  payment.issuerCode = issuer.code;
  payment.issuerName = issuer.name;
  payment.vanResponseCode = words.code;
  payment.vanResponseMessage = words.text;
  exchange(story, {
    operation: "APPROVE",
    outcome: "approved",
    reason: "OK",
    because: null,
    startedAt: sentAt,
    durationMs: vanMs,
  });
  story.vanLines.push({ at: after(sentAt, vanMs * 0.6), line: { type: "APPROVE", reason: "OK" } });
  story.postings.push({ cancel: null, postings: approvalPostings(payment), at });
  move(story, "DONE", { kind: "approved", cancel: null, ...byMall(payment), detail, at });
  tell(story, "payment.approved", at);
}

/** The card issuer says no. */
export function decline(story: Story, random: Random, code: DeclineCode, vanMs: number): void {
  const { payment } = story;
  const { at, sentAt, detail } = answer(story, random, hopsBefore(random), vanMs);
  const words = answerOf(payment.vanCode, code);
  payment.failureCode = code;
  payment.vanResponseCode = words.code;
  payment.vanResponseMessage = words.text;
  exchange(story, {
    operation: "APPROVE",
    outcome: "declined",
    reason: code,
    because: null,
    startedAt: sentAt,
    durationMs: vanMs,
  });
  story.vanLines.push({ at: after(sentAt, vanMs * 0.6), line: { type: "APPROVE", reason: code } });
  move(story, "ABORTED", {
    kind: "declined",
    cancel: null,
    ...byMall(payment),
    detail: { ...detail, code },
    at,
  });
  tell(story, "payment.failed", at);
}

/** Nothing left us: the VAN could not be reached. */
export function failToSend(story: Story, random: Random, because: "refused" | "connect_timeout"): void {
  const vanMs =
    because === "refused" ? random.around(2, 0.3) : demoVanSettings.connectTimeoutMs + random.int(1, 6);
  const { at, sentAt, detail } = answer(story, random, hopsBefore(random), vanMs);
  story.payment.failureCode = "VAN_UNAVAILABLE";
  exchange(story, {
    operation: "APPROVE",
    outcome: "not_sent",
    reason: null,
    because,
    startedAt: sentAt,
    durationMs: vanMs,
  });
  move(story, "ABORTED", {
    kind: "not_sent",
    cancel: null,
    ...byMall(story.payment),
    detail: { ...detail, because },
    at,
  });
  tell(story, "payment.failed", at);
}

/** The VAN was asked and gave no answer that can be read (NC-2). `reached`: it did approve. */
export function loseReply(story: Story, random: Random, because: Unanswered, reached: boolean): Date {
  const { payment } = story;
  const vanMs =
    because === "timeout" ? demoVanSettings.approveTimeoutMs + random.int(1, 9) : random.around(300, 0.4);
  const { at, sentAt, detail } = answer(story, random, hopsBefore(random), vanMs);
  payment.unknownReason = because;
  exchange(story, {
    operation: "APPROVE",
    outcome: "unknown",
    reason: null,
    because,
    startedAt: sentAt,
    durationMs: vanMs,
  });
  if (reached) story.vanLines.push({ at: after(sentAt, 180), line: { type: "APPROVE", reason: "OK" } });
  move(story, "UNKNOWN", {
    kind: "unknown",
    cancel: null,
    actorType: "system",
    actorId: "system",
    detail: { ...detail, because },
    at,
  });
  tell(story, "payment.unknown", at);
  return at;
}

export type NetCancelTry =
  | Readonly<{ kind: "canceled" }>
  | Readonly<{ kind: "original_not_found" }>
  /** `reached`: the VAN did reverse it, and its answer was lost. */
  | Readonly<{ kind: "unknown"; because: Unanswered; reached: boolean }>
  | Readonly<{ kind: "not_sent" }>;

/** One net cancel is sent (NC-4). `isFinal`: its answer settles the matter. Returns when the try was over. */
export function tryNetCancel(
  story: Story,
  random: Random,
  at: Date,
  outcome: NetCancelTry,
  isFinal: boolean,
): { at: Date; exchange: ExchangeLine } {
  const { payment } = story;
  const durationMs =
    outcome.kind === "unknown"
      ? outcome.because === "timeout"
        ? demoVanSettings.netCancelTimeoutMs + random.int(1, 8)
        : random.around(220, 0.3)
      : outcome.kind === "not_sent"
        ? random.around(2, 0.3)
        : random.around(190, 0.35);
  const endAt = after(at, durationMs);
  const known =
    outcome.kind === "canceled" ? "OK" : outcome.kind === "original_not_found" ? "ORIGINAL_NOT_FOUND" : null;
  const because =
    outcome.kind === "unknown" ? outcome.because : outcome.kind === "not_sent" ? "refused" : null;
  const kept = exchange(story, {
    operation: "NET_CANCEL",
    outcome: outcome.kind,
    reason: known,
    because,
    startedAt: at,
    durationMs,
  });
  const vanAt = after(at, durationMs * 0.6);
  if (outcome.kind === "canceled" || (outcome.kind === "unknown" && outcome.reached)) {
    const repeated = story.vanLines.some(
      ({ line }) => line.type === "NET_CANCEL" && line.result === "NET_CANCELED",
    );
    story.vanLines.push({
      at: outcome.kind === "canceled" ? vanAt : after(at, 150),
      line: repeated
        ? { type: "NET_CANCEL", result: "DUPLICATE", reason: "ALREADY_NET_CANCELED" }
        : { type: "NET_CANCEL", result: "NET_CANCELED", reason: "OK" },
    });
  } else if (outcome.kind === "original_not_found") {
    story.vanLines.push({
      at: vanAt,
      line: {
        type: "NET_CANCEL",
        result: payment.vanCode === "SBX1" ? "TOMBSTONED" : "NOT_FOUND",
        reason: "ORIGINAL_NOT_FOUND",
      },
    });
  }
  const vanMs = tenth(durationMs);
  if (isFinal) {
    const detail = { reason: outcome.kind === "original_not_found" ? "not_found" : "confirmed", vanMs };
    move(story, "NET_CANCELED", {
      kind: "net_canceled",
      cancel: null,
      actorType: "system",
      actorId: "system",
      detail,
      at: endAt,
    });
    tell(story, "payment.net_canceled", endAt);
  } else {
    const responseCode = known ? answerOf(payment.vanCode, known).code : null;
    note(
      story,
      "net_cancel_tried",
      null,
      { outcome: outcome.kind, ...(because ? { because } : {}), responseCode, vanMs },
      endAt,
    );
  }
  return { at: endAt, exchange: kept };
}

/** The inquiries that follow a net cancel (NC-8), those that were due before `now`. */
export function followUp(story: Story, random: Random, settledAt: Date, now: Date): void {
  const found = story.vanLines.some(({ line }) => line.type === "APPROVE");
  for (const delayMs of demoVanSettings.inquiryDelaysMs) {
    const at = after(settledAt, delayMs + random.int(5, 400));
    const durationMs = random.around(120, 0.3);
    if (after(at, durationMs) >= now) return;
    exchange(story, {
      operation: "INQUIRY",
      outcome: found ? "net_canceled" : "not_found",
      reason: found ? "OK" : "ORIGINAL_NOT_FOUND",
      because: null,
      startedAt: at,
      durationMs,
    });
    story.vanLines.push({
      at: after(at, durationMs * 0.6),
      line: {
        type: "INQUIRY",
        result: found ? "FOUND" : "NOT_FOUND",
        reason: found ? "OK" : "ORIGINAL_NOT_FOUND",
        cancel: null,
      },
    });
  }
}

/** The VAN booked the approval after it had answered "no original": found by inquiry and reversed (NC-8). */
export function findLateApproval(story: Story, random: Random, settledAt: Date): void {
  const bookedAt = after(settledAt, 4_000);
  story.vanLines.push({ at: bookedAt, line: { type: "APPROVE", reason: "OK", late: true } });
  const at = after(settledAt, demoVanSettings.inquiryDelaysMs[0] + 40);
  const durationMs = random.around(120, 0.2);
  exchange(story, {
    operation: "INQUIRY",
    outcome: "approved",
    reason: "OK",
    because: null,
    startedAt: at,
    durationMs,
  });
  story.vanLines.push({
    at: after(at, durationMs * 0.6),
    line: { type: "INQUIRY", result: "FOUND", reason: "OK", cancel: null },
  });
  const foundAt = after(at, durationMs);
  note(story, "late_approval_found", null, { source: "inquiry" }, foundAt);
  const reversedAt = after(foundAt, 320);
  exchange(story, {
    operation: "NET_CANCEL",
    outcome: "canceled",
    reason: "OK",
    because: null,
    startedAt: reversedAt,
    durationMs: 170,
  });
  story.vanLines.push({
    at: after(reversedAt, 100),
    line: { type: "NET_CANCEL", result: "NET_CANCELED", reason: "OK" },
  });
  note(
    story,
    "net_cancel_tried",
    null,
    { outcome: "canceled", responseCode: answerOf(story.payment.vanCode, "OK").code, vanMs: 170 },
    after(reversedAt, 171),
  );
  story.orphan = { foundAt, closedAt: after(reversedAt, 175) };
}

export type CancelBy = Readonly<{
  origin: Extract<Origin, "API" | "CONSOLE">;
  actorId: string;
  reason: string;
}>;

/** A cancel is asked for: commit 1 sets its amount aside (C1). The domain decides amount, tax-free part and VAT. */
export function requestCancel(story: Story, wish: CancelWish, by: CancelBy, at: Date): SeedCancel {
  const { payment } = story;
  const decision = decideCancel(payment, undefined, wish, at);
  const cancel: SeedCancel = {
    id: "",
    paymentId: "",
    status: "REQUESTED",
    origin: by.origin,
    actorId: by.actorId,
    actorType: by.origin === "CONSOLE" ? "operator" : "mall",
    amountMinor: decision.amountMinor,
    taxFreeMinor: decision.taxFreeMinor,
    vatMinor: decision.vatMinor,
    balanceBeforeMinor: decision.balanceBeforeMinor,
    reason: by.reason,
    traceNo: realIds.newTraceNo(at.getTime()),
    leaseUntil: after(at, demoVanSettings.leaseMs),
    failureCode: null,
    requestedAt: at,
    completedAt: null,
    traceId: newTraceId(),
    vanResponseCode: null,
    vanResponseMessage: null,
  };
  payment.reservedMinor += cancel.amountMinor;
  payment.reservedTaxFreeMinor += cancel.taxFreeMinor;
  payment.leaseUntil = cancel.leaseUntil;
  story.cancels.push(cancel);
  move(story, "CANCEL_PENDING", {
    kind: "cancel_requested",
    cancel,
    actorType: cancel.actorType,
    actorId: cancel.actorId,
    detail: { amount: Number(cancel.amountMinor), reason: cancel.reason, traceId: cancel.traceId },
    at,
  });
  return cancel;
}

/** The VAN gave the money back. `byInquiry`: an inquiry of the recovery job found that out. Returns when that was written. */
export function completeCancel(
  story: Story,
  cancel: SeedCancel,
  sentAt: Date,
  vanMs: number,
  byInquiry = false,
): Date {
  const { payment } = story;
  const at = after(sentAt, vanMs);
  const words = answerOf(payment.vanCode, "OK");
  exchange(story, {
    operation: byInquiry ? "INQUIRY" : "CANCEL",
    cancel,
    outcome: "canceled",
    reason: "OK",
    because: null,
    startedAt: sentAt,
    durationMs: vanMs,
  });
  story.vanLines.push({
    at: after(sentAt, vanMs * 0.6),
    line: byInquiry
      ? { type: "INQUIRY", result: "FOUND", reason: "OK", cancel }
      : { type: "CANCEL", reason: "OK", cancel },
  });
  release(payment, cancel);
  payment.canceledMinor += cancel.amountMinor;
  payment.canceledTaxFreeMinor += cancel.taxFreeMinor;
  cancel.status = "SUCCEEDED";
  cancel.completedAt = at;
  cancel.vanResponseCode = words.code;
  cancel.vanResponseMessage = words.text;
  const isWhole = payment.canceledMinor === payment.amountMinor;
  story.postings.push({ cancel, postings: reversalPostings(payment, cancel.amountMinor), at });
  move(story, isWhole ? "CANCELED" : "PARTIAL_CANCELED", {
    kind: "cancel_succeeded",
    cancel,
    ...(byInquiry ? bySystem : byAsker(cancel)),
    detail: cancelDetail(payment, cancel, vanMs),
    at,
  });
  tell(story, isWhole ? "payment.canceled" : "payment.partially_canceled", at, cancel);
  return at;
}

const bySystem = { actorType: "system", actorId: "system" } as const;
const byAsker = (cancel: SeedCancel) => ({ actorType: cancel.actorType, actorId: cancel.actorId });
const cancelDetail = (payment: SeedPayment, cancel: SeedCancel, vanMs: number) => ({
  amount: Number(cancel.amountMinor),
  vanMs: tenth(vanMs),
  van: payment.vanCode,
  traceId: cancel.traceId,
});

/** The VAN refuses the cancel; the payment is what it was. */
export function refuseCancel(
  story: Story,
  random: Random,
  cancel: SeedCancel,
  sentAt: Date,
  code: "NOT_ALLOWED_PARTIAL_CANCEL" | "INSUFFICIENT_SETTLEMENT_BALANCE",
  reason: Reason,
): void {
  const { payment } = story;
  const vanMs = random.around(210, 0.3);
  const at = after(sentAt, vanMs);
  const words = answerOf(payment.vanCode, reason);
  exchange(story, {
    operation: "CANCEL",
    cancel,
    outcome: "refused",
    reason,
    because: null,
    startedAt: sentAt,
    durationMs: vanMs,
  });
  story.vanLines.push({ at: after(sentAt, vanMs * 0.6), line: { type: "CANCEL", reason, cancel } });
  release(payment, cancel);
  cancel.status = "FAILED";
  cancel.completedAt = at;
  cancel.failureCode = code;
  cancel.vanResponseCode = words.code;
  cancel.vanResponseMessage = words.text;
  move(story, payment.canceledMinor > 0n ? "PARTIAL_CANCELED" : "DONE", {
    kind: "cancel_failed",
    cancel,
    ...byAsker(cancel),
    detail: { ...cancelDetail(payment, cancel, vanMs), code },
    at,
  });
  tell(story, "cancel.failed", at, cancel);
}

/** The VAN was asked to cancel and gave no answer that can be used. `reached`: it did cancel. Returns when that was written. */
export function loseCancelReply(
  story: Story,
  random: Random,
  cancel: SeedCancel,
  sentAt: Date,
  because: Unanswered | "unknown_code",
  reached: boolean,
): Date {
  const durationMs =
    because === "timeout"
      ? demoVanSettings.connectTimeoutMs + demoVanSettings.cancelTimeoutMs + random.int(1, 9)
      : random.around(240, 0.3);
  const at = after(sentAt, durationMs);
  exchange(story, {
    operation: "CANCEL",
    cancel,
    outcome: "unknown",
    reason: null,
    because,
    startedAt: sentAt,
    durationMs,
  });
  if (reached)
    story.vanLines.push({ at: after(sentAt, 160), line: { type: "CANCEL", reason: "OK", cancel } });
  cancel.status = "UNKNOWN";
  note(story, "cancel_unknown", cancel, { because }, at);
  return at;
}

/** The recovery job asks how the cancel ended and gets no answer that can be used. */
export function loseCancelInquiry(
  story: Story,
  random: Random,
  cancel: SeedCancel,
  at: Date,
  because: "timeout" | "unknown_code",
): { at: Date; exchange: ExchangeLine } {
  const durationMs =
    because === "timeout" ? demoVanSettings.inquiryTimeoutMs + random.int(1, 9) : random.around(110, 0.3);
  const kept = exchange(story, {
    operation: "INQUIRY",
    cancel,
    outcome: "unknown",
    reason: null,
    because,
    startedAt: at,
    durationMs,
  });
  return { at: after(at, durationMs), exchange: kept };
}

function release(payment: SeedPayment, cancel: SeedCancel): void {
  payment.reservedMinor -= cancel.amountMinor;
  payment.reservedTaxFreeMinor -= cancel.taxFreeMinor;
}
