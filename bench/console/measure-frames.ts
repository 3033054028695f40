import type { Page } from "@playwright/test";

export type FrameFigures = Readonly<{
  framesPerSecond: number;
  /** Of a hundred frames, ninety-nine came sooner after the one before. */
  p99Ms: number;
}>;

/** Counts the frames that the page draws while `act` goes on, and how far apart they are. */
export async function measureFrames(page: Page, act: () => Promise<void>): Promise<FrameFigures> {
  await page.evaluate(() => {
    const times: number[] = [];
    const note = (at: number) => {
      times.push(at);
      if (window.frameTimes === times) requestAnimationFrame(note);
    };
    window.frameTimes = times;
    requestAnimationFrame(note);
  });
  await act();
  const times = await page.evaluate(() => {
    const found = window.frameTimes ?? [];
    window.frameTimes = undefined;
    return found;
  });
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at));
  const wholeMs = (times.at(-1) ?? 0) - (times[0] ?? 0);
  const sorted = gaps.toSorted((a, b) => a - b);
  return {
    framesPerSecond: (gaps.length / wholeMs) * 1_000,
    p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
  };
}

declare global {
  interface Window {
    frameTimes: number[] | undefined;
  }
}
