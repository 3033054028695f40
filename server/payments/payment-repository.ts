import { businessDateOf } from "#server/core/business-date.ts";
import type { IdempotencyUse } from "#server/idempotency/idempotency-use.ts";
import { type OutboxRow, outboxColumns } from "#server/outbox/outbox-row.ts";
import type { Posting } from "#server/payments/domain/ledger-postings.ts";
import type { Payment, PaymentCancel } from "#server/payments/domain/payment.ts";
import type { CancelStatus, Origin, PaymentStatus } from "#server/payments/domain/payment-status.ts";
import type { Sql } from "#server/platform/db.ts";
import type { VanExchange } from "#server/van/van-gateway.ts";

const paymentColumns = `p.id, p.mall_id AS "mallId", p.order_id AS "orderId", p.order_name AS "orderName", p.method, p.currency,
  p.amount_minor AS "amountMinor", p.tax_free_minor AS "taxFreeMinor", p.vat_minor AS "vatMinor", p.status, p.version, p.origin,
  p.van_code AS "vanCode", p.trace_no AS "traceNo", p.approval_no AS "approvalNo", p.van_response_code AS "vanResponseCode",
  p.van_response_message AS "vanResponseMessage", p.failure_code AS "failureCode", p.unknown_reason AS "unknownReason",
  p.card_bin AS "cardBin", p.card_last4 AS "cardLast4", p.issuer_code AS "issuerCode", p.issuer_name AS "issuerName",
  p.installment_months AS "installmentMonths", p.metadata, p.canceled_minor AS "canceledMinor",
  p.canceled_tax_free_minor AS "canceledTaxFreeMinor", p.reserved_minor AS "reservedMinor",
  p.reserved_tax_free_minor AS "reservedTaxFreeMinor", p.lease_until AS "leaseUntil",
  p.net_cancel_requested_at AS "netCancelRequestedAt", p.requested_at AS "requestedAt", p.answered_at AS "answeredAt",
  p.approved_at AS "approvedAt", p.trace_id AS "traceId"`;

const cancelColumns = `c.id, c.payment_id AS "paymentId", c.status, c.origin, c.actor_id AS "actorId", c.amount_minor AS "amountMinor",
  c.tax_free_minor AS "taxFreeMinor", c.vat_minor AS "vatMinor", c.balance_before_minor AS "balanceBeforeMinor", c.reason,
  c.trace_no AS "traceNo", c.lease_until AS "leaseUntil", c.failure_code AS "failureCode", c.requested_at AS "requestedAt",
  c.completed_at AS "completedAt", c.trace_id AS "traceId"`;

/** Reads one payment, of one mall if `mallId` is given. */
export async function loadPayment(
  sql: Sql,
  id: string,
  mallId: string | null = null,
): Promise<Payment | undefined> {
  const [payment] = await sql.run<Payment>(
    {
      name: "payment-load",
      text: `SELECT ${paymentColumns} FROM payment p WHERE p.id = $1 AND ($2::text IS NULL OR p.mall_id = $2)`,
    },
    [id, mallId],
  );
  return payment;
}

/** Reads the payments of an order, the live one first, then the newest. */
export async function loadPaymentsOfOrder(sql: Sql, mallId: string, orderId: string): Promise<Payment[]> {
  return sql.run(
    {
      name: "payment-load-order",
      text: `SELECT ${paymentColumns} FROM payment p WHERE p.mall_id = $1 AND p.order_id = $2
        ORDER BY (p.status NOT IN ('ABORTED', 'EXPIRED', 'NET_CANCELED')) DESC, p.requested_at DESC, p.id DESC LIMIT 100`,
    },
    [mallId, orderId],
  );
}

/** Reads the payments of these keys, and of these orders whosever they are; one named both ways comes twice. */
export async function loadPaymentsNamed(
  sql: Sql,
  { paymentIds, orderIds }: { paymentIds: readonly string[]; orderIds: readonly string[] },
): Promise<Payment[]> {
  return sql.run(
    {
      name: "payment-load-named",
      text: `SELECT ${paymentColumns} FROM payment p WHERE p.id = ANY($1::text[])
        UNION ALL
        SELECT ${paymentColumns} FROM payment p WHERE p.order_id = ANY($2::text[])`,
    },
    [paymentIds, orderIds],
  );
}

/** Reads the cancels of some payments, oldest first. */
export async function loadCancels(sql: Sql, paymentIds: readonly string[]): Promise<PaymentCancel[]> {
  return sql.run(
    {
      name: "payment-load-cancels",
      text: `SELECT ${cancelColumns} FROM payment_cancel c WHERE c.payment_id = ANY($1::text[]) ORDER BY c.requested_at, c.id`,
    },
    [paymentIds],
  );
}

