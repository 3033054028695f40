import type { Browser, Page } from "@playwright/test";
import { expectAccessible } from "../axe.ts";
import { fetchDailyFiles, firstApproval, untouchedDate, withApproval } from "../daily-files.ts";
import { expect, test } from "../fixtures.ts";

// What a match finds is in server/reconciliation/*.itest.ts; here is what people see of it and do about it.

const dialog = (page: Page) => page.getByRole("dialog");
const differences = (page: Page) => page.getByRole("table", { name: /^대사 차이 / });
const dayPath = (date: string) => `/reconciliation/${date}/SBX1`;
const won = (amount: number) => `${amount.toLocaleString("en-US")}원`;

/** Of an open sheet that has come in: while it fades in, nothing on it has its contrast. */
async function expectSheetAccessible(page: Page, name: string): Promise<void> {
  await dialog(page).evaluate((sheet) => Promise.all(sheet.getAnimations().map(({ finished }) => finished)));
  await expectAccessible(page, name);
}

/** Chooses a file in the open sheet. */
async function choose(page: Page, name: string, text: string | Buffer): Promise<void> {
  await dialog(page)
    .getByLabel("대사 파일")
    .setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text as string) });
}

/** Uploads a file of the day whose page is open, and waits for its result. */
async function upload(page: Page, name: string, text: string): Promise<void> {
  await page.getByRole("button", { name: "파일 올리기" }).click();
  await choose(page, name, text);
  await expect(dialog(page).getByText("가져왔어요")).toBeVisible();
  await dialog(page).getByRole("button", { name: "닫기" }).last().click();
}

async function aSecondPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ locale: "ko-KR", timezoneId: "Asia/Seoul" });
  return context.newPage();
}

/** What the server says of a day; null when nobody has opened it. */
async function readDay(page: Page, businessDate: string): Promise<unknown> {
  const input = encodeURIComponent(JSON.stringify({ json: { vanCode: "SBX1", businessDate } }));
  let answer = await page.request.get(`/api/trpc/reconciliation.day?input=${input}`);
  // Under load the console's reads are turned away for a moment.
  for (let tries = 0; answer.status() === 503 && tries < 20; tries++) {
    await page.waitForTimeout(500);
    answer = await page.request.get(`/api/trpc/reconciliation.day?input=${input}`);
  }
  return answer.status() === 404
    ? null
    : ((await answer.json()) as { result: { data: { json: unknown } } }).result.data.json;
}

test.beforeEach(() => test.setTimeout(180_000));

