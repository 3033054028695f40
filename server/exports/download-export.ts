import { timingSafeEqual } from "node:crypto";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { recordAudit } from "#server/audit/record-audit.ts";
import { newTraceId } from "#server/core/ids.ts";
import { Refusal } from "#server/core/refusals.ts";
import { fileNameOf } from "#server/exports/domain/file-name.ts";
import { downloadSchema } from "#server/exports/export.schemas.ts";
import { exportFolder } from "#server/exports/export-folder.ts";
import { countDownload } from "#server/exports/export-repository.ts";
import { findFile, linkText } from "#server/exports/link-export.ts";
import { clientAddressOf } from "#server/operators/client-address.ts";
import type { SignedInOperator } from "#server/operators/permissions.ts";
import { answerWithFile, refuseFile } from "#server/platform/answer-with-file.ts";
import type { Context } from "#server/platform/context.ts";
import { isDatabaseUnavailable } from "#server/platform/db.ts";

/**
 * Answers a link of `linkExport` with the file, a piece at a time. It must be used by whom it was made for, before its end;
 * each use is counted and audited. Answers `{ error: { code, message, traceId } }` of the table of refusals otherwise.
 */
export async function downloadExport(
  request: Request,
  exportId: string,
  ctx: Pick<Context, "sql" | "env" | "keys" | "now" | "log">,
  readOperator: () => Promise<SignedInOperator | null>,
): Promise<Response> {
  const traceId = newTraceId();
  try {
    const operator = await readOperator();
    if (!operator) return refuseFile("FORBIDDEN_SCOPE", traceId, { status: 401 });
    const asked = downloadSchema.safeParse({
      exportId,
      ...Object.fromEntries(new URL(request.url).searchParams),
    });
    if (!asked.success) return refuseFile("NOT_FOUND", traceId);
    const { until, signature } = asked.data;
    const signed = ctx.keys.signLink(linkText({ exportId, operatorId: operator.id, untilMs: until }));
    if (!isSame(signed, signature) || until <= ctx.now().getTime())
      return refuseFile("EXPORT_LINK_NOT_VALID", traceId);
    const found = await findFile(ctx, { exportId, operator });
    const file = await open(
      /* turbopackIgnore: true */ join(exportFolder(ctx.env, exportId), found.storedName),
    ).catch((error: unknown) => {
      if ((error as { code?: string }).code === "ENOENT") throw new Refusal("EXPORT_FILE_NOT_THERE");
      throw error;
    });
    try {
      await ctx.sql.transaction(async (sql) => {
        await countDownload(sql, exportId);
        await recordAudit(sql, {
          actor: { type: "operator", id: operator.id },
          action: "export.downloaded",
          target: { type: "export", id: exportId },
          outcome: "success",
          ipAddress: clientAddressOf(request.headers.get("x-forwarded-for")),
        });
      });
    } catch (error) {
      await file.close();
      throw error;
    }
    return answerWithFile(file.createReadStream(), {
      contentType:
        found.format === "CSV"
          ? "text/csv; charset=utf-8"
          : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
      name: fileNameOf(found),
      byteCount: found.byteCount,
      traceId,
    });
  } catch (error) {
    if (error instanceof Refusal) return refuseFile(error.code, traceId);
    if (isDatabaseUnavailable(error)) return refuseFile("MAINTENANCE", traceId);
    ctx.log.error({ traceId, err: error }, "a file could not be handed out");
    return refuseFile("INTERNAL_ERROR", traceId);
  }
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
