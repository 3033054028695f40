import type { CircuitState } from "#server/van/domain/circuit.ts";
import type {
  ApprovalOutcome,
  ApprovalRequest,
  CancelOutcome,
  CancelRequest,
  InquiryOutcome,
  InquiryRequest,
  NetCancelOutcome,
  NetCancelRequest,
  VanExchange,
  VanGateway,
} from "#server/van/van-gateway.ts";

/**
 * A VAN that behaves unless told otherwise, with a book of its own: what it did, whatever it answered. Each verb has a
 * queue of steps that are taken before the usual behaviour returns. `_but_done` steps do the work and lose the answer.
 */
export class ScriptedVan implements VanGateway {
  readonly code: string;
  readonly approvals = new Map<
    string,
    {
      orderId: string;
      amountMinor: bigint;
      state: "live" | "net_canceled" | "declined";
      canceledMinor: bigint;
    }
  >();
  readonly cancels = new Map<string, bigint>();
  readonly calls: {
    verb: "approve" | "cancel" | "net_cancel" | "inquire";
    traceNo: string;
    orderId: string;
  }[] = [];
  readonly next = {
    approve: [] as (
      | "timeout"
      | "timeout_but_done"
      | "timeout_but_declined"
      | "declined"
      | "not_sent"
      | (() => Promise<void>)
    )[],
    cancel: [] as (
      | "timeout"
      | "timeout_but_done"
      | "refused"
      | "already_canceled"
      | "not_sent"
      | (() => Promise<void>)
    )[],
    netCancel: [] as ("timeout" | "timeout_but_done" | "not_sent" | "already_acquired")[],
    inquire: [] as ("timeout" | "not_sent")[],
  };
  /** What its circuit breaker says; nothing that happens changes it. */
  circuit: CircuitState = "CLOSED";

  constructor(code: string) {
    this.code = code;
  }

  async approve(request: ApprovalRequest): Promise<ApprovalOutcome> {
    const { traceNo, orderId, amountMinor } = request.original;
    this.calls.push({ verb: "approve", traceNo, orderId });
    const step = this.next.approve.shift();
    if (step === "declined")
      return { kind: "declined", refusal: "CARD_LIMIT_EXCEEDED", exchange: exchange("8421") };
    if (step === "not_sent") return { kind: "not_sent", because: "refused", exchange: exchange() };
    if (step === "timeout") return { kind: "unknown", because: "timeout", exchange: exchange() };
    if (step === "timeout_but_declined") {
      this.approvals.set(traceNo, { orderId, amountMinor, state: "declined", canceledMinor: 0n });
      return { kind: "unknown", because: "timeout", exchange: exchange() };
    }
    this.approvals.set(traceNo, { orderId, amountMinor, state: "live", canceledMinor: 0n });
    if (step === "timeout_but_done") return { kind: "unknown", because: "timeout", exchange: exchange() };
    if (typeof step === "function") await step();
    return {
      kind: "approved",
      approvalNo: "30418827",
      issuerCode: "06",
      issuerName: "신한",
      exchange: exchange("0000"),
    };
  }

  async cancel(request: CancelRequest): Promise<CancelOutcome> {
    const { traceNo } = request;
    this.calls.push({ verb: "cancel", traceNo, orderId: request.original.orderId });
    const step = this.next.cancel.shift();
    if (step === "refused") return { kind: "refused", refusal: "VAN_ERROR", exchange: exchange("9999") };
    if (step === "already_canceled")
      return { kind: "refused", refusal: "ALREADY_CANCELED_PAYMENT", exchange: exchange("7003") };
    if (step === "not_sent") return { kind: "not_sent", because: "refused", exchange: exchange() };
    if (step === "timeout") return { kind: "unknown", because: "timeout", exchange: exchange() };
    if (typeof step === "function") await step();
    const approval = this.approvals.get(request.original.traceNo);
    if (approval?.state !== "live")
      return { kind: "refused", refusal: "NOT_CANCELABLE_PAYMENT", exchange: exchange("7001") };
    if (!this.cancels.has(traceNo)) {
      if (approval.canceledMinor + request.amountMinor > approval.amountMinor)
        return { kind: "refused", refusal: "NOT_CANCELABLE_AMOUNT", exchange: exchange("7002") };
      approval.canceledMinor += request.amountMinor;
      this.cancels.set(traceNo, request.amountMinor);
    }
    if (step === "timeout_but_done") return { kind: "unknown", because: "timeout", exchange: exchange() };
    return { kind: "canceled", exchange: exchange("0000") };
  }

