import type { Locator, Page } from "@playwright/test";
import { expect, test } from "../fixtures.ts";

const widths = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
] as const;

const tab = (page: Page, name: string | RegExp) => page.getByRole("tab", { name });
const open = (page: Page, paymentKey: unknown, query = "") =>
  page.goto(`/payments/${String(paymentKey)}${query}`);
/** The number at the end of a row's text, in tenths of a millisecond. */
const tenthsOf = (text: string | null) =>
  Math.round(Number(/([\d,.]+) ms$/.exec(text ?? "")?.[1]?.replace(",", "")) * 10);

for (const size of widths) {
  test.describe(`the payment page at ${size.width} px`, () => {
    test.use({ viewport: size });

    test("follows an approval from the request to the answer, and on to the webhook", async ({
      page,
      mall,
      signIn,
    }) => {
      const { data } = await mall.approve({ amount: 64_500 });
      await signIn("VIEWER");
      await open(page, data.paymentKey);
      const waterfall = page.getByRole("table", { name: "승인 요청 구간별 소요 시간" });
      const rows = waterfall.getByRole("row");
      for (const hop of ["요청 검증", "결제 잠금", "기록 1", "VAN 승인", "기록 2", "응답"])
        await expect(rows.filter({ hasText: hop }).first()).toBeVisible();
      // The second commit is written in a batch a moment later.
      await expect(rows.filter({ hasText: "기록 2" })).toHaveText(/[\d.]+ ms$/);
      await expect(rows.filter({ hasText: "결과부터 전달까지" })).toHaveText(/(ms|초)$/, { timeout: 20_000 });
      const texts = await rows.allTextContents();
      const total = texts.findIndex((text) => text.startsWith("합계"));
      const hops = texts.slice(0, total).map(tenthsOf);
      expect(hops.reduce((sum, tenths) => sum + tenths, 0)).toBe(tenthsOf(texts[total] ?? null));
    });

    test("foots its cancels and its accounts", async ({ page, mall, signIn }) => {
      const { data } = await mall.approve({ amount: 98_000 });
      await mall.cancel(String(data.paymentKey), { reason: "한 권 반품", amount: 28_000 });
      await mall.cancel(String(data.paymentKey), { reason: "또 한 권", amount: 20_000 });
      await signIn("VIEWER");
      await open(page, data.paymentKey, "?tab=cancels");
      const cancels = page.getByRole("tabpanel");
      for (const text of ["한 권 반품", "−28,000", "70,000", "−20,000", "50,000", "45,455", "4,545"])
        await expect(cancels.getByText(text).first()).toBeVisible();

      await tab(page, /분개/).click();
      const receivable = page.getByRole("table", { name: /VAN 미수금/ });
      await expect(receivable.getByRole("row", { name: /차변 잔액/ })).toHaveText(/50,000$/);
      await expect(
        page.getByRole("table", { name: "가맹점 미지급금" }).getByRole("row", { name: /대변 잔액/ }),
      ).toHaveText(/[^−]50,000$/);
      await expect(page.getByText("계정 잔액의 합이 0이에요")).toBeVisible();
    });

    test("marks the bytes of a field and the field of a byte, masked ones too", async ({
      page,
      mall,
      signIn,
    }) => {
      const { data } = await mall.approve();
      await signIn("VIEWER");
      await open(page, data.paymentKey, "?tab=exchanges");
      const request = page.getByRole("table", { name: "보낸 전문 항목" });
      const bytes = page.getByRole("table", { name: "보낸 전문 16진수" });
      const answer = page.getByRole("table", { name: "받은 전문 항목" });

      // By keyboard: one tab stop, arrows from field to field.
      const first = request.getByRole("button").first();
      await first.focus();
      await page.keyboard.press("ArrowDown");
      await expect(request.getByRole("button").nth(1)).toBeFocused();
      const field = request.getByRole("row", { name: /^거래번호/ });
      await field.getByRole("button").focus();
      const offset = Number(await field.getByRole("cell").first().textContent());
      const marked = bytes.locator(`[data-at="${offset}"]`).first();
      await expect(marked).toHaveClass(/bg-selected/);
      await expect(bytes.locator(`[data-at="${offset - 1}"]`).first()).not.toHaveClass(/bg-selected/);
      // What the answer repeats is marked there as well.
      await expect(answer.getByRole("row", { name: /^거래번호/ })).toHaveClass(/bg-selected/);

      // The other way round, and held by a click.
      const amount = request.getByRole("row", { name: /^금액/ });
      const at = Number(await amount.getByRole("cell").first().textContent());
      await bytes.locator(`[data-at="${at}"]`).first().click();
      await expect(amount.getByRole("button")).toHaveAttribute("aria-pressed", "true");
      await expect(amount).toHaveClass(/bg-selected/);

      const card = request.getByRole("row", { name: /^카드번호/ });
      await expect(card).toContainText("433012******1234");
      await expect(card).toContainText("가림");
      await expect(page.getByText(/4330123412341234/)).toHaveCount(0);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(size.width);
    });
  });
}

test("a message is copied as hex or as text", async ({ page, context, mall, signIn }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const { data, orderId } = await mall.approve();
  await signIn("VIEWER");
  await open(page, data.paymentKey, "?tab=exchanges");
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await page.getByRole("button", { name: "보낸 전문 문자 복사" }).click();
  await expect.poll(copied).toContain(orderId);
  const text = await copied();
  await page.getByRole("button", { name: "보낸 전문 16진수 복사" }).click();
  await expect.poll(copied).toMatch(/^([0-9a-f]{2} )+[0-9a-f]{2}$/);
  const hex = await copied();
  expect(Buffer.from(hex.replaceAll(" ", ""), "hex").toString("latin1")).toContain(orderId);
  expect(text).not.toContain("4330123412341234");
});

