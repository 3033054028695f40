import type { Page } from "@playwright/test";
import { expect, signInByPage, test } from "../fixtures.ts";

// The comparison, midnight in Seoul and the cost of the figures are in server/reports/home.itest.ts.

/** A figure by its label: the whole tile is one link. */
const figure = (page: Page, label: string) =>
  page.getByRole("region", { name: /^(오늘|지금)$/ }).getByRole("link", { name: new RegExp(`^${label}`) });

/** The number that stands before `unit` first in a tile, as it is written there. */
async function textOf(page: Page, label: string, unit: RegExp): Promise<string> {
  return unit.exec((await figure(page, label).textContent()) ?? "")?.[1] ?? "none";
}
const numberOf = async (page: Page, label: string) =>
  Number((await textOf(page, label, /([\d,]+)건/)).replaceAll(",", ""));

test("sign-in leads home, and home is the first place of the menu", async ({ page, demo }) => {
  await signInByPage(page, demo, "VIEWER");
  await expect(page.getByRole("heading", { level: 1, name: "홈" })).toBeVisible();
  const menu = page.getByRole("navigation", { name: "주 메뉴" });
  await expect(menu.getByRole("list").getByRole("link").first()).toHaveText("홈");
  await expect(menu.getByRole("link", { name: "홈", exact: true })).toHaveAttribute("aria-current", "page");
});

test("each figure leads to the list that yields it, with the same count", async ({ page, mall, signIn }) => {
  test.setTimeout(150_000);
  await mall.approve({ amount: 31_000 });
  await mall.approve({ amount: 45_000, testCode: "DECLINE_CARD_LIMIT_EXCEEDED" });
  const canceled = await mall.approve({ amount: 22_000 });
  await mall.cancel(String(canceled.data.paymentKey), { reason: "e2e", amount: 2_000 });
  await signIn("VIEWER");
  await page.goto("/");

  for (const [label, url] of [
    ["승인 [\\d,]", /status=DONE,CANCEL_PENDING,PARTIAL_CANCELED,CANCELED&date=today$/],
    ["취소", /\?canceled=today$/],
    ["결과불명", /\/unknown$/],
    ["데드레터 [\\d,]", /\/dead-letters\?status=PARKED$/],
    ["지급 예정", /\/settlements\?state=DRAFT,CONFIRMED&payout=\.\.\d{4}-\d\d-\d\d$/],
  ] as const) {
    // The platform goes on working: what is read on both pages may differ for a moment, not for long.
    await expect(async () => {
      await page.goto("/");
      await expect(figure(page, label)).toHaveAttribute("href", url);
      const shown = await numberOf(page, label);
      await figure(page, label).click();
      await expect(page).toHaveURL(url);
      if (shown === 0) return;
      const count = new RegExp(`^${shown.toLocaleString("en-US")}건($| ·)`);
      await expect(page.getByRole("main").getByText(count).first()).toBeVisible({ timeout: 3_000 });
    }).toPass({ timeout: 45_000 });
  }
  await page.goto("/");
  await expect(figure(page, "가장 오래된")).toHaveAttribute(
    "href",
    /^\/(payments\/pay_[0-9A-Z]{26}|unknown)$/,
  );
  // The sidebar counts the same: nothing is said there while nothing is unknown.
  const badge = page.getByRole("navigation", { name: "주 메뉴" }).getByRole("link", { name: /^결과불명/ });
  await expect(async () => {
    const shown = await numberOf(page, "결과불명");
    expect((await badge.textContent())?.replace(/\D/g, "") || "0").toBe(String(shown));
  }).toPass({ timeout: 20_000 });
  await page.goto("/payments?canceled=today");
  await expect(page.getByRole("link", { name: canceled.orderId })).toBeVisible();
  await expect(page.getByRole("button", { name: /취소일/ }).first()).toContainText("오늘");
});

test("what was not approved has its list, and the amount is the total of its list", async ({
  page,
  mall,
  signIn,
}) => {
  await mall.approve({ amount: 17_000 });
  await mall.approve({ testCode: "DECLINE_CARD_LIMIT_EXCEEDED" });
  await signIn("VIEWER");
  await expect(async () => {
    await page.goto("/");
    const unapproved = await textOf(page, "승인율", /미승인 ([\d,]+)건/);
    await figure(page, "승인율").click();
    await expect(page.locator("b").getByText(`${unapproved}건`, { exact: true })).toBeVisible({
      timeout: 3_000,
    });
  }).toPass({ timeout: 45_000 });
  await expect(async () => {
    await page.goto("/");
    const amount = await textOf(page, "승인 금액", /([\d,]+)원/);
    await figure(page, "승인 금액").click();
    await expect(page.locator("tfoot")).toContainText(amount, { timeout: 3_000 });
  }).toPass({ timeout: 45_000 });
});

test("an approval is in the figures within seconds, without anything moving", async ({
  page,
  mall,
  signIn,
}) => {
  await signIn("OPERATOR");
  await page.goto("/");
  await expect(figure(page, "승인 [\\d,]")).toBeVisible();
  await expect(page.getByText(/^실시간 · \d\d:\d\d:\d\d$/)).toBeVisible();
  const before = await numberOf(page, "승인 [\\d,]");
  const place = await figure(page, "취소").boundingBox();
  await page.evaluate(() => {
    const seen = { shift: 0 };
    Object.assign(window, { seen });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) seen.shift += (entry as unknown as { value: number }).value;
    }).observe({ type: "layout-shift" });
  });
  await mall.approve();
  await expect.poll(() => numberOf(page, "승인 [\\d,]")).toBeGreaterThan(before);
  expect(await figure(page, "취소").boundingBox()).toEqual(place);
  expect(
    await page.evaluate(() => (window as unknown as { seen: { shift: number } }).seen.shift),
  ).toBeLessThan(0.01);
});

