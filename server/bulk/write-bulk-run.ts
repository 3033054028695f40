import { insertRun } from "#server/bulk/bulk-cancel-repository.ts";
import type { BulkPlan } from "#server/bulk/preview-bulk-cancel.ts";
import type { Sql } from "#server/platform/db.ts";

/** Writes a plan as a run with its rows: as the one that begins, or as the one that waits for its request. False when this request key has one already. */
export function writeBulkRun(
  sql: Sql,
  run: Readonly<{
    id: string;
    requestKey: string;
    reason: string;
    actor: { id: string; ipAddress: string | null };
    at: Date;
    traceId: string;
    changeRequestId: string | null;
  }>,
  plan: BulkPlan,
): Promise<boolean> {
  return insertRun(
    sql,
    {
      id: run.id,
      requestKey: run.requestKey,
      reason: run.reason,
      requestedBy: run.actor.id,
      ipAddress: run.actor.ipAddress,
      requestedAt: run.at,
      rowsGiven: plan.rows.length,
      rowsPlanned: plan.counts.CANCEL,
      plannedMinor: plan.totals.amountMinor,
      traceId: run.traceId,
      changeRequestId: run.changeRequestId,
    },
    plan.rows.map(({ rowNo, given, payment, change, code }) => ({
      rowNo,
      given,
      paymentId: payment?.id ?? null,
      mallId: payment?.mallId ?? null,
      amountMinor: change?.amountMinor ?? null,
      taxFreeMinor: change?.taxFreeMinor ?? null,
      seenBalanceMinor: change && payment ? payment.balanceMinor : null,
      refusalCode: code,
    })),
  );
}
