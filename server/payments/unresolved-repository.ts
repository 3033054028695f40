import type { Sql } from "#server/platform/db.ts";

/** Who has an open outcome in hand, and the last note about it. */
export type Assignment = Readonly<{ operatorId: string | null; note: string | null }>;

/** Reads who has it; nothing when nobody ever had. */
export async function loadAssignment(sql: Sql, subjectId: string): Promise<Assignment | undefined> {
  const [row] = await sql.run<Assignment>(
    {
      name: "unresolved-assignment-load",
      text: `SELECT operator_id AS "operatorId", note FROM unresolved_assignment WHERE subject_id = $1`,
    },
    [subjectId],
  );
  return row;
}

/** Gives it to an operator if it is in the hands it is thought to be in; false when it is not. */
export async function takeAssignment(
  sql: Sql,
  take: { subjectId: string; paymentId: string; operatorId: string; from: string | null; at: Date },
): Promise<boolean> {
  const rows = await sql.run(
    {
      name: "unresolved-assignment-take",
      text: `INSERT INTO unresolved_assignment AS a (subject_id, payment_id, operator_id, changed_at)
        SELECT $1, $2, $3, $5::timestamptz WHERE $4::text IS NULL OR EXISTS (SELECT 1 FROM unresolved_assignment WHERE subject_id = $1)
        ON CONFLICT (subject_id) DO UPDATE SET operator_id = EXCLUDED.operator_id, changed_at = EXCLUDED.changed_at
          WHERE a.operator_id IS NOT DISTINCT FROM $4
        RETURNING subject_id`,
    },
    [take.subjectId, take.paymentId, take.operatorId, take.from, take.at],
  );
  return rows.length === 1;
}

/** Takes it out of an operator's hands and leaves the note; false when that operator does not have it. */
export async function giveBackAssignment(
  sql: Sql,
  back: { subjectId: string; operatorId: string; note: string; at: Date },
): Promise<boolean> {
  const rows = await sql.run(
    {
      name: "unresolved-assignment-give-back",
      text: `UPDATE unresolved_assignment SET operator_id = NULL, note = $3, noted_by = $2, changed_at = $4
        WHERE subject_id = $1 AND operator_id = $2 RETURNING subject_id`,
    },
    [back.subjectId, back.operatorId, back.note, back.at],
  );
  return rows.length === 1;
}
