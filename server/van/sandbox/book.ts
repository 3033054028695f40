import { approvalNoOf, issuerOf } from "./issuers.ts";
import type {
  ApprovalLine,
  CancelLine,
  JournalLine,
  LateLine,
  LedgerLine,
  NetCancelLine,
  Reason,
} from "./journal-format.ts";

type Common = Readonly<{
  traceNo: string;
  mallId: string;
  orderId: string;
  amount: number;
  testCode: string;
}>;
export type ApproveMessage = Common &
  Readonly<{
    type: "APPROVE";
    currency: string;
    cardNumber: string;
    cardExpiry: string;
    installmentMonths: number;
  }>;
export type CancelMessage = Common &
  Readonly<{ type: "CANCEL"; originalTraceNo: string; balanceBefore: number; partial: boolean }>;
export type NetCancelMessage = Common & Readonly<{ type: "NET_CANCEL" }>;
/** `amount` is that of the approval, as in the message. */
export type InquiryMessage = Common & Readonly<{ type: "INQUIRY"; originalTraceNo: string }>;
/** A message as any of the protocols says it. `amount` is an integer of minor units with at most twelve digits, exact in a JSON number. */
export type VanMessage = ApproveMessage | CancelMessage | NetCancelMessage | InquiryMessage;

export type ApprovalState = "APPROVED" | "DECLINED" | "NET_CANCELED" | "CANCELED";

/** One approval in the book. */
export type Approval = {
  readonly line: ApprovalLine;
  canceled: number;
  netCanceledAt: string | null;
};

/** What the VAN has to say to one message, before a protocol writes it down. */
export type Verdict = Readonly<{
  line: LedgerLine;
  approval: Approval | null;
  /** Inquiries: the state of what was asked for. */
  state?: ApprovalState;
}>;

export type MallSummary = {
  approved: { count: number; amount: number };
  canceled: { count: number; amount: number };
  netCanceled: { count: number; amount: number };
  live: { count: number; amount: number };
};

/** What a VAN answers to a net cancel of an approval it never saw (D4). */
export type UnknownOriginal = "tombstone" | "notfound";

export function stateOf(approval: Approval): ApprovalState {
  if (approval.line.result !== "APPROVED") return "DECLINED";
  if (approval.netCanceledAt) return "NET_CANCELED";
  return approval.canceled === approval.line.amount ? "CANCELED" : "APPROVED";
}

/**
 * What an acquirer network knows: approvals, what was given back of them, and every message it processed.
 * `decide…` says what a message comes to and changes nothing; `apply` takes a line in, at run time and
 * when the journal is replayed alike.
 */
export class Book {
  readonly ledger: LedgerLine[] = [];
  readonly approvals = new Map<string, Approval>();
  readonly cancels = new Map<string, CancelLine>();
  readonly scripts = new Map<string, { code: string; used: Map<number, number> }>();
  /** Approvals to be booked later, by trace number. */
  readonly late = new Map<string, LateLine>();
  readonly #byOrder = new Map<string, number[]>();
  readonly #tombstones = new Set<string>();
  readonly #summary = new Map<string, MallSummary>();
  readonly #vanCode: string;
  #approvedCount = 0;

  constructor(vanCode: string) {
    this.#vanCode = vanCode;
  }

