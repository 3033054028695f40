import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { densities, readDensity, readSidebarWidth, rowHeightPx } from "#components/layout/frame-choices.ts";

test("the sidebar has its names unless this browser folded it", () => {
  expect(readSidebarWidth("narrow")).toBe("narrow");
  for (const value of [undefined, "", "full", "wide"]) expect(readSidebarWidth(value)).toBe("full");
});

test("rows are normal unless this browser chose otherwise", () => {
  for (const density of densities) expect(readDensity(density)).toBe(density);
  for (const value of [undefined, "", "compact"]) expect(readDensity(value)).toBe("normal");
});

test("the style sheet and the lists that count in pixels mean the same heights", () => {
  const css = readFileSync("app/globals.css", "utf8");
  const heightIn = (selector: string) =>
    Number(new RegExp(`^${selector} \\{[^}]*--row: (\\d+)px`, "m").exec(css)?.[1]);
  expect(heightIn(":root")).toBe(rowHeightPx.normal);
  expect(heightIn(':root\\[data-density="dense"\\]')).toBe(rowHeightPx.dense);
  expect(heightIn(':root\\[data-density="roomy"\\]')).toBe(rowHeightPx.roomy);
});
