import type { BrowserContext, Page } from "@playwright/test";
import { expectAccessible } from "../axe.ts";
import { onDatabase } from "../database.ts";
import { expect, signInByPage, test, thatWaitsForReact } from "../fixtures.ts";

// When a session ends, to the millisecond, is in server/operators/sign-in.itest.ts.

const warning = (page: Page) => page.getByRole("alertdialog");

/** Lets the newest session of a role, which this test opened, have been idle or open for longer than it was. */
async function age(email: string, { idleSeconds = 0, lifeLeftSeconds = 36_000 }): Promise<void> {
  await onDatabase(async (client) => {
    const { rowCount } = await client.query(
      `UPDATE operator_session SET last_seen_at = now() - make_interval(secs => $2), expires_at = now() + make_interval(secs => $3)
        WHERE id = (SELECT s.id FROM operator_session s JOIN operator o ON o.id = s.operator_id
                     WHERE o.email = $1 ORDER BY s.created_at DESC LIMIT 1)`,
      [email, idleSeconds, lifeLeftSeconds],
    );
    expect(rowCount).toBe(1);
  });
}

async function newSession(
  context: BrowserContext,
  demo: Parameters<typeof signInByPage>[1],
): Promise<[Page, string]> {
  // Its watch must run before its clock is put forward.
  const page = thatWaitsForReact(await context.newPage());
  // The page's clock is put forward; the server's is the row.
  await page.clock.install();
  await signInByPage(page, demo, "AUDITOR");
  await page.goto("/audit");
  await page.waitForLoadState("networkidle");
  const email = demo.operators.find(({ role }) => role === "AUDITOR")?.email ?? "";
  return [page, email];
}

test("two minutes before an idle session ends, one button lets it go on", async ({
  browser,
  demo,
  baseURL,
}) => {
  test.setTimeout(90_000);
  const context = await browser.newContext({ ...(baseURL && { baseURL }) });
  const [page, email] = await newSession(context, demo);
  const link = page.getByRole("link", { name: "감사 로그" });
  await link.focus();
  await age(email, { idleSeconds: 12 * 60 + 55 });
  await page.clock.fastForward("13:05");
  await expect(warning(page)).toBeVisible({ timeout: 20_000 });
  await expect(warning(page)).toHaveAccessibleName("곧 로그아웃돼요");
  await expect(warning(page)).toHaveAccessibleDescription(/계속 쓰면/);
  const goOn = page.getByRole("button", { name: "계속 쓰기" });
  await expect(goOn).toBeFocused();
  await expect(page.getByRole("timer")).toHaveText(/^1:[0-5]\d$/);
  // It counts for those who look and is silent for those who listen.
  await expect(page.getByRole("timer")).toHaveAttribute("aria-live", "off");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "로그아웃" })).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(goOn).toBeFocused();
  await expectAccessible(page, "the session warning");

  await page.keyboard.press("Enter");
  await expect(warning(page)).toHaveCount(0);
  await expect(link).toBeFocused();
  const idleSeconds = await onDatabase(async (client) => {
    const { rows } = await client.query(
      "SELECT extract(epoch FROM now() - max(last_seen_at))::int AS idle FROM operator_session s JOIN operator o ON o.id = s.operator_id WHERE o.email = $1",
      [email],
    );
    return Number(rows[0].idle);
  });
  expect(idleSeconds).toBeLessThan(10);
  await context.close();
});

test("a session that nobody continues leads to the sign-in and back, though the page asks all the time", async ({
  browser,
  demo,
  baseURL,
}) => {
  test.setTimeout(150_000);
  const context = await browser.newContext({ ...(baseURL && { baseURL }) });
  const [page, email] = await newSession(context, demo);
  await age(email, { idleSeconds: 14 * 60 + 15 });
  await page.clock.fastForward("14:00");
  await expect(warning(page)).toBeVisible({ timeout: 40_000 });
  await page.waitForURL(/\/sign-in\?ended=1&from=%2Faudit/, { timeout: 75_000 });
  await context.close();
});

test("after ten hours one has to sign in again, and is told before", async ({ browser, demo, baseURL }) => {
  test.setTimeout(90_000);
  const context = await browser.newContext({ ...(baseURL && { baseURL }) });
  const [page, email] = await newSession(context, demo);
  await age(email, { lifeLeftSeconds: 100 });
  await page.reload();
  await expect(warning(page)).toHaveAccessibleName("곧 다시 로그인해야 해요");
  await expect(page.getByRole("button", { name: "계속 쓰기" })).toHaveCount(0);
  await page.getByRole("button", { name: "닫기" }).click();
  await expect(warning(page)).toHaveCount(0);
  // It was said once; work goes on until then, and no use of the page makes it longer.
  await page.keyboard.press("Tab");
  await page.reload();
  await expect(warning(page)).toBeVisible();
  await page.getByRole("button", { name: "다시 로그인하기" }).click();
  await page.waitForURL(/\/sign-in\?from=%2Faudit/);
  await context.close();
});
