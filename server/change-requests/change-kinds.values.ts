import type { OperatorRole } from "#server/operators/permissions.ts";

/** How a kind is measured against a limit: minor units of won, a number of items, or each single change. */
export type LimitUnit = "won" | "items" | "changes";

type Kind = Readonly<{
  unit: LimitUnit;
  /** Up to where a role acts alone unless an administrator says otherwise. Null: without limit. A role that is not named cannot act. */
  limits: Readonly<Partial<Record<OperatorRole, bigint | null>>>;
  /** The limits stand as they are here; nobody sets others. */
  isFixed?: boolean;
}>;

/** What needs a second person above a limit. A kind can be asked for once its payload is in `changePayloads`. */
export const changeKinds = {
  CANCEL: { unit: "won", limits: { OPERATOR: 500_000n, ADMIN: 10_000_000n } },
  // As of one cancel: nobody passes that limit by a bulk of one row.
  BULK_CANCEL: { unit: "won", limits: { OPERATOR: 500_000n, ADMIN: 10_000_000n } },
  /**
   * The letters a run would work on, net cancels and reversals of orphans not counted: those give a card holder's money back and have about an hour
   * for it (NC-7), while a request may wait for a day. Net cancels alone never wait for a second person.
   */
  BULK_REDRIVE: { unit: "items", limits: { OPERATOR: 100n, ADMIN: 200n } },
  // What is decided about settlements takes two people whatever the amount (ST-8), and the tables refuse one alone. Fixed: no limit says otherwise.
  SETTLEMENT_CONFIRM: { unit: "won", limits: { SETTLEMENT: 0n, ADMIN: 0n }, isFixed: true },
  SETTLEMENT_PAYOUT: { unit: "won", limits: { SETTLEMENT: 0n, ADMIN: 0n }, isFixed: true },
  WITHHOLD: { unit: "won", limits: { SETTLEMENT: 0n, ADMIN: 0n }, isFixed: true },
  ADJUSTMENT: { unit: "won", limits: { SETTLEMENT: 0n, ADMIN: 0n }, isFixed: true },
  // Who may use the API, and what the mall pays for it.
  KEY_CHANGE: { unit: "changes", limits: { ADMIN: 0n } },
  CONTRACT_CHANGE: { unit: "changes", limits: { ADMIN: 0n } },
  /** To let a role do more alone. Fixed: an administrator who could lift this one could lift all the others alone. */
  LIMIT_CHANGE: { unit: "changes", limits: { ADMIN: 0n }, isFixed: true },
} as const satisfies Record<string, Kind>;

export type ChangeKind = keyof typeof changeKinds;
export const changeKindNames = Object.keys(changeKinds) as [ChangeKind, ...ChangeKind[]];

/** True when a role acts in a kind at all, so that it may also ask for one. */
export function actsIn(role: OperatorRole, kind: ChangeKind): boolean {
  return Object.hasOwn(changeKinds[kind].limits, role);
}

/** True when nobody may set the limits of a kind. */
export function isFixed(kind: ChangeKind): boolean {
  const { isFixed = false }: Kind = changeKinds[kind];
  return isFixed;
}

/** True when a role would do more alone with one limit than with another; null is without limit. */
export function isLooser(limitMax: bigint | null, than: bigint | null): boolean {
  return than !== null && (limitMax === null || limitMax > than);
}

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

/** True while a request may still lead to something; there is one such of a kind about a subject. */
export function isOpenChange(status: ChangeStatus): boolean {
  return status === "PENDING" || status === "APPROVED" || status === "RUNNING";
}

/**
 * What a request has been through. VOIDED: an edit took back an approval. MAKER_DISABLED and MAKER_DEMOTED: it ended,
 * approved or not, because who asked may do so no longer. OUTDATED: it ended, because what it was about is different now.
 */
export const changeEventKinds = [
  "REQUESTED",
  "EDITED",
  "VOIDED",
  "APPROVED",
  "REJECTED",
  "WITHDRAWN",
  "MAKER_DISABLED",
  "MAKER_DEMOTED",
  "OUTDATED",
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
/** The longest reason of a request. */
export const changeReasonMax = 200;
