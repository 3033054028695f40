import {
  readTestCodes,
  type TestFault,
  type TestOperation,
  type TestRefusal,
  testCodeOf,
} from "../domain/test-codes.ts";
import type { Book, UnknownOriginal, VanMessage, Verdict } from "./book.ts";
import type { RandomFault } from "./faults.ts";
import type { Journal } from "./journal.ts";
import type { JournalLine, LateLine, Reason } from "./journal-format.ts";

/** How the answer to one message leaves the VAN. */
export type Delivery =
  | Readonly<{ how: "never" }>
  | Readonly<{ how: "drop" }>
  | Readonly<{
      how: "plain" | "garbled" | "half" | "wrong_amount" | "unknown_code";
      verdict: Verdict;
      delayMs: number;
    }>;

export type EngineSettings = {
  unknownOriginal: UnknownOriginal;
  /** The middle of the time that a message takes; each takes between half and one and a half of it. */
  latencyMs: number;
  /** SBX2: how likely an answer is sent twice. */
  duplicateReplyProbability: number;
  /** What it keeps of what it pays in, in hundred-thousandths. */
  feeRateE5: number;
};

const declineReasons: Readonly<Partial<Record<TestRefusal, Reason>>> = {
  CARD_DECLINED: "CARD_DECLINED",
  CARD_LIMIT_EXCEEDED: "CARD_LIMIT_EXCEEDED",
  CARD_INSUFFICIENT_FUNDS: "CARD_INSUFFICIENT_FUNDS",
  CARD_EXPIRED: "CARD_EXPIRED",
  CARD_STOLEN: "CARD_STOLEN",
  CARD_SUSPENDED: "CARD_SUSPENDED",
  CARD_INVALID: "CARD_INVALID",
};
const cancelReasons: Readonly<Partial<Record<TestRefusal, Reason>>> = {
  NOT_CANCELABLE_AMOUNT: "AMOUNT_EXCEEDS_BALANCE",
  NOT_CANCELABLE_PAYMENT: "NOT_CANCELABLE",
  ALREADY_CANCELED_PAYMENT: "ALREADY_CANCELED",
  CANCEL_DEADLINE_EXPIRED: "CANCEL_TOO_LATE",
  NOT_ALLOWED_PARTIAL_CANCEL: "PARTIAL_NOT_ALLOWED",
  INSUFFICIENT_SETTLEMENT_BALANCE: "INSUFFICIENT_BALANCE",
};

/** What the VAN refuses with when a test code asks for `refusal`. */
function reasonOf(operation: TestOperation, refusal: TestRefusal): Reason {
  if (operation === "APPROVE") return declineReasons[refusal] ?? "CARD_DECLINED";
  if (operation === "NET_CANCEL")
    return refusal === "NET_CANCEL_NOT_ALLOWED" ? "ALREADY_ACQUIRED" : "REFUSED";
  return cancelReasons[refusal] ?? "REFUSED";
}

/**
 * What both protocols share: takes a message, decides by the book and by the faults asked for, writes the
 * journal, and says how the answer is to leave. An answer is handed out only when the journal is on disk.
 */
export class Engine {
  readonly settings: EngineSettings;
  readonly book: Book;
  readonly #journal: Journal;
  #random: RandomFault | null = null;

  constructor(book: Book, journal: Journal, settings: EngineSettings) {
    this.book = book;
    this.#journal = journal;
    this.settings = settings;
    for (const line of book.late.values()) this.#bookLate(line);
  }

  get randomFault(): RandomFault | null {
    if (this.#random?.until && this.#random.until.getTime() <= Date.now()) this.#random = null;
    return this.#random;
  }

  set randomFault(fault: RandomFault | null) {
    this.#random = fault;
  }

  async handle(message: VanMessage): Promise<Delivery> {
    const { latencyMs } = this.settings;
    const fault = this.#chooseFault(message);
    if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs * (0.5 + Math.random())));

