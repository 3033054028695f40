import type { Client } from "pg";

/** Statuses that nothing in the background acts on; open ones stay as few as the demo has them. */
const final = "('DONE', 'ABORTED', 'CANCELED', 'PARTIAL_CANCELED', 'NET_CANCELED')";

/**
 * Fills the table of payments up to `total` with copies of the demo's, each under an order of its own and earlier by
 * some hours than the one it was copied from, so that malls, amounts and outcomes stay as they are spread: a million
 * covers a quarter of a year. Returns how many there are then. The copies have no ledger and no timeline: lists are
 * measured with them, pages of one payment with the demo's own.
 */
export async function loadPayments(client: Client, total: number): Promise<number> {
  const changed: Readonly<Record<string, string>> = {
    id: "left(p.id, 14) || 'ZZ' || upper(lpad(to_hex(n), 4, '0')) || right(p.id, 10)",
    order_id: "left(p.order_id, 40) || '-' || n || '-' || right(p.id, 6)",
    trace_no: "p.trace_no || '-' || n",
    approval_no: "CASE WHEN p.approval_no IS NULL THEN NULL ELSE right(p.approval_no || n::text, 8) END",
    ...Object.fromEntries(
      ["lease_until", "requested_at", "answered_at", "approved_at", "updated_at"].map((name) => [
        name,
        `p.${name} - n * interval '257 minutes'`,
      ]),
    ),
  };
  const columns = await readColumns(client);
  const { rows: counts } = await client.query<{ all: number; final: number }>(
    `SELECT count(*)::int AS all, count(*) FILTER (WHERE status IN ${final})::int AS final FROM payment`,
  );
  const present = counts[0] ?? { all: 0, final: 0 };
  if (present.final === 0) throw new Error("There is no payment to copy.");
  for (let missing = total - present.all, round = 0; missing > 0; round++) {
    // Some rounds at a time, so that a wish for millions does not become one statement of an hour.
    const rounds = Math.min(4, Math.ceil(missing / present.final));
    const { rowCount } = await client.query(
      `INSERT INTO payment (${columns.join(", ")})
        SELECT ${columns.map((name) => changed[name] ?? `p.${name}`).join(", ")}
        FROM (SELECT * FROM payment WHERE status IN ${final} AND trace_no NOT LIKE '%-%' LIMIT $1) p
        CROSS JOIN generate_series($2::int, $3::int) AS n LIMIT $4`,
      [present.final, 1 + round * 4, round * 4 + rounds, missing],
    );
    missing -= rowCount ?? 0;
  }
  // Payments are written in the order of their time; copies made round by round are not.
  await client.query("CLUSTER payment USING payment_requested_at_figures");
  await client.query("VACUUM ANALYZE payment");
  const { rows: after } = await client.query<{ count: number }>("SELECT count(*)::int AS count FROM payment");
  return after[0]?.count ?? 0;
}

/** Adds `count` payments that ended within the last hour, spread evenly, as slow as those they are copied from. */
export async function loadLastHour(client: Client, count: number): Promise<void> {
  const columns = await readColumns(client);
  const changed: Readonly<Record<string, string>> = {
    id: "left(p.id, 14) || 'ZY' || upper(lpad(to_hex(n), 4, '0')) || right(p.id, 10)",
    order_id: "left(p.order_id, 40) || '-h' || n || '-' || right(p.id, 6)",
    trace_no: "p.trace_no || '-h' || n",
    approval_no: "CASE WHEN p.approval_no IS NULL THEN NULL ELSE right(p.approval_no || n::text, 8) END",
    ...Object.fromEntries(
      ["lease_until", "requested_at", "answered_at", "approved_at", "updated_at"].map((name) => [
        name,
        `now() - ended_ago + (p.${name} - p.answered_at)`,
      ]),
    ),
  };
  await client.query(
    `WITH source AS MATERIALIZED (
        SELECT * FROM payment WHERE status IN ${final} AND answered_at IS NOT NULL AND trace_no NOT LIKE '%-%')
      INSERT INTO payment (${columns.join(", ")})
      SELECT ${columns.map((name) => changed[name] ?? `p.${name}`).join(", ")}
      FROM (SELECT source.*, n, random() * interval '59 minutes' AS ended_ago
        FROM generate_series(1, $1::int / (SELECT count(*)::int FROM source) + 1) AS n CROSS JOIN source LIMIT $1) p`,
    [count],
  );
  await client.query("ANALYZE payment");
}

async function readColumns(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ column_name: string }>(
    `SELECT column_name FROM information_schema.columns WHERE table_name = 'payment' ORDER BY ordinal_position`,
  );
  return rows.map(({ column_name: name }) => name);
}
