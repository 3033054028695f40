import { businessDateOf, startOfBusinessDate } from "#server/core/business-date.ts";
import { checkAtVans } from "#server/integrity/check-at-vans.ts";
import { checkAudit, checkAuditHead } from "#server/integrity/check-audit.ts";
import { bringBalancesUpToDate, checkLedger } from "#server/integrity/check-ledger.ts";
import { checkPayments } from "#server/integrity/check-payments.ts";
import { checkStanding } from "#server/integrity/check-standing.ts";
import type { RunKind } from "#server/integrity/integrity.schemas.ts";
import {
  addChecks,
  countPayments,
  deleteRunsBefore,
  finishRun,
  hasWaitingRun,
  insertRun,
  keepRun,
  type LastRuns,
  layMarks,
  leaveRun,
  loadMarks,
  loadNextPayments,
  loadRemembered,
  loadTouchedPayments,
  type RunStage,
  readAuditHead,
  readLastRuns,
  readLedgerHead,
  remember,
  type TakenRun,
  takeRunLock,
  takeWaitingRun,
} from "#server/integrity/integrity-repository.ts";
import { beginTurn, resultsOf, type Turn } from "#server/integrity/turn.ts";
import type { Context } from "#server/platform/context.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** A clock of many workers ticks more often than once a minute; only the first of them runs. */
const incrementalEveryMs = 55_000;
/** The hour of the night, in Seoul, from which everything is looked at. */
const nightlyHour = 4;
/** A full run that failed is tried again after this; meanwhile the incremental ones go on. */
const fullRetryMs = 10 * minuteMs;
const runsKeptMs = 14 * 24 * hourMs;

/** How long a full run works before it lets the worker see whether it is to stop. */
const turnMaxMs = 5_000;
const paymentsPerStep = 1_000;
const ledgerRowsPerStep = 20_000;
const auditRowsPerStep = 10_000;
/** Payments that each incremental run looks at although nothing speaks of them: the whole table within hours. */
const rollingMax = 2_000;

export type VerifyResult = "nothing" | "left" | "finished";

/**
 * What the clock starts: an incremental run each minute over all workers, a full one at the first start and each night
 * after four. Then takes up whatever waits.
 */
export async function verifyOnSchedule(ctx: Context): Promise<VerifyResult> {
  const run = await ctx.reports.transaction(async (sql) => {
    await takeRunLock(sql);
    const now = ctx.now();
    const kind = dueKind(await readLastRuns(sql), now);
    if (kind) await insertRun(sql, { kind, requestedBy: null, at: now });
    return takeWaitingRun(sql, now);
  });
  return run ? perform(ctx, run, turnMaxMs) : "nothing";
}

/** Takes up a run that an operator asked for or that was left in the middle. Cheap when there is none: called each second. */
export async function verifyWaiting(ctx: Context, { turnMs = turnMaxMs } = {}): Promise<VerifyResult> {
  if (!(await hasWaitingRun(ctx.reports))) return "nothing";
  const run = await ctx.reports.transaction(async (sql) => {
    await takeRunLock(sql);
    return takeWaitingRun(sql, ctx.now());
  });
  return run ? perform(ctx, run, turnMs) : "nothing";
}

/**
 * Runs the verifier now and to its end, after what was left in the middle; `nothing` when a worker is at a run. For
 * referees and tests.
 */
export async function verifyNow(ctx: Context, kind: RunKind): Promise<VerifyResult> {
  for (;;) {
    const { asked, run } = await ctx.reports.transaction(async (sql) => {
      await takeRunLock(sql);
      const at = ctx.now();
      const { id } = await insertRun(sql, { kind, requestedBy: null, at });
      return { asked: id, run: await takeWaitingRun(sql, at) };
    });
    if (!run) return "nothing";
    const result = await perform(ctx, run, Number.POSITIVE_INFINITY);
    if (run.id === asked) return result;
  }
}

function dueKind(last: LastRuns, now: Date): RunKind | null {
  const isFullDue = last.fullFinishedAt === null || last.fullFinishedAt < lastNightly(now);
  const mayTryFull =
    last.fullRequestedAt === null || now.getTime() - last.fullRequestedAt.getTime() >= fullRetryMs;
  if (isFullDue && mayTryFull) return "FULL";
  const isDue = last.startedAt === null || now.getTime() - last.startedAt.getTime() >= incrementalEveryMs;
  return isDue ? "INCREMENTAL" : null;
}

/** The last moment at which it was four in the morning in Seoul. */
function lastNightly(now: Date): Date {
  const atFour = startOfBusinessDate(
    businessDateOf(new Date(now.getTime() - nightlyHour * hourMs)),
  ).getTime();
  return new Date(atFour + nightlyHour * hourMs);
}

