import { businessDateOf, endOfBusinessDate } from "#server/core/business-date.ts";
import { enqueue } from "#server/outbox/enqueue.ts";
import { outboxRow } from "#server/outbox/outbox-row.ts";
import type { Context } from "#server/platform/context.ts";
import { readableVans } from "#server/reconciliation/daily-file.ts";
import { hasFileSource } from "#server/reconciliation/fetch-daily-file.ts";
import { loadDaysFrom, openDay } from "#server/reconciliation/recon-day-repository.ts";
import { reconcileDayJob } from "#server/reconciliation/reconciliation-jobs.ts";
import { addDays } from "#server/settlement/domain/business-calendar.ts";

/** 03:00 in Seoul: VANs have made their files by then. */
const dueAfterMs = 3 * 60 * 60 * 1000;
/** How far back days that nobody opened are caught up with. */
const daysBack = 7;

/**
 * Opens the days that the clock asks for, each with the job that fetches its files: every business date of every VAN that
 * gives us files, from 03:00 in Seoul of the next day on, a week back. Two clocks at once open each once.
 */
export async function openDueDays(ctx: Pick<Context, "reports" | "env" | "now">): Promise<void> {
  const now = ctx.now();
  const today = businessDateOf(now);
  const due = Array.from({ length: daysBack }, (_, i) => addDays(today, i - daysBack)).filter(
    (date) => now.getTime() >= endOfBusinessDate(date).getTime() + dueAfterMs,
  );
  const [first] = due;
  if (first === undefined) return;
  for (const vanCode of readableVans.filter((code) => hasFileSource(ctx.env, code))) {
    const opened = new Set(await loadDaysFrom(ctx.reports, vanCode, first));
    for (const businessDate of due.filter((date) => !opened.has(date)))
      await ctx.reports.transaction(async (sql) => {
        if (!(await openDay(sql, vanCode, businessDate, now))) return;
        await enqueue(sql, [
          outboxRow(
            reconcileDayJob,
            `${vanCode}:${businessDate}`,
            { vanCode, businessDate },
            { subjectId: `${vanCode}:${businessDate}` },
          ),
        ]);
      });
  }
}
