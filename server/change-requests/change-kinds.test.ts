import { describe, expect, test } from "vitest";
import {
  actsIn,
  type ChangeKind,
  changeKindNames,
  isFixed,
  isLooser,
} from "#server/change-requests/change-kinds.values.ts";
import { mayDo, operatorRoles, type Permission } from "#server/operators/permissions.ts";

describe("a limit", () => {
  test.each([
    [1n, 0n, true],
    [null, 0n, true],
    [null, 9_999n, true],
    [1n, 1n, false],
    [0n, 1n, false],
    [5n, null, false],
    [0n, null, false],
    [null, null, false],
  ])("of %s is looser than one of %s: %s", (limitMax, than, expected) => {
    expect(isLooser(limitMax, than)).toBe(expected);
  });

  test("is fixed for what is decided about settlements and for the kind that loosens limits, and for no other", () => {
    expect(changeKindNames.filter(isFixed)).toEqual([
      "SETTLEMENT_CONFIRM",
      "SETTLEMENT_PAYOUT",
      "WITHHOLD",
      "ADJUSTMENT",
      "LIMIT_CHANGE",
    ]);
  });
});

/** What the procedures that ask for a kind demand of a role. */
const permissionToAsk: Readonly<Record<ChangeKind, Permission>> = {
  CANCEL: "payment:cancel",
  BULK_CANCEL: "payment:bulk-cancel",
  BULK_REDRIVE: "dead-letter:redrive",
  SETTLEMENT_CONFIRM: "settlement:manage",
  SETTLEMENT_PAYOUT: "settlement:manage",
  WITHHOLD: "settlement:manage",
  ADJUSTMENT: "settlement:manage",
  KEY_CHANGE: "mall:manage",
  CONTRACT_CHANGE: "mall:manage",
  LIMIT_CHANGE: "approval-limit:change",
};

test("a role acts in just the kinds that it may ask for, so that a new role ends just what it may not", () => {
  for (const kind of changeKindNames)
    for (const role of operatorRoles) {
      const may = mayDo(role, permissionToAsk[kind]) && mayDo(role, "change-request:make");
      expect([kind, role, actsIn(role, kind)]).toEqual([kind, role, may]);
    }
});
