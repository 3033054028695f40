import { latencyQuerySchema, timeSpanSchema } from "#server/reports/latency.schemas.ts";
import { readLatency, readLatencyChoices } from "#server/reports/latency-queries.ts";
import { readTimeMarks } from "#server/reports/read-time-marks.ts";
import { operatorProcedure, router } from "#server/trpc/init.ts";

/** The latency page of the console. */
export const latencyRouter = router({
  read: operatorProcedure("latency:read", "chart")
    .input(latencyQuerySchema)
    .query(({ ctx, input }) => readLatency(ctx.context.reports, input, ctx.context.now())),

  marks: operatorProcedure("latency:read", "chart")
    .input(timeSpanSchema)
    .query(({ ctx, input }) => readTimeMarks(ctx.context, input)),

  choices: operatorProcedure("latency:read", "chart").query(({ ctx }) =>
    readLatencyChoices(ctx.context.reports),
  ),
});
