import { z } from "zod";

/** How many things one run takes. */
export const runItemsMax = 5_000;

/** The rates that screens offer, in things a second; the server takes any between the first and the last. */
export const ratesPerSecond = [1, 5, 10, 20, 50] as const;
export const defaultRatePerSecond = 5;
const [slowest] = ratesPerSecond;
const fastest = ratesPerSecond[ratesPerSecond.length - 1] ?? slowest;

/** After how many failures in a row a run may pause itself. */
export const failuresToPauseChoices = [3, 10] as const;

export const runReasonLengthMax = 200;

export const runIdSchema = z.object({ id: z.string().startsWith("run_").max(64) });

export const startRunSchema = runIdSchema.extend({
  reason: z.string().trim().min(1).max(runReasonLengthMax),
  itemsPerSecond: z.number().int().min(slowest).max(fastest),
  /** `null`: it goes on whatever happens. */
  failuresToPause: z.number().int().min(1).max(100).nullable(),
});
export type StartRunWish = z.infer<typeof startRunSchema>;

export const steerRunSchema = runIdSchema.extend({
  how: z.enum(["pause", "resume", "stop", "discard"]),
});
