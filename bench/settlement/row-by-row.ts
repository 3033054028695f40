import type { Client } from "pg";
import { approvalAmounts, cancelAmounts, type FeeRounding } from "#server/settlement/domain/fee.ts";

type Entry = { event_key: string; payment_id: string; posted: string };
type Terms = { id: string; feeRateE5: number; feeRounding: FeeRounding; isFeeRefundable: boolean };

/**
 * The batch as it is often written: read a mall's events, and for each of them look up its payment and its contract, compute
 * in the application, insert one row. It commits every thousand rows. Lines go into a copy of the real table; it ends after `most` of them.
 */
export async function settleRowByRow(
  client: Client,
  malls: readonly string[],
  businessDate: string,
  most: number,
): Promise<number> {
  await client.query("DROP TABLE IF EXISTS bench_line");
  await client.query("CREATE TABLE bench_line (LIKE settlement_line INCLUDING ALL)");
  let written = 0;
  await client.query("BEGIN");
  for (const mallId of malls) {
    const { rows } = await client.query<Entry>(
      `SELECT event_key, payment_id, amount_minor::text AS posted FROM ledger_entry
       WHERE account = $1 AND account LIKE 'mall_payable:%' AND business_date = $2::date ORDER BY payment_id, event_key`,
      [`mall_payable:${mallId}`, businessDate],
    );
    let lineNo = 0;
    for (const entry of rows) {
      if (written === most) break;
      await settleOne(client, mallId, businessDate, entry, ++lineNo);
      if (++written % 1_000 === 0) await client.query("COMMIT; BEGIN");
    }
  }
  await client.query("COMMIT");
  return written;
}

async function settleOne(
  client: Client,
  mallId: string,
  businessDate: string,
  entry: Entry,
  lineNo: number,
): Promise<void> {
  const { rows: payments } = await client.query<{ method: string }>({
    name: "row-payment",
    text: "SELECT method::text AS method FROM payment WHERE id = $1",
    values: [entry.payment_id],
  });
  const { rows: contracts } = await client.query<Terms>({
    name: "row-contract",
    text: `SELECT id, fee_rate_e5 AS "feeRateE5", fee_rounding::text AS "feeRounding", is_fee_refundable AS "isFeeRefundable" FROM mall_contract
      WHERE mall_id = $1 AND method = $2::payment_method AND effective_from <= $3::date ORDER BY effective_from DESC LIMIT 1`,
    values: [mallId, payments[0]?.method, businessDate],
  });
  const [terms] = contracts;
  if (!terms) throw new Error(`${mallId} has no contract`);
  const posted = BigInt(entry.posted);
  const cancelId = posted > 0n ? (entry.event_key.split(":")[3] ?? null) : null;
  let balanceBefore = 0n;
  if (cancelId) {
    const { rows } = await client.query<{ balance: string }>({
      name: "row-cancel",
      text: "SELECT balance_before_minor::text AS balance FROM payment_cancel WHERE id = $1",
      values: [cancelId],
    });
    balanceBefore = BigInt(rows[0]?.balance ?? "0");
  }
  const line = cancelId ? cancelAmounts(balanceBefore, posted, terms) : approvalAmounts(-posted, terms);
  await client.query({
    name: "row-insert",
    text: `INSERT INTO bench_line (settlement_id, line_no, kind, event_key, payment_id, cancel_id, event_date, amount_minor, fee_minor, fee_vat_minor, net_minor,
        balance_before_minor, contract_id, fee_rate_e5, fee_rounding, is_fee_refundable)
      VALUES ($1, $2, $3, $4, $5, $6, $7::date, $8, $9, $10, $11, $12, $13, $14, $15::fee_rounding, $16)`,
    values: [
      mallId,
      lineNo,
      cancelId ? "CANCEL" : "APPROVAL",
      entry.event_key,
      entry.payment_id,
      cancelId,
      businessDate,
      line.amountMinor,
      line.feeMinor,
      line.feeVatMinor,
      line.netMinor,
      balanceBefore,
      terms.id,
      terms.feeRateE5,
      terms.feeRounding,
      terms.isFeeRefundable,
    ],
  });
}
