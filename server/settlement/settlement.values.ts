/** Names and limits that screens share with the validator, without the validator itself. */
export const settlementStatuses = ["COLLECTED", "DRAFT", "CONFIRMED", "PAID_OUT"] as const;
export type SettlementStatus = (typeof settlementStatuses)[number];

/** What a person sees of a settlement: where it stands, or that its money is kept back, which only unpaid ones can be. */
export const settlementStates = [...settlementStatuses, "WITHHELD"] as const;
export type SettlementState = (typeof settlementStates)[number];
/** What a payout waits for: confirmed or not, but not kept back. */
export const payableStates = ["DRAFT", "CONFIRMED"] as const satisfies readonly SettlementState[];

export const lineKinds = ["APPROVAL", "CANCEL", "ADJUSTMENT"] as const;
export type LineKind = (typeof lineKinds)[number];

/** Why something waits: its cancel has no known outcome, its mall has no terms, its approval waits, its approval is not known. */
export type PendingReason = "CANCEL_PENDING" | "NO_CONTRACT" | "APPROVAL_WAITS" | "UNKNOWN";

/** What stands out in a batch, the most urgent first: a payout below zero, none where there usually is one, one far off its mean. */
export const anomalyKinds = ["NEGATIVE", "MISSING", "DEVIATION"] as const;
export type AnomalyKind = (typeof anomalyKinds)[number];

export const holidayKinds = ["PUBLIC", "SUBSTITUTE", "TEMPORARY", "ELECTION", "BANK"] as const;

export const settlementReasonLengthMax = 200;

/** How many settlements one confirmation or payout takes. */
export const settlementsTogetherMax = 500;
