import { afterEach, expect, test } from "vitest";
import { LineGateway } from "#server/van/line-gateway.ts";
import type { ApprovalRequest, VanGateway } from "#server/van/van-gateway.ts";
import type { LineAnswer } from "#server/van/van-line.ts";
import type { VanReply } from "#server/van/van-reply.ts";

// What a gateway makes of an answer that came whole: the codec and the line are stand-ins, the judgement is real.

const deadline = { connectTimeoutMs: 100, totalTimeoutMs: 200 };
const request: ApprovalRequest = {
  original: {
    traceNo: "0AB1CD2EF3GH4JK5MN6P",
    mallId: "mall_1",
    orderId: "order-000001",
    amountMinor: 15_000n,
    currency: "KRW",
    requestedAt: new Date(),
  },
  orderName: "커피",
  taxFreeMinor: 0n,
  vatMinor: 1_364n,
  card: { number: "4330123412341234", expiryYear: "30", expiryMonth: "07", installmentMonths: 0 },
};
const approval: VanReply = {
  traceNo: request.original.traceNo,
  mallId: "mall_1",
  orderId: "order-000001",
  amountMinor: 15_000n,
  responseCode: "0000",
  responseMessage: "정상",
  approvalNo: "30418827",
  issuerCode: "01",
  issuerName: "신한카드",
};

let opened: VanGateway | undefined;
afterEach(() => opened?.close());

function gatewayThatReads(
  reply: VanReply | null,
  answer: LineAnswer = { kind: "answered", bytes: Buffer.from("an answer") },
): VanGateway {
  const encode = () => ({ sent: Buffer.from("a message"), recorded: Buffer.from("a message") });
  opened = new LineGateway({
    code: "TEST",
    address: { host: "127.0.0.1", port: 1 },
    codec: {
      encodeApproval: encode,
      encodeCancel: encode,
      encodeNetCancel: encode,
      encodeInquiry: encode,
      decode: () => reply,
    },
    codes: {
      "0000": { is: "done" },
      "8350": { is: "declined", refusal: "CARD_DECLINED" },
      "2001": { is: "original_not_found" },
    },
    line: { inFlight: 0, call: async () => answer, close: async () => undefined },
    onCircuitChange: () => undefined,
  });
  return opened;
}

const approve = (reply: VanReply | null, answer?: LineAnswer) =>
  gatewayThatReads(reply, answer).approve(request, deadline);

test("an approval that agrees is one, and a listed decline is one", async () => {
  expect(await approve(approval)).toMatchObject({ kind: "approved", approvalNo: "30418827" });
  expect(await approve({ ...approval, responseCode: "8350" })).toMatchObject({
    kind: "declined",
    refusal: "CARD_DECLINED",
  });
});

test.each([
  ["a response code without a row", { responseCode: "9876" }, "unknown_code"],
  ["a response code of another message", { responseCode: "2001" }, "unknown_code"],
  ["no approval number", { approvalNo: undefined }, "unreadable"],
  ["no issuer", { issuerCode: "" }, "unreadable"],
  ["another amount", { amountMinor: 15_001n }, "mismatch"],
  ["another trace number", { traceNo: "0AB1CD2EF3GH4JK5MN6Q" }, "mismatch"],
  ["another mall", { mallId: "mall_2" }, "mismatch"],
  ["another order", { orderId: "order-000002" }, "mismatch"],
] as const)("%s is unknown, never a decline and never an approval (NC-2)", async (_, change, because) => {
  expect(await approve({ ...approval, ...change })).toMatchObject({ kind: "unknown", because });
});

test("bytes that cannot be read are unknown, and kept", async () => {
  const outcome = await approve(null);
  expect(outcome).toMatchObject({ kind: "unknown", because: "unreadable" });
  expect(Buffer.from(outcome.exchange.responseBytes ?? []).toString()).toBe("an answer");
});

test("no answer is unknown", async () => {
  const lost: LineAnswer = { kind: "lost", because: "timeout", bytes: null, error: "no answer in time" };
  expect(await approve(null, lost)).toMatchObject({ kind: "unknown", because: "timeout" });
});
