import type { Sql } from "#server/platform/db.ts";
import type { FeeTerms } from "#server/settlement/domain/fee.ts";
import type { LineKind } from "#server/settlement/settlement.values.ts";

/** A line with everything it stands on. Amounts are minor units, dates business dates. */
export type LineFacts = Readonly<{
  line: Readonly<{
    lineNo: number;
    kind: LineKind;
    eventKey: string;
    eventDate: string;
    amountMinor: bigint;
    feeMinor: bigint;
    feeVatMinor: bigint;
    netMinor: bigint;
    balanceBeforeMinor: bigint;
  }>;
  /** As the line keeps them; null for an adjustment. */
  terms: FeeTerms | null;
  settlement: Readonly<{
    id: string;
    businessDate: string;
    payoutDate: string | null;
    calendarVersion: number;
    payoutContractId: string | null;
  }>;
  /** The version of the contract that the terms are of. */
  contract: Readonly<{
    id: string;
    effectiveFrom: string;
    cycle: string;
    lagBusinessDays: number;
    payoutWeekdays: readonly number[];
    payoutDayOfMonth: number;
    holidayPolicy: string;
    note: string;
  }> | null;
  payment: Readonly<{
    id: string;
    orderId: string;
    amountMinor: bigint;
    status: string;
    approvedAt: Date | null;
    vanCode: string;
    approvalNo: string | null;
  }> | null;
  cancel: Readonly<{ id: string; reason: string; origin: string; completedAt: Date | null }> | null;
  adjustment: Readonly<{
    id: string;
    reason: string;
    correctsId: string | null;
    makerId: string;
    checkerId: string;
  }> | null;
  /** The ledger entries of the event. */
  ledger: readonly Readonly<{ account: string; amountMinor: bigint }>[];
}>;

type Row = LineFacts["line"] &
  LineFacts["settlement"] & {
    settlementId: string;
    feeRateE5: number | null;
    feeRounding: FeeTerms["feeRounding"] | null;
    isFeeRefundable: boolean | null;
    contract: LineFacts["contract"];
    paymentId: string | null;
    orderId: string;
    paidMinor: bigint;
    status: string;
    approvedAt: Date | null;
    vanCode: string;
    approvalNo: string | null;
    cancelId: string | null;
    cancelReason: string;
    cancelOrigin: string;
    completedAt: Date | null;
    adjustment: LineFacts["adjustment"];
  };

/** Reads a line with everything it stands on. */
export async function loadLineFacts(
  sql: Sql,
  settlementId: string,
  lineNo: number,
): Promise<LineFacts | undefined> {
  const [row] = await sql.run<Row>(
    {
      name: "settlement-line-facts",
      text: `SELECT l.line_no AS "lineNo", l.kind::text AS kind, l.event_key AS "eventKey", to_char(l.event_date, 'YYYY-MM-DD') AS "eventDate",
          l.amount_minor AS "amountMinor", l.fee_minor AS "feeMinor", l.fee_vat_minor AS "feeVatMinor", l.net_minor AS "netMinor",
          l.balance_before_minor AS "balanceBeforeMinor", l.fee_rate_e5 AS "feeRateE5", l.fee_rounding::text AS "feeRounding", l.is_fee_refundable AS "isFeeRefundable",
          s.id AS "settlementId", to_char(s.business_date, 'YYYY-MM-DD') AS "businessDate", to_char(s.payout_date, 'YYYY-MM-DD') AS "payoutDate",
          s.calendar_version AS "calendarVersion", s.contract_id AS "payoutContractId",
          (SELECT jsonb_build_object('id', c.id, 'effectiveFrom', to_char(c.effective_from, 'YYYY-MM-DD'), 'cycle', c.cycle, 'lagBusinessDays', c.lag_business_days,
            'payoutWeekdays', c.payout_weekdays, 'payoutDayOfMonth', c.payout_day_of_month, 'holidayPolicy', c.holiday_policy, 'note', c.note)
            FROM mall_contract c WHERE c.id = l.contract_id) AS contract,
          p.id AS "paymentId", p.order_id AS "orderId", p.amount_minor AS "paidMinor", p.status::text AS status, p.approved_at AS "approvedAt",
          p.van_code AS "vanCode", p.approval_no AS "approvalNo", x.id AS "cancelId", x.reason AS "cancelReason", x.origin::text AS "cancelOrigin",
          x.completed_at AS "completedAt",
          (SELECT jsonb_build_object('id', a.id, 'reason', a.reason, 'correctsId', a.corrects_id, 'makerId', a.maker_id, 'checkerId', a.checker_id)
            FROM settlement_adjustment a WHERE a.id = substr(l.event_key, 5) AND l.kind = 'ADJUSTMENT') AS adjustment
        FROM settlement_line l JOIN settlement s ON s.id = l.settlement_id
        LEFT JOIN payment p ON p.id = l.payment_id LEFT JOIN payment_cancel x ON x.id = l.cancel_id
        WHERE l.settlement_id = $1 AND l.line_no = $2`,
    },
    [settlementId, lineNo],
  );
  if (!row) return undefined;
  const ledger = await sql.run<LineFacts["ledger"][number]>(
    {
      name: "settlement-line-ledger",
      text: `SELECT account, amount_minor AS "amountMinor" FROM ledger_entry WHERE event_key = $1 ORDER BY account`,
    },
    [row.eventKey],
  );
  return { ...shape(row), ledger };
}

