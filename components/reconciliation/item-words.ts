import type { ReconItemRow } from "#server/reconciliation/reconciliation-queries.ts";

type Named = Pick<ReconItemRow, "orderId" | "traceNo">;

/** What people call the record of an item: its order, or without one its trace number. */
export function itemName({ orderId, traceNo }: Named): string {
  return orderId ?? traceNo;
}

/** An item that somebody may still explain by a reason. Live money at the VAN is reversed first, and that explains it. */
export function isAcceptable({ state, reason, isDayClosed }: ReconItemRow): boolean {
  return state === "OPEN" && !isDayClosed && reason !== "LATE_APPROVAL";
}

/** A mall of ours whose next settlement may put it right. */
export function isAdjustable(item: ReconItemRow): boolean {
  return isAcceptable(item) && item.mallId !== null && item.mallName !== null;
}

/** A payment that we have as approved and its VAN has not, or has otherwise. */
export function isCancelable(item: ReconItemRow): boolean {
  return (
    isAcceptable(item) &&
    item.paymentId !== null &&
    item.kind === "A" &&
    item.oursMinor !== null &&
    ["ONLY_OURS", "STATUS_DIFF", "AMOUNT_DIFF"].includes(item.class)
  );
}

/** What is the case, without what to do about it: the first sentence of a reason. */
export function shortReason(text: string): string {
  return text.split(/(?<=\.)\s/)[0] ?? text;
}

/** The money in question of several items. */
export function riskOf(items: readonly ReconItemRow[]): bigint {
  return items.reduce((sum, { riskMinor }) => sum + riskMinor, 0n);
}
