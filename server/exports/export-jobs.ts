import { z } from "zod";
import { defineJob } from "#server/platform/job.ts";

/** Makes the file of an export, a few seconds at a time. */
export const runExportJob = defineJob({
  name: "run-export",
  queue: "upkeep",
  payload: z.object({ exportId: z.string() }),
  delaysMs: [2_000, 10_000, 30_000, 60_000],
});
