import { advisoryLocks } from "#server/platform/advisory-locks.ts";
import type { Sql } from "#server/platform/db.ts";
import type { PayoutTerms } from "#server/settlement/domain/payout-date.ts";
import { sealOf } from "#server/settlement/settlement-seal.ts";

/** A batch as far as the work needs it. Dates are `YYYY-MM-DD`. */
export type Batch = Readonly<{
  businessDate: string;
  fromDate: string;
  previousDate: string | null;
  calendarVersion: number;
  status: "OPEN" | "DONE";
  generation: number;
}>;

const batchColumns = `to_char(business_date, 'YYYY-MM-DD') AS "businessDate", to_char(from_date, 'YYYY-MM-DD') AS "fromDate",
  to_char(previous_date, 'YYYY-MM-DD') AS "previousDate", calendar_version AS "calendarVersion", status, generation`;

/** Waits for its turn to open a batch or to have one computed anew, and keeps it until the commit. */
export async function takeBatchTurn(sql: Sql): Promise<void> {
  await sql.run({ name: "settlement-turn", text: "SELECT pg_advisory_xact_lock($1)" }, [
    advisoryLocks.settlementBatch,
  ]);
}

export async function loadBatch(sql: Sql, businessDate: string): Promise<Batch | undefined> {
  const [batch] = await sql.run<Batch>(
    {
      name: "settlement-batch-load",
      text: `SELECT ${batchColumns} FROM settlement_batch WHERE business_date = $1::date`,
    },
    [businessDate],
  );
  return batch;
}

export async function loadLatestBatch(sql: Sql): Promise<Batch | undefined> {
  const [batch] = await sql.run<Batch>(
    {
      name: "settlement-batch-latest",
      text: `SELECT ${batchColumns} FROM settlement_batch ORDER BY business_date DESC LIMIT 1`,
    },
    [],
  );
  return batch;
}

/** The business date of the first event that any mall ever had; undefined before there is one. */
export async function findFirstEventDate(sql: Sql): Promise<string | undefined> {
  const [row] = await sql.run<{ first: string | null }>(
    {
      name: "settlement-first-event",
      text: `SELECT to_char(min(e.business_date), 'YYYY-MM-DD') AS first FROM mall m CROSS JOIN LATERAL (
          SELECT l.business_date FROM ledger_entry l WHERE l.account = 'mall_payable:' || m.id AND l.account LIKE 'mall_payable:%'
          ORDER BY l.business_date LIMIT 1) e`,
    },
    [],
  );
  return row?.first ?? undefined;
}

export async function insertBatch(
  sql: Sql,
  batch: Omit<Batch, "status" | "generation"> & Readonly<{ openedAt: Date; openedBy: string | null }>,
): Promise<void> {
  await sql.run(
    {
      name: "settlement-batch-insert",
      text: `INSERT INTO settlement_batch (business_date, from_date, previous_date, calendar_version, status, opened_at, opened_by)
        VALUES ($1::date, $2::date, $3::date, $4, 'OPEN', $5, $6)`,
    },
    [
      batch.businessDate,
      batch.fromDate,
      batch.previousDate,
      batch.calendarVersion,
      batch.openedAt,
      batch.openedBy,
    ],
  );
}

/** How many dates before its own a batch looks at again, for an event whose commit came after the batch of its date. */
const lookBackDays = 2;

/** What one sort of a mall's lines may take on the database server; as many malls as have a worker are worked on at once. */
const sortMemory = "64MB";

/**
 * Has the statements of this transaction planned for what is there today: a plan from when the table of lines was small
 * would be a bad one, and compiling it would take longer than most malls do. A large mall's day is sorted in memory.
 */
export async function planForMall(sql: Sql): Promise<void> {
  await sql.run(
    {
      name: "settlement-plan",
      text: `SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('jit', 'off', true), set_config('work_mem', '${sortMemory}', true)`,
    },
    [],
  );
}

