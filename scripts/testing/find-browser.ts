import { existsSync } from "node:fs";
import { chromium } from "@playwright/test";
import { findOnPath, runCommand } from "#scripts/services/run-command.ts";
import { SetupError } from "#scripts/services/setup-error.ts";

/**
 * The Chromium for the browser tests: `CHROMIUM_PATH`, the distribution's, or Playwright's own. As root
 * on Debian or Ubuntu a missing one is installed. Refuses with one line that says what to do.
 */
export async function findBrowser(onProgress: (text: string) => void): Promise<string> {
  const given = process.env.CHROMIUM_PATH;
  if (given) {
    if (existsSync(given)) return given;
    throw new SetupError(`CHROMIUM_PATH names ${given}, which does not exist.`);
  }
  const present = presentBrowser();
  if (present !== undefined) return present;
  if (process.getuid?.() === 0 && findOnPath("apt-get") !== undefined) {
    onProgress("no Chromium on this machine, installing the distribution's");
    // Korean text needs no system font: the console brings its own.
    const options = { env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
    await runCommand("apt-get", ["update"], options);
    await runCommand("apt-get", ["install", "-y", "--no-install-recommends", "chromium"], options);
    const installed = presentBrowser();
    if (installed !== undefined) return installed;
  }
  throw new SetupError(
    'The browser tests need Chromium: run "sudo apt-get install -y chromium" or "npx playwright install chromium", or set CHROMIUM_PATH.',
  );
}

function presentBrowser(): string | undefined {
  const onPath = ["chromium", "chromium-browser", "google-chrome"].map(findOnPath).find(Boolean);
  if (onPath !== undefined) return onPath;
  return existsSync(chromium.executablePath()) ? chromium.executablePath() : undefined;
}
