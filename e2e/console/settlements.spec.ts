import type { Browser, Page } from "@playwright/test";
import { expectAccessible } from "../axe.ts";
import { onDatabase } from "../database.ts";
import { expect, type MallApi, test } from "../fixtures.ts";
import { expectStill, watchLayoutShift } from "../layout-shift.ts";

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

const sheet = (page: Page) => page.getByRole("dialog");
const daysBefore = (days: number) =>
  new Date(Date.now() + 9 * 3_600_000 - days * 86_400_000).toISOString().slice(0, 10);
const today = () => daysBefore(0);

/** A page in a browser of its own, for the second person. */
async function aSecondPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ locale: "ko-KR", timezoneId: "Asia/Seoul" });
  return context.newPage();
}

/** Fills in the reason, asks, and opens the request on the other person's page, who approves it. */
async function askAndApprove(page: Page, checker: Page, button: RegExp): Promise<void> {
  await sheet(page).getByLabel("사유").fill("정산 확인");
  await sheet(page).getByRole("button", { name: button }).click();
  await expect(sheet(page).getByText("승인을 요청했어요")).toBeVisible();
  const link = sheet(page).getByRole("link", { name: "요청 보기" });
  await checker.goto((await link.getAttribute("href")) ?? "");
  await sheet(page).getByRole("button", { name: "닫기" }).last().click();
  await checker.getByRole("button", { name: "승인", exact: true }).click();
  await sheet(checker)
    .getByRole("button", { name: /승인하기$/ })
    .click();
}

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

test("what stands out in the newest date comes first, at a height that stays, and leads to it", async ({
  page,
  demo,
  signIn,
}) => {
  await signIn("VIEWER");
  await openList(page);
  // The newest date whose batch is due: that of newest is opened at 02:30.
  const newest = new Date(Date.now() + (9 - 2.5 - 24) * 3_600_000).toISOString().slice(0, 10);
  const batch = page.getByRole("region", { name: "최근 정산 배치" });
  await expect(batch.getByText(`${newest} 정산 완료`)).toBeVisible({ timeout: 240_000 });
  const first = page.getByRole("region", { name: /^먼저 볼 정산/ });
  await expect(first.getByRole("heading", { level: 2 })).toContainText(newest);
  const calm = first.getByText(`${newest} 정산에는 먼저 볼 것이 없어요`);
  const entries = first.getByRole("listitem");
  await expect(calm.or(entries.first())).toBeVisible();
  const heightOf = async () => (await first.boundingBox())?.height;
  const height = await heightOf();
  const before = (await calm.isVisible()) ? 0 : await entries.count();

  const [mall] = demo.malls;
  const id = `stl_E2E_${Date.now()}`;
  // A total below zero and a mall that is missing, past the platform: what makes them takes a day of real time.
  const plant = (businessDate: string, minor: number, mallId: string, ofId: string) =>
    onDatabase((client) =>
      client.query(
        `INSERT INTO settlement (id, business_date, mall_id, method, status, contract_id, calendar_version, payout_date, approval_minor, cancel_minor, net_minor,
            payout_minor, carried_out_minor, hash, drafted_at)
          VALUES ($1, $2::date, $3, 'VOUCHER', 'DRAFT', 'ctr', 1, $2::date + 2, greatest($4::bigint, 0), least($4::bigint, 0), $4::bigint,
            greatest($4::bigint, 0), least($4::bigint, 0), '\\x00', now())`,
        [ofId, businessDate, mallId, minor],
      ),
    );
  const dayBefore = (days: number) =>
    new Date(Date.parse(newest) - days * 86_400_000).toISOString().slice(0, 10);
  const other = demo.malls[1]?.mallId ?? "";
  try {
    await plant(newest, -48_310, mall?.mallId ?? "", id);
    for (let days = 1; days <= 28; days++) await plant(dayBefore(days), 20_000, other, `${id}_${days}`);
    await watchLayoutShift(page);
    for (const [width, height_, colorScheme] of [
      [1440, 900, "light"],
      [390, 844, "dark"],
    ] as const) {
      await page.setViewportSize({ width, height: height_ });
      await page.emulateMedia({ colorScheme });
      await page.reload();
      await expect(entries).toHaveCount(before + 2);
      await expectStill(page, `settlements at ${width}`);
      await expectAccessible(page, `settlements with what stands out at ${width}, ${colorScheme}`);
      if (width === 1440) expect(await heightOf()).toBe(height);
    }
    await expect(entries.nth(0)).toContainText(/^마이너스.*상품권.*−48,310원4주 평균 없음$/);
    await expect(first).toContainText("마이너스 1건");
    const missing = entries.filter({ hasText: "정산 없음" }).filter({ hasText: "상품권" });
    await expect(missing).toContainText(/^빠짐앞 4주에 28번.*정산 없음4주 평균 20,000원$/);
    await missing.getByRole("link").click();
    await expect(page).toHaveURL(`/settlements?mall=${other}&business=${dayBefore(28)}..${newest}`);
    await entries.nth(0).getByRole("link").click();
    await expect(page).toHaveURL(`/settlements/${id}`);
  } finally {
    await onDatabase((client) => client.query("DELETE FROM settlement WHERE id LIKE $1", [`${id}%`]));
  }
});

