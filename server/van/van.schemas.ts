import { z } from "zod";

/** How long the reason of a stop or a resumption may be. */
export const stopReasonLengthMax = 200;

/** Stops or resumes new approvals at one VAN. */
export const switchApprovalsSchema = z.object({
  code: z.string().min(1).max(20),
  reason: z.string().trim().min(1).max(stopReasonLengthMax),
});
