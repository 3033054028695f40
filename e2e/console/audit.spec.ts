import { expect, test } from "../fixtures.ts";

test("an operator's cancel is in the log with who, why and what changed", async ({ mall, page, signIn }) => {
  const approval = await mall.approve({ amount: 72_000 });
  await signIn("ADMIN");
  await page.goto(`/payments/${approval.data.paymentKey}`);
  await page.getByRole("button", { name: "결제 취소" }).click();
  const sheet = page.getByRole("dialog");
  await sheet.getByLabel("취소 사유").selectOption({ index: 1 });
  await sheet.getByRole("button", { name: "72,000원 취소하기" }).click();
  await expect(sheet.getByText("취소했어요")).toBeVisible();

  await page.goto(`/audit?target=${approval.data.paymentKey}`);
  await expect(page.getByRole("table").getByText(approval.orderId).first()).toBeVisible();
  await page
    .getByRole("button", { name: /^결제 취소\. / })
    .first()
    .click();
  const drawer = page.getByRole("dialog");
  await expect(drawer.getByRole("row", { name: /잔액\(원\) 72,000 0/ })).toBeVisible();
  await expect(drawer.getByText("사용자", { exact: true })).toBeVisible();
  await expect(drawer.getByRole("link", { name: "결제 보기" })).toHaveAttribute(
    "href",
    `/payments/${approval.data.paymentKey}`,
  );
});

test("the chain check says that nothing was changed, and is recorded itself", async ({ page, signIn }) => {
  await signIn("AUDITOR");
  await page.goto("/audit");
  await page.getByRole("button", { name: "기록 검사" }).click();
  await expect(page.getByText(/^[\d,]+건이 모두 그대로예요$/)).toBeVisible();
  await expect(
    page
      .getByRole("table")
      .getByRole("button", { name: /^감사 로그 검사/ })
      .first(),
  ).toBeVisible();
});

test("the log is found by who, what and when, and pages without an end of its own", async ({
  page,
  signIn,
}) => {
  await signIn("AUDITOR");
  await page.goto("/audit");
  // A click before the page has come alive opens nothing.
  await page.waitForLoadState("networkidle");
  await page.getByRole("button", { name: "무엇을", exact: true }).click();
  await page.getByRole("checkbox", { name: "결제 취소" }).check();
  await page.getByRole("button", { name: "적용" }).click();
  await expect(page).toHaveURL(/action=payment\.cancel/);
  const rows = page.getByRole("table").getByRole("row");
  await expect(rows).toHaveCount(51);
  await page.getByRole("button", { name: "다음 결과 보기" }).click();
  await expect(rows).not.toHaveCount(51);
  await expect(page.getByRole("table").getByRole("button", { name: /^로그인/ })).toHaveCount(0);

  await page.getByRole("button", { name: "기간", exact: true }).click();
  await page.getByRole("button", { name: "오늘" }).click();
  await expect(page).toHaveURL(/date=today/);
  await page.goBack();
  await expect(page).not.toHaveURL(/date=/);
});

test("an entry is found by any text that was written down with it", async ({ mall, page, signIn }) => {
  const { data, orderId } = await mall.approve({ amount: 31_000 });
  await signIn("ADMIN");
  await page.goto(`/payments/${String(data.paymentKey)}`);
  await page.getByRole("button", { name: "결제 취소" }).click();
  const sheet = page.getByRole("dialog");
  await sheet.getByLabel("취소 사유").selectOption({ index: 1 });
  await sheet.getByRole("button", { name: "31,000원 취소하기" }).click();
  await expect(sheet.getByText("취소했어요")).toBeVisible();
  await page.goto("/audit");
  await page.waitForLoadState("networkidle");
  await page.getByRole("button", { name: "내용", exact: true }).click();
  await page.getByLabel("들어 있는 글").fill(orderId.slice(0, -2).toLowerCase());
  await page.getByRole("button", { name: "적용" }).click();
  await expect(page).toHaveURL(/contains=/);
  await expect(page.getByRole("table").getByRole("row")).toHaveCount(2);
});

for (const role of ["VIEWER", "OPERATOR", "SETTLEMENT"] as const) {
  test(`a ${role} may not read it, and is told who may`, async ({ page, mall, signIn }) => {
    const { data } = await mall.approve();
    await signIn(role);
    await page.goto("/");
    await expect(page.getByRole("link", { name: "결제 내역" })).toBeVisible();
    await expect(page.getByRole("link", { name: "감사 로그" })).toHaveCount(0);
    await page.goto("/audit");
    await expect(page.getByRole("heading", { name: "이 화면은 볼 권한이 없어요" })).toBeAttached();
    await expect(page.getByText("관리자, 감사 역할만 볼 수 있어요")).toBeVisible();
    await expect(page.getByRole("table")).toHaveCount(0);
    await expect(page.getByRole("button", { name: "기록 검사" })).toHaveCount(0);
    await page.goto(`/payments/${String(data.paymentKey)}`);
    await expect(page.getByRole("tab", { name: /^타임라인/ })).toBeVisible();
    await expect(page.getByRole("tab", { name: /^감사/ })).toHaveCount(0);

    const asked = encodeURIComponent(JSON.stringify({ 0: { json: { filter: {} } } }));
    const refused = await page.request.get(`/api/trpc/audit.search?batch=1&input=${asked}`);
    expect(refused.status()).toBe(403);
    const checking = await page.request.post("/api/trpc/audit.verify", {
      headers: { "sec-fetch-site": "same-origin" },
      data: {},
    });
    // A platform that is busy turns it away before it looks at who asks.
    expect([403, 503]).toContain(checking.status());
  });
}
