import { randomUUID } from "node:crypto";
import type { Browser, Page } from "@playwright/test";
import { onDatabase } from "../database.ts";
import { expect, test } from "../fixtures.ts";
import { inviteAndJoin } from "../invite.ts";

const sheet = (page: Page) => page.getByRole("dialog");

/** A page in a browser of its own, for the second person. */
async function aSecondPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ locale: "ko-KR", timezoneId: "Asia/Seoul" });
  return context.newPage();
}

/** Asks for a cancel from the payment's page; returns the address of the request. */
async function ask(page: Page, paymentKey: unknown, amount: string): Promise<string> {
  await page.goto(`/payments/${String(paymentKey)}`);
  await page.getByRole("button", { name: "결제 취소" }).click();
  await sheet(page).getByLabel("취소 사유").selectOption("고객 요청");
  await sheet(page)
    .getByRole("button", { name: `${amount} 승인 요청` })
    .click();
  await expect(sheet(page).getByText("승인을 요청했어요")).toBeVisible();
  const href = await sheet(page).getByRole("link", { name: "요청 보기" }).getAttribute("href");
  await sheet(page).getByRole("button", { name: "닫기" }).last().click();
  return href ?? "";
}

test("above the limit an operator asks, an administrator approves, and the money goes back once", async ({
  browser,
  page,
  mall,
  signIn,
}) => {
  const { data, orderId } = await mall.approve({ amount: 1_480_000 });
  await signIn("OPERATOR");
  await page.goto(`/payments/${String(data.paymentKey)}`);
  await page.getByRole("button", { name: "결제 취소" }).click();
  await expect(sheet(page).getByText(/혼자 취소할 수 있는 한도 500,000원을 넘어요/)).toBeVisible();
  await expect(sheet(page).getByRole("button", { name: /취소하기/ })).toHaveCount(0);
  await expect(sheet(page).getByText(/다른 사람이 먼저 승인해요/)).toBeVisible();
  await expect(sheet(page).getByText(/바로 요청하고/)).toHaveCount(0);
  await page.keyboard.press("Escape");
  const address = await ask(page, data.paymentKey, "1,480,000원");
  expect((await mall.inquire(orderId)).data).toMatchObject({ status: "DONE", balanceAmount: 1_480_000 });

  // Its maker may not decide it; who asks again for the same payment is shown the first request.
  await page.goto(address);
  await expect(page.getByText("내가 올린 요청은 다른 사람이 승인해야 해요")).toBeVisible();
  await expect(page.getByRole("button", { name: "승인", exact: true })).toHaveCount(0);

  const admin = await aSecondPage(browser);
  await signIn("ADMIN", admin);
  await admin.goto("/change-requests");
  await admin.getByRole("link", { name: `결제 취소 ${orderId} 요청 보기` }).click();
  const preview = admin.getByRole("table", { name: /취소 전과 후/ });
  await expect(preview.getByRole("row", { name: /결제 잔액/ })).toHaveText(/1,480,000.*−1,480,000.*0/);
  // The checker decides by the facts the maker had.
  await expect(preview.getByRole("row", { name: /^정산 금액/ })).toBeVisible();
  await expect(admin.getByText(/^매입 전이에요|^매입이 끝난 결제예요/)).toBeVisible();
  await expect(admin.getByText(/취소 기한/)).toBeVisible();
  await expect(admin.getByText(/올린 사람\(운영\)이 혼자 취소할 수 있는 한도는 500,000원/)).toBeVisible();
  await expect(admin.getByText(/승인하면 SBX\d에 바로 요청하고/)).toBeVisible();
  await expect(admin.getByRole("table", { name: "요청할 때와 달라진 것" })).toHaveCount(0);
  await admin.getByRole("button", { name: "승인", exact: true }).click();
  await sheet(admin).getByLabel("메모").fill("고객과 통화했어요");
  await sheet(admin).getByRole("button", { name: "1,480,000원 취소 승인하기" }).click();
  await expect(admin.getByText("1,480,000원을 취소했어요")).toBeVisible({ timeout: 20_000 });
  expect((await mall.inquire(orderId)).data).toMatchObject({ status: "CANCELED", balanceAmount: 0 });

  await expect(page.getByText("1,480,000원을 취소했어요")).toBeVisible();
  await expect(page.getByText("고객과 통화했어요").first()).toBeVisible();
  await admin.context().close();
});

