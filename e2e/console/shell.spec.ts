import type { Page } from "@playwright/test";
import { expectAccessible } from "../axe.ts";
import { expect, test } from "../fixtures.ts";
import { expectStill, watchLayoutShift } from "../layout-shift.ts";

const menu = (page: Page) => page.getByRole("navigation", { name: "주 메뉴" });
const widthOf = async (page: Page) => Math.round((await menu(page).boundingBox())?.width ?? 0);

test("the sidebar folds by its key, keeps its names and stays so in this browser", async ({
  page,
  signIn,
}) => {
  test.setTimeout(90_000);
  await signIn("ADMIN");
  await page.goto("/people");
  const names = await menu(page).getByRole("link").allTextContents();
  expect(await widthOf(page)).toBe(208);

  await page.keyboard.press("[");
  await expect.poll(() => widthOf(page)).toBe(56);
  // Who listens hears the same names; who looks gets them on focus.
  expect(
    (await menu(page).getByRole("link").allTextContents()).map((name) => name.replace(/[\d,]+$/, "")),
  ).toEqual(names.map((name) => name.replace(/[\d,]+$/, "")));
  await menu(page).getByRole("link", { name: "감사 로그" }).focus();
  await page.keyboard.press("Shift+Tab");
  await expect(page.getByRole("tooltip", { name: "사용자" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expectAccessible(page, "with a folded sidebar");

  // The server draws it folded: nothing moves as the page comes.
  await watchLayoutShift(page);
  await page.reload();
  expect(await widthOf(page)).toBe(56);
  await expectStill(page, "a page with a folded sidebar");

  await page.getByRole("button", { name: "메뉴 펼치기" }).click();
  await expect.poll(() => widthOf(page)).toBe(208);
  await expect(page.getByRole("button", { name: "메뉴 접기" })).toBeFocused();
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "이동과 찾기" }).fill("접기");
  await page.keyboard.press("Enter");
  await expect.poll(() => widthOf(page)).toBe(56);
});

test("a bracket that is typed folds nothing", async ({ page, signIn }) => {
  await signIn("VIEWER");
  await page.goto("/payments");
  const search = page.getByRole("searchbox", { name: "이 목록에서 검색" });
  await search.press("[");
  await expect(search).toHaveValue("[");
  expect(await widthOf(page)).toBe(208);
  await search.fill("");
  await page.getByRole("button", { name: "단축키 보기" }).click();
  await expect(page.getByRole("dialog").getByText("메뉴 접기, 펼치기")).toBeVisible();
});

test("the palette offers what the page's own buttons offer, to whoever may", async ({
  page,
  mall,
  signIn,
}) => {
  test.setTimeout(90_000);
  const { orderId, data } = await mall.approve({ amount: 33_000 });
  const palette = page.getByRole("dialog", { name: "이동과 찾기" });
  const here = palette.getByRole("group", { name: "이 화면에서" });
  await signIn("OPERATOR");
  await page.goto(`/payments?q=${orderId}`);
  await expect(page.locator("[data-payment]")).toHaveCount(1);
  await page.keyboard.press("Control+k");
  for (const name of ["내보내기", "열", "단축키 보기", "보기 저장", "조건 추가"])
    await expect(here.getByRole("option", { name: new RegExp(`^${name}`) })).toHaveCount(1);
  await expectAccessible(page, "the palette with the page's own");
  await palette.getByRole("combobox").fill("열");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "열 고르기" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "열", exact: true })).toBeFocused();

  // It opens the sheet of the button, and moves nothing.
  await page.goto(`/payments/${data.paymentKey}`);
  const cancel = page.getByRole("button", { name: "결제 취소" });
  await expect(cancel).toBeVisible();
  await page.keyboard.press("Control+k");
  await palette.getByRole("combobox").fill("결제 취소");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "33,000원 취소하기" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(cancel).toBeFocused();
  expect((await mall.inquire(orderId)).data.status).toBe("DONE");

  await signIn("VIEWER");
  await page.goto(`/payments/${data.paymentKey}`);
  await expect(page.getByRole("button", { name: "인쇄" })).toBeVisible();
  await page.keyboard.press("Control+k");
  await expect(here.getByRole("option").first()).toBeVisible();
  await expect(here.getByRole("option", { name: "결제 취소" })).toHaveCount(0);
});

test("the dead letters' own actions are in the palette once letters are selected", async ({
  page,
  signIn,
}) => {
  await signIn("OPERATOR");
  await page.goto("/dead-letters");
  await expect(page.locator("[data-letter]").first()).toBeVisible();
  const here = page.getByRole("group", { name: "이 화면에서" });
  await page.keyboard.press("Control+k");
  await expect(here.getByRole("option", { name: /재처리 미리보기/ })).toHaveCount(1);
  await expect(here.getByRole("option", { name: "담당자 지정" })).toHaveCount(0);
  await page.keyboard.press("Escape");
  await page.locator("[data-letter]").first().getByRole("checkbox").check();
  await page.keyboard.press("Control+k");
  await expect(here.getByRole("option", { name: "담당자 지정" })).toHaveCount(1);
});

test("a person chooses how high rows are, and tables come so", async ({ page, mall, signIn }) => {
  test.setTimeout(90_000);
  await mall.approve({ amount: 21_000 });
  await signIn("ADMIN");
  await page.goto("/payments?date=1h");
  const row = page.locator("tr[data-payment]").first();
  const heightOf = async () => Math.round((await row.boundingBox())?.height ?? 0);
  await expect(row).toBeVisible();
  expect(await heightOf()).toBe(36);

  await page.getByRole("button", { name: /^내 계정/ }).click();
  const choice = page.getByRole("group", { name: "행 높이" });
  await expect(choice.getByRole("menuitemradio", { name: "보통" })).toHaveAttribute("aria-checked", "true");
  await choice.getByRole("menuitemradio", { name: "조밀" }).click();
  await expect.poll(heightOf).toBe(28);

  await watchLayoutShift(page);
  await page.reload();
  await expect(row).toBeVisible();
  expect(await heightOf()).toBe(28);
  await expectStill(page, "a list of dense rows");

  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "이동과 찾기" }).fill("넉넉");
  await page.keyboard.press("Enter");
  await expect.poll(heightOf).toBe(44);
  // Every table, not this one alone.
  await page.goto("/audit");
  const line = page.getByRole("main").locator("tbody tr").first();
  // The rows take the place of their skeletons in the meantime.
  await expect.poll(async () => (await line.boundingBox())?.height ?? 0).toBeGreaterThanOrEqual(44);
});
