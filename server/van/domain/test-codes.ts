/**
 * The words of `Paydeck-Test-Code` (contract §4) and the cards that stand for them. Pure: the adapters
 * of the sandbox VANs and the sandbox VANs themselves read it.
 */

/** Our refusals that `DECLINE_…` can ask for on an approval. */
export const testDeclines = [
  "CARD_DECLINED",
  "CARD_LIMIT_EXCEEDED",
  "CARD_INSUFFICIENT_FUNDS",
  "CARD_EXPIRED",
  "CARD_STOLEN",
  "CARD_SUSPENDED",
  "CARD_INVALID",
] as const;
export type TestDecline = (typeof testDeclines)[number];

/** Our refusals that `DECLINE_…` can ask for on a cancel; `VAN_ERROR` is a refusal without a better word. */
export const testCancelRefusals = [
  "NOT_CANCELABLE_AMOUNT",
  "NOT_CANCELABLE_PAYMENT",
  "ALREADY_CANCELED_PAYMENT",
  "CANCEL_DEADLINE_EXPIRED",
  "NOT_ALLOWED_PARTIAL_CANCEL",
  "INSUFFICIENT_SETTLEMENT_BALANCE",
  "VAN_ERROR",
] as const;
export type TestCancelRefusal = (typeof testCancelRefusals)[number];

/** Our refusals that `DECLINE_…` can ask for on a net cancel; `NET_CANCEL_NOT_ALLOWED` says that the approval is acquired already. */
export const testNetCancelRefusals = ["NET_CANCEL_NOT_ALLOWED", "VAN_ERROR"] as const;
export type TestNetCancelRefusal = (typeof testNetCancelRefusals)[number];

export type TestRefusal = TestDecline | TestCancelRefusal | TestNetCancelRefusal;

/** What a sandbox VAN is asked to do with one message. */
export type TestFault =
  /** Answers no with this refusal and does nothing. */
  | Readonly<{ kind: "DECLINE"; refusal: TestRefusal }>
  /** Neither does it nor answers. */
  | Readonly<{ kind: "TIMEOUT" }>
  /** Does it; the answer is lost. */
  | Readonly<{ kind: "TIMEOUT_APPROVED" }>
  /** Approvals only: books it after `delayMs` and never answers. */
  | Readonly<{ kind: "LATE_APPROVAL"; delayMs: number }>
  /** Does it and answers at once with bytes that cannot be read. */
  | Readonly<{ kind: "GARBLED" }>
  /** Does it, answers with the first half of the bytes and closes the connection. */
  | Readonly<{ kind: "HALF_REPLY" }>
  /** Does it rightly and says another amount in the answer. */
  | Readonly<{ kind: "WRONG_AMOUNT" }>
  /** Does it and closes the connection without an answer. */
  | Readonly<{ kind: "DROP_CONNECTION" }>
  /** Cannot be reached: nothing is done. */
  | Readonly<{ kind: "REFUSE_CONNECTION" }>
  /** Does it at once and answers after `delayMs`. */
  | Readonly<{ kind: "SLOW"; delayMs: number }>
  /** Does it and answers with a response code that nobody has listed. */
  | Readonly<{ kind: "UNKNOWN_CODE" }>;

export type TestOperation = "APPROVE" | "CANCEL" | "NET_CANCEL";

/** One word of a test code: which message of the payment it is for, what happens, and how often (`null` = always). */
export type TestCode = Readonly<{
  operation: TestOperation | null;
  fault: TestFault;
  timesMax: number | null;
}>;

/** The longest delay that `SLOW_…` and `LATE_APPROVAL_…` may ask for: ten minutes. */
export const testDelayMaxMs = 600_000;
/** The longest test code, in characters: what fits into the fixed-length message of SBX2. */
export const testCodeLengthMax = 160;

const shape =
  /^(?:(CANCEL|NETCANCEL)_)?(DECLINE_[A-Z_]+?|TIMEOUT_APPROVED|TIMEOUT|LATE_APPROVAL_\d{1,6}|GARBLED|HALF_REPLY|WRONG_AMOUNT|DROP_CONNECTION|REFUSE_CONNECTION|SLOW_\d{1,6}|UNKNOWN_CODE)(?:_X([1-9]\d{0,3}))?$/;
const refusalNames: ReadonlySet<string> = new Set([
  ...testDeclines,
  ...testCancelRefusals,
  ...testNetCancelRefusals,
]);

