import { z } from "zod";
import { defineJob } from "#server/platform/job.ts";

const minuteMs = 60_000;

/**
 * Fetches a VAN's files of a date and matches the day: those that are missing, or `anew` all of them, in place of what is
 * there. A VAN may make its file late in the night: the last try is some ten hours after the
 * first.
 */
export const reconcileDayJob = defineJob({
  name: "reconcile-day",
  queue: "upkeep",
  payload: z.object({ vanCode: z.string(), businessDate: z.string(), anew: z.boolean().default(false) }),
  delaysMs: [minuteMs, 5 * minuteMs, 15 * minuteMs, 60 * minuteMs, 180 * minuteMs, 360 * minuteMs],
});
