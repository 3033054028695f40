// Apart from the shapes, so that a screen that needs a number loads no validator.

/** How many payments one bulk cancel takes, however they were chosen. */
export const bulkRowsMax = 5_000;

/** How many keys stand in an address, where a link can be shared. */
export const bulkAddressIdsMax = 100;

/** How large a file may be: room for `bulkRowsMax` lines of key, amount and tax-free amount. */
export const bulkFileCharsMax = 600_000;
export const bulkReasonMax = 200;

/** How many rows of a dry run go to the screen, those that will not be cancelled first. */
export const previewRowsMax = 500;

/** How many cancels a run begins in a second, and how many rows in a row may be in trouble before it pauses. */
export const bulkRowsPerSecond = 10;
export const bulkTroubleMax = 5;

/** Why a run pauses itself: the VAN does not answer, or we could not begin its cancels however often we tried. */
export type BulkTrouble = "VAN_TROUBLE" | "OWN_TROUBLE";

/** Of those that have begun; one that waits for a second person is PROPOSED, and in no list. */
export const bulkRunStates = ["RUNNING", "PAUSED", "STOPPED", "FINISHED"] as const;
export type BulkRunState = (typeof bulkRunStates)[number];

/** What a dry run says of a row. */
export const plannedOutcomes = ["CANCEL", "ALREADY", "AMOUNT", "NOT_CANCELABLE"] as const;
export type PlannedOutcome = (typeof plannedOutcomes)[number];

/** What became of a row: `NOT_RUN` of a run that was stopped, `UNKNOWN` while its result is being found out. */
export const rowOutcomes = [
  "WAITING",
  "RUNNING",
  "DONE",
  "REFUSED",
  "UNKNOWN",
  "NOT_RUN",
  "LEFT_OUT",
] as const;
export type RowOutcome = (typeof rowOutcomes)[number];