    if (fault?.kind === "TIMEOUT" || fault?.kind === "REFUSE_CONNECTION") {
      await this.#journal.durable();
      return fault.kind === "TIMEOUT" ? { how: "never" } : { how: "drop" };
    }
    if (fault?.kind === "LATE_APPROVAL" && message.type === "APPROVE") {
      this.#promiseLate(message, fault.delayMs);
      await this.#journal.durable();
      return { how: "never" };
    }
    const verdict = this.#decide(message, fault?.kind === "DECLINE" ? fault.refusal : null);
    this.#write(verdict.line);
    await this.#journal.durable();
    return deliver(verdict, fault);
  }

  #decide(message: VanMessage, refusal: TestRefusal | null): Verdict {
    const at = new Date();
    switch (message.type) {
      case "APPROVE":
        return this.book.decideApproval(
          approvalFacts(message),
          refusal ? reasonOf("APPROVE", refusal) : null,
          at,
        );
      case "CANCEL":
        return this.book.decideCancel(message, refusal ? reasonOf("CANCEL", refusal) : null, at);
      case "NET_CANCEL":
        return this.book.decideNetCancel(
          message,
          refusal ? reasonOf("NET_CANCEL", refusal) : null,
          this.settings.unknownOriginal,
          at,
        );
      case "INQUIRY":
        return this.book.decideInquiry(message, at);
    }
  }

  #write(line: JournalLine): void {
    this.book.apply(line);
    this.#journal.append(line);
  }

  #promiseLate(message: VanMessage & { type: "APPROVE" }, delayMs: number): void {
    if (this.book.approvals.has(message.traceNo) || this.book.late.has(message.traceNo)) return;
    const line: LateLine = {
      type: "LATE",
      dueAt: new Date(Date.now() + delayMs).toISOString(),
      request: approvalFacts(message),
    };
    this.#write(line);
    this.#bookLate(line);
  }

  /** Books a late approval when it is due, even if a net cancel came first, unless that left a tombstone (D4). */
  #bookLate(line: LateLine): void {
    const timer = setTimeout(
      () => this.#write(this.book.decideApproval(line.request, null, new Date(), true).line),
      Math.max(0, Date.parse(line.dueAt) - Date.now()),
    );
    timer.unref();
  }

  /**
   * The fault for this message: its own test code, then what the payment's approval asked for what follows it,
   * then the random one. A word with `_X<n>` counts each sending it hits.
   */
  #chooseFault(message: VanMessage): TestFault | null {
    const scripted = this.#scriptedFault(message);
    if (scripted) return scripted;
    const random = this.randomFault;
    if (
      !random ||
      random.fault === "DOWN" ||
      !random.operations.includes(message.type) ||
      Math.random() >= random.probability
    )
      return null;
    return message.type === "INQUIRY" && random.fault.kind === "DECLINE" ? null : random.fault;
  }

  #scriptedFault(message: VanMessage): TestFault | null {
    switch (message.type) {
      case "APPROVE":
        this.#remember(message.traceNo, testCodeOf(message.testCode, message.cardNumber));
        return this.#take(message.traceNo, "APPROVE", true);
      case "CANCEL":
        this.#remember(message.traceNo, message.testCode);
        return (
          (message.testCode ? this.#take(message.traceNo, "CANCEL", true) : null) ??
          this.#take(message.originalTraceNo, "CANCEL", false)
        );
      case "NET_CANCEL":
        // A net cancel goes by its approval's trace number: what the approval asked for stands.
        this.#remember(message.traceNo, message.testCode);
        return this.#take(message.traceNo, "NET_CANCEL", false);
      case "INQUIRY":
        return null;
    }
  }

  #remember(traceNo: string, code: string): void {
    if (code && !this.book.scripts.has(traceNo)) this.#write({ type: "SCRIPT", traceNo, code });
  }

  /** The first word for `operation` that has not run out. Words without a prefix are for the message that carries them (`isOwn`). */
  #take(traceNo: string, operation: TestOperation, isOwn: boolean): TestFault | null {
    const script = this.book.scripts.get(traceNo);
    if (!script) return null;
    for (const [word, code] of readTestCodes(script.code).entries()) {
      if (code.operation !== operation && !(isOwn && code.operation === null)) continue;
      if (code.timesMax !== null) {
        if ((script.used.get(word) ?? 0) >= code.timesMax) continue;
        this.#write({ type: "SCRIPT_USED", traceNo, word });
      }
      return code.fault;
    }
    return null;
  }
}

function approvalFacts(message: VanMessage & { type: "APPROVE" }): LateLine["request"] {
  const { traceNo, mallId, orderId, amount, currency, cardNumber, installmentMonths } = message;
  return {
    traceNo,
    mallId,
    orderId,
    amount,
    currency,
    bin: cardNumber.slice(0, 6),
    last4: cardNumber.slice(-4),
    installmentMonths,
  };
}

function deliver(verdict: Verdict, fault: TestFault | null): Delivery {
  switch (fault?.kind) {
    case "TIMEOUT_APPROVED":
      return { how: "never" };
    case "DROP_CONNECTION":
      return { how: "drop" };
    case "GARBLED":
      return { how: "garbled", verdict, delayMs: 0 };
    case "HALF_REPLY":
      return { how: "half", verdict, delayMs: 0 };
    case "WRONG_AMOUNT":
      return { how: "wrong_amount", verdict, delayMs: 0 };
    case "UNKNOWN_CODE":
      return { how: "unknown_code", verdict, delayMs: 0 };
    case "SLOW":
      return { how: "plain", verdict, delayMs: fault.delayMs };
    default:
      return { how: "plain", verdict, delayMs: 0 };
  }
}
