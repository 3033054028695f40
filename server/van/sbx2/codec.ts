import iconv from "iconv-lite";
import { assert } from "#server/core/assert.ts";
import { toSeoulIso } from "#server/core/business-date.ts";
import { testCodeLengthMax } from "#server/van/domain/test-codes.ts";
import type { DescribedField, Encoded, VanCodec } from "#server/van/line-gateway.ts";
import { expiryOf, maskCardNumber, maskDigits } from "#server/van/mask-card.ts";
import type { Framing } from "#server/van/multiplexed-line.ts";
import type { VanOriginal } from "#server/van/van-gateway.ts";
import type { VanOperation } from "#server/van/van-line.ts";
import type { OriginalState, VanReply } from "#server/van/van-reply.ts";

/**
 * SBX2's fixed-length messages (전문). Four digits say how many bytes follow; all widths are bytes of EUC-KR.
 * `N` is digits filled with zeros on the left, `A` is ASCII and `K` is Korean text, both filled with spaces on the right.
 */
type Field = readonly [name: string, width: number, kind: "N" | "A" | "K"];

const header = [
  ["length", 4, "N"],
  ["messageType", 6, "N"],
  ["traceNo", 20, "A"],
  ["sentAt", 14, "N"],
  ["mallId", 40, "A"],
  ["orderId", 64, "A"],
  ["responseCode", 4, "A"],
] as const satisfies readonly Field[];

const bodies = {
  "020000": [
    ["amount", 12, "N"],
    ["currency", 3, "A"],
    ["taxFreeAmount", 12, "N"],
    ["vat", 12, "N"],
    ["requestedAt", 14, "N"],
    ["cardNumber", 19, "A"],
    ["cardExpiry", 4, "N"],
    ["installmentMonths", 2, "N"],
    ["orderName", 100, "K"],
    ["testCode", 160, "A"],
  ],
  "021000": [
    ["amount", 12, "N"],
    ["approvalNo", 8, "A"],
    ["issuerCode", 2, "A"],
    ["issuerName", 20, "K"],
    ["responseMessage", 40, "K"],
  ],
  "040000": [
    ["originalTraceNo", 20, "A"],
    ["originalRequestedAt", 14, "N"],
    ["approvalNo", 8, "A"],
    ["originalAmount", 12, "N"],
    ["amount", 12, "N"],
    ["taxFreeAmount", 12, "N"],
    ["vat", 12, "N"],
    ["balanceBefore", 12, "N"],
    ["cancelKind", 1, "A"],
    ["testCode", 160, "A"],
  ],
  "041000": [
    ["amount", 12, "N"],
    ["balance", 12, "N"],
    ["responseMessage", 40, "K"],
  ],
  "042000": [
    ["amount", 12, "N"],
    ["currency", 3, "A"],
    ["requestedAt", 14, "N"],
    ["testCode", 160, "A"],
  ],
  "043000": [
    ["amount", 12, "N"],
    ["responseMessage", 40, "K"],
  ],
  "060000": [
    ["originalTraceNo", 20, "A"],
    ["amount", 12, "N"],
    ["requestedAt", 14, "N"],
  ],
  "061000": [
    ["state", 1, "A"],
    ["amount", 12, "N"],
    ["canceledAmount", 12, "N"],
    ["approvalNo", 8, "A"],
    ["responseMessage", 40, "K"],
  ],
} as const satisfies Record<string, readonly Field[]>;

type MessageType = keyof typeof bodies;
const types = {
  APPROVE: { request: "020000", answer: "021000" },
  CANCEL: { request: "040000", answer: "041000" },
  NET_CANCEL: { request: "042000", answer: "043000" },
  INQUIRY: { request: "060000", answer: "061000" },
} as const satisfies Record<VanOperation, { request: MessageType; answer: MessageType }>;

type Place = Readonly<{ name: string; offset: number; width: number; kind: Field[2] }>;
type Layout = Readonly<{ places: readonly Place[]; bytes: number }>;

function layOut(fields: readonly Field[]): Layout {
  let offset = 0;
  const places = fields.map(([name, width, kind]): Place => {
    const place = { name, offset, width, kind };
    offset += width;
    return place;
  });
  return { places, bytes: offset };
}

