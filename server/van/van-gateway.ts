import type { DeclineCode, RefusalCode } from "#server/core/refusals.ts";
import type { CircuitState, MessageFailure } from "#server/van/domain/circuit.ts";

/** What identifies one approval at a VAN; net cancel and inquiry repeat it unchanged (NC-5). */
export type VanOriginal = Readonly<{
  traceNo: string;
  mallId: string;
  orderId: string;
  amountMinor: bigint;
  currency: string;
  requestedAt: Date;
}>;

export type Card = Readonly<{
  number: string;
  expiryYear: string;
  expiryMonth: string;
  installmentMonths: number;
}>;

export type ApprovalRequest = Readonly<{
  original: VanOriginal;
  orderName: string;
  taxFreeMinor: bigint;
  vatMinor: bigint;
  card: Card;
  /** `Paydeck-Test-Code`, handed on to sandbox VANs only. */
  testCode?: string | undefined;
}>;

export type CancelRequest = Readonly<{
  original: VanOriginal;
  /** The trace number of this cancel: the same however often it is sent. */
  traceNo: string;
  approvalNo: string;
  amountMinor: bigint;
  taxFreeMinor: bigint;
  vatMinor: bigint;
  /** What is left of the approval before this cancel. */
  balanceBeforeMinor: bigint;
  /** True for every cancel but one of the whole, untouched amount (CX-5). */
  partial: boolean;
  testCode?: string | undefined;
}>;

export type NetCancelRequest = Readonly<{ original: VanOriginal; testCode?: string | undefined }>;

/** Asks for the fate of one earlier message of ours, an approval or a cancel, by its trace number. */
export type InquiryRequest = Readonly<{ original: VanOriginal; traceNo: string }>;

/** How long a call may take: to connect, and from the call to the last byte of the answer (NC-1). */
export type VanDeadline = Readonly<{ connectTimeoutMs: number; totalTimeoutMs: number }>;

/** One message and its answer as bytes on the wire, card number masked. Kept for the 전문 viewer and dead letters. */
export type VanExchange = Readonly<{
  requestBytes: Uint8Array<ArrayBuffer>;
  responseBytes: Uint8Array<ArrayBuffer> | null;
  startedAt: Date;
  durationMs: number;
  responseCode?: string | undefined;
  responseMessage?: string | undefined;
  error?: string | undefined;
}>;

/** Bytes left us and no answer that can be trusted came: the VAN may or may not have done it (NC-2). */
export type Unknown = Readonly<{
  kind: "unknown";
  because: "timeout" | "reset" | "unreadable" | "mismatch" | "unknown_code";
  exchange: VanExchange;
}>;

/** No byte left us: certainly nothing happened at the VAN. */
export type NotSent = Readonly<{
  kind: "not_sent";
  because: "refused" | "connect_timeout" | "unreachable";
  exchange: VanExchange;
}>;

export type ApprovalOutcome =
  | Readonly<{
      kind: "approved";
      approvalNo: string;
      issuerCode: string;
      issuerName: string;
      exchange: VanExchange;
    }>
  | Readonly<{ kind: "declined"; refusal: DeclineCode; exchange: VanExchange }>
  | Unknown
  | NotSent;

export type CancelOutcome =
  /** Done, now or by an earlier sending of the same trace number. */
  | Readonly<{ kind: "canceled"; exchange: VanExchange }>
  | Readonly<{
      kind: "refused";
      refusal: Extract<
        RefusalCode,
        | "NOT_CANCELABLE_AMOUNT"
        | "NOT_CANCELABLE_PAYMENT"
        | "ALREADY_CANCELED_PAYMENT"
        | "CANCEL_DEADLINE_EXPIRED"
        | "NOT_ALLOWED_PARTIAL_CANCEL"
        | "INSUFFICIENT_SETTLEMENT_BALANCE"
        | "VAN_ERROR"
      >;
      exchange: VanExchange;
    }>
  | Unknown
  | NotSent;

export type NetCancelOutcome =
  /** The VAN says that the approval is reversed, now or earlier. */
  | Readonly<{ kind: "canceled"; exchange: VanExchange }>
  /** No such approval at the VAN: final only when its processing window has closed (D4). */
  | Readonly<{ kind: "original_not_found"; exchange: VanExchange }>
  /** Acquired already: only a normal cancel gives the money back now (NC-5). */
  | Readonly<{ kind: "already_acquired"; exchange: VanExchange }>
  | Readonly<{ kind: "refused"; exchange: VanExchange }>
  | Unknown
  | NotSent;

export type InquiryOutcome =
  | Readonly<{
      kind: "found";
      /** For an approval: approved (live), declined, net_canceled, canceled (in full by cancels). For a cancel: canceled. */
      state: "approved" | "declined" | "net_canceled" | "canceled";
      amountMinor: bigint;
      /** Approvals only: given back so far. */
      canceledMinor: bigint;
      approvalNo?: string | undefined;
      exchange: VanExchange;
    }>
  | Readonly<{ kind: "not_found"; exchange: VanExchange }>
  | Unknown
  | NotSent;

/** The circuit breaker of one VAN in this process. `reason` is what opened it last; a probe is planned unless it is closed. */
export type VanCircuit = Readonly<{
  state: CircuitState;
  since: Date;
  reason: MessageFailure | null;
  nextProbeAt: Date | null;
}>;

/** The state of the connection and of the circuit in this process. */
export type VanHealth = Readonly<{
  reachable: boolean;
  inFlight: number;
  lastAnswerAt: Date | null;
  lastError: string | null;
  circuit: VanCircuit;
}>;

/**
 * One acquirer network. An adapter translates and decides nothing: it says `declined` or `refused` only
 * when the VAN said so, and never throws for what the network or the VAN does.
 */
export interface VanGateway {
  readonly code: string;
  approve(request: ApprovalRequest, deadline: VanDeadline): Promise<ApprovalOutcome>;
  cancel(request: CancelRequest, deadline: VanDeadline): Promise<CancelOutcome>;
  netCancel(request: NetCancelRequest, deadline: VanDeadline): Promise<NetCancelOutcome>;
  inquire(request: InquiryRequest, deadline: VanDeadline): Promise<InquiryOutcome>;
  /**
   * 0 when the circuit lets a new approval in, else in how many milliseconds it is worth asking again. For approvals
   * alone: what repairs is sent whatever the circuit says.
   */
  admitsInMs(): number;
  /** Announces an approval that may go out: it takes one of the few places of a half-open circuit. */
  admit(): void;
  health(): VanHealth;
  close(): Promise<void>;
}