test("settlement uploads a day, takes and explains its difference, and closes it", async ({
  page,
  request,
  demo,
  signIn,
}) => {
  await signIn("SETTLEMENT");
  const date = await untouchedDate(page);
  const whole = await fetchDailyFiles(request, demo, date);
  const { traceNo, orderId, amount } = firstApproval(whole);
  const files = withApproval(whole, traceNo, null);

  await page.goto("/reconciliation");
  await page.waitForLoadState("networkidle");
  await page.getByRole("button", { name: "파일 올리기" }).first().click();
  await expectSheetAccessible(page, "the sheet that takes a file");
  await choose(page, `SBX1-${date}.csv`, files.van);
  await expect(dialog(page).getByText(`${date} SBX1 VAN 파일`)).toBeVisible();
  await expect(dialog(page).getByText(/건 일치 · 차이 1건$/)).toBeVisible();
  await expectSheetAccessible(page, "what came of a file");
  await dialog(page).getByRole("link", { name: "이 날 보기" }).click();

  await expect(page).toHaveURL(new RegExp(`${dayPath(date)}$`));
  const progress = page.getByRole("region", { name: "마감까지" });
  await expect(progress.getByText("입금 파일이 있어야 해요.")).toBeVisible();
  await expect(progress.getByText("확인 필요한 차이 1건을 설명해야 해요.")).toBeVisible();
  await expect(page.getByRole("button", { name: "마감", exact: true })).toHaveCount(0);
  await upload(page, "deposit.csv", files.deposit);
  await expect(progress.getByText("입금 파일이 있어야 해요.")).toHaveCount(0);
  await expect(page.getByRole("table", { name: "파일" }).getByRole("row")).toHaveCount(3);

  const row = differences(page).getByRole("row").filter({ hasText: orderId });
  await expect(row).toContainText("우리만 있음");
  await expect(row).toContainText(amount.toLocaleString("en-US"));
  await row.getByRole("checkbox").check();
  await page.getByRole("button", { name: "1건 내가 맡기" }).click();
  await expect(row).toContainText("나");
  await page.getByRole("button", { name: "메모", exact: true }).click();
  await dialog(page).getByRole("textbox", { name: "메모" }).fill("VAN에 문의함");
  await dialog(page).getByRole("button", { name: "메모 남기기" }).click();
  await expect(row).toContainText("VAN에 문의함");

  // The keyboard leads there too, and shows each side.
  await page.keyboard.press("Escape");
  await page.keyboard.press("j");
  await page.keyboard.press("Space");
  await expect(page).toHaveURL(/\?item=\d+$/);
  const sides = dialog(page).getByRole("table", { name: "세 쪽 비교" });
  await expect(sides.getByRole("row", { name: /^VAN 파일/ })).toContainText("없음");
  await expectSheetAccessible(page, "a difference at the side of the list");
  await dialog(page).getByRole("button", { name: "수락", exact: true }).click();
  const accept = dialog(page).getByRole("button", { name: `${won(amount)} 차이 수락하기` });
  await accept.click();
  await expect(dialog(page).getByText("사유를 적어 주세요.")).toBeVisible();
  await expectSheetAccessible(page, "the sheet that accepts a difference");
  await dialog(page).getByRole("textbox", { name: "사유" }).fill("VAN이 다음 파일에 넣는다고 함");
  await accept.click();
  await expect(dialog(page).getByText("설명됨")).toBeVisible();
  await expect(dialog(page).getByRole("button", { name: "수락", exact: true })).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(page.getByText("남은 차이가 없어요")).toBeVisible();

  await page.getByRole("button", { name: "마감", exact: true }).click();
  await expectSheetAccessible(page, "the sheet that closes a day");
  await dialog(page)
    .getByRole("button", { name: `${date} 마감하기` })
    .click();
  await expect(progress.getByText("마감한 날은 바뀌지 않아요.", { exact: false })).toBeVisible();
  for (const name of ["파일 올리기", "다시 대사", "다시 받기", "마감"])
    await expect(page.getByRole("button", { name, exact: true })).toHaveCount(0);
  await page.getByRole("button", { name: /^설명됨/ }).click();
  await expect(row).toContainText("수락");
  await expect(row.getByRole("checkbox")).toHaveCount(0);
});

