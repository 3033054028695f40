import type { NotSent, Unknown, VanDeadline } from "#server/van/van-gateway.ts";

export type VanOperation = "APPROVE" | "CANCEL" | "NET_CANCEL" | "INQUIRY";

/** One message on its way out. `sent` holds the card number in clear and goes to the wire alone. */
export type LineMessage = Readonly<{
  operation: VanOperation;
  traceNo: string;
  sent: Uint8Array;
  /** On a connection of its own, so that a fault asked for by test code hurts nobody else. */
  alone: boolean;
}>;

export type LineAnswer =
  | Readonly<{ kind: "answered"; bytes: Uint8Array }>
  /** At least one byte may have left us and no whole answer came. `bytes` is what did come. */
  | Readonly<{
      kind: "lost";
      because: Extract<Unknown["because"], "timeout" | "reset" | "unreadable">;
      bytes: Uint8Array | null;
      error: string;
    }>
  /** Certainly no byte left us. */
  | Readonly<{ kind: "not_sent"; because: NotSent["because"]; error: string }>;

/**
 * Carries messages to one VAN and says honestly what became of each. Never throws, and answers by the
 * deadline: `totalTimeoutMs` runs from the call to the last byte of the answer, however slowly bytes drip.
 */
export interface VanLine {
  call(message: LineMessage, deadline: VanDeadline): Promise<LineAnswer>;
  readonly inFlight: number;
  /** Cuts every connection; what is under way ends as `lost`. */
  close(): Promise<void>;
}

/** What a failed attempt to connect means. Never for an error of an open connection. */
export function notSentBecause(error: unknown): NotSent["because"] {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === "ECONNREFUSED") return "refused";
  return code === "ETIMEDOUT" || code === "UND_ERR_CONNECT_TIMEOUT" ? "connect_timeout" : "unreachable";
}

/** An error in a word or a sentence, without what was being sent. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return "unknown error";
  return (error as NodeJS.ErrnoException).code ?? error.message;
}
