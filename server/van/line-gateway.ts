import { realIds } from "#server/core/ids.ts";
import { vanMessageBegins } from "#server/platform/metrics.ts";
import { dialClosedPort } from "#server/van/dial-closed-port.ts";
import type { MessageFailure } from "#server/van/domain/circuit.ts";
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
  VanOriginal,
} from "#server/van/van-gateway.ts";
import { type OnCircuitChange, VanGuard } from "#server/van/van-guard.ts";
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
export type DescribedField = Readonly<{
  offset: number;
  length: number;
  name: string;
  value: string;
  /** How the protocol writes it: digits, ASCII or Korean of a fixed width, or a value of JSON. */
  kind?: "N" | "A" | "K" | "string" | "number";
}>;

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
  /** On a connection of its own even without a test code. */
  alone?: boolean;
}>;
type Sent = Readonly<{ reply: VanReply; exchange: VanExchange }> | Unanswered;

/** What a probe may take: less than an approval may, because a VAN this slow is better left alone. */
const probeDeadline: VanDeadline = { connectTimeoutMs: 1_000, totalTimeoutMs: 3_000 };

/** A gateway made of a codec, a table of response codes and a line to the VAN. Translates and decides nothing but whether approvals may go out. */
export class LineGateway implements VanGateway {
  readonly code: string;
  readonly #address: Readonly<{ host: string; port: number }>;
  readonly #codec: VanCodec;
  readonly #codes: ResponseCodes;
  readonly #line: VanLine;
  readonly #reachability: Reachability;
  readonly #guard: VanGuard;

  constructor(
    parts: Readonly<{
      code: string;
      address: Readonly<{ host: string; port: number }>;
      codec: VanCodec;
      codes: ResponseCodes;
      line: VanLine;
      onCircuitChange: OnCircuitChange;
    }>,
  ) {
    this.code = parts.code;
    this.#address = parts.address;
    this.#codec = parts.codec;
    this.#codes = parts.codes;
    this.#line = parts.line;
    this.#guard = new VanGuard({
      probe: () => this.#probe(),
      onChange: (from, to) => parts.onCircuitChange(parts.code, from, to),
    });
    this.#reachability = new Reachability(parts.address.host, parts.address.port, {
      onReachable: () => this.#guard.reachable(),
      onUnreachable: (because) => this.#guard.unreachable(because),
    });
  }

  approve(request: ApprovalRequest, deadline: VanDeadline): Promise<ApprovalOutcome> {
    const { card } = request;
    const { traceNo } = request.original;
    const testCode = testCodeOf(request.testCode, card.number);
    return this.#watched("APPROVE", testCode, async () => {
      const sent = await this.#send(
        { operation: "APPROVE", traceNo, encoded: this.#codec.encodeApproval(request), card, testCode },
        deadline,
      );
      return "reply" in sent ? judgeApproval(request, sent.reply, this.#codes, sent.exchange) : sent;
    });
  }

  cancel(request: CancelRequest, deadline: VanDeadline): Promise<CancelOutcome> {
    const { traceNo, testCode = "" } = request;
    return this.#watched("CANCEL", testCode, async () => {
      const sent = await this.#send(
        { operation: "CANCEL", traceNo, encoded: this.#codec.encodeCancel(request), testCode },
        deadline,
      );
      return "reply" in sent ? judgeCancel(request, sent.reply, this.#codes, sent.exchange) : sent;
    });
  }

  netCancel(request: NetCancelRequest, deadline: VanDeadline): Promise<NetCancelOutcome> {
    const { traceNo } = request.original;
    const { testCode = "" } = request;
    return this.#watched("NET_CANCEL", testCode, async () => {
      const sent = await this.#send(
        { operation: "NET_CANCEL", traceNo, encoded: this.#codec.encodeNetCancel(request), testCode },
        deadline,
      );
      return "reply" in sent ? judgeNetCancel(request, sent.reply, this.#codes, sent.exchange) : sent;
    });
  }

  inquire(request: InquiryRequest, deadline: VanDeadline): Promise<InquiryOutcome> {
    return this.#watched("INQUIRY", "", () => this.#inquire(request, deadline, false));
  }

  async #inquire(request: InquiryRequest, deadline: VanDeadline, alone: boolean): Promise<InquiryOutcome> {
    const encoded = this.#codec.encodeInquiry(request);
    const sent = await this.#send(
      { operation: "INQUIRY", traceNo: request.traceNo, encoded, testCode: "", alone },
      deadline,
    );
    return "reply" in sent ? judgeInquiry(request, sent.reply, this.#codes, sent.exchange) : sent;
  }

  /** Asks about a payment that never was, on a connection of its own: a connection that died with the VAN says nothing of its return. */
  async #probe(): Promise<MessageFailure | null> {
    const traceNo = realIds.newTraceNo();
    const original: VanOriginal = {
      traceNo,
      mallId: "paydeck-probe",
      orderId: `probe-${traceNo}`,
      amountMinor: 0n,
      currency: "KRW",
      requestedAt: new Date(),
    };
    return failureOf(await this.#inquire({ original, traceNo }, probeDeadline, true));
  }

  /** Counts a message and tells the circuit what became of it. A fault that a test code asked for says nothing about the VAN. */
  async #watched<Outcome extends Readonly<{ kind: string }> | Unanswered>(
    operation: VanOperation,
    testCode: string,
    send: () => Promise<Outcome>,
  ): Promise<Outcome> {
    const ticket = testCode === "" ? this.#guard.sent(operation === "APPROVE") : null;
    const count = vanMessageBegins(this.code, operation);
    const outcome = await send();
    count(outcome.kind);
    if (ticket) this.#guard.ended(ticket, failureOf(outcome));
    return outcome;
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
            alone: call.testCode !== "" || call.alone === true,
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

  admitsInMs(): number {
    return this.#guard.admitsInMs();
  }

  admit(): void {
    this.#guard.admit();
  }

  health(): VanHealth {
    const { reachable, lastAnswerAt, lastError } = this.#reachability;
    return {
      reachable,
      inFlight: this.#line.inFlight,
      lastAnswerAt,
      lastError,
      circuit: this.#guard.circuit,
    };
  }

  async close(): Promise<void> {
    this.#guard.close();
    this.#reachability.close();
    await this.#line.close();
  }
}

/** What went wrong, or null for an outcome that the VAN decided, whatever it decided. */
function failureOf(outcome: Readonly<{ kind: string }> | Unanswered): MessageFailure | null {
  return "because" in outcome ? outcome.because : null;
}