const layouts = new Map<string, Layout>(
  Object.entries(bodies).map(([type, fields]) => [type, layOut([...header, ...fields])]),
);
const headerLayout = layOut(header);

function layoutOf(type: string): Layout {
  const layout = layouts.get(type);
  assert(layout, `message type ${type} has a layout`);
  return layout;
}

/**
 * `text` as EUC-KR in at most `width` bytes, cut between characters. Control characters become spaces and
 * what EUC-KR cannot say becomes `?`; only the message to the VAN is touched, never what we keep.
 */
export function fitEucKr(text: string, width: number): Buffer {
  const bytes = iconv.encode(text.replaceAll(/\p{Cc}/gu, " "), "euc-kr");
  if (bytes.length <= width) return bytes;
  let end = 0;
  for (;;) {
    // A lead byte of a two-byte character is 0x81 or above; its trail byte may look like ASCII.
    const next = end + ((bytes[end] ?? 0) >= 0x81 ? 2 : 1);
    if (next > width) return bytes.subarray(0, end);
    end = next;
  }
}

/**
 * Writes a message. A value that does not fit is a bug of ours and throws: a cut trace number would be another's;
 * `K` fields are cut instead.
 */
function encode(type: MessageType, values: Readonly<Record<string, string | bigint | number>>): Buffer {
  const { places, bytes } = layoutOf(type);
  const message = Buffer.alloc(bytes, 0x20);
  for (const { name, offset, width, kind } of places) {
    const value = name === "length" ? bytes - 4 : name === "messageType" ? type : (values[name] ?? "");
    if (kind === "K") {
      fitEucKr(String(value), width).copy(message, offset);
      continue;
    }
    const text = kind === "N" ? String(value).padStart(width, "0") : String(value);
    assert(text.length <= width && /^[\x20-\x7e]*$/.test(text), `${name} fits into ${width} bytes of ASCII`);
    message.write(text, offset, "latin1");
  }
  return message;
}

/** `YYYYMMDDhhmmss` in Seoul. */
function seoulTime(at: Date): string {
  return toSeoulIso(at).replaceAll(/[-T:]/g, "").slice(0, 14);
}

function identity(original: VanOriginal, traceNo: string) {
  return { traceNo, sentAt: seoulTime(new Date()), mallId: original.mallId, orderId: original.orderId };
}

/** A test code that no VAN could read is left out, as VANs leave out words they do not know; the API refuses it earlier. */
function testField(testCode = ""): string {
  return testCode.length <= testCodeLengthMax && /^[\x20-\x7e]*$/.test(testCode) ? testCode : "";
}

function plain(message: Buffer): Encoded {
  return { sent: message, recorded: new Uint8Array(message) };
}

const states: Readonly<Record<string, OriginalState>> = {
  A: "approved",
  D: "declined",
  N: "net_canceled",
  C: "canceled",
};

function decode(operation: VanOperation, given: Uint8Array): VanReply | null {
  const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
  const type = types[operation].answer;
  const { places, bytes: length } = layoutOf(type);
  if (
    bytes.length !== length ||
    bytes.toString("latin1", 0, 10) !== `${String(length - 4).padStart(4, "0")}${type}`
  )
    return null;
  const values: Record<string, string> = {};
  for (const { name, offset, width, kind } of places) {
    const raw = bytes.subarray(offset, offset + width);
    const text = kind === "K" ? iconv.decode(raw, "euc-kr") : raw.toString("latin1");
    const value = kind === "N" ? text : text.trimEnd();
    const isWellFormed =
      kind === "N"
        ? /^\d+$/.test(value)
        : kind === "A"
          ? /^[\x20-\x7e]*$/.test(value)
          : !value.includes("\ufffd");
    if (!isWellFormed) return null;
    values[name] = value;
  }
  const {
    traceNo,
    mallId,
    orderId,
    amount,
    responseCode,
    responseMessage,
    approvalNo,
    issuerCode,
    issuerName,
    state,
    canceledAmount,
  } = values;
  if (!traceNo || !mallId || !orderId || !amount || !responseCode || responseMessage === undefined)
    return null;
  return {
    traceNo,
    mallId,
    orderId,
    amountMinor: BigInt(amount),
    responseCode,
    responseMessage,
    approvalNo: approvalNo || undefined,
    issuerCode: issuerCode || undefined,
    issuerName: issuerName || undefined,
    state: states[state ?? ""],
    canceledMinor: canceledAmount === undefined ? undefined : BigInt(canceledAmount),
  };
}

