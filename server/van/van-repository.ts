import type { Sql } from "#server/platform/db.ts";
import type { VanHealth } from "#server/van/van-gateway.ts";

/** Whether new approvals go to a VAN, and if not: why, by whom and since when. */
export type ApprovalSwitch = Readonly<{
  isEnabled: boolean;
  stoppedReason: string | null;
  stoppedBy: string | null;
  stoppedAt: Date | null;
}>;

const switchColumns = `is_enabled AS "isEnabled", stopped_reason AS "stoppedReason", stopped_by AS "stoppedBy", stopped_at AS "stoppedAt"`;

/** The switch of a VAN, locked until the end of the transaction; undefined for a VAN that is not there. */
export async function lockApprovalSwitch(sql: Sql, code: string): Promise<ApprovalSwitch | undefined> {
  const [row] = await sql.run<ApprovalSwitch>(
    { name: "van-switch-lock", text: `SELECT ${switchColumns} FROM van WHERE code = $1 FOR UPDATE` },
    [code],
  );
  return row;
}

export async function writeApprovalSwitch(sql: Sql, code: string, now: ApprovalSwitch): Promise<void> {
  await sql.run(
    {
      name: "van-switch-write",
      text: `UPDATE van SET is_enabled = $2, stopped_reason = $3, stopped_by = $4, stopped_at = $5, updated_at = now() WHERE code = $1`,
    },
    [code, now.isEnabled, now.stoppedReason, now.stoppedBy, now.stoppedAt],
  );
}

/** A process without news for this long is gone. */
export const circuitStaleAfterSeconds = 15;

/** Writes how this process sees its VANs, and forgets processes that are gone. */
export async function writeCircuits(
  sql: Sql,
  process: Readonly<{ id: string; role: string }>,
  vans: readonly Readonly<{ code: string; health: VanHealth }>[],
): Promise<void> {
  const column = <Value>(of: (van: (typeof vans)[number]) => Value) => vans.map(of);
  await sql.run(
    {
      name: "van-circuit-report",
      text: `WITH gone AS (
          DELETE FROM van_circuit WHERE (process_id, van_code) IN (
            SELECT process_id, van_code FROM van_circuit
            WHERE seen_at < now() - make_interval(secs => ${circuitStaleAfterSeconds}) AND process_id <> $1 FOR UPDATE SKIP LOCKED))
        INSERT INTO van_circuit (process_id, role, van_code, state, since, reason, next_probe_at, is_reachable, in_flight, last_answer_at, last_error, seen_at)
        SELECT $1, $2, seen.*, now() FROM unnest($3::text[], $4::text[], $5::timestamptz[], $6::text[], $7::timestamptz[],
          $8::boolean[], $9::int[], $10::timestamptz[], $11::text[]) AS seen
        ON CONFLICT (process_id, van_code) DO UPDATE SET state = excluded.state, since = excluded.since, reason = excluded.reason,
          next_probe_at = excluded.next_probe_at, is_reachable = excluded.is_reachable, in_flight = excluded.in_flight,
          last_answer_at = excluded.last_answer_at, last_error = excluded.last_error, seen_at = excluded.seen_at`,
    },
    [
      process.id,
      process.role,
      column(({ code }) => code),
      column(({ health }) => health.circuit.state),
      column(({ health }) => health.circuit.since),
      column(({ health }) => health.circuit.reason),
      column(({ health }) => health.circuit.nextProbeAt),
      column(({ health }) => health.reachable),
      column(({ health }) => health.inFlight),
      column(({ health }) => health.lastAnswerAt),
      column(({ health }) => health.lastError),
    ],
  );
}

/** Appends a change of a circuit to the history. */
export async function insertCircuitChange(
  sql: Sql,
  process: Readonly<{ id: string; role: string }>,
  change: Readonly<{ vanCode: string; from: string; to: string; reason: string | null; at: Date }>,
): Promise<void> {
  await sql.run(
    {
      name: "van-circuit-change",
      text: `INSERT INTO van_circuit_change (van_code, process_id, role, from_state, to_state, reason, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    },
    [change.vanCode, process.id, process.role, change.from, change.to, change.reason, change.at],
  );
}

/** The weights of a mall's routes, by VAN code, locked against other changes; undefined without such a mall. */
export async function lockWeights(
  sql: Sql,
  mallId: string,
): Promise<ReadonlyMap<string, number> | undefined> {
  const malls = await sql.run(
    { name: "van-weights-lock", text: "SELECT 1 FROM mall WHERE id = $1 FOR NO KEY UPDATE" },
    [mallId],
  );
  if (malls.length === 0) return undefined;
  const rows = await sql.run<{ vanCode: string; weight: number }>(
    {
      name: "van-weights-of-mall",
      text: `SELECT van_code AS "vanCode", weight FROM mall_van_route WHERE mall_id = $1`,
    },
    [mallId],
  );
  return new Map(rows.map(({ vanCode, weight }) => [vanCode, weight]));
}

/** Writes weights of a mall's routes; a VAN that has no route yet gets one. */
export async function writeWeights(
  sql: Sql,
  mallId: string,
  weights: readonly Readonly<{ vanCode: string; weight: number }>[],
): Promise<void> {
  await sql.run(
    {
      name: "van-weights-write",
      text: `INSERT INTO mall_van_route (mall_id, van_code, weight) SELECT $1, given.* FROM unnest($2::text[], $3::int[]) AS given
        ON CONFLICT (mall_id, van_code) DO UPDATE SET weight = excluded.weight`,
    },
    [mallId, weights.map(({ vanCode }) => vanCode), weights.map(({ weight }) => weight)],
  );
}
