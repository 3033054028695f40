import type { Actor } from "#server/core/actor.ts";
import { assignUnresolved } from "#server/payments/assign-unresolved.ts";
import { hastenRecovery } from "#server/payments/hasten-recovery.ts";
import { inquireUnresolved } from "#server/payments/inquire-unresolved.ts";
import { releaseUnresolved } from "#server/payments/release-unresolved.ts";
import {
  assignSchema,
  inquireSchema,
  outcomesSchema,
  releaseSchema,
  subjectSchema,
  unresolvedFilterSchema,
  unresolvedSearchSchema,
} from "#server/payments/unresolved.schemas.ts";
import {
  countUnresolved,
  readUnresolvedOutcomes,
  searchUnresolved,
  summarizeUnresolved,
} from "#server/payments/unresolved-queries.ts";
import { operatorProcedure, router } from "#server/trpc/init.ts";

const reader = operatorProcedure("payment:read");
const resolver = operatorProcedure("payment:resolve");

function actorOf(ctx: { operator: { id: string }; ipAddress: string | null }): Actor & { type: "operator" } {
  return {
    type: "operator",
    id: ctx.operator.id,
    ...(ctx.ipAddress ? { ipAddress: ctx.ipAddress } : {}),
  };
}

/** The inbox of outcomes that are not known. */
export const unresolvedRouter = router({
  search: reader
    .input(unresolvedSearchSchema)
    .query(({ ctx, input }) => searchUnresolved(ctx.context.db, input, ctx.context.now())),

  summary: reader
    .input(unresolvedFilterSchema)
    .query(({ ctx, input }) => summarizeUnresolved(ctx.context.db, input, ctx.context.now())),

  /** The count in the sidebar. */
  count: reader.query(({ ctx }) => countUnresolved(ctx.context.db, ctx.context.now())),

  outcomes: reader
    .input(outcomesSchema)
    .query(({ ctx, input }) => readUnresolvedOutcomes(ctx.context.db, input.subjectIds)),

  // A mutation although it changes no payment: it asks VANs, so it must not be repeated by a cache or a reload.
  inquire: resolver.input(inquireSchema).mutation(({ ctx, input }) =>
    inquireUnresolved(ctx.context, {
      subjectIds: input.subjectIds,
      actor: actorOf(ctx),
      traceId: ctx.traceId,
    }),
  ),

  hasten: resolver.input(subjectSchema).mutation(({ ctx, input }) =>
    hastenRecovery(ctx.context, {
      subjectId: input.subjectId,
      actor: actorOf(ctx),
      traceId: ctx.traceId,
    }),
  ),

  assign: resolver
    .input(assignSchema)
    .mutation(({ ctx, input }) =>
      assignUnresolved(ctx.context, { ...input, actor: actorOf(ctx), traceId: ctx.traceId }),
    ),

  release: resolver
    .input(releaseSchema)
    .mutation(({ ctx, input }) =>
      releaseUnresolved(ctx.context, { ...input, actor: actorOf(ctx), traceId: ctx.traceId }),
    ),
});
