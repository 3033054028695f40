import { expect, type Page } from "@playwright/test";

/** Cumulative layout shift that a page may have while it loads; beyond 0.1 a person notices, and here nothing moves under the pointer. */
const shiftMax = 0.02;

type Shift = Readonly<{ value: number; hadRecentInput: boolean; sources: readonly ShiftSource[] }>;
type ShiftSource = Readonly<{
  node: Node | null;
  previousRect: DOMRectReadOnly;
  currentRect: DOMRectReadOnly;
}>;
type Seen = { value: number; moved: string[] };
declare global {
  interface Window {
    layoutShifts?: Seen;
  }
}

/** From its next load on, the page keeps count of what moves in it by itself. */
export async function watchLayoutShift(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const seen: Seen = { value: 0, moved: [] };
    window.layoutShifts = seen;
    const nameOf = (node: Node | null) => {
      const element = node instanceof Element ? node : node?.parentElement;
      return element ? `${element.localName}.${element.getAttribute("class")?.slice(0, 60) ?? ""}` : "?";
    };
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as unknown as Shift[]) {
        if (entry.hadRecentInput) continue;
        seen.value += entry.value;
        for (const { node, previousRect: from, currentRect: to } of entry.sources)
          seen.moved.push(
            `${entry.value.toFixed(4)} ${nameOf(node)} ${from.x},${from.y} ${from.width}×${from.height} → ${to.x},${to.y} ${to.width}×${to.height}`,
          );
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
}

/** Fails when more moved since the page began to load than may; says what it was. Waits until nothing has moved for a while. */
export async function expectStill(page: Page, name: string): Promise<void> {
  const read = () => page.evaluate(() => window.layoutShifts ?? null);
  let seen = await read();
  if (!seen) throw new Error(`${name}: nobody watched its layout`);
  for (let before = -1; before !== seen.value; ) {
    before = seen.value;
    await page.waitForTimeout(250);
    seen = (await read()) ?? seen;
  }
  expect(
    seen.value <= shiftMax ? [] : [`${name}: ${seen.value.toFixed(4)} shifted`, ...seen.moved.slice(0, 12)],
  ).toEqual([]);
}
