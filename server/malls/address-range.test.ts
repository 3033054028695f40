import { describe, expect, test } from "vitest";
import {
  type AddressRange,
  findRange,
  plainAddress,
  readRange,
  readRangeList,
} from "#server/malls/address-range.ts";

const range = (text: string): AddressRange => {
  const read = readRange(text);
  if ("broken" in read) throw new Error(`${text}: ${read.broken}`);
  return read;
};
const lets = (cidr: string, address: string) => findRange([range(cidr)], address) !== undefined;

test.each([
  ["203.0.113.7", "203.0.113.7/32"],
  [" 203.0.113.0/24 ", "203.0.113.0/24"],
  ["2001:DB8::/32", "2001:db8::/32"],
  ["2001:db8:0:0:0:0:0:1", "2001:db8::1/128"],
  ["::ffff:203.0.113.0/120", "203.0.113.0/24"],
  ["::ffff:203.0.113.7", "203.0.113.7/32"],
])("%s is the network %s", (text, cidr) => expect(range(text).cidr).toBe(cidr));

test.each([
  ["", "not_an_address"],
  ["shop.example", "not_an_address"],
  ["203.0.113", "not_an_address"],
  ["010.0.0.1", "not_an_address"],
  ["0x0a.0.0.1", "not_an_address"],
  ["203.0.113.0/24/8", "not_an_address"],
  ["fe80::1%eth0", "not_an_address"],
  ["203.0.113.0/33", "prefix"],
  ["203.0.113.0/-1", "prefix"],
  ["203.0.113.0/024", "prefix"],
  ["203.0.113.0/", "prefix"],
  ["2001:db8::/129", "prefix"],
  ["::ffff:0.0.0.0/90", "prefix"],
  ["203.0.113.7/24", "host_bits"],
  ["2001:db8::1/32", "host_bits"],
  ["0.0.0.0/0", "everyone"],
  ["::/0", "everyone"],
  ["::ffff:0.0.0.0/96", "everyone"],
])("%s is no network: %s", (text, broken) => expect(readRange(text)).toEqual({ broken }));

describe("a network lets in", () => {
  test.each([
    ["203.0.113.0/24", "203.0.113.255", true],
    ["203.0.113.0/24", "203.0.114.0", false],
    ["203.0.113.0/25", "203.0.113.128", false],
    ["203.0.113.7/32", "203.0.113.7", true],
    ["203.0.113.7/32", "203.0.113.8", false],
    ["203.0.113.0/24", "::ffff:203.0.113.9", true],
    ["203.0.113.0/24", "::ffff:cb00:7109", true],
    ["2001:db8::/32", "2001:db8:ffff::1", true],
    ["2001:db8::/32", "2001:db9::1", false],
    ["::/1", "203.0.113.9", false],
    ["0.0.0.0/1", "::1", false],
  ])("%s, %s: %s", (cidr, address, expected) => expect(lets(cidr, address)).toBe(expected));

  test.each([null, "", "unknown", "203.0.113.7, 10.0.0.1"])("nobody whose address is %s", (address) =>
    expect(findRange([range("0.0.0.0/1"), range("128.0.0.0/1")], address)).toBeUndefined(),
  );

  test("by the first line that does", () =>
    expect(
      findRange([range("10.0.0.0/8"), range("203.0.113.0/24"), range("203.0.113.7")], "203.0.113.7")?.cidr,
    ).toBe("203.0.113.0/24"));
});

test("a list is read as it is typed, and says which lines are wrong", () => {
  const { ranges, broken } = readRangeList(
    "203.0.113.0/24  # 서울 사무실\n\n2001:db8::/32\n# only a remark\n203.0.113.7/24\n::ffff:203.0.113.0/120\n",
  );
  expect(ranges.map(({ cidr, note }) => [cidr, note])).toEqual([
    ["203.0.113.0/24", "서울 사무실"],
    ["2001:db8::/32", ""],
  ]);
  expect(broken).toEqual([
    { line: 4, text: "", broken: "not_an_address" },
    { line: 5, text: "203.0.113.7/24", broken: "host_bits" },
    { line: 6, text: "::ffff:203.0.113.0/120", broken: "twice" },
  ]);
});

test("an address has one spelling", () => {
  expect(plainAddress(" ::ffff:203.0.113.7 ")).toBe("203.0.113.7");
  expect(plainAddress("2001:DB8:0::0001")).toBe("2001:db8::1");
  expect(plainAddress("203.0.113.7/32")).toBeUndefined();
});
