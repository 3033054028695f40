import type { Sql, Statement } from "#server/platform/db.ts";

/** One thing that breaks an invariant. The two texts are technical facts, the same in every language. */
export type Violation = Readonly<{
  /** Which thing it is, within its check. */
  subjectId: string;
  paymentId: string | null;
  expected: string;
  found: string;
}>;

/** The violations of one look, a hundred at most, and how many there were. */
export type Violations = Readonly<{ violations: readonly Violation[]; total: number }>;

export const violationsMax = 100;

/** Makes a statement that selects `subject_id, payment_id, expected, found` one that is cut to a hundred and says how many there were. */
function finding(name: string, text: string): Statement {
  return {
    name: `integrity-${name}`,
    text: `SELECT f.subject_id AS "subjectId", f.payment_id AS "paymentId", f.expected, f.found, count(*) OVER ()::int AS total
      FROM (${text}) f LIMIT ${violationsMax}`,
  };
}

/** Runs one of the statements below. */
export async function findViolations(
  sql: Sql,
  statement: Statement,
  values: readonly unknown[],
): Promise<Violations> {
  const rows = await sql.run<Violation & { total: number }>(statement, values);
  return { violations: rows.map(({ total: _, ...violation }) => violation), total: rows[0]?.total ?? 0 };
}

const isFree = `IN ('ABORTED', 'EXPIRED', 'NET_CANCELED')`;

// ---------------------------------------------------------------- of some payments: $1 their keys

/** I2: the live payments of an order, and money found live at a VAN after its payment had ended. */
export const liveApprovals = finding(
  "live-approvals",
  `WITH orders AS (
      SELECT DISTINCT mall_id, order_id FROM payment WHERE id = ANY($1::text[])
    ), live AS (
      SELECT p.mall_id, p.order_id, p.id, 'payment' AS kind FROM orders o
        JOIN payment p ON p.mall_id = o.mall_id AND p.order_id = o.order_id WHERE p.status NOT ${isFree}
      UNION ALL
      SELECT p.mall_id, p.order_id, p.id, 'orphan' FROM orders o
        JOIN payment p ON p.mall_id = o.mall_id AND p.order_id = o.order_id AND p.status ${isFree}
        JOIN van_orphan x ON x.payment_id = p.id AND x.state = 'OPEN'
    )
    SELECT mall_id || '/' || order_id AS subject_id, max(id) AS payment_id, 'live<=1' AS expected,
      format('live=%s (%s)', count(*), string_agg(kind || ' ' || id, ', ' ORDER BY id)) AS found
    FROM live GROUP BY mall_id, order_id HAVING count(*) > 1`,
);

/** I3: the stored reply to an approval and what became of the payment. */
export const toldApprovals = finding(
  "told-approvals",
  `WITH told AS (
      SELECT k.payment_id, k.key, k.http_status, k.http_status = 200 AND k.response_body LIKE '%"status":"DONE"%' AS done
      FROM idempotency_key k
      WHERE k.payment_id = ANY($1::text[]) AND k.path = '/api/v1/payments' AND k.http_status IS NOT NULL
    ), seen AS (
      SELECT t.*, p.status, p.approved_at IS NOT NULL AS approved,
        EXISTS (SELECT 1 FROM payment_event e WHERE e.payment_id = p.id AND e.kind = 'net_cancel_requested') AS net_cancel_asked,
        EXISTS (SELECT 1 FROM payment_cancel c WHERE c.payment_id = p.id AND c.status = 'SUCCEEDED') AS canceled
      FROM told t JOIN payment p ON p.id = t.payment_id AND p.id = ANY($1::text[])
    )
    SELECT DISTINCT ON (payment_id) payment_id AS subject_id, payment_id,
      CASE WHEN done THEN 'approved, ended only by request' ELSE format('never approved (told %s)', http_status) END AS expected,
      format('status=%s approved=%s net_cancel_asked=%s cancel_succeeded=%s', status, approved, net_cancel_asked, canceled) AS found
    FROM seen
    WHERE done <> approved
      OR (done AND status IN ('READY', 'IN_PROGRESS', 'UNKNOWN', 'ABORTED', 'EXPIRED'))
      OR (done AND status = 'NET_CANCELED' AND NOT net_cancel_asked)
      OR (done AND status IN ('CANCELED', 'PARTIAL_CANCELED') AND NOT canceled)`,
);

