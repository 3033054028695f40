import { recordAudit } from "#server/audit/record-audit.ts";
import { Refusal } from "#server/core/refusals.ts";
import { type ExportState, openExportStates } from "#server/exports/export.values.ts";
import { loadExport, markCanceled } from "#server/exports/export-repository.ts";
import { mayDo, type OperatorRole } from "#server/operators/permissions.ts";
import type { Context } from "#server/platform/context.ts";

/**
 * Cancels an export that is under way: one's own, or anybody's with the right to. Its worker sees it within seconds and
 * deletes what it had made. Audited. One that is over stays as it is: the answer is where it stands. Refuses with
 * NOT_FOUND what is not there or is not theirs to see.
 */
export async function cancelExport(
  ctx: Pick<Context, "sql" | "now">,
  {
    exportId,
    operator,
  }: Readonly<{
    exportId: string;
    operator: Readonly<{ id: string; role: OperatorRole; ipAddress: string | null }>;
  }>,
): Promise<{ state: ExportState }> {
  return ctx.sql.transaction(async (sql) => {
    const found = await loadExport(sql, exportId, { isLocked: true });
    if (!found || (found.requestedBy !== operator.id && !mayDo(operator.role, "export-of-others:cancel")))
      throw new Refusal("NOT_FOUND");
    if (!(openExportStates as readonly ExportState[]).includes(found.state)) return { state: found.state };
    await markCanceled(sql, exportId, { by: operator.id, at: ctx.now() });
    await recordAudit(sql, {
      actor: { type: "operator", id: operator.id },
      action: "export.canceled",
      target: { type: "export", id: exportId },
      outcome: "success",
      ipAddress: operator.ipAddress,
      detail: { before: { state: found.state } },
    });
    return { state: "CANCELED" };
  });
}
