import type { IncidentKind, IncidentSeverity } from "#server/incidents/incident.values.ts";
import type { Sql } from "#server/platform/db.ts";

export type NewIncident = Readonly<{
  kind: IncidentKind;
  severity: IncidentSeverity;
  /** What it is about, within its kind: a payment key, an invariant with its subject. */
  subjectId: string;
  paymentId: string | null;
  detail: Readonly<Record<string, unknown>>;
  at: Date;
}>;

/** Writes an incident unless one is open for the same kind and subject; true when it was written. */
export async function insertIncident(sql: Sql, incident: NewIncident): Promise<boolean> {
  const rows = await sql.run(
    {
      name: "incident-open",
      text: `INSERT INTO incident (kind, severity, subject_id, payment_id, detail, opened_at) VALUES ($1, $2, $3, $4, $5::jsonb, $6)
        ON CONFLICT (kind, subject_id) WHERE closed_at IS NULL DO NOTHING RETURNING id`,
    },
    [
      incident.kind,
      incident.severity,
      incident.subjectId,
      incident.paymentId,
      JSON.stringify(incident.detail),
      incident.at,
    ],
  );
  return rows.length === 1;
}

/** Ends the open incident of a kind and subject; false when there is none. */
export async function endIncident(
  sql: Sql,
  closing: { kind: IncidentKind; subjectId: string; how: string; at: Date },
): Promise<boolean> {
  const rows = await sql.run(
    {
      name: "incident-close",
      text: `UPDATE incident SET closed_at = $3, closed_how = $4 WHERE kind = $1 AND subject_id = $2 AND closed_at IS NULL RETURNING id`,
    },
    [closing.kind, closing.subjectId, closing.at, closing.how],
  );
  return rows.length === 1;
}

export type AcknowledgedIncident = Readonly<{ kind: string; subjectId: string; paymentId: string | null }>;

/** Notes who has seen an incident, once: nothing when there is no such incident or somebody was faster. */
export async function markAcknowledged(
  sql: Sql,
  seen: { id: bigint; operatorId: string; note: string; at: Date },
): Promise<AcknowledgedIncident | undefined> {
  const [incident] = await sql.run<AcknowledgedIncident>(
    {
      name: "incident-acknowledge",
      text: `UPDATE incident SET acknowledged_at = $2, acknowledged_by = $3, note = $4 WHERE id = $1 AND acknowledged_at IS NULL
        RETURNING kind, subject_id AS "subjectId", payment_id AS "paymentId"`,
    },
    [seen.id, seen.at, seen.operatorId, seen.note],
  );
  return incident;
}
