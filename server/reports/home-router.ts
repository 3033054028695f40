import { readHomeAttention, readHomeFigures } from "#server/reports/home-queries.ts";
import { operatorProcedure, router } from "#server/trpc/init.ts";

/** The home page of the console. */
export const homeRouter = router({
  figures: operatorProcedure("payment:read").query(({ ctx }) =>
    readHomeFigures(ctx.context, ctx.context.now()),
  ),

  /** Apart from the figures: a busy hour may keep those waiting, what a person should see to comes all the same. */
  attention: operatorProcedure("payment:read").query(({ ctx }) =>
    readHomeAttention(ctx.context.reports, ctx.context.now()),
  ),
});
