import { recordAudit } from "#server/audit/record-audit.ts";
import { addRequestEvent, withdrawRequests } from "#server/change-requests/change-request-repository.ts";
import type { Sql } from "#server/platform/db.ts";

/**
 * Ends requests whose facts are others now than when they were made, approved or not, with history and audit; returns how
 * many. What has begun is brought to its end, and says there what came of it. Call it as the last thing that locks
 * anything: the audit chain is locked until the commit.
 */
export async function endOutdatedChanges(sql: Sql, requestIds: readonly string[]): Promise<number> {
  if (requestIds.length === 0) return 0;
  const ended = await withdrawRequests(sql, requestIds);
  for (const { id, version, kind, status, subjectId, amountMinor, makerId, payload } of ended) {
    await addRequestEvent(sql, { requestId: id, version, kind: "OUTDATED", actorId: "system", payload });
    await recordAudit(sql, {
      actor: { type: "system", id: "system" },
      action: "change_request.outdated",
      target: { type: "change_request", id },
      outcome: "success",
      detail: {
        kind,
        subjectId,
        amount: amountMinor,
        maker: makerId,
        approvalVoided: status === "APPROVED",
      },
    });
  }
  return ended.length;
}
