import type { Sql } from "#server/platform/db.ts";

/** Renews the sign of life of a process; forgets processes silent for an hour. */
export async function reportLiveness(
  sql: Sql,
  process: { id: string; role: "worker"; startedAt: Date },
): Promise<void> {
  await sql.run(
    {
      name: "heartbeat-report",
      text: `WITH gone AS (DELETE FROM process_heartbeat WHERE seen_at < now() - interval '1 hour')
        INSERT INTO process_heartbeat (id, role, started_at, seen_at) VALUES ($1, $2, $3, now())
        ON CONFLICT (id) DO UPDATE SET seen_at = now()`,
    },
    [process.id, process.role, process.startedAt],
  );
}

/** When a process of this role was last heard of. */
export async function readLiveness(sql: Sql, role: "worker"): Promise<Date | null> {
  const [row] = await sql.run<{ seenAt: Date | null }>(
    {
      name: "heartbeat-read",
      text: `SELECT max(seen_at) AS "seenAt" FROM process_heartbeat WHERE role = $1`,
    },
    [role],
  );
  return row?.seenAt ?? null;
}
