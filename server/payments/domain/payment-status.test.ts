import { expect, test } from "vitest";
import { mayMove, nextStatuses, paymentStatuses } from "#server/payments/domain/payment-status.ts";

test("an unknown approval ends as net-cancelled and never as done", () => {
  expect(nextStatuses.UNKNOWN).toEqual(["NET_CANCELED"]);
  expect(mayMove("UNKNOWN", "DONE")).toBe(false);
});

test("final statuses never open again", () => {
  for (const status of ["ABORTED", "NET_CANCELED", "CANCELED", "EXPIRED"] as const) {
    expect(paymentStatuses.filter((to) => mayMove(status, to))).toEqual([]);
  }
});
