import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Press, turnSingleKeys } from "#components/layout/single-keys.ts";
import { listKeyOf } from "#components/payments/list-keys.ts";

/** An element that is, or stands in, what these selectors name. */
const within = (...names: readonly string[]) =>
  ({
    closest: (selector: string) => selector.split(", ").some((one) => names.includes(one)) || null,
  }) as unknown as EventTarget;

const press = (code: string, over: Partial<Press> = {}): Press => ({
  code,
  shiftKey: false,
  metaKey: false,
  ctrlKey: false,
  altKey: false,
  isComposing: false,
  defaultPrevented: false,
  target: within(),
  ...over,
});

let layerIsOpen = false;
beforeEach(() => {
  layerIsOpen = false;
  const kept = new Map<string, string>();
  vi.stubGlobal("document", { querySelector: () => (layerIsOpen ? {} : null) });
  vi.stubGlobal("window", {
    localStorage: {
      getItem: (name: string) => kept.get(name) ?? null,
      setItem: (name: string, value: string) => kept.set(name, value),
      removeItem: (name: string) => kept.delete(name),
    },
  });
});
afterEach(() => vi.unstubAllGlobals());

const all = [
  ["Slash", "search"],
  ["KeyJ", "next"],
  ["KeyK", "previous"],
  ["Enter", "open"],
  ["Space", "peek"],
  ["KeyY", "copyLink"],
  ["KeyX", "select"],
  ["KeyF", "filter"],
  ["KeyC", "cancel"],
  ["Escape", "escape"],
] as const;

describe("the keys of a list", () => {
  test.each(all)("%s is %s", (code, key) => {
    expect(listKeyOf(press(code))).toBe(key);
  });

  test("with Shift, x takes a range and / asks for help; no other key means anything", () => {
    const shifted = (code: string) => listKeyOf(press(code, { shiftKey: true }));
    expect([shifted("KeyX"), shifted("Slash")]).toEqual(["range", "help"]);
    expect(["KeyJ", "KeyF", "KeyC", "Space"].map(shifted)).toEqual([null, null, null, null]);
  });

  test.each(all)("%s means nothing to the list in a field, over an open layer or in a chord", (code) => {
    for (const name of ["input:not([type=checkbox])", "textarea", "select", "[contenteditable=true]"])
      expect(listKeyOf(press(code, { target: within(name) })), name).toBeNull();
    for (const name of ["[role=dialog]", "[role=menu]"])
      expect(listKeyOf(press(code, { target: within(name) })), name).toBeNull();
    for (const over of [{ isComposing: true }, { metaKey: true }, { ctrlKey: true }, { altKey: true }])
      expect(listKeyOf(press(code, over))).toBeNull();
    expect(listKeyOf(press(code, { defaultPrevented: true }))).toBeNull();
    // Wherever the focus is: a click beside a dialog leaves it on the body.
    layerIsOpen = true;
    expect(listKeyOf(press(code))).toBeNull();
  });

  test("the space ticks a checkbox and presses a button, and Enter follows a link", () => {
    for (const name of ["button", "input"])
      expect(listKeyOf(press("Space", { target: within(name) }))).toBeNull();
    expect(listKeyOf(press("Space", { target: within("a") }))).toBe("peek");
    for (const name of ["a", "button", "input"])
      expect(listKeyOf(press("Enter", { target: within(name) }))).toBeNull();
    expect(listKeyOf(press("KeyX", { target: within("input") }))).toBe("select");
  });

  test("turned off, letters and signs mean nothing; Enter and Esc still do", () => {
    turnSingleKeys(false);
    for (const [code, key] of all)
      expect(listKeyOf(press(code)), code).toBe(["Enter", "Escape"].includes(code) ? key : null);
    turnSingleKeys(true);
    expect(listKeyOf(press("KeyJ"))).toBe("next");
  });
});
