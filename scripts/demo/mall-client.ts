import { setTimeout as sleep } from "node:timers/promises";

/** The envelope of every answer of the mall API. */
export type MallAnswer = Readonly<{
  status: number;
  code: string;
  data: Readonly<Record<string, unknown>>;
  tries: number;
}>;

/** The platform did not answer at all: it is away, not saying no. */
export class PlatformAway extends Error {
  override readonly name = "PlatformAway";
}

export type Send = Readonly<{
  method: "GET" | "POST" | "DELETE";
  path: string;
  body?: unknown;
  /** Sent with every try of one request, so that it happens once. */
  idempotencyKey?: string;
  /** Sent with the first try alone: a fault that a retry does not meet again. */
  testCode?: string | undefined;
}>;

export type MallClient = Readonly<{ send(request: Send): Promise<MallAnswer> }>;

type Options = Readonly<{
  baseUrl: string;
  secretKey: string;
  triesMax?: number;
  firstDelayMs?: number;
  signal?: AbortSignal;
}>;

const requestTimeoutMs = 60_000;
const delayMaxMs = 10_000;

/**
 * Calls the mall API as a careful mall does: what is `retryable` is sent again with the same Idempotency-Key, after
 * `Retry-After` or a growing delay. Throws `PlatformAway` when no try was answered.
 */
export function openMallClient({
  baseUrl,
  secretKey,
  triesMax = 8,
  firstDelayMs = 500,
  signal,
}: Options): MallClient {
  const authorization = `Basic ${Buffer.from(`${secretKey}:`).toString("base64")}`;

  async function tryOnce(
    request: Send,
    isFirst: boolean,
  ): Promise<{ status: number; code: string; data: Record<string, unknown>; retryAfterMs: number }> {
    const timeout = AbortSignal.timeout(requestTimeoutMs);
    const response = await fetch(`${baseUrl}/api/v1${request.path}`, {
      method: request.method,
      headers: {
        authorization,
        ...(request.body === undefined ? {} : { "content-type": "application/json" }),
        ...(request.idempotencyKey ? { "idempotency-key": request.idempotencyKey } : {}),
        ...(request.testCode && isFirst ? { "paydeck-test-code": request.testCode } : {}),
      },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    const { code, data } = (await response.json()) as { code: string; data: Record<string, unknown> };
    return {
      status: response.status,
      code,
      data,
      retryAfterMs: Number(response.headers.get("retry-after") ?? 0) * 1_000,
    };
  }

  return {
    async send(request) {
      let last: unknown;
      for (let tries = 1; ; tries++) {
        let waitMs = Math.min(firstDelayMs * 2 ** (tries - 1), delayMaxMs);
        try {
          const answer = await tryOnce(request, tries === 1);
          if (answer.data?.retryable !== true || tries === triesMax) return { ...answer, tries };
          waitMs = Math.max(waitMs, answer.retryAfterMs);
        } catch (error) {
          if (signal?.aborted) throw error;
          last = error;
          if (tries === triesMax)
            throw new PlatformAway(`${request.method} ${request.path} was not answered`, { cause: last });
        }
        await sleep(waitMs, undefined, { signal });
      }
    },
  };
}
