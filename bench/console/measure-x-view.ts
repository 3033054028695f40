import type { Page } from "@playwright/test";
import { type FrameFigures, measureFrames } from "./measure-frames.ts";

const watchedMs = 4_000;

/**
 * Frames of the X-View's plot, at an hour's window of as many points as the database has: standing still while live,
 * being moved, zoomed, and having a box drawn over it. The first row is a page that draws nothing: what this browser on
 * this machine can do at most.
 */
export async function measureXView(page: Page): Promise<{ what: string; figures: FrameFigures }[]> {
  const measured: { what: string; figures: FrameFigures }[] = [];
  const measure = async (what: string, act: () => Promise<void>) => {
    measured.push({ what, figures: await measureFrames(page, act) });
  };
  const forSomeTime = (step: (n: number) => Promise<void>) => async () => {
    const endsAt = performance.now() + watchedMs;
    for (let n = 0; performance.now() < endsAt; n++) await step(n);
  };
  await page.goto("about:blank");
  await measure("a blank page", () => page.waitForTimeout(watchedMs));
  await page.goto("/x-view?window=60");
  const plot = page.locator("[data-scatter]");
  await plot.waitFor();
  await page.waitForLoadState("networkidle");
  const edge = await plot.boundingBox();
  if (!edge) throw new Error("The X-View shows no plot.");
  const at = (share: number) => edge.x + edge.width * share;
  const middle = edge.y + edge.height / 2;
  await page.mouse.move(at(0.5), middle);
  await measure("live", () => page.waitForTimeout(watchedMs));
  await measure(
    "pointer over the points",
    forSomeTime((n) => page.mouse.move(at(0.2 + (n % 60) / 100), middle + (n % 40))),
  );
  await page.mouse.move(at(0.2), edge.y + 30);
  await page.mouse.down();
  await measure(
    "a box being drawn",
    forSomeTime((n) => page.mouse.move(at(0.2 + (n % 70) / 100), edge.y + 40 + (n % 100))),
  );
  await page.mouse.up();
  await page.keyboard.press("Escape");
  await page.mouse.move(at(0.5), middle);
  await measure(
    "being moved",
    forSomeTime((n) => page.mouse.wheel(n % 80 < 40 ? -6 : 6, 0)),
  );
  await measure(
    "being zoomed",
    forSomeTime((n) => page.mouse.wheel(0, n % 60 < 30 ? -12 : 12)),
  );
  return measured;
}
