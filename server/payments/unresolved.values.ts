import { unresolvedKinds } from "#server/payments/domain/decide-unresolved.ts";

export { unresolvedKinds };

/** For how long an outcome has not been known. */
export const unresolvedAges = ["UNDER_1_MIN", "UNDER_10_MIN", "UNDER_1_H", "OVER_1_H"] as const;
export type UnresolvedAge = (typeof unresolvedAges)[number];

/** How the deadline of a net cancel stands: near, or behind us. What has more time, or no deadline, is neither. */
export const unresolvedDeadlines = ["CLOSING", "PASSED"] as const;
export type UnresolvedDeadline = (typeof unresolvedDeadlines)[number];

/** An outcome with less time left than this is a person's business too, not only the recovery's. */
export const closingWithinMs = 15 * 60_000;

/** How many VANs one call asks; a screen sends more in several calls. */
export const inquiriesMax = 10;

/** How many inquiries one operator may make in a minute. */
export const inquiriesPerMinuteMax = 120;
export const unresolvedNoteMax = 500;
