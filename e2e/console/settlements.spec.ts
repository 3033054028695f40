import type { Page } from "@playwright/test";
import { expectAccessible } from "../axe.ts";
import { expect, type MallApi, test } from "../fixtures.ts";

// What settlements come to is in server/settlement/*.itest.ts; here is what people see of them.

const table = (page: Page) => page.getByRole("table", { name: "정산, 최근 날짜부터" });
const openers = (page: Page) => table(page).getByRole("link", { name: /정산 보기$/ });

/** The started platform settles the days of its history one after another; waits until some are there. */
async function openList(page: Page, query = ""): Promise<void> {
  await expect(async () => {
    await page.goto(`/settlements${query}`);
    await expect(openers(page).first()).toBeVisible({ timeout: 3_000 });
  }).toPass({ timeout: 240_000, intervals: [1_000, 5_000] });
}

/** Opens a settlement that has lines. */
async function openOne(page: Page, mall: MallApi): Promise<void> {
  await openList(page, `?state=DRAFT,CONFIRMED,PAID_OUT&mall=${mall.mallId}`);
  await openers(page).first().click();
  await expect(page).toHaveURL(/\/settlements\/stl_/);
  await expect(page.getByRole("heading", { level: 2, name: "금액" })).toBeVisible();
}

const won = (text: string) => BigInt(text.replace("−", "-").replace(/[^\d-]/g, ""));

test.beforeEach(() => test.setTimeout(300_000));

test("a viewer finds settlements by state, payout date and mall, and the address keeps it", async ({
  page,
  mall,
  signIn,
}) => {
  await signIn("VIEWER");
  await openList(page);
  await expect(
    page.getByRole("navigation", { name: "주 메뉴" }).getByRole("link", { name: "정산", exact: true }),
  ).toHaveAttribute("aria-current", "page");
  await page.waitForLoadState("networkidle");
  const conditions = page.getByRole("region", { name: "정산 조건" });

  await conditions.getByRole("button", { name: "상태", exact: true }).click();
  await page.getByRole("checkbox", { name: "초안" }).check();
  await page.getByRole("button", { name: "적용" }).click();
  await expect(page).toHaveURL(/\?state=DRAFT$/);
  await expect(table(page).getByRole("row").filter({ hasText: "지급 완료" })).toHaveCount(0);

  await conditions.getByRole("button", { name: "지급일", exact: true }).click();
  await page.getByRole("button", { name: "오늘까지", exact: true }).click();
  await expect(page).toHaveURL(/\?state=DRAFT&payout=\.\.\d{4}-\d\d-\d\d$/);
  await expect(conditions.getByRole("button", { name: /^지급일 오늘까지/ })).toBeVisible();

  await conditions.getByRole("button", { name: "가맹점", exact: true }).click();
  await page.getByRole("checkbox", { name: mall.name }).check();
  await page.getByRole("button", { name: "적용" }).click();
  await expect(page).toHaveURL(new RegExp(`state=DRAFT&mall=${mall.mallId}&payout=`));
  const address = page.url();
  await page.goto(address);
  await expect(conditions.getByRole("button", { name: new RegExp(`^가맹점 ${mall.name}`) })).toBeVisible();
  await page.getByRole("button", { name: "모두 지우기" }).first().click();
  await expect(page).toHaveURL(/\/settlements$/);
  await expect(openers(page).first()).toBeVisible();
});

