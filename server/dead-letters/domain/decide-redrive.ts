import type { CancelStatus, PaymentStatus } from "#server/payments/domain/payment-status.ts";

/** What a re-drive of a letter would do: work again, only put our records in order, or nothing until a person has looked. */
export type RedriveOutcome = "SEND" | "CLOSE" | "PERSON";

/** Why; the console has a sentence for each. */
export type RedriveWhy =
  | "ALREADY_FINAL"
  | "VAN_REVERSED"
  | "VAN_DECLINED"
  | "VAN_LIVE"
  | "VAN_NOT_FOUND"
  | "VAN_NOT_CANCELED"
  | "VAN_SILENT"
  | "INQUIRE_AGAIN"
  | "DELIVER_AGAIN"
  | "WORK_AGAIN"
  | "ALREADY_DELIVERED"
  | "CANCEL_INSTEAD"
  | "DEADLINE_PASSED"
  | "AMOUNT_DIFFERS"
  | "PARTLY_CANCELED"
  | "ENDPOINT_PAUSED"
  | "ENDPOINT_DELETED"
  | "VAN_UNKNOWN"
  | "SUBJECT_MISSING"
  | "NOT_PARKED";

/** `vanAmountMinor` is what the VAN has on its books where that differs. `asksVan`: the re-driven job will call the VAN. */
export type RedriveDecision = Readonly<{
  outcome: RedriveOutcome;
  why: RedriveWhy;
  asksVan: boolean;
  vanAmountMinor?: bigint;
}>;

/** What the VAN answered to the dry run's inquiry. `silent` when it gave no answer that can be trusted. */
export type VanAnswer =
  | Readonly<{
      kind: "found";
      state: "approved" | "declined" | "net_canceled" | "canceled";
      amountMinor: bigint;
      canceledMinor: bigint;
    }>
  | Readonly<{ kind: "not_found" }>
  | Readonly<{ kind: "silent" }>
  | Readonly<{ kind: "no_such_van" }>;

/** The present truth about what a letter concerns. */
export type LetterSubject =
  | Readonly<{ kind: "approval"; status: PaymentStatus; netCancelRequested: boolean; amountMinor: bigint }>
  | Readonly<{ kind: "cancel"; status: CancelStatus; amountMinor: bigint }>
  | Readonly<{ kind: "orphan"; state: "OPEN" | "REVERSED" | "MANUAL"; amountMinor: bigint }>
  | Readonly<{ kind: "follow_up" }>
  | Readonly<{
      kind: "delivery";
      status: "PENDING" | "DELIVERED" | "DEAD";
      endpoint: "ACTIVE" | "PAUSED" | "DELETED";
    }>
  /** A business date that is settled or reconciled; worked on twice it is the same. */
  | Readonly<{ kind: "day" }>
  | Readonly<{ kind: "missing" }>;

/**
 * What our own records already decide, without asking the VAN; `undefined` when only the VAN knows.
 * The same rule runs in the preview and once more in the transaction that re-drives.
 */
export function decideByOurRecords(subject: LetterSubject): RedriveDecision | undefined {
  switch (subject.kind) {
    case "approval":
      return isReversalOwed(subject) ? undefined : close("ALREADY_FINAL");
    case "cancel":
      return subject.status === "SUCCEEDED" || subject.status === "FAILED"
        ? close("ALREADY_FINAL")
        : undefined;
    case "orphan":
      return subject.state === "OPEN" ? undefined : close("ALREADY_FINAL");
    case "follow_up":
      return { outcome: "SEND", why: "INQUIRE_AGAIN", asksVan: true };
    case "delivery":
      if (subject.status === "DELIVERED") return close("ALREADY_DELIVERED");
      if (subject.endpoint === "DELETED") return close("ENDPOINT_DELETED");
      if (subject.endpoint === "PAUSED") return person("ENDPOINT_PAUSED");
      return { outcome: "SEND", why: "DELIVER_AGAIN", asksVan: false };
    case "day":
      return { outcome: "SEND", why: "WORK_AGAIN", asksVan: false };
    case "missing":
      return person("SUBJECT_MISSING");
  }
}

/**
 * Decides with the VAN's answer. A reversal that the VAN has made already is CLOSE, yet its job runs once more
 * (`asksVan`), because only the job may write the final status; no money moves by it (NC-5).
 * After `deadlineAt` the VAN takes no net cancel any more (NC-7): without an answer from it nobody but a person can tell
 * what to do.
 */
export function decideByVan(
  subject: Extract<LetterSubject, { kind: "approval" | "cancel" | "orphan" }>,
  answer: VanAnswer,
  deadlineAt: Date | null,
  now: Date,
): RedriveDecision {
  if (answer.kind === "no_such_van") return person("VAN_UNKNOWN");
  const late = deadlineAt !== null && deadlineAt <= now;
  if (subject.kind === "cancel") return decideCancelByVan(subject.amountMinor, answer);
  if (answer.kind === "silent") return late ? person("DEADLINE_PASSED") : send("VAN_SILENT");
  if (answer.kind === "not_found") return send("VAN_NOT_FOUND");
  if (answer.state === "net_canceled" || answer.state === "canceled")
    return { ...close("VAN_REVERSED"), asksVan: true };
  if (answer.state === "declined") return { ...close("VAN_DECLINED"), asksVan: true };
  if (answer.amountMinor !== subject.amountMinor)
    return { ...person("AMOUNT_DIFFERS"), vanAmountMinor: answer.amountMinor };
  if (answer.canceledMinor > 0n)
    return { ...person("PARTLY_CANCELED"), vanAmountMinor: answer.amountMinor - answer.canceledMinor };
  if (!late) return send("VAN_LIVE");
  // The job gives a live approval back by a normal cancel then; money of a payment that has ended is for a person.
  return subject.kind === "approval" ? send("CANCEL_INSTEAD") : person("DEADLINE_PASSED");
}

function decideCancelByVan(
  amountMinor: bigint,
  answer: Exclude<VanAnswer, { kind: "no_such_van" }>,
): RedriveDecision {
  if (answer.kind === "silent") return send("VAN_SILENT");
  if (answer.kind === "not_found" || answer.state !== "canceled") return send("VAN_NOT_CANCELED");
  if (answer.amountMinor !== amountMinor)
    return { ...person("AMOUNT_DIFFERS"), vanAmountMinor: answer.amountMinor };
  return { ...close("VAN_REVERSED"), asksVan: true };
}

/** A net cancel is owed while the outcome is unknown, or while one that the mall asked for has not been confirmed (NC-7). */
function isReversalOwed(subject: { status: PaymentStatus; netCancelRequested: boolean }): boolean {
  if (subject.status === "UNKNOWN" || subject.status === "IN_PROGRESS") return true;
  return subject.status === "DONE" && subject.netCancelRequested;
}

const close = (why: RedriveWhy): RedriveDecision => ({ outcome: "CLOSE", why, asksVan: false });
const person = (why: RedriveWhy): RedriveDecision => ({ outcome: "PERSON", why, asksVan: false });
const send = (why: RedriveWhy): RedriveDecision => ({ outcome: "SEND", why, asksVan: true });
