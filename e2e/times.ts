import { expect, type Page } from "@playwright/test";

/** Fails with the clocks on the page that are bare text: those tell neither their day nor their offset when they are pointed at. */
export async function expectTimesTell(page: Page, name: string): Promise<void> {
  const bare = await page.locator("main").evaluate((main) => {
    // A countdown runs; it is no time of day.
    const clock = /(?<!\d)(\d{2}:\d{2}:\d{2}|\d{2}-\d{2} \d{2}:\d{2})(?!:?\d| 남음| left)/;
    const found: string[] = [];
    const texts = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      const text = node.textContent ?? "";
      const parent = node.parentElement;
      // Bytes and documents are shown as they are.
      if (!parent || !clock.test(text) || parent.closest("time, svg, pre, code, caption")) continue;
      if (parent.checkVisibility()) found.push(text.trim());
    }
    return found;
  });
  expect(bare, `${name}: times that tell nothing more on hover`).toEqual([]);
}
