import { expect, test } from "../fixtures.ts";

// The whole way, from a net cancel that exhausts its tries to the VAN's ledger, is in main-job.spec.ts.

test("a viewer reads why a job gave up, and cannot send it", async ({ page, signIn }) => {
  await signIn("VIEWER");
  await page.goto("/dead-letters");
  await expect(page.getByRole("heading", { name: "데드레터" })).toBeVisible();
  const table = page.getByRole("table", { name: /데드레터 \d+건/ });
  await expect(table.getByRole("checkbox")).toHaveCount(0);
  await expect(page.getByRole("button", { name: /재처리 미리보기/ })).toHaveCount(0);

  await page.goto("/dead-letters?job=net-cancel&status=PARKED,REDRIVEN,RESOLVED");
  await table
    .getByRole("button", { name: /자세히 보기/ })
    .first()
    .click();
  const drawer = page.getByRole("dialog");
  await expect(drawer.getByRole("heading", { name: "오류" })).toBeVisible();
  await expect(drawer.getByText("마지막 VAN 전문")).toBeVisible();
  await expect(drawer.getByRole("link", { name: "결제 보기" })).toHaveAttribute("href", /^\/payments\/pay_/);
  await expect(drawer.getByRole("button", { name: /재처리 미리보기/ })).toHaveCount(0);
});

test("nothing is sent before its preview was seen and a reason was given", async ({ page, signIn }) => {
  await signIn("OPERATOR");
  await page.goto("/dead-letters");
  const header = page.getByText(/^\d+건 · .*금액 합계/);
  await expect(header).toBeVisible();
  const before = /^\d+건/.exec((await header.textContent()) ?? "")?.[0] ?? "";

  await page.getByRole("table").getByRole("checkbox").nth(1).check();
  await expect(page.getByText(/^1건 선택 · /)).toBeVisible();
  await page.getByRole("button", { name: "1건 재처리 미리보기" }).click();
  await expect(page.getByText("바뀐 것은 아직 없어요")).toBeVisible();
  const send = page.getByRole("button", { name: /^1건 (다시 보내기|닫기)$/ });
  await send.click();
  await expect(page.getByText("사유를 적어 주세요.")).toBeVisible();
  await expect(page.getByLabel("사유")).toBeFocused();

  await page.getByRole("button", { name: "미리보기 닫기" }).click();
  await expect(send).toHaveCount(0);
  await page.reload();
  await expect(header).toContainText(before);
});

test("all that match a filter are sent with one reason, and each row says what became of it", async ({
  page,
  signIn,
  browser,
  baseURL,
}) => {
  const reason = `가맹점 서버 복구 ${Date.now()}`;
  await signIn("OPERATOR");
  await page.goto("/dead-letters?job=deliver-webhook");
  const open = page.getByRole("button", { name: /^[1-9]\d*건 재처리 미리보기$/ });
  const count = Number.parseInt((await open.textContent()) ?? "", 10);
  expect(count).toBeGreaterThan(0);
  await open.click();
  await expect(page.getByText("바뀐 것은 아직 없어요")).toBeVisible();
  await page.getByLabel("사유").fill(reason);
  await page.getByRole("button", { name: /건 (다시 보내기|닫기)$/ }).click();
  await expect(page.getByRole("heading", { name: "재처리 진행" })).toBeVisible();
  await expect(page.locator("[data-stage]")).toHaveCount(count);
  await expect(page.locator("[data-stage=skipped]")).toHaveCount(0);
  await expect(page.locator("[data-stage=waiting]")).toHaveCount(0, { timeout: 30_000 });

  const auditor = await browser.newPage({
    ...(baseURL && { baseURL }),
    locale: "ko-KR",
    timezoneId: "Asia/Seoul",
  });
  await signIn("AUDITOR", auditor);
  await auditor.goto("/audit?action=dead_letter.redriven,dead_letter.closed");
  await expect(auditor.getByText(reason)).toHaveCount(count);
  await auditor.close();
});

test("the list works by keyboard, in Hangul mode too, and no key moves money", async ({ page, signIn }) => {
  await signIn("OPERATOR");
  await page.goto("/dead-letters?job=net-cancel,recover-cancel");
  await expect(page.getByRole("table").getByRole("checkbox").nth(1)).toBeVisible();
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await expect(page.getByText(/^1건 선택 · /)).toBeVisible();
  // With the Hangul layout the same key types ㅓ; its place on the keyboard counts.
  await page.dispatchEvent("body", "keydown", { key: "ㅓ", code: "KeyJ", bubbles: true });
  await page.dispatchEvent("body", "keydown", { key: "ㅌ", code: "KeyX", bubbles: true });
  await expect(page.getByText(/^2건 선택 · /)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByText(/건 선택 · /)).toHaveCount(0);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("filters live in the address, and Back takes the last one off again", async ({ page, signIn }) => {
  await signIn("VIEWER");
  await page.goto("/dead-letters?status=PARKED,REDRIVEN,RESOLVED");
  const facets = page.getByRole("form", { name: "데드레터 조건" });
  await facets.getByRole("checkbox", { name: /^SBX2/ }).check();
  await expect(page).toHaveURL(/van=SBX2/);
  await expect(page.getByRole("table").getByText(/^SBX1 /)).toHaveCount(0);
  await page.goBack();
  await expect(page).not.toHaveURL(/van=/);
  await expect(facets.getByRole("checkbox", { name: /^SBX2/ })).not.toBeChecked();
  await facets.getByRole("searchbox").fill("there is no such order");
  await expect(page.getByText("조건에 맞는 데드레터가 없어요")).toBeVisible();
});

test("Back takes a condition off also when it comes before the page has followed the click", async ({
  page,
  context,
  signIn,
}) => {
  await signIn("VIEWER");
  await page.goto("/dead-letters?status=PARKED,REDRIVEN,RESOLVED");
  const box = page.getByRole("form", { name: "데드레터 조건" }).getByRole("checkbox", { name: /^SBX2/ });
  await expect(box).toBeVisible();
  // On a slow machine the address of the click and that of Back reach the page as one.
  const browser = await context.newCDPSession(page);
  await browser.send("Emulation.setCPUThrottlingRate", { rate: 20 });
  await box.evaluate((element: HTMLInputElement) => {
    element.click();
    window.history.back();
  });
  await browser.send("Emulation.setCPUThrottlingRate", { rate: 1 });
  await expect(page).not.toHaveURL(/van=/);
  await expect(box).not.toBeChecked();
});

test("at 390 pixels the preview is a sheet of its own and nothing scrolls sideways", async ({
  page,
  signIn,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn("OPERATOR");
  await page.goto("/dead-letters?job=net-cancel,recover-cancel");
  await page
    .getByRole("list", { name: /데드레터 \d+건/ })
    .getByRole("checkbox")
    .first()
    .check();
  await page.getByRole("button", { name: "1건 재처리 미리보기" }).click();
  const sheet = page.getByRole("dialog", { name: "재처리 미리보기" });
  await expect(sheet.getByText("바뀐 것은 아직 없어요")).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
});
