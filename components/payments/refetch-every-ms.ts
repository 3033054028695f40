import type { PaymentRecord } from "#server/payments/read-payment-record.ts";

const movingEveryMs = 2_000;
const restingEveryMs = 15_000;

/** How soon to look at a payment again, in milliseconds: often while an outcome or a job is open, now and then while a cancel is possible, else never. */
export function refetchEveryMs(record: PaymentRecord | undefined): number | false {
  if (!record) return false;
  if (["READY", "IN_PROGRESS", "UNKNOWN", "CANCEL_PENDING"].includes(record.status) || record.jobs.length > 0)
    return movingEveryMs;
  if (record.isTimingDue) return movingEveryMs;
  const unsequenced = record.announcements.some((event) => event.sequence === null);
  if (unsequenced) return movingEveryMs;
  return record.status === "DONE" || record.status === "PARTIAL_CANCELED" ? restingEveryMs : false;
}