  /** Declines with `decline`; otherwise approves, unless the trace number was seen or blocked before. */
  decideApproval(request: LateLine["request"], decline: Reason | null, at: Date, late = false): Verdict {
    const { traceNo, mallId, orderId, amount, currency, bin, last4, installmentMonths } = request;
    const issuer = issuerOf(bin);
    const base = {
      type: "APPROVE",
      at: at.toISOString(),
      traceNo,
      mallId,
      orderId,
      amount,
      currency,
      bin,
      last4,
      issuerCode: issuer.code,
      issuerName: issuer.name,
      installmentMonths,
      ...(late ? { late } : {}),
    } as const;
    const earlier = this.approvals.get(traceNo);
    if (earlier) {
      const same =
        earlier.line.mallId === mallId && earlier.line.orderId === orderId && earlier.line.amount === amount;
      const reason = same ? earlier.line.reason : "TRACE_REUSED";
      const line = {
        ...base,
        result: "DUPLICATE",
        reason,
        approvalNo: same ? earlier.line.approvalNo : "",
      } as const;
      return { line, approval: same ? earlier : null };
    }
    const reason = this.#tombstones.has(traceNo) ? "BLOCKED_BY_NET_CANCEL" : (decline ?? "OK");
    const line: ApprovalLine =
      reason === "OK"
        ? {
            ...base,
            result: "APPROVED",
            reason,
            approvalNo: approvalNoOf(this.#vanCode, this.#approvedCount),
          }
        : { ...base, result: "DECLINED", reason, approvalNo: "" };
    return { line, approval: null };
  }

  /** The same trace number again gets the same answer and does nothing. `refuse` asks for a refusal. */
  decideCancel(message: CancelMessage, refuse: Reason | null, at: Date): Verdict {
    const { traceNo, mallId, orderId, amount, originalTraceNo } = message;
    const base = {
      type: "CANCEL",
      at: at.toISOString(),
      traceNo,
      mallId,
      orderId,
      amount,
      originalTraceNo,
    } as const;
    const approval = this.#original(originalTraceNo, message);
    const earlier = this.cancels.get(traceNo);
    if (earlier) {
      const same =
        earlier.originalTraceNo === originalTraceNo &&
        earlier.amount === amount &&
        earlier.mallId === mallId &&
        earlier.orderId === orderId;
      return {
        line: { ...base, result: "DUPLICATE", reason: same ? earlier.reason : "TRACE_REUSED" },
        approval,
      };
    }
    const reason = this.#refusalOfCancel(approval, message) ?? refuse;
    return { line: { ...base, result: reason ? "REFUSED" : "CANCELED", reason: reason ?? "OK" }, approval };
  }

  #refusalOfCancel(approval: Approval | null, message: CancelMessage): Reason | null {
    if (!approval) return "ORIGINAL_NOT_FOUND";
    const state = stateOf(approval);
    if (state === "DECLINED") return "NOT_CANCELABLE";
    if (state === "NET_CANCELED") return "NOT_CANCELABLE";
    if (state === "CANCELED") return "ALREADY_CANCELED";
    const balance = approval.line.amount - approval.canceled;
    if (message.amount > balance || message.amount <= 0) return "AMOUNT_EXCEEDS_BALANCE";
    if (message.balanceBefore !== balance) return "BALANCE_MISMATCH";
    if (!message.partial && (approval.canceled > 0 || message.amount !== balance))
      return "FULL_CANCEL_AFTER_PARTIAL";
    return null;
  }

  /** Reverses the whole approval; again is the same. What is unknown is remembered as `unknownOriginal` says. */
  decideNetCancel(
    message: NetCancelMessage,
    refuse: Reason | null,
    unknownOriginal: UnknownOriginal,
    at: Date,
  ): Verdict {
    const { traceNo, mallId, orderId, amount } = message;
    const base = { type: "NET_CANCEL", at: at.toISOString(), traceNo, mallId, orderId, amount } as const;
    const approval = this.#original(traceNo, message);
    if (refuse) return { line: { ...base, result: "REFUSED", reason: refuse }, approval };
    if (!approval || approval.line.amount !== amount) {
      const blocks = unknownOriginal === "tombstone" && !this.approvals.has(traceNo);
      return {
        line: { ...base, result: blocks ? "TOMBSTONED" : "NOT_FOUND", reason: "ORIGINAL_NOT_FOUND" },
        approval: null,
      };
    }
    switch (stateOf(approval)) {
      case "DECLINED":
        return { line: { ...base, result: "DUPLICATE", reason: "ORIGINAL_DECLINED" }, approval };
      case "NET_CANCELED":
        return { line: { ...base, result: "DUPLICATE", reason: "ALREADY_NET_CANCELED" }, approval };
      case "CANCELED":
        return { line: { ...base, result: "DUPLICATE", reason: "ALREADY_CANCELED" }, approval };
      case "APPROVED":
        if (approval.canceled > 0)
          return { line: { ...base, result: "REFUSED", reason: "NOT_CANCELABLE" }, approval };
        return { line: { ...base, result: "NET_CANCELED", reason: "OK" }, approval };
    }
  }

  /** The fate of an earlier message, by its trace number: an approval or a cancel. */
  decideInquiry(message: InquiryMessage, at: Date): Verdict {
    const { traceNo, mallId, orderId, originalTraceNo } = message;
    const base = { type: "INQUIRY", at: at.toISOString(), traceNo, mallId, orderId } as const;
    const original = this.#original(originalTraceNo, message);
    if (original && traceNo === originalTraceNo) {
      return {
        line: { ...base, amount: original.line.amount, result: "FOUND", reason: "OK" },
        approval: original,
        state: stateOf(original),
      };
    }
    const cancel = this.cancels.get(traceNo);
    if (original && cancel && cancel.originalTraceNo === originalTraceNo) {
      const state = cancel.result === "CANCELED" ? "CANCELED" : "DECLINED";
      return {
        line: { ...base, amount: cancel.amount, result: "FOUND", reason: "OK" },
        approval: original,
        state,
      };
    }
    return {
      line: { ...base, amount: 0, result: "NOT_FOUND", reason: "ORIGINAL_NOT_FOUND" },
      approval: null,
    };
  }

