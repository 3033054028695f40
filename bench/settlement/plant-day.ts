import type { Client } from "pg";

export type Planted = Readonly<{ businessDate: string; malls: readonly string[]; events: number }>;

/**
 * Fills an empty database with one business date: `payments` approvals of one VAN over `malls` malls, every tenth of them
 * with a partial cancel, with their ledger; a contract for each mall, of different rates and roundings.
 */
export async function plantDay(
  client: Client,
  {
    payments,
    malls,
    businessDate,
    vanCode = "SBX1",
  }: { payments: number; malls: number; businessDate: string; vanCode?: string },
): Promise<Planted> {
  const at = `'${businessDate}T12:00:00+09:00'::timestamptz`;
  await client.query(
    `INSERT INTO van (code, name, protocol, is_sandbox, connect_timeout_ms, approve_timeout_ms, cancel_timeout_ms, net_cancel_timeout_ms,
       inquiry_timeout_ms, lease_ms, net_cancel_delays_ms, net_cancel_deadline_ms, cancel_delays_ms, inquiry_delays_ms, processing_window_ms)
     VALUES ($1, 'Sandbox', 'HTTP_JSON', true, 1000, 4000, 4000, 2000, 2000, 20000, '{10}', 3600000, '{10}', '{10}', 500)`,
    [vanCode],
  );
  await client.query(
    `INSERT INTO mall (id, name, business_number) SELECT 'mall_B' || lpad(n::text, 4, '0'), '몰 ' || n, '000-00-00000' FROM generate_series(1, $1::int) n`,
    [malls],
  );
  await client.query(
    `INSERT INTO mall_contract (id, mall_id, method, effective_from, fee_rate_e5, fee_rounding, is_fee_refundable, cycle, lag_business_days, created_by)
     SELECT 'ctr_' || id, id, 'CARD', '2024-01-01', 1500 + (hashtext(id) & 1023), (ARRAY['FLOOR_1', 'FLOOR_10', 'HALF_UP_1'])[1 + (hashtext(id) & 1023) % 3]::fee_rounding,
       true, 'DAILY', 2, 'bench' FROM mall`,
  );
  // The console's search by words is asked nothing here, and would take longer to fill than all else.
  await client.query("DROP INDEX payment_search");
  await client.query(
    `INSERT INTO payment (id, mall_id, order_id, order_name, method, amount_minor, vat_minor, status, van_code, trace_no, lease_until, requested_at, answered_at,
       approved_at, canceled_minor, trace_id)
     SELECT 'pay_' || lpad(n::text, 26, '0'), 'mall_B' || lpad((1 + n % $2::int)::text, 4, '0'), 'order-' || n, '책', 'CARD', 1000 + (n::bigint * 7919) % 90000, 0,
       (CASE WHEN n % 10 = 0 THEN 'PARTIAL_CANCELED' ELSE 'DONE' END)::payment_status, $3, 'T' || n, now(), ${at}, ${at}, ${at},
       CASE WHEN n % 10 = 0 THEN 500 ELSE 0 END, 'bench'
     FROM generate_series(1, $1::int) n`,
    [payments, malls, vanCode],
  );
  await client.query(
    `INSERT INTO payment_cancel (id, payment_id, mall_id, status, origin, actor_id, amount_minor, tax_free_minor, vat_minor, balance_before_minor, reason, trace_no,
       lease_until, requested_at, completed_at, trace_id)
     SELECT 'cxl_' || substr(id, 5), id, mall_id, 'SUCCEEDED', 'API', mall_id, 500, 0, 0, amount_minor, '반품', 'C' || trace_no, now(), ${at}, ${at}, 'bench'
     FROM payment WHERE status = 'PARTIAL_CANCELED'`,
  );
  // The zero-sum check is deferred for each row; the rows are made in pairs here, so it is left out while they are planted.
  await client.query("ALTER TABLE ledger_entry DISABLE TRIGGER ledger_entry_zero_sum");
  const { rowCount } = await client.query(
    `WITH event AS (
       SELECT 'pay:' || id || ':approve' AS key, id, mall_id, amount_minor AS amount FROM payment
       UNION ALL SELECT 'pay:' || payment_id || ':cancel:' || id, payment_id, mall_id, -amount_minor FROM payment_cancel)
     INSERT INTO ledger_entry (event_key, account, amount_minor, payment_id, business_date)
     SELECT e.key, s.account, s.amount, e.id, $1::date FROM event e
     CROSS JOIN LATERAL (VALUES ('van_receivable:' || $2::text, e.amount), ('mall_payable:' || e.mall_id, -e.amount)) s (account, amount)`,
    [businessDate, vanCode],
  );
  await client.query("ALTER TABLE ledger_entry ENABLE TRIGGER ledger_entry_zero_sum");
  await client.query("VACUUM ANALYZE payment, payment_cancel, ledger_entry, mall, mall_contract");
  const { rows } = await client.query<{ id: string }>("SELECT id FROM mall ORDER BY id");
  return { businessDate, malls: rows.map(({ id }) => id), events: (rowCount ?? 0) / 2 };
}
