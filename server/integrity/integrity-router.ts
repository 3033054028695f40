import { invariantSchema } from "#server/integrity/integrity.schemas.ts";
import { readFindings, readIntegrityOverview, readOrphans } from "#server/integrity/integrity-queries.ts";
import { requestFullCheck } from "#server/integrity/request-check.ts";
import { operatorProcedure, router } from "#server/trpc/init.ts";

/** The integrity page of the console. */
export const integrityRouter = router({
  overview: operatorProcedure("integrity:read").query(({ ctx }) => readIntegrityOverview(ctx.context.db)),

  findings: operatorProcedure("integrity:read")
    .input(invariantSchema)
    .query(({ ctx, input }) => readFindings(ctx.context.db, input.id)),

  orphans: operatorProcedure("integrity:read").query(({ ctx }) => readOrphans(ctx.context.db)),

  checkNow: operatorProcedure("integrity:check").mutation(({ ctx }) =>
    requestFullCheck(ctx.context, {
      type: "operator",
      id: ctx.operator.id,
      ipAddress: ctx.ipAddress ?? undefined,
    }),
  ),
});
