import { recordAudit } from "#server/audit/record-audit.ts";
import type { Sql } from "#server/platform/db.ts";
import { lockRunning, moveRun } from "#server/work-runs/work-run-repository.ts";

/**
 * Pauses the runs that a person has started, when they may start none any longer: somebody who may looks at what is left
 * and resumes or stops it. Audited. Call it in the transaction that changes the person. Returns how many.
 */
export async function pauseRunsOf(
  sql: Sql,
  {
    operatorId,
    actor,
  }: Readonly<{ operatorId: string; actor: Readonly<{ id: string; ipAddress: string | null }> }>,
): Promise<number> {
  const running = await lockRunning(sql, operatorId);
  for (const { id, kind } of running) {
    await moveRun(sql, id, "PAUSED", actor.id);
    await recordAudit(sql, {
      actor: { type: "operator", id: actor.id },
      action: "work_run.paused",
      target: { type: "work_run", id },
      outcome: "success",
      ipAddress: actor.ipAddress,
      detail: { kind, because: "MAKER_LEFT", maker: operatorId },
    });
  }
  return running.length;
}
