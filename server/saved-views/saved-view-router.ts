import { mayDo, type SignedInOperator } from "#server/operators/permissions.ts";
import { changeView, deleteView, restoreView } from "#server/saved-views/change-view.ts";
import { chooseColumns, chooseDefaultView } from "#server/saved-views/choose-list-preference.ts";
import { readViews } from "#server/saved-views/read-views.ts";
import { saveView } from "#server/saved-views/save-view.ts";
import {
  changeViewInput,
  chooseColumnsInput,
  chooseDefaultInput,
  saveViewInput,
  type ViewContent,
  viewInput,
  viewListInput,
} from "#server/saved-views/saved-view.schemas.ts";
import { operatorProcedure, router } from "#server/trpc/init.ts";

// Whoever may read a list may set it up for themselves; sharing and managing are asked for in the use cases.
const reader = operatorProcedure("payment:read");

const actorOf = (ctx: { operator: SignedInOperator; ipAddress: string | null }) => ({
  type: "operator" as const,
  id: ctx.operator.id,
  ipAddress: ctx.ipAddress ?? undefined,
});
const personOf = (ctx: { operator: SignedInOperator; ipAddress: string | null }) => ({
  actor: actorOf(ctx),
  mayShare: mayDo(ctx.operator.role, "view:share"),
  mayManage: mayDo(ctx.operator.role, "view:manage"),
});

/** Amounts go back to digits: a view is kept as it travels. */
function asItTravels(content: (typeof saveViewInput)["_output"]["content"]): ViewContent {
  const { amountMin, amountMax, ...filter } = content.filter;
  return {
    ...content,
    filter: {
      ...filter,
      ...(amountMin !== undefined && { amountMin: amountMin.toString() }),
      ...(amountMax !== undefined && { amountMax: amountMax.toString() }),
    },
  };
}

/** The saved views of lists, and how a person likes them. */
export const savedViewRouter = router({
  list: reader
    .input(viewListInput)
    .query(({ ctx, input }) => readViews(ctx.context, { operatorId: ctx.operator.id, ...input })),
  save: reader
    .input(saveViewInput)
    .mutation(({ ctx, input: { content, ...input } }) =>
      saveView(ctx.context, { ...input, content: asItTravels(content), ...personOf(ctx) }),
    ),
  change: reader.input(changeViewInput).mutation(({ ctx, input: { content, ...input } }) =>
    changeView(ctx.context, personOf(ctx), {
      ...input,
      ...(content && { content: asItTravels(content) }),
    }),
  ),
  delete: reader
    .input(viewInput)
    .mutation(({ ctx, input }) => deleteView(ctx.context, personOf(ctx), input.id)),
  restore: reader
    .input(viewInput)
    .mutation(({ ctx, input }) => restoreView(ctx.context, personOf(ctx), input.id)),
  chooseDefault: reader
    .input(chooseDefaultInput)
    .mutation(({ ctx, input: { listName, id } }) =>
      chooseDefaultView(ctx.context, { operatorId: ctx.operator.id, listName }, id),
    ),
  chooseColumns: reader
    .input(chooseColumnsInput)
    .mutation(({ ctx, input: { listName, columns } }) =>
      chooseColumns(ctx.context, { operatorId: ctx.operator.id, listName }, columns),
    ),
});
