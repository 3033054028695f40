import { Refusal } from "#server/core/refusals.ts";
import {
  deadLetterFilterSchema,
  deadLetterSearchSchema,
  letterIdSchema,
  letterIdsSchema,
  redriveSchema,
  redriveSelectionSchema,
} from "#server/dead-letters/dead-letter.schemas.ts";
import {
  countParkedDeadLetters,
  readDeadLetter,
  readRedriveProgress,
  searchDeadLetters,
  summarizeDeadLetters,
} from "#server/dead-letters/dead-letter-queries.ts";
import { previewRedrive } from "#server/dead-letters/preview-redrive.ts";
import { redriveDeadLetters } from "#server/dead-letters/redrive-dead-letters.ts";
import { operatorProcedure, router } from "#server/trpc/init.ts";

/** The dead letters of the console. */
export const deadLetterRouter = router({
  search: operatorProcedure("dead-letter:read")
    .input(deadLetterSearchSchema)
    .query(({ ctx, input }) => searchDeadLetters(ctx.context.db, input, ctx.context.now())),

  summary: operatorProcedure("dead-letter:read")
    .input(deadLetterFilterSchema)
    .query(({ ctx, input }) => summarizeDeadLetters(ctx.context.db, input, ctx.context.now())),

  /** The count in the sidebar. */
  countParked: operatorProcedure("dead-letter:read").query(({ ctx }) =>
    countParkedDeadLetters(ctx.context.db),
  ),

  read: operatorProcedure("dead-letter:read")
    .input(letterIdSchema)
    .query(async ({ ctx, input }) => {
      const letter = await readDeadLetter(ctx.context.db, input.id);
      if (!letter) throw new Refusal("NOT_FOUND");
      return letter;
    }),

  progress: operatorProcedure("dead-letter:read")
    .input(letterIdsSchema)
    .query(({ ctx, input }) => readRedriveProgress(ctx.context.db, input.ids)),

  // A mutation although it changes nothing: it asks VANs, so it must not be repeated by a cache or a reload.
  preview: operatorProcedure("dead-letter:redrive")
    .input(redriveSelectionSchema)
    .mutation(({ ctx, input }) => previewRedrive(ctx.context, input)),

  redrive: operatorProcedure("dead-letter:redrive")
    .input(redriveSchema)
    .mutation(({ ctx, input }) =>
      redriveDeadLetters(ctx.context, {
        ...input,
        actor: { type: "operator", id: ctx.operator.id, ipAddress: ctx.ipAddress },
        traceId: ctx.traceId,
      }),
    ),
});
