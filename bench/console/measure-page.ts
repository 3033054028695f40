import { gzipSync } from "node:zlib";
import type { BrowserContext } from "@playwright/test";

export type PageFigures = Readonly<{
  path: string;
  /** From asking for the address until nothing on the page waits for data: a new tab with an empty cache. */
  coldMs: number;
  /** The same in a tab of the console that is open, with a filled cache. */
  usableMs: readonly number[];
  /** How long the server took for the page and for each of its questions, asked again one by one, slowest first. */
  serverMs: readonly { name: string; ms: number }[];
  /** Scripts that the document of the first visit names, compressed: what the page needs to stand and to answer. */
  scriptBytes: number;
  /** What the page reads behind them, such as the library that draws charts. */
  laterScriptBytes: number;
}>;

/**
 * Opens a page once in a new tab and `times` times more in that tab, and reads off how long it took. What the page asked
 * of the server is then asked again without a browser at work, `times` times each: with two cores a drawing browser
 * would be measured otherwise.
 */
export async function measurePage(
  context: BrowserContext,
  path: string,
  times: number,
): Promise<PageFigures> {
  const page = await context.newPage();
  const reading: Promise<void>[] = [];
  const scripts = new Map<string, number>();
  let html = "";
  let isFirst = true;
  const asked = new Map<string, string>();
  page.on("requestfinished", (request) => {
    const { pathname } = new URL(request.url());
    const type = request.resourceType();
    if (isFirst && (type === "script" || type === "document"))
      reading.push(
        (async () => {
          const body = (await (await request.response())?.body()) ?? Buffer.alloc(0);
          if (type === "document") html = body.toString();
          else scripts.set(pathname, gzipSync(body).length);
        })(),
      );
    if (request.method() === "GET" && (type === "document" || pathname.startsWith("/api/trpc/")))
      asked.set(pathname.replace("/api/trpc/", ""), request.url());
  });
  const visit = async () => {
    await page.goto(path, { waitUntil: "commit" });
    const usable = await page.waitForFunction(whenUsable, null, { polling: 20 });
    const ms = Number(await usable.jsonValue());
    await page.waitForLoadState("networkidle");
    await Promise.all(reading);
    return ms;
  };
  const coldMs = await visit();
  isFirst = false;
  const usableMs: number[] = [];
  for (let n = 0; n < times; n++) usableMs.push(await visit());
  await page.close();
  const serverMs: { name: string; ms: number }[] = [];
  for (const [name, url] of asked)
    for (let n = 0; n < times; n++) {
      const startedAt = performance.now();
      const answer = await context.request.get(url, { maxRedirects: 0 });
      const ms = performance.now() - startedAt;
      if (!answer.ok()) throw new Error(`${name} answered ${answer.status()}`);
      serverMs.push({ name, ms });
    }
  const bytesOf = (isNamed: boolean) =>
    [...scripts].reduce((sum, [name, bytes]) => sum + (html.includes(name) === isNamed ? bytes : 0), 0);
  return {
    path,
    coldMs,
    usableMs,
    scriptBytes: bytesOf(true),
    laterScriptBytes: bytesOf(false),
    serverMs: serverMs.toSorted((a, b) => b.ms - a.ms),
  };
}

/**
 * How many milliseconds after the address was asked for a heading stands, no skeleton stands for data that is still to
 * come, and React answers for every control. The page's own clock tells, without the way to the program that asks.
 */
function whenUsable(): number | false {
  const controls = [...document.querySelectorAll("main button, main input, main select")];
  const usable =
    document.querySelector("main h1") !== null &&
    document.querySelector("main .animate-late") === null &&
    controls.every((one) => Object.keys(one).some((key) => key.startsWith("__reactProps$")));
  return usable && performance.now();
}

/** The value below which `share` of them lie. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
