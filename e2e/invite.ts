import { randomUUID } from "node:crypto";
import { type Browser, expect, type Page } from "@playwright/test";
import { thatWaitsForReact } from "./fixtures.ts";

/** Somebody who joined in this test. Their page is signed in. */
export type Joined = Readonly<{ page: Page; email: string; name: string; password: string }>;

/** Invites a person from an administrator's page, up to the link that is shown once. */
export async function invite(admin: Page, email: string, role: string): Promise<string> {
  await admin.goto("/people");
  // The list is there once the page has come alive; a click before that opens nothing.
  await expect(admin.getByRole("button", { name: "정도현 자세히 보기" })).toBeVisible();
  await admin.getByRole("button", { name: "사용자 초대" }).click();
  const sheet = admin.getByRole("dialog", { name: "사용자 초대" });
  await sheet.getByLabel("이메일").fill(email);
  await sheet.getByLabel("역할").selectOption(role);
  await sheet.getByRole("button", { name: "초대 링크 만들기" }).click();
  await expect(sheet.getByText("초대 링크를 만들었어요")).toBeVisible();
  const link = await sheet.getByLabel("초대 링크", { exact: true }).inputValue();
  await sheet.getByRole("button", { name: "닫기" }).last().click();
  return link;
}

/** Invites a person and accepts the invitation in a browser of their own. */
export async function inviteAndJoin(
  admin: Page,
  browser: Browser,
  { name, role }: { name: string; role: string },
): Promise<Joined> {
  const email = `${randomUUID().slice(0, 8)}@e2e.example`;
  const password = `e2e-${randomUUID()}`;
  const link = await invite(admin, email, role);
  const context = await browser.newContext({ locale: "ko-KR", timezoneId: "Asia/Seoul" });
  const page = thatWaitsForReact(await context.newPage());
  await page.goto(link);
  await expect(page.getByLabel("이메일")).toHaveValue(email);
  await page.getByLabel("이름").fill(name);
  await page.getByLabel("비밀번호", { exact: true }).fill(password);
  await page.getByLabel("비밀번호 확인").fill(password);
  await page.getByRole("button", { name: "시작하기" }).click();
  await expect(page.getByRole("button", { name: new RegExp(`^내 계정: ${name}`) })).toBeVisible();
  return { page, email, name, password };
}
