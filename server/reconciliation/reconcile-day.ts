import type { z } from "zod";
import { systemActor } from "#server/core/actor.ts";
import { Refusal } from "#server/core/refusals.ts";
import type { Context } from "#server/platform/context.ts";
import { done, type JobHandler, type JobResult } from "#server/platform/job.ts";
import { fetchDailyFile } from "#server/reconciliation/fetch-daily-file.ts";
import { importFile } from "#server/reconciliation/import-file.ts";
import { loadFilesOfDay } from "#server/reconciliation/recon-day-repository.ts";
import { type FileKind, fileKinds } from "#server/reconciliation/reconciliation.values.ts";
import type { reconcileDayJob } from "#server/reconciliation/reconciliation-jobs.ts";

type ReconcileDay = z.output<typeof reconcileDayJob.payload>;

/**
 * Fetches the files of a VAN's day, each imported and matched in a commit of its own. Unless they are wanted anew, a file
 * that is there stays: a try that comes late does not undo what a person has put in its place. A file that is refused is fetched again later, because a VAN that gave a bad one may give a good one next.
 */
export const reconcileDay: JobHandler<ReconcileDay> = async (ctx, day, { traceId }) => {
  const files = day.anew ? undefined : await loadFilesOfDay(ctx.reports, day);
  for (const kind of fileKinds) {
    if (files?.[kind]) continue;
    const result = await fetchAndImport(ctx, { ...day, kind, traceId });
    if (result.kind !== "done") return result;
  }
  return done;
};

async function fetchAndImport(
  ctx: Context,
  file: ReconcileDay & Readonly<{ kind: FileKind; traceId: string | null }>,
): Promise<JobResult> {
  const fetched = await fetchDailyFile(ctx.env, file);
  if (fetched.kind === "unreachable")
    return { kind: "again", reason: "VAN_UNREACHABLE", error: fetched.error };
  try {
    await importFile(ctx, { ...file, bytes: fetched.bytes, actor: systemActor });
    return done;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    // It is there, as another brought it or as it was before, or somebody closed the day: nothing is left to do.
    if (error.code === "RECON_FILE_DUPLICATE" || error.code === "RECON_DAY_CLOSED") return done;
    return {
      kind: "again",
      reason: "VAN_UNREADABLE",
      error: `${file.kind} file of ${file.vanCode} ${file.businessDate}: ${error.code} ${JSON.stringify(error.facts)}`,
    };
  }
}
