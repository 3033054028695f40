import { expect, test } from "vitest";
import { defaultFilter, readFilterUrl, writeFilterUrl } from "#components/dead-letters/dead-letter-url.ts";

test("an address without conditions shows what waits, and says so by saying nothing", () => {
  expect(readFilterUrl(new URLSearchParams())).toEqual(defaultFilter);
  expect(writeFilterUrl(defaultFilter)).toBe("");
});

test("a filter survives its address", () => {
  const filter = {
    ...defaultFilter,
    status: ["RESOLVED"],
    reason: ["VAN_TIMEOUT", "WEBHOOK_STATUS"],
    van: ["SBX2", "NONE"],
    age: ["OVER_1_D"],
    q: "MD-1 & 2",
  } as const;
  const url = writeFilterUrl({
    ...filter,
    status: [...filter.status],
    reason: [...filter.reason],
    van: [...filter.van],
    age: [...filter.age],
  });
  expect(url).toContain("reason=VAN_TIMEOUT,WEBHOOK_STATUS");
  expect(readFilterUrl(new URLSearchParams(url))).toEqual(filter);
});

test("what cannot be read is left out", () => {
  expect(readFilterUrl(new URLSearchParams("status=GONE&reason=NOPE,VAN_TIMEOUT&age="))).toEqual({
    ...defaultFilter,
    reason: ["VAN_TIMEOUT"],
  });
});
