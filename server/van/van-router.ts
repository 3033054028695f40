import { operatorProcedure, router } from "#server/trpc/init.ts";
import { resumeApprovals, stopApprovals } from "#server/van/switch-approvals.ts";
import { switchApprovalsSchema } from "#server/van/van.schemas.ts";
import { readRecentFigures, readVanBoard } from "#server/van/van-board-queries.ts";

const switcher = operatorProcedure("van:switch").input(switchApprovalsSchema);

/** The VANs of the console. */
export const vanRouter = router({
  /** Served whatever the load: who looks for the switch of a VAN does so when things go wrong. */
  board: operatorProcedure("van:read", "never").query(({ ctx }) => readVanBoard(ctx.context)),

  /** Apart from the board: charts and exports may keep it waiting, the switch never waits for it. */
  recentFigures: operatorProcedure("van:read", "chart").query(({ ctx }) => readRecentFigures(ctx.context)),

  stopApprovals: switcher.mutation(({ ctx, input }) =>
    stopApprovals(ctx.context, {
      ...input,
      actor: { type: "operator", id: ctx.operator.id, ipAddress: ctx.ipAddress },
      traceId: ctx.traceId,
    }),
  ),

  resumeApprovals: switcher.mutation(({ ctx, input }) =>
    resumeApprovals(ctx.context, {
      ...input,
      actor: { type: "operator", id: ctx.operator.id, ipAddress: ctx.ipAddress },
      traceId: ctx.traceId,
    }),
  ),
});
