import { describe, expect, test } from "vitest";
import { createGoReader, goWithinMs } from "#components/layout/go-keys.ts";
import { navigation } from "#components/layout/navigation.ts";

const entries = navigation.flatMap((group) => group.entries);
const hrefOf = (letter: string) => entries.find(({ goKey }) => goKey === letter)?.href;
const key = (letter: string, shiftKey = false) => ({ code: `Key${letter.toUpperCase()}`, shiftKey });
const nothing = { isTaken: false, href: null };

describe("g and a letter", () => {
  test.each([
    ["h", "/"],
    ["p", "/payments"],
    ["u", "/unknown"],
    ["d", "/dead-letters"],
    ["s", "/settlements"],
    ["r", "/reconciliation"],
    ["x", "/x-view"],
  ])("g %s leads to %s", (letter, href) => {
    const read = createGoReader();
    expect(read(key("g"), 0, hrefOf)).toEqual({ isTaken: true, href: null });
    expect(read(key(letter), 400, hrefOf)).toEqual({ isTaken: true, href });
    // Once: the next letter is the page's own again.
    expect(read(key(letter), 500, hrefOf)).toEqual(nothing);
  });

  test("no two pages have the same letter, and none has g", () => {
    const letters = entries.flatMap(({ goKey }) => (goKey ? [goKey] : []));
    expect(new Set(letters).size).toBe(letters.length);
    expect(letters).not.toContain("g");
  });

  test("a letter alone, too late or with Shift is not read, and Esc ends the waiting", () => {
    const read = createGoReader();
    expect(read(key("p"), 0, hrefOf)).toEqual(nothing);
    read(key("g"), 0, hrefOf);
    expect(read(key("p"), goWithinMs + 1, hrefOf)).toEqual(nothing);
    read(key("g"), 5_000, hrefOf);
    expect(read(key("p", true), 5_100, hrefOf)).toEqual(nothing);
    read(key("g"), 9_000, hrefOf);
    expect(read({ code: "Escape", shiftKey: false }, 9_100, hrefOf)).toEqual(nothing);
    expect(read(key("p"), 9_200, hrefOf)).toEqual(nothing);
  });

  test("a letter of no page does nothing at all, and g again begins anew", () => {
    const read = createGoReader();
    read(key("g"), 0, hrefOf);
    expect(read(key("c"), 100, hrefOf)).toEqual({ isTaken: true, href: null });
    read(key("g"), 1_000, hrefOf);
    read(key("g"), 2_000, hrefOf);
    expect(read(key("p"), 2_100 + goWithinMs - 200, hrefOf)).toEqual({ isTaken: true, href: "/payments" });
  });
});
