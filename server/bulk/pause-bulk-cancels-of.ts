import { recordAudit } from "#server/audit/record-audit.ts";
import { pauseRunsBy } from "#server/bulk/bulk-cancel-repository.ts";
import type { Sql } from "#server/platform/db.ts";

/**
 * Pauses the bulk cancels that a person has running, when they may give nothing back any longer: somebody who may looks
 * at what is left and resumes or stops it. Audited. Call it in the transaction that changes the person. Returns how many.
 */
export async function pauseBulkCancelsOf(
  sql: Sql,
  {
    operatorId,
    actor,
  }: Readonly<{ operatorId: string; actor: Readonly<{ id: string; ipAddress: string | null }> }>,
): Promise<number> {
  const paused = await pauseRunsBy(sql, operatorId);
  for (const id of paused)
    await recordAudit(sql, {
      actor: { type: "operator", id: actor.id },
      action: "bulk_cancel.paused",
      target: { type: "bulk_cancel", id },
      outcome: "success",
      ipAddress: actor.ipAddress,
      detail: { because: "MAKER_LEFT", maker: operatorId },
    });
  return paused.length;
}