test("a settlement's amounts add up to its payout, and it offers no action", async ({
  page,
  mall,
  signIn,
}) => {
  await signIn("VIEWER");
  await openOne(page, mall);
  const amounts = page.getByRole("region", { name: "금액" });
  const values = (await amounts.getByRole("definition").allTextContents()).map(won);
  const names = await amounts.getByRole("term").allTextContents();
  const net = names.indexOf("정산 금액");
  const sum = (part: readonly bigint[]) => part.reduce((all, one) => all + one, 0n);
  expect(sum(values.slice(0, net))).toBe(values[net]);
  expect(sum(values.slice(net, -1))).toBe(values.at(-1));
  await expect(page.getByRole("heading", { level: 1 })).toContainText(
    (values.at(-1) ?? 0n).toLocaleString("en-US"),
  );

  const why = page.getByRole("region", { name: "지급일과 이유" });
  await expect(why.getByText(/\d영업일 뒤인 \d{4}-\d\d-\d\d부터 지급할 수 있어요\./)).toBeVisible();
  await expect(why.getByText(/영업일 달력 \d+판/)).toBeVisible();
  await expect(page.getByRole("region", { name: "진행" }).getByText("초안 계산")).toBeVisible();
  await expect(page.getByRole("main").getByRole("button", { name: /확정|지급하기|보류/ })).toHaveCount(0);
});

test("a line explains its amount by its terms and leads to its payment", async ({ page, mall, signIn }) => {
  await signIn("VIEWER");
  await openOne(page, mall);
  await page.waitForLoadState("networkidle");
  const approval = page
    .getByRole("table", { name: "정산 내역, 번호순" })
    .getByRole("row", { name: /승인/ })
    .first();
  const explain = approval.getByRole("button", { name: /이 금액 설명$/ });
  await explain.click();
  const sheet = page.getByRole("dialog", { name: /번 내역의 금액$/ });
  await expect(sheet.getByText("지금 다시 계산해도 적힌 금액과 같아요.")).toBeVisible();
  await expect(sheet.getByText(/ × [\d.]+% = [\d,.]+ · /).first()).toBeVisible();
  await expect(sheet.getByText("수수료 끝수")).toBeVisible();
  await expectAccessible(page, "the sheet that explains a line");
  await page.keyboard.press("Escape");
  await expect(sheet).toBeHidden();
  await expect(explain).toBeFocused();
  await explain.click();
  await sheet.getByRole("link", { name: /결제 보기$/ }).click();
  await expect(page).toHaveURL(/\/payments\/pay_/);
});

test("a settlement's page has no finding, wide and narrow", async ({ page, mall, signIn }) => {
  await signIn("ADMIN");
  await openOne(page, mall);
  for (const [width, height, colorScheme] of [
    [1440, 900, "light"],
    [390, 844, "dark"],
  ] as const) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    await page.waitForLoadState("networkidle");
    await expectAccessible(page, `a settlement at ${width}, ${colorScheme}`);
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
    ).toBe(0);
  }
});

test("payouts due on the home page lead to just these settlements", async ({ page, signIn }) => {
  await signIn("SETTLEMENT");
  await openList(page);
  await expect(async () => {
    await page.goto("/");
    const figure = page.getByRole("region", { name: "지금" }).getByRole("link", { name: /^지급 예정/ });
    const text = (await figure.textContent()) ?? "";
    const count = /([\d,]+)건/.exec(text)?.[1] ?? "none";
    const amount = /오늘까지 ([\d,]+)원/.exec(text)?.[1] ?? "0";
    await figure.click();
    await expect(page).toHaveURL(/\/settlements\?state=DRAFT,CONFIRMED&payout=\.\./);
    const main = page.getByRole("main");
    await expect(main.getByText(`${count}건`, { exact: true }).first()).toBeVisible({ timeout: 3_000 });
    if (count !== "0") await expect(main.locator("tfoot")).toContainText(amount, { timeout: 3_000 });
  }).toPass({ timeout: 60_000 });
});

test("an address of no settlement says so", async ({ page, signIn }) => {
  await signIn("VIEWER");
  await page.goto("/settlements/stl_GONE");
  await expect(page.getByRole("heading", { level: 1, name: "정산을 찾을 수 없어요" })).toBeVisible();
  await page.getByRole("link", { name: "정산 목록으로" }).click();
  await expect(page).toHaveURL(/\/settlements$/);
});
