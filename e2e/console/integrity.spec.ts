import type { Page } from "@playwright/test";
import { expectAccessible } from "../axe.ts";
import { onDatabase } from "../database.ts";
import { expect, test } from "../fixtures.ts";

const holds = /^규칙 \d+개가 모두 지켜지고 있어요$/;

const verdict = (page: Page) => page.getByRole("region", { name: "정합성" }).getByRole("status");

test("says first that all holds, over how many payments, and each rule opens to what it promises", async ({
  page,
  signIn,
}) => {
  test.setTimeout(150_000);
  await signIn("VIEWER");
  await page.goto("/");
  await page.getByRole("link", { name: /정합성/ }).click();
  await expect(verdict(page)).toHaveText(holds, { timeout: 90_000 });
  await expect(page.getByText(/전체 검사 .+ · 결제 [\d,]+건/)).toBeVisible({ timeout: 60_000 });
  const rules = page.getByRole("table", { name: /^지켜야 할 규칙 \d+개$/ });
  await expect(rules.getByText("지켜짐")).toHaveCount(10);
  // Who only looks cannot ask for a check.
  await expect(page.getByRole("button", { name: "지금 검사" })).toHaveCount(0);

  await rules.getByRole("button", { name: "I5 취소 합계 자세히 보기" }).focus();
  await page.keyboard.press("Enter");
  const drawer = page.getByRole("dialog", { name: /I5 취소 합계/ });
  await expect(drawer.getByText("돌려준 금액은 성공한 취소의 합과 같고")).toBeVisible();
  await expect(drawer.getByText(/위반이 없어요/)).toBeVisible();
  await expect(page).toHaveURL(/rule=I5/);
  await page.keyboard.press("Escape");
  await expect(drawer).toHaveCount(0);
  await expect(page).not.toHaveURL(/rule=/);
});

test("the late approval of the demo leads to its payment and its exchanges", async ({ page, signIn }) => {
  await signIn("VIEWER");
  await page.goto("/integrity");
  const orphans = page.getByRole("table", { name: /늦은 승인/ });
  await expect(orphans.getByText("취소함").first()).toBeVisible();
  await orphans
    .getByRole("link", { name: /전문 보기/ })
    .first()
    .click();
  await expect(page).toHaveURL(/\/payments\/pay_.+tab=exchanges/);
  await expect(page.getByRole("tab", { name: /전문/, selected: true })).toBeVisible();
});

test("a row changed past the platform is found, taken in hand, and gone when it is mended", async ({
  mall,
  page,
  signIn,
}) => {
  test.setTimeout(240_000);
  const { data, orderId } = await mall.approve();
  const id = String(data.paymentKey);
  const nudge = (by: number) =>
    onDatabase((client) => client.query("UPDATE payment SET version = version + $2 WHERE id = $1", [id, by]));
  await signIn("OPERATOR");
  await page.goto("/integrity");
  await expect(verdict(page)).toHaveText(holds, { timeout: 90_000 });
  await nudge(1);
  try {
    await page.getByRole("button", { name: "지금 검사" }).click();
    await expect(verdict(page)).toHaveText("규칙 1개가 깨졌어요. 위반 1건", { timeout: 90_000 });
    await page.getByRole("button", { name: "I10 상태 이력 자세히 보기" }).click();
    const drawer = page.getByRole("dialog", { name: /I10 상태 이력/ });
    // What was broken before and has gone is listed as well.
    const finding = drawer.getByRole("listitem").filter({ hasText: orderId });
    await expect(finding.getByText("version=3 status=DONE", { exact: true })).toBeVisible();
    await expect(finding.getByRole("link", { name: `${orderId} 결제 보기` })).toHaveAttribute(
      "href",
      `/payments/${id}`,
    );
    await page.keyboard.press("Escape");

    await page.getByRole("button", { name: new RegExp(`${orderId} 확인$`) }).click();
    const sheet = page.getByRole("dialog", { name: "사건 확인" });
    await sheet.getByRole("button", { name: "확인 남기기" }).click();
    await expect(sheet.getByText("메모를 적어 주세요.")).toBeVisible();
    await sheet.getByLabel("메모").fill("이력을 손으로 바꾼 사람을 찾고 있어요");
    await sheet.getByRole("button", { name: "확인 남기기" }).click();
    await expect(sheet).toHaveCount(0);
    const incident = page.getByRole("listitem").filter({ hasText: orderId });
    await expect(incident.getByText("확인함", { exact: true })).toBeVisible();
    await expect(incident.getByText("이력을 손으로 바꾼 사람을 찾고 있어요")).toBeVisible();

    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 900 });
      for (const theme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme: theme });
        await expectAccessible(page, `a broken rule at ${width}, ${theme}`);
      }
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    }
    await page.setViewportSize({ width: 1440, height: 900 });
  } finally {
    await nudge(-1);
  }
  await page.getByRole("button", { name: "지금 검사" }).click();
  await expect(verdict(page)).toHaveText(holds, { timeout: 90_000 });
  const incident = page.getByRole("listitem").filter({ hasText: orderId });
  await expect(incident.getByText("위반이 사라졌어요")).toBeVisible();
});

test("checks that cannot be read say so, and that payments are not affected", async ({ page, signIn }) => {
  await signIn("VIEWER");
  await page.route(/api\/trpc\/.*integrity\.overview/, (route) => route.abort());
  await page.goto("/integrity");
  await expect(page.getByText("정합성 검사 결과를 불러오지 못했어요. 결제에는 영향이 없어요.")).toBeVisible({
    timeout: 20_000,
  });
  await page.unroute(/api\/trpc\/.*integrity\.overview/);
  await page.getByRole("button", { name: "다시 시도" }).first().click();
  await expect(page.getByRole("region", { name: "정합성" })).toBeVisible();
});
