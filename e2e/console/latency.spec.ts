import { expect, test } from "../fixtures.ts";

const numberOf = (text: string | null) => Number((text ?? "").replaceAll(",", ""));

test("the VANs' figures add up, and each number leads to its payments", async ({ page, signIn }) => {
  await signIn("VIEWER");
  await page.goto("/latency?period=7d");
  const vans = page.getByRole("table", { name: "VAN별" });
  const rows = vans.getByRole("row");
  await expect(rows).toHaveCount(4);
  const counts = await Promise.all(
    [1, 2, 3].map(async (row) => numberOf(await rows.nth(row).getByRole("link").first().textContent())),
  );
  expect(counts[0]).toBeGreaterThan(100);
  expect((counts[0] ?? 0) + (counts[1] ?? 0)).toBe(counts[2]);

  await rows.nth(1).getByRole("link", { name: /거절/ }).click();
  await expect(page).toHaveURL(/\/payments\?.*outcome=declined/);
  await expect(page).toHaveURL(/van=SBX1/);
});

test("the same figures are told apart by mall and by route", async ({ mall, page, signIn }) => {
  await mall.approve();
  await signIn("VIEWER");
  await page.goto("/latency?period=7d");
  await page.getByRole("radio", { name: "가맹점", exact: true }).click();
  await expect(page).toHaveURL(/by=mall/);
  const malls = page.getByRole("table", { name: "가맹점별" });
  await expect(malls.getByRole("row", { name: new RegExp(mall.name) })).toBeVisible();
  await page.getByRole("radio", { name: "경로", exact: true }).click();
  const routes = page.getByRole("table", { name: "경로별" });
  const link = routes
    .getByRole("row", { name: new RegExp(`${mall.name} → SBX`) })
    .first()
    .getByRole("link")
    .first();
  await expect(link).toHaveAttribute("href", /van=SBX\d&mall=mall_|mall=mall_.*van=SBX\d/);
});

test("an approval of this minute is in the throughput within the next", async ({ mall, page, signIn }) => {
  test.setTimeout(150_000);
  await signIn("VIEWER");
  await mall.approve({ testCode: "SLOW_300" });
  await page.goto("/latency?period=30m");
  const table = page.getByRole("table", { name: "처리량" });
  await expect(async () => {
    await page.reload();
    await page.getByRole("button", { name: "표로 보기" }).nth(2).click();
    await expect(table.getByRole("row").nth(1)).toBeVisible({ timeout: 2_000 });
    expect(
      numberOf(await table.getByRole("row").nth(1).getByRole("link").first().textContent()),
    ).toBeGreaterThan(0);
  }).toPass({ timeout: 130_000, intervals: [5_000] });
});

test("charts share their crosshair, also by keyboard, and show their numbers as a table", async ({
  page,
  signIn,
}) => {
  await signIn("VIEWER");
  await page.goto("/latency?period=24h");
  const charts = page.locator(".recharts-surface[role=application]");
  await expect(charts).toHaveCount(3);
  await charts.first().focus();
  await page.keyboard.press("ArrowRight");
  await expect(
    page.locator(".recharts-tooltip-wrapper").getByText(/^\d\d:\d\d–\d\d:\d\d.*\+09:00$/),
  ).toHaveCount(3);

  await page.getByRole("button", { name: "표로 보기" }).first().click();
  const table = page.getByRole("table", { name: "응답 시간 백분위" });
  await expect(table.getByRole("columnheader", { name: "p95" })).toBeVisible();
  await expect(table.getByRole("row").nth(1).getByText(/ms|초/).first()).toBeVisible();
});

test("period and VAN live in the address; a period of one's own is Seoul's", async ({ page, signIn }) => {
  await signIn("VIEWER");
  await page.goto("/latency");
  await page.getByRole("button", { name: "30일" }).click();
  await expect(page).toHaveURL(/period=30d/);
  await page.getByRole("button", { name: "VAN", exact: true }).click();
  await page.getByRole("checkbox", { name: /SBX2/ }).check();
  await page.getByRole("button", { name: "적용" }).click();
  await expect(page).toHaveURL(/van=SBX2/);
  await expect(page.getByRole("table", { name: "VAN별" }).getByRole("row")).toHaveCount(3);

  await page.getByRole("button", { name: "직접" }).click();
  await page.getByLabel("시작").fill("2026-11-19T09:00");
  await page.getByLabel("끝").fill("2026-11-19T08:00");
  await page.getByRole("button", { name: "적용" }).click();
  await expect(page.getByText("끝이 시작보다 뒤여야 해요.")).toBeVisible();
  await page.getByLabel("끝").fill("2026-11-19T12:00");
  await page.getByRole("button", { name: "적용" }).click();
  await expect(page).toHaveURL(/from=2026-11-19T00:00:00/);
  await expect(page.getByText("11-19 09:00–12:00").first()).toBeVisible();
});

test("a drag over one chart zooms all of them, and is taken back by button or double click", async ({
  page,
  signIn,
}) => {
  await signIn("VIEWER");
  await page.goto("/latency?period=24h");
  const charts = page.locator(".recharts-surface[role=application]");
  await expect(charts).toHaveCount(3);
  const slot = page.getByText(/1분 단위|15분 단위/);
  await expect(slot.first()).toContainText("15분 단위");
  const dragOver = async () => {
    const box = await charts.nth(1).boundingBox();
    if (!box) throw new Error("There is no chart");
    await page.mouse.move(box.x + box.width * 0.5, box.y + 80);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.52, box.y + 80, { steps: 5 });
    await page.mouse.up();
  };
  await dragOver();
  await expect(page).toHaveURL(/period=24h&zoom=.+\.\./);
  await expect(slot).toHaveCount(3);
  await expect(slot.first()).toContainText(/ 1분 단위/);
  await page.getByRole("button", { name: "확대 되돌리기" }).click();
  await expect(page).toHaveURL(/period=24h$/);

  await expect(slot.first()).toContainText("15분 단위");
  await dragOver();
  await expect(page).toHaveURL(/zoom=/);
  await expect(slot.first()).toContainText(/ 1분 단위/);
  const first = await charts.first().boundingBox();
  await page.mouse.dblclick((first?.x ?? 0) + 400, (first?.y ?? 0) + 80);
  await expect(page).toHaveURL(/\/latency\?period=24h$/);
});

test("at 390 pixels the charts stack and nothing scrolls sideways", async ({ page, signIn }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn("VIEWER");
  await page.goto("/latency?period=7d");
  const charts = page.locator(".recharts-surface[role=application]");
  await expect(charts).toHaveCount(3);
  const lefts = await charts.evaluateAll((all) =>
    all.map((chart) => Math.round(chart.getBoundingClientRect().left)),
  );
  expect(new Set(lefts).size).toBe(1);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
});
