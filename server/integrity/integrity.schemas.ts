import { z } from "zod";

/** What must hold at all times (reliability §5.7), by the numbers used there. */
export const invariantIds = ["I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8", "I9", "I10"] as const;
export type InvariantId = (typeof invariantIds)[number];

export const runKinds = ["INCREMENTAL", "FULL"] as const;
export type RunKind = (typeof runKinds)[number];

export const invariantSchema = z.object({ id: z.enum(invariantIds) });
