import { randomUUID } from "node:crypto";
import type { APIRequestContext, Page } from "@playwright/test";
import { expectAccessible } from "../axe.ts";
import { test as consoleTest, expect, newOrderId } from "../fixtures.ts";
import { inviteAndJoin } from "../invite.ts";
import { lowerLimit, raiseLimit } from "../limits.ts";

// Each test that changes anything makes a mall of its own: the demo's malls are never touched.

/** Keys and contracts take two administrators (approvals.spec.ts). Here it is about the changes: one does them alone, until the test is over. */
const test = consoleTest.extend<{ admin: Page }>({
  admin: async ({ page, browser, signIn }, use) => {
    await signIn("ADMIN");
    const second = await inviteAndJoin(page, browser, { name: "가맹점 확인 관리자", role: "ADMIN" });
    const alone = ["KEY_CHANGE", "CONTRACT_CHANGE"].map((kind) => ({ kind, role: "ADMIN" }));
    for (const limit of alone) await raiseLimit(page, second.page, { ...limit, limitMax: null });
    await second.page.context().close();
    await use(page);
    for (const limit of alone) await lowerLimit(page, { ...limit, limitMax: 0 });
  },
});

const newName = () => `시험상회 ${randomUUID().slice(0, 8)}`;

/** Registers a mall as the administrator who is signed in, and ends on its page. */
async function registerMall(page: Page, name: string): Promise<void> {
  await page.goto("/malls");
  await page.getByRole("button", { name: "가맹점 등록" }).click();
  const sheet = page.getByRole("dialog", { name: "가맹점 등록" });
  await sheet.getByLabel("가맹점 이름").fill(name);
  await sheet.getByLabel("사업자등록번호").fill("1208112345");
  await expect(sheet.getByLabel("SBX1 비중")).toHaveValue("50");
  await sheet.getByRole("button", { name: "가맹점 등록하기" }).click();
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
}

/** The key that is shown once; closes the sheet. */
async function takeKey(page: Page): Promise<string> {
  const shown = page.getByRole("dialog", { name: "새 키" });
  const key = await shown.getByLabel("시크릿 키", { exact: true }).inputValue();
  expect(key).toMatch(/^sk_test_[A-Za-z0-9_-]{32,}$/);
  await shown.getByLabel("안전한 곳에 보관했어요").check();
  await shown.getByRole("button", { name: "닫기", exact: true }).last().click();
  await expect(shown).toHaveCount(0);
  return key;
}

async function issueKey(page: Page, name: string): Promise<string> {
  await page.getByRole("tab", { name: /^API 키/ }).click();
  await page.getByRole("button", { name: "키 발급", exact: true }).click();
  const sheet = page.getByRole("dialog", { name: "키 발급" });
  await sheet.getByLabel("키 이름").fill(name);
  await sheet.getByRole("button", { name: "키 발급하기" }).click();
  return takeKey(page);
}

type Said = { status: number; code: string; data: Record<string, unknown> };

function shop(request: APIRequestContext, key: string) {
  const headers = { authorization: `Bearer ${key}` };
  const read = async (response: Awaited<ReturnType<APIRequestContext["get"]>>): Promise<Said> => ({
    status: response.status(),
    ...((await response.json()) as Omit<Said, "status">),
  });
  return {
    approve: async () =>
      read(
        await request.post("/api/v1/payments", {
          headers: { ...headers, "idempotency-key": randomUUID() },
          data: {
            orderId: newOrderId(),
            amount: 12_000,
            orderName: "에코백",
            method: "CARD",
            card: { number: "4330123412341234", expiryYear: "30", expiryMonth: "12" },
          },
        }),
      ),
    cancel: async (paymentKey: unknown) =>
      read(
        await request.post(`/api/v1/payments/${paymentKey}/cancel`, {
          headers: { ...headers, "idempotency-key": randomUUID() },
          data: { reason: "고객 요청" },
        }),
      ),
    inquire: async () => read(await request.get("/api/v1/payments?orderId=NOT-THERE-1", { headers })),
  };
}

