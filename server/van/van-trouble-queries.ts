import type { Sql } from "#server/platform/db.ts";
import { circuitStaleAfterSeconds } from "#server/van/van-repository.ts";

/** A VAN that takes no new approvals (`stopped` by a person, `open` by its circuit), or only some to find out (`half_open`). */
export type VanTrouble = Readonly<{
  code: string;
  trouble: "stopped" | "open" | "half_open";
  since: Date | null;
}>;

/** The VANs in trouble, by code. Of the processes that send approvals, the one that sees a VAN worst counts. */
export function readVanTroubles(sql: Sql): Promise<VanTrouble[]> {
  return sql.run<VanTrouble>(
    {
      name: "van-troubles",
      text: `SELECT v.code, CASE WHEN NOT v.is_enabled THEN 'stopped' WHEN c.is_open THEN 'open' ELSE 'half_open' END AS trouble,
          CASE WHEN NOT v.is_enabled THEN v.stopped_at ELSE c.since END AS since
        FROM van v LEFT JOIN LATERAL (SELECT bool_or(state = 'OPEN') AS is_open, min(since) AS since FROM van_circuit
          WHERE van_code = v.code AND role = 'web' AND state <> 'CLOSED' AND seen_at >= now() - make_interval(secs => $1)) c ON true
        WHERE NOT v.is_enabled OR c.since IS NOT NULL ORDER BY v.code`,
    },
    [circuitStaleAfterSeconds],
  );
}
