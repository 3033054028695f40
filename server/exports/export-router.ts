import { Refusal } from "#server/core/refusals.ts";
import { cancelExport } from "#server/exports/cancel-export.ts";
import {
  exportIdSchema,
  exportListSchema,
  previewExportSchema,
  requestExportSchema,
} from "#server/exports/export.schemas.ts";
import { listExports, readExport } from "#server/exports/export-queries.ts";
import { linkExport } from "#server/exports/link-export.ts";
import { previewExport, requestExport } from "#server/exports/request-export.ts";
import { retryExport } from "#server/exports/retry-export.ts";
import { mayDo } from "#server/operators/permissions.ts";
import { operatorProcedure, router } from "#server/trpc/init.ts";

const maker = operatorProcedure("export:make");
const reader = operatorProcedure("export:read");

/** Files of lists: asked for, watched, fetched. The file itself comes from `/api/console/exports/[exportId]`. */
export const exportRouter = router({
  /** One's own; of everybody with the right to see what others took. */
  list: reader.input(exportListSchema).query(({ ctx, input: { whose, cursor, limit } }) => {
    if (whose === "all" && !mayDo(ctx.operator.role, "export-of-others:read"))
      throw new Refusal("FORBIDDEN_SCOPE");
    return listExports(ctx.context.sql, {
      requestedBy: whose === "all" ? null : ctx.operator.id,
      cursor,
      limit,
    });
  }),

  read: reader.input(exportIdSchema).query(async ({ ctx, input }) => {
    const found = await readExport(ctx.context.sql, input.exportId);
    const maySee =
      found?.requestedBy.id === ctx.operator.id || mayDo(ctx.operator.role, "export-of-others:read");
    if (!found || !maySee) throw new Refusal("NOT_FOUND");
    return found;
  }),

  // Adds up a whole list: the first to give way under load.
  preview: operatorProcedure("export:make", "chart")
    .input(previewExportSchema)
    .query(({ ctx, input }) => previewExport(ctx.context, { ...input, role: ctx.operator.role })),

  request: operatorProcedure("export:make", "chart")
    .input(requestExportSchema)
    .mutation(({ ctx, input }) =>
      requestExport(ctx.context, {
        ...input,
        operator: { id: ctx.operator.id, role: ctx.operator.role, ipAddress: ctx.ipAddress },
        traceId: ctx.traceId,
      }),
    ),

  cancel: maker.input(exportIdSchema).mutation(({ ctx, input }) =>
    cancelExport(ctx.context, {
      ...input,
      operator: { id: ctx.operator.id, role: ctx.operator.role, ipAddress: ctx.ipAddress },
    }),
  ),

  retry: maker.input(exportIdSchema).mutation(({ ctx, input }) =>
    retryExport(ctx.context, {
      ...input,
      operator: { id: ctx.operator.id, ipAddress: ctx.ipAddress },
      traceId: ctx.traceId,
    }),
  ),

  /** A POST: each call makes another link. */
  link: maker
    .input(exportIdSchema)
    .mutation(({ ctx, input }) => linkExport(ctx.context, { ...input, operator: ctx.operator })),
});
