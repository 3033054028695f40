import type { Page } from "@playwright/test";
import { expectAccessible } from "../axe.ts";
import { expect, type MallApi, newOrderId, test } from "../fixtures.ts";

/** An approval that the VAN made and nobody knows of; the platform's own net cancels get no answer for a while. */
async function loseApproval(mall: MallApi, amount: number, silentNetCancels: number) {
  const orderId = newOrderId();
  const lost = await mall.approve({
    orderId,
    amount,
    testCode: `TIMEOUT_APPROVED,NETCANCEL_TIMEOUT_X${silentNetCancels}`,
  });
  expect(lost).toMatchObject({ status: 504, data: { status: "UNKNOWN" } });
  return orderId;
}

/** The row of an order, and what is said below it. */
const rowOf = (page: Page, orderId: string) =>
  page.locator("tr[data-row]").filter({ has: page.getByRole("link", { name: `${orderId} 전문 보기` }) });
const answerOf = (page: Page, orderId: string) =>
  rowOf(page, orderId).locator("xpath=following-sibling::tr[1]");

test("an operator asks the VAN, does what follows, and the row says how it ended before it goes", async ({
  mall,
  page,
  signIn,
  demo,
  request,
}) => {
  test.setTimeout(180_000);
  await signIn("OPERATOR");
  await page.goto("/unknown");
  await expect(page.getByRole("heading", { name: "결과불명", level: 1 })).toBeVisible();
  const orderId = await loseApproval(mall, 64_500, 3);

  // The list is live: the row comes by itself, with its deadline and the tries so far.
  const row = rowOf(page, orderId);
  await expect(row).toBeVisible();
  await expect(row).toContainText("64,500");
  await expect(row).toContainText(/\d\d:\d\d/);
  await expect(row).toContainText(/자동 확인 \d\/6회/);

  await row.getByRole("button", { name: `${orderId} VAN에 물어보기` }).click();
  const answer = answerOf(page, orderId);
  await expect(answer).toContainText("승인돼 있어요 · 64,500원");
  expect(await mall.inquire(orderId)).toMatchObject({ data: { status: "UNKNOWN" } });

  await answer.getByRole("button", { name: "64,500원 망취소하기" }).click();
  await expect(answer.getByText("해결됐어요")).toBeVisible({ timeout: 90_000 });
  await expect(answer.getByText("망취소완료")).toBeVisible();
  await expect(row).toHaveCount(0, { timeout: 20_000 });

  expect(await mall.inquire(orderId)).toMatchObject({ data: { status: "NET_CANCELED", balanceAmount: 0 } });
  const ledgers = await Promise.all(
    demo.vans.map(async (van) => (await request.get(`${van.controlUrl}/ledger?orderId=${orderId}`)).json()),
  );
  const story = ledgers.flat() as { type: string; result: string }[];
  expect(
    story.filter((entry) => entry.type === "NET_CANCEL" && entry.result === "NET_CANCELED"),
  ).toHaveLength(1);
});

test("who has it in hand is seen by others, whose click is left alone; a note stays when it is given back", async ({
  mall,
  page,
  signIn,
  browser,
  baseURL,
}) => {
  test.setTimeout(180_000);
  await signIn("OPERATOR");
  const orderId = await loseApproval(mall, 31_000, 7);
  await page.goto("/unknown");
  await rowOf(page, orderId)
    .getByRole("button", { name: `${orderId} 내가 맡기` })
    .click();
  await expect(rowOf(page, orderId).getByText("나", { exact: true })).toBeVisible();

  const admin = await browser.newPage({
    ...(baseURL && { baseURL }),
    locale: "ko-KR",
    timezoneId: "Asia/Seoul",
  });
  await signIn("ADMIN", admin);
  await admin.goto("/unknown");
  await expect(rowOf(admin, orderId).getByRole("button", { name: /담당을 넘겨받기$/ })).toBeVisible();
  await rowOf(admin, orderId)
    .getByRole("button", { name: `${orderId} VAN에 물어보기` })
    .click();
  await answerOf(admin, orderId).getByRole("button", { name: "31,000원 망취소하기" }).click();
  await expect(answerOf(admin, orderId)).toContainText("다른 담당자가 맡고 있어요");

  await rowOf(page, orderId)
    .getByRole("button", { name: `${orderId} 담당 내려놓기` })
    .click();
  const sheet = page.getByRole("dialog", { name: "담당 내려놓기" });
  await sheet.getByRole("button", { name: "내려놓기" }).click();
  await expect(sheet.getByText("메모를 적어 주세요.")).toBeVisible();
  await expect(sheet.getByLabel("메모")).toBeFocused();
  await sheet.getByLabel("메모").fill("VAN 담당자 회신 대기");
  await sheet.getByRole("button", { name: "내려놓기" }).click();
  await expect(sheet).toHaveCount(0);
  await expect(rowOf(admin, orderId).getByText("VAN 담당자 회신 대기")).toBeVisible();

  await admin.goto("/audit?action=payment.unresolved_released");
  await expect(admin.getByText(/VAN 담당자 회신 대기/).first()).toBeVisible();
  await admin.close();
});

