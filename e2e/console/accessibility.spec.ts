import { AxeBuilder } from "@axe-core/playwright";
import { expect, test } from "../fixtures.ts";

// Every page by axe, at both widths, in both themes and both languages (WCAG 2.2 AA).

const widths = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
];

for (const viewport of widths) {
  for (const theme of ["light", "dark"] as const) {
    test(`no page has a finding at ${viewport.width} pixels, ${theme}`, async ({
      mall,
      page,
      signIn,
      baseURL,
    }) => {
      test.setTimeout(180_000);
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme: theme });
      await page.goto("/sign-in");
      await check(page, "/sign-in");
      await signIn("ADMIN");
      const { data } = await mall.approve();
      for (const language of ["ko", "en"]) {
        await page.context().addCookies([{ name: "paydeck_language", value: language, url: baseURL ?? "" }]);
        for (const path of [
          "/payments",
          `/payments/${data.paymentKey}`,
          "/dead-letters",
          "/x-view?window=60&lines=1",
          "/latency",
          "/vans",
          "/integrity",
          "/audit",
        ]) {
          await page.goto(path);
          await page.waitForLoadState("networkidle");
          await check(page, `${path} ${language}`);
        }
      }
    });
  }
}

async function check(page: import("@playwright/test").Page, name: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"])
    .analyze();
  expect(
    violations.map(({ id, nodes }) => `${name}: ${id} at ${nodes.map((node) => node.target).join(", ")}`),
  ).toEqual([]);
}
