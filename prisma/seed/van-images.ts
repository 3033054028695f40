import iconv from "iconv-lite";
import { toSeoulIso } from "#server/core/business-date.ts";
import { originalOf } from "#server/payments/domain/payment.ts";
import { unlistedAnswer } from "#server/van/sandbox/answer-texts.ts";
import { issuerOf } from "#server/van/sandbox/issuers.ts";
import { sbx1Codec } from "#server/van/sbx1/codec.ts";
import { sbx2Codec } from "#server/van/sbx2/codec.ts";
import type { ExchangeLine, Story } from "./story.ts";
import { answerOf } from "./van-words.ts";

/** The bytes of a message and its answer as the platform would have kept them, card number and expiry masked. */
export type ExchangeImage = Readonly<{
  request: Uint8Array;
  response: Uint8Array | null;
  responseCode: string | null;
  responseMessage: string | null;
  error: string | null;
}>;

const errors = {
  timeout: "no answer in time",
  reset: "the VAN closed the connection",
  unreadable: "the answer cannot be read",
  refused: "connect ECONNREFUSED",
  connect_timeout: "no connection in time",
} as const;

/** What the log says of an exchange without a usable answer. */
export function errorOfExchange(story: Story, because: NonNullable<ExchangeLine["because"]>): string {
  return because === "unknown_code"
    ? `the response code ${unlistedAnswer[story.payment.vanCode].code} is not listed for this message`
    : errors[because];
}

/** Draws one exchange of a story. The approval number must be known by now. */
export function imageOf(story: Story, line: ExchangeLine, approvalNo: string | null): ExchangeImage {
  const request = requestOf(story, line, approvalNo);
  const words = line.reason
    ? answerOf(story.payment.vanCode, line.reason)
    : line.because === "unknown_code"
      ? unlistedAnswer[story.payment.vanCode]
      : null;
  const error = line.because ? errorOfExchange(story, line.because) : null;
  if (words)
    return {
      request,
      response: responseOf(story, line, approvalNo, words),
      responseCode: words.code,
      responseMessage: words.text,
      error,
    };
  const response =
    line.because === "unreadable"
      ? garble(story, responseOf(story, line, approvalNo, answerOf(story.payment.vanCode, "OK")))
      : null;
  return { request, response, responseCode: null, responseMessage: null, error };
}

function requestOf(story: Story, line: ExchangeLine, approvalNo: string | null): Uint8Array {
  const { payment } = story;
  const codec = payment.vanCode === "SBX1" ? sbx1Codec : sbx2Codec;
  const original = originalOf(payment);
  const encoded = (() => {
    switch (line.operation) {
      case "APPROVE":
        return codec.encodeApproval({
          original,
          orderName: payment.orderName,
          taxFreeMinor: payment.taxFreeMinor,
          vatMinor: payment.vatMinor,
          // The middle is masked in what is kept, so any digits will do.
          card: {
            number: `${payment.cardBin}000000${payment.cardLast4}`,
            expiryYear: story.buyer.expiryYear,
            expiryMonth: story.buyer.expiryMonth,
            installmentMonths: payment.installmentMonths,
          },
        });
      case "CANCEL": {
        const { cancel } = line;
        if (!cancel || !approvalNo) throw new Error("a story cancels what was never approved");
        return codec.encodeCancel({
          original,
          traceNo: cancel.traceNo,
          approvalNo,
          amountMinor: cancel.amountMinor,
          taxFreeMinor: cancel.taxFreeMinor,
          vatMinor: cancel.vatMinor,
          balanceBeforeMinor: cancel.balanceBeforeMinor,
          partial: cancel.amountMinor < payment.amountMinor,
        });
      }
      case "NET_CANCEL":
        return codec.encodeNetCancel({ original });
      case "INQUIRY":
        return codec.encodeInquiry({ original, traceNo: line.traceNo });
    }
  })();
  if (payment.vanCode === "SBX2")
    encoded.recorded.set(Buffer.from(seoulTime(line.startedAt), "latin1"), sentAtOffset);
  return encoded.recorded;
}

const seoulTime = (at: Date) => toSeoulIso(at).replaceAll(/[-T:]/g, "").slice(0, 14);

/** Where SBX2's header says when the message was sent: behind length, type and trace number. */
const sentAtOffset = 4 + 6 + 20;

type Words = Readonly<{ code: string; text: string }>;

function responseOf(story: Story, line: ExchangeLine, approvalNo: string | null, words: Words): Uint8Array {
  return story.payment.vanCode === "SBX1"
    ? sbx1Response(story, line, approvalNo, words)
    : sbx2Response(story, line, approvalNo, words);
}

