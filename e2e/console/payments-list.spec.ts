import type { Page } from "@playwright/test";
import { expectAccessible } from "../axe.ts";
import { expect, newOrderId, test } from "../fixtures.ts";

/** A name that no other test uses. */
const newName = () => `보기 ${newOrderId().slice(-6)}`;
const rowsOf = (page: Page) => page.locator("tbody tr[data-payment]");
const views = (page: Page) => page.getByRole("navigation", { name: "저장한 보기" });
const viewTab = (page: Page, name: string) =>
  views(page).getByRole("button", { name: new RegExp(`^${name}(?!.* 보기 메뉴$)`) });

async function saveView(page: Page, name: string, shared = false): Promise<void> {
  await views(page)
    .getByRole("button", { name: /^(보기 저장|다른 이름으로 저장)$/ })
    .click();
  const sheet = page.getByRole("dialog");
  await sheet.getByLabel("보기 이름").fill(name);
  if (shared) await sheet.getByRole("checkbox", { name: "모두에게 공유" }).check();
  await sheet.getByRole("button", { name: "보기 저장", exact: true }).click();
  await expect(sheet).toBeHidden();
  await expect(viewTab(page, name)).toBeVisible();
}

async function chooseInMenu(page: Page, name: string, item: string): Promise<void> {
  await page.getByRole("button", { name: `${name} 보기 메뉴` }).click();
  await page.getByRole("menuitem", { name: item, exact: true }).click();
}

test.describe("saved views", () => {
  test("an operator saves the list as it is set up, changes it, and brings it back by its name", async ({
    page,
    signIn,
  }) => {
    await signIn("OPERATOR");
    const name = newName();
    await page.goto("/payments?status=UNKNOWN,CANCEL_PENDING&date=30d&sort=-amount");
    await expect(page.getByText("금액 큰 순").first()).toBeAttached();
    await saveView(page, name);
    await expect(page).toHaveURL(/view=view_/);

    await page.getByRole("button", { name: "상태 조건 지우기" }).click();
    await expect(views(page).getByText("수정됨")).toBeVisible();
    await views(page).getByRole("button", { name: "되돌리기" }).click();
    await expect(page).toHaveURL(/status=UNKNOWN,CANCEL_PENDING/);
    await expect(views(page).getByText("수정됨")).toHaveCount(0);

    await page.getByRole("button", { name: "오늘 취소" }).click();
    await views(page).getByRole("button", { name: "저장", exact: true }).click();
    await expect(views(page).getByText("수정됨")).toHaveCount(0);
    await views(page).getByRole("button", { name: "전체" }).click();
    await expect(page).toHaveURL(/\/payments\?view=all$/);
    await viewTab(page, name).click();
    await expect(page).toHaveURL(/canceled=today/);
    await expect(page).toHaveURL(/sort=-amount/);
  });

  test("a view can be renamed, made the default, deleted, and brought back", async ({ page, signIn }) => {
    await signIn("OPERATOR");
    const name = newName();
    await page.goto("/payments?status=ABORTED&date=30d");
    await saveView(page, name);
    await chooseInMenu(page, name, "이름 바꾸기");
    const sheet = page.getByRole("dialog");
    await sheet.getByLabel("보기 이름").fill(`${name}!`);
    await sheet.getByRole("button", { name: "이름 바꾸기" }).click();
    await expect(viewTab(page, `${name}!`)).toBeVisible();

    await chooseInMenu(page, `${name}!`, "기본 보기로");
    await expect(views(page).getByText("기본 보기", { exact: true })).toBeAttached();
    await page.goto("/payments");
    await expect(page).toHaveURL(/status=ABORTED/);

    await chooseInMenu(page, `${name}!`, "지우기");
    await expect(viewTab(page, `${name}!`)).toHaveCount(0);
    await page.getByRole("button", { name: "되돌리기" }).click();
    await expect(viewTab(page, `${name}!`)).toBeVisible();
    // What a test leaves behind must not be how the next one begins.
    await viewTab(page, `${name}!`).click();
    await chooseInMenu(page, `${name}!`, "지우기");
    await expect(viewTab(page, `${name}!`)).toHaveCount(0);
    await page.goto("/payments");
    await expect(page).toHaveURL(/\/payments$/);
  });

  test("a shared view is everybody's to open, and its owner's and an admin's to change", async ({
    browser,
    page,
    signIn,
  }) => {
    const name = newName();
    await signIn("OPERATOR");
    await page.goto("/payments?status=DONE&date=30d");
    await saveView(page, name, true);

    const asViewer = await (await browser.newContext()).newPage();
    await signIn("VIEWER", asViewer);
    await asViewer.goto("/payments");
    await viewTab(asViewer, name).click();
    await expect(asViewer).toHaveURL(/status=DONE/);
    await asViewer.getByRole("button", { name: `${name} 보기 메뉴` }).click();
    await expect(asViewer.getByRole("menuitem", { name: "기본 보기로" })).toBeVisible();
    for (const item of ["이름 바꾸기", "공유 그만하기", "지우기"])
      await expect(asViewer.getByRole("menuitem", { name: item })).toHaveCount(0);
    await asViewer.keyboard.press("Escape");
    // A VIEWER keeps views, but shares none.
    await views(asViewer).getByRole("button", { name: "다른 이름으로 저장" }).click();
    await expect(asViewer.getByRole("dialog").getByLabel("보기 이름")).toBeVisible();
    await expect(asViewer.getByRole("dialog").getByRole("checkbox")).toHaveCount(0);
    await asViewer.context().close();

    const asAdmin = await (await browser.newContext()).newPage();
    await signIn("ADMIN", asAdmin);
    await asAdmin.goto("/payments");
    await viewTab(asAdmin, name).click();
    await chooseInMenu(asAdmin, name, "지우기");
    await expect(viewTab(asAdmin, name)).toHaveCount(0);
    await asAdmin.context().close();
  });

  test("a name that is taken is refused where it was typed", async ({ page, signIn }) => {
    const name = newName();
    await signIn("SETTLEMENT");
    await page.goto("/payments?date=30d");
    await saveView(page, name);
    await views(page).getByRole("button", { name: "다른 이름으로 저장" }).click();
    const sheet = page.getByRole("dialog");
    await sheet.getByLabel("보기 이름").fill(name);
    await sheet.getByRole("button", { name: "보기 저장", exact: true }).click();
    await expect(sheet.getByText("같은 이름의 보기가 있어요.")).toBeVisible();
  });
});

