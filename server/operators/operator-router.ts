import { TRPCError } from "@trpc/server";
import {
  changeRole,
  disableOperator,
  enableOperator,
  killSession,
} from "#server/operators/change-operator.ts";
import { inviteOperator, revokeInvitation } from "#server/operators/invite-operator.ts";
import {
  changeRoleInput,
  disableOperatorInput,
  invitationInput,
  inviteOperatorInput,
  operatorInput,
  sessionInput,
} from "#server/operators/operator-input.ts";
import { readPeople, readSessionsOf } from "#server/operators/people-queries.ts";
import type { SessionTimes } from "#server/operators/session.values.ts";
import { readSessionTimes, renewSession } from "#server/operators/sessions.ts";
import { operatorProcedure, router } from "#server/trpc/init.ts";
import type { RequestContext } from "#server/trpc/request-context.ts";

const reader = operatorProcedure("people:read");
const manager = operatorProcedure("people:manage");
const self = operatorProcedure("own-session:read");

const actorOf = (ctx: Pick<RequestContext, "ipAddress"> & { operator: { id: string } }) => ({
  id: ctx.operator.id,
  ipAddress: ctx.ipAddress,
});

/** What is left of the session that asks; it may have ended since it was let in. */
function leftOf(times: SessionTimes | null): SessionTimes {
  if (!times) throw new TRPCError({ code: "UNAUTHORIZED" });
  return times;
}

/** The people of the console, and everybody's own sessions. */
export const operatorRouter = router({
  list: reader.query(({ ctx }) => readPeople(ctx.context.db, ctx.context.now())),

  sessions: reader
    .input(operatorInput)
    .query(({ ctx, input }) => readSessionsOf(ctx.context.db, input.operatorId, ctx.context.now())),

  invite: manager
    .input(inviteOperatorInput)
    .mutation(({ ctx, input }) => inviteOperator(ctx.context, { ...input, actor: actorOf(ctx) })),

  revokeInvitation: manager
    .input(invitationInput)
    .mutation(({ ctx, input }) => revokeInvitation(ctx.context, { ...input, actor: actorOf(ctx) })),

  changeRole: manager
    .input(changeRoleInput)
    .mutation(({ ctx, input }) => changeRole(ctx.context, { ...input, actor: actorOf(ctx) })),

  disable: manager
    .input(disableOperatorInput)
    .mutation(({ ctx, input }) => disableOperator(ctx.context, { ...input, actor: actorOf(ctx) })),

  enable: manager
    .input(operatorInput)
    .mutation(({ ctx, input }) => enableOperator(ctx.context, { ...input, actor: actorOf(ctx) })),

  endSession: manager
    .input(sessionInput)
    .mutation(({ ctx, input }) =>
      killSession(ctx.context, { ...input, actor: actorOf(ctx), ownOnly: false }),
    ),

  ownSessions: self.query(async ({ ctx }) => ({
    currentId: ctx.operator.sessionId,
    sessions: await readSessionsOf(ctx.context.db, ctx.operator.id, ctx.context.now()),
  })),

  /** Asked by a screen that is about to warn; asking renews nothing. */
  sessionTimes: self.query(async ({ ctx }) =>
    leftOf(await readSessionTimes(ctx.context, ctx.operator.sessionId)),
  ),

  renewSession: self.mutation(async ({ ctx }) =>
    leftOf(await renewSession(ctx.context, ctx.operator.sessionId)),
  ),

  endOwnSession: self
    .input(sessionInput)
    .mutation(({ ctx, input }) => killSession(ctx.context, { ...input, actor: actorOf(ctx), ownOnly: true })),
});
