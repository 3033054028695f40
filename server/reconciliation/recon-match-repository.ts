import type { Sql } from "#server/platform/db.ts";

/** The ledger's name of an event of a payment, by its kind. */
const eventKey = (kind: string, payment: string, cancel: string) =>
  `'pay:' || ${payment} || CASE ${kind} WHEN 'A' THEN ':approve' WHEN 'N' THEN ':net_cancel' ELSE ':cancel:' || ${cancel} END`;

/** The other half of an approval that was taken back. */
const twinKind = (kind: string) => `CASE ${kind} WHEN 'A' THEN 'N' WHEN 'N' THEN 'A' END`;

/** True for a record of date `other` that stands nearer to `date` than one of the day itself does; the earlier of two as near. Without a date, the earliest. */
const isNearer = (other: string, date: string) =>
  `(abs(${other} - coalesce(${date}, '2000-01-01')), ${other}) < (abs($2::date - coalesce(${date}, '2000-01-01')), $2::date)`;

/**
 * Compares one day of one VAN and keeps what differs. One statement, so the three sides are of one moment:
 * `ours`, `van` and `deposit` are the day's records, joined by trace number and kind; only the few that do not agree (`rest`)
 * are looked for on other days, by index: a LIMIT keeps the planner from reading whole tables for them. `$1` VAN, `$2` date, `$3` VAN file, `$4` deposit file or null, `$5` now.
 *
 * Ours is read as the settlement reads it, mall by mall, by the index of what malls are owed.
 */
