import { Readable } from "node:stream";
import { type RefusalCode, refusals } from "#server/core/refusals.ts";

/** The name of a file: the whole one, and one in ASCII for old readers. */
export type FileName = Readonly<{ full: string; ascii: string }>;

/** Answers with a file as it comes, kept by nobody on its way. */
export function answerWithFile(
  bytes: Readable,
  {
    contentType,
    name,
    byteCount,
    traceId,
  }: Readonly<{ contentType: string; name: FileName; byteCount?: number | bigint; traceId: string }>,
): Response {
  return new Response(Readable.toWeb(bytes) as unknown as ReadableStream, {
    headers: {
      "content-type": contentType,
      ...(byteCount !== undefined && { "content-length": String(byteCount) }),
      // RFC 6266: a plain name for old readers, and the whole one.
      "content-disposition": `attachment; filename="${name.ascii}"; filename*=UTF-8''${extendedValue(name.full)}`,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "paydeck-trace-id": traceId,
    },
  });
}

/** RFC 8187: what `encodeURIComponent` leaves but an extended value may not hold. */
function extendedValue(text: string): string {
  return encodeURIComponent(text).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Answers `{ error: { code, message, traceId } }` of the table of refusals in place of a file. */
export function refuseFile(
  code: RefusalCode,
  traceId: string,
  { status = refusals[code].status, retryAfterSeconds }: { status?: number; retryAfterSeconds?: number } = {},
): Response {
  const { ko, en } = refusals[code];
  return Response.json(
    { error: { code, message: { ko, en }, traceId } },
    {
      status,
      headers: {
        "cache-control": "no-store",
        "paydeck-trace-id": traceId,
        ...(retryAfterSeconds !== undefined && { "retry-after": String(retryAfterSeconds) }),
      },
    },
  );
}
