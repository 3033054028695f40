import type { OperatorRole } from "#server/operators/permissions.ts";

/** How a kind is measured against a limit: minor units of won, a number of items, or each single change. */
export type LimitUnit = "won" | "items" | "changes";

type Kind = Readonly<{
  unit: LimitUnit;
  /** Up to where a role acts alone unless an administrator says otherwise. Null: without limit. A role that is not named cannot act. */
  limits: Readonly<Partial<Record<OperatorRole, bigint | null>>>;
}>;

/** What needs a second person above a limit. A kind can be asked for once its payload is in `changePayloads`. */
export const changeKinds = {
  CANCEL: { unit: "won", limits: { OPERATOR: 1_000_000n, ADMIN: 10_000_000n } },
  BULK_CANCEL: { unit: "won", limits: { OPERATOR: 1_000_000n, ADMIN: 10_000_000n } },
  /**
   * The letters a run would work on, net cancels and reversals of orphans not counted: those give a card holder's money back and have about an hour
   * for it (NC-7), while a request may wait for a day. Net cancels alone never wait for a second person.
   */
  BULK_REDRIVE: { unit: "items", limits: { OPERATOR: 100n, ADMIN: 200n } },
  SETTLEMENT_CONFIRM: { unit: "won", limits: { SETTLEMENT: 0n, ADMIN: 0n } },
  SETTLEMENT_PAYOUT: { unit: "won", limits: { SETTLEMENT: 0n, ADMIN: 0n } },
  WITHHOLD: { unit: "won", limits: { SETTLEMENT: 0n, ADMIN: 0n } },
  ADJUSTMENT: { unit: "won", limits: { SETTLEMENT: 0n, ADMIN: 0n } },
  KEY_CHANGE: { unit: "changes", limits: { ADMIN: null } },
  CONTRACT_CHANGE: { unit: "changes", limits: { ADMIN: null } },
} as const satisfies Record<string, Kind>;

export type ChangeKind = keyof typeof changeKinds;
export const changeKindNames = Object.keys(changeKinds) as [ChangeKind, ...ChangeKind[]];

export const changeStatuses = [
  "PENDING",
  "APPROVED",
  "RUNNING",
  "DONE",
  "REFUSED",
  "REJECTED",
  "EXPIRED",
  "WITHDRAWN",
] as const;
export type ChangeStatus = (typeof changeStatuses)[number];

/** What a request has been through. VOIDED: an edit took back an approval. */
export const changeEventKinds = [
  "REQUESTED",
  "EDITED",
  "VOIDED",
  "APPROVED",
  "REJECTED",
  "WITHDRAWN",
  "EXPIRED",
  "STARTED",
  "DONE",
  "REFUSED",
] as const;
export type ChangeEventKind = (typeof changeEventKinds)[number];

/** Which requests a list shows: those that wait for a decision, one's own, or those that are decided or over. */
export const changeViews = ["waiting", "mine", "closed"] as const;
export type ChangeView = (typeof changeViews)[number];

/** The longest note of a decision. */
export const decisionNoteMax = 500;
