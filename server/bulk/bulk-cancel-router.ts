import { bulkRowsMax } from "#server/bulk/bulk.values.ts";
import {
  bulkMatchingSchema,
  bulkRowsSchema,
  bulkRunSchema,
  bulkRunsSchema,
  bulkSourceSchema,
  startBulkCancelSchema,
  steerBulkCancelSchema,
} from "#server/bulk/bulk-cancel.schemas.ts";
import { listBulkRuns, readBulkRows, readBulkRun } from "#server/bulk/bulk-cancel-queries.ts";
import { previewOperatorBulkCancel } from "#server/bulk/preview-operator-bulk-cancel.ts";
import { readProposedBulk, readProposedRows } from "#server/bulk/proposed-bulk-queries.ts";
import { requestBulkCancel } from "#server/bulk/request-bulk-cancel.ts";
import { startBulkCancel } from "#server/bulk/start-bulk-cancel.ts";
import { steerBulkCancel } from "#server/bulk/steer-bulk-cancel.ts";
import { Refusal } from "#server/core/refusals.ts";
import { findMatchingIds } from "#server/payments/search-payments.ts";
import { operatorProcedure, router } from "#server/trpc/init.ts";

/** Bulk cancels of the console. Whoever reads payments may see them. */
export const bulkCancelRouter = router({
  list: operatorProcedure("payment:read")
    .input(bulkRunsSchema)
    .query(({ ctx, input }) => listBulkRuns(ctx.context.reports, input)),

  // What an operator who is to pause or stop one looks at is never turned away.
  read: operatorProcedure("payment:read", "never")
    .input(bulkRunSchema)
    .query(async ({ ctx, input }) => {
      const run = await readBulkRun(ctx.context.reports, input.runId);
      if (!run) throw new Refusal("NOT_FOUND");
      return run;
    }),

  rows: operatorProcedure("payment:read")
    .input(bulkRowsSchema)
    .query(async ({ ctx, input: { runId, outcome, cursor, limit } }) => {
      const rows = await readBulkRows(ctx.context.reports, { runId, outcome, after: cursor, limit });
      return { rows, nextCursor: rows.length === limit ? (rows.at(-1)?.rowNo ?? null) : null };
    }),

  // A filter becomes keys once, so that what is previewed, typed and begun are the same payments, whatever comes meanwhile.
  matching: operatorProcedure("payment:bulk-cancel")
    .input(bulkMatchingSchema)
    .query(async ({ ctx, input: { filter } }) => {
      const ids = await findMatchingIds(ctx.context, { filter, max: bulkRowsMax });
      return ids ? { kind: "found" as const, ids } : { kind: "tooMany" as const, max: bulkRowsMax };
    }),

  // A POST: a file is too long for an address. It changes nothing.
  preview: operatorProcedure("payment:bulk-cancel")
    .input(bulkSourceSchema)
    .mutation(({ ctx, input }) =>
      previewOperatorBulkCancel(ctx.context, { source: input, operator: ctx.operator }),
    ),

  start: operatorProcedure("payment:bulk-cancel")
    .input(startBulkCancelSchema)
    .mutation(({ ctx, input }) =>
      startBulkCancel(ctx.context, {
        ...input,
        actor: { type: "operator", id: ctx.operator.id, ipAddress: ctx.ipAddress },
        role: ctx.operator.role,
        traceId: ctx.traceId,
      }),
    ),

  // Above the limit of one person: asks another one.
  request: operatorProcedure("payment:bulk-cancel")
    .input(startBulkCancelSchema)
    .mutation(({ ctx, input }) =>
      requestBulkCancel(ctx.context, {
        ...input,
        actor: { type: "operator", id: ctx.operator.id, ipAddress: ctx.ipAddress },
        role: ctx.operator.role,
        traceId: ctx.traceId,
      }),
    ),

  /** What a request has frozen, held against today. */
  proposed: operatorProcedure("change-request:read")
    .input(bulkRunSchema)
    .query(async ({ ctx, input }) => {
      const proposed = await readProposedBulk(ctx.context.reports, input.runId);
      if (!proposed) throw new Refusal("NOT_FOUND");
      return proposed;
    }),

  proposedRows: operatorProcedure("change-request:read")
    .input(bulkRowsSchema.omit({ outcome: true }))
    .query(async ({ ctx, input: { runId, cursor, limit } }) => {
      const rows = await readProposedRows(ctx.context.reports, { runId, after: cursor, limit });
      return { rows, nextCursor: rows.length === limit ? cursor + limit : null };
    }),

  steer: operatorProcedure("payment:bulk-cancel")
    .input(steerBulkCancelSchema)
    .mutation(({ ctx, input }) =>
      steerBulkCancel(ctx.context, {
        ...input,
        actor: { type: "operator", id: ctx.operator.id, ipAddress: ctx.ipAddress },
        traceId: ctx.traceId,
      }),
    ),
});
