import { randomUUID } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "@playwright/test";
import { expectAccessible } from "../axe.ts";
import { test as base, type Demo, expect, type MallApi } from "../fixtures.ts";

// How deliveries are signed, retried and kept in order is in server/webhooks/*.itest.ts; here is what an operator does.

type Heard = Readonly<{
  headers: IncomingHttpHeaders;
  body: { type: string; data: { paymentKey?: string } };
}>;

/** A receiver on this machine, which the demo may send to. `status` is what it answers. */
type Receiver = { url: string; heard: Heard[]; status: number; of(paymentKey: string): Heard[] };

type Registered = Readonly<{ receiver: Receiver; endpointId: string; secret: string }>;

const test = base.extend<{ receiver: Receiver; registered: Registered }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
  receiver: async ({}, use) => {
    const receiver: Receiver = {
      url: "",
      heard: [],
      status: 200,
      of: (paymentKey) => receiver.heard.filter(({ body }) => body.data.paymentKey === paymentKey),
    };
    const server: Server = createServer(async (request, response) => {
      let text = "";
      for await (const chunk of request) text += String(chunk);
      receiver.heard.push({ headers: request.headers, body: JSON.parse(text) as Heard["body"] });
      response.writeHead(receiver.status).end(JSON.stringify({ taken: true, mail: "minsu@example.com" }));
    });
    await new Promise<void>((settle) => server.listen(0, "127.0.0.1", settle));
    receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/${randomUUID().slice(0, 8)}`;
    await use(receiver);
    server.closeAllConnections();
    server.close();
  },
  /** The mall's own endpoint at that receiver; gone after the test, so that no mall ever has too many. */
  registered: async ({ receiver, demo, request }, use) => {
    const headers = authOf(demo);
    const answer = await request.post("/api/v1/webhook-endpoints", {
      headers,
      data: { url: receiver.url, types: ["payment.approved", "payment.canceled"] },
    });
    expect(answer.status()).toBe(200);
    const { data } = (await answer.json()) as { data: { endpointId: string; secret: string } };
    await use({ receiver, ...data });
    await request.delete(`/api/v1/webhook-endpoints/${data.endpointId}`, { headers });
  },
});

const authOf = ({ malls: [mall] }: Demo) => ({
  authorization: `Basic ${Buffer.from(`${mall?.secretKey}:`).toString("base64")}`,
});

const table = (page: Page) => page.getByRole("table", { name: "웹훅 전달 기록, 최근 것부터" });

async function approveHeard(mall: MallApi, receiver: Receiver): Promise<string> {
  const paymentKey = String((await mall.approve()).data.paymentKey);
  await expect.poll(() => receiver.of(paymentKey).length, { timeout: 20_000 }).toBeGreaterThan(0);
  return paymentKey;
}

test("an operator finds a delivery by its payment key, reads what was sent and sends it again", async ({
  page,
  signIn,
  mall,
  registered,
}) => {
  const { receiver, endpointId } = registered;
  const paymentKey = await approveHeard(mall, receiver);
  await signIn("OPERATOR");
  await page.goto("/");
  await page.getByRole("link", { name: "웹훅", exact: true }).click();
  await expect(page.getByRole("heading", { name: "웹훅", exact: true })).toBeVisible();
  await page.goto(`/webhooks?endpoint=${endpointId}`);
  await page.getByLabel("결제키 찾기").fill(paymentKey.slice(8, 30));
  await expect(page).toHaveURL(new RegExp(`q=${paymentKey.slice(8, 30)}`));
  await expect(table(page).getByRole("row")).toHaveCount(2);
  await expect(table(page).getByText("전달", { exact: true })).toBeVisible();
  await table(page)
    .getByRole("button", { name: /^payment.approved .* 자세히 보기$/ })
    .click();

  const drawer = page.getByRole("dialog", { name: "payment.approved" });
  await expect(drawer.getByText("1번째 시도")).toBeVisible();
  await expect(drawer.getByText("m****@example.com")).toBeVisible();
  await expect(drawer.getByText("v1,… 서명은 저장하지 않아요")).toBeVisible();
  await expect(drawer.getByRole("link", { name: paymentKey })).toHaveAttribute(
    "href",
    `/payments/${paymentKey}?tab=webhooks`,
  );
  await expectAccessible(page, "a delivery");
  await drawer.getByRole("button", { name: "다시 보내기" }).click();
  await expect(drawer.getByText("2번째 시도")).toBeVisible({ timeout: 20_000 });
  await expect.poll(() => receiver.of(paymentKey).length).toBe(2);
  const [first, second] = receiver.of(paymentKey);
  expect(second?.headers["webhook-id"]).toBe(first?.headers["webhook-id"]);
  expect(second?.body).toEqual(first?.body);
});

test("an operator sends again what a filter holds: counted first, then as many arrive", async ({
  page,
  signIn,
  mall,
  registered,
}) => {
  const { receiver, endpointId } = registered;
  const keys: string[] = [];
  for (let n = 0; n < 3; n++) keys.push(await approveHeard(mall, receiver));
  await signIn("OPERATOR");
  // Everything is not offered: only what somebody looked for.
  await page.goto("/webhooks");
  await expect(table(page).getByRole("row").nth(3)).toBeVisible();
  await expect(page.getByRole("button", { name: /다시 보내기/ })).toHaveCount(0);
  await page.goto(`/webhooks?endpoint=${endpointId}&state=delivered`);
  await expect(table(page).getByRole("row")).toHaveCount(4);
  await page.getByRole("button", { name: "조건에 맞는 3건 다시 보내기" }).click();
  const sheet = page.getByRole("dialog", { name: "웹훅 다시 보내기" });
  await expect(sheet.getByText("결제마다 순번대로. webhook-id는 그대로예요.")).toBeVisible();
  await expectAccessible(page, "the preview of a resend");
  await sheet.getByRole("button", { name: "3건 다시 보내기" }).click();
  await expect(sheet.getByText("사유를 적어 주세요.")).toBeVisible();
  await expect(sheet.getByLabel("사유")).toBeFocused();
  await sheet.getByLabel("사유").fill("수신 서버 복구");
  await sheet.getByRole("button", { name: "3건 다시 보내기" }).click();
  const progress = page.getByRole("dialog", { name: "다시 보내기 진행" });
  await expect(progress.getByText("모두 보냄")).toBeVisible({ timeout: 20_000 });
  await expect(progress.getByText("3 / 3건")).toBeVisible();
  for (const key of keys) await expect.poll(() => receiver.of(key).length, { timeout: 20_000 }).toBe(2);
  expect(receiver.heard).toHaveLength(6);
  await progress.getByRole("button", { name: "닫기", exact: true }).first().click();
  await expect(progress).toHaveCount(0);
});

test("a delivery that fails shows why and when it is tried next, and goes out at once when asked", async ({
  page,
  signIn,
  mall,
  registered,
}) => {
  const { receiver, endpointId } = registered;
  receiver.status = 503;
  const paymentKey = await approveHeard(mall, receiver);
  await signIn("OPERATOR");
  await page.goto(`/webhooks?endpoint=${endpointId}&state=retrying`);
  const row = table(page).getByRole("row").filter({ hasText: paymentKey });
  await expect(row.getByText("503", { exact: true })).toBeVisible();
  // The second try follows after five seconds; the third would wait five minutes.
  await expect.poll(() => receiver.of(paymentKey).length, { timeout: 30_000 }).toBe(2);
  receiver.status = 200;
  await row.getByRole("button", { name: /자세히 보기$/ }).click();
  const drawer = page.getByRole("dialog", { name: "payment.approved" });
  await expect(drawer.getByText("2번째 시도")).toBeVisible();
  await drawer.getByRole("button", { name: "지금 보내기" }).click();
  await expect(drawer.getByText("3번째 시도")).toBeVisible({ timeout: 20_000 });
  await expect(drawer.getByText("전달", { exact: true })).toBeVisible();
});

test("an administrator adds an endpoint, tests it, rotates its secret, pauses and deletes it", async ({
  page,
  signIn,
  mall,
  receiver,
}) => {
  await signIn("ADMIN");
  await page.goto("/webhooks/endpoints");
  await page.getByRole("button", { name: "엔드포인트 추가" }).click();
  let sheet = page.getByRole("dialog", { name: "엔드포인트 추가" });
  await sheet.getByLabel("가맹점").selectOption({ label: mall.name });
  await sheet.getByLabel("주소").fill("http://10.0.0.1/hooks");
  await sheet.getByLabel("사유").fill("가맹점 담당자 요청");
  await sheet.getByRole("button", { name: "추가하기" }).click();
  await expect(sheet.getByText("https 주소만 쓸 수 있어요.")).toBeVisible();
  await sheet.getByLabel("주소").fill(receiver.url);
  await expectAccessible(page, "adding an endpoint");
  await sheet.getByRole("button", { name: "추가하기" }).click();
  const made = page.getByRole("dialog", { name: "새 서명 시크릿" });
  await expect(made.getByLabel("서명 시크릿", { exact: true })).toHaveValue(/^whsec_/);
  const secret = await made.getByLabel("서명 시크릿", { exact: true }).inputValue();
  await made.getByRole("button", { name: "적어 두었어요" }).click();

  await page.getByRole("link", { name: `${mall.name} ${receiver.url} 자세히 보기` }).click();
  await expect(page.getByRole("heading", { name: `${mall.name} 웹훅 엔드포인트` })).toBeVisible();
  await expect(page.getByText(receiver.url, { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "시험 이벤트 보내기" }).click();
  await expect(page.getByText(/^시험 이벤트를 받았어요\. 200, /)).toBeVisible();
  expect(receiver.heard.at(-1)?.body.type).toBe("paydeck.test");
  expect(String(receiver.heard.at(-1)?.headers["webhook-signature"]).split(" ")).toHaveLength(1);

  const change = async (
    button: string,
    title: string,
    submit: string,
    role: "button" | "menuitem" = "button",
  ) => {
    if (role === "menuitem") await page.getByRole("button", { name: "다른 작업" }).click();
    await page.getByRole(role, { name: button, exact: true }).click();
    sheet = page.getByRole("dialog", { name: title });
    await sheet.getByLabel("사유").fill("가맹점 담당자 요청");
    await sheet.getByRole("button", { name: submit, exact: true }).click();
  };
  await change("시크릿 교체", "시크릿 교체", "시크릿 교체하기", "menuitem");
  await expect(made.getByLabel("서명 시크릿", { exact: true })).not.toHaveValue(secret);
  await made.getByRole("button", { name: "적어 두었어요" }).click();
  await expect(page.getByText(/이전 시크릿도 .*까지 함께 서명해요\./)).toBeVisible();
  await expect(page.getByText("whsec_••••••••")).toBeVisible();
  await page.getByRole("button", { name: "시험 이벤트 보내기" }).click();
  await expect
    .poll(() => String(receiver.heard.at(-1)?.headers["webhook-signature"]).split(" ").length)
    .toBe(2);

  await change("멈추기", "엔드포인트 멈추기", "멈추기");
  await expect(page.getByText("이 엔드포인트로는 보내지 않아요")).toBeVisible();
  await change("다시 켜기", "엔드포인트 다시 켜기", "다시 켜기");
  await expect(page.getByText("이 엔드포인트로는 보내지 않아요")).toHaveCount(0);
  await change("삭제", "엔드포인트 삭제", "엔드포인트 삭제하기", "menuitem");
  await expect(page.getByText("삭제된 엔드포인트예요. 기록만 남아 있어요.")).toBeVisible();
  await expect(page.getByRole("button", { name: "시험 이벤트 보내기" })).toHaveCount(0);
});

test("who only reads sees deliveries and endpoints, and finds no button that sends or changes", async ({
  page,
  signIn,
  mall,
  registered,
}) => {
  test.setTimeout(120_000);
  const { receiver, endpointId } = registered;
  const paymentKey = await approveHeard(mall, receiver);
  for (const role of ["VIEWER", "SETTLEMENT", "AUDITOR"] as const) {
    await signIn(role);
    await page.goto(`/webhooks?endpoint=${endpointId}`);
    await expect(table(page).getByText(paymentKey)).toBeVisible();
    await expect(page.getByRole("button", { name: /다시 보내기/ })).toHaveCount(0);
    await expect(page.getByRole("checkbox")).toHaveCount(0);
    await table(page)
      .getByRole("button", { name: /자세히 보기$/ })
      .click();
    const drawer = page.getByRole("dialog", { name: "payment.approved" });
    await expect(drawer.getByText("1번째 시도")).toBeVisible();
    await expect(drawer.getByRole("button", { name: /보내기/ })).toHaveCount(0);
    await page.goto(`/webhooks/endpoints/${endpointId}`);
    await expect(page.getByText(receiver.url, { exact: true })).toBeVisible();
    for (const name of ["시험 이벤트 보내기", "다른 작업", "멈추기", "주소·이벤트 바꾸기"])
      await expect(page.getByRole("button", { name, exact: true })).toHaveCount(0);
    await expect(page.getByText(/whsec_[A-Za-z0-9]/)).toHaveCount(0);
  }
});

test("an operator tests an endpoint but does not manage it", async ({ page, signIn, registered }) => {
  await signIn("OPERATOR");
  await page.goto(`/webhooks/endpoints/${registered.endpointId}`);
  await page.getByRole("button", { name: "시험 이벤트 보내기" }).click();
  await expect(page.getByText(/^시험 이벤트를 받았어요/)).toBeVisible();
  await expect(page.getByRole("button", { name: "다른 작업" })).toHaveCount(0);
});

test("at 390 pixels nothing scrolls sideways", async ({ page, signIn, mall, registered }) => {
  const { receiver, endpointId } = registered;
  await approveHeard(mall, receiver);
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn("ADMIN");
  for (const path of ["/webhooks", "/webhooks/endpoints", `/webhooks/endpoints/${endpointId}`]) {
    await page.goto(path);
    await expect(page.getByText(receiver.url).first()).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  }
});