/** Says which payment a cancel belongs to. */
export async function loadPaymentIdOfCancel(sql: Sql, cancelId: string): Promise<string | undefined> {
  const [row] = await sql.run<{ paymentId: string }>(
    { name: "payment-of-cancel", text: `SELECT payment_id AS "paymentId" FROM payment_cancel WHERE id = $1` },
    [cancelId],
  );
  return row?.paymentId;
}

export type PaymentPageQuery = Readonly<{
  mallId: string;
  from: Date;
  to: Date;
  statuses: readonly PaymentStatus[];
  method: string | null;
  before: { requestedAt: Date; id: string } | null;
  limit: number;
}>;

/** Reads one keyset page of a mall's payments, newest first. */
export async function loadPaymentPage(sql: Sql, query: PaymentPageQuery): Promise<Payment[]> {
  return sql.run(
    {
      name: "payment-page",
      text: `SELECT ${paymentColumns} FROM payment p
        WHERE p.mall_id = $1 AND p.requested_at >= $2 AND p.requested_at < $3
          AND (cardinality($4::text[]) = 0 OR p.status::text = ANY($4::text[]))
          AND ($5::text IS NULL OR p.method::text = $5)
          AND ($6::timestamptz IS NULL OR (p.requested_at, p.id) < ($6::timestamptz, $7::text))
        ORDER BY p.requested_at DESC, p.id DESC LIMIT $8`,
    },
    [
      query.mallId,
      query.from,
      query.to,
      query.statuses,
      query.method,
      query.before?.requestedAt ?? null,
      query.before?.id ?? null,
      query.limit,
    ],
  );
}

export type NewPayment = Readonly<{
  id: string;
  mallId: string;
  orderId: string;
  orderName: string;
  amountMinor: bigint;
  taxFreeMinor: bigint;
  vatMinor: bigint;
  currency: string;
  vanCode: string;
  traceNo: string;
  cardBin: string;
  cardLast4: string;
  cardFingerprint: Buffer;
  installmentMonths: number;
  customerName: string | null;
  customerEmail: string | null;
  customerPhone: string | null;
  metadata: Readonly<Record<string, string>>;
  leaseMs: number;
  requestedAt: Date;
  traceId: string;
}>;

/**
 * Commit 1 of an approval (A2): claims the idempotency key, opens the payment IN_PROGRESS with its trace number and
 * states the fact, in one statement. `claimed` false: the key was used before. `opened` false: the order has a live
 * payment, or the mall net-cancelled it before it came (NC-7); then the claim stays as the proof of that refusal.
 */
export async function openPayment(
  sql: Sql,
  payment: NewPayment,
  use: IdempotencyUse,
): Promise<{ claimed: boolean; opened: boolean }> {
  const [row] = await sql.run<{ claimed: number; opened: number }>(
    {
      name: "payment-open",
      text: `WITH claim AS (
          INSERT INTO idempotency_key (mall_id, method, path, key, request_hash, payment_id, expires_at)
          VALUES ($2, $24, $25, $26, $27, $1, $22::timestamptz + interval '15 days')
          ON CONFLICT (mall_id, method, path, key) DO NOTHING RETURNING 1
        ), opened AS (
          INSERT INTO payment (id, mall_id, order_id, order_name, method, currency, amount_minor, tax_free_minor, vat_minor, status,
            van_code, trace_no, card_bin, card_last4, card_fingerprint, installment_months, customer_name, customer_email,
            customer_phone, metadata, lease_until, requested_at, updated_at, trace_id)
          SELECT $1, $2, $3, $4, 'CARD', $5, $6, $7, $8, 'IN_PROGRESS', $9, $10, $11, $12, $13, $14, $15, $16, $17, $18::jsonb,
            clock_timestamp() + $21 * interval '1 millisecond', $22, $22, $23
          FROM claim
          WHERE NOT EXISTS (SELECT 1 FROM net_cancel_tombstone t WHERE t.mall_id = $2 AND t.order_id = $3 AND t.expires_at > $22)
          ON CONFLICT (mall_id, order_id) WHERE status NOT IN ('ABORTED', 'EXPIRED', 'NET_CANCELED') DO NOTHING RETURNING id
        ), history AS (
          INSERT INTO payment_event (payment_id, version, kind, to_status, actor_type, actor_id, detail, at)
          SELECT id, 1, 'requested', 'IN_PROGRESS', 'mall', $2, jsonb_build_object('traceId', $19::text, 'van', $20::text), $22 FROM opened
        )
        SELECT (SELECT count(*)::int FROM claim) AS claimed, (SELECT count(*)::int FROM opened) AS opened`,
    },
    [
      payment.id,
      payment.mallId,
      payment.orderId,
      payment.orderName,
      payment.currency,
      payment.amountMinor,
      payment.taxFreeMinor,
      payment.vatMinor,
      payment.vanCode,
      payment.traceNo,
      payment.cardBin,
      payment.cardLast4,
      payment.cardFingerprint,
      payment.installmentMonths,
      payment.customerName,
      payment.customerEmail,
      payment.customerPhone,
      JSON.stringify(payment.metadata),
      payment.traceId,
      payment.vanCode,
      payment.leaseMs,
      payment.requestedAt,
      payment.traceId,
      use.method,
      use.path,
      use.key,
      use.requestHash,
    ],
  );
  return { claimed: row?.claimed === 1, opened: row?.opened === 1 };
}

