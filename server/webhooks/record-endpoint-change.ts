import { recordAudit } from "#server/audit/record-audit.ts";
import type { Sql } from "#server/platform/db.ts";

/** An operator who acts for a mall, and why. Without one the mall itself acts, by its key. */
export type ByOperator = Readonly<{
  actor: Readonly<{ type: "operator"; id: string; ipAddress: string | null }>;
  reason?: string;
  traceId: string;
}>;

/** Writes what was done to an endpoint into the audit log; call it last in the change's transaction. */
export async function recordEndpointChange(
  sql: Sql,
  change: Readonly<{
    mallId: string;
    endpointId: string;
    action: string;
    outcome?: "success" | "failure";
    by?: ByOperator | undefined;
    detail?: Readonly<Record<string, unknown>>;
  }>,
): Promise<void> {
  const { mallId, by } = change;
  await recordAudit(sql, {
    actor: by?.actor ?? { type: "mall", id: mallId },
    action: `webhook_endpoint.${change.action}`,
    target: { type: "webhook_endpoint", id: change.endpointId },
    outcome: change.outcome ?? "success",
    ipAddress: by?.actor.ipAddress,
    detail: {
      ...(by && { mallId, traceId: by.traceId, ...(by.reason !== undefined && { reason: by.reason }) }),
      ...change.detail,
    },
  });
}
