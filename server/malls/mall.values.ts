/** Names and limits that screens share with the validator, without the validator itself. */
export const mallStatuses = ["ACTIVE", "SUSPENDED"] as const;
export type MallStatus = (typeof mallStatuses)[number];
export const contractMethods = ["CARD", "VOUCHER"] as const;
export type ContractMethod = (typeof contractMethods)[number];
export const feeRoundings = ["FLOOR_1", "FLOOR_10", "HALF_UP_1"] as const;
export type FeeRounding = (typeof feeRoundings)[number];
export const settlementCycles = ["DAILY", "WEEKLY", "MONTHLY"] as const;
export type SettlementCycle = (typeof settlementCycles)[number];
/** Where a weekly or monthly payout day goes when banks are closed on it. */
export const holidayPolicies = ["HOLIDAY_BEFORE", "HOLIDAY_AFTER", "CALENDAR_DAY"] as const;
export type HolidayPolicy = (typeof holidayPolicies)[number];

export const mallReasonLengthMax = 200;
export const mallNameLengthMax = 60;
export const keyNameLengthMax = 60;
export const contractNoteLengthMax = 200;

/** How long a key that was replaced may go on working (contract §2). */
export const overlapHoursMax = 72;

/** Keys of one mall that work at the same time. */
export const workingKeysMax = 10;

/** Lines of one allow-list: each request of the mall may look at all of them. */
export const addressRangesMax = 100;
export const rangeListLengthMax = 10_000;
export const lagBusinessDaysMax = 10;

/** 100 %, in 1/100,000. */
export const feeRateE5Max = 100_000;