test("an address of no settlement says so", async ({ page, signIn }) => {
  await signIn("VIEWER");
  await page.goto("/settlements/stl_GONE");
  await expect(page.getByRole("heading", { level: 1, name: "정산을 찾을 수 없어요" })).toBeVisible();
  await page.getByRole("link", { name: "정산 목록으로" }).click();
  await expect(page).toHaveURL(/\/settlements$/);
});

test("a draft is confirmed and paid out: settlement asks, an administrator approves, and both see it", async ({
  browser,
  page,
  mall,
  signIn,
}) => {
  await signIn("SETTLEMENT");
  await openList(page, `?state=DRAFT&mall=${mall.mallId}&payout=..${today()}`);
  await openers(page).last().click();
  await expect(page.getByRole("heading", { level: 2, name: "금액" })).toBeVisible();
  const address = new URL(page.url()).pathname;
  const admin = await aSecondPage(browser);
  await signIn("ADMIN", admin);

  await page.getByRole("button", { name: "확정 요청" }).click();
  await expect(sheet(page).getByText("다른 사람이 승인하면 실행돼요.", { exact: false })).toBeVisible();
  const bookings = sheet(page).getByRole("table", { name: "승인하면 적히는 분개, 단위 원" });
  const booked = await bookings.getByRole("cell").allTextContents();
  const side = (offset: number) =>
    booked.filter((_, index) => index % 2 === offset).reduce((sum, text) => sum + won(text || "0"), 0n);
  expect(side(0)).toBeGreaterThan(0n);
  expect(side(0)).toBe(side(1));
  await expectAccessible(page, "the sheet that asks for a confirmation");
  await sheet(page)
    .getByRole("button", { name: /확정 요청$/ })
    .click();
  await expect(sheet(page).getByText("사유를 적어 주세요.")).toBeVisible();
  await askAndApprove(page, admin, /확정 요청$/);
  await expect(admin.getByText("정산을 확정했어요")).toBeVisible({ timeout: 20_000 });
  await expect(page.getByRole("button", { name: "지급 요청" })).toBeEnabled({ timeout: 20_000 });
  await expect(page.getByRole("region", { name: "진행" }).getByText(/요청 · .* 승인/)).toHaveCount(1);

  await page.getByRole("button", { name: "지급 요청" }).click();
  await askAndApprove(page, admin, /지급 요청$/);
  await expect(admin.getByText("지급한 것으로 남겼어요")).toBeVisible({ timeout: 20_000 });
  await expect(page.getByRole("region", { name: "진행" }).getByText(/요청 · .* 승인/)).toHaveCount(2, {
    timeout: 20_000,
  });
  await expect(page.getByRole("button", { name: /확정 요청|지급 요청|지급 보류/ })).toHaveCount(0);
  await admin.goto(address);
  await expect(admin.getByText("지급 완료").first()).toBeVisible();
  await admin.context().close();
});

