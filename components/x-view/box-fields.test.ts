import { expect, test } from "vitest";
import { boxFieldsOf, readBoxFields } from "#components/x-view/box-fields.ts";

const near = Date.parse("2026-11-19T05:30:00Z");
const fields = { from: "14:21:00", to: "14:25:00", min: "3", max: "" };

test("clocks are Seoul's and of the day at hand; an empty maximum is open", () => {
  expect(readBoxFields(fields, near)).toEqual({
    fromMs: Date.parse("2026-11-19T05:21:00Z"),
    toMs: Date.parse("2026-11-19T05:25:00.999Z"),
    minMs: 3_000,
    maxMs: null,
  });
});

test("a box over midnight in Seoul stays one", () => {
  const midnight = Date.parse("2026-11-19T15:02:00Z");
  expect(readBoxFields({ ...fields, from: "23:58", to: "00:01:30", max: "4.5" }, midnight)).toEqual({
    fromMs: Date.parse("2026-11-19T14:58:00Z"),
    toMs: Date.parse("2026-11-19T15:01:30.999Z"),
    minMs: 3_000,
    maxMs: 4_500,
  });
});

test.each([
  [{ from: "25:00:00" }, "invalidTime"],
  [{ to: "soon" }, "invalidTime"],
  [{ to: "14:20:00" }, "reversed"],
  [{ to: "17:21:00" }, "tooLong"],
  [{ min: "-1" }, "invalidSeconds"],
  [{ max: "2" }, "reversedSeconds"],
])("fields that make no box say why: %o", (wrong, error) => {
  expect(readBoxFields({ ...fields, ...wrong }, near)).toBe(error);
});

test("a box fills its own fields", () => {
  const box = { fromMs: near, toMs: near + 61_000, minMs: 1_250, maxMs: 6_000 };
  expect(boxFieldsOf(box)).toEqual({ from: "14:30:00", to: "14:31:01", min: "1.25", max: "6" });
});
