import type { Client } from "pg";

/**
 * Makes our side of a planted day the VAN's, and other than the VAN's where `differenceOf` says so of what we have:
 * outcomes that are open, approvals that were given up, events that are booked the day before.
 */
export async function plantDifferences(
  client: Client,
  { vanCode, businessDate }: Readonly<{ vanCode: string; businessDate: string }>,
): Promise<void> {
  const every = (nth: number, at: number) =>
    `(SELECT id FROM payment WHERE substr(trace_no, 2)::int % ${nth} = ${at})`;
  const open = every(1_000, 4);
  const shifted = every(1_000, 6);
  const late = every(100_000, 7);
  // What guards single rows would not let a day be rewritten.
  const tables = ["payment", "ledger_entry"];
  for (const table of tables) await client.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
  for (const text of [
    `DELETE FROM ledger_entry WHERE payment_id IN ${open} OR payment_id IN ${late}`,
    `UPDATE ledger_entry SET business_date = business_date - 1 WHERE payment_id IN ${shifted}`,
    `UPDATE payment SET status = 'UNKNOWN', approved_at = NULL WHERE id IN ${open}`,
    `UPDATE payment SET status = 'NET_CANCELED', approved_at = NULL WHERE id IN ${late}`,
  ])
    await client.query(text);
  for (const table of tables) await client.query(`ALTER TABLE ${table} ENABLE TRIGGER USER`);
  await client.query(
    "INSERT INTO recon_day (van_code, business_date, opened_at) VALUES ($1, $2::date, now())",
    [vanCode, businessDate],
  );
  await client.query("VACUUM ANALYZE payment, ledger_entry");
}