test("a payout is withheld and released; what waits is said on the page, with the way to it", async ({
  browser,
  page,
  mall,
  signIn,
}) => {
  await signIn("SETTLEMENT");
  await openList(page, `?state=DRAFT&mall=${mall.mallId}`);
  await openers(page).nth(1).click();
  await page.getByRole("button", { name: "지급 보류" }).click();
  await sheet(page).getByLabel("사유").fill("분쟁 확인");
  await sheet(page).getByRole("button", { name: "보류 승인 요청" }).click();
  await expect(sheet(page).getByText("승인을 요청했어요")).toBeVisible();
  await sheet(page).getByRole("button", { name: "닫기" }).last().click();
  const waits = page.getByText(/정산 보류 승인을 기다리고 있어요/);
  await expect(waits).toBeVisible();
  const admin = await aSecondPage(browser);
  await signIn("ADMIN", admin);
  await admin.goto((await waits.getByRole("link", { name: "요청 보기" }).getAttribute("href")) ?? "");
  await admin.getByRole("button", { name: "승인", exact: true }).click();
  await sheet(admin)
    .getByRole("button", { name: /정산 보류 .*승인하기$/ })
    .click();
  await expect(admin.getByText("지급을 보류했어요")).toBeVisible({ timeout: 20_000 });

  await expect(page.getByText("지급을 보류하고 있어요")).toBeVisible({ timeout: 20_000 });
  await page.getByRole("button", { name: "보류 해제" }).click();
  await askAndApprove(page, admin, /해제 승인 요청/);
  await expect(admin.getByText("지급 보류를 풀었어요")).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText("지급을 보류하고 있어요")).toBeHidden({ timeout: 20_000 });
  await admin.context().close();
});

test("drafts that are selected in the list are asked for together, and an adjustment has its sign", async ({
  browser,
  page,
  mall,
  signIn,
}) => {
  await signIn("SETTLEMENT");
  await openList(page, `?state=DRAFT&mall=${mall.mallId}`);
  const boxes = table(page).getByRole("checkbox", { name: /정산 선택$/ });
  await boxes.nth(2).check();
  await boxes.nth(3).check();
  await page.getByRole("button", { name: "초안 2건 확정 요청" }).click();
  const admin = await aSecondPage(browser);
  await signIn("ADMIN", admin);
  await askAndApprove(page, admin, /^2건, [\d,]+원 확정 요청$/);
  await expect(admin.getByText("정산을 확정했어요")).toBeVisible({ timeout: 20_000 });
  const asked = admin.getByRole("table", { name: "요청한 정산 2건" });
  await asked
    .getByRole("link", { name: /정산 보기$/ })
    .first()
    .click();
  await expect(admin.getByText("확정", { exact: true }).first()).toBeVisible();

  await page.goto(new URL(admin.url()).pathname);
  await page.getByRole("button", { name: "조정", exact: true }).click();
  await sheet(page).getByLabel("금액").fill("1500");
  await sheet(page).getByLabel("사유").fill("수수료 정정");
  await sheet(page).getByRole("button", { name: "−1,500원 조정 승인 요청" }).click();
  await expect(sheet(page).getByText("승인을 요청했어요")).toBeVisible();
  await admin.goto((await sheet(page).getByRole("link", { name: "요청 보기" }).getAttribute("href")) ?? "");
  await expect(admin.getByText(/정산에 −1,500원 조정 한 줄이 들어가요/)).toBeVisible();
  await admin.getByRole("button", { name: "반려" }).click();
  await sheet(admin).getByLabel("메모").fill("확인 필요");
  await sheet(admin).getByRole("button", { name: "반려하기" }).click();
  await expect(admin.getByText("반려").first()).toBeVisible();
  await admin.context().close();
});