test("an administrator registers a mall, gives it a key, suspends it and resumes it", async ({
  admin: page,
  request,
}) => {
  const name = newName();
  await registerMall(page, name);
  const mall = shop(request, await issueKey(page, "주문 서버"));
  const paid = await mall.approve();
  expect(paid).toMatchObject({ status: 200, data: { status: "DONE" } });
  // The use of the key comes in by itself, a few seconds behind.
  const row = page.getByRole("row", { name: /주문 서버/ });
  await expect(row).toContainText("127.0.0.1", { timeout: 20_000 });

  await page.getByRole("button", { name: "이용 정지" }).click();
  const suspend = page.getByRole("dialog", { name: `${name} 이용 정지` });
  await suspend.getByRole("button", { name: "이용 정지하기" }).click();
  await expect(suspend.getByText("사유를 적어 주세요.")).toBeVisible();
  await suspend.getByLabel("사유").fill("심사 서류 미비");
  await suspend.getByRole("button", { name: "이용 정지하기" }).click();
  await expect(suspend).toHaveCount(0);
  await expect(page.getByText("심사 서류 미비")).toBeVisible();
  expect(await mall.approve()).toMatchObject({ status: 403, code: "MALL_SUSPENDED" });
  expect((await mall.inquire()).code).toBe("NOT_FOUND_PAYMENT");
  expect(await mall.cancel(paid.data.paymentKey)).toMatchObject({ status: 200 });

  await page.goto(`/malls?q=${encodeURIComponent(name)}&status=SUSPENDED`);
  await expect(page.getByRole("row", { name: new RegExp(name) })).toContainText("이용 정지");
  await page.getByRole("link", { name, exact: true }).click();
  await page.getByRole("button", { name: "이용 재개" }).click();
  const resume = page.getByRole("dialog", { name: `${name} 이용 재개` });
  await resume.getByLabel("사유").fill("서류 확인");
  await resume.getByRole("button", { name: "이용 재개하기" }).click();
  await expect(resume).toHaveCount(0);
  expect((await mall.approve()).status).toBe(200);

  await page.getByRole("link", { name: "감사 로그" }).last().click();
  await expect(page.getByRole("button", { name: /^가맹점 이용 정지/ })).toBeVisible();
  await expect(page.getByRole("button", { name: /^가맹점 이용 재개/ })).toBeVisible();
});

test("a key is replaced while the old one goes on, and a revoked one stops", async ({
  admin: page,
  request,
}) => {
  await registerMall(page, newName());
  const old = await issueKey(page, "정산 서버");
  await page.getByRole("button", { name: "정산 서버 교체" }).click();
  const rotate = page.getByRole("dialog", { name: "정산 서버 교체" });
  await expect(rotate.getByLabel("24시간")).toBeChecked();
  await rotate.getByRole("button", { name: "새 키 발급하고 교체하기" }).click();
  const heir = await takeKey(page);
  await expect(page.getByRole("row", { name: /교체 중/ })).toContainText(old.slice(-4));
  expect((await shop(request, old).inquire()).status).toBe(404);
  expect((await shop(request, heir).inquire()).status).toBe(404);

  await page
    .getByRole("row", { name: /교체 중/ })
    .getByRole("button", { name: "정산 서버 폐기" })
    .click();
  const revoke = page.getByRole("dialog", { name: "정산 서버 폐기" });
  await revoke.getByLabel("사유").fill("교체 끝");
  await revoke.getByRole("button", { name: "정산 서버 폐기하기" }).click();
  await expect(revoke).toHaveCount(0);
  expect((await shop(request, old).inquire()).code).toBe("UNAUTHORIZED_KEY");
  expect((await shop(request, heir).inquire()).status).toBe(404);
  // What was shown once is nowhere any more.
  await page.reload();
  await expect(page.getByRole("row", { name: /폐기됨/ })).toBeVisible();
  expect(await page.content()).not.toContain(heir);
});

