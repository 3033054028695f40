import { recordAudit } from "#server/audit/record-audit.ts";
import { carryOutChangeJob } from "#server/change-requests/change-jobs.ts";
import {
  addRequestEvent,
  isOwnDecision,
  loadRequest,
  lockRequest,
  writeDecision,
} from "#server/change-requests/change-request-repository.ts";
import { refuseOver } from "#server/change-requests/refuse-over.ts";
import { Refusal } from "#server/core/refusals.ts";
import { enqueue } from "#server/outbox/enqueue.ts";
import { outboxRow } from "#server/outbox/outbox-row.ts";
import type { Context } from "#server/platform/context.ts";

export type DecideChange = Readonly<{
  requestId: string;
  /** The version the checker looked at. */
  version: number;
  note: string;
  checker: Readonly<{ id: string; ipAddress: string | null }>;
}>;

/**
 * Approves a version of a request: the job that carries it out is written in the same commit, so an approval without its
 * execution (or the reverse) cannot be. Throws `NOT_FOUND`, `OWN_CHANGE_REQUEST`, `CHANGE_REQUEST_EDITED`,
 * `CHANGE_REQUEST_EXPIRED` or `CHANGE_REQUEST_DECIDED`; of two who decide at once, one is told that it is decided.
 */
export function approveChange(ctx: Pick<Context, "sql">, command: DecideChange): Promise<void> {
  return decide(ctx, command, "APPROVED");
}

/** Rejects a version of a request with a note; nothing is done. Throws as `approveChange`. */
export function rejectChange(ctx: Pick<Context, "sql">, command: DecideChange): Promise<void> {
  return decide(ctx, command, "REJECTED");
}

async function decide(
  ctx: Pick<Context, "sql">,
  command: DecideChange,
  status: "APPROVED" | "REJECTED",
): Promise<void> {
  const { requestId, version, note, checker } = command;
  try {
    await ctx.sql.transaction(async (sql) => {
      const request = await lockRequest(sql, requestId);
      if (!request) throw new Refusal("NOT_FOUND");
      if (request.version !== version) throw new Refusal("CHANGE_REQUEST_EDITED");
      refuseOver(request);
      const decided = await writeDecision(sql, {
        id: requestId,
        version,
        status,
        checkerId: checker.id,
        note,
      });
      // It was pending a moment ago and is locked: only its time can have run out.
      if (!decided) throw new Refusal("CHANGE_REQUEST_EXPIRED");
      await addRequestEvent(sql, {
        requestId,
        version,
        kind: status,
        actorId: checker.id,
        note,
        payload: request.payload,
      });
      if (status === "APPROVED")
        await enqueue(sql, [
          outboxRow(
            carryOutChangeJob,
            `${requestId}:${version}`,
            { requestId, version },
            { subjectId: requestId, traceId: request.traceId },
          ),
        ]);
      await recordAudit(sql, {
        actor: { type: "operator", id: checker.id },
        action: status === "APPROVED" ? "change_request.approved" : "change_request.rejected",
        target: { type: "change_request", id: requestId },
        outcome: "success",
        ipAddress: checker.ipAddress,
        detail: {
          kind: request.kind,
          subjectId: request.subjectId,
          amount: request.amountMinor,
          maker: request.makerId,
          version,
          note,
        },
      });
    });
  } catch (error) {
    if (!isOwnDecision(error)) throw error;
    await auditOwn(ctx, command);
    throw new Refusal("OWN_CHANGE_REQUEST");
  }
}

/** Somebody tried to be both: the database said no, and the log says who. */
async function auditOwn(ctx: Pick<Context, "sql">, { requestId, checker }: DecideChange): Promise<void> {
  const request = await loadRequest(ctx.sql, requestId);
  await recordAudit(ctx.sql, {
    actor: { type: "operator", id: checker.id },
    action: "change_request.own_decision",
    target: { type: "change_request", id: requestId },
    outcome: "refused",
    ipAddress: checker.ipAddress,
    detail: { kind: request?.kind, subjectId: request?.subjectId, amount: request?.amountMinor },
  });
}