test("on a narrow screen drafts are selected on their cards, and a click beside the box opens one", async ({
  page,
  mall,
  signIn,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn("SETTLEMENT");
  await page.goto(`/settlements?state=DRAFT&mall=${mall.mallId}`);
  const cards = page.getByRole("list", { name: "정산, 최근 날짜부터" });
  const boxes = cards.getByRole("checkbox", { name: /정산 선택$/ });
  await boxes.first().check();
  await boxes.nth(1).check();
  await expect(page.getByRole("button", { name: "초안 2건 확정 요청" })).toBeVisible();
  await expectAccessible(page, "selected settlements at 390");
  await page.getByRole("button", { name: "선택 해제" }).click();
  await expect(boxes.first()).not.toBeChecked();
  await cards
    .getByRole("link", { name: /정산 보기$/ })
    .first()
    .click();
  await expect(page).toHaveURL(/\/settlements\/stl_/);
});

test("a batch is run and computed again by hand, and the list says how far it is", async ({
  page,
  signIn,
}) => {
  await signIn("SETTLEMENT");
  await openList(page);
  const batch = page.getByRole("region", { name: "최근 정산 배치" });
  const yesterday = daysBefore(1);
  // The platform that was just started settles the days of its history first; yesterday waits until 02:30.
  const isDue = new Date(Date.now() + 9 * 3_600_000).toISOString().slice(11, 16) >= "02:30";
  const done = (date: string) => batch.getByText(`${date} 정산 완료`);
  await expect(done(yesterday).or(done(isDue ? yesterday : daysBefore(2)))).toBeVisible({ timeout: 240_000 });
  await page.getByRole("button", { name: "정산 실행" }).click();
  if (!(await done(yesterday).isVisible())) {
    await sheet(page)
      .getByRole("button", { name: `${yesterday} 정산하기` })
      .click();
    await expect(sheet(page)).toBeHidden();
    await expect(done(yesterday)).toBeVisible({ timeout: 60_000 });
    await page.getByRole("button", { name: "정산 실행" }).click();
  }
  await expect(sheet(page).getByText(`${yesterday}까지 모두 정산했어요.`, { exact: false })).toBeVisible();
  await expect(sheet(page).getByRole("button", { name: `${yesterday} 정산하기` })).toBeDisabled();
  await expectAccessible(page, "the sheet that runs a settlement");
  await page.keyboard.press("Escape");

  await batch.getByRole("button", { name: "다시 계산" }).click();
  await sheet(page).getByLabel("사유").fill("늦은 결과 반영");
  await sheet(page).getByRole("button", { name: "다시 계산하기" }).click();
  await expect(sheet(page)).toBeHidden();
  await expect(batch.getByText(`${yesterday} 정산 완료`)).toBeVisible({ timeout: 60_000 });
});

test("a holiday is drafted, shown with what it moves, put in force and taken out again", async ({
  page,
  signIn,
}) => {
  await signIn("SETTLEMENT");
  await page.goto("/settlements/calendar?year=2028");
  await expect(page.getByRole("table", { name: "2028년 휴일" })).toBeVisible();
  const apply = async (button: string, seen: (row: ReturnType<Page["getByRole"]>) => Promise<void>) => {
    await page.getByRole("button", { name: "휴일 바꾸기" }).click();
    await sheet(page).getByLabel("날짜").fill("2028-03-15");
    if (button === "휴일로 추가") await sheet(page).getByLabel("이름").fill("시험 휴일");
    await sheet(page).getByRole("button", { name: button }).click();
    await sheet(page).getByRole("button", { name: "옮겨지는 지급 보기" }).click();
    await expect(page).toHaveURL(/version=\d+/);
    await expect(page.getByText(/초안이에요\. 적용하기 전에는/)).toBeVisible();
    await seen(page.getByRole("table", { name: "2028년 휴일" }).getByRole("row", { name: /2028-03-15/ }));
    await expect(page.getByText("지급일이 옮겨지는 정산이 없어요.")).toBeVisible();
    await page.getByRole("button", { name: /판 적용하기$/ }).click();
    await expect(page).not.toHaveURL(/version=/);
  };
  await apply("휴일로 추가", (row) => expect(row).toContainText("추가"));
  await expect(page.getByRole("row", { name: /2028-03-15/ })).toBeVisible();
  await apply("휴일에서 빼기", (row) => expect(row).toContainText("뺌"));
  await expect(page.getByRole("row", { name: /2028-03-15/ })).toHaveCount(0);
});

test("what lies outside is recorded and held against what must", async ({ page, signIn }) => {
  await signIn("SETTLEMENT");
  await openList(page);
  await page.goto("/settlements/fund");
  const row = page
    .getByRole("table", { name: /정산자금, 최근 날짜부터$/ })
    .getByRole("row")
    .nth(1);
  await row.getByRole("button", { name: /외부관리 금액 (기록|고치기)$/ }).click();
  await sheet(page).getByLabel("하루가 끝났을 때 외부관리 금액").fill("1");
  await sheet(page).getByRole("button", { name: "기록하기" }).click();
  await expect(row).toContainText("부족");
  await row.getByRole("button", { name: /외부관리 금액 고치기$/ }).click();
  await sheet(page).getByLabel("하루가 끝났을 때 외부관리 금액").fill("900,000,000,000");
  await sheet(page).getByRole("button", { name: "기록하기" }).click();
  await expect(row).toContainText("충족");
});

test("a viewer sees the pages of settlement without their actions, and the server refuses them", async ({
  page,
  mall,
  signIn,
}) => {
  await signIn("VIEWER");
  await openList(page, `?state=DRAFT&mall=${mall.mallId}`);
  const actions = /정산 실행|다시 계산|요청$|지급 보류|조정|휴일 바꾸기|적용하기|기록$|고치기$/;
  const main = page.getByRole("main");
  await expect(main.getByRole("checkbox")).toHaveCount(0);
  for (const [path, shows] of [
    [page.url(), /^정산$/],
    ["/settlements/calendar", /휴일 달력$/],
    ["/settlements/fund", /^정산자금 외부관리$/],
  ] as const) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1, name: shows })).toBeVisible();
    await page.waitForLoadState("networkidle");
    await expect(main.getByRole("button", { name: actions })).toHaveCount(0);
  }
  for (const [procedure, json] of [
    ["run", { businessDate: "2026-01-01" }],
    ["confirm", { settlements: [{ id: "stl_1", hash: "0".repeat(64) }], reason: "x" }],
    ["payOut", { settlements: [{ id: "stl_1", hash: "0".repeat(64) }], reason: "x" }],
    ["withhold", { mallId: mall.mallId, reason: "x" }],
    ["draftCalendar", { remove: ["2028-01-01"] }],
  ] as const) {
    const answer = await page.request.post(`/api/trpc/settlement.${procedure}?batch=1`, {
      headers: { "sec-fetch-site": "same-origin" },
      data: { "0": { json } },
    });
    expect([procedure, answer.status()]).toEqual([procedure, 403]);
  }
});

test("the holiday calendar and the fund report have no finding, wide and narrow", async ({
  page,
  signIn,
}) => {
  await signIn("ADMIN");
  for (const path of ["/settlements", "/settlements/calendar", "/settlements/fund"])
    for (const [width, height, colorScheme] of [
      [1440, 900, "light"],
      [390, 844, "dark"],
    ] as const) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme });
      await page.goto(path);
      await page.waitForLoadState("networkidle");
      await expectAccessible(page, `${path} at ${width}, ${colorScheme}`);
      expect(
        await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        ),
      ).toBe(0);
    }
});
