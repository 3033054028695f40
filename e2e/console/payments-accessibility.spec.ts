import { expectAccessible } from "../axe.ts";
import { expect, test } from "../fixtures.ts";

const screens = [
  { width: 1440, height: 900, colorScheme: "light", tabs: ["취소", "분개", "웹훅"] },
  { width: 390, height: 844, colorScheme: "dark", tabs: ["전문", "멱등키", "감사"] },
  { width: 1440, height: 900, colorScheme: "dark", tabs: ["전문", "웹훅"] },
  { width: 390, height: 844, colorScheme: "light", tabs: ["취소", "분개"] },
] as const;

for (const { width, height, colorScheme, tabs } of screens) {
  test(`payments are accessible at ${width} px, ${colorScheme}`, async ({ page, mall, signIn }) => {
    test.setTimeout(120_000);
    const { data } = await mall.approve({ amount: 98_000 });
    await mall.cancel(String(data.paymentKey), { reason: "e2e", amount: 1_000 });
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height });
    await signIn("ADMIN");

    // A short list: what is checked is the same in each row, and it is checked node by node.
    await page.goto("/payments?date=30d&status=UNKNOWN,CANCEL_PENDING");
    await expect(page.locator("[data-payment]").first()).toBeVisible();
    await expectAccessible(page, "the list");
    await page.goto(`/payments/${String(data.paymentKey)}`);
    await expect(page.getByText("부분취소 −1,000원")).toBeVisible();
    await expectAccessible(page, "a payment");
    for (const tab of tabs) {
      await page.getByRole("tab", { name: tab }).click();
      await expect(
        page.getByRole("tabpanel").locator("table, details").or(page.getByText("감사 기록이 없어요")).first(),
      ).toBeVisible();
      // What is folded is checked too.
      await page
        .getByRole("tabpanel")
        .locator("details")
        .evaluateAll((all) => {
          for (const one of all) (one as HTMLDetailsElement).open = true;
        });
      await expectAccessible(page, tab);
    }
    await page.getByRole("button", { name: "결제 취소" }).click();
    await expect(page.getByRole("button", { name: "97,000원 취소하기" })).toBeEnabled();
    await expectAccessible(page, "the cancel sheet");
  });
}
