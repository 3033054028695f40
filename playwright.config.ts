import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";

const systemChromium = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";

/**
 * Browser tests run against a platform that is already up: `npm test` starts one with its own data
 * and names it in `PAYDECK_E2E_BASE_URL`; its demo file is `PAYDECK_E2E_DEMO_JSON`. Against another one:
 *
 *   PAYDECK_E2E_BASE_URL=http://127.0.0.1:3000 PAYDECK_E2E_DEMO_JSON=.data/demo.json npx playwright test
 */
export default defineConfig({
  testDir: "./e2e",
  testMatch: "**/*.spec.ts",
  outputDir: "./test-results",
  // One platform serves all of them, so they take turns.
  workers: 1,
  // What a browser shows in ten seconds depends on what else the machine does, so a test here may be tried once
  // more; the summary of `npm test` counts those. Unit, integration and chaos runs have no second try.
  retries: 1,
  timeout: 60_000,
  expect: {
    timeout: 10_000,
    // A picture is of the same Chromium and fonts (e2e/looks/draws-as-the-pictures.ts), so hardly a pixel may differ: a
    // badge in another tone is a few hundred. The threshold is what packing the pictures to 256 colours takes.
    toHaveScreenshot: { threshold: 0.05, maxDiffPixels: 60 },
  },
  // One set of pictures: which browser they are of is found out by drawing, not by the name of the system.
  snapshotPathTemplate: "{testDir}/looks/pictures/{arg}{ext}",
  forbidOnly: Boolean(process.env.CI),
  use: {
    baseURL: process.env.PAYDECK_E2E_BASE_URL ?? "http://127.0.0.1:3000",
    locale: "ko-KR",
    timezoneId: "Asia/Seoul",
    viewport: { width: 1440, height: 900 },
    // What cannot be clicked in this time is not there: a test says so long before its own end.
    actionTimeout: 20_000,
    navigationTimeout: 45_000,
    // Keeping a trace of every test takes a third of its time; the second try has one.
    trace: "on-first-retry",
    screenshot: "only-on-failure",
    launchOptions: {
      // The distribution's browser when there is one; Playwright's own download otherwise.
      ...(existsSync(systemChromium) ? { executablePath: systemChromium } : {}),
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        // Letters and colours the same on every machine, whatever its screen and fonts are set to.
        "--font-render-hinting=none",
        "--disable-lcd-text",
        "--force-color-profile=srgb",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
