/** What can be open: an approval, the mall's net cancel of a booked approval, a cancel, or money found live at the VAN. */
export const unresolvedKinds = ["APPROVAL", "NET_CANCEL", "CANCEL", "ORPHAN"] as const;
export type UnresolvedKind = (typeof unresolvedKinds)[number];

/** What a VAN said when it was asked. `silent`: no answer that can be trusted; `unreachable`: nothing was sent. */
export type VanAnswer =
  | Readonly<{
      kind: "found";
      state: "approved" | "declined" | "net_canceled" | "canceled";
      amountMinor: bigint;
      canceledMinor: bigint;
    }>
  | Readonly<{ kind: "not_found" | "silent" | "unreachable" | "not_connected" }>;

/**
 * What recovery does next with that answer. NET_CANCEL, CANCEL_INSTEAD, REVERSE and CANCEL_AGAIN give money back; CLOSE
 * only puts our records in order; PERSON: the facts decide nothing, somebody must look.
 */
export type NextStep = "NET_CANCEL" | "CANCEL_INSTEAD" | "REVERSE" | "CANCEL_AGAIN" | "CLOSE" | "PERSON";

/** Why; the console has a sentence for each. */
export type NextStepWhy =
  | "LIVE"
  | "LIVE_AFTER_DEADLINE"
  | "REVERSED"
  | "DECLINED"
  | "NOT_FOUND"
  | "NOT_CANCELED"
  | "CANCELED"
  | "SILENT"
  | "SILENT_CANCEL"
  | "SILENT_AFTER_DEADLINE"
  | "AMOUNT_DIFFERS"
  | "PARTLY_CANCELED"
  | "NOT_CONNECTED";

export type Decision = Readonly<{ step: NextStep; why: NextStepWhy }>;

/**
 * Says what follows from a VAN's answer. An approval whose outcome was unknown ends reversed, never as DONE (reliability
 * D3), so "approved" leads to a net cancel while the VAN takes one and to a normal cancel after it (NC-5). An operator
 * chooses nothing here: recovery, which a click starts, asks the VAN once more and follows the same rules.
 */
export function decideUnresolved(
  subject: { kind: UnresolvedKind; amountMinor: bigint; deadlineAt: Date | null },
  answer: VanAnswer,
  now: Date,
): Decision {
  if (answer.kind === "not_connected") return { step: "PERSON", why: "NOT_CONNECTED" };
  if (subject.kind === "CANCEL") return decideCancel(subject.amountMinor, answer);
  const isLate = subject.deadlineAt !== null && now > subject.deadlineAt;
  const giveBack: NextStep = subject.kind === "ORPHAN" ? "REVERSE" : "NET_CANCEL";
  switch (answer.kind) {
    case "silent":
    case "unreachable":
      return isLate ? { step: "PERSON", why: "SILENT_AFTER_DEADLINE" } : { step: giveBack, why: "SILENT" };
    case "not_found":
      // In time the net cancel is sent all the same: the approval may still be on its way inside the VAN (D4).
      return { step: isLate && subject.kind !== "ORPHAN" ? "CLOSE" : giveBack, why: "NOT_FOUND" };
    case "found":
      if (answer.state === "declined") return { step: "CLOSE", why: "DECLINED" };
      if (answer.state !== "approved") return { step: "CLOSE", why: "REVERSED" };
      if (answer.amountMinor !== subject.amountMinor) return { step: "PERSON", why: "AMOUNT_DIFFERS" };
      if (answer.canceledMinor > 0n) return { step: "PERSON", why: "PARTLY_CANCELED" };
      if (!isLate) return { step: giveBack, why: "LIVE" };
      return { step: subject.kind === "ORPHAN" ? "REVERSE" : "CANCEL_INSTEAD", why: "LIVE_AFTER_DEADLINE" };
  }
}

/** A cancel is never taken back: it is brought to its end with the same trace number (reliability §5.4). */
function decideCancel(amountMinor: bigint, answer: VanAnswer): Decision {
  if (answer.kind === "silent" || answer.kind === "unreachable")
    return { step: "PERSON", why: "SILENT_CANCEL" };
  if (answer.kind !== "found" || answer.state !== "canceled")
    return { step: "CANCEL_AGAIN", why: "NOT_CANCELED" };
  if (answer.amountMinor !== amountMinor) return { step: "PERSON", why: "AMOUNT_DIFFERS" };
  return { step: "CLOSE", why: "CANCELED" };
}
