import { reasonClasses } from "#server/platform/job.ts";

/** The jobs that can end as a dead letter, the ones that move money first. */
export const deadLetterJobs = [
  "net-cancel",
  "recover-cancel",
  "reverse-orphan",
  "follow-up-inquiry",
  "deliver-webhook",
  "settle-mall",
  "reconcile-day",
] as const;
export type DeadLetterJob = (typeof deadLetterJobs)[number];

/**
 * The jobs whose letters do not count towards the limit of a re-drive in bulk (`BULK_REDRIVE`): they take an approval back
 * that no mall has, while its VAN still accepts that (NC-7).
 */
export const uncountedJobs = ["net-cancel", "reverse-orphan"] as const satisfies readonly DeadLetterJob[];

export const deadLetterStatuses = ["PARKED", "REDRIVEN", "RESOLVED"] as const;
export type DeadLetterStatus = (typeof deadLetterStatuses)[number];

/** Why jobs gave up, in the order screens list it. */
export const deadLetterReasons = reasonClasses;

/** How long a letter has been lying there. */
export const ageBands = ["UNDER_10_MIN", "UNDER_1_H", "UNDER_1_D", "OVER_1_D"] as const;
export type AgeBand = (typeof ageBands)[number];

/** Stands for letters that concern no VAN (webhooks), in the VAN filter. */
export const noVan = "NONE";

/** Who looks after a letter, seen from the one who asks. */
export const assignments = ["NONE", "ME", "OTHERS"] as const;
export type Assignment = (typeof assignments)[number];

/** How many letters are assigned or left aside with one click. */
export const careLimit = 500;
export const noteLengthMax = 1_000;

/** How far ahead a letter may be left aside. */
export const asideDaysMax = 90;
