import type { Sql } from "#server/platform/db.ts";

export type ProcessRole = "web" | "worker";

/** How often a process says that it lives. */
export const heartbeatEveryMs = 5_000;

/** Renews the sign of life of a process; forgets processes silent for a quarter of a year: until then charts mark their start. */
export async function reportLiveness(
  sql: Sql,
  process: { id: string; role: ProcessRole; startedAt: Date },
): Promise<void> {
  await sql.run(
    {
      name: "heartbeat-report",
      text: `WITH gone AS (DELETE FROM process_heartbeat WHERE seen_at < now() - interval '93 days')
        INSERT INTO process_heartbeat (id, role, started_at, seen_at) VALUES ($1, $2, $3, now())
        ON CONFLICT (id) DO UPDATE SET seen_at = now()`,
    },
    [process.id, process.role, process.startedAt],
  );
}

/** When a process of this role was last heard of. */
export async function readLiveness(sql: Sql, role: ProcessRole): Promise<Date | null> {
  const [row] = await sql.run<{ seenAt: Date | null }>(
    {
      name: "heartbeat-read",
      text: `SELECT max(seen_at) AS "seenAt" FROM process_heartbeat WHERE role = $1`,
    },
    [role],
  );
  return row?.seenAt ?? null;
}

/** When processes of a period were started, the first one first. */
export async function readProcessStarts(
  sql: Sql,
  from: Date,
  to: Date,
): Promise<{ role: ProcessRole; startedAt: Date }[]> {
  return sql.run(
    {
      name: "heartbeat-starts",
      text: `SELECT role, started_at AS "startedAt" FROM process_heartbeat
        WHERE started_at >= $1 AND started_at < $2 ORDER BY started_at, role LIMIT 200`,
    },
    [from, to],
  );
}
