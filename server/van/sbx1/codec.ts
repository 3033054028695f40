import { toSeoulIso } from "#server/core/business-date.ts";
import { toJsonAmount } from "#server/core/money.ts";
import type { DescribedField, Encoded, VanCodec } from "#server/van/line-gateway.ts";
import { expiryOf, maskCardNumber, maskDigits } from "#server/van/mask-card.ts";
import type { ApprovalRequest, VanOriginal } from "#server/van/van-gateway.ts";
import type { VanOperation } from "#server/van/van-line.ts";
import type { OriginalState, VanReply } from "#server/van/van-reply.ts";

/** SBX1's messages: one JSON object of plain fields each way. The recorded bytes are the body. */

/** Where a message of this kind is posted. */
export function sbx1Path(operation: VanOperation): string {
  return {
    APPROVE: "/v1/approve",
    CANCEL: "/v1/cancel",
    NET_CANCEL: "/v1/net-cancel",
    INQUIRY: "/v1/inquiry",
  }[operation];
}

function identity(original: VanOriginal, traceNo: string) {
  return { traceNo, mallId: original.mallId, orderId: original.orderId };
}

function plain(message: object): Encoded {
  const sent = Buffer.from(JSON.stringify(message), "utf8");
  return { sent, recorded: new Uint8Array(sent) };
}

function encodeApproval({
  original,
  orderName,
  taxFreeMinor,
  vatMinor,
  card,
  testCode,
}: ApprovalRequest): Encoded {
  const message = {
    ...identity(original, original.traceNo),
    amount: toJsonAmount(original.amountMinor),
    currency: original.currency,
    taxFreeAmount: toJsonAmount(taxFreeMinor),
    vat: toJsonAmount(vatMinor),
    requestedAt: toSeoulIso(original.requestedAt),
    installmentMonths: card.installmentMonths,
    orderName,
    ...(testCode ? { testCode } : {}),
  };
  // Number and expiry come first in both, so the rest is the same bytes.
  const rest = `,${JSON.stringify(message).slice(1)}`;
  const withCard = (cardNumber: string, cardExpiry: string) =>
    Buffer.from(JSON.stringify({ cardNumber, cardExpiry }).slice(0, -1) + rest, "utf8");
  const expiry = expiryOf(card);
  return {
    sent: withCard(card.number, expiry),
    recorded: new Uint8Array(withCard(maskCardNumber(card.number), maskDigits(expiry))),
  };
}

const states: Readonly<Record<string, OriginalState>> = {
  APPROVED: "approved",
  DECLINED: "declined",
  NET_CANCELED: "net_canceled",
  CANCELED: "canceled",
};

function decode(_: VanOperation, bytes: Uint8Array): VanReply | null {
  let body: Readonly<Record<string, unknown>>;
  try {
    const read: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (typeof read !== "object" || read === null || Array.isArray(read)) return null;
    body = read as Record<string, unknown>;
  } catch {
    return null;
  }
  const { resultCode, resultMessage, traceNo, mallId, orderId } = body;
  const amountMinor = amountOf(body.amount);
  if (
    !isText(resultCode) ||
    !isText(resultMessage) ||
    !isText(traceNo) ||
    !isText(mallId) ||
    !isText(orderId) ||
    amountMinor === null
  )
    return null;
  const optional = (name: string) => (isText(body[name]) ? body[name] : undefined);
  return {
    traceNo,
    mallId,
    orderId,
    amountMinor,
    responseCode: resultCode,
    responseMessage: resultMessage,
    approvalNo: optional("approvalNo"),
    issuerCode: optional("issuerCode"),
    issuerName: optional("issuerName"),
    state: states[optional("status") ?? ""],
    canceledMinor: amountOf(body.canceledAmount) ?? undefined,
  };
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.length > 0 && value.length <= 200;
}

function amountOf(value: unknown): bigint | null {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? BigInt(value) : null;
}

export const sbx1Codec: VanCodec = {
  encodeApproval,
  encodeCancel: (request) =>
    plain({
      ...identity(request.original, request.traceNo),
      originalTraceNo: request.original.traceNo,
      originalRequestedAt: toSeoulIso(request.original.requestedAt),
      originalAmount: toJsonAmount(request.original.amountMinor),
      approvalNo: request.approvalNo,
      amount: toJsonAmount(request.amountMinor),
      currency: request.original.currency,
      taxFreeAmount: toJsonAmount(request.taxFreeMinor),
      vat: toJsonAmount(request.vatMinor),
      balanceBefore: toJsonAmount(request.balanceBeforeMinor),
      cancelType: request.partial ? "PARTIAL" : "FULL",
      ...(request.testCode ? { testCode: request.testCode } : {}),
    }),
  encodeNetCancel: ({ original, testCode }) =>
    plain({
      ...identity(original, original.traceNo),
      amount: toJsonAmount(original.amountMinor),
      currency: original.currency,
      requestedAt: toSeoulIso(original.requestedAt),
      ...(testCode ? { testCode } : {}),
    }),
  encodeInquiry: ({ original, traceNo }) =>
    plain({
      ...identity(original, traceNo),
      originalTraceNo: original.traceNo,
      amount: toJsonAmount(original.amountMinor),
      currency: original.currency,
      requestedAt: toSeoulIso(original.requestedAt),
    }),
  decode,
};

const pair = /"((?:[^"\\]|\\.)*)"\s*:\s*("(?:[^"\\]|\\.)*"|[^\s,}\]]+)/g;

/** The fields of one message, each with where its value lies. Bytes that are no JSON come back as one field. */
export function describeSbx1Message(bytes: Uint8Array): DescribedField[] {
  // One character a byte, so that positions in the text are positions in the bytes.
  const text = Buffer.from(bytes).toString("latin1");
  const fields = [...text.matchAll(pair)].map((found): DescribedField => {
    const [whole, name = "", value = ""] = found;
    const offset = found.index + whole.length - value.length;
    return {
      offset,
      length: value.length,
      name: utf8(name),
      value: utf8(value.startsWith('"') ? value.slice(1, -1) : value),
      kind: value.startsWith('"') ? "string" : "number",
    };
  });
  return fields.length > 0
    ? fields
    : [{ offset: 0, length: bytes.length, name: "unreadable", value: utf8(text) }];
}

/** What stands between the quotes, as text. */
function utf8(latin1: string): string {
  const text = Buffer.from(latin1, "latin1").toString("utf8");
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    return text;
  }
}
