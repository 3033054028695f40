import { z } from "zod";
import { defineJob } from "#server/platform/job.ts";

/** Carries out what was approved. One for each approved version; it begins only while that version still is. */
export const carryOutChangeJob = defineJob({
  name: "carry-out-change",
  queue: "money",
  payload: z.object({ requestId: z.string(), version: z.number().int() }),
  delaysMs: [1_000, 5_000, 15_000, 60_000, 300_000],
});