/** A message to a VAN, as it is kept beside the change that its answer brought. */
export type KeptExchange = Readonly<{
  operation: "APPROVE" | "CANCEL" | "NET_CANCEL" | "INQUIRY";
  vanCode: string;
  paymentId: string;
  cancelId?: string | undefined;
  traceNo: string;
  outcome: string;
  exchange: VanExchange;
}>;

/** What becomes of a payment, with everything that follows from it. */
export type PaymentMove = Readonly<{
  /** The payment as last read: its version is the fence. */
  payment: Payment;
  to: PaymentStatus;
  /** Move only if the mall has not asked for a net cancel meanwhile (NC-7). */
  unlessNetCancelWanted?: boolean;
  facts?: Readonly<{
    approvalNo?: string;
    issuerCode?: string;
    issuerName?: string;
    vanResponseCode?: string | undefined;
    vanResponseMessage?: string | undefined;
    failureCode?: string;
    unknownReason?: string;
    answeredAt?: Date;
    approvedAt?: Date;
    vanDurationMs?: number;
    totalDurationMs?: number;
  }>;
  amounts?: Readonly<{
    canceledMinor: bigint;
    canceledTaxFreeMinor: bigint;
    reservedMinor: bigint;
    reservedTaxFreeMinor: bigint;
  }>;
  cancel?: Readonly<{
    id: string;
    to: Extract<CancelStatus, "SUCCEEDED" | "FAILED">;
    completedAt: Date;
    failureCode?: string;
    vanResponseCode?: string | undefined;
    vanResponseMessage?: string | undefined;
  }>;
  history: Readonly<{
    kind: string;
    actorType: "mall" | "operator" | "system";
    actorId: string;
    detail?: Readonly<Record<string, unknown>>;
  }>;
  ledger?: Readonly<{ eventKey: string; postings: readonly Posting[] }>;
  event?: Readonly<{ type: string; data: unknown }>;
  /** The final answer to the request that began it, kept for replays byte for byte (IDM-6). */
  reply?: Readonly<{ path: string; cancelId?: string | undefined; status: number; body: string }>;
  /** Nothing was sent to the VAN, so the key may begin anew (IDM-10): its claim is given back. */
  releaseKey?: Readonly<{ path: string; cancelId?: string | undefined }> | undefined;
  jobs?: readonly OutboxRow[];
  exchange?: KeptExchange | undefined;
  at: Date;
}>;

/**
 * Moves a payment by compare-and-set on its version, and writes ledger, history, event, reply, jobs and the VAN exchange
 * with it: one statement, one round trip, one commit. False when someone else moved it first; then only the exchange is kept.
 */
export async function movePayment(sql: Sql, move: PaymentMove): Promise<boolean> {
  const {
    payment,
    facts = {},
    amounts,
    cancel,
    history,
    ledger,
    event,
    reply,
    releaseKey,
    jobs = [],
    exchange,
  } = move;
  const [row] = await sql.run<{ moved: number }>(moveStatement, [
    payment.id,
    payment.version,
    payment.status,
    move.to,
    move.unlessNetCancelWanted ?? false,
    facts.approvalNo ?? null,
    facts.issuerCode ?? null,
    facts.issuerName ?? null,
    facts.vanResponseCode ?? null,
    facts.vanResponseMessage ?? null,
    facts.failureCode ?? null,
    facts.unknownReason ?? null,
    facts.answeredAt ?? null,
    facts.approvedAt ?? null,
    facts.vanDurationMs ?? null,
    facts.totalDurationMs ?? null,
    amounts?.canceledMinor ?? null,
    amounts?.canceledTaxFreeMinor ?? null,
    amounts?.reservedMinor ?? null,
    amounts?.reservedTaxFreeMinor ?? null,
    move.at,
    cancel?.id ?? null,
    cancel?.to ?? null,
    cancel?.completedAt ?? null,
    cancel?.failureCode ?? null,
    cancel?.vanResponseCode ?? null,
    cancel?.vanResponseMessage ?? null,
    history.kind,
    history.actorType,
    history.actorId,
    JSON.stringify(history.detail ?? {}),
    ledger?.eventKey ?? null,
    ledger?.postings.map((posting) => posting.account) ?? [],
    ledger?.postings.map((posting) => posting.amountMinor) ?? [],
    businessDateOf(move.at),
    event?.type ?? null,
    event ? JSON.stringify(event.data) : null,
    reply?.path ?? null,
    reply?.cancelId ?? null,
    reply?.status ?? null,
    reply?.body ?? null,
    ...outboxColumns(jobs),
    ...exchangeColumns(exchange),
    releaseKey?.path ?? null,
    releaseKey?.cancelId ?? null,
  ]);
  return row?.moved === 1;
}

