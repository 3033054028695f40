import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures.ts";

// How circuits open, fail over and close is in server/van/van-guard.itest.ts, with VANs that are really switched off.

const cardOf = (page: Page, code: string) => page.getByRole("region", { name: code, exact: true });

test("a stop takes a reason, keeps new approvals away at once, and one click resumes them", async ({
  page,
  signIn,
  mall,
  browser,
  baseURL,
}) => {
  const reason = `VAN 점검 ${Date.now()}`;
  await signIn("OPERATOR");
  await page.goto("/vans");
  const card = cardOf(page, "SBX1");
  await expect(card.getByText("닫힘").first()).toBeVisible();
  try {
    await card.getByRole("button", { name: "새 승인 멈추기" }).click();
    const sheet = page.getByRole("dialog", { name: "SBX1 새 승인 멈추기" });
    await expect(sheet.getByText("이미 보낸 승인, 취소, 망취소, 조회")).toBeVisible();
    const submit = sheet.getByRole("button", { name: "SBX1 새 승인 멈추기" });
    await submit.click();
    await expect(sheet.getByText("사유를 적어 주세요.")).toBeVisible();
    await expect(sheet.getByLabel("사유")).toBeFocused();
    await sheet.getByLabel("사유").fill(reason);
    await submit.click();
    await expect(sheet).toHaveCount(0);
    await expect(card.getByText(reason)).toBeVisible();

    // The mall sends four of five to SBX1: ten that go elsewhere are no accident.
    const answers = await Promise.all(Array.from({ length: 10 }, () => mall.approve()));
    expect(answers.map(({ status, data }) => [status, (data.van as { code: string }).code])).toEqual(
      answers.map(() => [200, "SBX2"]),
    );
  } finally {
    if (await card.getByRole("button", { name: "새 승인 다시 받기" }).isVisible()) {
      await card.getByRole("button", { name: "새 승인 다시 받기" }).click();
      const sheet = page.getByRole("dialog", { name: "SBX1 새 승인 다시 받기" });
      await sheet.getByLabel("사유").fill(`${reason} 끝`);
      await sheet.getByRole("button", { name: "SBX1 새 승인 다시 받기" }).click();
      await expect(sheet).toHaveCount(0);
    }
  }
  await expect(card.getByText(reason)).toHaveCount(0);
  await expect(card.getByRole("button", { name: "새 승인 멈추기" })).toBeVisible();

  const auditor = await browser.newPage({
    ...(baseURL && { baseURL }),
    locale: "ko-KR",
    timezoneId: "Asia/Seoul",
  });
  await signIn("AUDITOR", auditor);
  await auditor.goto("/audit?action=van.approvals_stopped,van.approvals_resumed");
  await expect(auditor.getByText(reason)).toHaveCount(2);
  await auditor.close();
});

test("a viewer sees every VAN with its circuit and its malls, and no switch", async ({ page, signIn }) => {
  await signIn("VIEWER");
  await page.goto("/payments");
  await page.getByRole("link", { name: "VAN", exact: true }).click();
  await expect(page.getByRole("heading", { name: "VAN", exact: true })).toBeVisible();
  for (const code of ["SBX1", "SBX2"]) {
    const card = cardOf(page, code);
    await expect(card.getByRole("table", { name: `${code} 프로세스` }).getByRole("row")).toHaveCount(3);
    await expect(card.getByText(/^한빛서점/)).toBeVisible();
    await expect(card.getByRole("link", { name: new RegExp(`^${code} 승인 \\d`) })).toHaveAttribute(
      "href",
      new RegExp(`/payments\\?.*${code}`),
    );
  }
  await expect(page.getByRole("button", { name: /새 승인/ })).toHaveCount(0);
});

test("at 390 pixels nothing scrolls sideways, and the state stays live", async ({ page, signIn }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn("OPERATOR");
  await page.goto("/vans");
  await expect(cardOf(page, "SBX2")).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  const clock = page.getByText(/^실시간 · /);
  const before = await clock.textContent();
  await expect(clock).not.toHaveText(before ?? "");
});
