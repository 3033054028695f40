import type { z } from "zod";
import { beginChange } from "#server/change-requests/begin-change.ts";
import type { carryOutChangeJob } from "#server/change-requests/change-jobs.ts";
import { actsIn } from "#server/change-requests/change-kinds.values.ts";
import {
  type ChangePayload,
  changePayloads,
  isRequestable,
  type RequestableKind,
} from "#server/change-requests/change-payloads.ts";
import {
  type ChangeRequestRow,
  loadRequest,
  lockRequest,
} from "#server/change-requests/change-request-repository.ts";
import { type ChangeEnd, endChange } from "#server/change-requests/end-change.ts";
import { assert } from "#server/core/assert.ts";
import type { IdKind } from "#server/core/ids.ts";
import { Refusal, refusals } from "#server/core/refusals.ts";
import { lockActiveRole } from "#server/operators/lock-active-role.ts";
import type { Context } from "#server/platform/context.ts";
import { done, type JobHandler, type JobResult } from "#server/platform/job.ts";
import { joinTransaction } from "#server/platform/join-transaction.ts";

/** What an execution is given. `executionId` is the same however often it is called. */
export type ApprovedChange<K extends RequestableKind> = Readonly<{
  requestId: string;
  payload: ChangePayload<K>;
  executionId: string;
  makerId: string;
  checkerId: string;
  reason: string;
  traceId: string;
}>;

/** How it ended. `pending`: begun, and brought to its end by something else; asked again later. */
export type ExecutionOutcome = ChangeEnd | Readonly<{ kind: "pending"; askAgainMs?: number }>;

/**
 * How an approved change of a kind is done, by the same use case as a direct one. A `Refusal` it throws is the result of
 * the request.
 * `execute` asks the outside world. It is called again after a crash, so whatever it begins carries `executionId` (an id
 * of `idKind`) and is begun at most once.
 * `executeWithin` only writes to our database, in the transaction that also ends the request: both or neither. It is
 * refused with `FORBIDDEN_SCOPE` for a maker who has lost the role or the account since it began.
 */
export type ChangeExecution<K extends RequestableKind> = Readonly<{
  idKind: IdKind;
  /** True for what its maker claims (`claimChange`). It does not begin by itself before the day for that is over. */
  isClaimed?: true;
}> &
  (
    | Readonly<{ execute(ctx: Context, change: ApprovedChange<K>): Promise<ExecutionOutcome> }>
    | Readonly<{ executeWithin(ctx: Context, change: ApprovedChange<K>): Promise<ExecutionOutcome> }>
  );

/** The execution of every kind that can be asked for. */
export type ChangeExecutions = { readonly [K in RequestableKind]: ChangeExecution<K> };

const askAgainMs = 10_000;
/** How often a request that waits for its maker is looked at, for the day it has. */
const unclaimedAskAgainMs = 60_000;
/** A refusal that may pass by itself, such as another cancel under way, is tried this often before it is the result. */
const refusedTriesMax = 4;
const troubleDelaysMs = [1_000, 5_000, 15_000, 60_000, 300_000] as const;

/**
 * The job of an approval: begins its version once (an edit before that voids it), has the kind's execution do it, and
 * writes how it ended on the request. It is never given up: a request that has begun is brought to an end.
 */
