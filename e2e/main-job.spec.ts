import { expect, newOrderId, test } from "./fixtures.ts";

// The README's first ten minutes, as a mall and an operator live them.

test("a mall approves, an operator finds the payment and cancels a part of it", async ({
  mall,
  page,
  signIn,
}) => {
  const approval = await mall.approve({ amount: 128_000 });
  expect(approval).toMatchObject({ status: 200, code: "SUCCESS", data: { status: "DONE" } });

  await signIn("OPERATOR");
  await page.goto(`/payments?q=${approval.orderId}`);
  await page.getByRole("link", { name: approval.orderId }).first().click();
  await expect(page.getByText("128,000").filter({ visible: true }).first()).toBeVisible();

  await page.getByRole("button", { name: "결제 취소" }).click();
  const sheet = page.getByRole("dialog");
  await sheet.getByText("일부 금액").click();
  await sheet.getByLabel("취소 금액").fill("48,000");
  await sheet.getByLabel("취소 사유").selectOption({ index: 1 });
  await sheet.getByRole("button", { name: "48,000원 취소하기" }).click();
  await expect(sheet.getByText("취소했어요")).toBeVisible();

  expect(await mall.inquire(approval.orderId)).toMatchObject({
    data: {
      status: "PARTIAL_CANCELED",
      balanceAmount: 80_000,
      cancels: [{ status: "SUCCEEDED", amount: 48_000, vat: 4_363, origin: "CONSOLE" }],
    },
  });
});

test("a lost reply becomes a net cancel, and the timeline says so", async ({ mall, page, signIn }) => {
  const lost = await mall.approve({ amount: 64_500, testCode: "TIMEOUT_APPROVED" });
  expect(lost).toMatchObject({ status: 502, code: "PAYMENT_NET_CANCELED" });
  expect(await mall.inquire(lost.orderId)).toMatchObject({
    data: { status: "NET_CANCELED", balanceAmount: 0 },
  });

  await signIn("VIEWER");
  await page.goto(`/payments/${lost.data.paymentKey}`);
  await expect(page.getByText("망취소완료").filter({ visible: true }).first()).toBeVisible();
  await expect(page.getByText("결과불명").filter({ visible: true }).first()).toBeVisible();
  await expect(page.getByRole("button", { name: "결제 취소" })).toHaveCount(0);
});

test("an exhausted net cancel is a dead letter that an operator re-drives", async ({
  mall,
  page,
  signIn,
  demo,
  request,
}) => {
  test.setTimeout(240_000);
  // Seven tries fail: the one inside the request and the six of the schedule.
  const orderId = newOrderId();
  const dead = await mall.approve({
    orderId,
    amount: 39_000,
    testCode: "TIMEOUT_APPROVED,NETCANCEL_TIMEOUT_X7",
  });
  expect(dead).toMatchObject({ status: 504, code: "PAYMENT_RESULT_UNKNOWN", data: { status: "UNKNOWN" } });

  await signIn("OPERATOR");
  await expect
    .poll(
      async () => {
        await page.goto(`/dead-letters?q=${orderId}`);
        await page.waitForLoadState("networkidle");
        return page.getByText(orderId).count();
      },
      { timeout: 130_000, intervals: [5_000] },
    )
    .toBeGreaterThan(0);

  await page.getByRole("checkbox", { name: new RegExp(orderId) }).check();
  await page.getByRole("button", { name: "1건 재처리 미리보기" }).click();
  await expect(page.getByText("바뀐 것은 아직 없어요")).toBeVisible();
  expect(await mall.inquire(orderId)).toMatchObject({ data: { status: "UNKNOWN" } });
  await page.getByLabel(/사유/).fill("VAN 복구 뒤 재처리");
  await page.getByRole("button", { name: "1건 다시 보내기" }).click();
  await expect(page.getByText("해결됐어요").filter({ visible: true }).first()).toBeVisible({
    timeout: 30_000,
  });

  expect(await mall.inquire(orderId)).toMatchObject({ data: { status: "NET_CANCELED" } });
  const ledgers = await Promise.all(
    demo.vans.map(async (van) => (await request.get(`${van.controlUrl}/ledger?orderId=${orderId}`)).json()),
  );
  const story = ledgers.flat() as { type: string; result: string }[];
  expect(story.filter((entry) => entry.type === "APPROVE" && entry.result === "APPROVED")).toHaveLength(1);
  expect(
    story.filter((entry) => entry.type === "NET_CANCEL" && entry.result === "NET_CANCELED"),
  ).toHaveLength(1);
});
