import { expect, test } from "vitest";
import { clientAddressOf } from "#server/operators/client-address.ts";

test("the entry written nearest to us counts, not what the client claims", () => {
  expect(clientAddressOf("1.1.1.1, 203.0.113.9")).toBe("203.0.113.9");
});

test("an IPv4 address looks the same on a dual-stack socket", () => {
  expect(clientAddressOf("::ffff:127.0.0.1")).toBe("127.0.0.1");
});

test("nothing and nonsense are no address", () => {
  expect(clientAddressOf(null)).toBeNull();
  expect(clientAddressOf("")).toBeNull();
  expect(clientAddressOf("x".repeat(500))).toBeNull();
});