export function carryOutChange(
  executions: Partial<ChangeExecutions>,
): JobHandler<z.output<typeof carryOutChangeJob.payload>> {
  return async (ctx, { requestId, version }, { attempt }) => {
    const request = await loadRequest(ctx.sql, requestId);
    assert(request, `change request ${requestId} of an approval exists`);
    // Edited since, or over: this approval counts no more.
    if (request.version !== version) return done;
    assert(isRequestable(request.kind), `a request of kind ${request.kind} can be carried out`);
    const execution = executions[request.kind];
    assert(execution, `this worker knows how a request of kind ${request.kind} is carried out`);
    if (waitsForMaker(executions, request.kind, request))
      return later("its maker has not claimed it", unclaimedAskAgainMs);
    const begun = await begin(ctx, execution.idKind, request);
    if (!begun?.executionId || !begun.decidedBy) return done;
    try {
      const outcome = await run(ctx, executions, request.kind, begun, begun.executionId, begun.decidedBy);
      return outcome.kind === "pending"
        ? later("its outcome is not known yet", outcome.askAgainMs ?? askAgainMs)
        : done;
    } catch (error) {
      if (error instanceof Refusal) {
        if (refusals[error.code].retryable && attempt < refusedTriesMax)
          return { ...later(error.code, troubleDelaysMs[attempt - 1] ?? askAgainMs), countsAsAttempt: true };
        await ctx.sql.transaction((sql) => endChange(sql, begun, { kind: "refused", code: error.code }));
        return done;
      }
      ctx.log.error(
        { err: error, labels: { change_request: requestId } },
        "an approved change is tried again",
      );
      const delayMs = troubleDelaysMs[Math.min(attempt, troubleDelaysMs.length) - 1] ?? askAgainMs;
      return {
        ...later(error instanceof Error ? error.message : String(error), delayMs),
        countsAsAttempt: true,
      };
    }
  };
}

/** Approved, and its maker may still claim it: until then they may also take it back, so it does not begin. */
function waitsForMaker<K extends RequestableKind>(
  executions: Partial<ChangeExecutions>,
  kind: K,
  request: ChangeRequestRow,
): boolean {
  const execution: ChangeExecution<K> | undefined = executions[kind];
  if (!execution?.isClaimed || request.isLapsed) return false;
  return request.status === "APPROVED" || request.status === "RUNNING";
}

function later(error: string, delayMs: number): Extract<JobResult, { kind: "again" }> {
  return { kind: "again", reason: "INTERNAL", error, delayMs, countsAsAttempt: false };
}

/** Marks the request as running, or finds it running already after a crash; undefined when there is nothing to do (any more). */
async function begin(
  ctx: Context,
  idKind: IdKind,
  request: ChangeRequestRow,
): Promise<ChangeRequestRow | undefined> {
  await ctx.sql.transaction((sql) => beginChange(ctx, sql, request, idKind));
  const now = await loadRequest(ctx.sql, request.id);
  return now?.status === "RUNNING" && now.version === request.version ? now : undefined;
}

async function run<K extends RequestableKind>(
  ctx: Context,
  executions: Partial<ChangeExecutions>,
  kind: K,
  request: ChangeRequestRow,
  executionId: string,
  checkerId: string,
): Promise<ExecutionOutcome> {
  const execution: ChangeExecution<K> | undefined = executions[kind];
  assert(execution, `requests of kind ${kind} can be carried out`);
  const change: ApprovedChange<K> = {
    requestId: request.id,
    payload: changePayloads[kind].parse(request.payload) as ChangePayload<K>,
    executionId,
    makerId: request.makerId,
    checkerId,
    reason: request.reason,
    traceId: request.traceId,
  };
  if ("execute" in execution) {
    const outcome = await execution.execute(ctx, change);
    if (outcome.kind !== "pending") await ctx.sql.transaction((sql) => endChange(sql, request, outcome));
    return outcome;
  }
  return ctx.sql.transaction(async (sql) => {
    // The person before the request, as a change of the person locks them.
    const role = await lockActiveRole(sql, request.makerId);
    // Locked and looked at again: of two workers the second finds it ended.
    const now = await lockRequest(sql, request.id);
    if (now?.status !== "RUNNING") return { kind: "done", result: {} };
    // Begun, but nothing of it is done: with trouble in between that may be long ago.
    if (!role || !actsIn(role, kind)) throw new Refusal("FORBIDDEN_SCOPE");
    const outcome = await execution.executeWithin(joinTransaction(ctx, sql), change);
    if (outcome.kind !== "pending") await endChange(sql, request, outcome);
    return outcome;
  });
}