/** I5: what was given back and what is set aside, against the cancels. */
export const refundSums = finding(
  "refund-sums",
  `SELECT p.id AS subject_id, p.id AS payment_id,
      format('canceled=%s tax_free=%s reserved=%s pending=%s', c.succeeded, c.succeeded_tax_free, c.open, c.pending) AS expected,
      format('canceled=%s tax_free=%s reserved=%s amount=%s status=%s', p.canceled_minor, p.canceled_tax_free_minor, p.reserved_minor, p.amount_minor, p.status) AS found
    FROM payment p CROSS JOIN LATERAL (
      SELECT coalesce(sum(x.amount_minor) FILTER (WHERE x.status = 'SUCCEEDED'), 0) AS succeeded,
        coalesce(sum(x.tax_free_minor) FILTER (WHERE x.status = 'SUCCEEDED'), 0) AS succeeded_tax_free,
        coalesce(sum(x.amount_minor) FILTER (WHERE x.status IN ('REQUESTED', 'UNKNOWN')), 0) AS open,
        count(*) FILTER (WHERE x.status IN ('REQUESTED', 'UNKNOWN') AND x.origin <> 'NET_CANCEL') AS pending
      FROM payment_cancel x WHERE x.payment_id = p.id) c
    WHERE p.id = ANY($1::text[])
      AND (p.canceled_minor <> c.succeeded OR p.canceled_tax_free_minor <> c.succeeded_tax_free OR p.reserved_minor <> c.open
        OR p.canceled_minor < 0 OR p.reserved_minor < 0 OR p.canceled_minor + p.reserved_minor > p.amount_minor
        OR (p.status = 'CANCEL_PENDING') <> (c.pending > 0))`,
);

/** I6: the postings of approvals, cancels and net cancels are in the ledger, as they should be and no others under a payment's key. */
export const paymentPostings = finding(
  "payment-postings",
  `WITH moved AS (
      SELECT p.id AS payment_id, 'pay:' || p.id || ':approve' AS event_key, p.amount_minor, p.currency, p.van_code, p.mall_id
        FROM payment p WHERE p.id = ANY($1::text[]) AND p.approved_at IS NOT NULL
      UNION ALL
      SELECT p.id, 'pay:' || p.id || ':cancel:' || c.id, -c.amount_minor, p.currency, p.van_code, p.mall_id
        FROM payment p JOIN payment_cancel c ON c.payment_id = p.id
        WHERE p.id = ANY($1::text[]) AND c.status = 'SUCCEEDED' AND c.origin <> 'NET_CANCEL'
      UNION ALL
      SELECT p.id, 'pay:' || p.id || ':net_cancel', -p.amount_minor, p.currency, p.van_code, p.mall_id
        FROM payment p WHERE p.id = ANY($1::text[]) AND p.approved_at IS NOT NULL AND p.status = 'NET_CANCELED'
    ), owed AS (
      SELECT payment_id, event_key, 'van_receivable:' || van_code AS account, amount_minor, currency FROM moved
      UNION ALL
      SELECT payment_id, event_key, 'mall_payable:' || mall_id, -amount_minor, currency FROM moved
    ), posted AS (
      SELECT payment_id, event_key, account, amount_minor, currency FROM ledger_entry
      WHERE payment_id = ANY($1::text[]) AND event_key LIKE 'pay:%'
    )
    SELECT coalesce(o.event_key, l.event_key) AS subject_id, min(coalesce(o.payment_id, l.payment_id)) AS payment_id,
      string_agg(coalesce(coalesce(o.account, l.account) || '=' || o.amount_minor, 'no entry'), ', ') AS expected,
      string_agg(coalesce(l.account || '=' || l.amount_minor, 'no entry'), ', ') AS found
    FROM owed o FULL JOIN posted l ON l.event_key = o.event_key AND l.account = o.account AND l.payment_id = o.payment_id
    WHERE o.amount_minor IS DISTINCT FROM l.amount_minor OR o.currency IS DISTINCT FROM l.currency
    GROUP BY 1`,
);

