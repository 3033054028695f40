import { operatorProcedure, router } from "#server/trpc/init.ts";
import type { RequestContext } from "#server/trpc/request-context.ts";
import { changeWeights } from "#server/van/change-weights.ts";
import { clearFault, readFaults, setFault } from "#server/van/sandbox-faults.ts";
import { resumeApprovals, stopApprovals } from "#server/van/switch-approvals.ts";
import {
  changeWeightsSchema,
  clearFaultSchema,
  setFaultSchema,
  switchApprovalsSchema,
  vanHistorySchema,
} from "#server/van/van.schemas.ts";
import { readRecentFigures, readVanBoard } from "#server/van/van-board-queries.ts";
import { readVanHistory } from "#server/van/van-history-queries.ts";

const switcher = operatorProcedure("van:switch").input(switchApprovalsSchema);

type Asked = Pick<RequestContext, "ipAddress" | "traceId"> & { operator: { id: string } };
const asked = (ctx: Asked) => ({
  actor: { type: "operator" as const, id: ctx.operator.id, ipAddress: ctx.ipAddress },
  traceId: ctx.traceId,
});

/** The VANs of the console. */
export const vanRouter = router({
  /** Served whatever the load: who looks for the switch of a VAN does so when things go wrong. */
  board: operatorProcedure("van:read", "never").query(({ ctx }) => readVanBoard(ctx.context)),

  /** Apart from the board: charts and exports may keep it waiting, the switch never waits for it. */
  recentFigures: operatorProcedure("van:read", "chart").query(({ ctx }) => readRecentFigures(ctx.context)),

  /** Switches, weights and faults by operators, and every change of a circuit. */
  history: operatorProcedure("van:read")
    .input(vanHistorySchema)
    .query(({ ctx, input }) => readVanHistory(ctx.context.db, input)),

  stopApprovals: switcher.mutation(({ ctx, input }) =>
    stopApprovals(ctx.context, { ...input, ...asked(ctx) }),
  ),

  resumeApprovals: switcher.mutation(({ ctx, input }) =>
    resumeApprovals(ctx.context, { ...input, ...asked(ctx) }),
  ),

  changeWeights: operatorProcedure("van:weigh")
    .input(changeWeightsSchema)
    .mutation(({ ctx, input }) => changeWeights(ctx.context, { ...input, ...asked(ctx) })),

  faults: operatorProcedure("van:read").query(({ ctx }) => readFaults(ctx.context)),

  setFault: operatorProcedure("van:fault")
    .input(setFaultSchema)
    .mutation(({ ctx, input }) => setFault(ctx.context, { ...input, ...asked(ctx) })),

  clearFault: operatorProcedure("van:fault")
    .input(clearFaultSchema)
    .mutation(({ ctx, input }) => clearFault(ctx.context, { ...input, ...asked(ctx) })),
});
