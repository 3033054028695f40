import { describe, expect, test } from "vitest";
import { calendarAddress } from "#components/settlements/calendar-url.ts";

const read = (text: string) => calendarAddress.read(new URLSearchParams(text));

describe("the address of the calendar", () => {
  test.each([
    { year: null, version: null },
    { year: 2027, version: null },
    { year: null, version: 3 },
    { year: 2027, version: 12 },
  ])("keeps %o", (view) => {
    expect(read(calendarAddress.write(view))).toEqual(view);
  });
  test.each(["year=1", "year=x&version=0", "version=-1", "year=20260&version=1.5", "version=9999999"])(
    "leaves out what it cannot read: %s",
    (text) => {
      expect(read(text)).toEqual({ year: null, version: null });
    },
  );
});
