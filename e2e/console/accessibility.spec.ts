import { expectAccessible } from "../axe.ts";
import { expect, type MallApi, test } from "../fixtures.ts";

// Every page by axe, at both widths and in both themes, and once in English (WCAG 2.2 AA).

const pages: Readonly<Record<string, (mall: MallApi) => Promise<string>>> = {
  home: async () => "/",
  payments: async () => "/payments",
  payment: async (mall) => `/payments/${(await mall.approve()).data.paymentKey}`,
  unknown: async () => "/unknown",
  "bulk cancels": async () => "/bulk",
  "a new bulk cancel": async (mall) => `/bulk/new?ids=${(await mall.approve()).data.paymentKey}`,
  "dead letters": async () => "/dead-letters",
  "x-view": async () => "/x-view?window=60&lines=1",
  latency: async () => "/latency",
  vans: async () => "/vans",
  webhooks: async () => "/webhooks",
  "webhook endpoints": async () => "/webhooks/endpoints",
  integrity: async () => "/integrity",
  settlements: async () => "/settlements",
  audit: async () => "/audit",
  approvals: async () => "/change-requests",
  "approval limits": async () => "/change-requests/policy",
  people: async () => "/people",
  "own sessions": async () => "/sessions",
  malls: async () => "/malls",
  mall: async ({ mallId }) => `/malls/${mallId}?tab=keys`,
};

/** Light and dark differ in colours, the widths in what is shown, the languages in words. */
const looks = [
  { width: 1440, height: 900, theme: "light", language: "ko" },
  { width: 390, height: 844, theme: "dark", language: "ko" },
  { width: 390, height: 844, theme: "light", language: "en" },
  { width: 1440, height: 900, theme: "dark", language: "en" },
] as const;

for (const [name, pathOf] of Object.entries(pages)) {
  test(`${name}: no finding at any width, in any theme and language`, async ({
    mall,
    page,
    signIn,
    baseURL,
  }) => {
    test.setTimeout(120_000);
    await signIn("ADMIN");
    const path = await pathOf(mall);
    for (const { width, height, theme, language } of looks) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme: theme });
      await page.context().addCookies([{ name: "paydeck_language", value: language, url: baseURL ?? "" }]);
      await page.goto(path);
      await expect(page.locator("main")).not.toHaveText("");
      await page.waitForLoadState("networkidle");
      await expectAccessible(page, `${path} at ${width}, ${theme}, ${language}`);
    }
  });
}

test("sign-in: no finding at any width, in any theme", async ({ page }) => {
  for (const { width, height, theme } of looks) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: theme });
    await page.goto("/sign-in");
    await expectAccessible(page, `/sign-in at ${width}, ${theme}`);
  }
});
