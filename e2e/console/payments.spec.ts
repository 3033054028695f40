import { expect, newOrderId, test } from "../fixtures.ts";

test.describe("the list of payments", () => {
  test("finds a payment by order id, payment key, approval number and last four digits", async ({
    page,
    mall,
    signIn,
  }) => {
    const { orderId, data } = await mall.approve({ amount: 41_300 });
    const card = data.card as { last4: string; approvalNumber: string };
    await signIn("VIEWER");

    const search = page.getByRole("searchbox", { name: "이 목록에서 검색" });
    for (const words of [
      orderId,
      String(data.paymentKey),
      card.approvalNumber,
      `${card.last4} ${orderId.slice(4)}`,
    ]) {
      await page.goto("/payments");
      await search.fill(words);
      await search.press("Enter");
      await expect(page.getByRole("link", { name: orderId })).toBeVisible();
      await expect(page.getByText("1건", { exact: true })).toBeVisible();
      await expect(page).toHaveURL(/[?&]q=/);
    }
  });

  test("takes conditions that are typed, and says what is none and mends it", async ({
    page,
    mall,
    signIn,
  }) => {
    const { orderId } = await mall.approve({ amount: 123_000 });
    const other = await mall.approve({ amount: 5_000 });
    await signIn("VIEWER");
    await page.goto("/payments");
    const search = page.getByRole("searchbox", { name: "이 목록에서 검색" });
    await search.fill(`상텨:승인완료 금액:>=12만 가맹점:"${mall.name}"`);
    // Half a condition is never searched for, however long one waits.
    await page.waitForTimeout(600);
    await expect(page).toHaveURL(/\/payments$/);
    await search.press("Enter");
    await expect(page.getByText("'상텨'라는 조건은 없어요. '상태'를 찾으셨나요?")).toBeVisible();
    await expect(search).toHaveAttribute("aria-invalid", "true");
    await expect(page).toHaveURL(/\/payments$/);
    await page.getByRole("button", { name: /^상태:승인완료 .+ 검색하기$/ }).click();
    await expect(page).toHaveURL(/status=DONE&mall=mall_[^&]+&amount=gte:120000$/);
    await expect(page.getByRole("link", { name: orderId })).toBeVisible();
    await expect(page.getByRole("link", { name: other.orderId })).toHaveCount(0);
    await expect(search).toHaveValue("");
    await search.fill(`금액:많이 ${orderId}`);
    await search.press("Enter");
    await expect(page.getByText(/^'많이'는 금액이 아니에요\./)).toBeVisible();
    await expect(page).toHaveURL(/amount=gte:120000$/);
    await search.fill(`금액:<1만 ${other.orderId}`);
    await search.press("Enter");
    await expect(page).toHaveURL(/q=.+&status=DONE&mall=.+&amount=lte:9999$/);
    await expect(page.getByRole("link", { name: other.orderId })).toBeVisible();
    await expect(search).toHaveValue(other.orderId);
  });

  test("searches from anywhere by the box at the top", async ({ page, mall, signIn }) => {
    const { orderId, data } = await mall.approve();
    await signIn("VIEWER");
    const box = page.getByRole("searchbox", { name: "결제 찾기" });
    await page.goto("/");
    await expect(page.getByRole("heading", { level: 1, name: "홈" })).toBeVisible();
    await box.focus();
    await box.fill(orderId);
    await box.press("Enter");
    await expect(page.getByRole("link", { name: orderId })).toBeVisible();
    await box.fill(String(data.paymentKey));
    await box.press("Enter");
    await expect(page).toHaveURL(`/payments/${String(data.paymentKey)}`);
  });

  test("narrows by conditions, adds up what matches, and Back undoes each", async ({
    page,
    mall,
    signIn,
  }) => {
    const mark = newOrderId();
    await mall.approve({ orderId: `${mark}-a`, amount: 12_000 });
    const second = await mall.approve({ orderId: `${mark}-b`, amount: 30_500 });
    await mall.approve({ orderId: `${mark}-c`, amount: 99_000, testCode: "DECLINE_CARD_LIMIT_EXCEEDED" });
    await mall.cancel(String(second.data.paymentKey), { reason: "e2e", amount: 500 });
    await signIn("VIEWER");

    await page.goto(`/payments?q=${mark}`);
    const totals = page.locator("tfoot");
    await expect(page.getByText("3건", { exact: true })).toBeVisible();
    await expect(totals).toContainText("42,500");
    await expect(totals).toContainText("−500");
    await expect(totals).toContainText("42,000");

    await page.getByRole("button", { name: "조건 추가" }).click();
    await page.getByRole("button", { name: "상태", exact: true }).click();
    await page.getByRole("checkbox", { name: "부분취소" }).check();
    await page.getByRole("button", { name: "적용" }).click();
    await expect(page.getByText("1건", { exact: true })).toBeVisible();
    await expect(page).toHaveURL(/status=PARTIAL_CANCELED/);
    await expect(totals).toContainText("30,000");

    await page.getByRole("button", { name: "조건 추가" }).click();
    await page.getByRole("button", { name: "금액", exact: true }).click();
    await page.getByLabel("최소 금액").fill("40,000");
    await page.getByRole("button", { name: "적용" }).click();
    await expect(page.getByText("조건에 맞는 결제가 없어요")).toBeVisible();

    await page.goBack();
    await expect(page.getByText("1건", { exact: true })).toBeVisible();
    await page.goBack();
    await expect(page.getByText("3건", { exact: true })).toBeVisible();
  });

  test("does not move rows when payments come in: they wait behind a button", async ({
    page,
    mall,
    signIn,
  }) => {
    await mall.approve();
    await signIn("VIEWER");
    await page.goto("/payments");
    const first = page.locator("tbody tr[data-payment]").first();
    await expect(first).toBeVisible();
    const before = await first.getAttribute("data-payment");

    const { orderId } = await mall.approve();
    const show = page.getByRole("button", { name: /새 결제 .*건 보기/ });
    await expect(show).toBeVisible({ timeout: 15_000 });
    expect(await first.getAttribute("data-payment")).toBe(before);
    await show.click();
    await expect(page.getByRole("link", { name: orderId })).toBeVisible();
  });

  test("changes a row in place when its payment changes", async ({ page, mall, signIn }) => {
    const { orderId, data } = await mall.approve({ amount: 20_000 });
    await signIn("VIEWER");
    await page.goto(`/payments?q=${orderId}&status=DONE`);
    const row = page.locator("tbody tr[data-payment]");
    await expect(row).toContainText("승인완료");
    await mall.cancel(String(data.paymentKey), { reason: "e2e", amount: 5_000 });
    await expect(row).toContainText("부분취소", { timeout: 15_000 });
    await expect(row).toContainText("−5,000");
    await expect(row).toContainText("조건에서 벗어남");
  });

  test("is worked by keyboard, and Back finds the row again", async ({ page, signIn }) => {
    await signIn("VIEWER");
    await page.goto("/payments");
    const rows = page.locator("tbody tr[data-payment]");
    await expect(rows.first()).toBeVisible();
    await page.keyboard.press("/");
    await expect(page.getByRole("searchbox", { name: "이 목록에서 검색" })).toBeFocused();
    await page.keyboard.press("Escape");
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("k");
    const second = await rows.nth(1).getAttribute("data-payment");
    await expect(rows.nth(1).getByRole("link")).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(`/payments/${second}`);
    await page.goBack();
    await expect(page.locator(`tr[data-payment="${second}"] td`).first()).toHaveCSS("box-shadow", /inset/);
  });

  test("pages on by itself, each row once", async ({ page, signIn }) => {
    await signIn("VIEWER");
    await page.goto("/payments?date=30d&sort=-amount");
    const area = page.getByRole("region", { name: /^결제 .*건/ });
    await expect(page.locator("tbody tr[data-payment]").first()).toBeVisible();
    const seen = new Map<string, number>();
    await expect(async () => {
      const shown = await page.locator("tbody tr[data-payment]").evaluateAll((rows) =>
        rows.map((row) => ({
          id: row.getAttribute("data-payment") ?? "",
          amount: Number((row.querySelectorAll("td")[6]?.textContent ?? "").replaceAll(",", "")),
        })),
      );
      for (const { id, amount } of shown) seen.set(id, amount);
      await area.evaluate((element) => element.scrollBy(0, 500));
      expect(seen.size).toBeGreaterThan(250);
    }).toPass({ timeout: 30_000, intervals: [100] });
    const amounts = [...seen.values()];
    expect(amounts).toEqual(amounts.toSorted((a, b) => b - a));
  });

  test("is a list of three lines on a narrow screen, without sideways scrolling", async ({
    page,
    signIn,
  }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await signIn("VIEWER");
    await page.goto("/payments");
    const card = page.locator("a[data-payment]").first();
    await expect(card).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await card.click();
    await expect(page.getByRole("heading", { level: 1 })).toContainText("원");
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    // The main area scrolls, never the frame around it.
    expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBeLessThanOrEqual(844);
  });
});

