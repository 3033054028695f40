import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");

/** The text between a call's parentheses, which open just before `from`. */
function argumentsAt(source: string, from: number): string {
  let end = from;
  for (let depth = 1; depth > 0; end++) depth += { "(": 1, ")": -1 }[source[end] ?? ")"] ?? 0;
  return source.slice(from, end - 1);
}

test("a part that is loaded when it is opened has a boundary of its own: the page stays while it comes", () => {
  const files = globSync("components/**/*.tsx", { cwd: root }).filter((file) => !file.includes("/i18n/"));
  const calls = files.flatMap((file) => {
    const source = readFileSync(join(root, file), "utf8");
    return [...source.matchAll(/\bdynamic(?:<[^(]*>)?\(/g)].map((call) => ({
      file,
      given: argumentsAt(source, call.index + call[0].length),
    }));
  });
  expect(calls.length).toBeGreaterThan(20);
  // Without either option (`loading` may be named as it is) next/dynamic has no Suspense around it, and the page's skeleton takes the page's place.
  expect(calls.filter(({ given }) => !/ssr: false|\bloading\b[:,]/.test(given))).toEqual([]);
});
