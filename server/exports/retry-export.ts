import { recordAudit } from "#server/audit/record-audit.ts";
import { Refusal } from "#server/core/refusals.ts";
import { runExportJob } from "#server/exports/export-jobs.ts";
import { loadExport, markWaiting } from "#server/exports/export-repository.ts";
import { enqueue } from "#server/outbox/enqueue.ts";
import { outboxRow } from "#server/outbox/outbox-row.ts";
import type { Context } from "#server/platform/context.ts";

/**
 * Makes one's own failed export again, as it was asked for: its rows are read anew, now. Audited. Refuses with NOT_FOUND
 * what is not there or is another's, and with CHANGED_MEANWHILE what has not failed.
 */
export async function retryExport(
  ctx: Pick<Context, "sql">,
  {
    exportId,
    operator,
    traceId,
  }: Readonly<{
    exportId: string;
    operator: Readonly<{ id: string; ipAddress: string | null }>;
    traceId: string;
  }>,
): Promise<void> {
  await ctx.sql.transaction(async (sql) => {
    const found = await loadExport(sql, exportId, { isLocked: true });
    if (!found || found.requestedBy !== operator.id) throw new Refusal("NOT_FOUND");
    if (found.state !== "FAILED") throw new Refusal("CHANGED_MEANWHILE", { state: found.state });
    const { taken } = await markWaiting(sql, exportId);
    // Each try has a job of its own: the one of before is over.
    await enqueue(sql, [
      outboxRow(runExportJob, `${exportId}:${taken}`, { exportId }, { subjectId: exportId, traceId }),
    ]);
    await recordAudit(sql, {
      actor: { type: "operator", id: operator.id },
      action: "export.retried",
      target: { type: "export", id: exportId },
      outcome: "success",
      ipAddress: operator.ipAddress,
    });
  });
}
