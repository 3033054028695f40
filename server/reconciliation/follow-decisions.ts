import type { Context } from "#server/platform/context.ts";
import { followDecisions } from "#server/reconciliation/recon-item-repository.ts";

/** Carries over to the worklist how requests and reversals ended that items wait for. Returns how many items moved. */
export async function followReconDecisions(ctx: Pick<Context, "reports" | "now">): Promise<number> {
  return ctx.reports.transaction((sql) => followDecisions(sql, ctx.now()));
}
