import { expect, test } from "vitest";
import { maskCardIn, maskCardNumber } from "./mask-card.ts";

test.each([
  ["4330123412341234", "433012******1234"],
  ["378282246310005", "378282******005"],
  ["4222222222222", "422222******2"],
  ["6304000000000000018", "630400******0000018"],
])("%s is kept as %s", (number, kept) => {
  expect(maskCardNumber(number)).toBe(kept);
  expect(kept).toHaveLength(number.length);
});

test("every occurrence in an answer is masked, in a copy", () => {
  const bytes = Buffer.from("a 4330123412341234 b 4330123412341234");
  expect(Buffer.from(maskCardIn(bytes, "4330123412341234")).toString()).toBe(
    "a 433012******1234 b 433012******1234",
  );
  expect(bytes.toString()).toContain("4330123412341234");
});
