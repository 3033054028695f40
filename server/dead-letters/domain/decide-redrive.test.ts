import { describe, expect, test } from "vitest";
import {
  decideByOurRecords,
  decideByVan,
  type LetterSubject,
  type VanAnswer,
} from "#server/dead-letters/domain/decide-redrive.ts";
import { paymentStatuses } from "#server/payments/domain/payment-status.ts";

const now = new Date("2026-11-19T05:32:00Z");
const ahead = new Date("2026-11-19T05:33:24Z");
const passed = new Date("2026-11-19T05:31:59Z");

const unknownApproval = {
  kind: "approval",
  status: "UNKNOWN",
  netCancelRequested: false,
  amountMinor: 64_500n,
} as const satisfies LetterSubject;
const openCancel = {
  kind: "cancel",
  status: "UNKNOWN",
  amountMinor: 30_000n,
} as const satisfies LetterSubject;

function found(
  state: Extract<VanAnswer, { kind: "found" }>["state"],
  amountMinor: bigint,
  canceledMinor = 0n,
): VanAnswer {
  return { kind: "found", state, amountMinor, canceledMinor };
}

describe("what our own records decide", () => {
  test("closes a net cancel of every payment that has ended, and asks the VAN about the others", () => {
    const open = paymentStatuses.filter(
      (status) => decideByOurRecords({ ...unknownApproval, status }) === undefined,
    );
    expect(open).toEqual(["IN_PROGRESS", "UNKNOWN"]);
  });

  test("still owes the net cancel of an approved payment that the mall asked to reverse (NC-7)", () => {
    expect(
      decideByOurRecords({ ...unknownApproval, status: "DONE", netCancelRequested: true }),
    ).toBeUndefined();
    expect(
      decideByOurRecords({ ...unknownApproval, status: "CANCELED", netCancelRequested: true })?.outcome,
    ).toBe("CLOSE");
  });

  test.each([
    [{ kind: "cancel", status: "SUCCEEDED", amountMinor: 1n }, "CLOSE", "ALREADY_FINAL"],
    [{ kind: "cancel", status: "FAILED", amountMinor: 1n }, "CLOSE", "ALREADY_FINAL"],
    [{ kind: "orphan", state: "REVERSED", amountMinor: 1n }, "CLOSE", "ALREADY_FINAL"],
    [{ kind: "follow_up" }, "SEND", "INQUIRE_AGAIN"],
    [{ kind: "delivery", status: "DELIVERED", endpoint: "ACTIVE" }, "CLOSE", "ALREADY_DELIVERED"],
    [{ kind: "delivery", status: "DEAD", endpoint: "ACTIVE" }, "SEND", "DELIVER_AGAIN"],
    [{ kind: "day" }, "SEND", "WORK_AGAIN"],
    [{ kind: "delivery", status: "DEAD", endpoint: "PAUSED" }, "PERSON", "ENDPOINT_PAUSED"],
    [{ kind: "delivery", status: "DEAD", endpoint: "DELETED" }, "CLOSE", "ENDPOINT_DELETED"],
    [{ kind: "missing" }, "PERSON", "SUBJECT_MISSING"],
  ] as const)("%o is %s because %s", (subject, outcome, why) => {
    expect(decideByOurRecords(subject)).toMatchObject({ outcome, why });
  });
});

describe("what the VAN's answer decides", () => {
  test.each([
    ["a live approval before the deadline", found("approved", 64_500n), ahead, "SEND", "VAN_LIVE"],
    [
      "a live approval after the deadline: a normal cancel gives it back (NC-7)",
      found("approved", 64_500n),
      passed,
      "SEND",
      "CANCEL_INSTEAD",
    ],
    [
      "an approval that is reversed already (NC-5)",
      found("net_canceled", 64_500n),
      ahead,
      "CLOSE",
      "VAN_REVERSED",
    ],
    [
      "one that is reversed already, the deadline passed",
      found("net_canceled", 64_500n),
      passed,
      "CLOSE",
      "VAN_REVERSED",
    ],
    ["a decline", found("declined", 64_500n), ahead, "CLOSE", "VAN_DECLINED"],
    ["another amount", found("approved", 6_450n), ahead, "PERSON", "AMOUNT_DIFFERS"],
    [
      "an approval cancelled in part",
      found("approved", 64_500n, 10_000n),
      ahead,
      "PERSON",
      "PARTLY_CANCELED",
    ],
    ["no approval at all", { kind: "not_found" }, ahead, "SEND", "VAN_NOT_FOUND"],
    ["silence before the deadline", { kind: "silent" }, ahead, "SEND", "VAN_SILENT"],
    ["silence after the deadline", { kind: "silent" }, passed, "PERSON", "DEADLINE_PASSED"],
    ["a VAN that is not connected here", { kind: "no_such_van" }, ahead, "PERSON", "VAN_UNKNOWN"],
  ] as const)("%s", (_title, answer, deadline, outcome, why) => {
    expect(decideByVan(unknownApproval, answer, deadline, now)).toMatchObject({ outcome, why });
  });

  test("leaves a live orphan to a person after the deadline", () => {
    const orphan = { kind: "orphan", state: "OPEN", amountMinor: 64_500n } as const;
    expect(decideByVan(orphan, found("approved", 64_500n), ahead, now)).toMatchObject({
      outcome: "SEND",
      why: "VAN_LIVE",
    });
    expect(decideByVan(orphan, found("approved", 64_500n), passed, now)).toMatchObject({
      outcome: "PERSON",
      why: "DEADLINE_PASSED",
    });
  });

  test("says which amount the VAN has when it differs", () => {
    expect(decideByVan(unknownApproval, found("approved", 6_450n), ahead, now).vanAmountMinor).toBe(6_450n);
    expect(decideByVan(unknownApproval, found("approved", 64_500n, 10_000n), ahead, now).vanAmountMinor).toBe(
      54_500n,
    );
  });

  test.each([
    ["done at the VAN", found("canceled", 30_000n), "CLOSE", "VAN_REVERSED"],
    ["done with another amount", found("canceled", 3_000n), "PERSON", "AMOUNT_DIFFERS"],
    ["never seen by the VAN", { kind: "not_found" }, "SEND", "VAN_NOT_CANCELED"],
    ["silence", { kind: "silent" }, "SEND", "VAN_SILENT"],
  ] as const)("a cancel: %s", (_title, answer, outcome, why) => {
    expect(decideByVan(openCancel, answer, null, now)).toMatchObject({ outcome, why });
  });

  test("a reversal that the VAN has made runs once more, so that our records get their final status", () => {
    expect(decideByVan(unknownApproval, found("net_canceled", 64_500n), ahead, now).asksVan).toBe(true);
  });
});