/** From where a mall's events are read for a batch: its dates, and whatever waits since before them. */
const scanFrom = (mall: string) => `least(b.from_date, (
    SELECT min(w.since) FROM settlement_pending w
    WHERE w.business_date = b.previous_date AND w.mall_id = ${mall} AND w.is_postponed)) - ${lookBackDays}`;

const unresolved = "p.status IN ('IN_PROGRESS', 'UNKNOWN', 'CANCEL_PENDING')";

/** Lists the malls that a batch has anything to look at of; returns them. `endsAt` is the end of its date. */
export async function insertWork(sql: Sql, businessDate: string, endsAt: Date): Promise<string[]> {
  const rows = await sql.run<{ mallId: string }>(
    {
      name: "settlement-work-insert",
      text: `INSERT INTO settlement_work (business_date, mall_id)
        SELECT b.business_date, m.id FROM settlement_batch b CROSS JOIN mall m
        WHERE b.business_date = $1::date AND (
          EXISTS (SELECT 1 FROM ledger_entry l WHERE l.account = 'mall_payable:' || m.id AND l.account LIKE 'mall_payable:%'
            AND l.business_date BETWEEN ${scanFrom("m.id")} AND b.business_date AND l.payment_id IS NOT NULL)
          OR m.id IN (SELECT p.mall_id FROM payment p WHERE ${unresolved} AND p.requested_at < $2)
          OR EXISTS (SELECT 1 FROM settlement_adjustment a WHERE a.mall_id = m.id AND a.made_on <= b.business_date
            AND NOT EXISTS (SELECT 1 FROM settlement_line x WHERE x.event_key = 'adj:' || a.id)))
        ORDER BY m.id RETURNING mall_id AS "mallId"`,
    },
    [businessDate, endsAt],
  );
  return rows.map(({ mallId }) => mallId);
}

export type WorkState = "WAITING" | "COLLECTED" | "DONE";

/** Locks a mall's part of a batch. `busy` while another worker has it. */
export async function lockWork(
  sql: Sql,
  businessDate: string,
  mallId: string,
): Promise<Readonly<{ state: WorkState; generation: number }> | "busy" | undefined> {
  const key = [businessDate, mallId];
  const [work] = await sql.run<{ state: WorkState; generation: number }>(
    {
      name: "settlement-work-lock",
      text: `SELECT w.state, b.generation FROM settlement_work w JOIN settlement_batch b USING (business_date)
        WHERE w.business_date = $1::date AND w.mall_id = $2 FOR UPDATE OF w SKIP LOCKED`,
    },
    key,
  );
  if (work) return work;
  const [there] = await sql.run(
    {
      name: "settlement-work-there",
      text: "SELECT 1 FROM settlement_work WHERE business_date = $1::date AND mall_id = $2",
    },
    key,
  );
  return there ? "busy" : undefined;
}

/**
 * Collects one mall's events of a batch into lines, in one statement and so of one moment: approvals with the terms of
 * their day, cancels by the remainder method with the terms of their approval, adjustments that wait. What is not ready is
 * listed instead. An event has a line once, whoever asks how often (I8). Returns how many of each there are.
 */
export async function collectLines(
  sql: Sql,
  { businessDate, mallId, endsAt }: Readonly<{ businessDate: string; mallId: string; endsAt: Date }>,
): Promise<Readonly<{ lines: number; pending: number }>> {
  await planForMall(sql);
  const [scan] = await sql.run<{ from: string }>(
    {
      name: "settlement-scan-from",
      text: `SELECT to_char(${scanFrom("$2")}, 'YYYY-MM-DD') AS from FROM settlement_batch b WHERE b.business_date = $1::date`,
    },
    [businessDate, mallId],
  );
  const [row] = await sql.run<{ lines: number; pending: number }>(collectStatement, [
    businessDate,
    mallId,
    endsAt,
    scan?.from,
  ]);
  return row ?? { lines: 0, pending: 0 };
}

const feeTerms = "contract_id, fee_rate_e5, fee_rounding, is_fee_refundable";
const remainderFee = (balance: string) => `settlement_fee(${balance}, c.fee_rate_e5, c.fee_rounding)`;

