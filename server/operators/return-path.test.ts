import { expect, test } from "vitest";
import { safeReturnPath } from "#server/operators/return-path.ts";

test.each([
  ["/payments?status=UNKNOWN&q=a%20b", "/payments?status=UNKNOWN&q=a%20b"],
  ["/dead-letters", "/dead-letters"],
])("%s is a way back", (from, path) => {
  expect(safeReturnPath(from)).toBe(path);
});

test.each([
  undefined,
  "",
  "payments",
  "//evil.example",
  "/\\evil.example",
  "/a\\..\\evil",
  "https://evil.example/",
  "javascript:alert(1)",
  "/pay\nments",
  "/sign-in?from=/sign-in",
  ["/payments", "/audit"],
])("%j leads to the start instead", (from) => {
  expect(safeReturnPath(from)).toBe("/");
});
