import type { Browser, Page } from "@playwright/test";
import { expect, test } from "../fixtures.ts";
import { inviteAndJoin } from "../invite.ts";
import { lowerLimit, raiseLimit } from "../limits.ts";

const sheet = (page: Page) => page.getByRole("dialog");

/** A page in a browser of its own, for the second person. */
async function aSecondPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ locale: "ko-KR", timezoneId: "Asia/Seoul" });
  return context.newPage();
}

/** Opens what a sheet has asked for, on another page. */
async function openRequest(maker: Page, on: Page): Promise<string> {
  await expect(sheet(maker).getByText("승인을 요청했어요")).toBeVisible();
  const address = (await sheet(maker).getByRole("link", { name: "요청 보기" }).getAttribute("href")) ?? "";
  await on.goto(address);
  return address;
}

async function approve(page: Page, button: string): Promise<void> {
  await page.getByRole("button", { name: "승인", exact: true }).click();
  await sheet(page).getByRole("button", { name: button }).click();
}

test("a bulk cancel above the limit is asked for, shown with its payments, approved, and begins", async ({
  browser,
  page,
  mall,
  signIn,
}) => {
  const payments = [await mall.approve({ amount: 700_000 }), await mall.approve({ amount: 800_000 })];
  const [first, second] = payments;
  if (!first || !second) throw new Error("two were paid");
  await signIn("OPERATOR");
  await page.goto(`/bulk/new?ids=${payments.map(({ data }) => String(data.paymentKey)).join(",")}`);
  await expect(page.getByText("혼자 취소할 수 있는 한도 500,000원 초과")).toBeVisible();
  await expect(page.getByRole("button", { name: /취소 준비$/ })).toHaveCount(0);
  await page.getByRole("button", { name: "2건 승인 요청" }).click();
  await sheet(page).getByRole("button", { name: "2건, 1,500,000원 승인 요청" }).click();
  await expect(sheet(page).getByText("취소 사유를 적어 주세요.")).toBeVisible();
  await sheet(page).getByLabel("취소 사유").fill("공연 취소");
  await sheet(page).getByRole("button", { name: "2건, 1,500,000원 승인 요청" }).click();

  const admin = await aSecondPage(browser);
  await signIn("ADMIN", admin);
  const address = await openRequest(page, admin);
  await mall.cancel(String(second.data.paymentKey), { reason: "고객 요청", amount: 1_000 });
  const changed = admin.getByRole("row", { name: new RegExp(second.orderId) });
  await expect(changed).toHaveText(/800,000.*799,000.*800,000.*잔액 바뀜/);
  await expect(admin.getByRole("row", { name: new RegExp(first.orderId) })).toHaveText(/그대로/);
  await expect(admin.getByText(/요청한 뒤 1건\(800,000원\)의 잔액이 바뀌었어요/)).toBeVisible();
  await page.goto(address);
  await expect(page.getByText("이 요청은 고칠 수 없어요. 바꾸려면 거두고 다시 요청해 주세요.")).toBeVisible();

  await approve(admin, "2건, 1,500,000원 취소 승인하기");
  await expect(admin.getByText("승인되어 일괄 취소를 시작했어요")).toBeVisible({ timeout: 20_000 });
  await admin.getByRole("link", { name: "진행 보기" }).click();
  await expect(admin.getByText("2건 가운데 2건을 처리했어요")).toBeVisible({ timeout: 30_000 });
  expect((await mall.inquire(first.orderId)).data).toMatchObject({ status: "CANCELED" });
  expect((await mall.inquire(second.orderId)).data).toMatchObject({ balanceAmount: 799_000 });
  await admin.context().close();
});

test("a re-drive above the limit waits frozen until somebody decides", async ({ browser, page, signIn }) => {
  const admin = await aSecondPage(browser);
  await signIn("ADMIN", admin);
  const checker = await inviteAndJoin(admin, browser, { name: "한도 확인 관리자", role: "ADMIN" });
  const limit = { kind: "BULK_REDRIVE", role: "OPERATOR" };
  await lowerLimit(admin, { ...limit, limitMax: 0 });
  try {
    await signIn("OPERATOR");
    // A net cancel does not count towards the limit.
    await page.goto("/dead-letters?job=net-cancel");
    await page.getByRole("table").getByRole("checkbox").nth(1).check();
    await page.getByRole("button", { name: "1건 재처리 미리보기" }).click();
    await expect(page.getByRole("button", { name: /^1건 (다시 보내기|닫기)$/ })).toBeEnabled();
    await expect(page.getByText(/혼자 보낼 수 있는 한도/)).toHaveCount(0);
    await page.getByRole("button", { name: "미리보기 닫기" }).click();

    await page.goto("/dead-letters?job=recover-cancel");
    await page.getByRole("table").getByRole("checkbox").nth(1).check();
    await page.getByRole("button", { name: "1건 재처리 미리보기" }).click();
    await expect(page.getByText(/혼자 보낼 수 있는 한도 0건을 넘어요/)).toBeVisible();
    await page.getByLabel("사유").fill("VAN 복구");
    await page.getByRole("button", { name: "1건 승인 요청" }).click();
    await expect(page.getByText("다른 사람의 승인을 기다려요. 보낸 것은 아직 없어요.")).toBeVisible();
    await page.getByRole("link", { name: "요청 보기" }).click();
    await expect(page.getByText("내가 올린 요청은 다른 사람이 승인해야 해요")).toBeVisible();
    await admin.goto(new URL(page.url()).pathname);
    await expect(admin.getByRole("table", { name: "데드레터 1건 가운데 1건" })).toBeVisible();
    await admin.getByRole("button", { name: "반려" }).click();
    await sheet(admin).getByLabel("메모").fill("원인을 먼저 확인해 주세요");
    await sheet(admin).getByRole("button", { name: "반려하기" }).click();
    await expect(page.getByText("원인을 먼저 확인해 주세요").first()).toBeVisible();
  } finally {
    await raiseLimit(admin, checker.page, { ...limit, limitMax: 100 });
  }
  await checker.page.context().close();
  await admin.context().close();
});

