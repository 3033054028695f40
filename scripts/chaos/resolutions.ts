import type { OurStep } from "./books.ts";

/** How long an outcome was unknown: an approval until it was reversed, a cancel until its end was found out. */
export type Resolution = Readonly<{
  paymentId: string;
  operation: "approval" | "cancel";
  since: Date;
  tookMs: number;
}>;

const ends: ReadonlySet<string> = new Set(["net_canceled", "cancel_succeeded", "cancel_failed"]);

/** Pairs each unknown outcome with the step that ended it, from the histories of the payments. Those without an end are left out. */
export function resolutionsOf(steps: readonly OurStep[]): Resolution[] {
  const open = new Map<string, Date>();
  const found: Resolution[] = [];
  for (const { paymentId, kind, cancelId, at } of steps) {
    const key = kind.startsWith("cancel_") ? (cancelId ?? "") : paymentId;
    if (kind === "unknown" || kind === "cancel_unknown") open.set(key, at);
    const since = open.get(key);
    if (!ends.has(kind) || since === undefined) continue;
    open.delete(key);
    const operation = kind === "net_canceled" ? "approval" : "cancel";
    found.push({ paymentId, operation, since, tookMs: at.getTime() - since.getTime() });
  }
  return found;
}
