import type { BrowserContext, Page } from "@playwright/test";
import { type Demo, expect, test } from "../fixtures.ts";
import { approvals } from "../looks/answers/approvals.ts";
import { audit } from "../looks/answers/audit.ts";
import { bulk } from "../looks/answers/bulk.ts";
import { changeRequest } from "../looks/answers/change-request.ts";
import { deadLetters } from "../looks/answers/dead-letters.ts";
import { exports } from "../looks/answers/exports.ts";
import { home } from "../looks/answers/home.ts";
import { integrity } from "../looks/answers/integrity.ts";
import { latency } from "../looks/answers/latency.ts";
import { malls } from "../looks/answers/malls.ts";
import { payment } from "../looks/answers/payment.ts";
import { payments } from "../looks/answers/payments.ts";
import { people } from "../looks/answers/people.ts";
import { reconciliation } from "../looks/answers/reconciliation.ts";
import { settlements } from "../looks/answers/settlements.ts";
import { unknown } from "../looks/answers/unknown.ts";
import { unknownPayment } from "../looks/answers/unknown-payment.ts";
import { vans } from "../looks/answers/vans.ts";
import { webhooks } from "../looks/answers/webhooks.ts";
import { xView } from "../looks/answers/x-view.ts";
import type { Answers } from "../looks/answers.ts";
import { pictureTime } from "../looks/answers.ts";
import { drawsAsThePictures } from "../looks/draws-as-the-pictures.ts";
import { replay } from "../looks/replay.ts";

// What each page looks like, compared with pictures in e2e/looks/pictures. The server's answers are given, and the time
// stands still, so that only a change of the console changes a picture. `npm run looks` takes the pictures anew.

type View = Readonly<{
  path: string;
  /** Seen on the page once its data is there. */
  shows: string | RegExp;
  answers?: Answers;
  /** Opens what the picture is of. */
  open?: (page: Page) => Promise<void>;
  /** Taken by day at 1440 and by night at 390; a page is taken in all four looks. */
  isPart?: true;
}>;

const paymentPath = "/payments/pay_01M8CNZ2T3DYGATECC8D3D5R7C";
const mallPath = "/malls/mall_01M5WVH6QA9Z9PVM871BSEZECT";
const settlementPath = "/settlements/stl_01M8BE5JYQ2W7H4R3ZP0D6T8KX";
/** What the server says of a file of another day. */
const refusedFile = {
  code: "RECON_FILE_OTHER_DATE",
  message: { ko: "다른 영업일의 파일입니다.", en: "The file is of another business date." },
  facts: { found: "2026-11-18" },
  traceId: "4f1dbb0a7c2e4e6f9d35a1c08b729ac2",
};
/** Those of the preview in `answers/bulk.ts`. */
const bulkIds = [
  "pay_01M8CNZ3FVDQBKAPEQ5DEMPJ81",
  "pay_01M8CNZ3G7QR0HPT553MJ6MMD0",
  "pay_01M8CNZ3GDAP3TSZRNB7XSX8XS",
  "pay_01M8CNZ2T3DYGATECC8D3D5R7C",
] as const;
const openTab = (name: RegExp) => (page: Page) => page.getByRole("tab", { name }).click();