test("a new key is approved by another administrator, and shown once to who asked", async ({
  browser,
  page,
  mall,
  signIn,
}) => {
  await signIn("ADMIN");
  const second = await inviteAndJoin(page, browser, { name: "키 확인 관리자", role: "ADMIN" });
  const name = `승인 키 ${Date.now()}`;
  await page.goto(`/malls/${mall.mallId}?tab=keys`);
  await page.getByRole("button", { name: "키 발급", exact: true }).click();
  await sheet(page).getByLabel("키 이름").fill(name);
  await sheet(page).getByLabel("사유").fill("새 서버");
  await sheet(page).getByRole("button", { name: "승인 요청" }).click();
  const address = await openRequest(page, second.page);
  await approve(second.page, "API 키 발급·교체 승인하기");
  await expect(second.page.getByText("승인됐어요. 올린 사람이 새 키를 발급할 차례예요.")).toBeVisible();
  await expect(second.page.getByRole("button", { name: "새 키 발급하기" })).toHaveCount(0);

  await page.goto(address);
  await page.getByRole("button", { name: "새 키 발급하기" }).click();
  await expect(sheet(page).getByLabel("시크릿 키", { exact: true })).toHaveValue(/^sk_test_/);
  await sheet(page).getByLabel("안전한 곳에 보관했어요").check();
  await sheet(page).getByRole("button", { name: "닫기" }).last().click();
  await expect(page.getByText("키를 바꿨어요")).toBeVisible();
  await expect(page.getByRole("button", { name: "새 키 발급하기" })).toHaveCount(0);

  // One that is needed no longer is withdrawn after its approval, and then issues nothing.
  await page.goto(`/malls/${mall.mallId}?tab=keys`);
  await page.getByRole("button", { name: "키 발급", exact: true }).click();
  await sheet(page).getByLabel("키 이름").fill(`${name} 취소`);
  await sheet(page).getByLabel("사유").fill("새 서버");
  await sheet(page).getByRole("button", { name: "승인 요청" }).click();
  const unneeded = await openRequest(page, second.page);
  await approve(second.page, "API 키 발급·교체 승인하기");
  await page.goto(unneeded);
  await expect(page.getByText("필요 없어졌으면 발급하기 전에 요청을 거둘 수 있어요.")).toBeVisible();
  await page.getByRole("button", { name: "요청 거두기" }).click();
  await sheet(page).getByRole("button", { name: "요청 거두기" }).click();
  await expect(page.getByText("거둠", { exact: true }).first()).toBeVisible();
  await expect(page.getByRole("button", { name: "새 키 발급하기" })).toHaveCount(0);

  // A key that leaks is ended by one person: nobody is asked.
  await page.goto(`/malls/${mall.mallId}?tab=keys`);
  await page.getByRole("button", { name: `${name} 폐기` }).click();
  await sheet(page).getByLabel("사유").fill("저장소에 노출");
  await sheet(page)
    .getByRole("button", { name: `${name} 폐기하기` })
    .click();
  await expect(page.getByRole("button", { name: `${name} 폐기` })).toHaveCount(0);
  await second.page.context().close();
});

test("new terms of a contract are asked for and seen before and after", async ({ page, mall, signIn }) => {
  await signIn("ADMIN");
  await page.goto(`/malls/${mall.mallId}?tab=contracts`);
  await page.getByRole("button", { name: "새 계약 추가" }).click();
  await sheet(page).getByLabel("적용 시작일").fill("2099-03-02");
  await sheet(page).getByLabel("수수료율(%)").fill("1.234");
  await sheet(page).getByLabel("사유").fill("요율 협의");
  await sheet(page).getByRole("button", { name: "승인 요청" }).click();
  await openRequest(page, page);
  const table = page.getByRole("table", { name: "새 계약" });
  await expect(table.getByRole("row", { name: /수수료율/ })).toHaveText(/1\.234/);
  await page.getByRole("button", { name: "요청 거두기" }).click();
  await sheet(page).getByRole("button", { name: "요청 거두기" }).click();
  await expect(page.getByText("거둠", { exact: true }).first()).toBeVisible();
});

test("an OPERATOR and a VIEWER change no limit and ask for nothing about keys", async ({
  page,
  mall,
  signIn,
}) => {
  for (const role of ["VIEWER", "OPERATOR"] as const) {
    await signIn(role);
    await page.goto(`/malls/${mall.mallId}?tab=keys`);
    await expect(page.getByRole("table", { name: "API 키, 쓰는 것부터" })).toBeVisible();
    await expect(page.getByRole("button", { name: "키 발급", exact: true })).toHaveCount(0);
    const refused = await page.request.post("/api/trpc/mall.requestKeyChange?batch=1", {
      headers: { "sec-fetch-site": "same-origin" },
      data: { "0": { json: { mallId: mall.mallId, wish: { action: "ISSUE", name: "x" }, reason: "x" } } },
    });
    expect(refused.status()).toBe(403);
  }
});
