import { z } from "zod";
import { defineJob } from "#server/platform/job.ts";

// The VAN's own schedules decide the delays (`van` table); the ones here serve errors of our own.
const ourErrorsMs = [1_000, 5_000, 15_000, 60_000, 300_000] as const;

/** Reverses an approval whose outcome is not known, or which the mall wants reversed (NC-4). */
export const netCancelJob = defineJob({
  name: "net-cancel",
  queue: "money",
  payload: z.object({ paymentId: z.string() }),
  delaysMs: ourErrorsMs,
});

/** Finds out how a cancel ended and brings it to its end with the same trace number. */
export const recoverCancelJob = defineJob({
  name: "recover-cancel",
  queue: "money",
  payload: z.object({ cancelId: z.string() }),
  delaysMs: ourErrorsMs,
});

/** Asks the VAN once more whether a net-cancelled approval stayed reversed (NC-8). */
export const followUpInquiryJob = defineJob({
  name: "follow-up-inquiry",
  queue: "money",
  payload: z.object({ paymentId: z.string(), index: z.number().int().min(0) }),
  delaysMs: ourErrorsMs,
});

/** Reverses money found live at the VAN after its payment had ended. */
export const reverseOrphanJob = defineJob({
  name: "reverse-orphan",
  queue: "money",
  payload: z.object({ orphanId: z.string() }),
  delaysMs: ourErrorsMs,
});
