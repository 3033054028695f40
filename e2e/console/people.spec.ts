import { randomUUID } from "node:crypto";
import { expect, signInByPage, test, thatWaitsForReact } from "../fixtures.ts";
import { invite, inviteAndJoin } from "../invite.ts";

test("a person is invited by a link that works once, and comes in with the role that was given", async ({
  browser,
  page,
  signIn,
}) => {
  await signIn("ADMIN");
  const email = `${randomUUID().slice(0, 8)}@e2e.example`;
  const link = await invite(page, email, "VIEWER");
  await expect(page.getByRole("list", { name: "아직 수락하지 않은 초대" }).getByText(email)).toBeVisible();

  const context = await browser.newContext({ locale: "ko-KR" });
  const guest = thatWaitsForReact(await context.newPage());
  await guest.goto(link);
  await expect(guest.getByText("조회 역할로 초대받았어요.")).toBeVisible();
  await guest.getByLabel("이름").fill("새 사람");
  await guest.getByLabel("비밀번호", { exact: true }).fill("짧아요");
  await guest.getByLabel("비밀번호 확인").fill("달라요");
  await guest.getByRole("button", { name: "시작하기" }).click();
  await expect(guest.getByText("비밀번호는 12자 이상이어야 해요.")).toBeVisible();
  await expect(guest.getByText("두 비밀번호가 달라요.")).toBeVisible();
  await guest.getByLabel("비밀번호", { exact: true }).fill("a long passphrase 7");
  await guest.getByLabel("비밀번호 확인").fill("a long passphrase 7");
  await guest.getByRole("button", { name: "시작하기" }).click();
  await expect(guest.getByRole("button", { name: "내 계정: 새 사람 · 조회" })).toBeVisible();
  await expect(guest.getByRole("link", { name: "사용자" })).toHaveCount(0);

  // The link is used up.
  const other = await context.newPage();
  await other.goto(link);
  await expect(other.getByText("이 초대 링크는 쓸 수 없어요")).toBeVisible();
  await context.close();
});

test("an invitation that is taken back works no more", async ({ browser, page, signIn }) => {
  await signIn("ADMIN");
  const email = `${randomUUID().slice(0, 8)}@e2e.example`;
  const link = await invite(page, email, "VIEWER");
  await page.getByRole("button", { name: `${email} 초대 거두기` }).click();
  await expect(page.getByText(email)).toHaveCount(0);
  const context = await browser.newContext({ locale: "ko-KR" });
  const guest = thatWaitsForReact(await context.newPage());
  await guest.goto(link);
  await expect(guest.getByText("이 초대 링크는 쓸 수 없어요")).toBeVisible();
  await context.close();
});

test("another role, or a disabled account, ends what somebody is doing at once", async ({
  browser,
  page,
  signIn,
}) => {
  await signIn("ADMIN");
  const name = `바뀔 사람 ${randomUUID().slice(0, 4)}`;
  const joined = await inviteAndJoin(page, browser, { name, role: "OPERATOR" });
  await page.goto("/people");
  await page.getByRole("button", { name: `${name} 자세히 보기` }).click();
  const drawer = page.getByRole("dialog", { name });
  await expect(drawer.getByRole("list", { name: "세션 목록" }).getByRole("listitem")).toHaveCount(1);
  await drawer.getByLabel("역할").selectOption("VIEWER");
  await drawer.getByRole("button", { name: "역할 바꾸기" }).click();
  const changing = page.getByRole("dialog", { name: "역할 바꾸기" });
  await expect(changing.getByText(`${name} · 운영 → 조회`)).toBeVisible();
  await changing.getByRole("button", { name: "조회 역할로 바꾸기" }).click();
  await expect(changing.getByText("사유를 적어 주세요.")).toBeVisible();
  await changing.getByLabel("사유").fill("부서 이동");
  await changing.getByRole("button", { name: "조회 역할로 바꾸기" }).click();
  await expect(changing).toHaveCount(0);
  await expect(drawer.getByText("열린 세션이 없어요.")).toBeVisible();
  await joined.page.goto("/payments");
  await expect(joined.page).toHaveURL(/\/sign-in/);

  await drawer.getByRole("button", { name: "계정 중지" }).click();
  const disabling = page.getByRole("dialog", { name: "계정 중지" });
  await disabling.getByLabel("사유").fill("퇴사");
  await disabling.getByRole("button", { name: `${name} 계정 중지하기` }).click();
  await expect(disabling).toHaveCount(0);
  await expect(drawer.getByRole("button", { name: "다시 사용" })).toBeVisible();
  await joined.page.getByLabel("이메일").fill(joined.email);
  await joined.page.getByLabel("비밀번호", { exact: true }).fill(joined.password);
  await joined.page.getByRole("button", { name: "로그인", exact: true }).click();
  await expect(joined.page.getByText("이메일이나 비밀번호가 맞지 않아요.")).toBeVisible();
  await joined.page.context().close();
});

test("nobody changes their own account, and everybody ends their own other sessions", async ({
  browser,
  demo,
  page,
  signIn,
}) => {
  await signIn("ADMIN");
  await page.goto("/people");
  await page.getByRole("button", { name: "정도현 자세히 보기" }).click();
  const drawer = page.getByRole("dialog", { name: "정도현" });
  await expect(drawer.getByText("내 계정의 역할과 상태는 다른 관리자가 바꿔야 해요.")).toBeVisible();
  await expect(drawer.getByRole("button", { name: "계정 중지" })).toHaveCount(0);
  await page.keyboard.press("Escape");

  const elsewhere = await browser.newContext({ locale: "ko-KR" });
  const other = await elsewhere.newPage();
  await signInByPage(other, demo, "VIEWER");
  await signIn("VIEWER");
  await page.goto("/sessions");
  await expect(page.getByText("지금 이 브라우저")).toBeVisible();
  await page
    .getByRole("button", { name: /세션 끝내기$/ })
    .first()
    .click();
  await expect(page.getByText("세션을 끝냈어요.", { exact: true })).toBeVisible();
  // Whichever of the viewer's other sessions it was, this one goes on.
  await page.reload();
  await expect(page.getByText("지금 이 브라우저")).toBeVisible();
  await elsewhere.close();
});

test("an AUDITOR only looks, and the others do not see it", async ({ page, signIn }) => {
  await signIn("AUDITOR");
  await page.goto("/people");
  await expect(page.getByRole("table", { name: "사용자 목록" })).toBeVisible();
  await expect(page.getByRole("button", { name: "사용자 초대" })).toHaveCount(0);
  await page.getByRole("button", { name: "박준영 자세히 보기" }).click();
  await expect(page.getByRole("dialog").getByRole("button", { name: "계정 중지" })).toHaveCount(0);
  const refused = await page.request.post("/api/trpc/operator.invite?batch=1", {
    headers: { "sec-fetch-site": "same-origin" },
    data: { "0": { json: { email: "x@e2e.example", role: "ADMIN" } } },
  });
  expect(refused.status()).toBe(403);
  await signIn("OPERATOR");
  await page.goto("/");
  await expect(page.getByRole("link", { name: "사용자" })).toHaveCount(0);
  await page.goto("/people");
  await expect(page.getByText("관리자, 감사 역할만 볼 수 있어요")).toBeVisible();
});
