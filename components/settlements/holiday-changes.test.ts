import { expect, test } from "vitest";
import { compareHolidays } from "#components/settlements/holiday-changes.ts";

const day = (date: string, name = "설날") => ({ date, name, kind: "PUBLIC" as const });

test("a version says which days it adds to the one in force and which it leaves out, in order", () => {
  const active = [day("2027-02-06"), day("2027-02-07"), day("2027-05-05", "어린이날")];
  const shown = [day("2027-01-02", "임시공휴일"), day("2027-02-06"), day("2027-05-05", "어린이날 ")];
  expect(compareHolidays(active, shown).map(({ date, name, change }) => [date, name, change])).toEqual([
    ["2027-01-02", "임시공휴일", "added"],
    ["2027-02-06", "설날", "same"],
    ["2027-02-07", "설날", "removed"],
    ["2027-05-05", "어린이날 ", "added"],
    ["2027-05-05", "어린이날", "removed"],
  ]);
});