test("columns are chosen by keyboard, and are still so after a reload", async ({ page, signIn }) => {
  await signIn("AUDITOR");
  await page.goto("/payments?date=30d");
  await expect(rowsOf(page).first()).toBeVisible();
  const heads = page.locator("thead th");
  await page.getByRole("button", { name: "열", exact: true }).press("Enter");
  const chooser = page.getByRole("dialog", { name: "열 고르기" });
  // What an earlier try of this test chose is kept as well.
  await chooser.getByRole("button", { name: "처음으로" }).click();
  await expect(heads).toHaveCount(11);
  await chooser.getByRole("checkbox", { name: "경로" }).press("Space");
  const kept = page.waitForResponse(
    (answer) =>
      answer.url().includes("savedView.chooseColumns") &&
      /"status","time","mall","amount"/.test(answer.request().postData() ?? ""),
  );
  await chooser.getByRole("button", { name: "금액(원) 앞으로" }).press("Enter");
  await chooser.getByRole("button", { name: "금액(원) 앞으로" }).press("Enter");
  await page.keyboard.press("Escape");
  const expected = [
    "상태",
    "결제 시각",
    "가맹점",
    "금액(원)",
    "주문번호 · 상품",
    "결제수단",
    "취소(원)",
    "잔액(원)",
    "VAN",
  ];
  await expect(heads).toHaveText(["", ...expected]);
  await kept;
  await page.reload();
  await expect(heads).toHaveText(["", ...expected]);
  await page.getByRole("button", { name: "열", exact: true }).click();
  await page.getByRole("button", { name: "처음으로" }).click();
  await expect(heads).toHaveCount(11);
});