test("a viewer sees what is unknown and since when, and may do nothing about it", async ({
  mall,
  page,
  signIn,
}) => {
  test.setTimeout(120_000);
  const orderId = await loseApproval(mall, 12_300, 7);
  await signIn("VIEWER");
  await page.goto("/unknown");
  const row = rowOf(page, orderId);
  await expect(row).toContainText("결과불명");
  await expect(row).toContainText("12,300");
  // The count of the sidebar is the only filled one, and is that of the list.
  await expect(page.getByRole("link", { name: /^결과불명/ }).getByRole("img")).toBeVisible();
  await expect(page.getByRole("table").getByRole("checkbox")).toHaveCount(0);
  await expect(page.getByRole("button", { name: /물어보기|맡기|넘겨받기|내려놓기|망취소하기/ })).toHaveCount(
    0,
  );
  await row.getByRole("link", { name: `${orderId} 전문 보기` }).click();
  await expect(page).toHaveURL(/\/payments\/pay_.*tab=exchanges/);
  await expect(page.getByRole("tab", { name: /전문/ })).toHaveAttribute("aria-selected", "true");
});

test("several are asked about together, and by keyboard, in Hangul mode too", async ({
  mall,
  page,
  signIn,
}) => {
  test.setTimeout(180_000);
  const [first, second] = await Promise.all([loseApproval(mall, 21_000, 7), loseApproval(mall, 22_000, 7)]);
  await signIn("OPERATOR");
  await page.goto("/unknown?age=UNDER_1_MIN,UNDER_10_MIN");
  for (const orderId of [first, second])
    await page.getByRole("checkbox", { name: `${orderId} 선택` }).check();
  await expect(page.getByText("2건 선택 · 43,000원")).toBeVisible();
  await page.getByRole("button", { name: "2건 VAN에 물어보기" }).click();
  await expect(answerOf(page, first)).toContainText("승인돼 있어요 · 21,000원");
  await expect(answerOf(page, second)).toContainText("승인돼 있어요 · 22,000원");
  await expect(page.getByText("2건 답함")).toBeVisible();
  await expectAccessible(page, "/unknown with answers");
  await page.keyboard.press("Escape");
  await expect(page.getByText(/건 선택 · /)).toHaveCount(0);

  await page.reload();
  await expect(rowOf(page, first)).toBeVisible();
  await page.keyboard.press("j");
  // With the Hangul layout the same key types ㅑ; its place on the keyboard counts.
  await page.dispatchEvent("body", "keydown", { key: "ㅑ", code: "KeyI", bubbles: true });
  await expect(page.getByText(/ 조회$/).first()).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/payments\/pay_.*tab=exchanges/);
});

test("filters live in the address, and Back takes the last one off again", async ({ mall, page, signIn }) => {
  const orderId = await loseApproval(mall, 15_000, 7);
  await signIn("VIEWER");
  await page.goto("/unknown");
  const facets = page.getByRole("form", { name: "결과불명 조건" }).filter({ visible: true });
  await expect(rowOf(page, orderId)).toBeVisible();
  await facets.getByRole("checkbox", { name: /^1시간 넘음/ }).check();
  await expect(page).toHaveURL(/age=OVER_1_H/);
  await expect(rowOf(page, orderId)).toHaveCount(0);
  await page.goBack();
  await expect(page).not.toHaveURL(/age=/);
  await expect(rowOf(page, orderId)).toBeVisible();
});

test("at 390 pixels each row is a card, and nothing scrolls sideways", async ({ mall, page, signIn }) => {
  test.setTimeout(120_000);
  const orderId = await loseApproval(mall, 18_000, 7);
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn("OPERATOR");
  await page.goto("/unknown");
  const card = page.locator("li[data-row]").filter({ hasText: orderId });
  await card.getByRole("button", { name: `${orderId} VAN에 물어보기` }).click();
  await expect(card.getByRole("button", { name: "18,000원 망취소하기" })).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
});
