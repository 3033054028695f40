import { newTraceId } from "#server/core/ids.ts";
import { Refusal, type RefusalCode, type RefusalFacts, refusals } from "#server/core/refusals.ts";
import { clientAddressOf } from "#server/operators/client-address.ts";
import { mayDo, type SignedInOperator } from "#server/operators/permissions.ts";
import type { Context } from "#server/platform/context.ts";
import { isDatabaseUnavailable } from "#server/platform/db.ts";
import { refuseAnother } from "#server/reconciliation/daily-file.ts";
import { type FileIdentity, identifyFile } from "#server/reconciliation/identify-file.ts";
import { type ImportedFile, importFile, refuseUnfit } from "#server/reconciliation/import-file.ts";
import { readBody } from "#server/reconciliation/read-body.ts";
import { uploadSchema } from "#server/reconciliation/reconciliation.schemas.ts";
import { fileBytesMax } from "#server/reconciliation/reconciliation.values.ts";
import { isSameOrigin } from "#server/trpc/is-same-origin.ts";

/** What was imported: which file it was, and how its day matches by now. */
export type UploadedFile = FileIdentity & ImportedFile;

/**
 * Answers an upload from our own pages. The file is the body, read as it arrives, so it is never in memory as a whole.
 * What the address says of the file it has to be; the rest is taken from the file itself. Answers `UploadedFile`, or `{ error: { code, message, facts } }` of the table of refusals.
 */
export async function uploadFile(
  request: Request,
  ctx: Pick<Context, "sql" | "reports" | "batches" | "ids" | "now" | "log">,
  readOperator: () => Promise<SignedInOperator | null>,
): Promise<Response> {
  const traceId = newTraceId();
  if (!isSameOrigin(request)) return refuseUnread("FORBIDDEN_SCOPE", traceId);
  if (!/^application\/octet-stream\b/i.test(request.headers.get("content-type") ?? ""))
    return refuseUnread("UNSUPPORTED_MEDIA_TYPE", traceId);
  const operator = await readOperator();
  if (!operator) return refuseUnread("FORBIDDEN_SCOPE", traceId, {}, 401);
  if (!mayDo(operator.role, "reconciliation:manage")) return refuseUnread("FORBIDDEN_SCOPE", traceId);
  const asked = uploadSchema.safeParse(Object.fromEntries(new URL(request.url).searchParams));
  if (!asked.success)
    return refuseUnread("INVALID_REQUEST", traceId, { field: String(asked.error.issues[0]?.path[0]) });
  const { van, date, kind } = asked.data;
  try {
    const { identity, bytes } = await identifyFile(readBody(request.body, fileBytesMax), (said) => {
      refuseAnother(said, {
        vanCode: van ?? said.vanCode,
        businessDate: date ?? said.businessDate,
        kind: kind ?? said.kind,
      });
      refuseUnfit(said, ctx.now());
    });
    const { fileId, recordCount, match } = await importFile(ctx, {
      ...identity,
      bytes,
      actor: {
        type: "operator",
        id: operator.id,
        ipAddress: clientAddressOf(request.headers.get("x-forwarded-for")) ?? undefined,
      },
      traceId,
    });
    const imported: UploadedFile = { ...identity, fileId, recordCount, match };
    return Response.json(imported, { status: 201, headers: headersOf(traceId) });
  } catch (error) {
    // Of what is too long the rest is not read either.
    if (error instanceof Refusal && error.code === "RECON_FILE_TOO_LARGE")
      return refuseUnread(error.code, traceId, error.facts);
    if (error instanceof Refusal) return refuse(error.code, traceId, error.facts);
    // Another import of the same days is at work, for longer than one waits for it.
    if (isDatabaseUnavailable(error)) return refuse("MAINTENANCE", traceId);
    ctx.log.error({ traceId, err: error }, "an upload for reconciliation failed");
    return refuse("INTERNAL_ERROR", traceId);
  }
}

const headersOf = (traceId: string) => ({ "paydeck-trace-id": traceId, "cache-control": "no-store" });

/** Refuses what was not read to its end, so the connection ends with it. */
function refuseUnread(...refused: Parameters<typeof refuse>): Response {
  const answer = refuse(...refused);
  answer.headers.set("connection", "close");
  return answer;
}

function refuse(code: RefusalCode, traceId: string, facts: RefusalFacts = {}, status?: number): Response {
  const { ko, en } = refusals[code];
  return Response.json(
    { error: { code, message: { ko, en }, facts, traceId } },
    { status: status ?? refusals[code].status, headers: headersOf(traceId) },
  );
}