const exchangeInsert = (first: number) => `
  INSERT INTO van_exchange (van_code, operation, payment_id, cancel_id, trace_no, outcome, response_code, response_message, error,
    request_bytes, response_bytes, started_at, duration_ms)
  SELECT $${first}, $${first + 1}::van_operation, $${first + 2}, $${first + 3}, $${first + 4}, $${first + 5}, $${first + 6}, $${first + 7}, $${first + 8},
    $${first + 9}::bytea, $${first + 10}::bytea, $${first + 11}::timestamptz, $${first + 12}::int
  WHERE $${first + 1}::text IS NOT NULL
    -- A commit whose answer was lost is written again: the exchange is in already.
    AND NOT EXISTS (SELECT 1 FROM van_exchange x WHERE x.payment_id = $${first + 2} AND x.trace_no = $${first + 4}
      AND x.operation = $${first + 1}::van_operation AND x.started_at = $${first + 11}::timestamptz)`;

const moveStatement = {
  name: "payment-move",
  text: `WITH moved AS (
      UPDATE payment p SET status = $4::payment_status, version = p.version + 1,
        approval_no = coalesce($6, p.approval_no), issuer_code = coalesce($7, p.issuer_code), issuer_name = coalesce($8, p.issuer_name),
        van_response_code = coalesce($9, p.van_response_code), van_response_message = coalesce($10, p.van_response_message),
        failure_code = coalesce($11, p.failure_code), unknown_reason = coalesce($12, p.unknown_reason),
        answered_at = coalesce(p.answered_at, $13::timestamptz), approved_at = coalesce(p.approved_at, $14::timestamptz),
        van_duration_ms = coalesce($15::int, p.van_duration_ms), total_duration_ms = coalesce($16::int, p.total_duration_ms),
        canceled_minor = coalesce($17::bigint, p.canceled_minor), canceled_tax_free_minor = coalesce($18::bigint, p.canceled_tax_free_minor),
        reserved_minor = coalesce($19::bigint, p.reserved_minor), reserved_tax_free_minor = coalesce($20::bigint, p.reserved_tax_free_minor),
        updated_at = $21::timestamptz
      WHERE p.id = $1 AND p.version = $2 AND p.status = $3::payment_status
        AND (NOT $5::boolean OR (p.net_cancel_requested_at IS NULL AND NOT EXISTS (
          SELECT 1 FROM net_cancel_tombstone t WHERE t.mall_id = p.mall_id AND t.order_id = p.order_id AND t.expires_at > now())))
      RETURNING p.id, p.mall_id, p.version, p.currency
    ), closed AS (
      UPDATE payment_cancel c SET status = $23::cancel_status, completed_at = $24::timestamptz, failure_code = $25,
        van_response_code = coalesce($26, c.van_response_code), van_response_message = coalesce($27, c.van_response_message)
      FROM moved WHERE c.id = $22 AND c.payment_id = moved.id AND c.status IN ('REQUESTED', 'UNKNOWN')
    ), history AS (
      INSERT INTO payment_event (payment_id, version, kind, from_status, to_status, cancel_id, actor_type, actor_id, detail, at)
      SELECT id, version, $28, $3::payment_status, $4::payment_status, $22, $29, $30, $31::jsonb, $21::timestamptz FROM moved
    ), posted AS (
      INSERT INTO ledger_entry (event_key, account, amount_minor, currency, payment_id, business_date)
      SELECT $32, e.account, e.amount_minor, moved.currency, moved.id, $35::date
      FROM moved, unnest($33::text[], $34::bigint[]) AS e (account, amount_minor)
    ), said AS (
      INSERT INTO event (type, mall_id, subject_id, data, occurred_at)
      SELECT $36, mall_id, id, $37::jsonb, $21::timestamptz FROM moved WHERE $36::text IS NOT NULL
    ), replied AS (
      UPDATE idempotency_key k SET http_status = $40::int, response_body = $41 FROM moved
      WHERE k.payment_id = moved.id AND k.path = $38 AND ($39::text IS NULL OR k.cancel_id = $39) AND k.http_status IS NULL
    ), jobs AS (
      INSERT INTO outbox_message (job_name, job_key, payload, subject_id, available_at, trace_id)
      SELECT j.name, j.key, j.payload::jsonb, j.subject, date_trunc('milliseconds', now()) + j.delay_ms * interval '1 millisecond', j.trace
      FROM moved, unnest($42::text[], $43::text[], $44::text[], $45::text[], $46::bigint[], $47::text[]) AS j (name, key, payload, subject, delay_ms, trace)
      ON CONFLICT (job_key) DO NOTHING
    ), exchanged AS (${exchangeInsert(48)}
    ), released AS (
      DELETE FROM idempotency_key k USING moved
      WHERE k.payment_id = moved.id AND k.path = $61 AND ($62::text IS NULL OR k.cancel_id = $62) AND k.http_status IS NULL
    )
    SELECT (SELECT count(*)::int FROM moved) AS moved`,
} as const;

