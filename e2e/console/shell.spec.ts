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
