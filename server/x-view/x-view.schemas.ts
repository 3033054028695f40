import { z } from "zod";

/** How long a window one can watch, in minutes. */
export const xViewMinutes = [5, 15, 30, 60] as const;
export type XViewMinutes = (typeof xViewMinutes)[number];

/**
 * How a transaction ended when it was answered; its place in the list is its code in packed points. `failed` never
 * reached the VAN or met an error of it; `netCanceled` was unknown at first and is taken back by now.
 */
export const xViewOutcomes = ["done", "declined", "failed", "netCanceled", "unknown"] as const;
export type XViewOutcome = (typeof xViewOutcomes)[number];

/** What was asked of the VAN; the place in the list is the code in packed points. */
export const xViewOperations = ["approval", "cancel"] as const;
export type XViewOperation = (typeof xViewOperations)[number];

/** Upper ends of the ages by which running approvals are counted, in milliseconds; the last band has none. */
export const inFlightBandsMs = [1_000, 3_000, 8_000] as const;

/** A reply holds at most this many points: the newest. */
export const pointsMax = 100_000;

/**
 * A poll reads this much of the past again, for an answer is dated before it is committed. Now and then the longer
 * one: while the database was away, the commit of an answer was tried for as long as its lease ran.
 */
export const overlapMs = 15_000;
export const longOverlapMs = 120_000;

/** A poll asks after at most this many points that were unknown when they were read. */
export const unknownsMax = 40;

/** A box may be as wide as the longest window, and a little more. */
const boxMsMax = 2 * 60 * 60_000;

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