test.describe("a selection", () => {
  test("is made by mouse, range and key, adds up, and is copied and exported", async ({
    page,
    context,
    mall,
    signIn,
  }) => {
    const mark = newOrderId();
    for (const amount of [10_000, 20_000, 30_000])
      await mall.approve({ orderId: `${mark}-${amount}`, amount });
    await mall.approve({ orderId: `${mark}-no`, amount: 99_000, testCode: "DECLINE_CARD_LIMIT_EXCEEDED" });
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await signIn("OPERATOR");
    await page.goto(`/payments?q=${mark}&sort=amount`);
    const rows = rowsOf(page);
    await expect(rows).toHaveCount(4);
    await rows.nth(0).getByRole("checkbox").click();
    await expect(page.getByText("1건 선택")).toBeVisible();
    await rows
      .nth(2)
      .getByRole("checkbox")
      .click({ modifiers: ["Shift"] });
    await expect(page.getByText("3건 선택")).toBeVisible();
    await expect(page.getByText("승인 60,000원 · 잔액 60,000원")).toBeVisible();

    await page.getByRole("button", { name: "결제키 복사" }).click();
    const keys = (await page.evaluate(() => navigator.clipboard.readText())).split("\n");
    expect(keys).toHaveLength(3);
    expect(keys[0]).toBe(await rows.nth(0).getAttribute("data-payment"));

    const downloading = page.waitForEvent("download");
    await page.getByRole("button", { name: "CSV 내보내기" }).click();
    const file = await (await downloading).createReadStream();
    let csv = "";
    for await (const part of file) csv += String(part);
    expect(csv.trim().split("\r\n")).toHaveLength(4);
    expect(csv).toContain(`${mark}-20000`);

    // Esc clears first; then `x` selects the row with the cursor.
    await page.keyboard.press("Escape");
    await expect(page.getByText(/건 선택$/)).toHaveCount(0);
    await page.keyboard.press("j");
    await page.keyboard.press("x");
    await expect(page.getByText("1건 선택")).toBeVisible();
    await page.getByRole("checkbox", { name: "불러온 결제 모두 선택" }).check();
    await expect(page.getByText("4건 선택")).toBeVisible();
    await expect(page.getByText("승인 60,000원 · 잔액 60,000원")).toBeVisible();
    await expect(page.getByRole("link", { name: "취소…" })).toHaveAttribute(
      "href",
      /^\/bulk\/new\?ids=pay_\w+(,pay_\w+){3}$/,
    );
    // Another filter, another list: nothing stays selected behind it.
    await page.getByRole("button", { name: "승인실패" }).click();
    await expect(rows).toHaveCount(1);
    await expect(page.getByText(/건 선택$/)).toHaveCount(0);
  });

  test("of everything that matches is handed to a bulk cancel by its filter, and seen there first", async ({
    page,
    signIn,
  }) => {
    await signIn("OPERATOR");
    await page.goto("/payments?date=yesterday&status=DONE");
    await expect(rowsOf(page).first()).toBeVisible();
    await page.getByRole("checkbox", { name: "불러온 결제 모두 선택" }).check();
    const offer = page.getByRole("button", { name: /^조건에 맞는 [\d,]+건 모두 선택$/ });
    const count = /[\d,]+건/.exec((await offer.textContent()) ?? "")?.[0] ?? "no count";
    await offer.click();
    await expect(page.getByText(`조건에 맞는 ${count}을 모두 선택했어요`)).toBeVisible();
    // Without one of them it is no longer everything.
    await rowsOf(page).nth(1).getByRole("checkbox").uncheck();
    await expect(page.getByText(/^\d+건 선택$/)).toBeVisible();
    await rowsOf(page).nth(1).getByRole("checkbox").check();
    await offer.click();
    await page.getByRole("link", { name: "취소…" }).click();
    await expect(page).toHaveURL(/\/bulk\/new\?matching=\d+&status=DONE&date=yesterday$/);
    await expect(page.getByText(`조건에 맞는 ${count}`, { exact: true })).toBeVisible();
    await expect(page.getByText("아직 아무것도 취소하지 않았어요")).toBeVisible({ timeout: 30_000 });
    await expect(
      page
        .getByText(new RegExp(`^${count} 가운데 500건을 보여요`))
        .or(page.getByRole("table", { name: `미리보기 ${count}` }))
        .first(),
    ).toBeVisible();
    // A condition that nobody can read would choose more than was meant.
    await page.goto("/bulk/new?matching=3&status=DONE,GONE&date=yesterday");
    await expect(page.getByText(/조건을 모두 읽지 못했어요/)).toBeVisible();
    await expect(page.getByText(/아직 아무것도 취소하지 않았어요/)).toHaveCount(0);
  });

  test("offers a VIEWER neither cancelling nor a file", async ({ page, signIn }) => {
    await signIn("VIEWER");
    await page.goto("/payments?date=30d");
    await rowsOf(page).first().getByRole("checkbox").check();
    await expect(page.getByRole("button", { name: "결제키 복사" })).toBeVisible();
    await expect(page.getByText("취소…", { exact: true })).toHaveCount(0);
    await expect(page.getByRole("button", { name: /내보내기|CSV/ })).toHaveCount(0);
  });
});