function exchangeColumns(kept: KeptExchange | undefined): unknown[] {
  if (!kept) return Array.from({ length: 13 }, () => null);
  const { exchange } = kept;
  return [
    kept.vanCode,
    kept.operation,
    kept.paymentId,
    kept.cancelId ?? null,
    kept.traceNo,
    kept.outcome,
    exchange.responseCode ?? null,
    exchange.responseMessage ?? null,
    exchange.error ?? null,
    exchange.requestBytes,
    exchange.responseBytes,
    exchange.startedAt,
    Math.round(exchange.durationMs),
  ];
}

/** Keeps a VAN exchange that changed nothing: an inquiry, or a try that did not settle the matter. */
export async function keepExchange(sql: Sql, kept: KeptExchange): Promise<void> {
  await sql.run({ name: "van-exchange-keep", text: exchangeInsert(1) }, exchangeColumns(kept));
}

/** How often the VAN was asked to net-cancel a payment. */
export async function countNetCancelTries(sql: Sql, paymentId: string): Promise<number> {
  const [row] = await sql.run<{ tries: number }>(
    {
      name: "van-exchange-net-cancels",
      text: `SELECT count(*)::int AS tries FROM van_exchange WHERE payment_id = $1 AND operation = 'NET_CANCEL'`,
    },
    [paymentId],
  );
  return row?.tries ?? 0;
}

/** States a fact about a payment that changes no status, such as one more try of a net cancel. */
export async function recordPaymentFact(
  sql: Sql,
  fact: {
    payment: Payment;
    kind: string;
    cancelId?: string;
    detail: Readonly<Record<string, unknown>>;
    at: Date;
  },
): Promise<void> {
  await sql.run(
    {
      name: "payment-fact",
      text: `INSERT INTO payment_event (payment_id, version, kind, cancel_id, actor_type, actor_id, detail, at)
        VALUES ($1, $2, $3, $4, 'system', 'system', $5::jsonb, $6)`,
    },
    [
      fact.payment.id,
      fact.payment.version,
      fact.kind,
      fact.cancelId ?? null,
      JSON.stringify(fact.detail),
      fact.at,
    ],
  );
}

/** What an operator has given back of these payments from the console alone; neither refused cancels nor those of an approved request count. Minor units. */
export async function sumOperatorCancels(
  sql: Sql,
  query: Readonly<{ paymentIds: readonly string[]; operatorId: string }>,
): Promise<bigint> {
  const [row] = await sql.run<{ sumMinor: bigint }>(
    {
      name: "payment-operator-cancels",
      text: `SELECT coalesce(sum(amount_minor), 0)::bigint AS "sumMinor" FROM payment_cancel
        WHERE payment_id = ANY($1::text[]) AND actor_id = $2 AND origin = 'CONSOLE' AND status <> 'FAILED' AND change_request_id IS NULL`,
    },
    [query.paymentIds, query.operatorId],
  );
  return row?.sumMinor ?? 0n;
}

