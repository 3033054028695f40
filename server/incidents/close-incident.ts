import type { IncidentKind } from "#server/incidents/incident.values.ts";
import { endIncident } from "#server/incidents/incident-repository.ts";
import type { Sql } from "#server/platform/db.ts";

/**
 * Closes the open incident of a kind and subject inside the caller's transaction. `how` says what ended it in a word,
 * such as `reversed` or `cleared`. Closing none is no error: false then.
 */
export function closeIncident(
  sql: Sql,
  closing: Readonly<{ kind: IncidentKind; subjectId: string; how: string; at: Date }>,
): Promise<boolean> {
  return endIncident(sql, closing);
}