test("words of two letters are found, and a quick filter is one click on and one off", async ({
  page,
  mall,
  signIn,
}) => {
  const mark = newOrderId();
  const { data } = await mall.approve({ orderId: `${mark}-a`, orderName: "뿔테 안경", amount: 1_200_000 });
  await mall.approve({ orderId: `${mark}-b`, orderName: "뿔테 안경집", amount: 5_000 });
  await mall.cancel(String(data.paymentKey), { reason: "e2e", amount: 1_000 });
  await signIn("VIEWER");
  await page.goto(`/payments?q=${encodeURIComponent(`뿔테 ${mark}`)}`);
  const rows = rowsOf(page);
  await expect(rows).toHaveCount(2);
  const large = page.getByRole("button", { name: "100만원 이상", exact: true });
  await large.click();
  await expect(rows).toHaveCount(1);
  await expect(large).toHaveAttribute("aria-pressed", "true");
  await large.click();
  await expect(rows).toHaveCount(2);
  await page.getByRole("button", { name: "오늘 취소", exact: true }).click();
  await expect(rows).toHaveCount(1);
  await expect(page).toHaveURL(/canceled=today/);
});

test("the keys are on a sheet, and the palette goes anywhere", async ({ page, mall, signIn }) => {
  const { data, orderId } = await mall.approve();
  await signIn("VIEWER");
  await page.goto("/payments?date=30d");
  await expect(rowsOf(page).first()).toBeVisible();
  await page.keyboard.press("Shift+Slash");
  const help = page.getByRole("dialog", { name: "단축키" });
  await expect(help.getByText("결제 링크 복사")).toBeVisible();
  await expect(help.getByText("이 목록에서 검색")).toBeInViewport();
  await page.keyboard.press("Escape");
  await expect(help).toBeHidden();

  const palette = page.getByRole("dialog", { name: "이동과 찾기" });
  const box = palette.getByRole("combobox");
  await page.keyboard.press("Control+k");
  await box.fill("데드");
  await expect(palette.getByRole("option", { name: "데드레터" })).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/dead-letters/);

  await page.keyboard.press("Control+k");
  // What a role may not see is not offered.
  await expect(palette.getByRole("option", { name: "감사 로그" })).toHaveCount(0);
  await box.fill(String(data.paymentKey));
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(`/payments/${String(data.paymentKey)}`);

  await page.keyboard.press("Control+k");
  await box.fill("어둡게");
  await page.keyboard.press("Enter");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.keyboard.press("Control+k");
  await box.fill(orderId);
  await page.keyboard.press("Enter");
  await expect(rowsOf(page)).toHaveCount(1);
});

