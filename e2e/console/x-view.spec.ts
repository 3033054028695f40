import type { Page } from "@playwright/test";
import { expect, type MallApi, test } from "../fixtures.ts";

const slow = "SLOW_1500";

/** Drags over the plot, from and to shares of its width and height. */
async function drag(page: Page, from: [number, number], to: [number, number]): Promise<void> {
  const plot = await plotOf(page);
  await page.mouse.move(plot.x + plot.width * from[0], plot.y + plot.height * from[1]);
  await page.mouse.down();
  await page.mouse.move(plot.x + plot.width * to[0], plot.y + plot.height * to[1], { steps: 6 });
  await page.mouse.up();
}

async function plotOf(page: Page) {
  const plot = await page.locator("[data-scatter]").boundingBox();
  if (!plot) throw new Error("There is no scatter");
  return plot;
}

/** Approves orders that take a second and a half at the VAN, and waits until the page has their points. */
async function approveSlowly(mall: MallApi, count: number): Promise<string[]> {
  const answers = await Promise.all(Array.from({ length: count }, () => mall.approve({ testCode: slow })));
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  return answers.map(({ orderId }) => orderId);
}

const picked = (page: Page) => page.getByRole("table", { name: "고른 거래, 느린 순" });

test("a box over slow payments lists them, and each leads to its page", async ({ page, mall, signIn }) => {
  await signIn("VIEWER");
  const orders = await approveSlowly(mall, 3);
  const quick = await mall.approve();
  // The axis is held, so that the box begins at one second whatever else has happened.
  await page.goto("/x-view?window=5&top=4000");
  await expect(page.getByText(/^실시간 · /)).toBeVisible();
  await drag(page, [0.1, 0], [0.998, 0.7]);
  await expect(page).toHaveURL(/box=.+&response=1\d\d\d\.\./);
  for (const order of orders)
    await expect(picked(page).getByRole("link", { name: `주문 ${order} 결제 보기` })).toBeVisible();
  await expect(picked(page).getByRole("link", { name: `주문 ${quick.orderId} 결제 보기` })).toHaveCount(0);

  await picked(page)
    .getByRole("link", { name: `주문 ${orders[0]} 결제 보기` })
    .click();
  await expect(page).toHaveURL(/\/payments\/pay_/);
  await expect(page.getByText(orders[0] ?? "").first()).toBeVisible();
  await page.goBack();
  await expect(picked(page).getByRole("link", { name: `주문 ${orders[1]} 결제 보기` })).toBeVisible();
  await page.getByRole("heading", { name: "고른 거래" }).click();
  await page.keyboard.press("Escape");
  await expect(page).not.toHaveURL(/box=/);
  await expect(page.getByRole("heading", { name: "느린 거래" })).toBeVisible();
});

test("a payment that ends while one looks comes by itself", async ({ page, mall, signIn }) => {
  await signIn("VIEWER");
  // A part of time that has only begun: nothing that earlier tests did can leave it.
  const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();
  await page.goto(`/x-view?zoom=${inMs(0)}..${inMs(120_000)}`);
  const done = page.getByRole("button", { name: /^성공/ });
  await expect(done).toHaveText(/\d/);
  const countOf = async () => Number(((await done.textContent()) ?? "").replace(/\D/g, ""));
  await expect.poll(countOf).not.toBeNaN();
  const before = await countOf();
  await mall.approve();
  await expect.poll(countOf, { timeout: 15_000 }).toBeGreaterThan(before);
  await page.keyboard.press("p");
  await expect(page.getByText(/에 멈춤/)).toBeVisible();
});