test("a list of networks is tested before and after it shuts somebody out", async ({
  admin: page,
  request,
}) => {
  await registerMall(page, newName());
  const mall = shop(request, await issueKey(page, "주문 서버"));
  expect((await mall.inquire()).status).toBe(404);
  await expect(page.getByRole("row", { name: /주문 서버/ })).toContainText("127.0.0.1", { timeout: 20_000 });

  await page.getByRole("tab", { name: /^허용 IP/ }).click();
  await expect(page.getByText("어디에서나 부를 수 있어요", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "목록 바꾸기" }).click();
  const sheet = page.getByRole("dialog", { name: "허용 IP 목록 바꾸기" });
  const lines = sheet.getByLabel("허용할 IP 대역");
  await lines.fill("203.0.113.7/24");
  await expect(sheet.getByText(/1번째 줄 203\.0\.113\.7\/24: 대역의 시작 주소가 아니에요/)).toBeVisible();
  await lines.fill("203.0.113.0/24  # 서울 사무실\n2001:db8::/32");
  await expect(sheet.getByText("24시간 안에 부른 IP 1개를 막아요")).toBeVisible();
  await expect(sheet.getByText("127.0.0.1")).toBeVisible();
  await sheet.getByRole("button", { name: "목록 저장하기" }).click();
  await expect(sheet.getByText("막히는 IP를 확인해 주세요.")).toBeVisible();
  await sheet.getByLabel("막아도 되는 것을 확인했어요").check();
  await sheet.getByRole("button", { name: "목록 저장하기" }).click();
  await expect(sheet).toHaveCount(0);
  await expect(page.getByRole("row", { name: /203\.0\.113\.0\/24/ })).toContainText("서울 사무실");
  expect(await mall.approve()).toMatchObject({ status: 403, code: "FORBIDDEN_IP" });

  const tester = page.getByRole("form", { name: "IP 시험" });
  const ask = async (address: string) => {
    await tester.getByLabel("IP 주소").fill(address);
    await tester.getByRole("button", { name: "시험하기" }).click();
  };
  await ask("203.0.113.7");
  await expect(tester.getByRole("status")).toContainText("1번째 줄 203.0.113.0/24 (서울 사무실)");
  await ask("::ffff:203.0.113.8");
  await expect(tester.getByRole("status")).toContainText("203.0.113.8, 들어올 수 있어요");
  await ask("127.0.0.1");
  await expect(tester.getByRole("status")).toContainText("127.0.0.1, 거절해요");
  await ask("사무실");
  await expect(tester.getByText("IPv4나 IPv6 주소 하나를 적어 주세요.")).toBeVisible();
});

test("a contract changes from a future day on, and can be taken back until then", async ({ admin: page }) => {
  const dayFromNow = (days: number) =>
    new Date(Date.now() + (days * 24 + 9) * 3_600_000).toISOString().slice(0, 10);
  await registerMall(page, newName());
  await page.getByRole("tab", { name: /^계약/ }).click();
  const add = async (from: string, rate: string) => {
    await page.getByRole("button", { name: "새 계약 추가" }).click();
    const sheet = page.getByRole("dialog", { name: "새 계약 추가" });
    await sheet.getByLabel("적용 시작일").fill(from);
    await sheet.getByLabel("수수료율(%)").fill(rate);
    await sheet.getByRole("button", { name: "새 계약 추가하기" }).click();
    return sheet;
  };
  await expect(await add(dayFromNow(0), "2.2")).toHaveCount(0);
  await expect(page.getByRole("row", { name: /적용 중/ })).toContainText("2.2%");
  const early = await add(dayFromNow(0), "2.1");
  await expect(early.getByText(`${dayFromNow(1)} 이후 날짜를 골라 주세요.`)).toBeVisible();
  await early.getByLabel("적용 시작일").fill(dayFromNow(10));
  await early.getByLabel("정산 주기").selectOption("매주");
  for (const weekday of ["화", "목"]) await early.getByLabel(weekday, { exact: true }).uncheck();
  await early.getByRole("button", { name: "새 계약 추가하기" }).click();
  await expect(early.getByText("요일을 하나 이상 골라 주세요.")).toBeVisible();
  for (const weekday of ["수", "월"]) await early.getByLabel(weekday, { exact: true }).check();
  await early.getByLabel("지급일에 은행이 쉬면").selectOption("다음 영업일에 지급");
  await expect(early.getByText("−2,100원")).toBeVisible();
  await early.getByRole("button", { name: "새 계약 추가하기" }).click();
  await expect(early).toHaveCount(0);
  await expect(page.getByRole("row", { name: /적용 중/ })).toContainText(
    `${dayFromNow(0)} – ${dayFromNow(9)}`,
  );
  await expect(page.getByRole("row", { name: /예정/ })).toContainText("2.1%");
  await expect(page.getByRole("row", { name: /예정/ })).toContainText(
    "매주 월·수, +2영업일, 쉬면 다음 영업일",
  );

  await page.getByRole("button", { name: `카드 ${dayFromNow(10)} 계약 거두기` }).click();
  const withdraw = page.getByRole("dialog", { name: "예정된 계약 거두기" });
  await withdraw.getByLabel("사유").fill("요율 오기");
  await withdraw.getByRole("button", { name: "계약 거두기" }).click();
  await expect(withdraw).toHaveCount(0);
  await expect(page.getByRole("row", { name: /예정/ })).toHaveCount(0);
});

