import { randomUUID } from "node:crypto";
import { globSync } from "node:fs";
import type { Page } from "@playwright/test";
import { expectAccessible } from "../axe.ts";
import { type Demo, expect, type MallApi, test, thatWaitsForReact } from "../fixtures.ts";
import { invite } from "../invite.ts";
import { expectStill, watchLayoutShift } from "../layout-shift.ts";
import { expectTimesTell } from "../times.ts";

// Every page by axe (WCAG 2.2 AA), for what moves while it loads, and for times that do not tell their offset: at both
// widths, in both themes and in both languages.

type Actors = Readonly<{ mall: MallApi; page: Page; demo: Demo }>;

/** Calls a procedure as whoever is signed in on the page; `values` names the parts of the input that JSON has no type for. */
async function call(page: Page, procedure: string, json: unknown, values?: Record<string, string[]>) {
  const answer = await page.request.post(`/api/trpc/${procedure}?batch=1`, {
    headers: { "sec-fetch-site": "same-origin" },
    data: { "0": { json, ...(values && { meta: { values } }) } },
  });
  expect(answer.status(), procedure).toBe(200);
  const [{ result }] = (await answer.json()) as [{ result: { data: { json: Record<string, unknown> } } }];
  return result.data.json;
}

/** Each page by its folder in `app/(console)`, and where one of it is. */
const pages: Readonly<Record<string, (actors: Actors) => Promise<string>>> = {
  "/": async () => "/",
  "/[...missing]": async () => "/gone/for/good",
  "/payments": async () => "/payments",
  "/payments/[paymentKey]": async ({ mall }) => `/payments/${(await mall.approve()).data.paymentKey}`,
  "/unknown": async () => "/unknown",
  "/bulk": async () => "/bulk",
  "/bulk/new": async ({ mall }) => `/bulk/new?ids=${(await mall.approve()).data.paymentKey}`,
  "/bulk/[runId]": async ({ mall, page }) => {
    const source = { kind: "ids", ids: [(await mall.approve()).data.paymentKey] };
    const { plan } = (await call(page, "bulkCancel.preview", source)) as { plan: { digest: string } };
    const started = await call(page, "bulkCancel.start", {
      source,
      reason: "e2e",
      seen: { digest: plan.digest, count: 1 },
      requestKey: randomUUID(),
    });
    return `/bulk/${String(started.runId)}`;
  },
  "/dead-letters": async () => "/dead-letters",
  "/x-view": async () => "/x-view?window=60&lines=1",
  "/latency": async () => "/latency",
  "/vans": async () => "/vans",
  "/webhooks": async () => "/webhooks",
  "/webhooks/endpoints": async () => "/webhooks/endpoints",
  "/webhooks/endpoints/[endpointId]": async ({
    page,
    demo: {
      malls: [mall],
    },
  }) => {
    const headers = { authorization: `Basic ${Buffer.from(`${mall?.secretKey}:`).toString("base64")}` };
    const list = "/api/v1/webhook-endpoints";
    const registered = await page.request.get(list, { headers });
    const [first] = ((await registered.json()) as { data: { endpoints: { endpointId: string }[] } }).data
      .endpoints;
    if (first) return `/webhooks/endpoints/${first.endpointId}`;
    const data = { url: "http://127.0.0.1:9/hooks", types: ["payment.approved"] };
    const made = (await (await page.request.post(list, { headers, data })).json()) as {
      data: { endpointId: string };
    };
    return `/webhooks/endpoints/${made.data.endpointId}`;
  },
  "/integrity": async () => "/integrity",
  "/settlements": async ({ page }) => {
    // The started platform settles the days of its history one after another, and each ends by new rows on top.
    await expect(async () => {
      await page.goto("/settlements");
      await expect(page.getByRole("link", { name: /정산 보기$/ }).first()).toBeVisible({ timeout: 3_000 });
      await expect(page.getByText(/정산을 계산하고 있어요/)).toHaveCount(0);
    }).toPass({ timeout: 240_000, intervals: [1_000, 5_000] });
    return "/settlements";
  },
  "/settlements/[settlementId]": async ({ page }) => {
    const opener = page.getByRole("link", { name: /정산 보기$/ }).first();
    // The started platform settles the days of its history one after another.
    await expect(async () => {
      await page.goto("/settlements");
      await expect(opener).toBeVisible({ timeout: 3_000 });
    }).toPass({ timeout: 240_000, intervals: [1_000, 5_000] });
    return String(await opener.getAttribute("href"));
  },
  "/settlements/calendar": async () => "/settlements/calendar",
  "/settlements/fund": async () => "/settlements/fund",
  "/reconciliation": async () => "/reconciliation",
  "/reconciliation/items": async () => "/reconciliation/items?show=all",
  "/reconciliation/[businessDate]/[vanCode]": async ({ page }) => {
    const opener = page.getByRole("link", { name: /대사 보기$/ }).first();
    // The started platform reconciles the last week by itself.
    await expect(async () => {
      await page.goto("/reconciliation");
      await expect(opener).toBeVisible({ timeout: 3_000 });
    }).toPass({ timeout: 120_000, intervals: [1_000, 5_000] });
    return `${String(await opener.getAttribute("href"))}?show=all`;
  },
  "/audit": async () => "/audit",
  "/exports": async ({ page }) => {
    await call(page, "export.request", {
      source: { kind: "PAYMENTS", filter: { date: "30d" } },
      format: "CSV",
      purpose: "OTHER",
      reason: "accessibility of the page",
      language: "ko",
      requestKey: randomUUID(),
    });
    return "/exports";
  },
  "/change-requests": async () => "/change-requests",
  "/change-requests/[requestId]": async ({ mall, page }) => {
    const { data } = await mall.approve();
    const wish = { paymentKey: data.paymentKey, amountMinor: "50000", currentCancelableMinor: "50000" };
    const bigints = { amountMinor: ["bigint"], currentCancelableMinor: ["bigint"] };
    const asked = await call(
      page,
      "payment.requestCancel",
      { ...wish, reason: "e2e", requestKey: randomUUID() },
      bigints,
    );
    return `/change-requests/${String(asked.requestId)}`;
  },
  "/change-requests/policy": async () => "/change-requests/policy",
  "/people": async () => "/people",
  "/sessions": async () => "/sessions",
  "/malls": async () => "/malls",
  "/malls/[mallId]": async ({ mall: { mallId } }) => `/malls/${mallId}?tab=keys`,
};

