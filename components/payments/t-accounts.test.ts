import { expect, test } from "vitest";
import { accountsOf } from "#components/payments/t-accounts.ts";

const line = (id: number, event: string, account: string, amountMinor: bigint) => ({
  id: BigInt(id),
  eventKey: `pay:pay_1:${event}`,
  account,
  amountMinor,
  businessDate: new Date("2026-11-19"),
});

test("an approval and a part of it given back leave what the VAN owes and what is owed to the mall, together zero", () => {
  const { accounts, sumMinor } = accountsOf([
    line(1, "approve", "van_receivable:SBX1", 98_000n),
    line(2, "approve", "mall_payable:m", -98_000n),
    line(3, "cancel:1", "van_receivable:SBX1", -48_000n),
    line(4, "cancel:1", "mall_payable:m", 48_000n),
  ]);
  expect(
    accounts.map(({ account, debitMinor, creditMinor, balanceMinor }) => [
      account,
      debitMinor,
      creditMinor,
      balanceMinor,
    ]),
  ).toEqual([
    ["van_receivable:SBX1", 98_000n, 48_000n, 50_000n],
    ["mall_payable:m", 48_000n, 98_000n, -50_000n],
  ]);
  expect(accounts[1]?.credits.map(({ id }) => id)).toEqual([2n]);
  expect(sumMinor).toBe(0n);
});

test("a sum that is not zero is said, not hidden", () => {
  expect(accountsOf([line(1, "approve", "a", 5n), line(2, "approve", "b", -4n)]).sumMinor).toBe(1n);
});
