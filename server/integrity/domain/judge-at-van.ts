import type { Payment } from "#server/payments/domain/payment.ts";

/** What a VAN answered about an approval, as far as it is compared. */
export type VanTruth =
  | Readonly<{ kind: "not_found" }>
  | Readonly<{ kind: "found"; state: string; amountMinor: bigint; canceledMinor: bigint }>;

export type VanVerdict = Readonly<{
  /** What the payment promises of the VAN: that the money is there, was cancelled, or was reversed. */
  part: "live" | "canceled" | "reversed";
  holds: boolean;
  expected: string;
  found: string;
}>;

/** Compares a settled payment with what its VAN says of it (I1). `undefined` for a payment that promises nothing. */
export function judgeAtVan(
  payment: Pick<Payment, "status" | "amountMinor" | "canceledMinor">,
  truth: VanTruth,
): VanVerdict | undefined {
  const found = say(truth);
  const isLive = truth.kind === "found" && truth.state === "approved";
  switch (payment.status) {
    case "DONE":
    case "PARTIAL_CANCELED": {
      const expected = say({ kind: "found", state: "approved", ...payment });
      return { part: "live", holds: found === expected, expected, found };
    }
    case "CANCELED":
      return { part: "canceled", holds: !isLive, expected: "not live", found };
    case "NET_CANCELED":
      return { part: "reversed", holds: !isLive, expected: "not live", found };
    default:
      return undefined;
  }
}

function say(truth: VanTruth): string {
  return truth.kind === "not_found"
    ? "not_found"
    : `${truth.state} amount=${truth.amountMinor} canceled=${truth.canceledMinor}`;
}
