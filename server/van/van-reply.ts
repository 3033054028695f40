import type { DeclineCode } from "#server/core/refusals.ts";
import type {
  ApprovalOutcome,
  ApprovalRequest,
  CancelOutcome,
  CancelRequest,
  InquiryOutcome,
  InquiryRequest,
  NetCancelOutcome,
  NetCancelRequest,
  Unknown,
  VanExchange,
  VanOriginal,
} from "#server/van/van-gateway.ts";

export type CancelRefusal = Extract<CancelOutcome, { kind: "refused" }>["refusal"];
export type OriginalState = Extract<InquiryOutcome, { kind: "found" }>["state"];

/** What an answer says, in words that all protocols share. */
export type VanReply = Readonly<{
  traceNo: string;
  mallId: string;
  orderId: string;
  amountMinor: bigint;
  responseCode: string;
  responseMessage: string;
  approvalNo?: string | undefined;
  issuerCode?: string | undefined;
  issuerName?: string | undefined;
  /** Inquiries that found something. */
  state?: OriginalState | undefined;
  canceledMinor?: bigint | undefined;
}>;

/** What a response code of a VAN means to us. A code without a row is an outcome nobody knows: never a decline (domain §3.5). */
export type Meaning =
  | Readonly<{ is: "done" }>
  /** Of an approval. */
  | Readonly<{ is: "declined"; refusal: DeclineCode }>
  /** Of a cancel. */
  | Readonly<{ is: "cancel_refused"; refusal: CancelRefusal }>
  /** Of a cancel or a net cancel. */
  | Readonly<{ is: "refused" | "not_cancelable" | "already_canceled" | "original_not_found" }>
  /** Of a net cancel. */
  | Readonly<{ is: "already_acquired" | "nothing_to_reverse" }>;

/** All response codes of a VAN that we know. */
export type ResponseCodes = Readonly<Record<string, Meaning>>;

function unknown(because: Unknown["because"], exchange: VanExchange, error: string): Unknown {
  return { kind: "unknown", because, exchange: { ...exchange, error } };
}

/** What makes an answer another message's answer: a sentence for the log, or null when all of it agrees (NC-2). */
function mismatch(
  reply: VanReply,
  traceNo: string,
  original: VanOriginal,
  amountMinor: bigint | null,
): string | null {
  if (reply.traceNo !== traceNo) return "the answer has another trace number";
  if (reply.mallId !== original.mallId) return "the answer is about another mall";
  if (reply.orderId !== original.orderId) return "the answer is about another order";
  if (amountMinor !== null && reply.amountMinor !== amountMinor)
    return `the answer says ${reply.amountMinor}, not ${amountMinor}`;
  return null;
}

const unlisted = (reply: VanReply) =>
  `the response code ${reply.responseCode} is not listed for this message`;

export function judgeApproval(
  request: ApprovalRequest,
  reply: VanReply,
  codes: ResponseCodes,
  exchange: VanExchange,
): ApprovalOutcome {
  const wrong = mismatch(reply, request.original.traceNo, request.original, request.original.amountMinor);
  if (wrong) return unknown("mismatch", exchange, wrong);
  const meaning = codes[reply.responseCode];
  if (meaning?.is === "declined") return { kind: "declined", refusal: meaning.refusal, exchange };
  if (meaning?.is !== "done") return unknown("unknown_code", exchange, unlisted(reply));
  const { approvalNo, issuerCode, issuerName } = reply;
  if (!approvalNo || !issuerCode || !issuerName)
    return unknown("unreadable", exchange, "the approval lacks its number or its issuer");
  return { kind: "approved", approvalNo, issuerCode, issuerName, exchange };
}

export function judgeCancel(
  request: CancelRequest,
  reply: VanReply,
  codes: ResponseCodes,
  exchange: VanExchange,
): CancelOutcome {
  const wrong = mismatch(reply, request.traceNo, request.original, request.amountMinor);
  if (wrong) return unknown("mismatch", exchange, wrong);
  const meaning = codes[reply.responseCode];
  switch (meaning?.is) {
    case "done":
      return { kind: "canceled", exchange };
    case "cancel_refused":
      return { kind: "refused", refusal: meaning.refusal, exchange };
    case "refused":
    case "original_not_found":
      return { kind: "refused", refusal: "VAN_ERROR", exchange };
    case "already_canceled":
      return { kind: "refused", refusal: "ALREADY_CANCELED_PAYMENT", exchange };
    case "not_cancelable":
      return { kind: "refused", refusal: "NOT_CANCELABLE_PAYMENT", exchange };
    default:
      return unknown("unknown_code", exchange, unlisted(reply));
  }
}

export function judgeNetCancel(
  request: NetCancelRequest,
  reply: VanReply,
  codes: ResponseCodes,
  exchange: VanExchange,
): NetCancelOutcome {
  const wrong = mismatch(reply, request.original.traceNo, request.original, request.original.amountMinor);
  if (wrong) return unknown("mismatch", exchange, wrong);
  const meaning = codes[reply.responseCode];
  switch (meaning?.is) {
    case "done":
    case "already_canceled":
    case "nothing_to_reverse":
      return { kind: "canceled", exchange };
    case "original_not_found":
      return { kind: "original_not_found", exchange };
    case "already_acquired":
      return { kind: "already_acquired", exchange };
    case "refused":
    case "not_cancelable":
      return { kind: "refused", exchange };
    default:
      return unknown("unknown_code", exchange, unlisted(reply));
  }
}

export function judgeInquiry(
  request: InquiryRequest,
  reply: VanReply,
  codes: ResponseCodes,
  exchange: VanExchange,
): InquiryOutcome {
  const isApproval = request.traceNo === request.original.traceNo;
  const meaning = codes[reply.responseCode];
  const amount = isApproval && meaning?.is === "done" ? request.original.amountMinor : null;
  const wrong = mismatch(reply, request.traceNo, request.original, amount);
  if (wrong) return unknown("mismatch", exchange, wrong);
  if (meaning?.is === "original_not_found") return { kind: "not_found", exchange };
  if (meaning?.is !== "done") return unknown("unknown_code", exchange, unlisted(reply));
  if (!reply.state) return unknown("unreadable", exchange, "the answer lacks the state");
  return {
    kind: "found",
    state: reply.state,
    amountMinor: reply.amountMinor,
    canceledMinor: reply.canceledMinor ?? 0n,
    approvalNo: reply.approvalNo,
    exchange,
  };
}