const views: Readonly<Record<string, View>> = {
  home: { path: "/", shows: "31,284,500" },
  payments: { path: "/payments?date=7d", shows: "HB20261120-178413" },
  payment: { path: paymentPath, shows: "98,000" },
  "payment-unknown": { path: paymentPath, shows: "64,000", answers: unknownPayment, isPart: true },
  "payment-ledger": { path: paymentPath, shows: "98,000", open: openTab(/^분개/), isPart: true },
  "payment-messages": { path: paymentPath, shows: "98,000", open: openTab(/^전문/), isPart: true },
  "payment-webhooks": { path: paymentPath, shows: "98,000", open: openTab(/^웹훅/), isPart: true },
  "payment-cancel": {
    path: paymentPath,
    shows: "98,000",
    open: async (page) => {
      await page.getByRole("button", { name: "결제 취소" }).click();
      await expect(page.getByRole("table", { name: /취소 전과 후/ })).toBeVisible();
    },
    isPart: true,
  },
  unknown: { path: "/unknown", shows: "HB20261120-0028" },
  "bulk-cancels": { path: "/bulk", shows: "행사 취소: 11월 북콘서트" },
  "bulk-cancel-new": {
    path: `/bulk/new?ids=${bulkIds.join(",")}`,
    shows: "아직 아무것도 취소하지 않았어요",
  },
  "bulk-cancel": { path: "/bulk/bulk_01M8CP2J5V7T0W4X9YB3C6D8EF", shows: "HB20261115-100231" },
  "dead-letters": { path: "/dead-letters", shows: /^22건 · / },
  "dead-letters-redrive": {
    path: "/dead-letters",
    shows: /^22건 · /,
    open: async (page) => {
      await page.getByRole("button", { name: /재처리 미리보기$/ }).click();
      await expect(page.getByText("바뀐 것은 아직 없어요")).toBeVisible();
    },
    isPart: true,
  },
  "x-view": { path: "/x-view?window=60&lines=1", shows: /^실시간 · / },
  latency: { path: "/latency", shows: "SBX2" },
  vans: { path: "/vans", shows: "SBX2" },
  webhooks: { path: "/webhooks", shows: /PAYMENT|payment\./ },
  "webhook-endpoints": { path: "/webhooks/endpoints", shows: /^https?:/ },
  "webhook-endpoint": { path: "/webhooks/endpoints/whe_01M5WVH6QA9Z9PVM871BSEZECT", shows: /^https?:/ },
  integrity: { path: "/integrity", shows: /./ },
  settlements: { path: "/settlements", shows: "라온스포츠" },
  settlement: { path: settlementPath, shows: "HB20261118-0101" },
  "settlement-explain": {
    path: settlementPath,
    shows: "HB20261118-0101",
    open: async (page) => {
      await page.getByRole("button", { name: "2번 내역, 이 금액 설명" }).click();
      await expect(page.getByRole("link", { name: "HB20261117-0394 결제 보기" })).toBeVisible();
    },
    isPart: true,
  },
  "settlement-calendar": { path: "/settlements/calendar", shows: "지방선거일" },
  "settlement-funds": { path: "/settlements/fund", shows: "15,000,000" },
  reconciliation: { path: "/reconciliation", shows: "99.65%" },
  "reconciliation-day": { path: "/reconciliation/2026-11-19/SBX1", shows: "HB20261119-0442" },
  "reconciliation-item": {
    path: "/reconciliation/2026-11-19/SBX1",
    shows: "HB20261119-0442",
    open: async (page) => {
      await page.getByRole("button", { name: "HB20261119-0442 차이 자세히 보기" }).click();
      await expect(page.getByRole("table", { name: "세 쪽 비교" })).toBeVisible();
    },
    isPart: true,
  },
  "reconciliation-refusal": {
    path: "/reconciliation/2026-11-19/SBX1",
    shows: "HB20261119-0442",
    open: async (page) => {
      await page.route("**/api/console/reconciliation/files**", (route) =>
        route.fulfill({ status: 422, json: { error: refusedFile } }),
      );
      await page.getByRole("button", { name: "파일 올리기" }).click();
      await page
        .getByLabel("대사 파일")
        .setInputFiles({ name: "SBX1_20261118.csv", mimeType: "text/csv", buffer: Buffer.from("H") });
      await expect(page.getByText("바뀐 것은 없어요")).toBeVisible();
    },
  },
  "reconciliation-items": { path: "/reconciliation/items", shows: "HB20261119-0442" },
  audit: { path: "/audit", shows: /./ },
  exports: { path: "/exports", shows: "11월 카드 매출 대사 자료를 회계팀에 전달" },
  "export-details": {
    path: "/exports",
    shows: "2026-11-19 정산 지급 전 확인",
    open: async (page) => {
      await page.getByRole("button", { name: /정산 내보내기 자세히 보기$/ }).click();
      await expect(page.getByRole("dialog", { name: "정산 내보내기" })).toBeVisible();
    },
    isPart: true,
  },
  "export-sheet": {
    path: "/payments?date=7d",
    shows: "HB20261120-178413",
    open: async (page) => {
      await page.getByRole("button", { name: "내보내기", exact: true }).click();
      await expect(page.getByText("지금 조건에 맞는 7,221행을 내보내요.")).toBeVisible();
    },
    isPart: true,
  },
  "change-requests": { path: "/change-requests", shows: "HB20261120-178203" },
  "change-request": {
    path: "/change-requests/chg_01M8CNW2T3DYGATECC8D3D5R7C",
    shows: "500,000",
    answers: changeRequest,
  },
  "change-limits": { path: "/change-requests/policy", shows: /10,000,000/ },
  people: { path: "/people", shows: "정도현" },
  "own-sessions": { path: "/sessions", shows: /./ },
  malls: { path: "/malls", shows: "오늘의식탁" },
  mall: { path: mallPath, shows: "한빛서점" },
  "mall-keys": { path: `${mallPath}?tab=keys`, shows: "한빛서점", isPart: true },
  "mall-addresses": { path: `${mallPath}?tab=addresses`, shows: "한빛서점", isPart: true },
  "not-found": { path: "/gone/for/good", shows: "찾는 화면이 없어요" },
  "command-palette": {
    path: "/payments?date=7d",
    shows: "HB20261120-178413",
    open: async (page) => {
      await page.keyboard.press("Control+k");
      await expect(page.getByRole("dialog", { name: "이동과 찾기" })).toBeVisible();
    },
    isPart: true,
  },
  shortcuts: {
    path: "/payments?date=7d",
    shows: "HB20261120-178413",
    open: async (page) => {
      await page.keyboard.press("Shift+Slash");
      await expect(page.getByRole("dialog", { name: "단축키" })).toBeVisible();
    },
    isPart: true,
  },
};