/** Where a field of the approval begins. */
function approvalOffset(name: (typeof bodies)["020000"][number][0]): number {
  const place = layoutOf("020000").places.find((field) => field.name === name);
  assert(place, `an approval has a field ${name}`);
  return place.offset;
}

export const sbx2Codec: VanCodec = {
  encodeApproval: ({ original, orderName, taxFreeMinor, vatMinor, card, testCode }) => {
    const expiry = expiryOf(card);
    const sent = encode("020000", {
      ...identity(original, original.traceNo),
      amount: original.amountMinor,
      currency: original.currency,
      taxFreeAmount: taxFreeMinor,
      vat: vatMinor,
      requestedAt: seoulTime(original.requestedAt),
      cardNumber: card.number,
      cardExpiry: expiry,
      installmentMonths: card.installmentMonths,
      orderName,
      testCode: testField(testCode),
    });
    const recorded = new Uint8Array(sent);
    recorded.set(Buffer.from(maskCardNumber(card.number), "latin1"), approvalOffset("cardNumber"));
    recorded.set(Buffer.from(maskDigits(expiry), "latin1"), approvalOffset("cardExpiry"));
    return { sent, recorded };
  },
  encodeCancel: (request) =>
    plain(
      encode("040000", {
        ...identity(request.original, request.traceNo),
        originalTraceNo: request.original.traceNo,
        originalRequestedAt: seoulTime(request.original.requestedAt),
        approvalNo: request.approvalNo,
        originalAmount: request.original.amountMinor,
        amount: request.amountMinor,
        taxFreeAmount: request.taxFreeMinor,
        vat: request.vatMinor,
        balanceBefore: request.balanceBeforeMinor,
        cancelKind: request.partial ? "P" : "F",
        testCode: testField(request.testCode),
      }),
    ),
  encodeNetCancel: ({ original, testCode }) =>
    plain(
      encode("042000", {
        ...identity(original, original.traceNo),
        amount: original.amountMinor,
        currency: original.currency,
        requestedAt: seoulTime(original.requestedAt),
        testCode: testField(testCode),
      }),
    ),
  encodeInquiry: ({ original, traceNo }) =>
    plain(
      encode("060000", {
        ...identity(original, traceNo),
        originalTraceNo: original.traceNo,
        amount: original.amountMinor,
        requestedAt: seoulTime(original.requestedAt),
      }),
    ),
  decode,
};

/** How SBX2's messages lie in the stream: an answer is known by its type and trace number. */
export const sbx2Framing: Framing = {
  frameLength: (bytes) => {
    if (bytes.length < 4) return 0;
    const digits = bytes.toString("latin1", 0, 4);
    if (!/^\d{4}$/.test(digits)) return null;
    const length = 4 + Number(digits);
    return bytes.length < length ? 0 : length;
  },
  keyOfAnswerTo: (operation, traceNo) => types[operation].answer + traceNo,
  keyOf: (frame) => (frame.length < 30 ? null : frame.toString("latin1", 4, 30).trimEnd()),
};

/** The fields of one message by its own type, as far as its bytes reach; what follows the last field is shown too. */
export function describeSbx2Message(bytes: Uint8Array): DescribedField[] {
  const message = Buffer.from(bytes);
  const { places } = layouts.get(message.toString("latin1", 4, 10)) ?? headerLayout;
  const fields = places
    .filter(({ offset }) => offset < message.length)
    .map(({ name, offset, width, kind }): DescribedField => {
      const raw = message.subarray(offset, offset + width);
      return { offset, length: raw.length, name, value: iconv.decode(raw, "euc-kr").trimEnd(), kind };
    });
  const last = places.at(-1);
  const end = last ? last.offset + last.width : 0;
  if (message.length <= end) return fields;
  return [
    ...fields,
    {
      offset: end,
      length: message.length - end,
      name: "surplus",
      value: iconv.decode(message.subarray(end), "euc-kr"),
    },
  ];
}
