import { expect, test } from "vitest";
import { docsResponse } from "#server/openapi/docs-page.ts";

test("the page allows its own scripts by a nonce that is new each time, and nothing from elsewhere", async () => {
  const [first, second] = await Promise.all([docsResponse([]), docsResponse([])]);
  const policy = first.headers.get("content-security-policy") ?? "";
  const html = await first.text();
  const nonces = [...html.matchAll(/<script nonce="([^"]+)"/g)].map(([, nonce]) => nonce);
  expect(nonces).toHaveLength(2);
  expect(html.match(/<script/g)).toHaveLength(2);
  for (const nonce of nonces) expect(policy).toContain(`script-src 'nonce-${nonce}' 'strict-dynamic'`);
  expect(second.headers.get("content-security-policy")).not.toBe(policy);
  expect(policy).not.toContain("unsafe");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(html).not.toMatch(/<style|style=|https?:\/\//);
});

test("everything the page names is served by us", async () => {
  const html = await (await docsResponse([])).text();
  const files = [...html.matchAll(/(?:href|src)="\/docs\/([^"]+)"/g)].map(([, file]) => file ?? "");
  const css = await (await docsResponse(["docs.css"])).text();
  files.push(...[...css.matchAll(/url\("\/docs\/([^"]+)"\)/g)].map(([, file]) => file ?? ""));
  expect(files.sort()).toEqual([
    "docs.css",
    "docs.js",
    "pretendard.woff2",
    "swagger-ui-bundle.js",
    "swagger-ui.css",
  ]);
  for (const file of files) {
    const answer = await docsResponse([file]);
    expect(answer.status).toBe(200);
    expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(100);
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  }
});

test.each([
  [["..", "package.json"]],
  [["../package.json"]],
  [["constructor"]],
  [["index.html"]],
  [["docs.css", "x"]],
])("%j is not served", async (below) => {
  expect((await docsResponse(below)).status).toBe(404);
});