const collectStatement = {
  name: "settlement-collect",
  // Whatever belongs to a single row is looked up by index: a LIMIT keeps the planner, which knows nothing of the sets
  // here, from reading a whole table for it or from comparing each row with each.
  text: `WITH entry AS MATERIALIZED (
      -- No batch before has looked at dates from this one's first on, so only what is older may have its line.
      SELECT l.event_key, l.payment_id, l.business_date, l.amount_minor AS posted, p.method, p.status
      FROM ledger_entry l JOIN payment p ON p.id = l.payment_id
      WHERE l.account = 'mall_payable:' || $2::text AND l.account LIKE 'mall_payable:%' AND l.business_date BETWEEN $4::date AND $1::date
        AND (l.business_date >= (SELECT b.from_date FROM settlement_batch b WHERE b.business_date = $1::date)
          OR NOT EXISTS (SELECT 1 FROM settlement_line x WHERE x.event_key = l.event_key))
    ), term AS MATERIALIZED (
      -- The terms of the day; what came before any were agreed is settled by the first ones.
      SELECT d.method, d.business_date, t.* FROM (SELECT DISTINCT method, business_date FROM entry WHERE posted < 0) d CROSS JOIN LATERAL (
        SELECT c.id AS contract_id, c.fee_rate_e5, c.fee_rounding, c.is_fee_refundable FROM mall_contract c
        WHERE c.mall_id = $2 AND c.method = d.method AND c.effective_from <= $1::date
        ORDER BY c.effective_from <= d.business_date DESC,
          CASE WHEN c.effective_from <= d.business_date THEN c.effective_from END DESC NULLS LAST, c.effective_from LIMIT 1) t
    ), approval AS MATERIALIZED (
      SELECT e.event_key, e.payment_id, e.business_date, e.posted, e.method, t.contract_id, t.fee_rate_e5, t.fee_rounding, t.is_fee_refundable,
        CASE WHEN e.status = 'CANCEL_PENDING' THEN 'CANCEL_PENDING' WHEN t.contract_id IS NULL THEN 'NO_CONTRACT' END AS waits_for
      FROM entry e LEFT JOIN term t ON t.method = e.method AND t.business_date = e.business_date
      WHERE e.posted < 0
    ), cancel AS MATERIALIZED (
      -- A cancel has the terms of its approval, which is settled already, or now, or waits.
      SELECT e.event_key, e.payment_id, e.business_date, e.posted, e.method, x.id AS cancel_id, coalesce(x.balance_before_minor, e.posted) AS balance_before,
        coalesce(o.contract_id, t.contract_id) AS contract_id, coalesce(o.fee_rate_e5, t.fee_rate_e5) AS fee_rate_e5,
        coalesce(o.fee_rounding, t.fee_rounding) AS fee_rounding, coalesce(o.is_fee_refundable, t.is_fee_refundable) AS is_fee_refundable
      FROM entry e
      LEFT JOIN LATERAL (SELECT x.id, x.balance_before_minor FROM payment_cancel x WHERE x.id = nullif(split_part(e.event_key, ':', 4), '') LIMIT 1) x ON true
      LEFT JOIN LATERAL (SELECT o.contract_id, o.fee_rate_e5, o.fee_rounding, o.is_fee_refundable FROM settlement_line o
        WHERE o.payment_id = e.payment_id AND o.kind = 'APPROVAL' LIMIT 1) o ON true
      LEFT JOIN LATERAL (SELECT l.business_date FROM ledger_entry l
        WHERE o.contract_id IS NULL AND e.status <> 'CANCEL_PENDING' AND l.payment_id = e.payment_id AND l.account = 'mall_payable:' || $2 AND l.amount_minor < 0
          AND l.business_date BETWEEN $4::date AND $1::date LIMIT 1) a ON true
      LEFT JOIN term t ON t.method = e.method AND t.business_date = a.business_date
      WHERE e.posted > 0
    ), line AS MATERIALIZED (
      SELECT 'APPROVAL'::settlement_line_kind AS kind, event_key, payment_id, NULL::text AS cancel_id, business_date, method,
        -posted AS amount, settlement_fee(-posted, fee_rate_e5, fee_rounding) AS fee,
        settlement_fee_vat(settlement_fee(-posted, fee_rate_e5, fee_rounding)) AS vat, 0::bigint AS net, 0::bigint AS balance_before, ${feeTerms}
      FROM approval WHERE waits_for IS NULL
      UNION ALL
      SELECT 'CANCEL', c.event_key, c.payment_id, c.cancel_id, c.business_date, c.method, -c.posted,
        CASE WHEN c.is_fee_refundable THEN f.after - f.before ELSE 0 END,
        CASE WHEN c.is_fee_refundable THEN settlement_fee_vat(f.after) - settlement_fee_vat(f.before) ELSE 0 END,
        0, c.balance_before, c.contract_id, c.fee_rate_e5, c.fee_rounding, c.is_fee_refundable
      FROM cancel c CROSS JOIN LATERAL (
        SELECT ${remainderFee("c.balance_before")} AS before, ${remainderFee("c.balance_before - c.posted")} AS after) f
      WHERE c.contract_id IS NOT NULL
      UNION ALL
      SELECT 'ADJUSTMENT', 'adj:' || a.id, NULL, NULL, a.made_on, a.method, 0, 0, 0, a.amount_minor, 0, NULL, NULL, NULL, NULL
      FROM settlement_adjustment a
      WHERE a.mall_id = $2 AND a.made_on <= $1::date
        AND NOT EXISTS (SELECT 1 FROM settlement_line x WHERE x.event_key = 'adj:' || a.id)
        AND EXISTS (SELECT 1 FROM mall_contract c WHERE c.mall_id = $2 AND c.method = a.method AND c.effective_from <= $1::date)
    ), made AS (
      INSERT INTO settlement (id, business_date, mall_id, method, status, calendar_version)
      SELECT 'stl_' || to_char(b.business_date, 'YYYYMMDD') || '_' || regexp_replace($2, '^mall_', '') || '_' || d.method, b.business_date, $2, d.method,
        'COLLECTED', b.calendar_version
      FROM (SELECT business_date, calendar_version FROM settlement_batch WHERE business_date = $1::date) b CROSS JOIN (SELECT DISTINCT method FROM line) d RETURNING id, method
    ), written AS (
      INSERT INTO settlement_line (settlement_id, line_no, kind, event_key, payment_id, cancel_id, event_date, amount_minor, fee_minor, fee_vat_minor,
        net_minor, balance_before_minor, ${feeTerms})
      SELECT m.id, row_number() OVER (PARTITION BY l.method ORDER BY l.business_date, l.payment_id COLLATE "C" NULLS LAST, l.kind, l.event_key COLLATE "C"),
        l.kind, l.event_key, l.payment_id, l.cancel_id, l.business_date, l.amount, l.fee, l.vat,
        CASE WHEN l.kind = 'ADJUSTMENT' THEN l.net ELSE l.amount - l.fee - l.vat END, l.balance_before,
        l.contract_id, l.fee_rate_e5, l.fee_rounding, l.is_fee_refundable
      FROM line l JOIN made m ON m.method = l.method RETURNING 1
    ), waiting AS (
      SELECT event_key AS subject_id, payment_id, waits_for AS reason, business_date AS since, -posted AS amount, true AS postponed
        FROM approval WHERE waits_for IS NOT NULL
      UNION ALL
      SELECT event_key, payment_id, 'APPROVAL_WAITS', business_date, -posted, true FROM cancel WHERE contract_id IS NULL
      UNION ALL
      -- Outcomes that are not known: nothing is booked yet, so nothing is held back, but people should know of them.
      SELECT p.id, p.id, 'UNKNOWN', (p.requested_at AT TIME ZONE 'Asia/Seoul')::date, p.amount_minor, false
        FROM payment p WHERE p.mall_id = $2 AND p.status IN ('IN_PROGRESS', 'UNKNOWN') AND p.requested_at < $3
      UNION ALL
      SELECT x.id, p.id, 'CANCEL_PENDING', (x.requested_at AT TIME ZONE 'Asia/Seoul')::date, -x.amount_minor, false
        FROM payment p JOIN payment_cancel x ON x.payment_id = p.id AND x.status IN ('REQUESTED', 'UNKNOWN')
        WHERE p.mall_id = $2 AND p.status IN ('DONE', 'PARTIAL_CANCELED', 'CANCEL_PENDING') AND x.requested_at < $3
          AND NOT EXISTS (SELECT 1 FROM approval a WHERE a.payment_id = p.id AND a.waits_for IS NOT NULL)
    ), listed AS (
      INSERT INTO settlement_pending (business_date, mall_id, subject_id, payment_id, reason, since, amount_minor, is_postponed)
      SELECT $1::date, $2, subject_id, payment_id, reason, since, amount, postponed FROM waiting RETURNING 1
    ), noted AS (
      UPDATE settlement_work SET state = 'COLLECTED', changed_at = now(),
        line_count = (SELECT count(*) FROM written), pending_count = (SELECT count(*) FROM listed)
      WHERE business_date = $1::date AND mall_id = $2 RETURNING line_count, pending_count
    )
    SELECT line_count AS lines, pending_count AS pending FROM noted`,
};

