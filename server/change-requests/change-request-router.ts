import {
  approveChangeInput,
  changeKindInput,
  changeListInput,
  changeRequestInput,
  changeSubjectInput,
  rejectChangeInput,
  requestLimitChangeInput,
  setLimitInput,
  withdrawChangeInput,
} from "#server/change-requests/change-request.schemas.ts";
import {
  countWaiting,
  findChangeOf,
  listChanges,
  readChange,
  readPolicy,
} from "#server/change-requests/change-request-queries.ts";
import { approveChange, rejectChange } from "#server/change-requests/decide-change.ts";
import { withdrawChange } from "#server/change-requests/edit-change.ts";
import { limitOf } from "#server/change-requests/limit-of.ts";
import { requestLimitChange } from "#server/change-requests/request-limit-change.ts";
import { setLimit } from "#server/change-requests/set-limit.ts";
import { Refusal } from "#server/core/refusals.ts";
import { operatorProcedure, router } from "#server/trpc/init.ts";

const reader = operatorProcedure("change-request:read");
const checker = operatorProcedure("change-request:decide");

/** What needs a second person: the requests, their decisions, and the limits. */
export const changeRequestRouter = router({
  list: reader
    .input(changeListInput)
    .query(({ ctx, input: { view, cursor, limit } }) =>
      listChanges(ctx.context.db, { view, operator: ctx.operator, cursor: cursor ?? null, limit }),
    ),

  /** The count in the sidebar. */
  countWaiting: reader.query(({ ctx }) => countWaiting(ctx.context.db, ctx.operator)),

  read: reader.input(changeRequestInput).query(async ({ ctx, input }) => {
    const change = await readChange(ctx.context.db, input.requestId);
    if (!change) throw new Refusal("NOT_FOUND");
    return change;
  }),

  /** The newest request about something, for the screen of that thing; null when nobody asked. */
  ofSubject: reader.input(changeSubjectInput).query(({ ctx, input }) => findChangeOf(ctx.context.db, input)),

  /** How far whoever asks acts alone in a kind; null without limit. */
  ownLimit: operatorProcedure("change-request:make")
    .input(changeKindInput)
    .query(async ({ ctx, input }) => ({
      limitMax: await limitOf(ctx.context.sql, ctx.operator.role, input.kind),
    })),

  approve: checker.input(approveChangeInput).mutation(({ ctx, input }) =>
    approveChange(ctx.context, {
      ...input,
      checker: { id: ctx.operator.id, ipAddress: ctx.ipAddress },
    }),
  ),

  reject: checker.input(rejectChangeInput).mutation(({ ctx, input }) =>
    rejectChange(ctx.context, {
      ...input,
      checker: { id: ctx.operator.id, ipAddress: ctx.ipAddress },
    }),
  ),

  withdraw: operatorProcedure("change-request:make")
    .input(withdrawChangeInput)
    .mutation(({ ctx, input }) =>
      withdrawChange(ctx.context, {
        ...input,
        maker: { id: ctx.operator.id, role: ctx.operator.role, ipAddress: ctx.ipAddress },
      }),
    ),

  policy: reader.query(({ ctx }) => readPolicy(ctx.context.db)),

  setLimit: operatorProcedure("approval-limit:change")
    .input(setLimitInput)
    .mutation(({ ctx, input }) =>
      setLimit(ctx.context, { ...input, actor: { id: ctx.operator.id, ipAddress: ctx.ipAddress } }),
    ),

  requestLimitChange: operatorProcedure("approval-limit:change")
    .input(requestLimitChangeInput)
    .mutation(({ ctx, input }) =>
      requestLimitChange(ctx.context, {
        ...input,
        maker: { id: ctx.operator.id, role: ctx.operator.role, ipAddress: ctx.ipAddress },
        traceId: ctx.traceId,
      }),
    ),
});
