import { z } from "zod";
import {
  boxMsMax,
  unknownsMax,
  xViewMinutes,
  xViewOperations,
  xViewOutcomes,
} from "#server/x-view/x-view.values.ts";

const code = z.string().min(1).max(64);
const instantMs = z.number().int().min(0).max(8_640_000_000_000_000);
const durationMs = z.number().int().min(0).max(86_400_000);
const filter = {
  /** Empty means all. */
  van: z.array(code).max(20).default([]),
  mall: z.array(code).max(20).default([]),
  operation: z.array(z.enum(xViewOperations)).max(2).default([]),
};

export const feedInput = z.object({
  ...filter,
  minutes: z.union(xViewMinutes.map((minutes) => z.literal(minutes))),
  /** Only points from here on (epoch milliseconds); the whole window when left out. */
  fromMs: instantMs.optional(),
  /** When points that were unknown were answered (epoch milliseconds): the reply says which are net-cancelled by now. */
  unknownAtMs: z.array(instantMs).max(unknownsMax).default([]),
});
export type FeedInput = z.infer<typeof feedInput>;
export const pickInput = z
  .object({
    ...filter,
    /** Empty means all. */
    outcome: z.array(z.enum(xViewOutcomes)).max(xViewOutcomes.length).default([]),
    /** End times, both ends included (epoch milliseconds). */
    fromMs: instantMs,
    toMs: instantMs,
    /** Response times, both ends included; `maxMs` null is open. */
    minMs: durationMs,
    maxMs: durationMs.nullable(),
    limit: z.number().int().min(1).max(100).default(50),
    cursor: z.object({ durationMs: z.number().int().min(0), id: z.string().min(1).max(64) }).nullish(),
  })
  .refine(({ fromMs, toMs }) => fromMs <= toMs, { path: ["toMs"], message: "must not be before fromMs" })
  .refine(({ fromMs, toMs }) => toMs - fromMs <= boxMsMax, {
    path: ["fromMs"],
    message: `may be at most ${boxMsMax} ms before toMs`,
  });
export type PickInput = z.infer<typeof pickInput>;
