import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures.ts";

// How circuits open, fail over and close is in server/van/van-guard.itest.ts, with VANs that are really switched off.

const cardOf = (page: Page, code: string) => page.getByRole("region", { name: code, exact: true });

test("a stop takes a reason, keeps new approvals away at once, and its lifting takes one too", async ({
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

test("who only reads sees every VAN with its circuit and its malls, and no switch", async ({
  page,
  signIn,
}) => {
  test.setTimeout(120_000);
  for (const role of ["VIEWER", "SETTLEMENT", "AUDITOR"] as const) {
    await signIn(role);
    await page.goto("/");
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
  }
});

test("an administrator changes the weights of a mall, seeing now and after, and the history says so", async ({
  page,
  signIn,
}) => {
  const reason = `비중 조정 ${Date.now()}`;
  await signIn("ADMIN");
  await page.goto("/vans");
  const open = async () => {
    await cardOf(page, "SBX1")
      .getByRole("button", { name: /^한빛서점 VAN 비중 바꾸기/ })
      .click();
    return page.getByRole("dialog", { name: "한빛서점 VAN 비중" });
  };
  const change = async (one: number, other: number) => {
    const sheet = await open();
    await sheet.getByLabel("SBX1 비중").fill(String(one));
    await sheet.getByLabel("SBX2 비중").fill(String(other));
    await sheet.getByLabel("사유").fill(reason);
    await sheet.getByRole("button", { name: "비중 바꾸기" }).click();
    await expect(sheet).toHaveCount(0);
  };
  try {
    const sheet = await open();
    await sheet.getByLabel("SBX1 비중").fill("0");
    await sheet.getByLabel("SBX2 비중").fill("0");
    await expect(sheet.getByText("비중이 모두 0이면 이 가맹점은 승인을 받지 못해요.")).toBeVisible();
    await sheet.getByLabel("SBX1 비중").fill("60");
    await sheet.getByLabel("SBX2 비중").fill("40");
    await expect(sheet.getByRole("row", { name: /SBX1/ }).getByText("60%")).toBeVisible();
    await sheet.getByRole("button", { name: "닫기", exact: true }).first().click();
    await change(60, 40);
    await expect(cardOf(page, "SBX1").getByRole("button", { name: /한빛서점 .*60%/ })).toBeVisible();
    const history = page.getByRole("table", { name: "VAN 기록" });
    await expect(history.getByText(new RegExp(`SBX1 60%, SBX2 40% · ${reason}`))).toBeVisible();
  } finally {
    await change(80, 20);
  }
});

test("an operator sets a fault at a sandbox and lifts it; a viewer only sees it", async ({
  page,
  signIn,
  browser,
  baseURL,
  demo,
}) => {
  const controlUrl = demo.vans.find(({ code }) => code === "SBX2")?.controlUrl ?? "";
  await signIn("OPERATOR");
  await page.goto("/vans");
  const card = cardOf(page, "SBX2");
  try {
    await card.getByLabel("종류").selectOption({ label: "한도 초과 거절" });
    // A share so small that no other spec meets it.
    await card.getByLabel("비율(%)").fill("1");
    await card.getByRole("button", { name: "SBX2 장애 켜기" }).click();
    await expect(card.getByText("한도 초과 거절 1%")).toBeVisible();
    expect(await (await fetch(`${controlUrl}/faults`)).json()).toMatchObject({
      mode: "DECLINE_CARD_LIMIT_EXCEEDED",
      probability: 0.01,
    });
    const viewer = await browser.newPage({
      ...(baseURL && { baseURL }),
      locale: "ko-KR",
      timezoneId: "Asia/Seoul",
    });
    await signIn("VIEWER", viewer);
    await viewer.goto("/vans");
    await expect(cardOf(viewer, "SBX2").getByText("한도 초과 거절 1%")).toBeVisible();
    await expect(viewer.getByRole("button", { name: /장애|비중 바꾸기/ })).toHaveCount(0);
    await viewer.close();
    await card.getByRole("button", { name: "SBX2 장애 끄기" }).click();
    await expect(card.getByRole("button", { name: "SBX2 장애 켜기" })).toBeVisible();
    await expect(
      page.getByRole("table", { name: "VAN 기록" }).getByText("샌드박스 장애 끔").first(),
    ).toBeVisible();
  } finally {
    await fetch(`${controlUrl}/faults`, { method: "DELETE" });
  }
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
