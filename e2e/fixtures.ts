import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { type APIResponse, type BrowserContext, test as base, expect, type Page } from "@playwright/test";

export type Demo = Readonly<{
  baseUrl: string;
  malls: readonly { mallId: string; name: string; secretKey: string }[];
  operators: readonly { email: string; password: string; role: Role }[];
  vans: readonly { code: string; controlUrl: string }[];
}>;
export type Role = "VIEWER" | "OPERATOR" | "SETTLEMENT" | "ADMIN" | "AUDITOR";

type Answer = Readonly<{ status: number; code: string; data: Record<string, unknown> }>;

/** A mall that calls the public API, as any mall would. */
export type MallApi = Readonly<{
  name: string;
  mallId: string;
  /** Approves an order by card; `testCode` makes the sandbox VAN misbehave. */
  approve(order?: {
    orderId?: string;
    amount?: number;
    orderName?: string;
    testCode?: string;
  }): Promise<Answer & { orderId: string }>;
  cancel(paymentKey: string, body: Record<string, unknown>): Promise<Answer>;
  inquire(orderId: string): Promise<Answer>;
}>;

type Fixtures = {
  demo: Demo;
  mall: MallApi;
  /**
   * Signs a role in: through the sign-in page the first time, with the session of that time afterwards. It leads to
   * no page: a test goes where it begins.
   */
  signIn: (role: Role, page?: Page) => Promise<void>;
  /**
   * Every test fails on an error that nobody caught on a page of it, React's about the document it took over too, and
   * on anything that a page asks of another host.
   */
  nothingUnseen: undefined;
};

/** What went wrong unseen on the pages of the test that runs. */
let unseen: string[] = [];

/** A fresh order id of this test run. */
export const newOrderId = () => `E2E-${randomUUID().slice(0, 13)}`;

/** The sessions that earlier tests of this run opened; one that has ended meanwhile is opened anew. */
const sessions = new Map<Role, Awaited<ReturnType<BrowserContext["cookies"]>>>();

export const test = base.extend<Fixtures>({
  page: async ({ page }, use) => use(thatWaitsForReact(page)),
  nothingUnseen: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
    async ({}, use) => {
      unseen = [];
      await use(undefined);
      expect(unseen, "errors that nobody caught, and requests to other hosts").toEqual([]);
    },
    { auto: true },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
  demo: async ({}, use) => {
    const path = process.env.PAYDECK_E2E_DEMO_JSON ?? ".data/demo.json";
    await use(JSON.parse(readFileSync(path, "utf8")) as Demo);
  },
  mall: async ({ demo, request }, use) => {
    const [mall] = demo.malls;
    if (!mall) throw new Error("The demo has no mall");
    const auth = { authorization: `Basic ${Buffer.from(`${mall.secretKey}:`).toString("base64")}` };
    const post = (path: string, data: unknown, headers: Record<string, string> = {}) =>
      request.post(`/api/v1${path}`, {
        data,
        headers: { ...auth, "idempotency-key": randomUUID(), ...headers },
        timeout: 30_000,
      });
    await use({
      name: mall.name,
      mallId: mall.mallId,
      async approve({
        orderId = newOrderId(),
        amount = 50_000,
        orderName = "클린 코드 외 2권",
        testCode,
      } = {}) {
        const card = { number: "4330123412341234", expiryYear: "30", expiryMonth: "12" };
        const body = { orderId, amount, orderName, method: "CARD", card };
        const answer = await read(
          await post("/payments", body, testCode ? { "paydeck-test-code": testCode } : {}),
        );
        return { ...answer, orderId };
      },
      cancel: async (paymentKey, body) => read(await post(`/payments/${paymentKey}/cancel`, body)),
      inquire: async (orderId) =>
        read(await request.get(`/api/v1/payments?orderId=${orderId}`, { headers: auth })),
    });
  },
  signIn: async ({ demo, page }, use) => {
    await use(async (role, on = page) => {
      thatWaitsForReact(on);
      // Whoever was signed in here may still be answered, with a cookie of theirs.
      await on.goto("about:blank");
      await on.context().clearCookies({ name: /session/ });
      const earlier = sessions.get(role);
      if (earlier) {
        await on.context().addCookies(earlier);
        // A page leads to the sign-in when the session's row has ended, whatever the cookie says.
        const answer = await on.request.get("/sessions", { maxRedirects: 0 });
        if (answer.ok()) return;
        await on.context().clearCookies({ name: /session/ });
      }
      await signInByPage(on, demo, role);
      sessions.set(role, await on.context().cookies());
    });
  },
});

const waiting = new WeakSet<Page>();

/**
 * The page, whose `goto` and `reload` end when React answers for every control of it. What is pressed or typed in the
 * moment between the first paint and that is lost, and a program is always that fast. What goes wrong on it unseen
 * fails the test.
 */
export function thatWaitsForReact(page: Page): Page {
  if (waiting.has(page)) return page;
  waiting.add(page);
  page.on("pageerror", (error) => unseen.push(`${page.url()}: ${error.message}`));
  page.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith("http") && page.url().startsWith("http") && origin !== new URL(page.url()).origin)
      unseen.push(`${page.url()} asked ${request.url()}`);
  });
  const goto = page.goto.bind(page);
  const reload = page.reload.bind(page);
  page.goto = async (...given) => {
    const answer = await goto(...given);
    // An empty page has nothing to wait for.
    if (given[0] !== "about:blank") await page.waitForFunction(everyControlAnswers);
    return answer;
  };
  page.reload = async (...given) => {
    const answer = await reload(...given);
    await page.waitForFunction(everyControlAnswers);
    return answer;
  };
  return page;
}

function everyControlAnswers(): boolean {
  const isOurs = document.querySelector('script[src*="/_next/static/"]') !== null;
  const controls = [...document.querySelectorAll("button, input, select, textarea")];
  return !isOurs || controls.every((one) => Object.keys(one).some((key) => key.startsWith("__reactProps$")));
}

/** Signs a role in through the sign-in page and waits for the home page it leads to. */
export async function signInByPage(page: Page, demo: Demo, role: Role): Promise<void> {
  thatWaitsForReact(page);
  const operator = demo.operators.find((one) => one.role === role);
  if (!operator) throw new Error(`The demo has no ${role}`);
  await page.goto("/sign-in");
  await page.getByLabel("이메일").fill(operator.email);
  await page.getByLabel("비밀번호", { exact: true }).fill(operator.password);
  await page.getByRole("button", { name: "로그인", exact: true }).click();
  // A test that went elsewhere before that would be led away.
  await page.waitForURL((url) => url.pathname === "/");
}

async function read(response: APIResponse): Promise<Answer> {
  const body = (await response.json()) as { code: string; data: Record<string, unknown> };
  return { status: response.status(), code: body.code, data: body.data };
}

export { expect };
