import { recordAudit } from "#server/audit/record-audit.ts";
import { systemActor } from "#server/core/actor.ts";
import { assert } from "#server/core/assert.ts";
import type { Context } from "#server/platform/context.ts";
import type { Sql } from "#server/platform/db.ts";
import { done, type JobHandler, type JobResult } from "#server/platform/job.ts";
import { failsInARow } from "#server/work-runs/domain/run.ts";
import type { RunKind, StartedRun } from "#server/work-runs/run-kind.ts";
import {
  findUnseen,
  type HeldRun,
  hasWaiting,
  holdRun,
  markPreviewed,
  moveRun,
  readNewestEnds,
  releaseRun,
  saveResults,
  saveVerdicts,
  takeRun,
  takeWaiting,
} from "#server/work-runs/work-run-repository.ts";

/** How long one turn lasts: long enough to keep the rate, short enough that a worker can be stopped. */
const turnMs = 8_000;
/** A worker that is silent for so long is taken for dead. */
const leaseMs = 30_000;
/** How many things are previewed between two signs of life. */
const previewChunk = 24;
const busyRetryMs = 2_000;
const troubleRetryMs = 5_000;

/** What a step says: how long to wait for the next, or that there is none. */
type Step = Readonly<{ waitMs: number }> | "over";

/**
 * Works on a run of one of these kinds for a few seconds, then makes itself due again. Any number of workers may be woken:
 * the lease lets one of them act, and the fence ends one that was taken for dead. A batch and the note of it are one
 * commit, so each thing is worked on once, and never more of them in a second than the rate allows.
 */
export function workOnRun(kinds: readonly RunKind[]): JobHandler<{ runId: string }> {
  const kindOf = new Map(kinds.map((kind) => [kind.name, kind]));
  return async (ctx, { runId }) => {
    let taken: HeldRun | undefined;
    try {
      const run = await takeRun(ctx.sql, runId, leaseMs);
      if (!run) return done;
      if (run === "busy") return againIn(busyRetryMs, "another worker has the run");
      taken = run;
      const kind = kindOf.get(run.kind);
      assert(kind, `there is no kind of run named ${run.kind}`);
      const untilMs = ctx.monotonicMs() + turnMs;
      while (ctx.monotonicMs() < untilMs) {
        const step =
          run.status === "PREVIEWING" ? await previewSome(ctx, kind, run) : await workSome(ctx, kind, run);
        if (step === "over") return done;
        if (step.waitMs > 0) await ctx.sleep(step.waitMs);
      }
      return againIn(0, "the turn is over");
    } catch (error) {
      // Nothing is lost: what was not noted was not done.
      ctx.log.error({ err: error, labels: { run: runId } }, "a turn of a run failed and is made again");
      return againIn(troubleRetryMs, error instanceof Error ? error.message : String(error));
    } finally {
      if (taken) await releaseRun(ctx.sql, taken).catch(() => undefined);
    }
  };
}

/** A run waits for as long as it takes; no turn counts as a failed try. */
const againIn = (delayMs: number, error: string): JobResult => ({
  kind: "again",
  reason: "INTERNAL",
  error,
  delayMs,
  countsAsAttempt: false,
});

async function previewSome(ctx: Context, kind: RunKind, run: HeldRun): Promise<Step> {
  const subjectIds = await findUnseen(ctx.sql, run.id, previewChunk);
  const verdicts = subjectIds.length > 0 ? await kind.preview(ctx, subjectIds) : [];
  return ctx.sql.transaction(async (sql): Promise<Step> => {
    const held = await holdRun(sql, run, leaseMs);
    if (held?.status !== "PREVIEWING") return "over";
    if (verdicts.length > 0) await saveVerdicts(sql, run.id, verdicts);
    if (subjectIds.length === previewChunk) return { waitMs: 0 };
    await markPreviewed(sql, run.id);
    return "over";
  });
}

async function workSome(ctx: Context, kind: RunKind, run: HeldRun): Promise<Step> {
  return ctx.sql.transaction(async (sql): Promise<Step> => {
    const held = await holdRun(sql, run, leaseMs);
    if (held?.status !== "RUNNING") return "over";
    if (held.waitMs > 0) return { waitMs: held.waitMs };
    if (await pausesItself(sql, held)) return "over";
    const started = toStarted(held);
    const subjectIds = await takeWaiting(sql, held.id, started.itemsPerSecond);
    const results = subjectIds.length > 0 ? await kind.perform(sql, started, subjectIds) : [];
    if (results.length > 0) await saveResults(sql, held.id, results);
    if (await hasWaiting(sql, held.id)) return { waitMs: 1_000 };
    await moveRun(sql, held.id, "FINISHED", null);
    return "over";
  });
}

async function pausesItself(sql: Sql, run: HeldRun): Promise<boolean> {
  if (run.failuresToPause === null) return false;
  const ends = await readNewestEnds(sql, run.id, run.resumedAt, run.failuresToPause);
  if (!failsInARow(ends, run.failuresToPause) || !(await hasWaiting(sql, run.id))) return false;
  await moveRun(sql, run.id, "PAUSED", null);
  await recordAudit(sql, {
    actor: systemActor,
    action: "work_run.paused",
    target: { type: "work_run", id: run.id },
    outcome: "success",
    detail: { kind: run.kind, failuresInARow: run.failuresToPause },
  });
  return true;
}

function toStarted(run: HeldRun): StartedRun {
  const { reason, startedBy, itemsPerSecond } = run;
  assert(
    reason !== null && startedBy !== null && itemsPerSecond !== null,
    `run ${run.id} runs without a start`,
  );
  return { ...run, reason, startedBy, itemsPerSecond };
}
