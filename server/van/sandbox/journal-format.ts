/**
 * The journal of a sandbox VAN: one JSON object a line, in the order in which things happened. It is the
 * book: what is in it happened. `<data>/<CODE>.jsonl` is written by the VAN alone; a demo seeder
 * writes the same lines to `<data>/<CODE>.seed.jsonl`, which a VAN with an empty journal begins from.
 *
 * Amounts are integers in the currency's minor unit; times are ISO 8601 in UTC. A card number never
 * gets in here: its BIN and last four do.
 */

/** Why a message ended as it did, in the VAN's own words; each protocol has its code for each. */
export type Reason =
  | "OK"
  | "CARD_DECLINED"
  | "CARD_LIMIT_EXCEEDED"
  | "CARD_INSUFFICIENT_FUNDS"
  | "CARD_EXPIRED"
  | "CARD_STOLEN"
  | "CARD_SUSPENDED"
  | "CARD_INVALID"
  /** The trace number was net-cancelled before the approval came. */
  | "BLOCKED_BY_NET_CANCEL"
  /** The trace number belongs to a message with other contents. */
  | "TRACE_REUSED"
  | "ORIGINAL_NOT_FOUND"
  /** The original was declined: nothing to give back. */
  | "ORIGINAL_DECLINED"
  | "ALREADY_NET_CANCELED"
  | "ALREADY_CANCELED"
  | "ALREADY_ACQUIRED"
  | "AMOUNT_EXCEEDS_BALANCE"
  | "BALANCE_MISMATCH"
  | "FULL_CANCEL_AFTER_PARTIAL"
  | "NOT_CANCELABLE"
  | "PARTIAL_NOT_ALLOWED"
  | "CANCEL_TOO_LATE"
  | "INSUFFICIENT_BALANCE"
  | "REFUSED"
  | "MALFORMED";

type Message = Readonly<{
  at: string;
  traceNo: string;
  mallId: string;
  orderId: string;
  amount: number;
  reason: Reason;
}>;

export type ApprovalLine = Message &
  Readonly<{
    type: "APPROVE";
    result: "APPROVED" | "DECLINED" | "DUPLICATE";
    currency: string;
    approvalNo: string;
    bin: string;
    last4: string;
    issuerCode: string;
    issuerName: string;
    installmentMonths: number;
    /** True for one booked long after it was asked (`LATE_APPROVAL_…`). */
    late?: boolean;
  }>;

/** `traceNo` is the cancel's own; `originalTraceNo` that of its approval. */
export type CancelLine = Message &
  Readonly<{ type: "CANCEL"; result: "CANCELED" | "REFUSED" | "DUPLICATE"; originalTraceNo: string }>;

/** `traceNo` is that of the approval. `TOMBSTONED`: unknown, and an approval that comes later will be declined. */
export type NetCancelLine = Message &
  Readonly<{
    type: "NET_CANCEL";
    result: "NET_CANCELED" | "NOT_FOUND" | "TOMBSTONED" | "REFUSED" | "DUPLICATE";
  }>;

/** `traceNo` is what was asked for: an approval's or a cancel's. */
export type InquiryLine = Message & Readonly<{ type: "INQUIRY"; result: "FOUND" | "NOT_FOUND" }>;

/** A message that the VAN processed: what `GET /ledger` lists. */
export type LedgerLine = ApprovalLine | CancelLine | NetCancelLine | InquiryLine;

/** The test code of one approval or cancel, kept for that message and for what follows it. */
export type ScriptLine = Readonly<{ type: "SCRIPT"; traceNo: string; code: string }>;
/** The n-th word of the script of `traceNo` was used once; written for words that run out (`_X3`). */
export type ScriptUsedLine = Readonly<{ type: "SCRIPT_USED"; traceNo: string; word: number }>;
/** An approval that will be booked at `dueAt`. */
export type LateLine = Readonly<{
  type: "LATE";
  dueAt: string;
  request: Readonly<{
    traceNo: string;
    mallId: string;
    orderId: string;
    amount: number;
    currency: string;
    bin: string;
    last4: string;
    installmentMonths: number;
  }>;
}>;

export type JournalLine = LedgerLine | ScriptLine | ScriptUsedLine | LateLine;

/** One line as it stands in the file, with its line feed. */
export function formatJournalLine(line: JournalLine): string {
  return `${JSON.stringify(line)}\n`;
}

const types: ReadonlySet<string> = new Set([
  "APPROVE",
  "CANCEL",
  "NET_CANCEL",
  "INQUIRY",
  "SCRIPT",
  "SCRIPT_USED",
  "LATE",
]);

/** Reads one line; throws `SyntaxError` for what is not a journal line. */
export function parseJournalLine(text: string): JournalLine {
  const line: unknown = JSON.parse(text);
  if (typeof line === "object" && line !== null && "type" in line && types.has(String(line.type)))
    return line as JournalLine;
  throw new SyntaxError("not a journal line");
}
