import { expect, test } from "vitest";
import { maskEmail, maskName, maskPhone } from "#server/payments/domain/mask-customer.ts";

test("names keep their first and last letter", () => {
  expect(["김민수", "김수", "김", "Jane Doe", "남궁민수"].map(maskName)).toEqual([
    "김*수",
    "김*",
    "*",
    "J******e",
    "남**수",
  ]);
});

test("phone numbers keep the prefix and the last four", () => {
  expect(["010-1234-4821", "01012344821", "1588-1234"].map(maskPhone)).toEqual([
    "010-****-4821",
    "010-****-4821",
    "****34",
  ]);
});

test("mail addresses keep their first letter and domain", () => {
  expect(["minsu@example.com", "@example.com", "nobody"].map(maskEmail)).toEqual([
    "m****@example.com",
    "****",
    "****",
  ]);
});