function readWord(word: string): TestCode | null {
  const found = shape.exec(word);
  if (!found) return null;
  const [, prefix, action = "", times] = found;
  const fault = readFault(action);
  if (!fault) return null;
  const operation = prefix === "CANCEL" ? "CANCEL" : prefix === "NETCANCEL" ? "NET_CANCEL" : null;
  if (operation && fault.kind === "LATE_APPROVAL") return null;
  return { operation, fault, timesMax: times === undefined ? null : Number(times) };
}

function readFault(action: string): TestFault | null {
  if (action.startsWith("DECLINE_")) {
    const refusal = action.slice("DECLINE_".length);
    return refusalNames.has(refusal) ? { kind: "DECLINE", refusal: refusal as TestRefusal } : null;
  }
  const delay = /^(LATE_APPROVAL|SLOW)_(\d+)$/.exec(action);
  if (delay) {
    const delayMs = Number(delay[2]);
    return delayMs <= testDelayMaxMs ? { kind: delay[1] as "LATE_APPROVAL" | "SLOW", delayMs } : null;
  }
  return { kind: action } as TestFault;
}

function words(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}

/** Reads a test code: words separated by comma or space. Words that mean nothing are left out. */
export function readTestCodes(text: string): TestCode[] {
  return words(text).flatMap((word) => readWord(word) ?? []);
}

/** For who writes test codes (demo, tests): true when every word of `text` means something and it fits into the messages of both sandbox VANs. */
export function isTestCode(text: string): boolean {
  const all = words(text);
  return text.length <= testCodeLengthMax && all.length > 0 && all.every((word) => readWord(word) !== null);
}

/**
 * Cards that behave as a test code does, by their last four digits. All begin with 00, so an ordinary
 * number such as 4111 1111 1111 1111 just approves; 0000 and 0005, in which well-known test numbers of other
 * networks end, are ordinary too. A test code in the request wins over the card.
 */
export const testCards: Readonly<Record<string, string>> = {
  "0001": "DECLINE_CARD_DECLINED",
  "0002": "DECLINE_CARD_LIMIT_EXCEEDED",
  "0003": "DECLINE_CARD_INSUFFICIENT_FUNDS",
  "0004": "DECLINE_CARD_EXPIRED",
  "0006": "DECLINE_CARD_SUSPENDED",
  "0007": "DECLINE_CARD_INVALID",
  "0008": "DECLINE_CARD_STOLEN",
  "0010": "TIMEOUT",
  "0011": "TIMEOUT_APPROVED",
  "0012": "LATE_APPROVAL_30000",
  "0013": "GARBLED",
  "0014": "HALF_REPLY",
  "0015": "WRONG_AMOUNT",
  "0016": "DROP_CONNECTION",
  "0017": "REFUSE_CONNECTION",
  "0018": "SLOW_3000",
  "0019": "UNKNOWN_CODE",
  "0020": "CANCEL_TIMEOUT",
  "0021": "CANCEL_TIMEOUT_APPROVED_X1",
  "0022": "CANCEL_DECLINE_CANCEL_DEADLINE_EXPIRED",
  "0023": "CANCEL_DECLINE_NOT_ALLOWED_PARTIAL_CANCEL",
  "0024": "CANCEL_GARBLED_X1",
  "0025": "CANCEL_SLOW_3000",
  "0026": "CANCEL_UNKNOWN_CODE_X1",
  "0030": "TIMEOUT_APPROVED,NETCANCEL_TIMEOUT_X3",
  "0031": "TIMEOUT_APPROVED,NETCANCEL_TIMEOUT",
  "0032": "TIMEOUT_APPROVED,NETCANCEL_TIMEOUT_APPROVED_X1",
  "0033": "TIMEOUT_APPROVED,NETCANCEL_DECLINE_NET_CANCEL_NOT_ALLOWED",
  "0034": "TIMEOUT_APPROVED,NETCANCEL_GARBLED_X1",
};

/** The test code that an approval with this card behaves by: the given one, else that of the card, else none. */
export function testCodeOf(given: string | undefined, cardNumber: string): string {
  if (given?.trim()) return given;
  return testCards[cardNumber.slice(-4)] ?? "";
}

/**
 * Whether a message with this code cannot reach the VAN at all; its adapter dials a closed port instead. A net cancel
 * goes by what is prefixed for it, and a word that runs out (`_X3`) is counted by the VAN, which then cuts the connection.
 */
export function refusesConnection(code: string, operation: TestOperation): boolean {
  return readTestCodes(code).some(
    (word) =>
      word.fault.kind === "REFUSE_CONNECTION" &&
      (word.operation === operation || (word.operation === null && operation !== "NET_CANCEL")) &&
      (word.timesMax === null || operation === "APPROVE"),
  );
}
