import { expect, test } from "../fixtures.ts";

// That no clock is bare text is asked of every page in accessibility.spec.ts.

const whole = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\+09:00 · \d{2}:\d{2}:\d{2} UTC$/;

test("a time in a table and a clock in a sentence tell their day and offset on hover", async ({
  page,
  mall,
  signIn,
}) => {
  const { data } = await mall.approve();
  await signIn("VIEWER");
  for (const path of ["/", "/vans", `/payments/${String(data.paymentKey)}`, "/payments?date=today"]) {
    await page.goto(path);
    const time = page.locator("main time").filter({ visible: true }).first();
    await expect(time).toBeVisible();
    const at = new Date((await time.getAttribute("datetime")) ?? "");
    await time.hover();
    const tip = page.getByRole("tooltip");
    await expect(tip).toHaveText(whole);
    // What is read again meanwhile has another second.
    const [, said = ""] = /^(\S+) /.exec((await tip.textContent()) ?? "") ?? [];
    expect(Math.abs(Date.parse(said) - at.getTime())).toBeLessThan(60_000);
    await page.mouse.move(0, 0);
    await expect(tip).toHaveCount(0);
  }
});
