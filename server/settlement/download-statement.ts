import { Readable } from "node:stream";
import { recordAudit } from "#server/audit/record-audit.ts";
import { newTraceId } from "#server/core/ids.ts";
import { Refusal } from "#server/core/refusals.ts";
import { clientAddressOf } from "#server/operators/client-address.ts";
import { mayDo, type SignedInOperator } from "#server/operators/permissions.ts";
import { answerWithFile, refuseFile } from "#server/platform/answer-with-file.ts";
import type { Context } from "#server/platform/context.ts";
import { isDatabaseUnavailable } from "#server/platform/db.ts";
import { openPlaces, type Places } from "#server/platform/places.ts";
import type { Runtime } from "#server/platform/runtime.ts";
import { statementFileName } from "#server/settlement/domain/statement-mail.ts";
import { readStatement } from "#server/settlement/read-statement.ts";
import { statementSchema } from "#server/settlement/settlement.schemas.ts";
import { writeStatement } from "#server/settlement/write-statement.ts";

type Needs = Pick<Context, "sql" | "reports" | "env" | "now" | "log"> & Pick<Runtime, "admission">;

/** Where statements are drawn: how many at once, and how long one waits for a reader who takes nothing of it. */
export type StatementDesk = Readonly<{ places: Places; stillMs: number }>;

/** A long paper takes a core for seconds and tens of megabytes: a burst of them must leave both to approvals. */
const statementDesk: StatementDesk = {
  places: openPlaces({ atOnceMax: 2, waitMs: 5_000 }),
  stillMs: 30_000,
};
const retryAfterSeconds = 10;

/**
 * Answers with the statement of a settlement as a PDF, `?language=ko|en`, a page at a time. A file leaves the platform:
 * it takes `export:make` besides `settlement:read`, and each one is audited before its first byte. Answers
 * `{ error: { code, message, traceId } }` of the table of refusals otherwise; under load it is turned away as charts are.
 * Two are drawn at once in a process; others wait their turn for some seconds, then meet `TOO_MANY_REQUESTS` with
 * `Retry-After`.
 */
export async function downloadStatement(
  request: Request,
  settlementId: string,
  ctx: Needs,
  readOperator: () => Promise<SignedInOperator | null>,
  desk: StatementDesk = statementDesk,
): Promise<Response> {
  const traceId = newTraceId();
  try {
    if (ctx.admission.turnsAway("chart")) return refuseFile("MAINTENANCE", traceId);
    const operator = await readOperator();
    if (!operator) return refuseFile("FORBIDDEN_SCOPE", traceId, { status: 401 });
    if (!mayDo(operator.role, "settlement:read") || !mayDo(operator.role, "export:make"))
      return refuseFile("FORBIDDEN_SCOPE", traceId);
    const asked = statementSchema.safeParse({
      settlementId,
      language: new URL(request.url).searchParams.get("language") ?? undefined,
    });
    if (!asked.success) return refuseFile("NOT_FOUND", traceId);
    const { language } = asked.data;
    const leave = await desk.places.take();
    if (!leave) return refuseFile("TOO_MANY_REQUESTS", traceId, { retryAfterSeconds });
    try {
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
      const pages = reported(writeStatement(ctx, { ...read, language }), ctx, traceId, () => still.refresh());
      const bytes = Readable.from(pages, { objectMode: false });
      const still = setTimeout(() => bytes.destroy(new Error("nobody reads the statement")), desk.stillMs);
      bytes.once("close", () => {
        clearTimeout(still);
        leave();
      });
      return answerWithFile(bytes, {
        contentType: "application/pdf",
        name: statementFileName(statement, language),
        traceId,
      });
    } catch (error) {
      leave();
      throw error;
    }
  } catch (error) {
    if (error instanceof Refusal) return refuseFile(error.code, traceId);
    if (isDatabaseUnavailable(error)) return refuseFile("MAINTENANCE", traceId);
    ctx.log.error({ traceId, err: error }, "a statement could not be made");
    return refuseFile("INTERNAL_ERROR", traceId);
  }
}

/** The answer has begun: all that is left is to break it off, and to say so in the log. */
async function* reported(
  pages: AsyncGenerator<Uint8Array>,
  { log }: Pick<Context, "log">,
  traceId: string,
  onPage: () => void,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const page of pages) {
      onPage();
      yield page;
    }
  } catch (error) {
    log.error({ traceId, err: error }, "a statement broke off");
    throw error;
  }
}
