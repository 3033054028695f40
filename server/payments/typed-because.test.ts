import { describe, expect, test } from "vitest";
import { typedBecause } from "#server/payments/payment-search.values.ts";

describe("what is cancelled is typed once more", () => {
  test.each([
    ["from 1,000,000 on", { amountMinor: 1_000_000n, limitMinor: null }, "amount"],
    ["not below that without a limit", { amountMinor: 999_999n, limitMinor: null }, null],
    ["above half of the limit", { amountMinor: 250_001n, limitMinor: 500_000n }, "limit"],
    ["not at half of it", { amountMinor: 250_000n, limitMinor: 500_000n }, null],
    ["above 20 payments", { amountMinor: 21_000n, limitMinor: 500_000n, count: 21 }, "payments"],
    ["not at 20", { amountMinor: 20_000n, limitMinor: 500_000n, count: 20 }, null],
  ] as const)("%s", (_, cancel, because) => {
    expect(typedBecause(cancel)).toBe(because);
  });
});
