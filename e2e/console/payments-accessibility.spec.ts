import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures.ts";

const screens = [
  { width: 1440, height: 900, colorScheme: "light" },
  { width: 390, height: 844, colorScheme: "dark" },
  { width: 1440, height: 900, colorScheme: "dark" },
  { width: 390, height: 844, colorScheme: "light" },
] as const;

async function expectNoViolations(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(
    violations.map(({ id, nodes }) => ({ id, where: nodes.map((node) => node.target.join(" ")) })),
  ).toEqual([]);
}

for (const { width, height, colorScheme } of screens) {
  test(`payments are accessible at ${width} px, ${colorScheme}`, async ({ page, mall, signIn }) => {
    const { data } = await mall.approve({ amount: 98_000 });
    await mall.cancel(String(data.paymentKey), { reason: "e2e", amount: 1_000 });
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height });
    await signIn("ADMIN");

    await page.goto("/payments?date=30d&status=DONE,UNKNOWN,PARTIAL_CANCELED,ABORTED,NET_CANCELED,CANCELED");
    await expect(page.locator("[data-payment]").first()).toBeVisible();
    await expectNoViolations(page);
    await page.goto("/payments?q=nothing-is-called-this");
    await expect(page.getByText("조건에 맞는 결제가 없어요")).toBeVisible();
    await expectNoViolations(page);

    for (const tab of ["timeline", "cancels", "ledger", "webhooks", "exchanges", "idempotency", "audit"]) {
      await page.goto(`/payments/${String(data.paymentKey)}?tab=${tab}`);
      await expect(page.getByRole("tabpanel")).toBeVisible();
      await page.waitForLoadState("networkidle");
      await expectNoViolations(page);
    }
    await page.getByRole("button", { name: "결제 취소" }).click();
    await expect(page.getByRole("button", { name: "97,000원 취소하기" })).toBeEnabled();
    await expectNoViolations(page);
  });
}