export type Collected = PayoutTerms & Readonly<{ id: string; contractId: string }>;

/** The settlements of a mall that wait to be added up, with the contract that says when each is paid. */
export async function loadCollected(sql: Sql, businessDate: string, mallId: string): Promise<Collected[]> {
  return sql.run(
    {
      name: "settlement-collected",
      text: `SELECT s.id, c.id AS "contractId", c.cycle, c.lag_business_days AS "lagBusinessDays", c.payout_weekdays AS "payoutWeekdays",
          c.payout_day_of_month AS "payoutDayOfMonth", c.holiday_policy AS "holidayPolicy"
        FROM settlement s CROSS JOIN LATERAL (
          SELECT * FROM mall_contract c WHERE c.mall_id = s.mall_id AND c.method = s.method AND c.effective_from <= s.business_date
          ORDER BY c.effective_from DESC LIMIT 1) c
        WHERE s.business_date = $1::date AND s.mall_id = $2 AND s.status = 'COLLECTED' ORDER BY s.method`,
    },
    [businessDate, mallId],
  );
}

/** Adds a settlement up, carries what the one before could not pay, and seals it with a hash over its lines (ST-7). */
export async function draftSettlement(
  sql: Sql,
  { id, contractId, payoutDate, at }: { id: string; contractId: string; payoutDate: string; at: Date },
): Promise<void> {
  await sql.run(
    {
      name: "settlement-draft",
      text: `WITH me AS (SELECT * FROM settlement WHERE id = $1),
        total AS (
          SELECT count(*)::int AS lines, count(*) FILTER (WHERE kind = 'APPROVAL')::int AS approvals, count(*) FILTER (WHERE kind = 'CANCEL')::int AS cancels,
            coalesce(sum(amount_minor) FILTER (WHERE kind = 'APPROVAL'), 0)::bigint AS approved, coalesce(sum(amount_minor) FILTER (WHERE kind = 'CANCEL'), 0)::bigint AS canceled,
            sum(fee_minor)::bigint AS fee, sum(fee_vat_minor)::bigint AS vat,
            coalesce(sum(net_minor) FILTER (WHERE kind = 'ADJUSTMENT'), 0)::bigint AS adjusted, sum(net_minor)::bigint AS net
          FROM settlement_line WHERE settlement_id = $1),
        carried AS (
          SELECT coalesce((SELECT s.carried_out_minor FROM settlement s JOIN me ON s.mall_id = me.mall_id AND s.method = me.method AND s.business_date < me.business_date
            ORDER BY s.business_date DESC LIMIT 1), 0) AS minor)
        UPDATE settlement SET status = 'DRAFT', contract_id = $2, payout_date = $3::date, drafted_at = $4, line_count = t.lines,
          approval_count = t.approvals, approval_minor = t.approved, cancel_count = t.cancels, cancel_minor = t.canceled, fee_minor = t.fee,
          fee_vat_minor = t.vat, adjustment_minor = t.adjusted, net_minor = t.net, carried_in_minor = c.minor,
          payout_minor = greatest(t.net + c.minor, 0), carried_out_minor = least(t.net + c.minor, 0),
          hash = ${sealOf("$1")}
        FROM total t, carried c WHERE settlement.id = $1 AND settlement.status = 'COLLECTED'`,
    },
    [id, contractId, payoutDate, at],
  );
}

