import { describe, expect, test } from "vitest";
import { idsBetween, sumSelection } from "#components/payments/row-selection.ts";

const rows = ["a", "b", "c", "d"].map((id) => ({ id }));

test("a range is the same from either end, and nothing when an end is gone", () => {
  expect(idsBetween(rows, "b", "d")).toEqual(["b", "c", "d"]);
  expect(idsBetween(rows, "d", "b")).toEqual(["b", "c", "d"]);
  expect(idsBetween(rows, "c", "c")).toEqual(["c"]);
  expect(idsBetween(rows, "b", "gone")).toEqual([]);
});

describe("what is selected", () => {
  const row = (status: "DONE" | "PARTIAL_CANCELED" | "ABORTED", amountMinor: bigint, canceledMinor = 0n) => ({
    status,
    currency: "KRW",
    amountMinor,
    canceledMinor,
  });

  test("adds up only money that was approved, and counts every status", () => {
    const sum = sumSelection([
      row("ABORTED", 99_000n),
      row("DONE", 10_000n),
      row("PARTIAL_CANCELED", 5_000n, 2_000n),
      row("DONE", 1n),
    ]);
    expect(sum).toEqual({
      count: 4,
      money: [{ currency: "KRW", amountMinor: 15_001n, balanceMinor: 13_001n }],
      statuses: [
        { status: "DONE", count: 2 },
        { status: "ABORTED", count: 1 },
        { status: "PARTIAL_CANCELED", count: 1 },
      ],
    });
  });
});
