import { expect, test } from "vitest";
import { readSidebarWidth } from "#components/layout/frame-choices.ts";

test("the sidebar has its names unless this browser folded it", () => {
  expect(readSidebarWidth("narrow")).toBe("narrow");
  for (const value of [undefined, "", "full", "wide"]) expect(readSidebarWidth(value)).toBe("full");
});
