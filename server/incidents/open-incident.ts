import type { IncidentKind, IncidentSeverity } from "#server/incidents/incident.values.ts";
import { insertIncident } from "#server/incidents/incident-repository.ts";
import type { Sql } from "#server/platform/db.ts";

/**
 * Opens an incident inside the caller's transaction, so that it exists exactly when what it is about does. Idempotent:
 * while one is open for the same kind and subject nothing is written. Returns whether this call opened it.
 */
export function openIncident(
  sql: Sql,
  incident: Readonly<{
    kind: IncidentKind;
    severity: IncidentSeverity;
    /** What it is about, within its kind: for VAN_ORPHAN the payment key. */
    subjectId: string;
    paymentId?: string | undefined;
    /** Facts for the person who looks. Never a secret or a whole card number. */
    detail?: Readonly<Record<string, unknown>>;
    at: Date;
  }>,
): Promise<boolean> {
  return insertIncident(sql, {
    ...incident,
    paymentId: incident.paymentId ?? null,
    detail: incident.detail ?? {},
  });
}