test("whoever does not administer reads and tests, and changes nothing", async ({ page, signIn, demo }) => {
  test.setTimeout(120_000);
  const [mall] = demo.malls;
  for (const role of ["VIEWER", "OPERATOR", "SETTLEMENT", "AUDITOR"] as const) {
    await page.context().clearCookies();
    await signIn(role);
    await page.goto("/");
    await page.getByRole("link", { name: "가맹점", exact: true }).click();
    await expect(page.getByRole("heading", { name: "가맹점", level: 1 })).toBeVisible();
    await expect(page.getByRole("button", { name: "가맹점 등록" })).toHaveCount(0);
    await page.getByRole("searchbox", { name: "가맹점 찾기" }).fill(mall?.name.slice(1) ?? "");
    await expect(page).toHaveURL(/q=/);
    await page.getByRole("link", { name: mall?.name ?? "", exact: true }).click();
    await expect(page.getByRole("row", { name: /적용 중/ })).toContainText("2.2%");
    for (const [tab, shown] of [
      [/^API 키/, "데모 키"],
      [/^허용 IP/, "IP 시험"],
      [/^웹훅/, "웹훅 주소와 전달 기록"],
    ] as const) {
      await page.getByRole("tab", { name: tab }).click();
      await expect(page.getByText(shown).first()).toBeVisible();
    }
    await expect(page.getByRole("link", { name: "전달 기록 보기" })).toHaveAttribute(
      "href",
      `/webhooks?mall=${mall?.mallId}`,
    );
    await expect(page.getByRole("link", { name: "엔드포인트 보기" })).toHaveAttribute(
      "href",
      `/webhooks/endpoints?mall=${mall?.mallId}`,
    );
    for (const forbidden of ["이용 정지", "새 계약 추가", "키 발급", "목록 바꾸기"])
      await expect(page.getByRole("button", { name: forbidden })).toHaveCount(0);
  }
});

test("at 390 pixels nothing scrolls sideways, and every tab and sheet is free of findings", async ({
  page,
  signIn,
  demo,
}) => {
  test.setTimeout(120_000);
  const [mall] = demo.malls;
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn("ADMIN");
  await page.goto("/malls");
  await expect(page.getByRole("link", { name: new RegExp(mall?.name ?? "") })).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  for (const [tab, open] of [
    ["contracts", "새 계약 추가"],
    ["keys", "키 발급"],
    ["addresses", "목록 바꾸기"],
  ] as const) {
    await page.goto(`/malls/${mall?.mallId}?tab=${tab}`);
    const button = page.getByRole("button", { name: open, exact: true });
    await expect(button).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await expectAccessible(page, tab);
    await button.click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await page
      .getByRole("dialog")
      .evaluate((sheet) => Promise.all(sheet.getAnimations().map((a) => a.finished)));
    await expectAccessible(page, `${tab}: ${open}`);
  }
});