/** Notes that a mall is done; the last one of a batch closes it with a hash over all its settlements. */
export async function finishWork(sql: Sql, businessDate: string, mallId: string, at: Date): Promise<void> {
  await sql.run(
    {
      name: "settlement-work-done",
      text: "UPDATE settlement_work SET state = 'DONE', changed_at = $3 WHERE business_date = $1::date AND mall_id = $2",
    },
    [businessDate, mallId, at],
  );
  await finishBatchIfDone(sql, businessDate, at);
}

/** Closes a batch when nothing of it is left to do. */
export async function finishBatchIfDone(sql: Sql, businessDate: string, at: Date): Promise<void> {
  // Of two malls that end at once, the second waits here and then sees that the first is done.
  await sql.run(
    {
      name: "settlement-batch-lock",
      text: "SELECT 1 FROM settlement_batch WHERE business_date = $1::date FOR UPDATE",
    },
    [businessDate],
  );
  await sql.run(
    {
      name: "settlement-batch-finish",
      text: `UPDATE settlement_batch b SET status = 'DONE', finished_at = $2,
          settlement_count = s.count, line_count = s.lines, pending_count = (SELECT count(*) FROM settlement_pending p WHERE p.business_date = b.business_date),
          hash = s.hash
        FROM (
          SELECT count(*)::int AS count, coalesce(sum(line_count), 0)::int AS lines,
            sha256(convert_to(coalesce(string_agg(ROW(id, contract_id, line_count, net_minor, carried_in_minor, payout_minor,
              carried_out_minor, encode(hash, 'hex'))::text, E'\\n' ORDER BY id COLLATE "C"), ''), 'UTF8')) AS hash
          FROM settlement WHERE business_date = $1::date) s
        WHERE b.business_date = $1::date AND b.status = 'OPEN'
          AND NOT EXISTS (SELECT 1 FROM settlement_work w WHERE w.business_date = $1::date AND w.state <> 'DONE')`,
    },
    [businessDate, at],
  );
}