test("keys peek, add a condition, lead to a cancel and to other pages, and are letters in a field", async ({
  page,
  mall,
  signIn,
}) => {
  const { orderId, data } = await mall.approve({ amount: 37_000 });
  const status = async () => (await mall.inquire(orderId)).data.status;
  await signIn("OPERATOR");
  await page.goto(`/payments?q=${orderId}`);
  await expect(rowsOf(page)).toHaveCount(1);

  await page.keyboard.press("j");
  await page.keyboard.press("Space");
  const peek = page.getByRole("dialog", { name: orderId });
  await expect(peek.getByText("37,000")).not.toHaveCount(0);
  await expect(peek.getByRole("link", { name: mall.name })).toBeVisible();
  await expectAccessible(page, "a peek");
  // Whatever is below an open layer does not hear of a key.
  await page.keyboard.press("x");
  await page.keyboard.press("g");
  await page.keyboard.press("d");
  await page.keyboard.press("Escape");
  await expect(peek).toBeHidden();
  await expect(page).toHaveURL(new RegExp(`/payments\\?q=${orderId}$`));
  await expect(page.getByText(/건 선택$/)).toHaveCount(0);

  await page.keyboard.press("f");
  const adding = page.getByRole("dialog", { name: "조건 추가" });
  await expect(adding.getByRole("button", { name: "상태", exact: true })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(adding).toBeHidden();

  await page.keyboard.press("/");
  await page.keyboard.type("gdfcx");
  await expect(page.locator('[aria-keyshortcuts="/"]')).toHaveValue("gdfcx");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page.goto(`/payments?q=${orderId}`);
  await expect(rowsOf(page)).toHaveCount(1);

  // A control answers a moment before the keys do; to go down from the only row is to stay there.
  await expect(async () => {
    await page.keyboard.press("j");
    await expect(rowsOf(page).getByRole("link").first()).toBeFocused({ timeout: 500 });
  }).toPass();
  await page.keyboard.press("c");
  await expect(page).toHaveURL(`/payments/${String(data.paymentKey)}`);
  await expect(page.getByRole("dialog").getByLabel("취소 사유")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  expect(await status()).toBe("DONE");

  await page.keyboard.press("g");
  await page.keyboard.press("d");
  await expect(page).toHaveURL(/\/dead-letters/);
  await page.keyboard.press("g");
  await page.keyboard.press("p");
  await expect(page).toHaveURL(/\/payments$/);
  await expect(rowsOf(page).first()).toBeVisible();

  // The selection goes to a bulk cancel, where it is only looked at.
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await page.keyboard.press("c");
  await expect(page).toHaveURL(/\/bulk\/new\?ids=pay_\w+$/);
});

test("keys of one letter can be turned off, where they are listed", async ({ page, signIn }) => {
  await signIn("VIEWER");
  await page.goto("/payments?date=30d");
  await expect(rowsOf(page).first()).toBeVisible();
  await page.keyboard.press("Shift+Slash");
  const help = page.getByRole("dialog", { name: "단축키" });
  for (const says of ["미리 보기", "조건 추가", /^취소 미리보기/, "데드레터"])
    await expect(help.getByText(says).first()).toBeVisible();
  await help.getByRole("checkbox", { name: "한 글자 단축키 쓰기" }).uncheck();
  await page.keyboard.press("Escape");
  await expect(help).toBeHidden();
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await page.keyboard.press("g");
  await page.keyboard.press("d");
  await expect(page.getByText(/건 선택$/)).toHaveCount(0);
  await expect(page).toHaveURL(/\/payments\?date=30d$/);
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog", { name: "이동과 찾기" }).getByRole("combobox").fill("한 글자");
  await page.keyboard.press("Enter");
  await expect(page.getByText("한 글자 단축키를 켰어요.")).toBeVisible();
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await expect(page.getByText("1건 선택")).toBeVisible();
});

for (const { width, height, colorScheme } of [
  { width: 1440, height: 900, colorScheme: "light" },
  { width: 390, height: 844, colorScheme: "dark" },
  { width: 1440, height: 900, colorScheme: "dark" },
  { width: 390, height: 844, colorScheme: "light" },
] as const) {
  test(`what opens over the list is accessible at ${width} px, ${colorScheme}`, async ({
    page,
    mall,
    signIn,
  }) => {
    test.setTimeout(120_000);
    const { orderId } = await mall.approve({ amount: 41_000 });
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height });
    await signIn("ADMIN");
    await page.goto(`/payments?q=${orderId}`);
    await page.getByRole("checkbox", { name: `${orderId} 선택` }).check();
    await expect(page.getByText("1건 선택")).toBeVisible();
    await expectAccessible(page, "a selection");
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await views(page).getByRole("button", { name: "보기 저장" }).click();
    await expect(page.getByRole("dialog").getByLabel("보기 이름")).toBeVisible();
    await expectAccessible(page, "saving a view");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+k");
    await expect(page.getByRole("option").first()).toBeVisible();
    await expectAccessible(page, "the palette");
    await page.keyboard.press("Escape");
    if (width < 760) return;
    await page.getByRole("button", { name: "열", exact: true }).click();
    await expect(page.getByRole("dialog", { name: "열 고르기" }).getByRole("checkbox").first()).toBeVisible();
    await expectAccessible(page, "the columns");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "단축키 보기" }).click();
    await expect(page.getByRole("dialog", { name: "단축키" })).toBeVisible();
    await expectAccessible(page, "the keys");
  });
}