test("the procedure itself refuses a cancel above the limit", async ({ page, mall, signIn }) => {
  const { data, orderId } = await mall.approve({ amount: 1_200_000 });
  await signIn("OPERATOR");
  const refused = await page.request.post("/api/trpc/payment.cancel?batch=1", {
    headers: { "sec-fetch-site": "same-origin" },
    data: {
      "0": {
        json: {
          paymentKey: data.paymentKey,
          amountMinor: "1200000",
          currentCancelableMinor: "1200000",
          reason: "e2e",
          requestKey: randomUUID(),
          language: "ko",
        },
        meta: { values: { amountMinor: ["bigint"], currentCancelableMinor: ["bigint"] } },
      },
    },
  });
  expect(refused.status()).toBe(403);
  expect(await refused.text()).toContain("APPROVAL_REQUIRED");
  expect((await mall.inquire(orderId)).data).toMatchObject({ balanceAmount: 1_200_000 });
});

test("what was edited is decided anew, and a rejection says why", async ({ browser, page, mall, signIn }) => {
  const { data, orderId } = await mall.approve({ amount: 2_000_000 });
  await signIn("OPERATOR");
  const address = await ask(page, data.paymentKey, "2,000,000원");
  const admin = await aSecondPage(browser);
  await signIn("ADMIN", admin);
  await admin.goto(address);
  await admin.getByRole("button", { name: "승인", exact: true }).click();
  await expect(sheet(admin).getByRole("button", { name: "2,000,000원 취소 승인하기" })).toBeVisible();

  // While the administrator looks at the first version, its maker makes a second.
  await page.goto(address);
  await page.getByRole("button", { name: "요청 수정" }).click();
  await sheet(page).getByLabel("취소 금액").fill("1500000");
  await sheet(page).getByRole("button", { name: "1,500,000원으로 요청 고치기" }).click();
  await expect(page.getByText("금액 2,000,000원 → 1,500,000원")).toBeVisible();

  // What is on the sheet is not what would be approved: it says so and can only be closed.
  await expect(
    sheet(admin).getByText("그사이 요청 내용이 바뀌었어요. 닫고 새 내용을 확인해 주세요."),
  ).toBeVisible();
  await expect(sheet(admin).getByRole("button", { name: /취소 승인하기$/ })).toBeDisabled();
  await admin.keyboard.press("Escape");
  await admin.getByRole("button", { name: "반려" }).click();
  await sheet(admin).getByRole("button", { name: "반려하기" }).click();
  await expect(sheet(admin).getByText("왜 반려하는지 적어 주세요.")).toBeVisible();
  await sheet(admin).getByLabel("메모").fill("영수증이 필요해요");
  await sheet(admin).getByRole("button", { name: "반려하기" }).click();
  await expect(admin.getByText("영수증이 필요해요").first()).toBeVisible();
  await expect(page.getByText("영수증이 필요해요").first()).toBeVisible();
  expect((await mall.inquire(orderId)).data).toMatchObject({ status: "DONE", balanceAmount: 2_000_000 });
  await admin.context().close();
});

test("an administrator's own request waits for another administrator", async ({
  browser,
  page,
  mall,
  signIn,
}) => {
  const { data, orderId } = await mall.approve({ amount: 12_000_000 });
  await signIn("ADMIN");
  const address = await ask(page, data.paymentKey, "12,000,000원");
  await page.goto(address);
  await expect(page.getByText("내가 올린 요청은 다른 사람이 승인해야 해요")).toBeVisible();
  const refused = await page.request.post("/api/trpc/changeRequest.approve?batch=1", {
    headers: { "sec-fetch-site": "same-origin" },
    data: { "0": { json: { requestId: address.split("/").at(-1), version: 1, note: "" } } },
  });
  expect(refused.status()).toBe(403);
  expect(await refused.text()).toContain("OWN_CHANGE_REQUEST");

  const second = await inviteAndJoin(page, browser, { name: "둘째 관리자", role: "ADMIN" });
  await second.page.goto(address);
  await second.page.getByRole("button", { name: "승인", exact: true }).click();
  await sheet(second.page).getByRole("button", { name: "12,000,000원 취소 승인하기" }).click();
  await expect(second.page.getByText("12,000,000원을 취소했어요")).toBeVisible({ timeout: 20_000 });
  expect((await mall.inquire(orderId)).data).toMatchObject({ status: "CANCELED" });
  await second.page.context().close();
});