test("what needs a person is named and leads there; a stopped VAN is such a thing", async ({
  page,
  signIn,
}) => {
  const reason = `홈 점검 ${Date.now()}`;
  await signIn("OPERATOR");
  await page.goto("/");
  const attention = page.getByRole("region", { name: "지금 볼 것" });
  await expect(attention).toBeVisible();
  await page.goto("/vans");
  const card = page.getByRole("region", { name: "SBX2", exact: true });
  await card.getByRole("button", { name: "새 승인 멈추기" }).click();
  const stop = page.getByRole("dialog", { name: "SBX2 새 승인 멈추기" });
  await stop.getByLabel("사유").fill(reason);
  await stop.getByRole("button", { name: "SBX2 새 승인 멈추기" }).click();
  try {
    await expect(stop).toHaveCount(0);
    await page.goto("/");
    await attention.getByRole("link", { name: /SBX2 새 승인을 멈췄어요/ }).click();
    await expect(page).toHaveURL("/vans");
  } finally {
    await page.goto("/vans");
    await expect(card).toBeVisible();
    const again = card.getByRole("button", { name: "새 승인 다시 받기" });
    if (await again.isVisible()) await again.click();
    const resume = page.getByRole("dialog", { name: "SBX2 새 승인 다시 받기" });
    await resume.getByLabel("사유").fill(`${reason} 끝`);
    await resume.getByRole("button", { name: "SBX2 새 승인 다시 받기" }).click();
    await expect(resume).toHaveCount(0);
  }
  await page.goto("/");
  await expect(figure(page, "승인 [\\d,]")).toBeVisible();
  await expect(attention.getByText(/SBX2 새 승인을 멈췄어요/)).toHaveCount(0);
});

test("the hours are told by keyboard and as a table", async ({ page, mall, signIn }) => {
  await mall.approve();
  await signIn("VIEWER");
  await page.goto("/");
  const hours = page.getByRole("slider", { name: "시간대별 승인 수" });
  await expect(hours).toHaveAttribute("aria-valuetext", /시/);
  await hours.focus();
  await hours.press("Home");
  await expect(hours).toHaveAttribute("aria-valuetext", /^0시, 오늘 [\d,]+건, 지난주 [\d,]+건$/);
  await hours.press("End");
  await expect(hours).toHaveAttribute("aria-valuenow", "23");
  await page.getByRole("button", { name: "표로 보기" }).click();
  await expect(page.getByRole("table", { name: /^시간대별 승인/ }).getByRole("row")).toHaveCount(25);
});

test("when the feed fails the figures stay and are marked as old; at first there is an error with a way on", async ({
  page,
  mall,
  signIn,
}) => {
  test.setTimeout(120_000);
  await mall.approve();
  await signIn("VIEWER");
  await page.goto("/");
  await expect(figure(page, "승인 [\\d,]")).toBeVisible();
  const feed = /api\/trpc\/.*home\./;
  await page.route(feed, (route) => route.abort());
  await expect(page.getByRole("status").getByText(/^실시간 끊김 · \d\d:\d\d:\d\d 기준$/)).toBeVisible({
    timeout: 30_000,
  });
  await expect(figure(page, "승인 [\\d,]")).toBeVisible();
  // Asked while it is still down: once it is back the page finds out by itself, and takes the button away.
  const askedAgain = page.waitForRequest(feed);
  await page.getByRole("button", { name: "다시 연결" }).click();
  await askedAgain;
  await page.unroute(feed);
  await expect(page.getByText(/^실시간 · /)).toBeVisible({ timeout: 30_000 });

  // A page whose answers did not come with its document, as after a step within the console.
  await page.setExtraHTTPHeaders({ "paydeck-answers": "none" });
  await page.route(feed, (route) => route.abort());
  await page.goto("/");
  const error = page.getByRole("alert").filter({ hasText: "오늘 수치를 불러오지 못했어요" });
  await expect(error).toBeVisible({ timeout: 30_000 });
  await expect(error).toContainText("결제에는 영향이 없어요");
  await page.unroute(feed);
  await error.getByRole("button", { name: "다시 시도" }).click();
  await expect(figure(page, "승인 [\\d,]")).toBeVisible();
});

for (const question of ["home.attention", "unresolved.count"])
  test(`when ${question} alone fails, what it said is marked as old`, async ({ page, signIn }) => {
    test.setTimeout(90_000);
    await signIn("VIEWER");
    await page.goto("/");
    await expect(page.getByText(/^실시간 · \d\d:\d\d:\d\d$/)).toBeVisible();
    // Questions of one moment travel together: all others are answered as ever.
    let isDown = true;
    await page.route(new RegExp(`api/trpc/[^?]*${question}`), async (route) => {
      const response = await route.fetch();
      const asked = (new URL(route.request().url()).pathname.split("/").at(-1) ?? "").split(",");
      const answers = (await response.json()) as unknown[];
      if (isDown)
        answers[asked.indexOf(question)] = { error: { json: { message: "down", code: -32603, data: {} } } };
      await route.fulfill({ response, json: answers });
    });
    await expect(page.getByRole("status").getByText(/^실시간 끊김 · \d\d:\d\d:\d\d 기준$/)).toBeVisible({
      timeout: 40_000,
    });
    isDown = false;
    await expect(page.getByText(/^실시간 · /)).toBeVisible({ timeout: 40_000 });
    await page.unrouteAll({ behavior: "ignoreErrors" });
  });

test("at 390 pixels nothing scrolls sideways", async ({ page, signIn }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn("VIEWER");
  await page.goto("/");
  await expect(figure(page, "승인 [\\d,]")).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
});
