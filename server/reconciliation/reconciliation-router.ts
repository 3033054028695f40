import { Refusal } from "#server/core/refusals.ts";
import { acceptItem } from "#server/reconciliation/accept-item.ts";
import { assignItem } from "#server/reconciliation/assign-item.ts";
import { closeDay } from "#server/reconciliation/close-day.ts";
import { fetchAgain } from "#server/reconciliation/fetch-again.ts";
import { matchAgain } from "#server/reconciliation/match-again.ts";
import { noteItem } from "#server/reconciliation/note-item.ts";
import {
  acceptReconItemSchema,
  adjustReconItemSchema,
  assignReconItemSchema,
  cancelReconItemSchema,
  noteReconItemSchema,
  reconDayListSchema,
  reconDaySchema,
  reconItemListSchema,
  reconItemSchema,
  reconItemSumSchema,
} from "#server/reconciliation/reconciliation.schemas.ts";
import {
  listDays,
  listItems,
  readDay,
  readItem,
  sumItems,
} from "#server/reconciliation/reconciliation-queries.ts";
import { adjustForItem, cancelForItem } from "#server/reconciliation/resolve-by-change.ts";
import { operatorProcedure, router } from "#server/trpc/init.ts";
import type { RequestContext } from "#server/trpc/request-context.ts";

const reader = operatorProcedure("reconciliation:read");
const reconciler = operatorProcedure("reconciliation:manage");
/** Adjustments are settlement's affair, cancels that of whoever may cancel; both take a second person. */
const adjuster = operatorProcedure("settlement:manage");
const canceler = operatorProcedure("payment:cancel");

type Asked = Pick<RequestContext, "ipAddress" | "traceId"> &
  Readonly<{ operator: NonNullable<RequestContext["operator"]> }>;
const by = ({ operator, ipAddress, traceId }: Asked) => ({
  actor: { type: "operator", id: operator.id, ipAddress: ipAddress ?? undefined } as const,
  traceId,
});
const makerOf = ({ operator, ipAddress, traceId }: Asked) => ({
  maker: { id: operator.id, role: operator.role, ipAddress },
  traceId,
});

/** Reconciliation 대사: days, what differs in them, and what people decide about it. Files come by `/api/console/reconciliation/files`. */
export const reconciliationRouter = router({
  days: reader.input(reconDayListSchema).query(({ ctx, input }) => listDays(ctx.context.reports, input)),

  day: reader.input(reconDaySchema).query(async ({ ctx, input }) => {
    const day = await readDay(ctx.context.reports, input);
    if (!day) throw new Refusal("NOT_FOUND");
    return day;
  }),

  items: reader
    .input(reconItemListSchema)
    .query(({ ctx, input }) => listItems(ctx.context.reports, input, ctx.context.now())),

  /** What `items` comes to altogether. */
  itemSum: reader
    .input(reconItemSumSchema)
    .query(({ ctx, input }) => sumItems(ctx.context.reports, input, ctx.context.now())),

  item: reader.input(reconItemSchema).query(async ({ ctx, input }) => {
    const item = await readItem(ctx.context.reports, input.itemId);
    if (!item) throw new Refusal("NOT_FOUND");
    return item;
  }),

  take: reconciler
    .input(assignReconItemSchema)
    .mutation(({ ctx, input }) => assignItem(ctx.context, { ...input, to: ctx.operator.id, ...by(ctx) })),

  release: reconciler
    .input(assignReconItemSchema)
    .mutation(({ ctx, input }) => assignItem(ctx.context, { ...input, to: null, ...by(ctx) })),

  note: reconciler
    .input(noteReconItemSchema)
    .mutation(({ ctx, input }) => noteItem(ctx.context, { ...input, ...by(ctx) })),

  accept: reconciler
    .input(acceptReconItemSchema)
    .mutation(({ ctx, input }) => acceptItem(ctx.context, { ...input, ...by(ctx) })),

  adjust: adjuster
    .input(adjustReconItemSchema)
    .mutation(({ ctx, input }) => adjustForItem(ctx.context, { ...input, ...makerOf(ctx) })),

  cancel: canceler
    .input(cancelReconItemSchema)
    .mutation(({ ctx, input }) => cancelForItem(ctx.context, { ...input, ...makerOf(ctx) })),

  fetch: reconciler
    .input(reconDaySchema)
    .mutation(({ ctx, input }) => fetchAgain(ctx.context, { ...input, ...by(ctx) })),

  match: reconciler
    .input(reconDaySchema)
    .mutation(({ ctx, input }) => matchAgain(ctx.context, { ...input, ...by(ctx) })),

  close: reconciler
    .input(reconDaySchema)
    .mutation(({ ctx, input }) => closeDay(ctx.context, { ...input, ...by(ctx) })),
});
