import { type RefusalCode, type RefusalFacts, refusals } from "#server/core/refusals.ts";

export type Locale = "ko" | "en";

const successMessages = { ko: "정상 처리되었습니다.", en: "Done." } as const;

/** An answer of the mall API as it will be sent, and stored for a replay byte for byte. */
export type Reply = Readonly<{ status: number; body: string; headers?: Readonly<Record<string, string>> }>;

/** The envelope of a success. `data` must be JSON already (no bigint, no Date). */
export function successReply(data: unknown, locale: Locale, status = 200): Reply {
  return { status, body: JSON.stringify({ code: "SUCCESS", message: successMessages[locale], data }) };
}

/** The envelope of a refusal, its status and sentence from the one table. */
export function refusalReply(
  code: RefusalCode,
  facts: RefusalFacts,
  locale: Locale,
  traceId: string,
  retryAfterSeconds?: number,
): Reply {
  const { status, retryable } = refusals[code];
  return {
    status,
    body: JSON.stringify({ code, message: refusals[code][locale], data: { traceId, retryable, ...facts } }),
    ...(retryAfterSeconds === undefined ? {} : { headers: { "retry-after": String(retryAfterSeconds) } }),
  };
}
