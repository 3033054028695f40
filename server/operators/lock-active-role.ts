import { lockRoleShared } from "#server/operators/people-repository.ts";
import type { OperatorRole } from "#server/operators/permissions.ts";
import type { Sql } from "#server/platform/db.ts";

/**
 * The role of a person as it is now, undefined for one who is shut out or does not exist. Nobody can change either before
 * the transaction ends, so what is written under it is found by whoever changes the person next.
 */
export async function lockActiveRole(sql: Sql, operatorId: string): Promise<OperatorRole | undefined> {
  return lockRoleShared(sql, operatorId);
}
