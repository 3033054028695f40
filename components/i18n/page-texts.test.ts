import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { textsOf } from "#components/i18n/catalogues.ts";

const root = join(import.meta.dirname, "../..");
const frame = ["common", "navigation", "refusals"];
const areas = Object.keys(textsOf("ko"));

/** The components that a file brings along, at once or later. */
function importsOf(source: string): string[] {
  return [
    ...source.matchAll(
      /^\s*(?:import|export)\s+(?!type\b)[^;"]*from\s+"#(components\/[^"]+)"|import\(\s*"#(components\/[^"]+)"/gm,
    ),
  ]
    .map(([, direct, later]) => direct ?? later ?? "")
    .filter((path) => !path.startsWith("components/i18n/"));
}

/** The areas whose texts a file reads. */
function areasReadBy(source: string): string[] {
  const picked = [...source.matchAll(/\{([^{}]*)\}\s*=\s*(?:useTexts\(\)|texts\b)(?!\.)/g)].flatMap(
    ([, names]) => (names ?? "").split(",").map((name) => name.split(":")[0]?.trim() ?? ""),
  );
  const named = [...source.matchAll(/(?:useTexts\(\)|\btexts)\??\.(\w+)/g)].map(([, name]) => name ?? "");
  return [...picked, ...named].filter((name) => areas.includes(name));
}

/** The areas that a page's components need beside what every page has, each with a file that needs it. */
function areasNeededBy(file: string): Map<string, string> {
  const needed = new Map<string, string>();
  const seen = new Set<string>();
  const queue = [...importsOf(readFileSync(join(root, file), "utf8"))];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (seen.has(path) || !existsSync(join(root, path))) continue;
    seen.add(path);
    const source = readFileSync(join(root, path), "utf8");
    queue.push(...importsOf(source));
    for (const area of areasReadBy(source)) if (!frame.includes(area)) needed.set(area, path);
  }
  return needed;
}

/** The areas that a page names in `<LoadAreaTexts>`. */
function areasLoadedBy(file: string): string[] {
  const [, list = ""] =
    /<LoadAreaTexts\s+areas=\{\[([^\]]*)\]\}/.exec(readFileSync(join(root, file), "utf8")) ?? [];
  return [...list.matchAll(/"(\w+)"/g)].map(([, area]) => area ?? "");
}

const files = readdirSync(join(root, "app"), { recursive: true, encoding: "utf8" }).map(
  (path) => `app/${path}`,
);
const pages = files.filter((path) => path.endsWith("/page.tsx"));
const frames = files.filter((path) => /\/(layout|loading|error|not-found|global-error)\.tsx$/.test(path));

describe("the texts of a page", () => {
  test.each(pages)("%s names the areas that its components read, and no other", (page) => {
    expect(areasLoadedBy(page).sort()).toEqual([...areasNeededBy(page).keys()].sort());
  });
  test.each(frames)("%s reads only what every page has", (file) => {
    expect([...areasNeededBy(file)]).toEqual([]);
  });
});

describe("the reading of components above", () => {
  const components = readdirSync(join(root, "components"), { recursive: true, encoding: "utf8" }).filter(
    (path) => /\.tsx?$/.test(path) && !path.startsWith("i18n/") && !path.includes(".test."),
  );
  test("misses no way of taking texts", () => {
    const unread = components.filter((path) => {
      const source = readFileSync(join(root, "components", path), "utf8");
      const taken = source.match(/useTexts\(\)/g)?.length ?? 0;
      const understood =
        source.match(/\{[^{}]*\}\s*=\s*useTexts\(\)(?!\.)|useTexts\(\)\.\w+|\btexts = useTexts\(\);/g)
          ?.length ?? 0;
      return taken !== understood;
    });
    expect(unread).toEqual([]);
  });
  test("finds what a later import reads", () => {
    expect(importsOf('const A = dynamic(() => import("#components/a.tsx"));')).toEqual(["components/a.tsx"]);
    expect(areasReadBy("const { home: words, common } = useTexts();")).toEqual(["home", "common"]);
  });
});
