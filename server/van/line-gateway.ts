import { dialClosedPort } from "#server/van/dial-closed-port.ts";
import { refusesConnection, testCodeOf } from "#server/van/domain/test-codes.ts";
import { maskCardIn } from "#server/van/mask-card.ts";
import { Reachability } from "#server/van/reachability.ts";
import type {
  ApprovalOutcome,
  ApprovalRequest,
  CancelOutcome,
  CancelRequest,
  Card,
  InquiryOutcome,
  InquiryRequest,
  NetCancelOutcome,
  NetCancelRequest,
  NotSent,
  Unknown,
  VanDeadline,
  VanExchange,
  VanGateway,
  VanHealth,
} from "#server/van/van-gateway.ts";
import type { LineAnswer, VanLine, VanOperation } from "#server/van/van-line.ts";
import {
  judgeApproval,
  judgeCancel,
  judgeInquiry,
  judgeNetCancel,
  type ResponseCodes,
  type VanReply,
} from "#server/van/van-reply.ts";

/** A message as bytes: for the wire, and with card number and expiry masked for whoever keeps it. */
export type Encoded = Readonly<{ sent: Uint8Array; recorded: Uint8Array<ArrayBuffer> }>;

/** One field of a message, for the 전문 viewer. `offset` and `length` count bytes of the whole message. */
export type DescribedField = Readonly<{ offset: number; length: number; name: string; value: string }>;

/** How one VAN writes messages and reads answers. Pure. */
export type VanCodec = Readonly<{
  encodeApproval: (request: ApprovalRequest) => Encoded;
  encodeCancel: (request: CancelRequest) => Encoded;
  encodeNetCancel: (request: NetCancelRequest) => Encoded;
  encodeInquiry: (request: InquiryRequest) => Encoded;
  /** Null for bytes that are not a whole, well-formed answer to this kind of message. */
  decode: (operation: VanOperation, bytes: Uint8Array) => VanReply | null;
}>;

type Unanswered = Unknown | NotSent;
type Call = Readonly<{
  operation: VanOperation;
  traceNo: string;
  encoded: Encoded;
  /** What no answer may carry on to whoever keeps it. */
  card?: Card;
  /** Sandbox only: the test code that goes with the message. */
  testCode: string;
}>;
type Sent = Readonly<{ reply: VanReply; exchange: VanExchange }> | Unanswered;

/** A gateway made of a codec, a table of response codes and a line to the VAN. Translates and decides nothing. */
export class LineGateway implements VanGateway {
  readonly code: string;
  readonly #address: Readonly<{ host: string; port: number }>;
  readonly #codec: VanCodec;
  readonly #codes: ResponseCodes;
  readonly #line: VanLine;
  readonly #reachability: Reachability;

  constructor(
    parts: Readonly<{
      code: string;
      address: Readonly<{ host: string; port: number }>;
      codec: VanCodec;
      codes: ResponseCodes;
      line: VanLine;
    }>,
  ) {
    this.code = parts.code;
    this.#address = parts.address;
    this.#codec = parts.codec;
    this.#codes = parts.codes;
    this.#line = parts.line;
    this.#reachability = new Reachability(parts.address.host, parts.address.port);
  }

  async approve(request: ApprovalRequest, deadline: VanDeadline): Promise<ApprovalOutcome> {
    const { card } = request;
    const { traceNo } = request.original;
    const testCode = testCodeOf(request.testCode, card.number);
    const sent = await this.#send(
      { operation: "APPROVE", traceNo, encoded: this.#codec.encodeApproval(request), card, testCode },
      deadline,
    );
    return "reply" in sent ? judgeApproval(request, sent.reply, this.#codes, sent.exchange) : sent;
  }

  async cancel(request: CancelRequest, deadline: VanDeadline): Promise<CancelOutcome> {
    const { traceNo, testCode = "" } = request;
    const sent = await this.#send(
      { operation: "CANCEL", traceNo, encoded: this.#codec.encodeCancel(request), testCode },
      deadline,
    );
    return "reply" in sent ? judgeCancel(request, sent.reply, this.#codes, sent.exchange) : sent;
  }

  async netCancel(request: NetCancelRequest, deadline: VanDeadline): Promise<NetCancelOutcome> {
    const { traceNo } = request.original;
    const { testCode = "" } = request;
    const sent = await this.#send(
      { operation: "NET_CANCEL", traceNo, encoded: this.#codec.encodeNetCancel(request), testCode },
      deadline,
    );
    return "reply" in sent ? judgeNetCancel(request, sent.reply, this.#codes, sent.exchange) : sent;
  }

  async inquire(request: InquiryRequest, deadline: VanDeadline): Promise<InquiryOutcome> {
    const encoded = this.#codec.encodeInquiry(request);
    const sent = await this.#send(
      { operation: "INQUIRY", traceNo: request.traceNo, encoded, testCode: "" },
      deadline,
    );
    return "reply" in sent ? judgeInquiry(request, sent.reply, this.#codes, sent.exchange) : sent;
  }

  async #send(call: Call, deadline: VanDeadline): Promise<Sent> {
    const startedAt = new Date();
    const startedMs = performance.now();
    const refuses =
      call.testCode !== "" &&
      call.operation !== "INQUIRY" &&
      refusesConnection(call.testCode, call.operation);
    const answer = refuses
      ? await dialClosedPort(this.#address.host, deadline)
      : await this.#line.call(
          {
            operation: call.operation,
            traceNo: call.traceNo,
            sent: call.encoded.sent,
            alone: call.testCode !== "",
          },
          deadline,
        );
    const durationMs = Math.round(performance.now() - startedMs);
    if (!refuses) this.#watch(answer);

    const bytes = answer.kind === "not_sent" ? null : answer.bytes;
    const responseBytes = bytes && (call.card ? maskCardIn(bytes, call.card) : new Uint8Array(bytes));
    const exchange: VanExchange = {
      requestBytes: call.encoded.recorded,
      responseBytes,
      startedAt,
      durationMs,
    };
    if (answer.kind === "not_sent")
      return { kind: "not_sent", because: answer.because, exchange: { ...exchange, error: answer.error } };
    if (answer.kind === "lost")
      return { kind: "unknown", because: answer.because, exchange: { ...exchange, error: answer.error } };
    // Read from the masked copy, so that nothing said back to us can carry number or expiry on.
    const reply = responseBytes && this.#codec.decode(call.operation, responseBytes);
    if (!reply)
      return {
        kind: "unknown",
        because: "unreadable",
        exchange: { ...exchange, error: "the answer cannot be read" },
      };
    const { responseCode, responseMessage } = reply;
    return { reply, exchange: { ...exchange, responseCode, responseMessage } };
  }

  #watch(answer: LineAnswer): void {
    if (answer.kind === "answered") this.#reachability.answered(new Date());
    else if (answer.kind === "lost") this.#reachability.lost(answer.error);
    else this.#reachability.unreachable(answer.error);
  }

  health(): VanHealth {
    const { reachable, lastAnswerAt, lastError } = this.#reachability;
    return { reachable, inFlight: this.#line.inFlight, lastAnswerAt, lastError };
  }

  async close(): Promise<void> {
    this.#reachability.close();
    await this.#line.close();
  }
}
