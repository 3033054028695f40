import { describe, expect, test } from "vitest";
import type { VanCodec } from "./line-gateway.ts";
import { maskCardIn, maskCardNumber } from "./mask-card.ts";
import { sbx1Codec } from "./sbx1/codec.ts";
import { sbx2Codec } from "./sbx2/codec.ts";
import type { ApprovalRequest, Card } from "./van-gateway.ts";

const lengths = [13, 14, 15, 16, 17, 18, 19];
/** No two neighbours alike and no run of it anywhere else in a message. */
const digits = "4906183725940718362";
const aCard = (length = 16): Card => ({
  number: digits.slice(0, length),
  expiryYear: "2034",
  expiryMonth: "9",
  installmentMonths: 0,
});
const anApproval = (card: Card): ApprovalRequest => ({
  original: {
    traceNo: "0AB1CD2EF3GH4JK5MN6P",
    mallId: "mall_1",
    orderId: "order-000001",
    amountMinor: 15_000n,
    currency: "KRW",
    requestedAt: new Date("2026-11-22T05:32:07.123Z"),
  },
  orderName: "커피",
  taxFreeMinor: 0n,
  vatMinor: 1_364n,
  card,
});
const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");
const masked = (text: string, card = aCard()) => textOf(maskCardIn(Buffer.from(text, "latin1"), card));

/** The rule itself: of the number no more than its first six and last four digits, of the expiry nothing. */
function expectKept(text: string, { number }: Card) {
  for (let at = 0; at + 5 <= number.length; at++)
    if (at + 5 > 6) expect(text).not.toContain(number.slice(at, at + 5));
  expect(text).toContain(number.slice(0, 6) + "*".repeat(number.length - 10) + number.slice(-4));
  expect(text).not.toContain("3409");
}

test.each([
  ["4330123412341234", "433012******1234"],
  ["378282246310005", "378282*****0005"],
  ["4222222222222", "422222***2222"],
  ["6304000000000000018", "630400*********0018"],
])("%s is kept as %s", (number, kept) => {
  expect(maskCardNumber(number)).toBe(kept);
});

describe.each<[string, VanCodec]>([
  ["SBX1", sbx1Codec],
  ["SBX2", sbx2Codec],
])("of a message to %s", (_, codec) => {
  test.each(lengths)("with a card number of %i digits only BIN and last four are recorded", (length) => {
    const card = aCard(length);
    const { sent, recorded } = codec.encodeApproval(anApproval(card));
    expect(textOf(sent)).toContain(card.number);
    expect(textOf(sent)).toContain("3409");
    expectKept(textOf(recorded), card);
    expect(recorded).toHaveLength(sent.length);
  });

  test.each(lengths)("with %i digits, echoed as an answer or in part, nothing more is kept", (length) => {
    const card = aCard(length);
    const { sent, recorded } = codec.encodeApproval(anApproval(card));
    expectKept(textOf(maskCardIn(sent, card)), card);
    expect(maskCardIn(sent, card)).toEqual(recorded);
    const start = Buffer.from(sent).indexOf(card.number);
    for (let digitsLeft = 7; digitsLeft < length; digitsLeft++)
      expect(textOf(maskCardIn(sent.subarray(0, start + digitsLeft), card)).slice(start)).toBe(
        card.number.slice(0, 6) + "*".repeat(digitsLeft - 6),
      );
  });
});

test("every occurrence in an answer is masked, in a copy", () => {
  const { number } = aCard();
  const bytes = Buffer.from(`a ${number} b ${number}`);
  expect(textOf(maskCardIn(bytes, aCard()))).toBe("a 490618******0718 b 490618******0718");
  expect(bytes.toString()).toContain(number);
});

test.each([
  ['{"cardExpiry":"3409"}', '{"cardExpiry":"****"}'],
  ['{"expiry" : "09/34"}', '{"expiry" : "**/**"}'],
  ['{"expDate":"2034-09"}', '{"expDate":"****-**"}'],
  ["##cardExpiry###3409#", "##cardExpiry###****#"],
  ["exp=0934", "exp=****"],
  ["4906183725940718=34091", "490618******0718=****1"],
])("an expiry that is named or follows the number is masked: %s", (text, kept) => {
  expect(masked(text)).toBe(kept);
});

test.each([
  '{"orderId":"exp-3409","amount":3409}',
  '{"orderId":"cardExpiry3409","traceNo":"3409"}',
  "order-exp                3409000000003409",
])("the same four digits elsewhere stay: %s", (text) => {
  expect(masked(text)).toBe(text);
});