test.describe("a payment's page", () => {
  test("tells its story from the mall's request on", async ({ page, mall, signIn }) => {
    const { data, orderId } = await mall.approve({ amount: 64_500 });
    await signIn("VIEWER");
    await page.goto(`/payments/${String(data.paymentKey)}`);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("64,500원");
    await expect(page.getByRole("tabpanel").getByText("승인 요청", { exact: true })).toBeVisible();
    await expect(page.getByRole("table", { name: "승인 요청 구간별 소요 시간" })).toContainText("VAN 승인");
    await expect(page.getByRole("complementary", { name: "결제 정보" })).toContainText(orderId);

    await page.getByRole("tab", { name: /분개/ }).click();
    await expect(page.getByText("계정 잔액의 합이 0이에요")).toBeVisible();
    await page.getByRole("tab", { name: /전문/ }).click();
    await expect(page.getByRole("heading", { name: /보낸 전문/ })).toBeVisible();
    await expect(page.getByText(/4330123412341234/)).toHaveCount(0);
    await page.getByRole("tab", { name: /멱등키/ }).click();
    await expect(page.getByRole("list", { name: "멱등키 기록" })).toContainText("POST");
    // What a role may not see is not there.
    await expect(page.getByRole("tab", { name: /감사/ })).toHaveCount(0);
  });

  test("counts down an unknown outcome and becomes NET_CANCELED while one looks on", async ({
    page,
    mall,
    signIn,
  }) => {
    await signIn("VIEWER");
    const pending = mall.approve({ testCode: "TIMEOUT_APPROVED NETCANCEL_TIMEOUT_X1" });
    const { data } = await pending;
    await page.goto(`/payments/${String(data.paymentKey)}`);
    await expect(page.getByText("VAN의 응답을 받지 못해 결과를 몰라요.")).toBeVisible();
    await expect(page.getByText(/망취소 \d+번째 시도 예정/)).toBeVisible();
    await expect(page.getByText("망취소완료").filter({ visible: true }).first()).toBeVisible({
      timeout: 45_000,
    });
    await expect(page.getByText("VAN의 응답을 받지 못해 결과를 몰라요.")).toHaveCount(0);
  });

  test("says plainly that a key has no payment", async ({ page, signIn }) => {
    await signIn("VIEWER");
    await page.goto("/payments/pay_00000000000000000000000000");
    await expect(page.getByRole("heading", { name: "이 결제키의 결제가 없어요" })).toBeAttached();
    await page.getByRole("link", { name: "결제 내역으로" }).click();
    await expect(page).toHaveURL(/\/payments$/);
  });
});