const matchText = `
WITH ours AS MATERIALIZED (
  SELECT CASE e.kind WHEN 'C' THEN c.trace_no ELSE p.trace_no END AS trace, e.kind, e.amount, p.id AS payment_id, c.id AS cancel_id, p.mall_id, p.order_id,
    CASE e.kind WHEN 'A' THEN $2::date ELSE (p.approved_at AT TIME ZONE 'Asia/Seoul')::date END AS terms_date
  FROM mall m CROSS JOIN LATERAL (
    SELECT l.payment_id, -l.amount_minor AS amount, split_part(l.event_key, ':', 4) AS cancel_id,
      CASE split_part(l.event_key, ':', 3) WHEN 'approve' THEN 'A' WHEN 'cancel' THEN 'C' WHEN 'net_cancel' THEN 'N' END AS kind
    FROM ledger_entry l WHERE l.account = 'mall_payable:' || m.id AND l.account LIKE 'mall_payable:%' AND l.business_date = $2::date AND l.payment_id IS NOT NULL) e
  JOIN payment p ON p.id = e.payment_id AND p.van_code = $1
  LEFT JOIN payment_cancel c ON e.kind = 'C' AND c.id = e.cancel_id
  WHERE e.kind IS NOT NULL
), van AS MATERIALIZED (
  SELECT trace_no AS trace, kind, amount_minor AS amount, original_trace_no AS original, mall_id, order_id FROM recon_van_line WHERE file_id = $3
), deposit AS MATERIALIZED (
  SELECT trace_no AS trace, kind, amount_minor AS amount, fee_minor AS fee, fee_vat_minor AS vat FROM recon_deposit_line WHERE file_id = $4
), terms AS (
  SELECT effective_from, coalesce(lead(effective_from) OVER (ORDER BY effective_from), 'infinity') AS until, fee_rate_e5, fee_rounding
  FROM van_fee_terms WHERE van_code = $1
), joined AS MATERIALIZED (
  SELECT trace, kind, o.amount AS ours, v.amount AS van, d.amount AS paid, d.fee, d.vat, o.payment_id, o.cancel_id, o.terms_date, v.original,
    coalesce(o.mall_id, v.mall_id) AS mall_id, coalesce(o.order_id, v.order_id) AS order_id
  FROM ours o FULL JOIN van v USING (trace, kind) FULL JOIN deposit d USING (trace, kind)
), priced AS MATERIALIZED (
  SELECT j.*, sign(j.paid)::bigint * f.fee AS fee_due, sign(j.paid)::bigint * settlement_fee_vat(f.fee) AS vat_due
  FROM joined j LEFT JOIN terms t ON j.terms_date >= t.effective_from AND j.terms_date < t.until
  LEFT JOIN LATERAL (SELECT settlement_fee(abs(j.paid), t.fee_rate_e5, t.fee_rounding) AS fee) f ON t.fee_rate_e5 IS NOT NULL
), rest AS MATERIALIZED (
  SELECT trace, kind, ours, van, paid, fee, vat, payment_id, cancel_id, terms_date, original, mall_id, order_id FROM priced
  WHERE (ours = van AND ($4::text IS NULL OR (paid = van AND (fee_due IS NULL OR (fee = fee_due AND vat = vat_due))))) IS NOT TRUE
), sought AS MATERIALIZED (
  SELECT r.trace, r.kind, r.ours, r.van, r.paid, r.mall_id, r.order_id, r.payment_id,
    coalesce(r.ours, os.amount_minor) AS all_ours, CASE WHEN r.ours IS NOT NULL THEN $2::date ELSE os.business_date END AS ours_date,
    coalesce(r.van, vs.amount_minor) AS all_van, CASE WHEN r.van IS NOT NULL THEN $2::date ELSE vs.business_date END AS van_date,
    coalesce(r.paid, ds.amount_minor) AS all_paid, CASE WHEN r.paid IS NOT NULL THEN $2::date ELSE ds.business_date END AS paid_date,
    coalesce(r.fee, ds.fee_minor) AS fee, coalesce(r.vat, ds.fee_vat_minor) AS vat,
    coalesce(r.terms_date, CASE WHEN r.kind = 'A' THEN os.business_date WHEN os.business_date IS NOT NULL THEN (coalesce(p.approved_at, c.approved_at) AT TIME ZONE 'Asia/Seoul')::date END) AS terms_date,
    coalesce(r.payment_id, p.id, c.payment_id) AS the_payment, coalesce(r.cancel_id, c.id) AS the_cancel, p.status::text AS payment_status, c.status::text AS cancel_status,
    orphan.state AS orphan_state
  FROM rest r
  LEFT JOIN LATERAL (SELECT p.id, p.status, p.approved_at FROM payment p WHERE r.ours IS NULL AND r.kind <> 'C' AND p.trace_no = r.trace AND p.van_code = $1 LIMIT 1) p ON true
  LEFT JOIN LATERAL (SELECT c.id, c.payment_id, c.status, cp.approved_at FROM payment_cancel c JOIN payment cp ON cp.id = c.payment_id AND cp.van_code = $1
    WHERE r.ours IS NULL AND r.kind = 'C' AND c.trace_no = r.trace LIMIT 1) c ON true
  LEFT JOIN LATERAL (SELECT l.amount_minor, l.business_date FROM ledger_entry l WHERE r.ours IS NULL AND l.account = 'van_receivable:' || $1
    AND l.event_key = ${eventKey("r.kind", "coalesce(p.id, c.payment_id)", "c.id")} LIMIT 1) os ON true
  LEFT JOIN LATERAL (SELECT x.business_date, x.amount_minor FROM recon_van_line x
    WHERE r.van IS NULL AND x.van_code = $1 AND x.trace_no = r.trace AND x.kind = r.kind AND x.business_date <> $2::date
    ORDER BY abs(x.business_date - $2::date), x.business_date LIMIT 1) vs ON true
  -- A deposit of a date on which the VAN has the record too is for that one.
  LEFT JOIN LATERAL (SELECT x.business_date, x.amount_minor, x.fee_minor, x.fee_vat_minor FROM recon_deposit_line x
    WHERE r.van IS NOT NULL AND r.paid IS NULL AND x.van_code = $1 AND x.trace_no = r.trace AND x.kind = r.kind AND x.business_date <> $2::date
      AND NOT EXISTS (SELECT 1 FROM recon_van_line y WHERE y.van_code = $1 AND y.trace_no = r.trace AND y.kind = r.kind AND y.business_date = x.business_date)
    ORDER BY abs(x.business_date - $2::date), x.business_date LIMIT 1) ds ON true
  LEFT JOIN LATERAL (SELECT o.state FROM van_orphan o WHERE r.kind = 'A' AND o.trace_no = r.trace LIMIT 1) orphan ON true
), charged AS MATERIALIZED (
  SELECT s.*, sign(s.all_paid)::bigint * f.fee AS fee_due, sign(s.all_paid)::bigint * settlement_fee_vat(f.fee) AS vat_due
  FROM sought s LEFT JOIN terms t ON s.terms_date >= t.effective_from AND s.terms_date < t.until
  LEFT JOIN LATERAL (SELECT settlement_fee(abs(s.all_paid), t.fee_rate_e5, t.fee_rounding) AS fee) f ON t.fee_rate_e5 IS NOT NULL
), paired AS MATERIALIZED (
  -- An approval and its net cancel that one side has and the other never had come to nothing, if what was paid for them does.
  SELECT s.*, coalesce(tv.business_date, tl.business_date) AS twin_date, even.paid AS is_even,
    -- Ours is one record, and so is what is paid for it: that of the date itself counts, or else of the nearest. Any other is there once too often.
    CASE WHEN s.the_payment IS NULL THEN false
      WHEN s.van IS NOT NULL AND s.ours IS NULL THEN EXISTS (SELECT 1 FROM recon_van_line x
        WHERE x.van_code = $1 AND x.trace_no = s.trace AND x.kind = s.kind AND ${isNearer("x.business_date", "s.ours_date")})
      WHEN s.van IS NULL AND s.paid IS NOT NULL AND s.van_date IS NOT NULL THEN EXISTS (SELECT 1 FROM recon_deposit_line x
        WHERE x.van_code = $1 AND x.trace_no = s.trace AND x.kind = s.kind AND ${isNearer("x.business_date", "s.van_date")})
      ELSE false END AS is_twice,
    -- Whatever somebody did because it was not paid has to be looked at again, however near the dates are.
    coalesce(closed.is_unpaid, false) AS is_after_close
  FROM charged s
  LEFT JOIN LATERAL (SELECT true AS is_unpaid FROM recon_item i JOIN recon_day d ON d.van_code = i.van_code AND d.business_date = i.business_date AND d.state = 'CLOSED'
    WHERE s.van IS NULL AND s.paid IS NOT NULL AND i.van_code = $1 AND i.business_date = s.van_date AND i.trace_no = s.trace AND i.kind = s.kind AND i.reason = 'NOT_PAID' LIMIT 1) closed ON true
  LEFT JOIN LATERAL (SELECT x.business_date FROM recon_van_line x
    WHERE s.van IS NOT NULL AND s.all_ours IS NULL AND x.van_code = $1 AND x.trace_no = s.trace AND x.kind = ${twinKind("s.kind")} AND x.amount_minor = -s.van
      AND NOT EXISTS (SELECT 1 FROM ledger_entry l WHERE l.account = 'van_receivable:' || $1 AND l.event_key = ${eventKey(twinKind("s.kind"), "s.the_payment", "''")})
      AND (SELECT sum(y.amount_minor) FROM recon_van_line y WHERE y.van_code = $1 AND y.trace_no = s.trace AND y.kind IN ('A', 'N')) = 0
    ORDER BY abs(x.business_date - $2::date), x.business_date LIMIT 1) tv ON true
  LEFT JOIN LATERAL (SELECT l.business_date FROM ledger_entry l
    WHERE s.ours IS NOT NULL AND s.all_van IS NULL AND s.kind <> 'C' AND l.account = 'van_receivable:' || $1
      AND l.event_key = ${eventKey(twinKind("s.kind"), "s.payment_id", "''")} AND l.amount_minor = -s.ours
      AND NOT EXISTS (SELECT 1 FROM recon_van_line x WHERE x.van_code = $1 AND x.trace_no = s.trace AND x.kind = ${twinKind("s.kind")})) tl ON true
  LEFT JOIN LATERAL (SELECT coalesce(sum(x.amount_minor), 0) = 0 AND coalesce(sum(x.fee_minor + x.fee_vat_minor), 0) = 0 AS paid FROM recon_deposit_line x
    WHERE coalesce(tv.business_date, tl.business_date) IS NOT NULL AND x.van_code = $1 AND x.trace_no = s.trace AND x.kind IN ('A', 'N')) even ON true
), judged AS MATERIALIZED (
  SELECT p.*, CASE
    WHEN twin_date IS NOT NULL AND NOT is_even AND paid IS NOT NULL THEN 'ONLY_VAN/PAID_WITHOUT_RECORD'
    WHEN twin_date IS NOT NULL AND NOT is_even AND $4::text IS NOT NULL THEN 'AMOUNT_DIFF/NOT_PAID'
    WHEN twin_date = $2::date AND is_even THEN NULL
    WHEN is_twice THEN 'ONLY_VAN/TWICE'
    WHEN all_ours IS NOT NULL AND all_van IS NOT NULL THEN CASE
      WHEN all_ours <> all_van THEN 'AMOUNT_DIFF/AMOUNT'
      WHEN van IS NOT NULL AND $4::text IS NOT NULL AND all_paid IS NULL THEN 'AMOUNT_DIFF/NOT_PAID'
      WHEN all_paid <> all_van THEN 'AMOUNT_DIFF/PAID_OTHERWISE'
      WHEN fee <> fee_due OR vat <> vat_due THEN 'FEE_DIFF/FEE'
      WHEN is_after_close THEN 'DATE_SHIFT/PAID_AFTER_CLOSE'
      ELSE 'DATE_SHIFT/OTHER_DATE' END
    WHEN twin_date IS NOT NULL THEN 'DATE_SHIFT/OTHER_DATE'
    WHEN all_ours IS NOT NULL THEN 'ONLY_OURS/NOT_AT_VAN'
    WHEN all_van IS NULL THEN 'ONLY_VAN/PAID_WITHOUT_RECORD'
    WHEN kind = 'C' THEN CASE
      WHEN cancel_status IS NULL THEN 'ONLY_VAN/UNKNOWN_TRACE'
      WHEN cancel_status IN ('REQUESTED', 'UNKNOWN') THEN 'STATUS_DIFF/OUTCOME_OPEN'
      ELSE 'STATUS_DIFF/CANCEL_NOT_BOOKED' END
    WHEN payment_status IS NULL THEN 'ONLY_VAN/UNKNOWN_TRACE'
    WHEN payment_status IN ('READY', 'IN_PROGRESS', 'UNKNOWN') THEN 'STATUS_DIFF/OUTCOME_OPEN'
    WHEN payment_status IN ('ABORTED', 'NET_CANCELED', 'EXPIRED') THEN CASE kind WHEN 'A' THEN 'ONLY_VAN/LATE_APPROVAL' ELSE 'ONLY_VAN/RETURN_WITHOUT_APPROVAL' END
    ELSE CASE kind WHEN 'A' THEN 'STATUS_DIFF/OUTCOME_OPEN' ELSE 'STATUS_DIFF/REVERSED_AT_VAN' END END AS verdict
  FROM paired p
), differing AS MATERIALIZED (
  SELECT trace, kind, split_part(verdict, '/', 1) AS class, split_part(verdict, '/', 2) AS reason, the_payment, the_cancel, mall_id, order_id,
    all_ours, ours_date, all_van, van_date, all_paid, paid_date, fee + vat AS fee, fee_due + vat_due AS fee_due,
    abs(CASE split_part(verdict, '/', 2) WHEN 'AMOUNT' THEN all_ours - all_van WHEN 'PAID_OTHERWISE' THEN all_paid - all_van WHEN 'FEE' THEN fee + vat - fee_due - vat_due
      WHEN 'TWICE' THEN coalesce(van, paid) WHEN 'PAID_WITHOUT_RECORD' THEN all_paid ELSE coalesce(all_van, all_ours, all_paid) END) AS risk,
    CASE WHEN verdict = 'DATE_SHIFT/OTHER_DATE' AND CASE WHEN twin_date IS NOT NULL THEN is_even
        ELSE abs(ours_date - van_date) <= 1 AND coalesce(abs(paid_date - van_date) <= 1, true) END THEN 'DATE_SHIFT'
      WHEN verdict = 'ONLY_VAN/LATE_APPROVAL' AND orphan_state <> 'OPEN' THEN 'REVERSED' END AS resolution
  FROM judged WHERE verdict IS NOT NULL
), kept AS (
  INSERT INTO recon_item AS i (van_code, business_date, kind, trace_no, class, reason, priority, payment_id, cancel_id, mall_id, order_id, ours_minor, ours_date,
    van_minor, van_date, paid_minor, paid_date, fee_minor, fee_expected_minor, risk_minor, state, resolution, explained_at, found_at, changed_at)
  SELECT $1, $2::date, d.kind, d.trace, d.class, d.reason, array_position(ARRAY['ONLY_VAN', 'STATUS_DIFF', 'AMOUNT_DIFF', 'ONLY_OURS', 'FEE_DIFF', 'DATE_SHIFT'], d.class),
    d.the_payment, d.the_cancel, nullif(d.mall_id, ''), nullif(d.order_id, ''), d.all_ours, d.ours_date, d.all_van, d.van_date, d.all_paid, d.paid_date, d.fee, d.fee_due, d.risk,
    CASE WHEN d.resolution IS NULL THEN 'OPEN' ELSE 'EXPLAINED' END, d.resolution, CASE WHEN d.resolution IS NOT NULL THEN $5::timestamptz END, $5, $5
  FROM differing d
  ON CONFLICT (van_code, business_date, trace_no, kind) DO UPDATE SET class = EXCLUDED.class, reason = EXCLUDED.reason, priority = EXCLUDED.priority,
    payment_id = EXCLUDED.payment_id, cancel_id = EXCLUDED.cancel_id, mall_id = EXCLUDED.mall_id, order_id = EXCLUDED.order_id, ours_minor = EXCLUDED.ours_minor,
    ours_date = EXCLUDED.ours_date, van_minor = EXCLUDED.van_minor, van_date = EXCLUDED.van_date, paid_minor = EXCLUDED.paid_minor,
    paid_date = EXCLUDED.paid_date, fee_minor = EXCLUDED.fee_minor,
    fee_expected_minor = EXCLUDED.fee_expected_minor, risk_minor = EXCLUDED.risk_minor, changed_at = EXCLUDED.changed_at,
    -- Of other facts nothing is decided; by its request one that waited is found, which is about them no longer.
    state = EXCLUDED.state, resolution = EXCLUDED.resolution, explained_at = EXCLUDED.explained_at, explained_by = NULL, resolution_reason = NULL
  -- As long as the facts are the same, so is what was decided about them.
  WHERE (i.class, i.reason, i.ours_minor, i.ours_date, i.van_minor, i.van_date, i.paid_minor, i.paid_date, i.fee_minor, i.fee_expected_minor, i.payment_id, i.cancel_id)
      IS DISTINCT FROM (EXCLUDED.class, EXCLUDED.reason, EXCLUDED.ours_minor, EXCLUDED.ours_date, EXCLUDED.van_minor, EXCLUDED.van_date, EXCLUDED.paid_minor,
        EXCLUDED.paid_date, EXCLUDED.fee_minor, EXCLUDED.fee_expected_minor, EXCLUDED.payment_id, EXCLUDED.cancel_id)
    OR (i.state = 'OPEN' AND EXCLUDED.state = 'EXPLAINED')
), agreeing AS (
  UPDATE recon_item i SET class = 'MATCHED', reason = 'NONE', priority = 7, changed_at = $5,
    state = 'EXPLAINED', resolution = CASE WHEN i.state = 'EXPLAINED' THEN i.resolution ELSE 'MATCHED' END, explained_at = coalesce(i.explained_at, $5),
    explained_by = CASE WHEN i.state = 'EXPLAINED' THEN i.explained_by END, resolution_reason = CASE WHEN i.state = 'EXPLAINED' THEN i.resolution_reason END
  WHERE i.van_code = $1 AND i.business_date = $2::date AND i.class <> 'MATCHED'
    AND NOT EXISTS (SELECT 1 FROM differing d WHERE d.trace = i.trace_no AND d.kind = i.kind)
)
UPDATE recon_day SET matched_at = $5, ours_count = n.ours_count, ours_minor = n.ours_minor, van_count = n.van_count, van_minor = n.van_minor,
  deposit_count = n.paid_count, deposit_minor = n.paid_minor - n.fee_minor, fee_minor = n.fee_minor, record_count = n.records,
  matched_count = n.records - (SELECT count(*) FROM differing)
FROM (SELECT count(*) AS records, count(ours) AS ours_count, coalesce(sum(ours), 0) AS ours_minor, count(van) AS van_count, coalesce(sum(van), 0) AS van_minor,
    count(paid) AS paid_count, coalesce(sum(paid), 0) AS paid_minor, coalesce(sum(fee + vat), 0) AS fee_minor FROM joined) n
WHERE van_code = $1 AND business_date = $2::date
RETURNING record_count AS "recordCount", matched_count AS "matchedCount"`;