test("every page of the console is among them", () => {
  const folder = "app/(console)";
  const found = globSync(`${folder}/**/page.tsx`).map((path) =>
    path.slice(folder.length, -"/page.tsx".length),
  );
  expect(Object.keys(pages).sort()).toEqual(found.map((path) => path || "/").sort());
});

/** Light and dark differ in colours, the widths in what is shown, the languages in words. */
const looks = [
  { width: 1440, height: 900, theme: "light", language: "ko" },
  { width: 390, height: 844, theme: "dark", language: "ko" },
  { width: 390, height: 844, theme: "light", language: "en" },
  { width: 1440, height: 900, theme: "dark", language: "en" },
] as const;

for (const [name, pathOf] of Object.entries(pages)) {
  test(`${name}: no finding at any width, in any theme and language`, async ({
    mall,
    page,
    demo,
    signIn,
    baseURL,
  }) => {
    test.setTimeout(300_000);
    await signIn("ADMIN");
    await watchLayoutShift(page);
    const path = await pathOf({ mall, page, demo });
    for (const { width, height, theme, language } of looks) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme: theme });
      await page.context().addCookies([{ name: "paydeck_language", value: language, url: baseURL ?? "" }]);
      await page.goto(path);
      await expect(page.locator("main")).not.toHaveText("");
      await page.waitForLoadState("networkidle");
      await expectStill(page, `${path} at ${width}, ${theme}, ${language}`);
      await expectTimesTell(page, `${path} at ${width}, ${language}`);
      await expectAccessible(page, `${path} at ${width}, ${theme}, ${language}`);
    }
  });
}

test("sign-in: no finding at any width, in any theme", async ({ page }) => {
  await watchLayoutShift(page);
  for (const { width, height, theme } of looks) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: theme });
    await page.goto("/sign-in");
    await expectStill(page, `/sign-in at ${width}, ${theme}`);
    await expectAccessible(page, `/sign-in at ${width}, ${theme}`);
  }
});

test("buttons under the pointer: no finding", async ({ page, signIn }) => {
  await signIn("ADMIN");
  await page.goto("/people");
  const button = page.getByRole("button", { name: "사용자 초대" });
  for (const theme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await button.hover();
    await expectAccessible(page, `a button under the pointer, ${theme}`);
  }
});

test("an invitation, one that works and one that does not: no finding", async ({
  page,
  browser,
  signIn,
  baseURL,
}) => {
  test.setTimeout(180_000);
  await signIn("ADMIN");
  const link = await invite(page, `${randomUUID().slice(0, 8)}@e2e.example`, "VIEWER");
  const context = await browser.newContext();
  const guest = thatWaitsForReact(await context.newPage());
  await watchLayoutShift(guest);
  for (const { width, height, theme, language } of looks) {
    await guest.setViewportSize({ width, height });
    await guest.emulateMedia({ colorScheme: theme });
    await context.addCookies([{ name: "paydeck_language", value: language, url: baseURL ?? "" }]);
    // The token stands after the `#`: without the empty page between, nothing would be loaded.
    for (const address of [link, "/accept-invitation#used"]) {
      await guest.goto("about:blank");
      await guest.goto(new URL(address, baseURL).href);
      await expect(guest.locator("input[readonly], [role=alert]").first()).toBeVisible();
      const name = `${address === link ? "an invitation" : "no invitation"} at ${width}, ${theme}, ${language}`;
      await expectStill(guest, name);
      await expectAccessible(guest, name);
    }
  }
  await context.close();
});
