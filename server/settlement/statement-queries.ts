import type { Sql } from "#server/platform/db.ts";
import type { LineSums, StatementLine } from "#server/settlement/domain/statement.ts";
import { type SettlementRow, settlementColumns } from "#server/settlement/settlement-queries.ts";
import { sealOf } from "#server/settlement/settlement-seal.ts";

/** A settlement for its statement, with what its lines come to when they are added up now. */
export type StatementFacts = SettlementRow &
  Readonly<{
    businessNumber: string;
    fromDate: string;
    lines: Readonly<{
      count: number;
      approvalCount: number;
      approvalMinor: bigint;
      cancelCount: number;
      cancelMinor: bigint;
      adjustmentMinor: bigint;
      feeMinor: bigint;
      feeVatMinor: bigint;
      netMinor: bigint;
      /** In hex. */
      hash: string | null;
      /** The largest of each column, without sign. */
      largest: LineSums;
      /** What each column adds up to without signs: no part of it comes to more. */
      whole: LineSums;
    }>;
  }>;

type Row = Omit<StatementFacts, "lines"> &
  Omit<StatementFacts["lines"], "count" | "hash" | "largest" | "whole"> & {
    lineTotal: number;
    approvals: number;
    approved: bigint;
    cancels: number;
    canceled: bigint;
    adjusted: bigint;
    fees: bigint;
    vats: bigint;
    nets: bigint;
    lineHash: string | null;
    amountLargest: bigint;
    feeLargest: bigint;
    vatLargest: bigint;
    netLargest: bigint;
    amountWhole: bigint;
    feeWhole: bigint;
    vatWhole: bigint;
    netWhole: bigint;
  };

const sumOf = (column: string, name: string) => `coalesce(sum(${column}), 0)::bigint AS ${name}`;
const sizeOf = (column: string, name: string) =>
  `coalesce(max(abs(${column})), 0)::bigint AS "${name}Largest", coalesce(sum(abs(${column})), 0)::bigint AS "${name}Whole"`;

/** Reads a settlement for its statement and adds up its lines; undefined when there is none. */
export async function readStatementFacts(sql: Sql, id: string): Promise<StatementFacts | undefined> {
  const [row] = await sql.run<Row>(
    {
      name: "statement-facts",
      text: `SELECT ${settlementColumns}, m.business_number AS "businessNumber", to_char(b.from_date, 'YYYY-MM-DD') AS "fromDate", l.*,
          encode(${sealOf("s.id")}, 'hex') AS "lineHash"
        FROM settlement s JOIN mall m ON m.id = s.mall_id JOIN settlement_batch b ON b.business_date = s.business_date
        CROSS JOIN LATERAL (
          SELECT count(*)::int AS "lineTotal", count(*) FILTER (WHERE kind = 'APPROVAL')::int AS approvals, count(*) FILTER (WHERE kind = 'CANCEL')::int AS cancels,
            coalesce(sum(amount_minor) FILTER (WHERE kind = 'APPROVAL'), 0)::bigint AS approved,
            coalesce(sum(amount_minor) FILTER (WHERE kind = 'CANCEL'), 0)::bigint AS canceled,
            coalesce(sum(net_minor) FILTER (WHERE kind = 'ADJUSTMENT'), 0)::bigint AS adjusted,
            ${sumOf("fee_minor", "fees")}, ${sumOf("fee_vat_minor", "vats")}, ${sumOf("net_minor", "nets")},
            ${sizeOf("amount_minor", "amount")}, ${sizeOf("fee_minor", "fee")}, ${sizeOf("fee_vat_minor", "vat")}, ${sizeOf("net_minor", "net")}
          FROM settlement_line WHERE settlement_id = s.id) l
        WHERE s.id = $1`,
    },
    [id],
  );
  if (!row) return undefined;
  return {
    ...row,
    lines: {
      count: row.lineTotal,
      approvalCount: row.approvals,
      approvalMinor: row.approved,
      cancelCount: row.cancels,
      cancelMinor: row.canceled,
      adjustmentMinor: row.adjusted,
      feeMinor: row.fees,
      feeVatMinor: row.vats,
      netMinor: row.nets,
      hash: row.lineHash,
      largest: {
        amountMinor: row.amountLargest,
        feeMinor: row.feeLargest,
        feeVatMinor: row.vatLargest,
        netMinor: row.netLargest,
      },
      whole: {
        amountMinor: row.amountWhole,
        feeMinor: row.feeWhole,
        feeVatMinor: row.vatWhole,
        netMinor: row.netWhole,
      },
    },
  };
}

/** So many lines are in memory at once. */
const linesPerRead = 1_000;

/** The lines of a settlement in their order, some at a time. Fees are said as the paper says them: negative when the mall pays. */
export async function* readStatementLines(
  sql: Sql,
  settlementId: string,
): AsyncGenerator<readonly StatementLine[]> {
  let after = 0;
  for (;;) {
    const lines = await sql.run<StatementLine>(
      {
        name: "statement-lines",
        text: `SELECT l.line_no AS "lineNo", l.kind::text AS kind, to_char(l.event_date, 'YYYY-MM-DD') AS "eventDate",
            coalesce(p.order_id, l.payment_id, substr(l.event_key, 5)) AS reference, l.amount_minor AS "amountMinor", -l.fee_minor AS "feeMinor",
            -l.fee_vat_minor AS "feeVatMinor", l.net_minor AS "netMinor"
          FROM settlement_line l LEFT JOIN payment p ON p.id = l.payment_id
          WHERE l.settlement_id = $1 AND l.line_no > $2 ORDER BY l.line_no LIMIT $3`,
      },
      [settlementId, after, linesPerRead],
    );
    if (lines.length > 0) yield lines;
    if (lines.length < linesPerRead) return;
    after = lines.at(-1)?.lineNo ?? after;
  }
}
