import type { Random } from "#prisma/seed/random.ts";
import type { Scheduler } from "#scripts/sim/scheduler.ts";
import type { SimProcess } from "#scripts/sim/sim-process.ts";
import type {
  ApprovalOutcome,
  CancelOutcome,
  CancelRequest,
  InquiryOutcome,
  NetCancelOutcome,
  NotSent,
  Unknown,
  VanDeadline,
  VanExchange,
  VanGateway,
  VanOriginal,
} from "#server/van/van-gateway.ts";

export type VanVerb = "approve" | "cancel" | "net_cancel" | "inquire";

/**
 * What befalls one message. `late` reaches the VAN `delayMs` after it was sent, long after its sender has given up; `slow`
 * takes so long and is answered. `garbled`, `wrong_amount` and `unknown_code` are done by the VAN and answered so that
 * nobody can trust the answer. `duplicated` arrives twice. `acquired`: the VAN takes no net cancel of it any more.
 */
export type VanFault =
  | Readonly<{
      kind:
        | "none"
        | "refused"
        | "request_lost"
        | "reply_lost"
        | "garbled"
        | "wrong_amount"
        | "unknown_code"
        | "refused_connection"
        | "duplicated"
        | "acquired"
        | "acquired_reply_lost";
    }>
  | Readonly<{ kind: "late" | "slow"; delayMs: number }>;

export type VanMessage = Readonly<{ verb: VanVerb; vanCode: string; traceNo: string; original: VanOriginal }>;

export type SimApproval = {
  readonly original: VanOriginal;
  readonly approvalNo: string;
  readonly decidedAtMs: number;
  state: "approved" | "declined" | "net_canceled";
  canceledMinor: bigint;
  isAcquired: boolean;
};

/** Two approvals of one order that were live at once. */
export type Overlap = Readonly<{ orderId: string; traceNos: readonly [string, string] }>;

/** What the VAN says to one message, before the line has its way with it. */
type Verdict<T> = Readonly<{ words: string; outcome: (exchange: VanExchange) => T }>;

const latencyMs = { min: 20, max: 400, step: 20 };

/**
 * A VAN with a ledger of its own, written independently of the sandbox: the other side of the comparison. Every message
 * takes virtual time there and back; a trace number is acted on once. `unknownOriginal` says what a net cancel of an
 * unseen approval leaves behind (D4).
 */
export class SimVan {
  readonly code: string;
  readonly unknownOriginal: "tombstone" | "notfound";
  readonly approvals = new Map<string, SimApproval>();
  readonly cancels = new Map<
    string,
    Readonly<{ originalTraceNo: string; amountMinor: bigint; result: "canceled" | "refused" }>
  >();
  readonly overlaps: Overlap[] = [];
  /** How often each message was sent, by verb and trace number. */
  readonly sent = new Map<string, number>();
  /** Nobody can connect before this instant. */
  downUntilMs = 0;
  chooseFault: (message: VanMessage) => VanFault = () => ({ kind: "none" });
  readonly #approvalsOfOrder = new Map<string, SimApproval[]>();
  readonly #cancelsOfApproval = new Map<string, string[]>();
  readonly #tombstones = new Set<string>();
  readonly #scheduler: Scheduler;
  readonly #random: Random;
  readonly #liveOfOrder: Map<string, Set<string>>;

  /** `liveOfOrder` is shared by the VANs of a world: an order may be live at one of them only. */
  constructor(
    code: string,
    unknownOriginal: "tombstone" | "notfound",
    world: { scheduler: Scheduler; random: Random; liveOfOrder: Map<string, Set<string>> },
  ) {
    this.code = code;
    this.unknownOriginal = unknownOriginal;
    this.#scheduler = world.scheduler;
    this.#random = world.random;
    this.#liveOfOrder = world.liveOfOrder;
  }

  approvalsOf(orderId: string): readonly SimApproval[] {
    return this.#approvalsOfOrder.get(orderId) ?? [];
  }