  async netCancel({ original }: NetCancelRequest): Promise<NetCancelOutcome> {
    this.calls.push({ verb: "net_cancel", traceNo: original.traceNo, orderId: original.orderId });
    const step = this.next.netCancel.shift();
    if (step === "timeout") return { kind: "unknown", because: "timeout", exchange: exchange() };
    if (step === "not_sent") return { kind: "not_sent", because: "refused", exchange: exchange() };
    if (step === "already_acquired") return { kind: "already_acquired", exchange: exchange("2018") };
    const approval = this.approvals.get(original.traceNo);
    if (!approval) return { kind: "original_not_found", exchange: exchange("2001") };
    approval.state = "net_canceled";
    if (step === "timeout_but_done") return { kind: "unknown", because: "timeout", exchange: exchange() };
    return { kind: "canceled", exchange: exchange("0000") };
  }

  async inquire({ original, traceNo }: InquiryRequest): Promise<InquiryOutcome> {
    this.calls.push({ verb: "inquire", traceNo, orderId: original.orderId });
    const step = this.next.inquire.shift();
    if (step === "timeout") return { kind: "unknown", because: "timeout", exchange: exchange() };
    if (step === "not_sent") return { kind: "not_sent", because: "refused", exchange: exchange() };
    const canceled = this.cancels.get(traceNo);
    if (canceled !== undefined)
      return {
        kind: "found",
        state: "canceled",
        amountMinor: canceled,
        canceledMinor: 0n,
        exchange: exchange("0000"),
      };
    const approval = this.approvals.get(traceNo);
    if (!approval) return { kind: "not_found", exchange: exchange("2001") };
    const state =
      approval.state === "live"
        ? approval.canceledMinor === approval.amountMinor
          ? "canceled"
          : "approved"
        : approval.state;
    return {
      kind: "found",
      state,
      amountMinor: approval.amountMinor,
      canceledMinor: approval.canceledMinor,
      approvalNo: "30418827",
      exchange: exchange("0000"),
    };
  }

  /** What the VAN still holds of an order's approvals: the referee's figure. */
  liveMinor(orderId: string): bigint {
    let live = 0n;
    for (const approval of this.approvals.values()) {
      if (approval.orderId === orderId && approval.state === "live")
        live += approval.amountMinor - approval.canceledMinor;
    }
    return live;
  }

  countOf(verb: "approve" | "cancel" | "net_cancel" | "inquire", orderId: string): number {
    return this.calls.filter((call) => call.verb === verb && call.orderId === orderId).length;
  }

  admitsInMs(): number {
    return this.circuit === "OPEN" ? 5_000 : 0;
  }

  admit(): void {}

  health() {
    const circuit = { state: this.circuit, since: new Date(0), reason: null, nextProbeAt: null };
    return { reachable: true, inFlight: 0, lastAnswerAt: null, lastError: null, circuit };
  }

  async close(): Promise<void> {}
}

function exchange(responseCode?: string): VanExchange {
  return {
    requestBytes: new TextEncoder().encode("request"),
    responseBytes: responseCode ? new TextEncoder().encode(responseCode) : null,
    startedAt: new Date(),
    durationMs: 12,
    responseCode,
    responseMessage: responseCode === "0000" ? "정상" : undefined,
    error: responseCode ? undefined : "no answer within the deadline",
  };
}
