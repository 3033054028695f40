import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures.ts";
import { badTablesOf, frameAreas, fromTheTop, problemsOf, walkFocus } from "../focus-order.ts";

// What is focused follows what is read, row by row, and is never under a bar (WCAG 2.4.3, 2.4.11; design §15).

async function expectReadingOrder(page: Page, areas: readonly string[] = frameAreas): Promise<void> {
  const stops = await walkFocus(page, areas);
  expect(stops[0]?.name).toContain("본문으로 건너뛰기");
  // A walk that stops at the bars has seen nothing.
  expect(stops.filter(({ area }) => area >= areas.indexOf("#main")).length).toBeGreaterThan(1);
  expect(problemsOf(stops)).toEqual([]);
  expect(await badTablesOf(page)).toEqual([]);
}

/** The first Esc closes the tooltip of what has the focus, when there is one. */
async function closeByEscape(page: Page): Promise<void> {
  await expect(async () => {
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0, { timeout: 500 });
  }).toPass();
}

test("the sign-in page is walked as it is read", async ({ page }) => {
  await page.goto("/sign-in");
  await expectReadingOrder(page);
});

test("home and its notices are walked as they are read", async ({ page, signIn }) => {
  await signIn("ADMIN");
  await page.goto("/");
  await expect(page.getByRole("region", { name: "오늘" }).getByRole("link").first()).toBeVisible();
  await expect(page.getByRole("region", { name: "시간대별" })).toBeVisible();
  const notices = "#main section[aria-labelledby=attention]";
  const chart =
    "#main section:not([aria-labelledby=attention], [aria-labelledby=today], [aria-labelledby=now])";
  await expectReadingOrder(page, [...frameAreas, notices, chart]);
});

test("the list of payments is walked row by row, under no bar", async ({ page, mall, signIn }) => {
  test.setTimeout(90_000);
  for (const amount of [11_000, 12_000, 13_000]) await mall.approve({ amount, orderName: "순서 확인" });
  await signIn("ADMIN");
  // So low that rows lie under the sticky header and the totals until they are focused.
  await page.setViewportSize({ width: 1440, height: 480 });
  await page.goto(`/payments?date=1h&mall=${mall.mallId}&amount=11000..13000`);
  await expect(page.locator("[data-payment]").nth(2)).toBeVisible();
  await expectReadingOrder(page);
});

test("a payment is walked record first, rail after, and its cancel sheet keeps the focus", async ({
  page,
  mall,
  signIn,
}) => {
  test.setTimeout(90_000);
  const { data } = await mall.approve({ amount: 47_000 });
  await signIn("ADMIN");
  await page.goto(`/payments/${data.paymentKey}`);
  const cancel = page.getByRole("button", { name: "결제 취소" });
  await expect(cancel).toBeVisible();
  await expectReadingOrder(page, [...frameAreas, "#main aside"]);

  await cancel.focus();
  await page.keyboard.press("Enter");
  const sheet = page.getByRole("dialog");
  await expect(sheet.getByRole("button", { name: "47,000원 취소하기" })).toBeEnabled();
  const stops = await walkFocus(page, ["[role=dialog]"], "here");
  expect(stops.length).toBeGreaterThan(4);
  expect(problemsOf(fromTheTop(stops))).toEqual([]);
  expect(await badTablesOf(page)).toEqual([]);
  await closeByEscape(page);
  await expect(cancel).toBeFocused();
});

test("the dead letters are walked conditions first, then the list, then the panel", async ({
  page,
  signIn,
}) => {
  test.setTimeout(90_000);
  await signIn("ADMIN");
  await page.setViewportSize({ width: 1440, height: 600 });
  await page.goto("/dead-letters");
  await expect(page.locator("[data-letter]").first()).toBeVisible();
  const conditions = "#main form";
  const panel = "#main section[aria-label='재처리 미리보기']";
  await expectReadingOrder(page, [...frameAreas.slice(0, -1), "#main header", conditions, "#main", panel]);

  const runs = page.getByRole("button", { name: "처리 기록" });
  await runs.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeVisible();
  const stops = await walkFocus(page, ["[role=dialog]"], "here");
  expect(problemsOf(fromTheTop(stops))).toEqual([]);
  await closeByEscape(page);
  await expect(runs).toBeFocused();
});

test("a walk tells an order that jumps, a bar over the focus and a table without a name", async ({
  page,
  mall,
  signIn,
}) => {
  test.setTimeout(120_000);
  await mall.approve({ amount: 11_000 });
  await signIn("ADMIN");
  await page.goto("/payments?date=1h");
  await expect(page.locator("[data-payment]").first()).toBeVisible();
  const jumped = await page.evaluate(() => {
    const last = [...document.querySelectorAll<HTMLElement>("#main header button")].at(-1);
    last?.style.setProperty("order", "-1");
    return last?.getAttribute("aria-label") ?? last?.textContent ?? "";
  });
  expect(problemsOf(await walkFocus(page, frameAreas)).join()).toContain(`button "${jumped}" comes after`);

  await page.evaluate(() => {
    for (const one of document.querySelectorAll<HTMLElement>("#main header button")) one.style.order = "";
    const bar = document.createElement("div");
    bar.style.cssText = "position:fixed;inset:0 0 auto 0;height:110px;background:#000;z-index:99";
    document.body.append(bar);
    document.querySelector("caption")?.remove();
    document.querySelector("th")?.removeAttribute("scope");
  });
  expect(problemsOf(await walkFocus(page, frameAreas)).join()).toContain("is covered");
  const bad = await badTablesOf(page);
  expect(bad.join()).toContain("has no name");
  expect(bad.join()).toContain("has no scope");
});
