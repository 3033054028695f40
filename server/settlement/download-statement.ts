import { Readable } from "node:stream";
import { recordAudit } from "#server/audit/record-audit.ts";
import { newTraceId } from "#server/core/ids.ts";
import { Refusal, type RefusalCode, refusals } from "#server/core/refusals.ts";
import { clientAddressOf } from "#server/operators/client-address.ts";
import { mayDo, type SignedInOperator } from "#server/operators/permissions.ts";
import type { Context } from "#server/platform/context.ts";
import { isDatabaseUnavailable } from "#server/platform/db.ts";
import type { Runtime } from "#server/platform/runtime.ts";
import { statementFileName } from "#server/settlement/domain/statement-mail.ts";
import { readStatement } from "#server/settlement/read-statement.ts";
import { statementSchema } from "#server/settlement/settlement.schemas.ts";
import { writeStatement } from "#server/settlement/write-statement.ts";

type Needs = Pick<Context, "sql" | "reports" | "env" | "now" | "log"> & Pick<Runtime, "admission">;

/**
 * Answers with the statement of a settlement as a PDF, `?language=ko|en`, a page at a time. A file leaves the platform:
 * it takes `export:make` besides `settlement:read`, and each one is audited before its first byte. Answers
 * `{ error: { code, message, traceId } }` of the table of refusals otherwise; under load it is turned away as charts are.
 */
export async function downloadStatement(
  request: Request,
  settlementId: string,
  ctx: Needs,
  readOperator: () => Promise<SignedInOperator | null>,
): Promise<Response> {
  const traceId = newTraceId();
  try {
    if (ctx.admission.turnsAway("chart")) return refuse("MAINTENANCE", traceId);
    const operator = await readOperator();
    if (!operator) return refuse("FORBIDDEN_SCOPE", traceId, 401);
    if (!mayDo(operator.role, "settlement:read") || !mayDo(operator.role, "export:make"))
      return refuse("FORBIDDEN_SCOPE", traceId);
    const asked = statementSchema.safeParse({
      settlementId,
      language: new URL(request.url).searchParams.get("language") ?? undefined,
    });
    if (!asked.success) return refuse("NOT_FOUND", traceId);
    const { language } = asked.data;
    const read = await readStatement(ctx, asked.data.settlementId);
    const { statement } = read;
    await ctx.sql.transaction((sql) =>
      recordAudit(sql, {
        actor: { type: "operator", id: operator.id },
        action: "settlement.statement_made",
        target: { type: "settlement", id: statement.settlementId },
        outcome: "success",
        ipAddress: clientAddressOf(request.headers.get("x-forwarded-for")),
        detail: {
          language,
          payoutMinor: statement.payoutMinor,
          lines: statement.lineCount,
          hash: statement.hash,
        },
      }),
    );
    const name = statementFileName(statement, language);
    const bytes = Readable.from(reported(writeStatement(ctx, { ...read, language }), ctx, traceId), {
      objectMode: false,
    });
    return new Response(Readable.toWeb(bytes) as unknown as ReadableStream, {
      headers: {
        "content-type": "application/pdf",
        // RFC 6266: a plain name for old readers, and the whole one.
        "content-disposition": `attachment; filename="${name.ascii}"; filename*=UTF-8''${extendedValue(name.full)}`,
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "paydeck-trace-id": traceId,
      },
    });
  } catch (error) {
    if (error instanceof Refusal) return refuse(error.code, traceId);
    if (isDatabaseUnavailable(error)) return refuse("MAINTENANCE", traceId);
    ctx.log.error({ traceId, err: error }, "a statement could not be made");
    return refuse("INTERNAL_ERROR", traceId);
  }
}

/** The answer has begun: all that is left is to break it off, and to say so in the log. */
async function* reported(
  pages: AsyncGenerator<Uint8Array>,
  { log }: Pick<Context, "log">,
  traceId: string,
): AsyncGenerator<Uint8Array> {
  try {
    yield* pages;
  } catch (error) {
    log.error({ traceId, err: error }, "a statement broke off");
    throw error;
  }
}

/** RFC 8187: what `encodeURIComponent` leaves but an extended value may not hold. */
function extendedValue(text: string): string {
  return encodeURIComponent(text).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function refuse(code: RefusalCode, traceId: string, status?: number): Response {
  const { ko, en } = refusals[code];
  return Response.json(
    { error: { code, message: { ko, en }, traceId } },
    {
      status: status ?? refusals[code].status,
      headers: { "cache-control": "no-store", "paydeck-trace-id": traceId },
    },
  );
}
