import { Agent, type Dispatcher, request } from "undici";
import { Refusal } from "#server/core/refusals.ts";
import {
  BlockedTarget,
  guardedLookup,
  isAllowedHost,
  type Resolve,
  readTarget,
} from "#server/webhooks/webhook-target.ts";

/** Success is a 2xx within this time (WH-3). */
export const answerTimeoutMs = 10_000;
const connectTimeoutMs = 5_000;
/** The body only helps a person to see what went wrong, so little time and little room is spent on it. */
const bodyTimeoutMs = 2_000;
const bodyReadMaxBytes = 64 * 1024;
const bodyKeptMaxBytes = 4 * 1024;

/** What every POST says beside the signature's headers. */
export const webhookHeaders = {
  "content-type": "application/json; charset=utf-8",
  "user-agent": "Paydeck-Webhooks/1",
  accept: "*/*",
} as const;

/** How one POST went. `unreachable` covers everything without a status: name, address, TLS, timeout. */
export type PostResult =
  | Readonly<{
      kind: "answered";
      status: number;
      body: string;
      retryAfter: string | undefined;
      durationMs: number;
    }>
  | Readonly<{ kind: "unreachable"; error: string; durationMs: number }>;

export type PostWebhook = (
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
) => Promise<PostResult>;

/**
 * Makes the sender. Every POST opens a connection of its own, so that the address is checked each time (WH-6), follows
 * no redirect and ends within ten seconds. It never throws for what the other side does.
 */
export function openPostWebhook(allowHosts: readonly string[], resolve?: Resolve): PostWebhook {
  // `pipelining: 0` switches keep-alive off: a connection kept open would be reused without a check.
  const guarded = new Agent({
    pipelining: 0,
    allowH2: false,
    connect: { lookup: guardedLookup(resolve), timeout: connectTimeoutMs },
  });
  const unguarded = new Agent({ pipelining: 0, allowH2: false, connect: { timeout: connectTimeoutMs } });

  return async (address, headers, body) => {
    const startedMs = performance.now();
    const elapsedMs = () => Math.round(performance.now() - startedMs);
    try {
      const url = readTarget(address, allowHosts);
      const dispatcher = isAllowedHost(url, allowHosts) ? unguarded : guarded;
      const abort = new AbortController();
      const timer = setTimeout(() => abort.abort(), answerTimeoutMs);
      try {
        const answer = await request(url, {
          method: "POST",
          headers: { ...headers, ...webhookHeaders },
          body,
          dispatcher,
          signal: abort.signal,
        });
        const retryAfter = answer.headers["retry-after"];
        const text = await readBody(answer.body);
        return {
          kind: "answered",
          status: answer.statusCode,
          body: text,
          retryAfter: Array.isArray(retryAfter) ? retryAfter[0] : retryAfter,
          durationMs: elapsedMs(),
        };
      } finally {
        clearTimeout(timer);
      }
    } catch (error) {
      return { kind: "unreachable", error: describeFailure(error), durationMs: elapsedMs() };
    }
  };
}

/** Why a try failed, or null when it did not. */
export function failureOf(result: PostResult): string | null {
  if (result.kind === "unreachable") return result.error;
  if (result.status >= 200 && result.status < 300) return null;
  if (result.status >= 300 && result.status < 400)
    return `status ${result.status}: redirects are not followed`;
  return `status ${result.status}`;
}

/** Reads what a person may want to see of the answer. An end that is slow, endless or broken does not change the status that was given. */
async function readBody(body: Dispatcher.ResponseData["body"]): Promise<string> {
  const kept: Buffer[] = [];
  let readBytes = 0;
  const timer = setTimeout(() => body.destroy(), bodyTimeoutMs);
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      if (readBytes < bodyKeptMaxBytes) kept.push(chunk);
      readBytes += chunk.length;
      // Leaving the loop destroys the stream and its connection.
      if (readBytes >= bodyReadMaxBytes) break;
    }
  } catch {
    // The part that came is kept; the status line was the answer.
  } finally {
    clearTimeout(timer);
  }
  return toStorableText(Buffer.concat(kept));
}

/** At most 4 KiB of text that PostgreSQL can store: no NUL, no half characters. */
function toStorableText(bytes: Buffer): string {
  const text = bytes.subarray(0, bodyKeptMaxBytes).toString("utf8").replaceAll("\u0000", "");
  // Each byte that is no UTF-8 became a three-byte replacement character.
  return Buffer.byteLength(text) <= bodyKeptMaxBytes
    ? text
    : text.slice(0, Math.floor(bodyKeptMaxBytes / 3)).toWellFormed();
}

const meanings: Readonly<Record<string, string>> = {
  ENOTFOUND: "dns: the host name does not exist",
  EAI_AGAIN: "dns: the name service did not answer",
  ECONNREFUSED: "connect: the connection was refused",
  ECONNRESET: "connect: the connection was reset",
  EHOSTUNREACH: "connect: the host cannot be reached",
  ENETUNREACH: "connect: the network cannot be reached",
  ETIMEDOUT: "connect: no connection in time",
  UND_ERR_CONNECT_TIMEOUT: "connect: no connection in time",
  UND_ERR_SOCKET: "connect: the connection was closed before an answer came",
  UND_ERR_HEADERS_OVERFLOW: "answer: the headers are too large",
  CERT_HAS_EXPIRED: "tls: the certificate has expired",
  DEPTH_ZERO_SELF_SIGNED_CERT: "tls: the certificate is self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "tls: the certificate chain is self-signed",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "tls: the certificate cannot be verified",
  ERR_TLS_CERT_ALTNAME_INVALID: "tls: the certificate is for another host",
};

/** Why no answer came, in words for the mall (domain §5, 11: TLS, DNS, status or body). */
function describeFailure(error: unknown): string {
  if (error instanceof BlockedTarget) return error.message;
  if (error instanceof Refusal)
    return `blocked: the URL is not a public https address (${String(error.facts.because)})`;
  if (!(error instanceof Error)) return "connect: failed";
  if (error.name === "AbortError") return `timeout: no answer within ${answerTimeoutMs / 1_000} seconds`;
  const cause = error instanceof AggregateError ? (error.errors[0] as Error) : error;
  const code = (cause as { code?: unknown }).code;
  if (typeof code !== "string") return `connect: ${cause.name}`;
  return meanings[code] ?? `connect: ${code}`;
}