export type NewCancel = Readonly<{
  id: string;
  origin: Origin;
  actorType: "mall" | "operator" | "system";
  actorId: string;
  amountMinor: bigint;
  taxFreeMinor: bigint;
  vatMinor: bigint;
  balanceBeforeMinor: bigint;
  reason: string;
  traceNo: string;
  leaseMs: number;
  requestedAt: Date;
  traceId: string;
  /** CANCEL_PENDING for a cancel; a net cancel of a DONE payment leaves the status until the VAN has agreed. */
  statusMeanwhile: PaymentStatus;
  historyKind: "cancel_requested" | "net_cancel_requested";
  /** The approved request it carries out. */
  changeRequestId?: string | undefined;
}>;

/**
 * Commit 1 of a cancel (C1): claims the idempotency key if there is one, sets the amount aside and writes the cancel
 * REQUESTED, by compare-and-set on the payment's version. The payment is locked first, so a key is claimed only
 * together with its cancel. `payment_changed`: it is not as it was read, and nothing was written.
 */
export async function openCancel(
  sql: Sql,
  payment: Payment,
  cancel: NewCancel,
  use: IdempotencyUse | undefined,
  jobs: readonly OutboxRow[],
): Promise<"reserved" | "key_used" | "payment_changed"> {
  const [row] = await sql.run<{ unchanged: number; reserved: number }>(
    {
      name: "payment-open-cancel",
      text: `WITH unchanged AS (
          SELECT id FROM payment WHERE id = $1 AND version = $2 AND status = $3::payment_status FOR UPDATE
        ), claim AS (
          INSERT INTO idempotency_key (mall_id, method, path, key, request_hash, payment_id, cancel_id, expires_at)
          SELECT $22, $18, $19, $20, $21, id, $4, $15::timestamptz + interval '15 days' FROM unchanged WHERE $20::text IS NOT NULL
          ON CONFLICT (mall_id, method, path, key) DO NOTHING RETURNING 1
        ), reserved AS (
          UPDATE payment p SET status = $17::payment_status, version = p.version + 1,
            reserved_minor = p.reserved_minor + $8, reserved_tax_free_minor = p.reserved_tax_free_minor + $9,
            lease_until = clock_timestamp() + $14 * interval '1 millisecond', updated_at = $15::timestamptz
          FROM unchanged
          WHERE p.id = unchanged.id AND ($20::text IS NULL OR EXISTS (SELECT 1 FROM claim))
          RETURNING p.id, p.mall_id, p.version
        ), opened AS (
          INSERT INTO payment_cancel (id, payment_id, mall_id, status, origin, actor_id, amount_minor, tax_free_minor, vat_minor,
            balance_before_minor, reason, trace_no, lease_until, requested_at, trace_id, change_request_id)
          SELECT $4, id, mall_id, 'REQUESTED', $5::origin, $7, $8, $9, $10, $11, $12, $13,
            clock_timestamp() + $14 * interval '1 millisecond', $15::timestamptz, $16, $30 FROM reserved
        ), history AS (
          INSERT INTO payment_event (payment_id, version, kind, from_status, to_status, cancel_id, actor_type, actor_id, detail, at)
          SELECT id, version, $23, $3::payment_status, $17::payment_status, $4, $6, $7,
            jsonb_build_object('amount', $8::bigint, 'reason', $12::text, 'traceId', $16::text), $15::timestamptz FROM reserved
        ), jobs AS (
          INSERT INTO outbox_message (job_name, job_key, payload, subject_id, available_at, trace_id)
          SELECT j.name, j.key, j.payload::jsonb, j.subject, date_trunc('milliseconds', now()) + j.delay_ms * interval '1 millisecond', j.trace
          FROM reserved, unnest($24::text[], $25::text[], $26::text[], $27::text[], $28::bigint[], $29::text[]) AS j (name, key, payload, subject, delay_ms, trace)
          ON CONFLICT (job_key) DO NOTHING
        )
        SELECT (SELECT count(*)::int FROM unchanged) AS unchanged, (SELECT count(*)::int FROM reserved) AS reserved`,
    },
    [
      payment.id,
      payment.version,
      payment.status,
      cancel.id,
      cancel.origin,
      cancel.actorType,
      cancel.actorId,
      cancel.amountMinor,
      cancel.taxFreeMinor,
      cancel.vatMinor,
      cancel.balanceBeforeMinor,
      cancel.reason,
      cancel.traceNo,
      cancel.leaseMs,
      cancel.requestedAt,
      cancel.traceId,
      cancel.statusMeanwhile,
      use?.method ?? null,
      use?.path ?? null,
      use?.key ?? null,
      use?.requestHash ?? null,
      payment.mallId,
      cancel.historyKind,
      ...outboxColumns(jobs),
      cancel.changeRequestId ?? null,
    ],
  );
  if (row?.reserved === 1) return "reserved";
  return row?.unchanged === 1 ? "key_used" : "payment_changed";
}