test("an administrator lowers a limit alone, and raises it once another one approves", async ({
  browser,
  page,
  signIn,
}) => {
  await signIn("ADMIN");
  const second = await inviteAndJoin(page, browser, { name: "한도 올릴 관리자", role: "ADMIN" });
  await page.goto("/change-requests/policy");
  const row = page.getByRole("list", { name: "종류와 역할별 한도" });
  const change = page.getByRole("button", { name: "여러 건 다시 보내기, 운영 한도 바꾸기" });
  await change.click();
  await sheet(page).getByLabel("혼자 처리할 수 있는 한도").fill("90");
  await expect(sheet(page).getByText(/다음 처리부터 바로 적용되고/)).toBeVisible();
  await sheet(page).getByRole("button", { name: "한도 저장하기" }).click();
  await expect(row.getByText("90건", { exact: true })).toBeVisible();
  // Settlements and the limits themselves always take two people: nine limits that nobody sets.
  await expect(row.getByText("바꿀 수 없어요. 늘 두 사람이 처리해요.")).toHaveCount(9);
  await expect(row.getByRole("button", { name: /^정산 .*한도 바꾸기$/ })).toHaveCount(0);

  // To raise it, the sheet asks for another administrator before anything is pressed.
  await change.click();
  await sheet(page).getByLabel("혼자 처리할 수 있는 한도").fill("100");
  await expect(sheet(page).getByText(/지금보다 느슨한 한도예요/)).toBeVisible();
  await expect(sheet(page).getByRole("button", { name: "한도 저장하기" })).toHaveCount(0);
  await sheet(page).getByRole("button", { name: "승인 요청" }).click();
  await expect(sheet(page).getByText("왜 한도를 올리는지 적어 주세요.")).toBeVisible();
  await sheet(page).getByLabel("사유").fill("장애 복구가 잦아요");
  await sheet(page).getByRole("button", { name: "승인 요청" }).click();
  await expect(sheet(page).getByText("승인을 요청했어요")).toBeVisible();
  await sheet(page).getByRole("button", { name: "닫기" }).last().click();
  await expect(row.getByText(/새 한도 100건, 승인 대기/)).toBeVisible();
  await expect(row.getByText("90건", { exact: true })).toBeVisible();

  // The procedure itself refuses it too.
  const refused = await page.request.post("/api/trpc/changeRequest.setLimit?batch=1", {
    headers: { "sec-fetch-site": "same-origin" },
    data: { "0": { json: { kind: "BULK_REDRIVE", role: "OPERATOR", limitMax: null } } },
  });
  expect(refused.status()).toBe(403);
  expect(await refused.text()).toContain("APPROVAL_REQUIRED");

  const link = row.getByRole("link", { name: "여러 건 다시 보내기, 운영 한도 요청 보기" });
  await second.page.goto((await link.getAttribute("href")) ?? "");
  const table = second.page.getByRole("table", { name: "혼자 처리할 수 있는 한도" });
  await expect(table.getByRole("row", { name: /여러 건 다시 보내기/ })).toHaveText(/90건.*100건/);
  await second.page.getByRole("button", { name: "승인", exact: true }).click();
  await sheet(second.page).getByRole("button", { name: "승인 한도 올리기 승인하기" }).click();
  await expect(second.page.getByText("한도를 올렸어요")).toBeVisible({ timeout: 20_000 });
  await page.reload();
  await expect(row.getByText("100건", { exact: true })).toBeVisible();
  await page.goto("/audit?target=BULK_REDRIVE:OPERATOR");
  await expect(
    page
      .getByRole("table")
      .getByRole("button", { name: /^승인 한도 변경/ })
      .first(),
  ).toBeVisible();
  await second.page.context().close();
});

