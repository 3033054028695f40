import { recordAudit } from "#server/audit/record-audit.ts";
import {
  addRequestEvent,
  type ChangeRequestRow,
  endExecution,
} from "#server/change-requests/change-request-repository.ts";
import type { RefusalCode } from "#server/core/refusals.ts";
import type { Sql } from "#server/platform/db.ts";

/** How an execution ended: with what it yields, or with why it was not done. */
export type ChangeEnd =
  | Readonly<{ kind: "done"; result: Readonly<Record<string, unknown>> }>
  | Readonly<{ kind: "refused"; code: RefusalCode }>;

/** Writes how an execution ended on its request, with history and audit; nothing when another worker has written it. */
export async function endChange(sql: Sql, request: ChangeRequestRow, outcome: ChangeEnd): Promise<void> {
  const refusalCode = outcome.kind === "refused" ? outcome.code : null;
  const result = outcome.kind === "done" ? outcome.result : {};
  if (!(await endExecution(sql, { id: request.id, refusalCode, result }))) return;
  await addRequestEvent(sql, {
    requestId: request.id,
    version: request.version,
    kind: refusalCode === null ? "DONE" : "REFUSED",
    actorId: "system",
    note: refusalCode,
    payload: request.payload,
  });
  await recordAudit(sql, {
    actor: { type: "system", id: "system" },
    action: "change_request.carried_out",
    target: { type: "change_request", id: request.id },
    outcome: refusalCode === null ? "success" : "failure",
    detail: {
      kind: request.kind,
      subjectId: request.subjectId,
      amount: request.amountMinor,
      maker: request.makerId,
      checker: request.decidedBy,
      executionId: request.executionId,
      ...(refusalCode ? { code: refusalCode } : {}),
    },
  });
}