  #original(traceNo: string, message: Readonly<{ mallId: string; orderId: string }>): Approval | null {
    const approval = this.approvals.get(traceNo);
    return approval && approval.line.mallId === message.mallId && approval.line.orderId === message.orderId
      ? approval
      : null;
  }

  /** Takes one line in. Throws for a line that no VAN could have written, which a damaged or invented journal holds. */
  apply(line: JournalLine): void {
    switch (line.type) {
      case "SCRIPT":
        this.scripts.set(line.traceNo, { code: line.code, used: new Map() });
        return;
      case "SCRIPT_USED": {
        const used = this.scripts.get(line.traceNo)?.used;
        used?.set(line.word, (used.get(line.word) ?? 0) + 1);
        return;
      }
      case "LATE":
        this.late.set(line.request.traceNo, line);
        return;
      case "APPROVE":
        this.#applyApproval(line);
        break;
      case "CANCEL":
        this.#applyCancel(line);
        break;
      case "NET_CANCEL":
        this.#applyNetCancel(line);
        break;
      case "INQUIRY":
        break;
    }
    const index = this.ledger.push(line) - 1;
    const known = this.#byOrder.get(line.orderId);
    if (known) known.push(index);
    else this.#byOrder.set(line.orderId, [index]);
  }

  #applyApproval(line: ApprovalLine): void {
    if (line.late) this.late.delete(line.traceNo);
    if (line.result === "DUPLICATE") return;
    if (this.approvals.has(line.traceNo))
      throw new Error(`approval ${line.traceNo} stands in the journal twice`);
    this.approvals.set(line.traceNo, { line, canceled: 0, netCanceledAt: null });
    if (line.result !== "APPROVED") return;
    this.#approvedCount++;
    const mall = this.#mall(line.mallId);
    add(mall.approved, line.amount);
    add(mall.live, line.amount);
  }

  #applyCancel(line: CancelLine): void {
    if (line.result === "DUPLICATE") return;
    if (this.cancels.has(line.traceNo)) throw new Error(`cancel ${line.traceNo} stands in the journal twice`);
    this.cancels.set(line.traceNo, line);
    if (line.result !== "CANCELED") return;
    const approval = this.approvals.get(line.originalTraceNo);
    if (
      !approval ||
      stateOf(approval) !== "APPROVED" ||
      approval.canceled + line.amount > approval.line.amount
    ) {
      throw new Error(`cancel ${line.traceNo} in the journal gives back what its approval does not have`);
    }
    approval.canceled += line.amount;
    const mall = this.#mall(line.mallId);
    add(mall.canceled, line.amount);
    mall.live.amount -= line.amount;
    if (approval.canceled === approval.line.amount) mall.live.count--;
  }

  #applyNetCancel(line: NetCancelLine): void {
    if (line.result === "TOMBSTONED") this.#tombstones.add(line.traceNo);
    if (line.result !== "NET_CANCELED") return;
    const approval = this.approvals.get(line.traceNo);
    if (!approval || stateOf(approval) !== "APPROVED")
      throw new Error(`net cancel ${line.traceNo} in the journal reverses what is not live`);
    approval.netCanceledAt = line.at;
    const mall = this.#mall(line.mallId);
    add(mall.netCanceled, line.amount);
    mall.live.amount -= line.amount;
    mall.live.count--;
  }

  #mall(mallId: string): MallSummary {
    let mall = this.#summary.get(mallId);
    if (!mall) {
      const none = () => ({ count: 0, amount: 0 });
      mall = { approved: none(), canceled: none(), netCanceled: none(), live: none() };
      this.#summary.set(mallId, mall);
    }
    return mall;
  }

  summary(): Record<string, MallSummary> {
    return Object.fromEntries(this.#summary);
  }

  /** Positions in the ledger of all messages about one order id, oldest first. */
  positionsOf(orderId: string): readonly number[] {
    return this.#byOrder.get(orderId) ?? [];
  }
}

function add(sum: { count: number; amount: number }, amount: number): void {
  sum.count++;
  sum.amount += amount;
}
