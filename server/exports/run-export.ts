import { recordAudit } from "#server/audit/record-audit.ts";
import { systemActor } from "#server/core/actor.ts";
import { assert } from "#server/core/assert.ts";
import type { ExportFailure } from "#server/exports/export.values.ts";
import {
  deleteFolder,
  exportFolder,
  isDiskFull,
  keepOnly,
  makeFolder,
} from "#server/exports/export-folder.ts";
import { runExportJob } from "#server/exports/export-jobs.ts";
import {
  failExport,
  finishExport,
  holdExportTurn,
  loadExport,
  loadFrozen,
  loadFrozenParts,
  releaseExport,
  renewExport,
  saveFrozen,
  saveReading,
  saveWriting,
  type TakenExport,
  takeExport,
} from "#server/exports/export-repository.ts";
import { freezeRows, TooManyRows } from "#server/exports/freeze-rows.ts";
import { type FilePlan, planExport } from "#server/exports/plan-export.ts";
import { writeFile } from "#server/exports/write-file.ts";
import { advisoryLocks } from "#server/platform/advisory-locks.ts";
import type { Context } from "#server/platform/context.ts";
import { isDatabaseUnavailable } from "#server/platform/db.ts";
import { done, type JobAttempt, type JobResult } from "#server/platform/job.ts";
import { recordExport } from "#server/platform/metrics.ts";

const leaseMs = 30_000;
const beatMs = 8_000;
/** Exports at work at the same time, on however many workers: reports have few connections. */
const atOnce = 2;
const busyRetryMs = 1_000;
const troubleRetryMs = 2_000;
/** How long a file can be fetched. */
const keptMs = 24 * 60 * 60 * 1_000;

/** It was cancelled, or is in other hands. */
class NotOurs extends Error {
  override readonly name = "NotOurs";
}

/**
 * Carries on with an export. First its rows are frozen in one snapshot and kept, then the file is made of them. Whoever goes
 * on after a worker that died begins with what was frozen, and ends with the same bytes. A worker that was taken for dead
 * writes into files that nobody reads.
 */
export async function runExport(
  ctx: Context,
  { exportId }: { exportId: string },
  { attempt }: JobAttempt,
): Promise<JobResult> {
  const taken = await ctx.sql.transaction(async (sql) => {
    await holdExportTurn(sql, advisoryLocks.exportTurn);
    return takeExport(sql, exportId, { leaseMs, atOnce });
  });
  if (!taken) return done;
  if (taken === "busy") return again("another worker has it, or others come first", busyRetryMs);
  const folder = exportFolder(ctx.env, exportId);
  const beat = setInterval(() => {
    // A beat that is lost is followed by the next; the lease outlasts three.
    renewExport(ctx.sql, taken, leaseMs).catch((error: unknown) =>
      ctx.log.warn({ err: error, labels: { export: exportId } }, "an export could not say that it goes on"),
    );
  }, beatMs);
  try {
    return await carryOn(ctx, taken, folder);
  } catch (error) {
    return await endOf(ctx, taken, folder, error, attempt);
  } finally {
    clearInterval(beat);
  }
}

async function carryOn(ctx: Context, taken: TakenExport, folder: string): Promise<JobResult> {
  const plan = planExport(taken.source, {
    at: taken.requestedAt,
    columns: taken.columns,
    language: taken.language,
    isMasked: taken.isMasked,
  });
  const where = { folder, prefix: `${taken.taken}-` };
  if (taken.state === "READING") {
    await deleteFolder(folder);
    await makeFolder(folder);
    const frozen = await freezeRows(ctx, plan, {
      ...where,
      onProgress: async (progress) => {
        if (!(await saveReading(ctx.sql, taken, progress))) throw new NotOurs();
      },
    });
    if (!(await ctx.sql.transaction((sql) => saveFrozen(sql, taken, frozen)))) throw new NotOurs();
  }
  return finish(ctx, taken, plan, where);
}