const answers = [
  ...[home, payments, payment, unknown, bulk, deadLetters, latency, xView, vans, webhooks, integrity, audit],
  ...[approvals, people, malls, settlements, reconciliation, exports],
];
const widths = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
] as const;
const themes = ["light", "dark"] as const;

// A picture shows the answers given here, so none may come along with the page.
test.use({ extraHTTPHeaders: { "paydeck-answers": "none" } });

/** Of the administrator whom the first test signs in. */
let cookies: Awaited<ReturnType<BrowserContext["cookies"]>> | undefined;
let adminId = "";

/** The id of that administrator, as the server tells it: what a test itself asks is not answered from the pictures. */
async function readAdminId(page: Page, demo: Demo): Promise<string> {
  const email = demo.operators.find(({ role }) => role === "ADMIN")?.email;
  const answer = await page.request.get("/api/trpc/operator.list");
  const { result } = (await answer.json()) as {
    result: { data: { json: { people: readonly { id: string; email: string }[] } } };
  };
  const admin = result.data.json.people.find((person) => person.email === email);
  if (!admin) throw new Error("The signed-in administrator is not among the people");
  return admin.id;
}

test.beforeEach(async ({ browser, baseURL }) => {
  const difference = await drawsAsThePictures(browser, baseURL);
  test.skip(difference !== null, difference ?? "");
});

for (const [name, { path, shows, open, answers: own = {}, isPart }] of Object.entries(views)) {
  test(`${name} looks as in its pictures`, async ({ page, signIn, demo }) => {
    await page.clock.setFixedTime(pictureTime);
    const missing = await replay(page, () => adminId, ...answers, own);
    // Once is enough: the way through the sign-in would be a third of the time.
    if (cookies) await page.context().addCookies(cookies);
    else {
      await signIn("ADMIN");
      cookies = await page.context().cookies();
      adminId = await readAdminId(page, demo);
    }
    for (const [index, { width, height }] of widths.entries()) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme: "light" });
      // What was opened at one width is another thing at the other; a page itself follows its width.
      if (index === 0 || open) await page.goto(path);
      await expect(page.locator("main").getByText(shows).filter({ visible: true }).first()).toBeVisible();
      await open?.(page);
      for (const theme of themes) {
        if (isPart && (width === 1440) !== (theme === "light")) continue;
        await page.emulateMedia({ colorScheme: theme });
        await expectPicture(page, name, `${width}-${theme}`);
      }
    }
    expect([...missing], "procedures without an answer in e2e/looks/answers").toEqual([]);
  });
}

test("sign-in looks as in its pictures", async ({ page }) => {
  for (const { width, height } of widths) {
    await page.setViewportSize({ width, height });
    await page.goto("/sign-in");
    for (const theme of themes) {
      await page.emulateMedia({ colorScheme: theme });
      await expectPicture(page, "sign-in", `${width}-${theme}`);
    }
  }
});

test("accept-invitation looks as in its pictures", async ({ page }) => {
  await page.route("**/api/invitations/read", (route) =>
    route.fulfill({ json: { email: "haneul.kim@paydeck.example", role: "OPERATOR" } }),
  );
  for (const { width, height } of widths) {
    await page.setViewportSize({ width, height });
    await page.goto("/accept-invitation#given");
    await expect(page.getByLabel("이메일")).toHaveValue("haneul.kim@paydeck.example");
    for (const theme of themes) {
      await page.emulateMedia({ colorScheme: theme });
      await expectPicture(page, "accept-invitation", `${width}-${theme}`);
    }
  }
});

async function expectPicture(page: Page, name: string, look: string): Promise<void> {
  // Nothing under the pointer, nothing that still loads.
  await page.mouse.move(0, 0);
  await expect(page.locator(".animate-late").filter({ visible: true })).toHaveCount(0);
  await page.evaluate(() => document.fonts.ready);
  await expect(page).toHaveScreenshot([name, `${look}.png`]);
}
