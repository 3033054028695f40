import { describe, expect, test } from "vitest";
import {
  addBusinessDays,
  addDays,
  isBusinessDay,
  weekdayOf,
} from "#server/settlement/domain/business-calendar.ts";
import acceptance from "#server/settlement/domain/fixtures/acceptance.json" with { type: "json" };
import { koreanHolidays, koreanHolidaysThrough } from "#server/settlement/domain/korean-holidays.ts";
import { type PayoutTerms, payoutDateOf } from "#server/settlement/domain/payout-date.ts";
import { chance } from "#server/testing/chance.ts";

const daily = (lagBusinessDays: number): PayoutTerms => ({
  cycle: "DAILY",
  lagBusinessDays,
  payoutWeekdays: [2, 4],
  payoutDayOfMonth: 31,
  holidayPolicy: "HOLIDAY_BEFORE",
});
const weekly = (lagBusinessDays: number): PayoutTerms => ({
  ...daily(lagBusinessDays),
  cycle: "WEEKLY",
});
const monthly = (payoutDayOfMonth: number, named: Partial<PayoutTerms> = {}): PayoutTerms => ({
  ...daily(2),
  cycle: "MONTHLY",
  payoutDayOfMonth,
  ...named,
});

const korea = { version: 1, holidays: new Set(koreanHolidays.map(({ date }) => date)) };

describe("the notices of an acquirer, 2006–2022", () => {
  const calendar = { version: 0, holidays: new Set(Object.values(acceptance.payoutHolidays).flat()) };
  test.each(acceptance.payoutDates)(
    "$cycle + $businessDays of $acquireRequestedFrom – $acquireRequestedTo is paid on $payoutDate",
    ({ cycle, businessDays, acquireRequestedFrom, acquireRequestedTo, payoutDate }) => {
      const terms = cycle === "DAILY" ? daily(businessDays) : weekly(businessDays);
      for (let day = acquireRequestedFrom; day <= acquireRequestedTo; day = addDays(day, 1))
        expect(payoutDateOf(day, terms, calendar)).toBe(payoutDate);
    },
  );
});

describe("a monthly payout", () => {
  test("on the 31st is on the last day of any month", () => {
    expect(payoutDateOf("2023-08-11", monthly(31), korea)).toBe("2023-08-31");
    expect(payoutDateOf("2028-02-10", monthly(31), korea)).toBe("2028-02-29");
  });

  test("that is due after its day goes to the next month", () => {
    expect(payoutDateOf("2026-12-30", monthly(4), korea)).toBe("2027-01-04");
  });

  test.each([
    ["HOLIDAY_BEFORE", "2026-05-22"],
    ["HOLIDAY_AFTER", "2026-05-26"],
    ["CALENDAR_DAY", "2026-05-25"],
  ] as const)("on a substitute holiday goes where the policy %s says", (holidayPolicy, due) => {
    expect(payoutDateOf("2026-05-11", monthly(25, { holidayPolicy }), korea)).toBe(due);
  });
});

describe("the Korean calendar", () => {
  test("names each day once, in order, for each year from 2024 to 2028", () => {
    const dates = koreanHolidays.map(({ date }) => date);
    expect(dates).toEqual([...new Set(dates)].toSorted());
    expect(dates.at(-1)).toBe(koreanHolidaysThrough);
    for (const year of [2024, 2025, 2026, 2027, 2028]) {
      expect(korea.holidays.has(`${year}-05-01`)).toBe(true);
      expect(dates.filter((date) => date.startsWith(String(year))).length).toBeGreaterThan(16);
    }
  });

  test("gives its substitutes, temporary and election days to working days only", () => {
    for (const { date, kind } of koreanHolidays)
      if (kind === "SUBSTITUTE" || kind === "TEMPORARY" || kind === "ELECTION")
        expect([date, weekdayOf(date) <= 5]).toEqual([date, true]);
  });

  test("gives a substitute for every day that falls on a weekend and has a right to one", () => {
    // 신정 and 현충일 have none; 설날 and 추석 have one for Sundays only.
    const always = [
      "삼일절",
      "어린이날",
      "부처님오신날",
      "제헌절",
      "광복절",
      "개천절",
      "한글날",
      "기독탄신일",
    ];
    for (const { date, name } of koreanHolidays) {
      const weekday = weekdayOf(date);
      const isOwed =
        (always.includes(name) && weekday >= 6) || (["설날", "추석"].includes(name) && weekday === 7);
      if (isOwed)
        expect([
          date,
          koreanHolidays.some(
            (other) => other.kind === "SUBSTITUTE" && other.date > date && other.date <= addDays(date, 3),
          ),
        ]).toEqual([date, true]);
    }
  });
});

test("a payout is on a business day, never before the lag is over, and a later date is never paid earlier", () => {
  const { whole, one } = chance(20_260_717);
  for (let tried = 0; tried < 1_000; tried++) {
    const date = addDays("2024-01-01", whole(0, 1_800));
    const lag = whole(1, 10);
    const given = one([daily(lag), weekly(lag), monthly(whole(1, 31), { lagBusinessDays: lag })]);
    const paid = payoutDateOf(date, given, korea);
    expect([date, given, isBusinessDay(korea, paid)]).toEqual([date, given, true]);
    expect(paid >= addBusinessDays(korea, date, lag)).toBe(true);
    expect(payoutDateOf(addDays(date, 1), given, korea) >= paid).toBe(true);
  }
});

test("one more holiday never makes a daily payout earlier", () => {
  const { whole } = chance(20_241_001);
  for (let tried = 0; tried < 1_000; tried++) {
    const date = addDays("2024-01-01", whole(0, 1_800));
    const lag = whole(1, 10);
    const more = { version: 2, holidays: new Set([...korea.holidays, addDays(date, whole(0, 20))]) };
    expect(payoutDateOf(date, daily(lag), more) >= payoutDateOf(date, daily(lag), korea)).toBe(true);
  }
});