/** I8: a payment's ledger events, against the lines that settle them. A batch may leave an event to the next two, or list it as waiting. */
export const settledOnce = finding(
  "settled-once",
  `WITH last AS (
      SELECT max(business_date) AS date FROM settlement_batch WHERE status = 'DONE'
    ), booked AS (
      SELECT l.event_key, l.payment_id, l.business_date, -l.amount_minor AS amount
      FROM ledger_entry l JOIN payment p ON p.id = l.payment_id AND l.account = 'mall_payable:' || p.mall_id WHERE l.payment_id = ANY($1::text[])
    ), settled AS (
      SELECT event_key, payment_id, amount_minor AS amount FROM settlement_line WHERE payment_id = ANY($1::text[])
    )
    SELECT coalesce(b.event_key, s.event_key) AS subject_id, coalesce(b.payment_id, s.payment_id) AS payment_id,
      CASE WHEN b.event_key IS NULL THEN 'no line' ELSE format('a line of %s', b.amount) END AS expected,
      CASE WHEN s.event_key IS NULL THEN 'no line' ELSE format('a line of %s', s.amount) END AS found
    FROM booked b FULL JOIN settled s ON s.event_key = b.event_key CROSS JOIN last
    WHERE CASE WHEN s.event_key IS NOT NULL THEN b.amount IS DISTINCT FROM s.amount
      ELSE b.business_date < last.date - 2 AND NOT EXISTS (
        SELECT 1 FROM settlement_pending w WHERE w.business_date = last.date AND w.subject_id = b.event_key) END`,
);

/** I7: each change of status that a mall is told about has exactly one event. */
export const toldEvents = finding(
  "told-events",
  `WITH owed AS (
      SELECT payment_id, type, count(*) AS times FROM (
        SELECT payment_id, CASE
          WHEN kind = 'cancel_failed' THEN 'cancel.failed'
          WHEN from_status = 'IN_PROGRESS' AND to_status = 'DONE' THEN 'payment.approved'
          WHEN to_status = 'ABORTED' THEN 'payment.failed'
          WHEN to_status = 'UNKNOWN' THEN 'payment.unknown'
          WHEN to_status = 'NET_CANCELED' THEN 'payment.net_canceled'
          WHEN to_status = 'CANCELED' THEN 'payment.canceled'
          WHEN to_status = 'PARTIAL_CANCELED' THEN 'payment.partially_canceled' END AS type
        FROM payment_event WHERE payment_id = ANY($1::text[]) AND to_status IS NOT NULL) step
      WHERE type IS NOT NULL GROUP BY 1, 2
    ), said AS (
      SELECT subject_id, type, count(*) AS times FROM event
      WHERE subject_id = ANY($1::text[]) AND (type LIKE 'payment.%' OR type LIKE 'cancel.%') GROUP BY 1, 2
    )
    SELECT coalesce(o.payment_id, s.subject_id) || ' ' || coalesce(o.type, s.type) AS subject_id, coalesce(o.payment_id, s.subject_id) AS payment_id,
      format('%s x%s', coalesce(o.type, s.type), coalesce(o.times, 0)) AS expected, format('%s x%s', coalesce(o.type, s.type), coalesce(s.times, 0)) AS found
    FROM owed o FULL JOIN said s ON s.subject_id = o.payment_id AND s.type = o.type
    WHERE o.times IS DISTINCT FROM s.times`,
);

/** I7: a webhook that is still to be delivered has a job that will do it. */
export const waitingDeliveries = finding(
  "waiting-deliveries",
  `SELECT d.id AS subject_id, d.subject_id AS payment_id, 'delivered, dead or waiting with a job' AS expected,
      format('status=PENDING attempts=%s and no job', d.attempts) AS found
    FROM webhook_delivery d
    WHERE d.subject_id = ANY($1::text[]) AND d.status = 'PENDING'
      AND NOT EXISTS (SELECT 1 FROM outbox_message m WHERE m.subject_id = d.subject_id AND m.job_name = 'deliver-webhook'
        AND m.payload->>'deliveryId' = d.id AND m.done_at IS NULL AND m.dead_at IS NULL)`,
);