/** Makes the file of what is frozen and ends the export, with its sum of everything. */
async function finish(
  ctx: Context,
  taken: TakenExport,
  plan: FilePlan,
  where: Readonly<{ folder: string; prefix: string }>,
): Promise<JobResult> {
  const frozen = await loadFrozen(ctx.sql, taken.id);
  assert(frozen, `export ${taken.id} was frozen before it is written`);
  const file = await writeFile({ ...taken, ...frozen }, plan, await loadFrozenParts(ctx.sql, taken.id), {
    folder: where.folder,
    storedName: `${where.prefix}file`,
    onProgress: async (rowsWritten) => {
      if (!(await saveWriting(ctx.sql, taken, rowsWritten))) throw new NotOurs();
    },
  });
  const at = ctx.now();
  const finished = await ctx.sql.transaction(async (sql) => {
    const isOurs = await finishExport(sql, taken, file, { at, expiresAt: new Date(at.getTime() + keptMs) });
    if (!isOurs) return false;
    await recordAudit(sql, {
      actor: systemActor,
      action: "export.finished",
      target: { type: "export", id: taken.id },
      outcome: "success",
      detail: {
        rows: frozen.rowsTotal,
        sums: Object.fromEntries([...frozen.sums].map(([group, of]) => [group, Object.fromEntries(of)])),
        bytes: file.byteCount,
        sha256: file.sha256.toString("hex"),
      },
    });
    return true;
  });
  if (!finished) throw new NotOurs();
  await keepOnly(where.folder, file.storedName);
  recordExport("done", frozen.rowsTotal);
  return done;
}

function again(error: string, delayMs: number): JobResult {
  return { kind: "again", reason: "INTERNAL", error, delayMs, countsAsAttempt: false };
}

/** What becomes of a turn that could not go on. */
async function endOf(
  ctx: Context,
  taken: TakenExport,
  folder: string,
  error: unknown,
  attempt: number,
): Promise<JobResult> {
  const why = error instanceof Error ? error.message : String(error);
  if (error instanceof NotOurs) {
    const facts = await loadExport(ctx.sql, taken.id, { isLocked: false });
    // What is in other hands needs its folder.
    if (facts?.state === "CANCELED") await deleteFolder(folder);
    return done;
  }
  if (isDatabaseUnavailable(error)) {
    ctx.log.warn({ err: error, labels: { export: taken.id } }, "an export goes on when the database does");
    return again(why, troubleRetryMs);
  }
  ctx.log.error({ err: error, labels: { export: taken.id } }, "an export stumbled");
  // One that fails is no dead letter: it stands in the list of who asked for it, who tries again or asks otherwise.
  const delayMs = runExportJob.delaysMs[attempt - 1];
  const failure = failureOf(error) ?? (delayMs === undefined ? "INTERNAL" : null);
  if (failure !== null) {
    await fail(ctx, taken, folder, failure);
    return done;
  }
  await releaseExport(ctx.sql, taken);
  return { kind: "again", reason: "INTERNAL", error: why, ...(delayMs !== undefined && { delayMs }) };
}

/** What another try would not change; null for what it might. */
function failureOf(error: unknown): ExportFailure | null {
  if (error instanceof TooManyRows) return "TOO_LARGE";
  return isDiskFull(error) ? "DISK_FULL" : null;
}

async function fail(ctx: Context, taken: TakenExport, folder: string, failure: ExportFailure): Promise<void> {
  const failed = await ctx.sql.transaction(async (sql) => {
    if (!(await failExport(sql, taken, failure, ctx.now()))) return false;
    await recordAudit(sql, {
      actor: systemActor,
      action: "export.failed",
      target: { type: "export", id: taken.id },
      outcome: "failure",
      detail: { failure },
    });
    return true;
  });
  if (failed) {
    await deleteFolder(folder);
    recordExport("failed", 0);
  }
}
