import { gzipSync } from "node:zlib";
import type { BrowserContext } from "@playwright/test";

export type PageFigures = Readonly<{
  path: string;
  /** From asking for the address until nothing on the page waits for data, with an empty cache and with a filled one. */
  coldMs: number;
  usableMs: readonly number[];
  /** How long the server took for the page and for each of its answers, slowest first. */
  serverMs: readonly { name: string; ms: number }[];
  /** Scripts of the first load, compressed. */
  scriptBytes: number;
}>;

/** Opens a page `times` times after a first one and reads off how long it took; what the page asks the server counts too. */
export async function measurePage(
  context: BrowserContext,
  path: string,
  times: number,
): Promise<PageFigures> {
  const answers: { name: string; ms: number }[] = [];
  const visit = async (onScript?: (bytes: number) => void) => {
    const page = await context.newPage();
    const reading: Promise<void>[] = [];
    page.on("requestfinished", (request) => {
      const { pathname } = new URL(request.url());
      const type = request.resourceType();
      if (type === "script" && onScript)
        reading.push(
          (async () => onScript(gzipSync((await (await request.response())?.body()) ?? "").length))(),
        );
      if (type !== "document" && !pathname.startsWith("/api/trpc/")) return;
      const { requestStart, responseStart } = request.timing();
      answers.push({ name: pathname.replace("/api/trpc/", ""), ms: responseStart - requestStart });
    });
    const startedAt = performance.now();
    await page.goto(path);
    await page.waitForFunction(
      () =>
        document.querySelector("main h1") !== null &&
        // A skeleton stands for data that is still to come.
        document.querySelector("main .animate-late") === null,
    );
    const ms = performance.now() - startedAt;
    await page.waitForLoadState("networkidle");
    await Promise.all(reading);
    await page.close();
    return ms;
  };
  let scriptBytes = 0;
  const coldMs = await visit((bytes) => {
    scriptBytes += bytes;
  });
  // The first answers compile code and fill caches: what is measured is a console in use.
  answers.length = 0;
  const usableMs: number[] = [];
  for (let n = 0; n < times; n++) usableMs.push(await visit());
  return { path, coldMs, usableMs, scriptBytes, serverMs: answers.toSorted((a, b) => b.ms - a.ms) };
}

/** The value below which `share` of them lie. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
