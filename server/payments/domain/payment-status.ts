/** Where a payment may go next (domain §3.2). The SQL guard `payment_guard_transition`, the tests and the docs follow this table. */
export const nextStatuses = {
  READY: ["IN_PROGRESS", "EXPIRED"],
  IN_PROGRESS: ["DONE", "ABORTED", "UNKNOWN"],
  DONE: ["CANCEL_PENDING", "PARTIAL_CANCELED", "CANCELED", "NET_CANCELED"],
  ABORTED: [],
  UNKNOWN: ["NET_CANCELED"],
  NET_CANCELED: [],
  CANCEL_PENDING: ["DONE", "PARTIAL_CANCELED", "CANCELED"],
  PARTIAL_CANCELED: ["CANCEL_PENDING", "PARTIAL_CANCELED", "CANCELED"],
  CANCELED: [],
  EXPIRED: [],
} as const satisfies Record<string, readonly string[]>;

export type PaymentStatus = keyof typeof nextStatuses;
export const paymentStatuses = Object.keys(nextStatuses) as PaymentStatus[];

/** True when a payment may move from one status to the other. */
export function mayMove(from: PaymentStatus, to: PaymentStatus): boolean {
  return (nextStatuses[from] as readonly string[]).includes(to);
}

/** Statuses whose money the mall got: what totals add up. */
export const approvedStatuses: readonly PaymentStatus[] = [
  "DONE",
  "CANCEL_PENDING",
  "PARTIAL_CANCELED",
  "CANCELED",
];

/** True when the mall got the money of the payment, whatever was given back since. */
export function isApproved(status: PaymentStatus): boolean {
  return approvedStatuses.includes(status);
}

/** Statuses in which an order is free again: a new payment of the same order may begin (IDM-7). */
export const freeOrderStatuses = [
  "ABORTED",
  "EXPIRED",
  "NET_CANCELED",
] as const satisfies readonly PaymentStatus[];

export const cancelStatuses = ["REQUESTED", "SUCCEEDED", "FAILED", "UNKNOWN"] as const;
export type CancelStatus = (typeof cancelStatuses)[number];

/** Where a cancel may go next; `payment_cancel_guard_transition` follows it. */
export const nextCancelStatuses = {
  REQUESTED: ["SUCCEEDED", "FAILED", "UNKNOWN"],
  UNKNOWN: ["SUCCEEDED", "FAILED"],
  SUCCEEDED: [],
  FAILED: [],
} as const satisfies Record<CancelStatus, readonly CancelStatus[]>;

export const origins = ["API", "CONSOLE", "SYSTEM", "NET_CANCEL", "CHARGEBACK"] as const;
export type Origin = (typeof origins)[number];