/** True when nothing of a batch is confirmed: it may be computed anew. */
export async function isStillDraft(sql: Sql, businessDate: string): Promise<boolean> {
  const rows = await sql.run(
    {
      name: "settlement-still-draft",
      text: "SELECT 1 FROM settlement WHERE business_date = $1::date AND status IN ('CONFIRMED', 'PAID_OUT') LIMIT 1",
    },
    [businessDate],
  );
  return rows.length === 0;
}

/** Takes back all that a batch has written, and opens it again as its next generation. */
export async function emptyBatch(sql: Sql, businessDate: string, calendarVersion: number): Promise<number> {
  const run = (name: string, text: string) =>
    sql.run({ name: `settlement-empty-${name}`, text }, [businessDate]);
  await run(
    "lines",
    "DELETE FROM settlement_line WHERE settlement_id IN (SELECT id FROM settlement WHERE business_date = $1::date)",
  );
  await run("settlements", "DELETE FROM settlement WHERE business_date = $1::date");
  await run("pending", "DELETE FROM settlement_pending WHERE business_date = $1::date");
  await run("work", "DELETE FROM settlement_work WHERE business_date = $1::date");
  const [batch] = await sql.run<{ generation: number }>(
    {
      name: "settlement-empty-batch",
      text: `UPDATE settlement_batch SET status = 'OPEN', finished_at = NULL, hash = NULL, calendar_version = $2, settlement_count = 0, line_count = 0,
          pending_count = 0, generation = generation + 1 WHERE business_date = $1::date RETURNING generation`,
    },
    [businessDate, calendarVersion],
  );
  return batch?.generation ?? 0;
}
