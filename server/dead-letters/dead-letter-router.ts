import type { Actor } from "#server/core/actor.ts";
import { Refusal } from "#server/core/refusals.ts";
import { assignDeadLetters } from "#server/dead-letters/assign-dead-letters.ts";
import {
  assignSchema,
  deadLetterFilterSchema,
  deadLetterSearchSchema,
  letterIdSchema,
  noteSchema,
  redriveSelectionSchema,
  setAsideSchema,
} from "#server/dead-letters/dead-letter.schemas.ts";
import {
  countParkedDeadLetters,
  listAssignees,
  readDeadLetter,
  searchDeadLetters,
  summarizeDeadLetters,
} from "#server/dead-letters/dead-letter-queries.ts";
import { freezeRedrive } from "#server/dead-letters/freeze-redrive.ts";
import {
  runLettersSchema,
  runListSchema,
  runResultSchema,
} from "#server/dead-letters/redrive-run.schemas.ts";
import { redriveRun } from "#server/dead-letters/redrive-run.ts";
import { listRedriveRuns, listRunLetters, readRedriveRun } from "#server/dead-letters/redrive-run-queries.ts";
import { requestRedrive } from "#server/dead-letters/request-redrive.ts";
import { setLettersAside } from "#server/dead-letters/set-letters-aside.ts";
import { startRedrive } from "#server/dead-letters/start-redrive.ts";
import { writeLetterNote } from "#server/dead-letters/write-letter-note.ts";
import { writeRedriveResult } from "#server/dead-letters/write-redrive-result.ts";
import { operatorProcedure, router } from "#server/trpc/init.ts";
import { steerRun } from "#server/work-runs/steer-run.ts";
import { runIdSchema, startRunSchema, steerRunSchema } from "#server/work-runs/work-run.schemas.ts";

const actorOf = (ctx: { operator: { id: string }; ipAddress: string | null }): Actor => ({
  type: "operator",
  id: ctx.operator.id,
  ipAddress: ctx.ipAddress ?? undefined,
});

/** The dead letters of the console. */
export const deadLetterRouter = router({
  search: operatorProcedure("dead-letter:read")
    .input(deadLetterSearchSchema)
    .query(({ ctx, input }) =>
      searchDeadLetters(
        ctx.context.db,
        { ...input, filter: { ...input.filter, viewerId: ctx.operator.id } },
        ctx.context.now(),
      ),
    ),

  summary: operatorProcedure("dead-letter:read")
    .input(deadLetterFilterSchema)
    .query(({ ctx, input }) =>
      summarizeDeadLetters(ctx.context.db, { ...input, viewerId: ctx.operator.id }, ctx.context.now()),
    ),

  /** The count in the sidebar. */
  countParked: operatorProcedure("dead-letter:read").query(({ ctx }) =>
    countParkedDeadLetters(ctx.context.db, ctx.context.now()),
  ),

  read: operatorProcedure("dead-letter:read")
    .input(letterIdSchema)
    .query(async ({ ctx, input }) => {
      const letter = await readDeadLetter(ctx.context.db, input.id);
      if (!letter) throw new Refusal("NOT_FOUND");
      return letter;
    }),

  /** Freezes a selection; nothing is sent before the run it answers with was previewed and started. */
  freeze: operatorProcedure("dead-letter:redrive")
    .input(redriveSelectionSchema)
    .mutation(({ ctx, input }) =>
      freezeRedrive(ctx.context, {
        selection: input,
        operatorId: ctx.operator.id,
        traceId: ctx.traceId,
      }),
    ),

  run: operatorProcedure("dead-letter:read")
    .input(runIdSchema)
    .query(async ({ ctx, input }) => {
      const run = await readRedriveRun(ctx.context.db, input.id);
      if (!run) throw new Refusal("NOT_FOUND");
      return run;
    }),

  runLetters: operatorProcedure("dead-letter:read")
    .input(runLettersSchema)
    .query(({ ctx, input }) => listRunLetters(ctx.context.db, input)),

  /** The result of a run as the text of a CSV file. */
  runResult: operatorProcedure("dead-letter:read")
    .input(runResultSchema)
    .query(async ({ ctx, input }) => {
      const text = await writeRedriveResult(ctx.context.db, input.id, input.language);
      if (text === undefined) throw new Refusal("NOT_FOUND");
      return text;
    }),

  runs: operatorProcedure("dead-letter:read")
    .input(runListSchema)
    .query(({ ctx, input }) => listRedriveRuns(ctx.context.db, input)),

  start: operatorProcedure("dead-letter:redrive")
    .input(startRunSchema)
    .mutation(({ ctx, input }) =>
      startRedrive(ctx.context, { ...input, actor: actorOf(ctx), role: ctx.operator.role }),
    ),

  // Above the limit of one person: asks another one.
  requestStart: operatorProcedure("dead-letter:redrive")
    .input(startRunSchema)
    .mutation(({ ctx, input }) =>
      requestRedrive(ctx.context, {
        ...input,
        maker: { id: ctx.operator.id, role: ctx.operator.role, ipAddress: ctx.ipAddress },
        traceId: ctx.traceId,
      }),
    ),

  steer: operatorProcedure("dead-letter:redrive")
    .input(steerRunSchema)
    .mutation(({ ctx, input }) =>
      steerRun(ctx.context, { ...input, kind: redriveRun.name, actor: actorOf(ctx) }),
    ),

  assignees: operatorProcedure("dead-letter:care").query(({ ctx }) => listAssignees(ctx.context.db)),

  assign: operatorProcedure("dead-letter:care")
    .input(assignSchema)
    .mutation(({ ctx, input }) => assignDeadLetters(ctx.context, { ...input, actor: actorOf(ctx) })),

  setAside: operatorProcedure("dead-letter:care")
    .input(setAsideSchema)
    .mutation(({ ctx, input }) => setLettersAside(ctx.context, { ...input, actor: actorOf(ctx) })),

  writeNote: operatorProcedure("dead-letter:care")
    .input(noteSchema)
    .mutation(({ ctx, input }) => writeLetterNote(ctx.context, { ...input, actor: actorOf(ctx) })),
});
