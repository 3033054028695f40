import { expect, test } from "vitest";
import { defaultFilter, readFilterUrl, writeFilterUrl } from "#components/unresolved/unresolved-url.ts";

test("an address says the filter, and reading it gives the same filter", () => {
  const filter = {
    ...defaultFilter,
    kind: ["CANCEL" as const],
    van: ["SBX2"],
    age: ["OVER_1_H" as const],
    deadline: ["PASSED" as const],
  };
  expect(writeFilterUrl(filter)).toBe("?kind=CANCEL&van=SBX2&age=OVER_1_H&deadline=PASSED");
  expect(readFilterUrl(new URLSearchParams(writeFilterUrl(filter)))).toEqual(filter);
  expect(writeFilterUrl(defaultFilter)).toBe("");
});

test("what an address cannot mean is left out", () => {
  expect(readFilterUrl(new URLSearchParams("kind=NO_SUCH,ORPHAN&age=&van=A,,A&deadline=SOME_DAY"))).toEqual({
    kind: ["ORPHAN"],
    van: ["A"],
    mall: [],
    age: [],
    deadline: [],
  });
});
