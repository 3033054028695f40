import { expect, type Page } from "@playwright/test";

/** How far a role acts alone in a kind; null is without limit. */
export type Limit = Readonly<{ kind: string; role: string; limitMax: number | null }>;

/** Lowers a limit, as one administrator may. */
export async function lowerLimit(admin: Page, limit: Limit): Promise<void> {
  await ask(admin, "setLimit", withLimit(limit, {}));
}

/** Puts a limit up again, as two administrators do it: one asks, the other approves. */
export async function raiseLimit(maker: Page, checker: Page, limit: Limit): Promise<void> {
  const made = await ask(maker, "requestLimitChange", withLimit(limit, { reason: "e2e" }));
  const { requestId } = made as { requestId: string };
  await ask(checker, "approve", { json: { requestId, version: 1, note: "" } });
  await checker.goto(`/change-requests/${requestId}`);
  await expect(checker.getByText("한도를 올렸어요")).toBeVisible({ timeout: 20_000 });
}

function withLimit({ kind, role, limitMax }: Limit, more: Readonly<Record<string, string>>) {
  const json = { kind, role, limitMax: limitMax === null ? null : String(limitMax), ...more };
  return { json, ...(limitMax !== null && { meta: { values: { limitMax: ["bigint"] } } }) };
}

async function ask(page: Page, procedure: string, input: unknown): Promise<unknown> {
  const answer = await page.request.post(`/api/trpc/changeRequest.${procedure}?batch=1`, {
    headers: { "sec-fetch-site": "same-origin" },
    data: { "0": input },
  });
  expect(answer.status(), await answer.text()).toBe(200);
  const [first] = (await answer.json()) as { result: { data: { json?: unknown } } }[];
  return first?.result.data.json;
}
