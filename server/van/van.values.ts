/** How long the reason of a stop or a resumption may be. */
export const stopReasonLengthMax = 200;

/** What a sandbox VAN can be made to do to every message, or to a share of them. */
export const sandboxFaults = [
  "DOWN",
  "TIMEOUT",
  "TIMEOUT_APPROVED",
  "SLOW_3000",
  "DROP_CONNECTION",
  "GARBLED",
  "HALF_REPLY",
  "WRONG_AMOUNT",
  "UNKNOWN_CODE",
  "DECLINE_CARD_LIMIT_EXCEEDED",
] as const;
export type SandboxFault = (typeof sandboxFaults)[number];

/** A fault ends by itself, so that one that is forgotten does no harm. */
export const faultMinutesMax = 60;
