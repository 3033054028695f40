import { endOutdatedChanges } from "#server/change-requests/end-outdated-changes.ts";
import { closeIncident } from "#server/incidents/close-incident.ts";
import { openIncident } from "#server/incidents/open-incident.ts";
import { readPayment } from "#server/payments/read-payment.ts";
import { reportOrphan } from "#server/payments/report-orphan.ts";
import type { Context } from "#server/platform/context.ts";
import type { Sql } from "#server/platform/db.ts";
import { joinTransaction } from "#server/platform/join-transaction.ts";
import type { Day } from "#server/reconciliation/recon-day-repository.ts";
import {
  loadNewOrphans,
  loadOutdatedRequests,
  type MatchCounts,
  matchDayRows,
  sumStrangers,
} from "#server/reconciliation/recon-match-repository.ts";

/**
 * Matches a locked, open day within the transaction: ours, the VAN's file and the deposits. Money that is live at the VAN
 * for a payment that has ended is reported as an orphan in the same commit, so that it is reversed (NC-8, §5.0.5); approvals
 * of which we know nothing at all open an incident for the day. Does nothing as long as the VAN's file is missing.
 */
export async function matchDay(
  ctx: Pick<Context, "sql" | "now">,
  sql: Sql,
  { vanCode, businessDate, vanFileId, depositFileId, state }: Day,
): Promise<MatchCounts | undefined> {
  if (vanFileId === null || state === "CLOSED") return undefined;
  const at = ctx.now();
  const counts = await matchDayRows(sql, { vanCode, businessDate, vanFileId, depositFileId, at });
  const within = joinTransaction(ctx, sql);
  for (const paymentId of await loadNewOrphans(sql, vanCode, businessDate)) {
    const { payment } = await readPayment(within, { paymentId });
    await reportOrphan(within, payment, "van_file");
  }
  await reportStrangers(sql, vanCode, businessDate, at);
  return counts;
}

/**
 * Ends the requests that were made on facts which the matches of these days have found to be others. Call it when nothing
 * is left to match or to lock: it audits.
 */
export async function endOutdatedRequests(sql: Sql, days: readonly Day[]): Promise<void> {
  const requestIds = [];
  for (const { vanCode, businessDate } of days)
    requestIds.push(...(await loadOutdatedRequests(sql, vanCode, businessDate)));
  await endOutdatedChanges(sql, requestIds);
}

/** One incident for all of a day: a file of another world has thousands. */
async function reportStrangers(sql: Sql, vanCode: string, businessDate: string, at: Date): Promise<void> {
  const kind = "VAN_ORPHAN";
  const subjectId = `${vanCode}:${businessDate}`;
  const { count, amountMinor } = await sumStrangers(sql, vanCode, businessDate);
  if (count === 0) {
    await closeIncident(sql, { kind, subjectId, how: "explained", at });
    return;
  }
  await openIncident(sql, {
    kind,
    severity: "page",
    subjectId,
    detail: { source: "van_file", van: vanCode, businessDate, count, amount: Number(amountMinor) },
    at,
  });
}
