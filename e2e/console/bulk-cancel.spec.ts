import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect, type MallApi, newOrderId, test } from "../fixtures.ts";

const paid = (mall: MallApi, amounts: readonly number[]) =>
  Promise.all(amounts.map((amount) => mall.approve({ amount })));
const idsOf = (payments: readonly { data: Record<string, unknown> }[]) =>
  payments.map(({ data }) => String(data.paymentKey)).join(",");
const sheet = (page: Page) => page.getByRole("dialog", { name: "일괄 취소" });
const row = (page: Page, orderId: string) => page.getByRole("row", { name: new RegExp(orderId) });

/** `typed`: above half of the limit or more than twenty, where the number of payments is typed once more. */
async function confirm(page: Page, count: number, reason: string, typed = false): Promise<void> {
  await page.getByRole("button", { name: `${count}건 취소 준비` }).click();
  await sheet(page).getByLabel("취소 사유").fill(reason);
  const number = sheet(page).getByLabel(`확인하려면 건수(${count})를 입력해 주세요`);
  if (typed) await number.fill(String(count));
  else await expect(number).toHaveCount(0);
  await sheet(page)
    .getByRole("button", { name: /취소하기$/ })
    .click();
  await page.waitForURL(/\/bulk\/bulk_/);
}

test.describe("a bulk cancel", () => {
  test("of payments selected in the list: seen first, typed, done, and told payment by payment", async ({
    page,
    mall,
    signIn,
  }) => {
    const payments = await paid(mall, [111_000, 122_000, 33_000]);
    const [done] = await paid(mall, [5_000]);
    await mall.cancel(String(done?.data.paymentKey), { reason: "먼저 취소" });
    await signIn("OPERATOR");
    await page.goto(`/bulk/new?ids=${idsOf(payments)},${String(done?.data.paymentKey)}`);

    await expect(page.getByText("아직 아무것도 취소하지 않았어요")).toBeVisible();
    await expect(page.locator("dl > div", { hasText: "취소할 결제" })).toHaveText(/3건/);
    await expect(page.locator("dl > div", { hasText: "이미 취소됨" })).toHaveText(/1건/);
    await expect(page.locator("dl > div", { hasText: "취소 금액" })).toHaveText(/266,000원/);
    await expect(page.locator("dl > div", { hasText: "그중 부가세" })).toHaveText(/24,182원/);
    await expect(page.locator("dl > div", { hasText: "정산 금액 변화" })).toHaveText(/−2[56]\d,\d{3}원/);
    for (const { orderId } of payments)
      expect((await mall.inquire(orderId)).data).toMatchObject({ status: "DONE" });

    // Nothing begins before the number was typed.
    await page.getByRole("button", { name: "3건 취소 준비" }).click();
    await sheet(page).getByRole("button", { name: "3건, 266,000원 취소하기" }).click();
    await expect(sheet(page).getByText("건수가 달라요. 다시 확인해 주세요.")).toBeVisible();
    await expect(sheet(page).getByLabel("취소 사유")).toBeFocused();
    await page.keyboard.press("Escape");
    const reason = `행사 취소 ${newOrderId()}`;
    await confirm(page, 3, reason, true);

    await expect(page.getByText("3건 가운데 3건을 처리했어요")).toBeVisible({ timeout: 30_000 });
    await expect(page.getByText("266,000원 가운데 266,000원을 취소했어요")).toBeVisible();
    for (const { orderId } of payments) {
      await expect(row(page, orderId)).toHaveText(/취소함/);
      expect((await mall.inquire(orderId)).data).toMatchObject({ status: "CANCELED", balanceAmount: 0 });
    }
    await expect(page.getByRole("row", { name: /제외.*이미 전액 취소했어요/ })).toBeVisible();

    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: "결과 파일" }).click();
    const text = await readFile(await (await download).path(), "utf8");
    expect(text.startsWith("\uFEFF")).toBe(true);
    expect(text.split("\r\n")[1]).toContain(`"${payments[0]?.orderId}"`);
    expect(text).toContain(`"제외","ALREADY_CANCELED_PAYMENT"`);

    await page.goto("/bulk");
    await expect(page.getByRole("row", { name: new RegExp(reason) })).toHaveText(/완료.*266,000/);
  });

  test("of a pasted file with amounts: lines that cannot be read are named, then parts are given back", async ({
    page,
    mall,
    signIn,
  }) => {
    const [part, whole] = await paid(mall, [98_000, 7_000]);
    if (!part || !whole) throw new Error("two were paid");
    await signIn("ADMIN");
    await page.goto("/bulk/new");
    const box = page.getByLabel("결제키나 주문번호, 한 줄에 하나씩");
    await box.fill(`주문번호,금액\n${part.orderId},48,000\n${whole.orderId},x\n${whole.orderId},`);
    await page.getByRole("button", { name: "미리보기", exact: true }).click();
    await expect(page.getByText("읽을 수 없는 줄이 2개 있어요. 아무것도 취소하지 않았어요.")).toBeVisible();
    await expect(page.getByRole("listitem").filter({ hasText: "2번째 줄" })).toHaveText(/칸이 너무 많아요/);
    await expect(page.getByRole("listitem").filter({ hasText: "3번째 줄" })).toHaveText(
      /금액은 1 이상의 정수/,
    );

    await box.fill(`주문번호,금액\n${part.orderId},"48,000"\n${whole.orderId},`);
    await page.getByRole("button", { name: "미리보기", exact: true }).click();
    await expect(page.locator("dl > div", { hasText: "부분취소" })).toHaveText(/1건/);
    await confirm(page, 2, "부분 환불");
    await expect(page.getByText("55,000원 가운데 55,000원을 취소했어요")).toBeVisible({ timeout: 30_000 });
    expect((await mall.inquire(part.orderId)).data).toMatchObject({
      status: "PARTIAL_CANCELED",
      balanceAmount: 50_000,
    });
    expect((await mall.inquire(whole.orderId)).data).toMatchObject({ status: "CANCELED" });
  });

  test("of more payments than an address holds is kept by the tab in which they were picked, and by no other", async ({
    page,
    context,
    mall,
    signIn,
  }) => {
    test.setTimeout(120_000);
    const mark = newOrderId();
    for (let batch = 0; batch < 6; batch++)
      await Promise.all(
        Array.from({ length: 17 }, (_, index) =>
          mall.approve({ orderId: `${mark}-${batch}-${index}`, amount: 1_000 }),
        ),
      );
    await signIn("OPERATOR");
    await page.goto(`/payments?q=${mark}`);
    // The second page of the list loads when its end comes near.
    await expect(async () => {
      await page.getByRole("table").evaluate((table) => table.parentElement?.scrollTo(0, table.scrollHeight));
      await page.getByRole("checkbox", { name: "불러온 결제 모두 선택" }).setChecked(false);
      await page.getByRole("checkbox", { name: "불러온 결제 모두 선택" }).setChecked(true);
      await expect(page.getByText("102건 선택")).toBeVisible({ timeout: 1_000 });
    }).toPass({ timeout: 45_000 });
    await page.getByRole("button", { name: "취소…" }).click();
    await expect(page).toHaveURL(/\/bulk\/new\?picked=[\w-]+$/);
    const picked = page.locator("dl > div", { hasText: "취소할 결제" });
    await expect(page.getByText("결제 내역에서 고른 102건")).toBeVisible();
    await expect(picked).toHaveText(/102건/);
    await expect(page.locator("dl > div", { hasText: "취소 금액" })).toHaveText(/102,000원/);
    await page.reload();
    await expect(picked).toHaveText(/102건/);

    const other = await context.newPage();
    await other.goto(page.url());
    await expect(other.getByText("고른 결제는 고른 탭에만 남아 있어요.")).toBeVisible();
    await expect(other.getByRole("button", { name: /취소 준비$/ })).toHaveCount(0);
    await other.close();
    // It was only looked at.
    expect((await mall.inquire(`${mark}-0-0`)).data).toMatchObject({ status: "DONE", balanceAmount: 1_000 });
  });

  test("is refused as it was seen when a payment changed meanwhile", async ({ page, mall, signIn }) => {
    const payments = await paid(mall, [4_000, 6_000]);
    await signIn("OPERATOR");
    await page.goto(`/bulk/new?ids=${idsOf(payments)}`);
    await page.getByRole("button", { name: "2건 취소 준비" }).click();
    await mall.cancel(String(payments[0]?.data.paymentKey), { reason: "고객 요청" });
    await sheet(page).getByLabel("취소 사유").fill("행사 취소");
    await sheet(page)
      .getByRole("button", { name: /취소하기$/ })
      .click();
    await expect(sheet(page).getByText("일괄 취소를 시작하지 않았어요. 취소한 금액은 없어요.")).toBeVisible();
    expect((await mall.inquire(payments[1]?.orderId ?? "")).data).toMatchObject({ status: "DONE" });
  });

  test("can be paused, resumed and stopped while it runs", async ({ page, mall, signIn }) => {
    test.setTimeout(120_000);
    // At ten a second there is time to look at it.
    const orderIds: string[] = [];
    for (let batch = 0; batch < 10; batch++) {
      const payments = await paid(
        mall,
        Array.from({ length: 20 }, () => 1_000),
      );
      orderIds.push(...payments.map(({ orderId }) => orderId));
    }
    await signIn("OPERATOR");
    await page.goto("/bulk/new");
    await page.getByLabel("결제키나 주문번호, 한 줄에 하나씩").fill(orderIds.join("\n"));
    await page.getByRole("button", { name: "미리보기", exact: true }).click();
    await confirm(page, orderIds.length, "행사 취소", true);
    await page.getByRole("button", { name: "멈추기" }).click();
    await expect(page.getByRole("button", { name: "이어서 하기" })).toBeVisible();
    await page.getByRole("button", { name: "이어서 하기" }).click();
    await page.getByRole("button", { name: "중단하기", exact: true }).click();
    const stop = page.getByRole("dialog", { name: "일괄 취소 중단" });
    await stop.getByRole("button", { name: /중단하기$/ }).click();
    await expect(page.getByText("중단", { exact: true })).toBeVisible();
    await page.getByRole("button", { name: "시작하지 않음", exact: true }).click();
    await expect(page).toHaveURL(/outcome=NOT_RUN/);
    await expect(page.getByRole("row", { name: /시작하지 않음/ }).first()).toBeVisible();
    await expect(page.getByRole("button", { name: "이어서 하기" })).toHaveCount(0);
  });

  test("a viewer sees what was done and can neither begin nor stop one", async ({
    browser,
    page,
    mall,
    signIn,
  }) => {
    const payments = await paid(mall, [3_000]);
    await signIn("OPERATOR");
    await page.goto(`/bulk/new?ids=${idsOf(payments)}`);
    await confirm(page, 1, "행사 취소");
    const address = page.url();

    const viewer = await browser.newPage();
    await signIn("VIEWER", viewer);
    await viewer.goto(address);
    await expect(viewer.getByRole("heading", { name: "일괄 취소 1건" })).toBeVisible();
    await expect(viewer.getByRole("link", { name: "결과 파일" })).toBeVisible();
    await expect(viewer.getByRole("button", { name: "멈추기" })).toHaveCount(0);
    await viewer.goto("/bulk");
    await expect(viewer.getByRole("heading", { name: "일괄 취소" })).toBeVisible();
    await expect(viewer.getByRole("link", { name: "새 일괄 취소" })).toHaveCount(0);
    await viewer.goto("/bulk/new");
    await expect(viewer.getByRole("heading", { name: "일괄 취소" })).toHaveCount(0);
    await expect(viewer.getByLabel("결제키나 주문번호, 한 줄에 하나씩")).toHaveCount(0);
    await viewer.goto(`/payments/${String(payments[0]?.data.paymentKey)}`);
    await expect(viewer.getByText("3,000").first()).toBeVisible();
    await expect(viewer.getByRole("button", { name: "결제 취소" })).toHaveCount(0);
    await viewer.goto("/payments");
    await expect(viewer.getByRole("table").getByRole("row").nth(1)).toBeVisible();
    await expect(viewer.getByText("취소…")).toHaveCount(0);
    // Whatever the screen shows, the server refuses it.
    const source = { kind: "csv", text: payments[0]?.orderId };
    const runId = new URL(address).pathname.split("/").at(-1);
    const seen = { digest: "0".repeat(64), count: 1 };
    for (const [procedure, json] of [
      ["preview", source],
      ["start", { source, reason: "e2e", seen, requestKey: randomUUID() }],
      ["steer", { runId, to: "pause" }],
      ["steer", { runId, to: "stop" }],
    ] as const) {
      const refused = await viewer.request.post(`/api/trpc/bulkCancel.${procedure}`, {
        headers: { "sec-fetch-site": "same-origin" },
        data: { json },
      });
      expect(refused.status(), procedure).toBe(403);
    }
    await viewer.close();
  });
});
