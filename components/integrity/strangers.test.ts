import { expect, test } from "vitest";
import { strangersOf } from "#components/integrity/strangers.ts";

const detail = { source: "van_file", van: "SBX1", businessDate: "2026-11-19", count: 3, amount: 45_000 };

test("approvals that only a VAN's file has are told from a late approval of ours", () => {
  expect(strangersOf({ kind: "VAN_ORPHAN", detail })).toEqual({
    vanCode: "SBX1",
    businessDate: "2026-11-19",
    count: 3,
    amountMinor: 45_000n,
  });
  expect(strangersOf({ kind: "VAN_ORPHAN", detail: { source: "van_file", amount: 45_000 } })).toBeNull();
  expect(strangersOf({ kind: "VAN_ORPHAN", detail: { ...detail, source: "inquiry" } })).toBeNull();
  expect(strangersOf({ kind: "INVARIANT", detail })).toBeNull();
});