function shape(row: Row): Omit<LineFacts, "ledger"> {
  const { feeRateE5, feeRounding, isFeeRefundable } = row;
  return {
    line: {
      lineNo: row.lineNo,
      kind: row.kind,
      eventKey: row.eventKey,
      eventDate: row.eventDate,
      amountMinor: row.amountMinor,
      feeMinor: row.feeMinor,
      feeVatMinor: row.feeVatMinor,
      netMinor: row.netMinor,
      balanceBeforeMinor: row.balanceBeforeMinor,
    },
    terms:
      feeRateE5 === null || feeRounding === null || isFeeRefundable === null
        ? null
        : { feeRateE5, feeRounding, isFeeRefundable },
    settlement: {
      id: row.settlementId,
      businessDate: row.businessDate,
      payoutDate: row.payoutDate,
      calendarVersion: row.calendarVersion,
      payoutContractId: row.payoutContractId,
    },
    contract: row.contract,
    payment:
      row.paymentId === null
        ? null
        : {
            id: row.paymentId,
            orderId: row.orderId,
            amountMinor: row.paidMinor,
            status: row.status,
            approvedAt: row.approvedAt,
            vanCode: row.vanCode,
            approvalNo: row.approvalNo,
          },
    cancel:
      row.cancelId === null
        ? null
        : {
            id: row.cancelId,
            reason: row.cancelReason,
            origin: row.cancelOrigin,
            completedAt: row.completedAt,
          },
    adjustment: row.adjustment,
  };
}

/** What was paid, and the terms of the contract that its lines are settled by, of payments by their ids; those that have no terms are left out. */
export async function loadFeeTerms(
  sql: Sql,
  paymentIds: readonly string[],
): Promise<ReadonlyMap<string, { paidMinor: bigint; terms: FeeTerms }>> {
  const rows = await sql.run<FeeTerms & { paymentId: string; paidMinor: bigint }>(
    {
      name: "settlement-fee-terms",
      // As the batch chooses them: the terms of the day, or the first ones agreed after it.
      text: `SELECT p.id AS "paymentId", p.amount_minor AS "paidMinor", c.fee_rate_e5 AS "feeRateE5", c.fee_rounding::text AS "feeRounding",
          c.is_fee_refundable AS "isFeeRefundable"
        FROM payment p CROSS JOIN LATERAL (SELECT (p.approved_at AT TIME ZONE 'Asia/Seoul')::date AS approved) d
        CROSS JOIN LATERAL (
          SELECT * FROM mall_contract c WHERE c.mall_id = p.mall_id AND c.method = p.method
          ORDER BY c.effective_from <= d.approved DESC,
            CASE WHEN c.effective_from <= d.approved THEN c.effective_from END DESC NULLS LAST, c.effective_from LIMIT 1) c
        WHERE p.id = ANY($1::text[]) AND p.approved_at IS NOT NULL`,
    },
    [paymentIds],
  );
  return new Map(rows.map(({ paymentId, paidMinor, ...terms }) => [paymentId, { paidMinor, terms }]));
}
