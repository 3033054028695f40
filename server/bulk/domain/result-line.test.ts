import { expect, test } from "vitest";
import { csvLine } from "#server/bulk/domain/result-line.ts";

test("a cell that a spreadsheet would take for a formula is text, and quotes are doubled", () => {
  expect(csvLine(["=1+1", "+82", "-5", "@x", "\tx", 'a"b', "책, 외", null])).toBe(
    `"'=1+1","'+82","'-5","'@x","'\tx","a""b","책, 외",""\r\n`,
  );
});
