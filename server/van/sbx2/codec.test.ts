import iconv from "iconv-lite";
import { describe, expect, test } from "vitest";
import type { ApprovalRequest, VanOriginal } from "#server/van/van-gateway.ts";
import { describeSbx2Message, fitEucKr, sbx2Codec, sbx2Framing } from "./codec.ts";

const original: VanOriginal = {
  traceNo: "0AB1CD2EF3GH4JK5MN6P",
  mallId: "mall_01K9X4T7M2QH5V8RDN3B7ZC4WE",
  orderId: "order-000001",
  amountMinor: 15_000n,
  currency: "KRW",
  requestedAt: new Date("2026-11-22T05:32:07.123Z"),
};

function anApproval(orderName = "커피 2잔", testCode?: string): ApprovalRequest {
  return {
    original,
    orderName,
    taxFreeMinor: 0n,
    vatMinor: 1_364n,
    card: { number: "4330123412341234", expiryYear: "2030", expiryMonth: "7", installmentMonths: 3 },
    testCode,
  };
}

/** An answer as SBX2 writes it. */
function anAnswer(
  change: Partial<{ type: string; amount: string; code: string; message: string; length: string }> = {},
): Buffer {
  const { type = "021000", amount = "000000015000", code = "0000", message = "정상처리" } = change;
  const head =
    `${type}${original.traceNo}20261122143207${original.mallId.padEnd(40)}${original.orderId.padEnd(64)}${code}${amount}30418827` +
    "01";
  const body = Buffer.concat([Buffer.from(head, "latin1"), padded("신한카드", 20), padded(message, 40)]);
  return Buffer.concat([Buffer.from(change.length ?? String(body.length).padStart(4, "0")), body]);
}

function padded(text: string, width: number): Buffer {
  const bytes = Buffer.alloc(width, 0x20);
  iconv.encode(text, "euc-kr").copy(bytes);
  return bytes;
}

describe("SBX2 requests", () => {
  test("are as long as they say, with every value in its place", () => {
    const { sent } = sbx2Codec.encodeApproval(anApproval("커피 2잔", "SLOW_5"));
    expect(Number(Buffer.from(sent).toString("latin1", 0, 4))).toBe(sent.length - 4);
    const fields = Object.fromEntries(describeSbx2Message(sent).map(({ name, value }) => [name, value]));
    expect(fields).toMatchObject({
      messageType: "020000",
      traceNo: original.traceNo,
      mallId: original.mallId,
      orderId: "order-000001",
      amount: "000000015000",
      currency: "KRW",
      vat: "000000001364",
      requestedAt: "20261122143207",
      cardNumber: "4330123412341234",
      cardExpiry: "3007",
      installmentMonths: "03",
      orderName: "커피 2잔",
      testCode: "SLOW_5",
    });
  });

  test("are recorded with card number and expiry masked and otherwise the same", () => {
    const { sent, recorded } = sbx2Codec.encodeApproval(anApproval());
    const [clear, kept] = [Buffer.from(sent).toString("latin1"), Buffer.from(recorded).toString("latin1")];
    expect(kept).not.toBe(clear);
    expect(kept).toBe(clear.replace("4330123412341234   3007", "433012******1234   ****"));
  });

  test("leave out a test code that cannot be written", () => {
    for (const broken of ["가", "TIMEOUT ".repeat(30)]) {
      const fields = describeSbx2Message(sbx2Codec.encodeApproval(anApproval("커피", broken)).sent);
      expect(fields.find(({ name }) => name === "testCode")?.value).toBe("");
    }
  });

  test("refuse an identity that does not fit instead of cutting it", () => {
    for (const broken of [
      { ...original, orderId: "o".repeat(65) },
      { ...original, mallId: "몰" },
      { ...original, amountMinor: 10n ** 12n },
      { ...original, traceNo: "T".repeat(21) },
    ]) {
      expect(() => sbx2Codec.encodeNetCancel({ original: broken })).toThrow(/fits into/);
    }
  });
});