test("the same box by numbers needs no drag, and wrong numbers say why", async ({ page, mall, signIn }) => {
  await signIn("VIEWER");
  const [order] = await approveSlowly(mall, 1);
  await page.goto("/x-view?window=5");
  const from = page.getByLabel("시작 시각");
  await expect(from).toHaveValue(/^\d\d:\d\d:\d\d$/);
  await page.getByLabel("최소 응답 시간(초)").fill("1.4");
  await from.fill("언제");
  await page.getByRole("button", { name: "고르기" }).click();
  await expect(page.getByText("시각은 14:21:00처럼 넣어 주세요.")).toBeVisible();
  const seoul = (at: number) => new Date(at + 9 * 3_600_000).toISOString().slice(11, 19);
  await from.fill(seoul(Date.now() - 60_000));
  await page.getByLabel("끝 시각").fill(seoul(Date.now() + 2_000));
  await page.getByLabel("최대 응답 시간(초)").fill("2.5");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/response=1400\.\.2500/);
  await expect(picked(page).getByRole("link", { name: `주문 ${order} 결제 보기` })).toBeVisible();
  const quick = await mall.approve();
  await page.getByRole("link", { name: /^결제 내역에서 \d+건 보기$/ }).click();
  await expect(page).toHaveURL(/\/payments\?answered=.+&response=1400\.\.2500/);
  await expect(page.getByText(order ?? "").first()).toBeVisible();
  await expect(page.getByText(quick.orderId)).toHaveCount(0);
});

test("what is shown lives in the address", async ({ page, signIn }) => {
  await signIn("VIEWER");
  await page.goto("/x-view");
  await page.getByRole("button", { name: "60분" }).click();
  await page.getByRole("button", { name: /^거절/ }).click();
  await page.getByRole("button", { name: "로그 눈금" }).click();
  await page.getByRole("button", { name: "세로축 고정" }).click();
  await page.getByRole("button", { name: "VAN", exact: true }).click();
  await page.getByRole("checkbox", { name: /SBX2/ }).check();
  await page.getByRole("button", { name: "적용" }).click();
  await page.getByRole("button", { name: "시간 확대" }).click();
  await expect(page).toHaveURL(/window=60&van=SBX2&hide=declined&scale=log&top=\d+&zoom=/);
  await page.reload();
  await expect(page.getByRole("button", { name: /^거절/ })).toHaveAttribute("aria-pressed", "false");
  await expect(page.getByRole("button", { name: "로그 눈금" })).toHaveAttribute("aria-pressed", "true");
  await page.getByRole("button", { name: "지금으로" }).click();
  await expect(page).not.toHaveURL(/zoom=/);
});

test("a server that cannot be asked is said, with what to do, and the page comes back by itself", async ({
  page,
  signIn,
}) => {
  await signIn("VIEWER");
  await page.goto("/x-view");
  await expect(page.getByText(/^실시간 · /)).toBeVisible();
  await page.route("**/api/trpc/**", (route) => route.abort());
  await expect(page.getByText(/실시간 끊김/)).toBeVisible();
  await expect(page.getByRole("button", { name: "다시 연결" })).toBeVisible();
  await page.unroute("**/api/trpc/**");
  await expect(page.getByText(/^실시간 · /)).toBeVisible();
});

test.describe("by touch at 390 pixels", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test("a sideways drag makes a box, and nothing scrolls sideways", async ({ page, mall, signIn }) => {
    await signIn("VIEWER");
    const [order] = await approveSlowly(mall, 1);
    await page.goto("/x-view?window=5&top=4000");
    await expect(page.getByText(/^실시간 · /)).toBeVisible();
    await page.locator("[data-scatter]").scrollIntoViewIfNeeded();
    const plot = await plotOf(page);
    const touch = await page.context().newCDPSession(page);
    const at = (share: [number, number]) => [
      { x: plot.x + plot.width * share[0], y: plot.y + plot.height * share[1] },
    ];
    await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: at([0.2, 0.7]) });
    // A finger that sets out upwards scrolls the page.
    const path: [number, number][] = [
      [0.4, 0.69],
      [0.6, 0.4],
      [0.8, 0.2],
      [0.975, 0.1],
    ];
    for (const place of path)
      await touch.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: at(place) });
    await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    await expect(page).toHaveURL(/box=/);
    await expect(picked(page).getByRole("link", { name: `주문 ${order} 결제 보기` })).toBeVisible();
    expect(
      await page.evaluate(() => [
        document.documentElement.scrollWidth,
        document.getElementById("main")?.scrollWidth,
      ]),
    ).toEqual([390, 390]);
  });
});