test("a bad file is refused with what to do, and nothing changes", async ({
  page,
  request,
  demo,
  signIn,
}) => {
  await signIn("SETTLEMENT");
  const date = await untouchedDate(page);
  const { van, deposit } = await fetchDailyFiles(request, demo, date);
  await page.goto(dayPath(date));
  await expect(page.getByRole("heading", { name: "이 날은 대사한 적이 없어요" })).toBeVisible();
  await page.getByRole("button", { name: "파일 올리기" }).click();
  const refusal = dialog(page).getByRole("alert");
  const anotherDay = await fetchDailyFiles(request, demo, "2026-01-05");
  for (const [name, text, says] of [
    ["truncated.csv", van.slice(0, -40), "파일이 중간에서 끊겨서"],
    ["utf16.csv", Buffer.from(van, "utf16le"), "파일의 문자 인코딩이 달라서"],
    ["totals.csv", van.replace(/\nT,\d+,/, "\nT,0,"), "합계와 맞지 않아서"],
    ["another-day.csv", anotherDay.van, "파일에 적힌 날짜: 2026-01-05"],
    ["another-van.csv", van.replace("H,SBX1", "H,SBX2"), "파일에 적힌 VAN: SBX2"],
    ["no-file.csv", "거래내역\n", "1번째 줄"],
    ["empty.csv", "", "파일이 중간에서 끊겨서"],
  ] as const) {
    await choose(page, name, text);
    await expect(refusal).toContainText(name);
    await expect(refusal).toContainText(says);
    await expect(refusal).toContainText("바뀐 것은 없어요");
    expect(await readDay(page, date), name).toBeNull();
  }
  await expectSheetAccessible(page, "a refused file");

  // The same bytes once more change nothing either.
  await choose(page, "good.csv", van);
  await expect(dialog(page).getByText("가져왔어요")).toBeVisible();
  const before = await readDay(page, date);
  await choose(page, "again.csv", van);
  await expect(refusal).toContainText("이미 가져온 파일이에요.");
  expect(await readDay(page, date)).toEqual(before);
  await choose(page, "deposit.csv", deposit);
  await expect(dialog(page).getByText(`${date} SBX1 입금 파일`)).toBeVisible();
  await expect(dialog(page).getByText(/차이 없음$/)).toBeVisible();
  await dialog(page).getByRole("button", { name: "닫기" }).last().click();
  await expect(page.getByText("모두 일치하거나 설명됐어요. 마감할 수 있어요.")).toBeVisible();
});

test("a viewer sees days and differences, and may do nothing about them", async ({ page, signIn }) => {
  await signIn("SETTLEMENT");
  const date = await untouchedDate(page);
  await signIn("VIEWER");
  await page.goto("/reconciliation");
  const entry = page
    .getByRole("navigation", { name: "주 메뉴" })
    .getByRole("link", { name: "대사", exact: true });
  await expect(entry).toHaveAttribute("aria-current", "page");
  await expect(page.getByRole("table", { name: "날짜와 VAN별 대사, 최근 날짜부터" })).toBeVisible();
  await expect(page.getByRole("main").getByRole("button", { name: "파일 올리기" })).toHaveCount(0);
  await page.goto("/reconciliation/items?show=all");
  await page.waitForLoadState("networkidle");
  await expect(page.getByRole("main").getByRole("checkbox")).toHaveCount(0);
  const sent = await page.request.post("/api/console/reconciliation/files", {
    headers: { "content-type": "application/octet-stream", "sec-fetch-site": "same-origin" },
    data: Buffer.from(`H,SBX1,${date}\n`),
  });
  expect(sent.status()).toBe(403);
  const asked = await page.request.post("/api/trpc/reconciliation.close", {
    headers: { "sec-fetch-site": "same-origin" },
    data: { json: { vanCode: "SBX1", businessDate: date } },
  });
  expect(asked.status()).toBe(403);
  expect(await readDay(page, date)).toBeNull();
});