/** How a match came out: records of any side, each once, and how many of them agree. */
export type MatchCounts = Readonly<{ recordCount: number; matchedCount: number }>;

/** Compares a locked day whose VAN file is there. Done again on the same facts it changes nothing but the time of the match. */
export async function matchDayRows(
  sql: Sql,
  day: Readonly<{
    vanCode: string;
    businessDate: string;
    vanFileId: string;
    depositFileId: string | null;
    at: Date;
  }>,
): Promise<MatchCounts | undefined> {
  const [counts] = await sql.run<MatchCounts>({ name: "recon-match", text: matchText }, [
    day.vanCode,
    day.businessDate,
    day.vanFileId,
    day.depositFileId,
    day.at,
  ]);
  return counts;
}

/** Requests that may still be carried out while the item that waited for each has other facts since. */
export async function loadOutdatedRequests(
  sql: Sql,
  vanCode: string,
  businessDate: string,
): Promise<readonly string[]> {
  const rows = await sql.run<{ requestId: string }>(
    {
      name: "recon-outdated-requests",
      text: `SELECT r.id AS "requestId" FROM recon_item i JOIN change_request r ON r.id = i.change_request_id
        WHERE i.van_code = $1 AND i.business_date = $2::date AND i.state <> 'WAITING' AND r.status IN ('PENDING', 'APPROVED')`,
    },
    [vanCode, businessDate],
  );
  return rows.map(({ requestId }) => requestId);
}