test("what somebody asked for ends when their account is shut", async ({ browser, page, mall, signIn }) => {
  const { data, orderId } = await mall.approve({ amount: 1_700_000 });
  await signIn("ADMIN");
  const leaving = await inviteAndJoin(page, browser, { name: "떠날 운영자", role: "OPERATOR" });
  const address = await ask(leaving.page, data.paymentKey, "1,700,000원");
  await leaving.page.context().close();
  await page.goto("/people");
  await page.getByRole("button", { name: "떠날 운영자 자세히 보기" }).click();
  await sheet(page).getByRole("button", { name: "계정 중지" }).click();
  const disabling = page.getByRole("dialog", { name: "계정 중지" });
  await expect(disabling.getByText(/아직 실행되지 않은 승인 요청도 거둬요/)).toBeVisible();
  await disabling.getByLabel("사유").fill("퇴사");
  await disabling.getByRole("button", { name: "떠날 운영자 계정 중지하기" }).click();
  await expect(page.getByText("떠날 운영자의 계정을 중지했어요.")).toBeVisible();
  await page.goto(address);
  await expect(page.getByText(/올린 사람의 계정이 중지되어 이 요청은 끝났어요/)).toBeVisible();
  await expect(page.getByText("올린 사람의 계정이 중지되어 끝남")).toBeVisible();
  await expect(page.getByRole("button", { name: "승인", exact: true })).toHaveCount(0);
  expect((await mall.inquire(orderId)).data).toMatchObject({ status: "DONE", balanceAmount: 1_700_000 });
});

test("a request that nobody decides within its day ends by itself, and can be asked for anew", async ({
  page,
  mall,
  signIn,
}) => {
  const { data, orderId } = await mall.approve({ amount: 1_100_000 });
  await signIn("OPERATOR");
  const address = await ask(page, data.paymentKey, "1,100,000원");
  const waiting = page.getByRole("link", { name: "취소 승인 대기 중" });
  await expect(waiting).toHaveAttribute("href", address);
  // A day passes: only the platform itself is not let near the deadline of a request.
  await onDatabase(async (client) => {
    await client.query("BEGIN");
    await client.query("ALTER TABLE change_request DISABLE TRIGGER USER");
    await client.query("UPDATE change_request SET expires_at = now() - interval '1 second' WHERE id = $1", [
      address.split("/").at(-1),
    ]);
    await client.query("ALTER TABLE change_request ENABLE TRIGGER USER");
    await client.query("COMMIT");
  });
  await page.goto(address);
  await expect(page.getByText("기한 지남").first()).toBeVisible({ timeout: 30_000 });
  await signIn("ADMIN");
  await page.goto(address);
  await expect(page.getByText("기한 지남").first()).toBeVisible();
  await expect(page.getByRole("button", { name: "승인", exact: true })).toHaveCount(0);
  expect((await mall.inquire(orderId)).data).toMatchObject({ status: "DONE", balanceAmount: 1_100_000 });
  await signIn("OPERATOR");
  await page.goto(`/payments/${String(data.paymentKey)}`);
  await expect(page.getByRole("button", { name: "결제 취소" })).toBeVisible();
  await expect(waiting).toHaveCount(0);
  expect(await ask(page, data.paymentKey, "1,100,000원")).not.toBe(address);
});

test("a VIEWER sees nothing of it, an AUDITOR only looks", async ({ page, signIn }) => {
  await signIn("VIEWER");
  await page.goto("/");
  await expect(page.getByRole("link", { name: "승인함" })).toHaveCount(0);
  await page.goto("/change-requests");
  await expect(page.getByRole("heading", { name: "이 화면은 볼 권한이 없어요" })).toBeAttached();
  await page.context().clearCookies();
  await signIn("AUDITOR");
  await page.goto("/change-requests/policy");
  await expect(page.getByRole("list", { name: "종류와 역할별 한도" })).toBeVisible();
  await expect(page.getByRole("button", { name: /한도 바꾸기$/ })).toHaveCount(0);
});
