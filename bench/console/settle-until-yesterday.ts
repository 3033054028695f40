import { systemActor } from "#server/core/actor.ts";
import { businessDateOf } from "#server/core/business-date.ts";
import type { Context } from "#server/platform/context.ts";
import { openPool } from "#server/platform/db.ts";
import { addDays } from "#server/settlement/domain/business-calendar.ts";
import { openBatch } from "#server/settlement/open-batch.ts";
import { settleMall } from "#server/settlement/settle-mall.ts";

/** Settles all that was sold until yesterday, as the nightly run does, so that the pages of settlement have what to show. */
export async function settleUntilYesterday(databaseUrl: string): Promise<void> {
  const reports = openPool(databaseUrl, {
    name: "bench",
    connectionsMax: 2,
    statementTimeoutMs: 60_000,
    connectTimeoutMs: 60_000,
  });
  try {
    const ctx = { reports, now: () => new Date() } as unknown as Context;
    const businessDate = addDays(businessDateOf(new Date()), -1);
    await openBatch(ctx, { businessDate, actor: systemActor, traceId: null });
    const malls = await reports.run<{ mall_id: string }>(
      { name: "bench-malls", text: "SELECT mall_id FROM settlement_work ORDER BY mall_id" },
      [],
    );
    for (const { mall_id: mallId } of malls)
      await settleMall(
        ctx,
        { businessDate, mallId, generation: 1 },
        { attempt: 1, messageId: 0n, traceId: null },
      );
  } finally {
    await reports.close();
  }
}