/** I10: every version of a payment has its line of history, the lines join, and the last one says what the payment is. */
export const statusHistory = finding(
  "status-history",
  `WITH line AS (
      SELECT payment_id, id, version, from_status, to_status,
        CASE WHEN to_status IS NOT NULL THEN lag(to_status) OVER (PARTITION BY payment_id, to_status IS NOT NULL ORDER BY id) END AS status_before
      FROM payment_event WHERE payment_id = ANY($1::text[])
    ), history AS (
      SELECT payment_id, max(version) AS newest, count(DISTINCT version) AS versions,
        (array_agg(to_status ORDER BY id DESC) FILTER (WHERE to_status IS NOT NULL))[1] AS status,
        count(*) FILTER (WHERE to_status IS NOT NULL AND from_status IS DISTINCT FROM status_before) AS breaks
      FROM line GROUP BY payment_id
    )
    SELECT p.id AS subject_id, p.id AS payment_id, format('version=%s status=%s', p.version, p.status) AS expected,
      format('history: version=%s versions=%s status=%s breaks=%s', coalesce(h.newest, 0), coalesce(h.versions, 0), coalesce(h.status::text, 'none'), coalesce(h.breaks, 0)) AS found
    FROM payment p LEFT JOIN history h ON h.payment_id = p.id
    WHERE p.id = ANY($1::text[])
      AND (h.payment_id IS NULL OR h.newest <> p.version OR h.versions <> p.version OR h.status IS DISTINCT FROM p.status OR h.breaks > 0)`,
);

// ---------------------------------------------------------------- of ledger entries: $1 < id <= $2, and the event keys $3

/** I6: the entries of one event add up to zero in each currency, and those of a payment name it. */
export const zeroSums = finding(
  "zero-sums",
  `WITH touched AS (
      SELECT event_key FROM ledger_entry WHERE id > $1::bigint AND id <= $2::bigint UNION SELECT unnest($3::text[])
    )
    SELECT t.event_key AS subject_id, min(l.payment_id) AS payment_id, 'sum=0' AS expected,
      string_agg(format('sum=%s %s%s', l.sum, l.currency, CASE WHEN l.is_nameless THEN ', names no payment' ELSE '' END), ', ' ORDER BY l.currency) AS found
    FROM touched t CROSS JOIN LATERAL (
      SELECT currency, min(payment_id) AS payment_id, sum(amount_minor) AS sum, bool_or(event_key LIKE 'pay:%' AND payment_id IS NULL) AS is_nameless
      FROM ledger_entry WHERE event_key = t.event_key GROUP BY currency) l
    WHERE l.sum <> 0 OR l.is_nameless GROUP BY t.event_key`,
);

/** I8: what a confirmation and a payout have moved in the ledger, against what the settlement says. */
export const settlementPostings = finding(
  "settlement-postings",
  `WITH touched AS (
      SELECT event_key FROM ledger_entry WHERE id > $1::bigint AND id <= $2::bigint AND event_key LIKE 'settlement:%' UNION SELECT unnest($3::text[])
    ), said AS (
      SELECT t.event_key, t.event_key LIKE '%:payout' AS is_payout, s.mall_id, s.approval_minor + s.cancel_minor AS gross, s.net_minor, s.payout_minor
      FROM (SELECT DISTINCT event_key FROM touched) t LEFT JOIN settlement s ON s.id = split_part(t.event_key, ':', 2)
    ), posted AS (
      SELECT d.*, count(l.id) AS entries, coalesce(sum(l.amount_minor) FILTER (WHERE l.account = 'mall_payable:' || d.mall_id), 0) AS payable,
        coalesce(sum(l.amount_minor) FILTER (WHERE l.account = 'settled_payable:' || d.mall_id), 0) AS settled
      FROM said d LEFT JOIN ledger_entry l ON l.event_key = d.event_key GROUP BY 1, 2, 3, 4, 5, 6
    )
    SELECT event_key AS subject_id, NULL::text AS payment_id,
      CASE WHEN mall_id IS NULL THEN 'a settlement' WHEN is_payout THEN format('payable=0 settled=%s', payout_minor) ELSE format('payable=%s settled=%s', gross, -net_minor) END AS expected,
      format('payable=%s settled=%s', payable, settled) AS found
    FROM posted
    WHERE CASE WHEN mall_id IS NULL THEN entries > 0 WHEN is_payout THEN (payable, settled) <> (0, payout_minor) ELSE (payable, settled) <> (gross, -net_minor) END`,
);