test("what moves money waits for a second person, and what only the VAN has is an incident until it is explained", async ({
  browser,
  page,
  request,
  demo,
  signIn,
}) => {
  await signIn("SETTLEMENT");
  const date = await untouchedDate(page);
  const whole = await fetchDailyFiles(request, demo, date);
  const first = firstApproval(whole);
  const short = withApproval(whole, first.traceNo, { amount: first.amount - 1_000 });
  const second =
    whole.van
      .split("\n")
      .filter((line) => line.startsWith("D,A,"))[1]
      ?.split(",")[2] ?? "";
  const stranger = `E2E${Date.now().toString(36).toUpperCase()}`;
  const files = withApproval(short, second, { traceNo: stranger });
  await page.goto(dayPath(date));
  await upload(page, "van.csv", files.van);
  await upload(page, "deposit.csv", files.deposit);

  // The amount of the first differs, so it is asked for.
  const differing = differences(page).getByRole("row").filter({ hasText: first.orderId });
  await expect(differing).toContainText("금액 차이");
  await differing.getByRole("button", { name: /자세히 보기$/ }).click();
  await dialog(page).getByRole("button", { name: "정산 조정 요청" }).click();
  await dialog(page).getByRole("textbox", { name: "사유" }).fill("VAN이 1,000원을 덜 받음");
  await expectSheetAccessible(page, "the sheet that asks for an adjustment");
  await dialog(page)
    .getByRole("button", { name: /−1,000원 조정 승인 요청/ })
    .click();
  await expect(dialog(page).getByText("승인을 요청했어요")).toBeVisible();
  const path = await dialog(page).getByRole("link", { name: "요청 보기" }).getAttribute("href");
  await dialog(page).getByRole("button", { name: "닫기" }).last().click();
  await expect(dialog(page).getByText("다른 사람의 승인을 기다리고 있어요.")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(differing).toContainText("승인 대기");
  await expect(page.getByText("승인을 기다리는 차이 1건이 끝나야 해요.")).toBeVisible();

  const admin = await aSecondPage(browser);
  await signIn("ADMIN", admin);
  await admin.goto(path ?? "");
  await admin.getByRole("button", { name: "승인", exact: true }).click();
  await dialog(admin)
    .getByRole("button", { name: /승인하기$/ })
    .click();
  await expect(differing).toHaveCount(0, { timeout: 60_000 });

  // The second is a stranger now, and what we have of it is at no VAN.
  await admin.goto("/integrity");
  const incident = admin.getByRole("listitem").filter({ hasText: `${date} SBX1 대사` });
  await expect(incident).toContainText("VAN 파일에만 있는 승인");
  await expect(incident).toContainText("우리 기록에 없는 승인 1건");
  await incident.getByRole("link", { name: `${date} SBX1 대사` }).click();
  await expect(admin).toHaveURL(new RegExp(`${dayPath(date)}\\?class=ONLY_VAN$`));
  await expect(differences(admin).getByRole("row").filter({ hasText: "VAN에만 있음" })).toHaveCount(1);

  await page.getByRole("checkbox", { name: "모두 선택" }).check();
  await page.getByRole("button", { name: "2건 수락" }).click();
  await dialog(page).getByRole("textbox", { name: "사유" }).fill("VAN이 거래번호를 바꿔 적음");
  await dialog(page)
    .getByRole("button", { name: /^2건, .* 차이 수락하기$/ })
    .click();
  await expect(page.getByText("남은 차이가 없어요")).toBeVisible();
  await page.getByRole("button", { name: "다시 대사" }).click();
  await expect(page.getByText(/^다시 대사했어요\. /)).toBeVisible();
  await admin.goto("/integrity");
  await expect(incident.first()).toContainText("대사에서 설명했어요");
  await admin.context().close();
});

test("the board's figures lead to what they count, and its conditions stand in the address", async ({
  page,
  signIn,
}) => {
  await signIn("ADMIN");
  // The platform reconciles the last week by itself once it has started.
  const board = page.getByRole("table", { name: "날짜와 VAN별 대사, 최근 날짜부터" });
  await expect(async () => {
    await page.goto("/reconciliation");
    await expect(board.getByRole("row", { name: /SBX2/ }).first()).toBeVisible({ timeout: 3_000 });
  }).toPass({ timeout: 120_000, intervals: [1_000, 5_000] });
  await page.waitForLoadState("networkidle");
  const conditions = page.getByRole("region", { name: "대사 조건" });
  await conditions.getByRole("button", { name: "VAN", exact: true }).click();
  await page.getByRole("checkbox", { name: /^SBX1/ }).check();
  await page.getByRole("button", { name: "적용" }).click();
  await expect(page).toHaveURL(/\?van=SBX1$/);
  await expect(board.getByRole("row", { name: /SBX2/ })).toHaveCount(0);
  await conditions.getByRole("button", { name: "상태", exact: true }).click();
  await page.getByRole("checkbox", { name: "마감" }).check();
  await page.getByRole("button", { name: "적용" }).click();
  await expect(page).toHaveURL(/\?van=SBX1&state=CLOSED$/);
  await page.reload();
  const figure = board.getByRole("link", { name: /우리만 있음 1건 보기, 모두 설명됨$/ }).first();
  await figure.click();
  await expect(page).toHaveURL(/\/SBX1\?class=ONLY_OURS&show=all$/);
  await expect(differences(page).getByRole("row")).toHaveCount(2);
  await page.goBack();
  await expect(page).toHaveURL(/\?van=SBX1&state=CLOSED$/);
  await page.keyboard.press("g");
  await page.keyboard.press("h");
  await expect(page).toHaveURL(/\/$/);
  await page.keyboard.press("g");
  await page.keyboard.press("r");
  await expect(page).toHaveURL(/\/reconciliation$/);
});

test("the files of the board, the worklist and a day hold as much as each shows", async ({
  page,
  request,
  demo,
  signIn,
}) => {
  await signIn("SETTLEMENT");
  const date = await untouchedDate(page);
  const whole = await fetchDailyFiles(request, demo, date);
  await page.goto("/reconciliation");
  await page.getByRole("button", { name: "파일 올리기" }).first().click();
  await choose(page, `SBX1-${date}.csv`, withApproval(whole, firstApproval(whole).traceNo, null).van);
  await expect(dialog(page).getByText(/건 일치 · 차이 1건$/)).toBeVisible();

  const opener = page.getByRole("button", { name: "내보내기", exact: true });
  const holds = (count: string) => dialog(page).getByText(`지금 조건에 맞는 ${count}행을 내보내요.`);
  await page.goto("/reconciliation/items?show=all");
  const shown = await page.getByText(/^[\d,]+건 · /).textContent();
  await opener.click();
  await expect(holds(/^[\d,]+/.exec(shown ?? "")?.[0] ?? "")).toBeVisible();
  const period = `date=${date}..${date}`;
  for (const [path, nothing] of [
    [`/reconciliation?${period}&state=OPEN`, `/reconciliation?${period}&state=CLOSED`],
    [`/reconciliation/items?${period}`, `/reconciliation/items?${period}&show=explained`],
    [dayPath(date), `${dayPath(date)}?show=explained`],
  ] as const) {
    await page.goto(nothing);
    await expect(page.getByRole("button", { name: "모두 지우기" }).first()).toBeVisible();
    await expect(opener).toHaveCount(0);
    await page.goto(path);
    await opener.click();
    await expect(holds("1")).toBeVisible();
  }
  await dialog(page).getByRole("textbox", { name: /^사유/ }).fill("대사 차이를 VAN에 묻기 위해 내보냅니다");
  await dialog(page).getByRole("button", { name: "내보내기 시작" }).click();
  await expect(dialog(page).getByText("내보내기를 시작했어요")).toBeVisible();
});

test("a day's page has no finding, wide and narrow", async ({ page, signIn }) => {
  await signIn("ADMIN");
  await page.goto("/reconciliation?state=CLOSED&van=SBX1");
  const opener = page.getByRole("link", { name: /대사 보기$/ }).first();
  await opener.click();
  await expect(page.getByRole("region", { name: "마감까지" })).toBeVisible();
  const address = page.url();
  for (const [width, height, colorScheme] of [
    [1440, 900, "light"],
    [390, 844, "dark"],
  ] as const) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    for (const path of [`${address}?show=all`, "/reconciliation/items?show=all", "/reconciliation"]) {
      await page.goto(path);
      await page.waitForLoadState("networkidle");
      await expectAccessible(page, `${path} at ${width}, ${colorScheme}`);
      expect(
        await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        ),
      ).toBe(0);
    }
  }
});