  overlapsOf(orderId: string): readonly Overlap[] {
    return this.overlaps.filter((overlap) => overlap.orderId === orderId);
  }

  /** The trace numbers by which an approval was given back. */
  cancelsOf(traceNo: string): readonly string[] {
    return this.#cancelsOfApproval.get(traceNo) ?? [];
  }

  /** The gateway of one process: the contract of `VanGateway` over a line that loses, delays and doubles. */
  gatewayOf(process: SimProcess): VanGateway {
    const van = this;
    let inFlight = 0;
    async function call<T>(
      verb: VanVerb,
      traceNo: string,
      original: VanOriginal,
      deadline: VanDeadline,
      decide: (fault: VanFault) => Verdict<T>,
    ): Promise<T | Unknown | NotSent> {
      inFlight++;
      const outcome = await van.#carry(
        process,
        { verb, vanCode: van.code, traceNo, original },
        deadline,
        decide,
      );
      inFlight--;
      return outcome;
    }
    return {
      code: van.code,
      approve: ({ original }, deadline) =>
        call("approve", original.traceNo, original, deadline, (fault) =>
          van.#decideApproval(original, fault),
        ),
      cancel: (request, deadline) =>
        call("cancel", request.traceNo, request.original, deadline, (fault) =>
          van.#decideCancel(request, fault),
        ),
      netCancel: ({ original }, deadline) =>
        call("net_cancel", original.traceNo, original, deadline, () => van.#decideNetCancel(original)),
      inquire: ({ original, traceNo }, deadline) =>
        call("inquire", traceNo, original, deadline, () => van.#decideInquiry(original, traceNo)),
      admitsInMs: () => 0,
      admit: () => undefined,
      health: () => ({
        reachable: van.#scheduler.nowMs >= van.downUntilMs,
        inFlight,
        lastAnswerAt: null,
        lastError: null,
        circuit: {
          state: van.#scheduler.nowMs >= van.downUntilMs ? "CLOSED" : "OPEN",
          since: new Date(0),
          reason: null,
          nextProbeAt: null,
        },
      }),
      close: async () => undefined,
    };
  }

  /** Brings a message there and its answer back, or not; always answers by the deadline. */
  #carry<T>(
    process: SimProcess,
    message: VanMessage,
    deadline: VanDeadline,
    decide: (fault: VanFault) => Verdict<T>,
  ): Promise<T | Unknown | NotSent> {
    const scheduler = this.#scheduler;
    const calledAtMs = scheduler.nowMs;
    const { verb, traceNo } = message;
    const about = `${this.code} ${verb} ${traceNo} of ${message.original.orderId}`;
    return process.exchange(`van`, about, (answer) => {
      const sentAtMs = scheduler.nowMs;
      const exchangeAt = (atMs: number, answered: boolean, error?: string): VanExchange => ({
        requestBytes: new TextEncoder().encode(about),
        responseBytes: answered ? new TextEncoder().encode(verb) : null,
        startedAt: new Date(sentAtMs),
        durationMs: atMs - sentAtMs,
        responseCode: answered ? "0000" : undefined,
        error,
      });
      if (sentAtMs < this.downUntilMs) {
        const atMs = sentAtMs + 20;
        const exchange = exchangeAt(atMs, false, "connection refused");
        answer(atMs, { kind: "not_sent", because: "refused", exchange }, "not sent: the VAN is down");
        return;
      }
      const fault = this.chooseFault(message);
      if (fault.kind === "refused_connection") {
        const atMs = sentAtMs + 20;
        const exchange = exchangeAt(atMs, false, "connection refused");
        answer(atMs, { kind: "not_sent", because: "refused", exchange }, "not sent: connection refused");
        return;
      }
      const key = `${verb} ${traceNo}`;
      this.sent.set(key, (this.sent.get(key) ?? 0) + 1);
      // The clock of a paused process runs on: its deadline may pass the moment it wakes, or count from then.
      const countsFromMs = this.#random.chance(0.5) ? calledAtMs : sentAtMs;
      const deadlineMs = Math.max(sentAtMs, countsFromMs + deadline.totalTimeoutMs);
      answer(
        deadlineMs,
        {
          kind: "unknown",
          because: "timeout",
          exchange: exchangeAt(deadlineMs, false, "no answer within the deadline"),
        },
        "timeout",
      );
      if (fault.kind === "request_lost") return;

      const delayMs = "delayMs" in fault ? fault.delayMs : this.#latencyMs();
      const arrivals = fault.kind === "duplicated" ? [delayMs, delayMs + this.#latencyMs()] : [delayMs];
      for (const afterMs of arrivals) {
        scheduler.at(sentAtMs + afterMs, "", () => {
          const verdict = decide(fault);
          scheduler.note(`· ${about}: ${verdict.words}${fault.kind === "none" ? "" : ` (${fault.kind})`}`);
          if (fault.kind === "reply_lost" || fault.kind === "acquired_reply_lost") return;
          const atMs = scheduler.nowMs + this.#latencyMs();
          const exchange = exchangeAt(atMs, true);
          if (fault.kind === "garbled")
            answer(atMs, { kind: "unknown", because: "unreadable", exchange }, "an unreadable answer");
          else if (fault.kind === "wrong_amount")
            answer(
              atMs,
              { kind: "unknown", because: "mismatch", exchange },
              "an answer about another amount",
            );
          else if (fault.kind === "unknown_code")
            answer(
              atMs,
              { kind: "unknown", because: "unknown_code", exchange },
              "an answer with an unknown code",
            );
          else answer(atMs, verdict.outcome(exchange), verdict.words);
        });
      }
    });
  }

  #latencyMs(): number {
    return this.#random.int(latencyMs.min / latencyMs.step, latencyMs.max / latencyMs.step) * latencyMs.step;
  }

