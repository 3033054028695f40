import { readFileSync } from "node:fs";
import { expect, type MallApi, newOrderId, test } from "../fixtures.ts";

// Letters of the story's own, found by their common beginning: no other test meets them.

const lettersMade = 6;

/** Orders whose net cancel exhausts its tries, seven each. */
async function makeLetters(mall: MallApi): Promise<string> {
  const beginning = newOrderId();
  await Promise.all(
    Array.from({ length: lettersMade }, (_, index) =>
      mall.approve({
        orderId: `${beginning}-${index + 1}`,
        amount: 10_000 + index,
        testCode: "TIMEOUT_APPROVED,NETCANCEL_TIMEOUT_X7",
      }),
    ),
  );
  return beginning;
}

test("an operator looks after letters, sends them as a run, and takes the result home", async ({
  mall,
  page,
  signIn,
  browser,
  baseURL,
}) => {
  test.setTimeout(360_000);
  const beginning = await makeLetters(mall);
  const reason = `VAN 복구 확인 ${beginning}`;
  await signIn("OPERATOR");
  const mine = `/dead-letters?q=${beginning}`;
  const rows = page.locator("tr[data-letter]");
  await expect
    .poll(
      async () => {
        await page.goto(mine);
        await page.waitForLoadState("networkidle");
        return rows.count();
      },
      { timeout: 200_000, intervals: [5_000] },
    )
    .toBe(lettersMade);

  // Assign.
  const first = rows.first();
  await first.getByRole("checkbox").check();
  await page.getByRole("button", { name: "담당자 지정" }).click();
  const sheet = page.getByRole("dialog");
  await expect(sheet.getByLabel("담당자")).toBeVisible();
  await sheet.getByRole("button", { name: "지정하기" }).click();
  await expect(sheet).toHaveCount(0);
  await expect(page.getByText("1건의 담당자를 바꿨어요").filter({ visible: true }).first()).toBeVisible();
  const facets = page.getByRole("form", { name: "데드레터 조건" });
  await facets.getByRole("checkbox", { name: /^나/ }).check();
  await expect(page).toHaveURL(/assignment=ME/);
  await expect(rows).toHaveCount(1);
  await expect(rows.first()).toContainText("담당");

  // A note stays.
  await rows
    .first()
    .getByRole("button", { name: /자세히 보기/ })
    .click();
  const drawer = page.getByRole("dialog");
  await drawer.getByLabel("메모 쓰기").fill("VAN에 전화했어요");
  await drawer.getByRole("button", { name: "메모 남기기" }).click();
  await expect(drawer.getByRole("listitem").filter({ hasText: "VAN에 전화했어요" })).toBeVisible();
  // Leave aside, with a reason.
  await drawer.getByRole("button", { name: "보류", exact: true }).click();
  await sheet.getByRole("button", { name: "보류하기" }).click();
  await expect(sheet.getByText("왜 그러는지 적어 주세요.")).toBeVisible();
  await sheet.getByLabel("메모").fill("회신을 기다려요");
  await sheet.getByRole("button", { name: "보류하기" }).click();
  await expect(sheet).toHaveCount(0);

  await page.goto(mine);
  await expect(rows).toHaveCount(lettersMade - 1);
  await facets.getByRole("checkbox", { name: /^보류함/ }).check();
  await expect(rows).toHaveCount(1);
  await rows.first().getByRole("checkbox").check();
  await page.getByRole("button", { name: "보류 풀기" }).click();
  await sheet.getByLabel("메모").fill("회신이 왔어요");
  await sheet.getByRole("button", { name: "보류 풀기" }).click();
  await expect(sheet).toHaveCount(0);

  // The run: previewed, started at one a second, paused, resumed.
  await page.goto(mine);
  await expect(rows).toHaveCount(lettersMade);
  await page.getByRole("button", { name: `${lettersMade}건 재처리 미리보기` }).click();
  await expect(page.getByText("바뀐 것은 아직 없어요")).toBeVisible({ timeout: 20_000 });
  await page.getByLabel("속도").selectOption("1");
  await page.getByLabel("사유").last().fill(reason);
  await page.getByRole("button", { name: /^\d+건 (다시 보내기|다시 보내고 \d+건 닫기|닫기)$/ }).click();
  await page.getByRole("button", { name: "일시정지" }).click();
  await expect(page.getByText(/님이 멈췄어요/)).toBeVisible();
  await expect(page.locator("[data-stage=waiting]")).not.toHaveCount(0);
  const runUrl = page.url();
  expect(runUrl).toContain("run=run_");
  await page.reload();
  await page.getByRole("button", { name: "계속 보내기" }).click();
  await expect(page.getByText(`${lettersMade}건 모두 끝났어요`)).toBeVisible({ timeout: 60_000 });
  await expect(page.locator("[data-stage=resolved]")).toHaveCount(lettersMade);

  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "결과 파일" }).click(),
  ]);
  expect(file.suggestedFilename()).toMatch(/^redrive-run_.*\.csv$/);
  const text = readFileSync(await file.path(), "utf8");
  expect(text.startsWith("\uFEFF순서,")).toBe(true);
  expect(text.match(/RESOLVED/g)).toHaveLength(lettersMade);

  await page.getByRole("button", { name: "처리 기록" }).click();
  await expect(page.getByRole("dialog").getByRole("button", { name: reason })).toBeVisible();

  // A viewer reads the run, and can do nothing to it.
  const viewer = await browser.newPage({
    ...(baseURL && { baseURL }),
    locale: "ko-KR",
    timezoneId: "Asia/Seoul",
  });
  await signIn("VIEWER", viewer);
  await viewer.goto(runUrl);
  await expect(viewer.getByText(reason)).toBeVisible();
  await expect(viewer.getByRole("button", { name: "결과 파일" })).toBeVisible();
  for (const name of ["일시정지", "계속 보내기", "중지", "담당자 지정", "보류"])
    await expect(viewer.getByRole("button", { name, exact: true })).toHaveCount(0);
  await viewer.close();
});

test("a viewer reads who looks after a letter and what was written, and changes neither", async ({
  page,
  signIn,
}) => {
  await signIn("VIEWER");
  await page.goto("/dead-letters?status=PARKED,REDRIVEN,RESOLVED");
  await page
    .getByRole("button", { name: /자세히 보기/ })
    .first()
    .click();
  const drawer = page.getByRole("dialog");
  await expect(drawer.getByRole("heading", { name: "메모" })).toBeVisible();
  await expect(drawer.getByText("담당", { exact: true })).toBeVisible();
  for (const name of ["메모 남기기", "담당자 지정", "보류"])
    await expect(drawer.getByRole("button", { name, exact: true })).toHaveCount(0);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "처리 기록" }).click();
  await expect(page.getByRole("dialog", { name: "재처리 기록" })).toBeVisible();
});
