/** Names and limits that screens share with the validator, without the validator itself. */
export const fileKinds = ["VAN", "DEPOSIT"] as const;
export type FileKind = (typeof fileKinds)[number];

/** What became of a record (domain §3.7), the most urgent first. MATCHED: it differed once and does not any more. */
export const reconClasses = [
  "ONLY_VAN",
  "STATUS_DIFF",
  "AMOUNT_DIFF",
  "ONLY_OURS",
  "FEE_DIFF",
  "DATE_SHIFT",
  "MATCHED",
] as const;
export type ReconClass = (typeof reconClasses)[number];

/**
 * Why a record has its class; the console has a sentence for each. TWICE: the VAN has, or the bank paid, on another date
 * what is complete without it. PAID_AFTER_CLOSE: the bank paid what a day was closed on as not paid.
 */
export const reconReasons = [
  "LATE_APPROVAL",
  "UNKNOWN_TRACE",
  "RETURN_WITHOUT_APPROVAL",
  "TWICE",
  "PAID_WITHOUT_RECORD",
  "OUTCOME_OPEN",
  "CANCEL_NOT_BOOKED",
  "REVERSED_AT_VAN",
  "AMOUNT",
  "NOT_PAID",
  "PAID_OTHERWISE",
  "NOT_AT_VAN",
  "FEE",
  "OTHER_DATE",
  "PAID_AFTER_CLOSE",
  "NONE",
] as const;
export type ReconReason = (typeof reconReasons)[number];

/** OPEN: somebody has to look. WAITING: a second person has to approve what resolves it. */
export const itemStates = ["OPEN", "WAITING", "EXPLAINED"] as const;
export type ItemState = (typeof itemStates)[number];

/** What explained it: a person, an approved change, or the system by what it found since. */
export const resolutions = ["ACCEPTED", "ADJUSTED", "CANCELED", "REVERSED", "DATE_SHIFT", "MATCHED"] as const;
export type Resolution = (typeof resolutions)[number];

export const dayStates = ["OPEN", "CLOSED"] as const;
export type DayState = (typeof dayStates)[number];

export const reconNoteMax = 1_000;
export const reconReasonMax = 200;
export const fileBytesMax = 512 * 1024 * 1024;
