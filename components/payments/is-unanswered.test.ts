import { TRPCClientError } from "@trpc/client";
import { describe, expect, test } from "vitest";
import { isTurnedAway, isUnanswered } from "#components/payments/is-unanswered.ts";

const refused = (code: string) =>
  new TRPCClientError(code, {
    result: { error: { message: code, code: -32_600, data: { refusal: { code } } } },
  });

describe("an answer to a cancel", () => {
  test("is missing when none came, or when it does not know what was begun", () => {
    for (const error of [
      new TypeError("Failed to fetch"),
      new TRPCClientError("Failed to fetch"),
      refused("INTERNAL_ERROR"),
      refused("IDEMPOTENCY_STORE_UNAVAILABLE"),
      refused("PAYMENT_RESULT_UNKNOWN"),
    ])
      expect([isUnanswered(error), isTurnedAway(error)]).toEqual([true, false]);
  });

  test("is there when it was refused, though at the door it says nothing of an earlier press", () => {
    expect(isUnanswered(null)).toBe(false);
    for (const code of ["CANCELABLE_AMOUNT_MISMATCH", "APPROVAL_REQUIRED", "PAYMENT_LOCKED"])
      expect([isUnanswered(refused(code)), isTurnedAway(refused(code))]).toEqual([false, false]);
    for (const code of ["SIGNED_OUT", "FORBIDDEN_SCOPE", "MAINTENANCE"])
      expect([isUnanswered(refused(code)), isTurnedAway(refused(code))]).toEqual([false, true]);
  });
});
