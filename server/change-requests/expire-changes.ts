import { recordAudit } from "#server/audit/record-audit.ts";
import { addRequestEvent, expireRequests } from "#server/change-requests/change-request-repository.ts";
import type { Context } from "#server/platform/context.ts";

/** Few, because the audit chain is locked until the commit. */
const requestsPerTurn = 50;

/** Ends requests that nobody decided in time. They cannot be decided from that moment on, whenever this runs; returns how many. */
export async function expireChanges(ctx: Pick<Context, "sql">): Promise<number> {
  return ctx.sql.transaction(async (sql) => {
    const expired = await expireRequests(sql, requestsPerTurn);
    for (const { id, version, kind, subjectId, amountMinor, makerId, payload } of expired) {
      await addRequestEvent(sql, { requestId: id, version, kind: "EXPIRED", actorId: "system", payload });
      await recordAudit(sql, {
        actor: { type: "system", id: "system" },
        action: "change_request.expired",
        target: { type: "change_request", id },
        outcome: "success",
        detail: { kind, subjectId, amount: amountMinor, maker: makerId },
      });
    }
    return expired.length;
  });
}
