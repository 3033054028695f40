import { z } from "zod";
import { defineJob } from "#server/platform/job.ts";

/** Previews or works on a run, a few seconds at a time. It never gives up by itself: a person pauses or stops a run. */
export const workRunJob = defineJob({
  name: "work-run",
  queue: "upkeep",
  payload: z.object({ runId: z.string() }),
  delaysMs: [],
});
