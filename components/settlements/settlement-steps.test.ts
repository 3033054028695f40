import { describe, expect, test } from "vitest";
import { nextDecisionOf, payoutBarOf } from "#components/settlements/settlement-steps.ts";

const today = "2026-11-20";
const confirmed = { status: "CONFIRMED", isWithheld: false, payoutDate: today } as const;

describe("the step that may be asked for", () => {
  test("is the confirmation of a draft, whether its payout is kept back or not", () => {
    expect(nextDecisionOf({ ...confirmed, status: "DRAFT" }, today)).toBe("confirm");
    expect(nextDecisionOf({ ...confirmed, status: "DRAFT", isWithheld: true }, today)).toBe("confirm");
  });
  test("is the payout of what is confirmed, on its date and later", () => {
    expect(nextDecisionOf(confirmed, today)).toBe("payOut");
    expect(nextDecisionOf({ ...confirmed, payoutDate: "2026-11-19" }, today)).toBe("payOut");
    expect(nextDecisionOf({ ...confirmed, payoutDate: "2026-11-21" }, today)).toBeNull();
    expect(payoutBarOf({ ...confirmed, payoutDate: "2026-11-21" }, today)).toBe("notDue");
  });
  test("is none for what is kept back, paid out or still being computed", () => {
    expect(payoutBarOf({ ...confirmed, isWithheld: true }, today)).toBe("withheld");
    expect(nextDecisionOf({ ...confirmed, isWithheld: true }, today)).toBeNull();
    expect(nextDecisionOf({ ...confirmed, status: "PAID_OUT" }, today)).toBeNull();
    expect(nextDecisionOf({ ...confirmed, status: "COLLECTED" }, today)).toBeNull();
  });
});
