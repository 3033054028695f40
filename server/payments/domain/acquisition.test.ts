import { describe, expect, test } from "vitest";
import { acquisitionOf, settlementEffectOf } from "#server/payments/domain/acquisition.ts";

const approvedAt = new Date("2026-11-19T14:59:59.999Z"); // 23:59:59.999 in Seoul
const sameDay = approvedAt;
const midnight = new Date("2026-11-19T15:00:00Z");

describe("an approval", () => {
  test("is acquired from the midnight in Seoul that ends its business date", () => {
    expect(acquisitionOf(approvedAt, sameDay)).toEqual({
      isAcquired: false,
      approvalDate: "2026-11-19",
      acquiredFrom: midnight,
    });
    expect(acquisitionOf(approvedAt, midnight).isAcquired).toBe(true);
  });

  test("made at midnight belongs to the day that begins", () => {
    expect(acquisitionOf(midnight, midnight)).toMatchObject({
      isAcquired: false,
      approvalDate: "2026-11-20",
    });
  });
});

describe("a cancel", () => {
  test("of everything before acquisition leaves nothing to settle", () => {
    expect(settlementEffectOf(acquisitionOf(approvedAt, sameDay), "CANCELED", sameDay)).toEqual({
      kind: "none",
      date: "2026-11-19",
    });
  });

  test("of a part before acquisition leaves the rest to settle on the approval's date", () => {
    expect(settlementEffectOf(acquisitionOf(approvedAt, sameDay), "PARTIAL_CANCELED", sameDay)).toEqual({
      kind: "remainder",
      date: "2026-11-19",
    });
  });

  test.each(["CANCELED", "PARTIAL_CANCELED"] as const)(
    "after acquisition is a minus line of the date on which it is done (%s)",
    (statusAfter) => {
      const later = new Date("2026-11-25T15:30:00Z"); // 00:30 on the 26th in Seoul
      expect(settlementEffectOf(acquisitionOf(approvedAt, later), statusAfter, later)).toEqual({
        kind: "deduction",
        date: "2026-11-26",
      });
    },
  );
});
