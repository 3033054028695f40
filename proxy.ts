import { type NextRequest, NextResponse } from "next/server";

/**
 * Gives every page a content policy with a fresh nonce; Next reads the nonce from the request's policy and puts it
 * on its scripts. Nothing is authorised here: pages and procedures each ask for themselves.
 */
export function proxy(request: NextRequest): NextResponse {
  const nonce = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
  const isDevelopment = process.env.NODE_ENV === "development";
  const policy = [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ""}`,
    // Next's development overlay writes <style> elements without a nonce.
    isDevelopment ? "style-src 'self' 'unsafe-inline'" : `style-src 'self' 'nonce-${nonce}'`,
    // recharts and Radix place elements by style attributes.
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");

  const requestHeaders = new Headers(request.headers);
  requestHeaders.set("x-nonce", nonce);
  requestHeaders.set("content-security-policy", policy);
  // Where a person wanted to go, for the way back from signing in; layouts cannot ask Next for it.
  requestHeaders.set("x-paydeck-path", request.nextUrl.pathname + request.nextUrl.search);
  const response = NextResponse.next({ request: { headers: requestHeaders } });
  response.headers.set("content-security-policy", policy);
  return response;
}

export const config = {
  // Programs' doors and static files carry no scripts of ours; /docs sets a policy of its own.
  matcher: ["/((?!api/|_next/static|_next/image|docs|favicon.ico|icon.svg).*)"],
};