/** Payments that ended while their VAN has an approval of them that nobody has written down as an orphan yet. */
export async function loadNewOrphans(
  sql: Sql,
  vanCode: string,
  businessDate: string,
): Promise<readonly string[]> {
  const rows = await sql.run<{ paymentId: string }>(
    {
      name: "recon-new-orphans",
      text: `SELECT i.payment_id AS "paymentId" FROM recon_item i WHERE i.van_code = $1 AND i.business_date = $2::date AND i.class = 'ONLY_VAN'
        AND i.reason = 'LATE_APPROVAL' AND NOT EXISTS (SELECT 1 FROM van_orphan o WHERE o.trace_no = i.trace_no) ORDER BY i.id`,
    },
    [vanCode, businessDate],
  );
  return rows.map(({ paymentId }) => paymentId);
}

/** Approvals of a day's file whose trace number is none of ours, that nobody explained: how many, and how much money. */
export async function sumStrangers(
  sql: Sql,
  vanCode: string,
  businessDate: string,
): Promise<Readonly<{ count: number; amountMinor: bigint }>> {
  const [sum] = await sql.run<{ count: number; amountMinor: bigint }>(
    {
      name: "recon-strangers",
      text: `SELECT count(*)::int AS count, coalesce(sum(risk_minor), 0)::bigint AS "amountMinor" FROM recon_item
        WHERE van_code = $1 AND business_date = $2::date AND reason = 'UNKNOWN_TRACE' AND kind = 'A' AND state <> 'EXPLAINED'`,
    },
    [vanCode, businessDate],
  );
  return sum ?? { count: 0, amountMinor: 0n };
}