/**
 * Marks a cancel whose outcome is not known (forward recovery follows), with its recovery job and exchange. The payment's
 * version goes up with it: a handler that was paused past its lease can no longer settle what recovery now owns (§5.0.4).
 * False when the cancel was settled already, or the payment changed since it was read.
 */
export async function markCancelUnknown(
  sql: Sql,
  unknown: {
    payment: Payment;
    cancel: PaymentCancel;
    because: string;
    jobs: readonly OutboxRow[];
    exchange: KeptExchange | undefined;
    at: Date;
  },
): Promise<boolean> {
  const [row] = await sql.run<{ marked: number }>(
    {
      name: "payment-cancel-unknown",
      text: `WITH fenced AS (
          UPDATE payment p SET version = p.version + 1, updated_at = $4::timestamptz
          FROM payment_cancel c
          WHERE c.id = $1 AND c.status = 'REQUESTED' AND p.id = c.payment_id AND p.version = $2
          RETURNING p.id, p.version
        ), marked AS (
          UPDATE payment_cancel c SET status = 'UNKNOWN' FROM fenced
          WHERE c.id = $1 AND c.payment_id = fenced.id AND c.status = 'REQUESTED'
          RETURNING c.payment_id, fenced.version
        ), history AS (
          INSERT INTO payment_event (payment_id, version, kind, cancel_id, actor_type, actor_id, detail, at)
          SELECT payment_id, version, 'cancel_unknown', $1, 'system', 'system', jsonb_build_object('because', $3::text), $4::timestamptz FROM marked
        ), jobs AS (
          INSERT INTO outbox_message (job_name, job_key, payload, subject_id, available_at, trace_id)
          SELECT j.name, j.key, j.payload::jsonb, j.subject, date_trunc('milliseconds', now()) + j.delay_ms * interval '1 millisecond', j.trace
          FROM marked, unnest($5::text[], $6::text[], $7::text[], $8::text[], $9::bigint[], $10::text[]) AS j (name, key, payload, subject, delay_ms, trace)
          ON CONFLICT (job_key) DO NOTHING
        ), exchanged AS (${exchangeInsert(11)}
        )
        SELECT (SELECT count(*)::int FROM marked) AS marked`,
    },
    [
      unknown.cancel.id,
      unknown.payment.version,
      unknown.because,
      unknown.at,
      ...outboxColumns(unknown.jobs),
      ...exchangeColumns(unknown.exchange),
    ],
  );
  return row?.marked === 1;
}

/** Notes that the mall wants a running approval reversed as soon as it answers (NC-7). False when it is not running any more. */
export async function flagNetCancelWanted(sql: Sql, paymentId: string, at: Date): Promise<boolean> {
  const rows = await sql.run(
    {
      name: "payment-flag-net-cancel",
      text: `WITH flagged AS (
          UPDATE payment SET net_cancel_requested_at = coalesce(net_cancel_requested_at, $2::timestamptz), updated_at = $2::timestamptz
          WHERE id = $1 AND status = 'IN_PROGRESS' RETURNING id, version, mall_id
        ), history AS (
          INSERT INTO payment_event (payment_id, version, kind, actor_type, actor_id, detail, at)
          SELECT id, version, 'net_cancel_requested', 'mall', mall_id, '{}'::jsonb, $2::timestamptz FROM flagged
        ) SELECT id FROM flagged`,
    },
    [paymentId, at],
  );
  return rows.length === 1;
}

/** Remembers for an hour that this order is not to be approved (NC-7). */
export async function layTombstone(
  sql: Sql,
  mallId: string,
  orderId: string,
  expiresAt: Date,
): Promise<void> {
  await sql.run(
    {
      name: "net-cancel-tombstone",
      text: `INSERT INTO net_cancel_tombstone (mall_id, order_id, expires_at) VALUES ($1, $2, $3)
        ON CONFLICT (mall_id, order_id) DO UPDATE SET expires_at = EXCLUDED.expires_at`,
    },
    [mallId, orderId, expiresAt],
  );
}

/** Payments whose handler is gone: still IN_PROGRESS after the lease. */
export async function loadAbandonedApprovals(sql: Sql, limit: number): Promise<Payment[]> {
  return sql.run(
    {
      name: "payment-abandoned",
      text: `SELECT ${paymentColumns} FROM payment p WHERE p.status = 'IN_PROGRESS' AND p.lease_until < clock_timestamp() ORDER BY p.lease_until LIMIT $1`,
    },
    [limit],
  );
}

