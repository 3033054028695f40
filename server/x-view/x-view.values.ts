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
export const boxMsMax = 2 * 60 * 60_000;