/** What an inquiry found, in the VAN's words; null for "no such message". */
function stateOf(line: ExchangeLine): "APPROVED" | "NET_CANCELED" | "CANCELED" | null {
  return line.outcome === "approved"
    ? "APPROVED"
    : line.outcome === "net_canceled"
      ? "NET_CANCELED"
      : line.outcome === "canceled"
        ? "CANCELED"
        : null;
}

function amountOf(story: Story, line: ExchangeLine): number {
  if (line.operation === "INQUIRY" && stateOf(line) === null) return 0;
  return Number(line.cancel?.amountMinor ?? story.payment.amountMinor);
}

const answeredAt = (line: ExchangeLine) =>
  new Date(line.startedAt.getTime() + Math.round(line.durationMs * 0.8));

function sbx1Response(story: Story, line: ExchangeLine, approvalNo: string | null, words: Words): Uint8Array {
  const { payment } = story;
  const common = {
    resultCode: words.code,
    resultMessage: words.text,
    traceNo: line.traceNo,
    mallId: payment.mallId,
    orderId: payment.orderId,
    amount: amountOf(story, line),
  };
  const processedAt = answeredAt(line).toISOString();
  const issuer = issuerOf(payment.cardBin ?? "");
  const isDone = words.code === "0000";
  const body = (() => {
    switch (line.operation) {
      case "APPROVE":
        return isDone
          ? { ...common, approvalNo, issuerCode: issuer.code, issuerName: issuer.name, processedAt }
          : { ...common, processedAt };
      case "CANCEL":
        return { ...common, balance: balanceAfter(line, isDone), processedAt };
      case "NET_CANCEL":
        return { ...common, processedAt };
      case "INQUIRY": {
        const status = stateOf(line);
        if (!status) return common;
        return line.cancel ? { ...common, status } : { ...common, status, canceledAmount: 0, approvalNo };
      }
    }
  })();
  return Buffer.from(JSON.stringify(body), "utf8");
}

function balanceAfter({ cancel }: ExchangeLine, isDone: boolean): number {
  return cancel ? Number(cancel.balanceBeforeMinor - (isDone ? cancel.amountMinor : 0n)) : 0;
}

function sbx2Response(story: Story, line: ExchangeLine, approvalNo: string | null, words: Words): Uint8Array {
  const { payment } = story;
  const isDone = words.code === "0000";
  const amount = num(amountOf(story, line), 12);
  const said = left(words.text, 40);
  const head = (type: string) =>
    type +
    left(line.traceNo, 20) +
    seoulTime(answeredAt(line)) +
    left(payment.mallId, 40) +
    left(payment.orderId, 64) +
    words.code;
  switch (line.operation) {
    case "APPROVE": {
      const issuer = issuerOf(payment.cardBin ?? "");
      return frame(
        head("021000") +
          amount +
          left(isDone ? (approvalNo ?? "") : "", 8) +
          left(isDone ? issuer.code : "", 2) +
          left(isDone ? issuer.name : "", 20) +
          said,
      );
    }
    case "CANCEL":
      return frame(head("041000") + amount + num(balanceAfter(line, isDone), 12) + said);
    case "NET_CANCEL":
      return frame(head("043000") + amount + said);
    case "INQUIRY": {
      const state = stateOf(line);
      return frame(
        head("061000") +
          (state?.charAt(0) ?? " ") +
          amount +
          num(0, 12) +
          left(state && !line.cancel ? (approvalNo ?? "") : "", 8) +
          said,
      );
    }
  }
}

/** `text` as EUC-KR, one character a byte. */
const eucKr = new Map<string, string>();
function left(text: string, width: number): string {
  let bytes = eucKr.get(text);
  if (bytes === undefined) {
    bytes = iconv.encode(text, "euc-kr").toString("latin1");
    // Sentences and names repeat, order ids do not.
    if (/[^\x20-\x7e]/.test(text)) eucKr.set(text, bytes);
  }
  return bytes.padEnd(width, " ");
}

const num = (value: number, width: number) => String(value).padStart(width, "0");
const frame = (text: string) => Buffer.from(num(text.length, 4) + text, "latin1");

/** An answer that cannot be read, as the sandbox VANs spoil theirs. */
function garble(story: Story, bytes: Uint8Array): Uint8Array {
  const copy = Buffer.from(bytes);
  if (story.payment.vanCode === "SBX1")
    return Buffer.from(copy.toString("utf8").replaceAll(/["{}:]/g, "#"), "utf8");
  return copy.fill(0xff, 4 + 148);
}