/** One turn of a run: all of an incremental one, of a full one as much as `turnMs` allows. */
async function perform(ctx: Context, run: TakenRun, turnMs: number): Promise<VerifyResult> {
  try {
    const turn = await beginTurn(ctx, run);
    const isThrough =
      run.kind === "FULL" ? await walkEverything(turn, turnMs) : await lookAtChanges(turn).then(() => true);
    if (!isThrough) {
      await addChecks(ctx.reports, run, resultsOf(turn), ctx.now());
      await leaveRun(ctx.reports, run);
      return "left";
    }
    await lookAtTheRest(turn);
    await addChecks(ctx.reports, run, resultsOf(turn), ctx.now());
    await finishRun(ctx.reports, run, { at: ctx.now(), error: null });
    return "finished";
  } catch (error) {
    // A run without a result says so; that the database may be away as well leaves it to whoever takes it over.
    const reason = error instanceof Error ? error.message : String(error);
    await finishRun(ctx.reports, run, { at: ctx.now(), error: reason.slice(0, 500) }).catch(
      (second: unknown) => ctx.log.warn({ err: second }, "an integrity run could not be closed"),
    );
    throw error;
  }
}

/** What changed since the last run, what a rolling walk reaches, and what was found before. */
async function lookAtChanges(turn: Turn): Promise<void> {
  const { reports: sql } = turn.ctx;
  await layMarks(sql);
  const marks = await loadMarks(sql);
  if (!marks) throw new Error("the marks of the streams were laid and are gone");
  const walked = await loadRemembered(sql, "payment");
  const rolling = await loadNextPayments(sql, walked.remembered, rollingMax);
  const found = [...turn.open.values()].flatMap(({ paymentId }) => paymentId ?? []);
  const touched = await loadTouchedPayments(sql, marks);
  const ids = [...new Set([...touched, ...rolling, ...found])];
  for (let from = 0; from < ids.length; from += paymentsPerStep) {
    const step = ids.slice(from, from + paymentsPerStep);
    await checkPayments(turn, step);
    await keepRun(sql, turn.run, { stage: "payments", cursor: "", paymentsChecked: step.length });
  }
  await checkLedger(turn, marks.ledger_entry, await readLedgerHead(sql));
  const { seq } = await readAuditHead(sql, 0n);
  await checkAudit(turn, seq > BigInt(auditRowsPerStep) ? seq - BigInt(auditRowsPerStep) + 1n : 1n, seq);
  // Only now: a run that failed half way walks the same rows again.
  const end = rolling.length < rollingMax ? "" : (rolling.at(-1) ?? "");
  await remember(sql, "payment", { position: 0n, remembered: end });
}

type Place = Readonly<{ stage: RunStage; cursor: string }>;

/** Walks payments, ledger and audit log from where the run stands. False when its time is up before it is through. */
async function walkEverything(turn: Turn, turnMs: number): Promise<boolean> {
  const { ctx, run } = turn;
  const untilMs = ctx.monotonicMs() + turnMs;
  let place: Place = { stage: run.stage, cursor: run.cursor };
  if (run.paymentsTotal === null) {
    await layMarks(ctx.reports);
    await countPayments(ctx.reports, run);
  }
  while (place.stage !== "rest") {
    const { paymentsChecked, ...next } = await step(turn, place);
    await keepRun(ctx.reports, run, { ...next, paymentsChecked });
    place = next;
    if (ctx.monotonicMs() > untilMs) return false;
  }
  return true;
}

async function step(turn: Turn, { stage, cursor }: Place): Promise<Place & { paymentsChecked: number }> {
  const { reports: sql } = turn.ctx;
  switch (stage) {
    case "payments": {
      const ids = await loadNextPayments(sql, cursor, paymentsPerStep);
      await checkPayments(turn, ids);
      const last = ids.at(-1);
      return last === undefined || ids.length < paymentsPerStep
        ? { stage: "ledger", cursor: "", paymentsChecked: ids.length }
        : { stage, cursor: last, paymentsChecked: ids.length };
    }
    case "ledger": {
      const through = BigInt(cursor || 0) + BigInt(ledgerRowsPerStep);
      await checkLedger(turn, BigInt(cursor || 0), through);
      const isThrough = through >= (await readLedgerHead(sql));
      return isThrough
        ? { stage: "audit", cursor: "", paymentsChecked: 0 }
        : { stage, cursor: String(through), paymentsChecked: 0 };
    }
    default: {
      const from = BigInt(cursor || 0) + 1n;
      const through = from + BigInt(auditRowsPerStep) - 1n;
      await checkAudit(turn, from, through);
      const { seq } = await readAuditHead(sql, 0n);
      return through >= seq
        ? { stage: "rest", cursor: "", paymentsChecked: 0 }
        : { stage: "audit", cursor: String(through), paymentsChecked: 0 };
    }
  }
}

async function lookAtTheRest(turn: Turn): Promise<void> {
  const { ctx, run } = turn;
  if (run.kind === "FULL") {
    // What was found of a payment that is not there any more is on no walk.
    await checkPayments(
      turn,
      [...turn.open.values()].flatMap(({ paymentId }) => paymentId ?? []),
    );
  }
  await checkAuditHead(turn);
  await checkStanding(turn);
  await checkAtVans(turn);
  await bringBalancesUpToDate(turn);
  if (run.kind === "FULL") await deleteRunsBefore(ctx.reports, new Date(ctx.now().getTime() - runsKeptMs));
}
