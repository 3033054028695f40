import { z } from "zod";
import { defineJob } from "#server/platform/job.ts";

/** Settles one mall's part of a batch. Malls are worked on side by side; a batch that stands still is looked at by a person. */
export const settleMallJob = defineJob({
  name: "settle-mall",
  queue: "upkeep",
  payload: z.object({ businessDate: z.string(), mallId: z.string(), generation: z.number().int() }),
  delaysMs: [1_000, 5_000, 15_000, 60_000, 300_000],
});
