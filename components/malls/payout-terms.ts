"use client";

import { useTexts } from "#components/i18n/language-provider.tsx";
import type { HolidayPolicy, SettlementCycle } from "#server/malls/mall.values.ts";

/** When a mall is paid, as a contract has it. */
export type ShownPayoutTerms = Readonly<{
  cycle: SettlementCycle;
  lagBusinessDays: number;
  payoutWeekdays: readonly number[];
  payoutDayOfMonth: number;
  holidayPolicy: HolidayPolicy;
}>;

/** Says payout terms in a line, such as `매주 화·목, +2영업일, 쉬면 앞 영업일`; what does not matter to a cycle is left out. */
export function usePayoutTermsText(): (terms: ShownPayoutTerms) => string {
  const { contracts } = useTexts().malls;
  const { terms: words } = contracts;
  return ({ cycle, lagBusinessDays, payoutWeekdays, payoutDayOfMonth, holidayPolicy }) =>
    [
      cycle === "WEEKLY"
        ? words.weekly(payoutWeekdays.map((weekday) => words.weekdays[weekday - 1] ?? "").join("·"))
        : cycle === "MONTHLY"
          ? payoutDayOfMonth >= 31
            ? words.lastDay
            : words.monthly(payoutDayOfMonth)
          : contracts.cycles[cycle],
      contracts.lag(lagBusinessDays),
      cycle === "DAILY" ? "" : words.policies[holidayPolicy],
    ]
      .filter(Boolean)
      .join(", ");
}