/** Cancels whose handler is gone: still REQUESTED after the lease. */
export async function loadAbandonedCancels(sql: Sql, limit: number): Promise<PaymentCancel[]> {
  return sql.run(
    {
      name: "payment-cancel-abandoned",
      text: `SELECT ${cancelColumns} FROM payment_cancel c WHERE c.status = 'REQUESTED' AND c.origin <> 'NET_CANCEL' AND c.lease_until < clock_timestamp() ORDER BY c.lease_until LIMIT $1`,
    },
    [limit],
  );
}

/** Unresolved work that nobody is about to do. `subject` is the payment it belongs to. */
export type ForgottenWork = Readonly<{
  kind: "net-cancel" | "recover-cancel" | "reverse-orphan";
  id: string;
  subject: string;
}>;

/**
 * UNKNOWN payments, open cancels and open orphans whose lease has passed and for which no job is waiting and no dead
 * letter is parked: the sweeper gives each a new job, so that none is forgotten.
 */
export async function loadForgottenWork(sql: Sql, limit: number): Promise<ForgottenWork[]> {
  return sql.run(
    {
      name: "payment-forgotten",
      text: `WITH open_work AS (
          SELECT 'net-cancel' AS kind, p.id, p.id AS subject FROM payment p WHERE p.status = 'UNKNOWN' AND p.lease_until < clock_timestamp()
          UNION ALL
          SELECT 'net-cancel', p.id, p.id FROM payment_cancel c JOIN payment p ON p.id = c.payment_id
            WHERE c.status = 'REQUESTED' AND c.origin = 'NET_CANCEL' AND c.lease_until < clock_timestamp()
          UNION ALL
          SELECT 'recover-cancel', c.id, c.payment_id FROM payment_cancel c WHERE c.status = 'UNKNOWN' AND c.lease_until < clock_timestamp()
          UNION ALL
          SELECT 'reverse-orphan', o.id::text, o.payment_id FROM van_orphan o WHERE o.state = 'OPEN' AND o.found_at < clock_timestamp() - interval '30 seconds')
        SELECT w.kind, w.id, w.subject FROM open_work w
        WHERE NOT EXISTS (SELECT 1 FROM outbox_message m WHERE m.subject_id = w.subject AND m.job_name = w.kind AND m.done_at IS NULL AND m.dead_at IS NULL)
          AND NOT EXISTS (SELECT 1 FROM dead_letter d WHERE d.payment_id = w.subject AND d.job_name = w.kind AND d.status IN ('PARKED', 'REDRIVEN'))
        LIMIT $1`,
    },
    [limit],
  );
}

export type Orphan = Readonly<{
  id: bigint;
  paymentId: string;
  traceNo: string;
  amountMinor: bigint;
  state: string;
  foundAt: Date;
}>;

/** Writes down money found live at the VAN after its payment had ended. Returns the orphan's id; nothing when it is known already. */
export async function recordOrphan(
  sql: Sql,
  payment: Payment,
  source: "late_response" | "inquiry" | "van_file",
  at: Date,
): Promise<bigint | undefined> {
  const [orphan] = await sql.run<{ id: bigint }>(
    {
      name: "van-orphan-record",
      text: `WITH found AS (
          INSERT INTO van_orphan (payment_id, trace_no, amount_minor, source, found_at) VALUES ($1, $2, $3, $4, $5)
          ON CONFLICT (trace_no) DO NOTHING RETURNING id, payment_id
        ), history AS (
          INSERT INTO payment_event (payment_id, version, kind, actor_type, actor_id, detail, at)
          SELECT payment_id, $6, 'late_approval_found', 'system', 'system', jsonb_build_object('source', $4::text, 'orphanId', id), $5 FROM found
        ) SELECT id FROM found`,
    },
    [payment.id, payment.traceNo, payment.amountMinor, source, at, payment.version],
  );
  return orphan?.id;
}

/** Reads one orphan. */
export async function loadOrphan(sql: Sql, id: bigint): Promise<Orphan | undefined> {
  const [orphan] = await sql.run<Orphan>(
    {
      name: "van-orphan-load",
      text: `SELECT id, payment_id AS "paymentId", trace_no AS "traceNo", amount_minor AS "amountMinor", state, found_at AS "foundAt" FROM van_orphan WHERE id = $1`,
    },
    [id],
  );
  return orphan;
}

/** Closes an orphan that the VAN has reversed. */
export async function closeOrphan(sql: Sql, id: bigint, at: Date): Promise<void> {
  await sql.run(
    {
      name: "van-orphan-close",
      text: `UPDATE van_orphan SET state = 'REVERSED', closed_at = $2 WHERE id = $1 AND state = 'OPEN'`,
    },
    [id, at],
  );
}
