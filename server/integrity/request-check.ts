import { recordAudit } from "#server/audit/record-audit.ts";
import type { Actor } from "#server/core/actor.ts";
import { insertRun, takeRunLock } from "#server/integrity/integrity-repository.ts";
import type { Context } from "#server/platform/context.ts";

/**
 * Asks the workers for a full check, now. One that waits or runs already serves both who asked. Audited. Returns the run,
 * whose progress the overview tells.
 */
export async function requestFullCheck(
  ctx: Pick<Context, "reports" | "now">,
  actor: Actor,
): Promise<{ runId: bigint }> {
  return ctx.reports.transaction(async (sql) => {
    await takeRunLock(sql);
    const { id, isNew } = await insertRun(sql, { kind: "FULL", requestedBy: actor.id, at: ctx.now() });
    await recordAudit(sql, {
      actor,
      action: "integrity.check_requested",
      target: { type: "integrity_run", id: String(id) },
      outcome: "success",
      ipAddress: actor.ipAddress,
      detail: { kind: "FULL", joinsARunningOne: !isNew },
    });
    return { runId: id };
  });
}