describe("EUC-KR text", () => {
  test("is cut between characters, whatever the text and width", () => {
    const pieces = ["가", "힣", "똠", "펲", "a", "Z", " ", "1", "漢", "※", "😀", "\n", "é", "뷁"];
    let seed = 20261122;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed % below;
    };
    for (let round = 0; round < 3_000; round++) {
      const text = Array.from({ length: random(60) }, () => pieces[random(pieces.length)]).join("");
      const width = random(80);
      const whole = iconv.decode(fitEucKr(text, 1_000), "euc-kr");
      const fitted = fitEucKr(text, width);
      const back = iconv.decode(fitted, "euc-kr");
      expect(fitted.length).toBeLessThanOrEqual(width);
      expect(whole.startsWith(back)).toBe(true);
      expect(back).not.toContain("\ufffd");
      // Not cut earlier than needed: the next character would not have fitted.
      const next = [...whole.slice(back.length)][0];
      if (next) expect(fitted.length + iconv.encode(next, "euc-kr").length).toBeGreaterThan(width);
    }
  });

  test("says what it can and keeps control characters out of the message", () => {
    expect(iconv.decode(fitEucKr("줄\n바꿈\u0000😀", 20), "euc-kr")).toMatch(/^줄 바꿈 \?+$/);
  });
});

describe("SBX2 answers", () => {
  test("are read", () => {
    expect(sbx2Codec.decode("APPROVE", anAnswer())).toEqual({
      traceNo: original.traceNo,
      mallId: original.mallId,
      orderId: original.orderId,
      amountMinor: 15_000n,
      responseCode: "0000",
      responseMessage: "정상처리",
      approvalNo: "30418827",
      issuerCode: "01",
      issuerName: "신한카드",
      state: undefined,
      canceledMinor: undefined,
    });
  });

  test("of another type, length or alphabet are not read", () => {
    expect(sbx2Codec.decode("CANCEL", anAnswer())).toBeNull();
    expect(sbx2Codec.decode("APPROVE", anAnswer({ type: "041000" }))).toBeNull();
    expect(sbx2Codec.decode("APPROVE", anAnswer({ length: "0233" }))).toBeNull();
    expect(sbx2Codec.decode("APPROVE", anAnswer({ amount: "00000001500 " }))).toBeNull();
    expect(sbx2Codec.decode("APPROVE", anAnswer({ amount: "-00000015000" }))).toBeNull();
    const whole = anAnswer();
    for (let length = 0; length < whole.length; length++)
      expect(sbx2Codec.decode("APPROVE", whole.subarray(0, length)), `${length} bytes`).toBeNull();
    expect(sbx2Codec.decode("APPROVE", Buffer.concat([whole, Buffer.from(" ")]))).toBeNull();
  });

  test("with any one byte changed never throw and never say another amount silently", () => {
    const whole = anAnswer();
    for (let at = 0; at < whole.length; at++) {
      for (const byte of [0x00, 0x20, 0x39, 0x7f, 0xff]) {
        const broken = Buffer.from(whole);
        broken[at] = byte;
        const reply = sbx2Codec.decode("APPROVE", broken);
        if (reply) expect(reply.amountMinor).toBe(BigInt(broken.toString("latin1", 152, 164)));
      }
    }
  });
});

test("frames are cut by their length prefix and known by type and trace number", () => {
  const whole = anAnswer();
  const two = Buffer.concat([whole, whole]);
  expect(sbx2Framing.frameLength(two)).toBe(whole.length);
  expect(sbx2Framing.frameLength(whole.subarray(0, whole.length - 1))).toBe(0);
  expect(sbx2Framing.frameLength(Buffer.from("02"))).toBe(0);
  expect(sbx2Framing.frameLength(Buffer.from("HTTP/1.1 400"))).toBeNull();
  expect(sbx2Framing.keyOf(whole)).toBe(sbx2Framing.keyOfAnswerTo("APPROVE", original.traceNo));
  expect(sbx2Framing.keyOf(whole.subarray(0, 29))).toBeNull();
});

test("the viewer's fields cover every byte of any message, whole, cut or unknown", () => {
  const { recorded } = sbx2Codec.encodeApproval(anApproval());
  expect(describeSbx2Message(recorded)).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ length: 19, name: "cardNumber", value: "433012******1234" }),
      expect.objectContaining({ length: 4, name: "cardExpiry", value: "****" }),
    ]),
  );
  for (const bytes of [
    recorded,
    anAnswer(),
    anAnswer().subarray(0, 60),
    Buffer.from("0012999999garbage!!!"),
  ]) {
    let end = 0;
    for (const { offset, length } of describeSbx2Message(bytes)) {
      expect(offset).toBe(end);
      end += length;
    }
    expect(end).toBe(bytes.length);
  }
});
