import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** What the page loads beside itself; Swagger UI comes from the package, never from another host. */
const assets: Readonly<Record<string, { type: string; read: () => Promise<Buffer | string> }>> = {
  "swagger-ui.css": {
    type: "text/css; charset=utf-8",
    read: () => fromPackage("swagger-ui-dist/swagger-ui.css"),
  },
  "swagger-ui-bundle.js": {
    type: "text/javascript; charset=utf-8",
    read: () => fromPackage("swagger-ui-dist/swagger-ui-bundle.js"),
  },
  "pretendard.woff2": {
    type: "font/woff2",
    read: () => fromPackage("pretendard/dist/web/variable/woff2/PretendardVariable.woff2"),
  },
  "docs.css": { type: "text/css; charset=utf-8", read: async () => styles },
  "docs.js": { type: "text/javascript; charset=utf-8", read: async () => script },
};

function fromPackage(file: string): Promise<Buffer> {
  return readFile(join(/* turbopackIgnore: true */ process.cwd(), "node_modules", file));
}

const commonHeaders = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "same-origin",
};

/** Answers `/docs` and what lies below it: the API document as a page, for anyone, under a content policy of its own. */
export async function docsResponse(below: readonly string[]): Promise<Response> {
  if (below.length === 0) return page();
  const asset =
    below.length === 1 && Object.hasOwn(assets, below[0] ?? "") ? assets[below[0] ?? ""] : undefined;
  if (!asset) return new Response("not found\n", { status: 404, headers: commonHeaders });
  const body = await asset.read();
  return new Response(typeof body === "string" ? body : new Uint8Array(body), {
    headers: { ...commonHeaders, "content-type": asset.type, "cache-control": "public, max-age=3600" },
  });
}

function page(): Response {
  const nonce = randomBytes(16).toString("base64");
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'`,
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
  return new Response(html(nonce), {
    headers: {
      ...commonHeaders,
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": policy,
      "cache-control": "no-store",
    },
  });
}

const html = (nonce: string) => `<!doctype html>
<html lang="ko">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Paydeck API</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="stylesheet" href="/docs/docs.css">
<script nonce="${nonce}" src="/docs/swagger-ui-bundle.js" defer></script>
<script nonce="${nonce}" src="/docs/docs.js" defer></script>
</head>
<body>
<header class="docs-bar">
<a class="docs-brand" href="/docs">Paydeck <span>API</span></a>
<nav><a href="/api/v1/openapi.json">openapi.json</a><a href="/">콘솔 (Console)</a></nav>
</header>
<main id="document"><p class="docs-wait">API 문서를 불러오는 중입니다. (Loading the document.)</p></main>
<noscript><p class="docs-wait">이 화면에는 JavaScript가 필요합니다. 문서 자체는 <a href="/api/v1/openapi.json">openapi.json</a>입니다.</p></noscript>
</body>
</html>
`;

/** Starts Swagger UI. The example key is replaced by a fresh one, so that trying twice is not answered by a replay. */
const script = `"use strict";
const dark = window.matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
follow();
dark.addEventListener("change", follow);
let exampleKey;
window.SwaggerUIBundle({
  url: "/api/v1/openapi.json",
  dom_id: "#document",
  deepLinking: true,
  presets: [window.SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  validatorUrl: null,
  responseInterceptor(response) {
    if (response.url && response.url.endsWith("/openapi.json") && response.body && response.body.paths) {
      const parameters = response.body.paths["/payments"].post.parameters;
      exampleKey = parameters.find((parameter) => parameter.name === "Idempotency-Key").schema.example;
    }
    return response;
  },
  requestInterceptor(request) {
    const headers = request.headers || {};
    if (exampleKey && headers["Idempotency-Key"] === exampleKey) headers["Idempotency-Key"] = window.crypto.randomUUID();
    return request;
  },
});
`;

const styles = `@font-face { font-family: "Pretendard Variable"; font-weight: 45 920; font-display: swap; src: url("/docs/pretendard.woff2") format("woff2"); }
:root { --bar: #ffffff; --ink: #191f28; --quiet: #4e5968; --line: #e5e8eb; --page: #ffffff; }
html.dark-mode { --bar: #17171c; --ink: #f2f4f6; --quiet: #b0b8c1; --line: #2c2c35; --page: #101013; }
html { color-scheme: light dark; }
body { margin: 0; background: var(--page); color: var(--ink); font-family: "Pretendard Variable", Pretendard, -apple-system, system-ui, "Apple SD Gothic Neo", "Noto Sans KR", sans-serif; }
.docs-bar { position: sticky; top: 0; z-index: 10; display: flex; align-items: center; justify-content: space-between; gap: 16px; padding: 12px 24px; background: var(--bar); border-bottom: 1px solid var(--line); }
.docs-brand { font-size: 17px; font-weight: 700; color: var(--ink); text-decoration: none; }
.docs-brand span { font-weight: 500; color: var(--quiet); }
.docs-bar nav { display: flex; gap: 16px; }
.docs-bar nav a { color: var(--quiet); font-size: 14px; text-decoration: none; white-space: nowrap; }
.docs-bar a:hover { text-decoration: underline; }
.docs-bar a:focus-visible { outline: 2px solid #3182f6; outline-offset: 2px; }
.docs-wait { padding: 48px 24px; text-align: center; color: var(--quiet); }
.swagger-ui, .swagger-ui :not(pre, pre *, code, textarea, .opblock-summary-path, .opblock-summary-path *) { font-family: inherit !important; }
.swagger-ui :is(pre, pre *, code, textarea, .opblock-summary-path, .opblock-summary-path *) { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", "Pretendard Variable", monospace !important; }
.swagger-ui :is(pre, code) { white-space: pre-wrap; overflow-wrap: anywhere; }
.swagger-ui .renderedMarkdown li { font-size: 14px; line-height: 1.6; }
.swagger-ui .opblock { scroll-margin-top: 64px; }
html.dark-mode .swagger-ui .examples-select__section-label { color: var(--ink); }
.swagger-ui select { max-width: 100%; }
.swagger-ui :is(.table-container, .responses-inner, .model-box) { overflow-x: auto; }
.swagger-ui .info { margin: 32px 0; }
@media (max-width: 640px) {
  .docs-bar { padding: 12px 16px; }
  .swagger-ui .wrapper { padding: 0 12px; }
  .swagger-ui .opblock .opblock-summary-path { max-width: 100%; }
  .swagger-ui .opblock .opblock-summary-description { display: none; }
}
`;
