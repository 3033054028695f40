import type { Texts } from "#components/i18n/texts.ts";
import type { ChangeDetail } from "#server/change-requests/change-request-queries.ts";

const settlementKinds: readonly ChangeDetail["kind"][] = [
  "SETTLEMENT_CONFIRM",
  "SETTLEMENT_PAYOUT",
  "WITHHOLD",
  "ADJUSTMENT",
];

/** True for what is about settlements. */
export function isOfSettlement(change: Pick<ChangeDetail, "kind">): boolean {
  return settlementKinds.includes(change.kind);
}

/** What a request asks for, in words: the release of a hold is of the same kind as the hold. */
export function changeName(
  { kind, payload }: Pick<ChangeDetail, "kind" | "payload">,
  { kinds, releaseOfHold }: Texts["changeRequests"],
): string {
  return kind === "WITHHOLD" && payload.does === "RELEASE" ? releaseOfHold : kinds[kind];
}

/** The money that a request moves: an adjustment with its sign, as the mall sees it. Minor units. */
export function changeAmount({
  kind,
  payload,
  amountMinor,
}: Pick<ChangeDetail, "kind" | "payload" | "amountMinor">): bigint | null {
  return kind === "ADJUSTMENT" && typeof payload.amountMinor === "string"
    ? BigInt(payload.amountMinor)
    : amountMinor;
}
