import { latencyQuerySchema } from "#server/reports/latency.schemas.ts";
import { readLatency, readLatencyChoices } from "#server/reports/latency-queries.ts";
import { operatorProcedure, router } from "#server/trpc/init.ts";

/** The latency page of the console. */
export const latencyRouter = router({
  read: operatorProcedure("latency:read", "chart")
    .input(latencyQuerySchema)
    .query(({ ctx, input }) => readLatency(ctx.context.reports, input, ctx.context.now())),

  choices: operatorProcedure("latency:read", "chart").query(({ ctx }) =>
    readLatencyChoices(ctx.context.reports),
  ),
});