/** I8: what settlements that were confirmed or paid out say, against the sums of their lines, and their batch against them. */
export const settlementSums = finding(
  "settlement-sums",
  `WITH touched AS (
      SELECT DISTINCT split_part(event_key, ':', 2) AS id FROM (
        SELECT event_key FROM ledger_entry WHERE id > $1::bigint AND id <= $2::bigint AND event_key LIKE 'settlement:%' UNION SELECT unnest($3::text[])) t
    ), summed AS (
      SELECT s.id, s.business_date, s.line_count, s.approval_minor, s.cancel_minor, s.fee_minor, s.fee_vat_minor, s.adjustment_minor, s.net_minor, l.*
      FROM touched t JOIN settlement s ON s.id = t.id CROSS JOIN LATERAL (
        SELECT count(*)::int AS lines, coalesce(sum(amount_minor) FILTER (WHERE kind = 'APPROVAL'), 0) AS approved,
          coalesce(sum(amount_minor) FILTER (WHERE kind = 'CANCEL'), 0) AS canceled, coalesce(sum(fee_minor), 0) AS fee, coalesce(sum(fee_vat_minor), 0) AS vat,
          coalesce(sum(net_minor) FILTER (WHERE kind = 'ADJUSTMENT'), 0) AS adjusted, coalesce(sum(net_minor), 0) AS net
        FROM settlement_line WHERE settlement_id = s.id) l
    )
    SELECT 'settlement:' || id || ':lines' AS subject_id, NULL::text AS payment_id,
      format('lines=%s approved=%s canceled=%s fee=%s vat=%s adjusted=%s net=%s', lines, approved, canceled, fee, vat, adjusted, net) AS expected,
      format('lines=%s approved=%s canceled=%s fee=%s vat=%s adjusted=%s net=%s', line_count, approval_minor, cancel_minor, fee_minor, fee_vat_minor, adjustment_minor, net_minor) AS found
    FROM summed
    WHERE (line_count, approval_minor, cancel_minor, fee_minor, fee_vat_minor, adjustment_minor, net_minor) IS DISTINCT FROM (lines, approved, canceled, fee, vat, adjusted, net)
    UNION ALL
    SELECT 'settlement:' || min(s.id) || ':batch', NULL, format('settlements=%s lines=%s', count(*), sum(s.line_count)), format('settlements=%s lines=%s', b.settlement_count, b.line_count)
    FROM settlement_batch b JOIN settlement s ON s.business_date = b.business_date
    WHERE b.status = 'DONE' AND b.business_date IN (SELECT business_date FROM summed)
    GROUP BY b.business_date HAVING count(*) <> b.settlement_count OR sum(s.line_count) <> b.line_count`,
);

// ---------------------------------------------------------------- of audit rows: $1 <= seq <= $2

/** I9: each row's hash is of its content and of the row before it, and no number is missing. */
export const auditChain = finding(
  "audit-chain",
  `SELECT seq::text AS subject_id, NULL::text AS payment_id,
      'hash of the row and of the one before' AS expected,
      CASE WHEN seq_before IS DISTINCT FROM seq - 1 THEN format('row %s is missing', seq - 1)
        WHEN prev_hash <> hash_before THEN 'does not follow the row before' ELSE 'was changed' END AS found
    FROM (
      SELECT seq, hash, prev_hash,
        CASE WHEN seq = 1 THEN '\\x00'::bytea ELSE lag(hash) OVER w END AS hash_before,
        CASE WHEN seq = 1 THEN 0::bigint ELSE lag(seq) OVER w END AS seq_before,
        audit_hash(prev_hash, seq, at, actor_type, actor_id, action, target_type, target_id, outcome, ip_address, detail) AS hash_now
      FROM audit_log WHERE seq >= $1::bigint - 1 AND seq <= $2::bigint WINDOW w AS (ORDER BY seq)) chain
    WHERE seq >= $1::bigint
      AND (hash <> hash_now OR prev_hash IS DISTINCT FROM hash_before OR seq_before IS DISTINCT FROM seq - 1)`,
);

