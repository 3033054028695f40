import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { settingNames } from "#server/platform/env.ts";

const lines = readFileSync(join(import.meta.dirname, "../../.env.example"), "utf8").split("\n");

test(".env.example lists every setting, and none that does not exist", () => {
  const listed = lines.flatMap((line) => line.match(/^([A-Z][A-Z0-9_]*)=/)?.[1] ?? []);
  expect(listed.toSorted()).toEqual(settingNames.toSorted());
});

test("each setting in .env.example has a sentence above it", () => {
  const bare = lines.filter((line, index) => /^[A-Z]/.test(line) && !lines[index - 1]?.startsWith("# "));
  expect(bare).toEqual([]);
});
