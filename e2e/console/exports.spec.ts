import { createHash, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { readXlsx } from "hucre/xlsx";
import { expect, type MallApi, newOrderId, test } from "../fixtures.ts";

const reason = "브라우저 시험에서 만든 파일";
const sheet = (page: Page) => page.getByRole("dialog", { name: "파일로 내보내기" });
const button = (page: Page) => page.getByRole("button", { name: "내보내기", exact: true });
const row = (page: Page, text: string) => page.getByRole("row", { name: new RegExp(text) });

/** Some payments that one word finds. */
async function paid(mall: MallApi, amounts: readonly number[]) {
  const word = newOrderId();
  await Promise.all(
    amounts.map((amount, index) => mall.approve({ orderId: `${word}-${index}`, amount, orderName: "=1+1" })),
  );
  return word;
}

async function start(page: Page, why: string): Promise<void> {
  await button(page).click();
  await sheet(page).getByLabel("사유").fill(why);
  await sheet(page).getByRole("button", { name: "내보내기 시작" }).click();
  await expect(sheet(page).getByText("내보내기를 시작했어요")).toBeVisible();
  await sheet(page).getByRole("link", { name: "내보내기 보기" }).click();
  await page.waitForURL(/\/exports$/);
}

async function download(page: Page, why: string): Promise<Buffer> {
  await expect(row(page, why).getByText("완료")).toBeVisible({ timeout: 60_000 });
  const arriving = page.waitForEvent("download");
  await row(page, why)
    .getByRole("button", { name: /파일 받기$/ })
    .click();
  const file = await arriving;
  expect(file.suggestedFilename()).toMatch(/^(결제_내역|정산)_\d{8}-\d{6}\.(xlsx|csv)$/);
  return readFile(await file.path());
}

test.describe("an export", () => {
  test("of the payments on the screen: asked with a reason, watched, fetched, and the same in count and sum", async ({
    page,
    mall,
    signIn,
  }) => {
    const word = await paid(mall, [11_000, 22_000, 33_000]);
    await signIn("OPERATOR");
    await page.goto(`/payments?q=${word}`);
    await expect(page.getByText("66,000").first()).toBeVisible();

    // Nothing begins without a reason.
    await button(page).click();
    await expect(sheet(page).getByText("지금 조건에 맞는 3행을 내보내요.")).toBeVisible();
    await sheet(page).getByLabel("사유").fill("짧음");
    await sheet(page).getByRole("button", { name: "내보내기 시작" }).click();
    await expect(sheet(page).getByText("사유를 10자 이상 적어 주세요.")).toBeVisible();
    await expect(sheet(page).getByLabel("사유")).toBeFocused();
    // An operator has no personal data unmasked.
    await expect(sheet(page).getByLabel(/개인정보 가리기/)).toHaveCount(0);
    await page.keyboard.press("Escape");
    const why = `${reason} ${randomUUID().slice(0, 8)}`;
    await start(page, why);

    const bytes = await download(page, why);
    const [payments] = (await readXlsx(bytes)).sheets;
    const [head = [], ...rows] = payments?.rows ?? [];
    const approved = head.indexOf("승인 금액");
    expect(rows).toHaveLength(4);
    expect(rows.at(-1)?.[approved]).toBe(66_000);
    expect(rows[0]?.[head.indexOf("상품명")]).toBe("=1+1");

    await row(page, why)
      .getByRole("button", { name: /자세히 보기$/ })
      .click();
    const details = page.getByRole("dialog", { name: "결제 내역 내보내기" });
    await expect(details.getByText("화면에서 본 3건과 같아요")).toBeVisible();
    await expect(details.getByText(createHash("sha256").update(bytes).digest("hex"))).toBeVisible();
    await expect(details.getByText("66,000원").first()).toBeVisible();
    await expect(details.getByText(why)).toBeVisible();
  });

  test("by keyboard, of the columns that are wanted", async ({ page, mall, signIn }) => {
    const word = await paid(mall, [7_000]);
    await signIn("ADMIN");
    await page.goto(`/payments?q=${word}`);
    await button(page).focus();
    await page.keyboard.press("Enter");
    await expect(sheet(page).getByText("지금 조건에 맞는 1행을 내보내요.")).toBeVisible();
    await sheet(page)
      .getByText(/^열 26 \/ 26$/)
      .focus();
    await page.keyboard.press("Enter");
    await sheet(page).getByRole("checkbox", { name: "결제키", exact: true }).focus();
    await page.keyboard.press("Space");
    await sheet(page).getByRole("radio", { name: "CSV (UTF-8)" }).focus();
    await page.keyboard.press("Space");
    const why = `${reason} ${randomUUID().slice(0, 8)}`;
    await sheet(page).getByLabel("사유").fill(why);
    await sheet(page).getByRole("button", { name: "내보내기 시작" }).focus();
    await page.keyboard.press("Enter");
    await sheet(page).getByRole("link", { name: "내보내기 보기" }).click();
    const text = (await download(page, why)).toString("utf8");
    expect(text.startsWith("\uFEFF요청 시각(KST),")).toBe(true);
    expect(text).toContain("'=1+1");
    // An administrator sees whose each is.
    await page.getByRole("link", { name: "전체" }).click();
    await expect(page.getByRole("columnheader", { name: "요청한 사람" })).toBeVisible();
    await expect(row(page, why)).toBeVisible();
  });

  test("of a list that one may only read has no button, and the server refuses it", async ({
    page,
    signIn,
  }) => {
    await signIn("VIEWER");
    for (const path of ["/payments", "/settlements"]) {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expect(button(page)).toHaveCount(0);
    }
    await expect(page.getByRole("link", { name: "내보내기" })).toHaveCount(0);
    const answer = await page.request.post("/api/trpc/export.request?batch=1", {
      headers: { "sec-fetch-site": "same-origin" },
      data: {
        "0": {
          json: {
            source: { kind: "PAYMENTS", filter: {} },
            format: "CSV",
            purpose: "OTHER",
            reason,
            language: "ko",
            requestKey: randomUUID(),
          },
        },
      },
    });
    expect(answer.status()).toBe(403);
    await page.goto("/exports");
    await expect(page.getByRole("heading", { name: "이 화면은 볼 권한이 없어요" })).toBeVisible();
  });

  test("of another person cannot be fetched, not even with the link", async ({
    page,
    mall,
    signIn,
    browser,
    baseURL,
  }) => {
    const word = await paid(mall, [5_000]);
    await signIn("OPERATOR");
    await page.goto(`/payments?q=${word}`);
    const why = `${reason} ${randomUUID().slice(0, 8)}`;
    await start(page, why);
    await expect(row(page, why).getByText("완료")).toBeVisible({ timeout: 60_000 });
    const linking = page.waitForResponse((response) => response.url().includes("export.link"));
    await row(page, why)
      .getByRole("button", { name: /파일 받기$/ })
      .click();
    const [{ result }] = (await (await linking).json()) as [{ result: { data: { json: { href: string } } } }];
    const { href } = result.data.json;
    expect((await page.request.get(href)).status()).toBe(200);

    const other = await browser.newContext({ ...(baseURL && { baseURL }) });
    expect((await other.request.get(href)).status()).toBe(401);
    const page2 = await other.newPage();
    await signIn("ADMIN", page2);
    expect((await page2.request.get(href)).status()).toBe(403);
    await other.close();
  });

  test("fits a phone", async ({ page, signIn }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await signIn("SETTLEMENT");
    await page.goto("/settlements");
    await button(page).click();
    await sheet(page).getByLabel("내용").selectOption({ label: "일별 정산" });
    const why = `${reason} ${randomUUID().slice(0, 8)}`;
    await sheet(page).getByLabel("사유").fill(why);
    await sheet(page).getByRole("button", { name: "내보내기 시작" }).click();
    await sheet(page).getByRole("link", { name: "내보내기 보기" }).click();
    await expect(page.getByRole("listitem").filter({ hasText: why }).getByText("완료")).toBeVisible({
      timeout: 60_000,
    });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  });
});