  #decideApproval(original: VanOriginal, fault: VanFault): Verdict<ApprovalOutcome> {
    const earlier = this.approvals.get(original.traceNo);
    if (earlier) return earlier.state === "declined" ? declined : this.#approved(earlier);
    const isBlocked = this.#tombstones.has(original.traceNo);
    const approval: SimApproval = {
      original,
      approvalNo: String(30_000_001 + this.approvals.size),
      decidedAtMs: this.#scheduler.nowMs,
      state: isBlocked || fault.kind === "refused" ? "declined" : "approved",
      canceledMinor: 0n,
      isAcquired: fault.kind === "acquired" || fault.kind === "acquired_reply_lost",
    };
    this.approvals.set(original.traceNo, approval);
    append(this.#approvalsOfOrder, original.orderId, approval);
    if (approval.state === "declined") return declined;
    const live = this.#liveOf(original);
    for (const other of live)
      this.overlaps.push({ orderId: original.orderId, traceNos: [other, original.traceNo] });
    live.add(original.traceNo);
    return this.#approved(approval);
  }

  #approved({ approvalNo }: SimApproval): Verdict<ApprovalOutcome> {
    return {
      words: "approved",
      outcome: (exchange) => ({
        kind: "approved",
        approvalNo,
        issuerCode: "06",
        issuerName: "신한",
        exchange,
      }),
    };
  }

  #liveOf({ mallId, orderId }: VanOriginal): Set<string> {
    const key = `${mallId} ${orderId}`;
    const live = this.#liveOfOrder.get(key) ?? new Set();
    this.#liveOfOrder.set(key, live);
    return live;
  }

  #decideCancel(request: CancelRequest, fault: VanFault): Verdict<CancelOutcome> {
    const { traceNo, original, amountMinor } = request;
    const earlier = this.cancels.get(traceNo);
    const refusal = earlier
      ? earlier.result === "canceled"
        ? undefined
        : ("VAN_ERROR" as const)
      : this.#refusalOf(request, fault);
    if (!earlier) {
      const result = refusal ? "refused" : "canceled";
      this.cancels.set(traceNo, { originalTraceNo: original.traceNo, amountMinor, result });
      const approval = this.approvals.get(original.traceNo);
      if (approval && !refusal) {
        append(this.#cancelsOfApproval, original.traceNo, traceNo);
        approval.canceledMinor += amountMinor;
        if (approval.canceledMinor === approval.original.amountMinor)
          this.#liveOf(original).delete(original.traceNo);
      }
    }
    return refusal
      ? { words: `refused as ${refusal}`, outcome: (exchange) => ({ kind: "refused", refusal, exchange }) }
      : { words: `canceled ${amountMinor}`, outcome: (exchange) => ({ kind: "canceled", exchange }) };
  }

  #refusalOf(request: CancelRequest, fault: VanFault) {
    const approval = this.approvals.get(request.original.traceNo);
    if (approval?.state !== "approved" || approval.approvalNo !== request.approvalNo)
      return "NOT_CANCELABLE_PAYMENT" as const;
    const balance = approval.original.amountMinor - approval.canceledMinor;
    if (balance === 0n) return "ALREADY_CANCELED_PAYMENT" as const;
    if (request.amountMinor > balance || request.balanceBeforeMinor !== balance)
      return "NOT_CANCELABLE_AMOUNT" as const;
    if (!request.partial && (approval.canceledMinor > 0n || request.amountMinor !== balance))
      return "VAN_ERROR" as const;
    return fault.kind === "refused" ? ("INSUFFICIENT_SETTLEMENT_BALANCE" as const) : undefined;
  }

  #decideNetCancel(original: VanOriginal): Verdict<NetCancelOutcome> {
    const approval = this.approvals.get(original.traceNo);
    if (!approval || approval.original.amountMinor !== original.amountMinor) {
      if (this.unknownOriginal === "tombstone") this.#tombstones.add(original.traceNo);
      return { words: "no original", outcome: (exchange) => ({ kind: "original_not_found", exchange }) };
    }
    const isGone = approval.canceledMinor === approval.original.amountMinor;
    if (approval.state === "approved" && !isGone) {
      if (approval.canceledMinor > 0n)
        return { words: "refused: partly canceled", outcome: (exchange) => ({ kind: "refused", exchange }) };
      if (approval.isAcquired)
        return { words: "already acquired", outcome: (exchange) => ({ kind: "already_acquired", exchange }) };
      approval.state = "net_canceled";
      this.#liveOf(original).delete(original.traceNo);
    }
    return { words: "net canceled", outcome: (exchange) => ({ kind: "canceled", exchange }) };
  }

  #decideInquiry(original: VanOriginal, traceNo: string): Verdict<InquiryOutcome> {
    const approval = this.approvals.get(original.traceNo);
    const canceled = this.cancels.get(traceNo);
    if (canceled && canceled.originalTraceNo === original.traceNo) {
      const state = canceled.result === "canceled" ? "canceled" : "declined";
      return {
        words: `found ${state}`,
        outcome: (exchange) => ({
          kind: "found",
          state,
          amountMinor: canceled.amountMinor,
          canceledMinor: 0n,
          exchange,
        }),
      };
    }
    if (!approval || traceNo !== original.traceNo)
      return { words: "not found", outcome: (exchange) => ({ kind: "not_found", exchange }) };
    const { canceledMinor, approvalNo } = approval;
    const { amountMinor } = approval.original;
    const state =
      approval.state === "approved" && canceledMinor === amountMinor ? "canceled" : approval.state;
    return {
      words: `found ${state}`,
      outcome: (exchange) => ({ kind: "found", state, amountMinor, canceledMinor, approvalNo, exchange }),
    };
  }
}

const declined: Verdict<ApprovalOutcome> = {
  words: "declined",
  outcome: (exchange) => ({ kind: "declined", refusal: "CARD_LIMIT_EXCEEDED", exchange }),
};

function append<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}
