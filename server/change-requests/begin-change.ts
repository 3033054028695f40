import {
  addRequestEvent,
  beginExecution,
  type ChangeRequestRow,
} from "#server/change-requests/change-request-repository.ts";
import type { IdKind } from "#server/core/ids.ts";
import type { Context } from "#server/platform/context.ts";
import type { Sql } from "#server/platform/db.ts";

/** Begins an approved version once; from here on it cannot be edited. False when it is not approved (any more). */
export async function beginChange(
  ctx: Pick<Context, "ids">,
  sql: Sql,
  { id, version, payload }: Pick<ChangeRequestRow, "id" | "version" | "payload">,
  idKind: IdKind,
): Promise<boolean> {
  if (!(await beginExecution(sql, { id, version, executionId: ctx.ids.newId(idKind) }))) return false;
  await addRequestEvent(sql, { requestId: id, version, kind: "STARTED", actorId: "system", payload });
  return true;
}
