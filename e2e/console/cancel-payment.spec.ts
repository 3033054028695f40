import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures.ts";

const sheet = (page: Page) => page.getByRole("dialog", { name: "결제 취소" });
const amountField = (page: Page) => sheet(page).getByLabel("취소 금액");

async function openSheet(page: Page, paymentKey: unknown): Promise<void> {
  await page.goto(`/payments/${String(paymentKey)}`);
  await page.getByRole("button", { name: "결제 취소" }).click();
  await expect(sheet(page)).toBeVisible();
}

test.describe("cancelling a payment", () => {
  test("gives back a part: shows what it will do, then does exactly that", async ({ page, mall, signIn }) => {
    const { data, orderId } = await mall.approve({ amount: 98_000 });
    await signIn("OPERATOR");
    await openSheet(page, data.paymentKey);
    await expect(amountField(page)).toBeFocused();
    await amountField(page).fill("48,000");
    await sheet(page).getByLabel("취소 사유").selectOption("고객 요청");

    // Worked figures of the remainder method (CX-7): 98,000 holds 8,909 of VAT, 50,000 holds 4,545.
    const preview = sheet(page).getByRole("table", { name: /취소 전과 후/ });
    await expect(preview.getByRole("row", { name: /결제 잔액/ })).toHaveText(/98,000.*−48,000.*50,000/);
    await expect(preview.getByRole("row", { name: /공급가액/ })).toHaveText(/89,091.*−43,636.*45,455/);
    await expect(preview.getByRole("row", { name: /^부가세/ })).toHaveText(/8,909.*−4,364.*4,545/);
    // What the mall gets: the amount less the fee and its VAT, in each column; and the columns add up.
    const figuresOf = async (name: RegExp) => {
      const cells = preview.getByRole("row", { name }).getByRole("cell");
      const texts = await cells.allTextContents();
      return texts.map((text) => Number(text.replaceAll(",", "").replace("−", "-")));
    };
    const [now = 0, change = 0, after = 0] = await figuresOf(/^정산 금액/);
    const fee = await figuresOf(/^수수료 −/);
    const feeVat = await figuresOf(/^수수료 부가세/);
    expect(now).toBeGreaterThan(90_000);
    expect(now + change).toBe(after);
    expect([98_000, -48_000, 50_000].map((due, n) => due + (fee[n] ?? 0) + (feeVat[n] ?? 0))).toEqual([
      now,
      change,
      after,
    ]);

    await sheet(page).getByRole("button", { name: "48,000원 취소하기" }).click();
    await expect(sheet(page).getByText("48,000원을 취소했어요")).toBeVisible();
    await expect(sheet(page).getByText("잔액은 50,000원이에요.")).toBeVisible();
    await sheet(page).getByRole("button", { name: "닫기" }).last().click();

    await expect(page.getByText("부분취소").filter({ visible: true }).first()).toBeVisible();
    await expect(page.getByText("부분취소 −48,000원")).toBeVisible();
    const told = (await mall.inquire(orderId)).data as { status: string; balanceAmount: number };
    expect(told).toMatchObject({ status: "PARTIAL_CANCELED", balanceAmount: 50_000 });
  });

  test("gives back everything, and then there is nothing left to cancel", async ({ page, mall, signIn }) => {
    const { data, orderId } = await mall.approve({ amount: 23_500 });
    await signIn("ADMIN");
    await openSheet(page, data.paymentKey);
    await sheet(page).getByLabel("취소 사유").selectOption("직접 입력");
    await sheet(page).getByLabel("자세한 사유").fill("행사 취소");
    await sheet(page).getByRole("button", { name: "23,500원 취소하기" }).click();
    await expect(sheet(page).getByText("23,500원을 취소했어요")).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(page.getByText("전체취소").filter({ visible: true }).first()).toBeVisible();
    await expect(page.getByRole("button", { name: "결제 취소" })).toHaveCount(0);
    expect((await mall.inquire(orderId)).data).toMatchObject({ status: "CANCELED", balanceAmount: 0 });

    // An administrator sees who did it and why.
    await page.getByRole("tab", { name: /감사/ }).click();
    await expect(page.getByRole("row", { name: /payment\.cancel.*행사 취소/ })).toBeVisible();
  });

  test("does not begin without a reason or with more than is left", async ({ page, mall, signIn }) => {
    const { data } = await mall.approve({ amount: 30_000 });
    await signIn("OPERATOR");
    await openSheet(page, data.paymentKey);
    await amountField(page).fill("30001");
    await expect(sheet(page).getByText("취소 금액이 남은 금액보다 커서 취소하지 않았어요.")).toBeVisible();
    await expect(sheet(page).getByRole("button", { name: "취소하기" })).toBeDisabled();
    await amountField(page).fill("1000");
    await sheet(page).getByRole("button", { name: "1,000원 취소하기" }).click();
    await expect(sheet(page).getByText("취소 사유를 골라 주세요.")).toBeVisible();
    await expect(sheet(page).getByLabel("취소 사유")).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("30,000원");
    await expect(page.getByText("승인완료").filter({ visible: true }).first()).toBeVisible();
  });

  test("notices that the balance changed meanwhile and computes anew instead of cancelling", async ({
    page,
    mall,
    signIn,
  }) => {
    const { data, orderId } = await mall.approve({ amount: 98_000 });
    await signIn("OPERATOR");
    await openSheet(page, data.paymentKey);
    await amountField(page).fill("40000");
    await sheet(page).getByLabel("취소 사유").selectOption("상품 품절");
    await expect(sheet(page).getByRole("button", { name: "40,000원 취소하기" })).toBeEnabled();

    // The sheet keeps its old preview: no answer of the server reaches it while the mall cancels.
    await page.route(/previewCancel/, (route) => route.abort());
    await mall.cancel(String(data.paymentKey), { reason: "e2e", amount: 48_000 });
    const send = sheet(page).getByRole("button", { name: "40,000원 취소하기" });
    const refused = page.waitForResponse(
      (response) => response.url().includes("payment.cancel") && response.status() >= 400,
    );
    await send.click();
    await refused;
    await page.unroute(/previewCancel/);
    await expect(
      sheet(page).getByText("잔액이 98,000원에서 50,000원으로 바뀌었어요. 다시 계산했어요."),
    ).toBeVisible();
    expect((await mall.inquire(orderId)).data).toMatchObject({ balanceAmount: 50_000 });

    // What was typed is still there, computed on the new balance; now it goes through.
    await sheet(page).getByRole("button", { name: "40,000원 취소하기" }).click();
    await expect(sheet(page).getByText("40,000원을 취소했어요")).toBeVisible();
    expect((await mall.inquire(orderId)).data).toMatchObject({ balanceAmount: 10_000 });
  });

  test("cancels once though its answer was lost: nothing but that cancel can be sent again", async ({
    page,
    mall,
    signIn,
  }) => {
    const { data, orderId } = await mall.approve({ amount: 98_000 });
    await signIn("OPERATOR");
    await openSheet(page, data.paymentKey);
    await amountField(page).fill("40000");
    await sheet(page).getByLabel("취소 사유").selectOption("고객 요청");
    // The server does it; the network loses what it says.
    await page.route(/payment\.cancel\?/, async (route) => {
      await route.fetch();
      await route.abort();
    });
    await sheet(page).getByRole("button", { name: "40,000원 취소하기" }).click();
    await expect(sheet(page).getByText("서버의 답을 받지 못해 취소 결과를 몰라요")).toBeVisible();
    await expect(sheet(page).getByRole("button", { name: /취소하기$/ })).toHaveCount(0);
    await expect(amountField(page)).toHaveCount(0);
    expect((await mall.inquire(orderId)).data).toMatchObject({ balanceAmount: 58_000 });

    const again = sheet(page).getByRole("button", { name: "이 취소 다시 확인하기" });
    await again.click();
    await expect(again).toBeEnabled();
    await page.unroute(/payment\.cancel\?/);
    await again.click();
    await expect(sheet(page).getByText("40,000원을 취소했어요")).toBeVisible();
    await expect(sheet(page).getByText("잔액은 58,000원이에요.")).toBeVisible();
    expect((await mall.inquire(orderId)).data).toMatchObject({ balanceAmount: 58_000 });
  });

  test("asks for a large amount to be typed once more", async ({ page, mall, signIn }) => {
    const { data } = await mall.approve({ amount: 1_480_000 });
    await signIn("ADMIN");
    await openSheet(page, data.paymentKey);
    await sheet(page).getByLabel("취소 사유").selectOption("중복 결제");
    await sheet(page).getByRole("button", { name: "1,480,000원 취소하기" }).click();
    await expect(sheet(page).getByText("입력한 금액이 취소 금액과 달라요.")).toBeVisible();
    await sheet(page)
      .getByLabel(/한 번 더 입력해 주세요/)
      .fill("1480000");
    await sheet(page).getByRole("button", { name: "1,480,000원 취소하기" }).click();
    await expect(sheet(page).getByText("1,480,000원을 취소했어요")).toBeVisible();
  });

  test("asks an operator for it above half of their limit, and for no ritual at half of it", async ({
    page,
    mall,
    signIn,
  }) => {
    const { data, orderId } = await mall.approve({ amount: 400_000 });
    await signIn("OPERATOR");
    await openSheet(page, data.paymentKey);
    await sheet(page).getByLabel("취소 사유").selectOption("중복 결제");
    const again = sheet(page).getByLabel(/한 번 더 입력해 주세요/);
    await expect(again).toBeVisible();
    await expect(sheet(page).getByText(/한도 500,000원의 절반을 넘으면/)).toBeVisible();
    await amountField(page).fill("250000");
    await expect(again).toHaveCount(0);
    await sheet(page).getByRole("button", { name: "250,000원 취소하기" }).click();
    await expect(sheet(page).getByText("250,000원을 취소했어요")).toBeVisible();
    expect((await mall.inquire(orderId)).data).toMatchObject({ balanceAmount: 150_000 });
  });

  test("says of an unanswered cancel that the result is unknown, and brings it to its end by itself", async ({
    page,
    mall,
    signIn,
  }) => {
    const { data, orderId } = await mall.approve({ amount: 52_400, testCode: "CANCEL_TIMEOUT_APPROVED_X1" });
    await signIn("OPERATOR");
    await openSheet(page, data.paymentKey);
    await sheet(page).getByLabel("취소 사유").selectOption("고객 요청");
    await sheet(page).getByRole("button", { name: "52,400원 취소하기" }).click();
    await expect(sheet(page).getByText("VAN 응답이 없어 취소 결과를 몰라요")).toBeVisible({
      timeout: 20_000,
    });
    await expect(sheet(page).getByText("자동으로 확인하고 있어요. 다시 누르지 않아도 돼요.")).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(page.getByText("전체취소").filter({ visible: true }).first()).toBeVisible({
      timeout: 45_000,
    });
    expect((await mall.inquire(orderId)).data).toMatchObject({ status: "CANCELED" });
  });

  test("is not offered to those who may only read", async ({ page, mall, signIn }) => {
    const { data } = await mall.approve();
    await signIn("VIEWER");
    await page.goto(`/payments/${String(data.paymentKey)}`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.getByRole("button", { name: "결제 취소" })).toHaveCount(0);
    const refused = await page.request.post("/api/trpc/payment.cancel?batch=1", {
      headers: { "sec-fetch-site": "same-origin" },
      data: {
        "0": {
          json: {
            paymentKey: data.paymentKey,
            amountMinor: "1000",
            currentCancelableMinor: "50000",
            reason: "e2e",
            requestKey: randomUUID(),
            language: "ko",
          },
          meta: { values: { amountMinor: ["bigint"], currentCancelableMinor: ["bigint"] } },
        },
      },
    });
    expect(refused.status()).toBe(403);
    expect(await refused.text()).toContain("FORBIDDEN_SCOPE");
  });
});
