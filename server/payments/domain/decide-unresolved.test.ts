import { describe, expect, test } from "vitest";
import {
  decideUnresolved,
  type UnresolvedKind,
  type VanAnswer,
} from "#server/payments/domain/decide-unresolved.ts";

const deadlineAt = new Date("2026-11-19T06:00:00Z");
const inTime = new Date("2026-11-19T05:59:59Z");
const tooLate = new Date("2026-11-19T06:00:01Z");
const subject = (kind: UnresolvedKind) => ({
  kind,
  amountMinor: 10_000n,
  deadlineAt: kind === "CANCEL" ? null : deadlineAt,
});
const found = (
  state: "approved" | "declined" | "net_canceled" | "canceled",
  amountMinor = 10_000n,
  canceledMinor = 0n,
): VanAnswer => ({ kind: "found", state, amountMinor, canceledMinor });

describe("an approval whose outcome is not known", () => {
  test("is never settled as approved: what the VAN holds is given back", () => {
    expect(decideUnresolved(subject("APPROVAL"), found("approved"), inTime)).toEqual({
      step: "NET_CANCEL",
      why: "LIVE",
    });
    expect(decideUnresolved(subject("APPROVAL"), found("approved"), tooLate)).toEqual({
      step: "CANCEL_INSTEAD",
      why: "LIVE_AFTER_DEADLINE",
    });
  });

  test("needs only its record once the VAN holds no money", () => {
    for (const state of ["net_canceled", "canceled", "declined"] as const) {
      expect(decideUnresolved(subject("APPROVAL"), found(state), inTime).step).toBe("CLOSE");
    }
  });

  test("is net-cancelled in time even if the VAN knows nothing or says nothing", () => {
    for (const kind of ["not_found", "silent", "unreachable"] as const) {
      expect(decideUnresolved(subject("APPROVAL"), { kind }, inTime).step).toBe("NET_CANCEL");
    }
  });

  test("waits for a person when the VAN is silent after the deadline", () => {
    expect(decideUnresolved(subject("APPROVAL"), { kind: "silent" }, tooLate)).toEqual({
      step: "PERSON",
      why: "SILENT_AFTER_DEADLINE",
    });
    expect(decideUnresolved(subject("APPROVAL"), { kind: "not_found" }, tooLate).step).toBe("CLOSE");
  });

  test("waits for a person when the VAN's figures are not ours", () => {
    expect(decideUnresolved(subject("APPROVAL"), found("approved", 9_000n), inTime).why).toBe(
      "AMOUNT_DIFFERS",
    );
    expect(decideUnresolved(subject("APPROVAL"), found("approved", 10_000n, 1_000n), inTime).why).toBe(
      "PARTLY_CANCELED",
    );
  });
});

describe("a cancel whose outcome is not known", () => {
  test("is closed when the VAN has done it, and sent again when it has not", () => {
    expect(decideUnresolved(subject("CANCEL"), found("canceled"), inTime)).toEqual({
      step: "CLOSE",
      why: "CANCELED",
    });
    expect(decideUnresolved(subject("CANCEL"), { kind: "not_found" }, inTime).step).toBe("CANCEL_AGAIN");
    expect(decideUnresolved(subject("CANCEL"), found("approved"), inTime).step).toBe("CANCEL_AGAIN");
  });

  test("is not decided without the VAN", () => {
    expect(decideUnresolved(subject("CANCEL"), { kind: "silent" }, inTime).step).toBe("PERSON");
    expect(decideUnresolved(subject("CANCEL"), found("canceled", 9_000n), inTime).step).toBe("PERSON");
  });
});

test("money found after the end is reversed whenever it is live", () => {
  expect(decideUnresolved(subject("ORPHAN"), found("approved"), inTime).step).toBe("REVERSE");
  expect(decideUnresolved(subject("ORPHAN"), found("approved"), tooLate).step).toBe("REVERSE");
  expect(decideUnresolved(subject("ORPHAN"), found("net_canceled"), tooLate).step).toBe("CLOSE");
});