test("an idempotency key says what a replay would hear, and that is what it hears", async ({
  page,
  mall,
  signIn,
}) => {
  const { data } = await mall.approve({ amount: 31_000 });
  await signIn("VIEWER");
  await open(page, data.paymentKey, "?tab=idempotency");
  const keys = page.getByRole("list", { name: "멱등키 기록" });
  await expect(keys).toContainText("저장한 답을 그대로 돌려줘요.");
  await expect(keys).toContainText("Idempotent-Replayed: true");
  const body = await keys.getByRole("group", { name: "답의 본문" }).textContent();
  expect(JSON.parse(body ?? "")).toMatchObject({
    code: "SUCCESS",
    data: { paymentKey: data.paymentKey, amount: 31_000 },
  });
});

test("a webhook shows its body, its headers without the signature, and the answer", async ({
  page,
  mall,
  signIn,
}) => {
  const { data } = await mall.approve({ amount: 27_000 });
  await signIn("VIEWER");
  await open(page, data.paymentKey, "?tab=webhooks");
  const panel = page.getByRole("tabpanel");
  await expect(panel.getByText("payment.approved").first()).toBeVisible({ timeout: 20_000 });
  await expect(panel.getByText("webhook-signature:")).toBeVisible({ timeout: 20_000 });
  await expect(panel.getByText("v1,… 서명은 저장하지 않아요")).toBeVisible();
  const body = await panel.getByRole("group", { name: "payment.approved 보내는 본문" }).textContent();
  const sent = JSON.parse(body ?? "") as { type: string; data: { amount: number; sequence: number } };
  expect(sent).toMatchObject({ type: "payment.approved", data: { amount: 27_000 } });
  expect(sent.data.sequence).toBeGreaterThan(0);
  await expect(panel.getByText(/whsec_/)).toHaveCount(0);
});

test("the cancel sheet says what acquisition and settlement make of it, and what of the fee comes back", async ({
  page,
  mall,
  signIn,
}) => {
  const { data } = await mall.approve({ amount: 98_000 });
  await signIn("OPERATOR");
  await open(page, data.paymentKey);
  await page.getByRole("button", { name: "결제 취소" }).click();
  const sheet = page.getByRole("dialog", { name: "결제 취소" });
  await expect(sheet.getByText(/매입 전이에요.*구매자 카드에 청구되지 않아요/)).toBeVisible();
  await expect(sheet.getByText(/정산에 금액이 남지 않아요/)).toBeVisible();
  await sheet.getByRole("button", { name: "절반 49,000원" }).click();
  await expect(sheet.getByLabel("취소 금액")).toHaveValue("49,000");
  await expect(sheet.getByText(/정산에 남은 49,000원만 올라가요/)).toBeVisible();
  await expect(sheet.getByText(/3–.?4영업일 뒤에 돌려받아요/)).toBeVisible();
  const fee = sheet.getByRole("row", { name: /^수수료 −[\d,]+ / });
  const amountsOf = async (row: Locator) =>
    (await row.getByRole("cell").allTextContents()).map((text) =>
      Number(text.replaceAll(",", "").replace("−", "-")),
    );
  const [before = 0, change = 0, after = 0] = await amountsOf(fee);
  expect(before).toBeLessThan(0);
  expect(change).toBeGreaterThan(0);
  expect(before + change).toBe(after);
  // As printed, what is left and what is taken add up to what the mall gets, in each column.
  const [balance = [], fees = [], vat = [], net = []] = await Promise.all(
    [/^결제 잔액/, /^수수료 −/, /^수수료 부가세/, /^정산 금액/].map((name) =>
      amountsOf(sheet.getByRole("row", { name })),
    ),
  );
  for (const column of [0, 1, 2])
    expect((balance[column] ?? 0) + (fees[column] ?? 0) + (vat[column] ?? 0)).toBe(net[column]);
  await expect(sheet.getByText(/가맹점은 수수료 [\d,]+원을 돌려받아요/)).toBeVisible();
  await expect(sheet.getByText(/취소 기한 \d{4}-\d{2}-\d{2} \(36[45]일 남음\)/)).toBeVisible();
});

test("prints as a record of its own, in day colours, without the console around it", async ({
  page,
  mall,
  signIn,
}) => {
  const { data, orderId } = await mall.approve({ amount: 55_000 });
  await mall.cancel(String(data.paymentKey), { reason: "변심", amount: 5_000 });
  await signIn("VIEWER");
  await page.emulateMedia({ colorScheme: "dark" });
  await open(page, data.paymentKey);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("55,000원");
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  const record = page.getByRole("article");
  await expect(record.getByRole("heading", { name: "결제 기록" })).toBeVisible();
  await expect(record).toContainText(orderId);
  await expect(record.getByRole("row", { name: /잔액/ })).toHaveText(/50,000$/);
  await expect(page.getByRole("tablist")).toBeHidden();
  await expect(page.getByRole("navigation")).toBeHidden();
  expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(
    "rgb(255, 255, 255)",
  );
  expect(await record.evaluate((element) => getComputedStyle(element).color)).toBe("rgb(18, 22, 29)");
});
