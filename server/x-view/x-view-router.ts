import { operatorProcedure, router } from "#server/trpc/init.ts";
import { readFeed } from "#server/x-view/read-feed.ts";
import { feedInput, pickInput } from "#server/x-view/x-view.schemas.ts";
import { loadPicked, sumPicked } from "#server/x-view/x-view-queries.ts";

/** The console's scatter of response times. */
export const xViewRouter = router({
  feed: operatorProcedure("latency:read", "chart")
    .input(feedInput)
    .query(({ ctx, input }) => readFeed(ctx.context, input)),

  picked: operatorProcedure("payment:read")
    .input(pickInput)
    .query(async ({ ctx, input }) => {
      const rows = await loadPicked(ctx.context.db, input);
      const last = rows.length === input.limit ? rows.at(-1) : undefined;
      return { rows, nextCursor: last ? { durationMs: last.durationMs, id: last.id } : null };
    }),

  pickedTotals: operatorProcedure("payment:read")
    .input(pickInput)
    .query(({ ctx, input }) => sumPicked(ctx.context.db, input)),
});