// ---------------------------------------------------------------- of what waits, wherever it is: $1 now

const openWork = `
    SELECT p.id AS payment_id, p.van_code, p.status::text AS state, p.requested_at AS since, 'net-cancel' AS job_name
      FROM payment p WHERE p.status IN ('IN_PROGRESS', 'UNKNOWN')
    UNION ALL
    SELECT p.id, p.van_code, 'CANCEL_PENDING', c.requested_at, CASE WHEN c.origin = 'NET_CANCEL' THEN 'net-cancel' ELSE 'recover-cancel' END
      FROM payment_cancel c JOIN payment p ON p.id = c.payment_id WHERE c.status IN ('REQUESTED', 'UNKNOWN')
    UNION ALL
    SELECT p.id, p.van_code, 'ORPHAN', o.found_at, 'reverse-orphan'
      FROM van_orphan o JOIN payment p ON p.id = o.payment_id WHERE o.state = 'OPEN'`;
// A person has it, or has just sent it again.
const isParked = `EXISTS (SELECT 1 FROM dead_letter d WHERE d.payment_id = w.payment_id AND d.job_name = w.job_name
      AND (d.status = 'PARKED' OR (d.status = 'REDRIVEN' AND d.redriven_at > $1::timestamptz - interval '5 minutes')))`;

/** I4: unresolved for more than five minutes of a VAN that answered all the while. $2 VAN codes, $3 since when each answers. */
export const overdueWork = finding(
  "overdue-work",
  `SELECT w.state || ' ' || w.payment_id AS subject_id, w.payment_id, 'resolved within 5 min' AS expected,
      format('%s for %s s', w.state, extract(epoch FROM $1::timestamptz - w.since)::int) AS found
    FROM (${openWork}) w JOIN unnest($2::text[], $3::timestamptz[]) AS calm (van_code, since) ON calm.van_code = w.van_code
    WHERE greatest(w.since, calm.since) < $1::timestamptz - interval '5 minutes' AND NOT ${isParked}`,
);

/** I7: an event has its place in the sequence within a minute. */
export const unsequencedEvents = finding(
  "unsequenced-events",
  `SELECT 'evt_' || e.id AS subject_id, CASE WHEN e.subject_id LIKE 'pay\\_%' THEN e.subject_id END AS payment_id, 'a sequence within 60 s' AS expected,
      format('none after %s s', extract(epoch FROM $1::timestamptz - e.occurred_at)::int) AS found
    FROM event e WHERE e.sequence IS NULL AND e.occurred_at < $1::timestamptz - interval '1 minute'`,
);

/** How much unresolved work is a person's business, as dead letters. */
export async function countParkedWork(sql: Sql, now: Date): Promise<number> {
  const [row] = await sql.run<{ parked: number }>(
    {
      name: "integrity-parked-work",
      text: `SELECT count(*)::int AS parked FROM (${openWork}) w WHERE ${isParked}`,
    },
    [now],
  );
  return row?.parked ?? 0;
}

export type UnresolvedWork = Readonly<{ state: string; count: number; oldestSeconds: number }>;

/** Everything that waits to be resolved, by state, with the age of the oldest. */
export async function readUnresolvedWork(sql: Sql, now: Date): Promise<UnresolvedWork[]> {
  return sql.run(
    {
      name: "integrity-unresolved",
      text: `SELECT w.state, count(*)::int AS count, extract(epoch FROM $1::timestamptz - min(w.since))::float8 AS "oldestSeconds" FROM (${openWork}) w GROUP BY 1`,
    },
    [now],
  );
}
