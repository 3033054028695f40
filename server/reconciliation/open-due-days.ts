import { businessDateOf, endOfBusinessDate } from "#server/core/business-date.ts";
import { enqueue } from "#server/outbox/enqueue.ts";
import { outboxRow } from "#server/outbox/outbox-row.ts";
import type { Context } from "#server/platform/context.ts";
import { readableVans } from "#server/reconciliation/daily-file.ts";
import { hasFileSource } from "#server/reconciliation/fetch-daily-file.ts";
import { loadWholeDaysFrom, openDay } from "#server/reconciliation/recon-day-repository.ts";
import { reconcileDayJob } from "#server/reconciliation/reconciliation-jobs.ts";
import { addDays } from "#server/settlement/domain/business-calendar.ts";

/** 03:00 in Seoul: VANs have made their files by then. */
const dueAfterMs = 3 * 60 * 60 * 1000;
/** How far back days that lack a file are caught up with. */
const daysBack = 7;

/**
 * Opens the days that the clock asks for, each with the job that fetches its files: every business date of every VAN that
 * gives us files, from 03:00 in Seoul of the next day on, a week back. A day that an upload has opened lacks the other file
 * still, so it gets its job too. Two clocks at once write each job once, and one that was written is left as it is.
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
    const whole = new Set(await loadWholeDaysFrom(ctx.reports, vanCode, first));
    for (const businessDate of due.filter((date) => !whole.has(date)))
      await ctx.reports.transaction(async (sql) => {
        await openDay(sql, vanCode, businessDate, now);
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
