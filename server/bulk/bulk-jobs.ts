import { z } from "zod";
import { defineJob } from "#server/platform/job.ts";

/** Carries on with a bulk cancel until its rows are settled. It never gives up: its rows do, each for itself. */
export const runBulkCancelJob = defineJob({
  name: "run-bulk-cancel",
  queue: "money",
  payload: z.object({ runId: z.string(), generation: z.number().int() }),
  delaysMs: [],
});
