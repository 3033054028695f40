import type { Page } from "@playwright/test";

/** A place of the focus, in the coordinates of what scrolls around it, and how much of it can be seen. */
export type Stop = Readonly<{
  name: string;
  area: number;
  top: number;
  bottom: number;
  left: number;
  right: number;
  isSeen: boolean;
}>;

/** The parts of a console page in the order in which they are read; a page with columns adds its own. */
export const frameAreas = [
  'a[href="#main"]',
  "nav:not(#main nav)",
  "header:not(#main header)",
  "#main",
] as const;

const stopsMax = 160;

/** Presses Tab from the top of the page, or from where the focus is in a dialog, until it comes round. */
export async function walkFocus(
  page: Page,
  areas: readonly string[],
  from: "top" | "here" = "top",
): Promise<Stop[]> {
  if (from === "top")
    await page.evaluate(() => {
      document.body.tabIndex = -1;
      document.body.focus();
      document.body.removeAttribute("tabindex");
      window.scrollTo(0, 0);
    });
  await page.evaluate(() => {
    for (const one of document.querySelectorAll("[data-walked]")) one.removeAttribute("data-walked");
  });
  const stops: Stop[] = [];
  for (;;) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(readStop, areas);
    if (stop === null) return stops;
    stops.push(stop);
    if (stops.length > stopsMax) throw new Error(`The focus does not come round: ${stops.at(-1)?.name}`);
  }
}

/** Where the focus is; null when it has left the page or comes round. */
function readStop(areas: readonly string[]): Stop | null {
  const element = document.activeElement;
  if (!(element instanceof HTMLElement) || element === document.body) return null;
  if (element.hasAttribute("data-walked")) return null;
  element.setAttribute("data-walked", "");
  // The innermost of the areas that hold it.
  let area = -1;
  let inner: Element | null = null;
  for (const [index, selector] of areas.entries()) {
    const holder = element.closest(selector);
    if (holder && (!inner || inner.contains(holder))) {
      inner = holder;
      area = index;
    }
  }
  const box = element.getBoundingClientRect();
  let down = 0;
  let along = 0;
  for (let outer = element.parentElement; outer; outer = outer.parentElement) {
    down += outer.scrollTop;
    along += outer.scrollLeft;
  }
  const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  const label = element.closest("label");
  const isSeen =
    hit !== null && (element.contains(hit) || hit.contains(element) || label?.contains(hit) === true);
  const said =
    element.getAttribute("aria-label") ??
    (element as HTMLInputElement).labels?.[0]?.textContent ??
    element.textContent;
  return {
    name: `${element.localName} "${(said ?? "").trim().slice(0, 40)}"`,
    area,
    top: box.top + down,
    bottom: box.bottom + down,
    left: box.left + along,
    right: box.right + along,
    isSeen,
  };
}

/** What is wrong with a walk: an area read before an earlier one, a row before the row above, or a focus that is covered. */
export function problemsOf(stops: readonly Stop[]): string[] {
  const problems = stops.filter(({ isSeen }) => !isSeen).map(({ name }) => `${name} is covered`);
  for (const [index, stop] of stops.entries()) {
    if (stop.area < 0) problems.push(`${stop.name} is in no area`);
    const before = stops[index - 1];
    if (!before) continue;
    if (stop.area < before.area) problems.push(`${stop.name} comes after ${before.name} of a later area`);
    if (stop.area === before.area && !follows(before, stop))
      problems.push(`${stop.name} comes after ${before.name}`);
  }
  return problems;
}

/** Below, or in the same row and not further left. */
function follows(before: Stop, stop: Stop): boolean {
  const shared = Math.min(before.bottom, stop.bottom) - Math.max(before.top, stop.top);
  const isSameRow = shared > Math.min(before.bottom - before.top, stop.bottom - stop.top) / 2;
  return isSameRow ? stop.left >= before.left - 1 : stop.top >= before.top;
}

/** A dialog's focus goes round: the walk as it is read, from its topmost stop. */
export function fromTheTop(stops: readonly Stop[]): Stop[] {
  const tops = stops.map(({ top }) => top);
  const first = tops.indexOf(Math.min(...tops));
  return [...stops.slice(first), ...stops.slice(0, first)];
}

/** The tables of a page that have no name, no header, or a header that does not say what it heads. */
export function badTablesOf(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll("table")]
      .filter((table) => table.checkVisibility())
      .flatMap((table) => {
        const labelledBy = table.getAttribute("aria-labelledby");
        const name =
          table.caption?.textContent ||
          table.getAttribute("aria-label") ||
          (labelledBy && document.getElementById(labelledBy)?.textContent);
        const heads = [...table.querySelectorAll("th")];
        return [
          ...(name ? [] : [`a table has no name: ${table.textContent?.slice(0, 60)}`]),
          ...(heads.length > 0 ? [] : [`${name}: no header`]),
          ...heads.filter((head) => !head.scope).map((head) => `${name}: ${head.textContent} has no scope`),
        ];
      }),
  );
}
