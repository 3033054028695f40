import { expect, test } from "vitest";
import { csvLine } from "#server/core/csv.ts";

test.each([
  ["=1+1", "'=1+1"],
  ["+82", "'+82"],
  ["-1", "'-1"],
  ["@SUM(A1)", "'@SUM(A1)"],
  ["\tx", "'\tx"],
  ["\rx", '"\'\rx"'],
  ["\nx", '"\'\nx"'],
  ["＝1", "'＝1"],
  ["＋1", "'＋1"],
  ["－1", "'－1"],
  ["＠1", "'＠1"],
  ["a=b", "a=b"],
  ['say "hi", please', '"say ""hi"", please"'],
  ["two\nlines", '"two\nlines"'],
])("%j is written as %j", (given, written) => {
  expect(csvLine([given])).toBe(`${written}\r\n`);
});

test("numbers stay numbers, and nothing is nothing", () => {
  expect(csvLine([-5, 64_500n, null, "책"])).toBe("-5,64500,,책\r\n");
});
