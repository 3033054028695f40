import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expectAccessible } from "../axe.ts";
import { expect, type MallApi, test } from "../fixtures.ts";

// What the paper says is in server/settlement/statement.itest.ts; here is how a person gets it and sends it on.

const sheet = (page: Page) => page.getByRole("dialog");

/** Opens a settlement that two people confirmed; asks for one and approves it if the platform has none yet. */
async function openConfirmed(
  page: Page,
  mall: MallApi,
  signIn: (role: "SETTLEMENT" | "ADMIN", page?: Page) => Promise<void>,
): Promise<void> {
  const openers = page
    .getByRole("table", { name: "정산, 최근 날짜부터" })
    .getByRole("link", { name: /정산 보기$/ });
  await signIn("SETTLEMENT");
  await expect(async () => {
    await page.goto(`/settlements?state=DRAFT,CONFIRMED,PAID_OUT&mall=${mall.mallId}`);
    await expect(openers.first()).toBeVisible({ timeout: 3_000 });
  }).toPass({ timeout: 240_000, intervals: [1_000, 5_000] });
  await openers.last().click();
  await expect(page.getByRole("heading", { level: 2, name: "금액" })).toBeVisible();
  const confirm = page.getByRole("button", { name: "확정 요청" });
  if ((await confirm.count()) === 0) return;
  await confirm.click();
  await sheet(page).getByLabel("사유").fill("정산 확인");
  await sheet(page)
    .getByRole("button", { name: /확정 요청$/ })
    .click();
  const request = await sheet(page).getByRole("link", { name: "요청 보기" }).getAttribute("href");
  const address = new URL(page.url()).pathname;
  await signIn("ADMIN");
  await page.goto(request ?? "");
  await page.getByRole("button", { name: "승인", exact: true }).click();
  await sheet(page)
    .getByRole("button", { name: /승인하기$/ })
    .click();
  await expect(page.getByText("정산을 확정했어요")).toBeVisible({ timeout: 20_000 });
  await signIn("SETTLEMENT");
  await page.goto(address);
  await expect(page.getByRole("heading", { level: 2, name: "금액" })).toBeVisible();
}

test("settlement staff get the statement of a confirmed settlement and a mail to send it by; a viewer does not", async ({
  page,
  mall,
  signIn,
}) => {
  test.setTimeout(300_000);
  await openConfirmed(page, mall, signIn);
  const address = new URL(page.url()).pathname;
  await page.getByRole("button", { name: "정산내역서 (PDF)" }).click();
  const fileName = sheet(page).getByLabel("파일 이름");
  await expect(fileName).toHaveValue(
    new RegExp(`^정산내역서_${mall.name}_\\d{4}-\\d\\d-\\d\\d_(카드|상품권)\\.pdf$`),
  );
  const payout = (await page.locator("h1").first().textContent())?.trim() ?? "";
  await expect(sheet(page).getByRole("textbox", { name: "메일 제목" })).toHaveValue(
    /^\[Paydeck\] .* 정산내역서$/,
  );
  await expect(sheet(page).getByRole("textbox", { name: "메일 본문" })).toHaveValue(
    new RegExp(`- 지급액: ${payout}`),
  );
  await expectAccessible(page, "the sheet of a statement");

  const [download] = await Promise.all([
    page.waitForEvent("download"),
    sheet(page).getByRole("button", { name: "PDF 받기" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe(await fileName.inputValue());
  const bytes = await readFile(await download.path());
  expect(bytes.subarray(0, 8).toString("latin1")).toBe("%PDF-1.7");
  expect(bytes.toString("latin1").trimEnd().endsWith("%%EOF")).toBe(true);
  expect(bytes.toString("latin1")).toContain("/FontFile3");
  await expect(sheet(page).getByText(/^파일을 받았어요\. [\d.]+ [kM]B$/)).toBeVisible();

  await sheet(page).getByRole("radio", { name: "English" }).check();
  await expect(fileName).toHaveValue(/^Settlement_statement_/);
  await expect(sheet(page).getByRole("textbox", { name: "메일 본문" })).toHaveValue(/- Payout: ₩/);

  // Unlike a screen, a file is not for whoever may look.
  await signIn("VIEWER");
  await page.goto(address);
  await expect(page.getByRole("heading", { level: 2, name: "금액" })).toBeVisible();
  await expect(page.getByRole("button", { name: "정산내역서 (PDF)" })).toHaveCount(0);
  const refused = await page.request.get(`/api/console${address}/statement`);
  expect(refused.status()).toBe(403);
  expect(await refused.json()).toMatchObject({ error: { code: "FORBIDDEN_SCOPE" } });
});
