import { expect, test } from "vitest";
import { readDetail } from "#components/audit/detail-changes.ts";

test("shows only what changed between before and after", () => {
  expect(
    readDetail({
      reason: "VAN back",
      before: { status: "PARKED", redriveCount: 0 },
      after: { status: "RESOLVED", redriveCount: 0 },
    }),
  ).toEqual({
    changes: [{ key: "status", before: "PARKED", after: "RESOLVED" }],
    facts: [{ key: "reason", value: "VAN back" }],
  });
});

test("takes a pair of facts for a change", () => {
  expect(readDetail({ amount: 48_000, balanceBefore: 98_000, balanceAfter: 50_000 })).toEqual({
    changes: [{ key: "balance", before: "98,000", after: "50,000" }],
    facts: [{ key: "amount", value: "48,000" }],
  });
});

test("writes money that is kept as digits like any amount, and no other digits", () => {
  expect(
    readDetail({
      amountMinor: "13414428",
      approvalNo: "91408549",
      before: { limitMinor: "500000" },
      after: { limitMinor: "-1000000" },
    }),
  ).toEqual({
    changes: [{ key: "limitMinor", before: "500,000", after: "-1,000,000" }],
    facts: [
      { key: "amountMinor", value: "13,414,428" },
      { key: "approvalNo", value: "91408549" },
    ],
  });
});

test("loses nothing that has another shape", () => {
  expect(
    readDetail({ before: "PAUSED", after: "ACTIVE", codes: [1, 2], nothing: null, dayAfter: 3 }),
  ).toEqual({
    changes: [{ key: "value", before: "PAUSED", after: "ACTIVE" }],
    facts: [
      { key: "codes", value: "[1,2]" },
      { key: "nothing", value: "–" },
      { key: "dayAfter", value: "3" },
    ],
  });
});
