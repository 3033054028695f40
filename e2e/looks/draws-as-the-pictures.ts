import { type Browser, expect } from "@playwright/test";

/** What this browser was found to do, once for all tests of a run. */
let found: Promise<string | null> | undefined;

/**
 * Whether this browser draws letters as the one that took the pictures. Another Chromium, or other fonts for code, place
 * and smooth them otherwise on every page, and then nothing can be said of a page. Returns `null` when it does, else what is to
 * be said; on CI, where the browser is known, it throws instead, for there a comparison that is left out is a failure.
 */
export function drawsAsThePictures(browser: Browser, baseURL: string | undefined): Promise<string | null> {
  found ??= compareSpecimen(browser, baseURL).then((difference) => {
    if (difference !== null && process.env.CI) throw new Error(difference);
    return difference;
  });
  return found;
}

async function compareSpecimen(browser: Browser, baseURL: string | undefined): Promise<string | null> {
  const page = await browser.newPage({
    viewport: { width: 600, height: 260 },
    colorScheme: "light",
    ...(baseURL && { baseURL }),
  });
  try {
    // Its own scripts would draw the page anew over the specimen.
    await page.route("**/*.js", (route) => route.abort());
    await page.goto("/sign-in");
    await page.evaluate(drawSpecimen);
    await page.evaluate(() => document.fonts.ready);
    await expect(page).toHaveScreenshot("specimen.png");
    return null;
  } catch (error) {
    if (!(error instanceof Error) || !/screenshot/i.test(error.message)) throw error;
    return `Pictures of the console were not compared: Chromium ${browser.version()} draws letters here other than where they were taken.`;
  } finally {
    await page.close();
  }
}

/** Every weight and size of the console's letters, and the letters for code, in place of the page. */
function drawSpecimen(): void {
  const line = "결제 승인완료 취소처리중 48,000원 −1,234 Paydeck 0123456789 ABC";
  const specimen = document.createElement("main");
  specimen.style.cssText = "position:fixed;inset:0;padding:16px;background:#fff;color:#12161d";
  for (const [font, size, weight] of [
    ["--font-sans", 12, 400],
    ["--font-sans", 13, 500],
    ["--font-sans", 13, 600],
    ["--font-sans", 20, 700],
    ["--font-mono", 12, 400],
    ["--font-mono", 13, 600],
  ]) {
    const row = document.createElement("p");
    row.textContent = line;
    row.style.cssText = `font-family:var(${font});font-size:${size}px;font-weight:${weight};line-height:2;margin:0;white-space:nowrap`;
    specimen.append(row);
  }
  document.body.replaceChildren(specimen);
}
