import { createReadStream } from "node:fs";
import type { Client } from "pg";
import { vanReaderOf } from "#server/reconciliation/daily-file.ts";
import type { DepositRecord, VanRecord } from "#server/reconciliation/domain/daily-record.ts";
import { readDepositFile } from "#server/reconciliation/read-deposit-file.ts";
import { type FeeRounding, feeOf, feeVatOf } from "#server/settlement/domain/fee.ts";

type Day = Readonly<{ vanCode: string; businessDate: string }>;
type Judged = Readonly<{ class: string; ours: bigint | null }>;

/**
 * A day's reconciliation as it is often written: each record of the two files is read and written by itself, then each of
 * the VAN's is looked up on our side and the bank's and compared in the application, then each of ours at the VAN. It
 * commits every thousand rows. Lines and items go into copies of the real tables. Returns how many records were read.
 */
export async function reconcileRowByRow(
  client: Client,
  day: Day,
  files: Readonly<{ van: string; deposit: string }>,
  malls: readonly string[],
): Promise<number> {
  for (const table of ["recon_van_line", "recon_deposit_line", "recon_item"]) {
    const copy = table.replace("recon", "bench");
    await client.query(`CREATE TABLE ${copy} (LIKE ${table} INCLUDING ALL)`);
  }
  let written = 0;
  const keepOn = async () => {
    if (++written % 1_000 === 0) await client.query("COMMIT; BEGIN");
  };
  await client.query("BEGIN");
  for await (const records of readDepositFile(createReadStream(files.deposit)))
    for (const record of records) {
      await writeDeposit(client, day, record, written + 2);
      await keepOn();
    }
  const deposits = written;
  for await (const records of vanReaderOf(day.vanCode)(createReadStream(files.van)))
    for (const record of records) {
      await writeVan(client, day, record, written - deposits + 2);
      await keepOn();
    }
  const read = written;
  const { rows: terms } = await client.query<{ feeRateE5: number; feeRounding: FeeRounding }>(
    `SELECT fee_rate_e5 AS "feeRateE5", fee_rounding::text AS "feeRounding" FROM van_fee_terms WHERE van_code = $1 ORDER BY effective_from DESC LIMIT 1`,
    [day.vanCode],
  );
  const [term] = terms;
  if (!term) throw new Error(`${day.vanCode} has no terms`);
  for await (const records of vanReaderOf(day.vanCode)(createReadStream(files.van)))
    for (const record of records) {
      const judged = await judge(client, day, record, term);
      if (judged) await writeItem(client, day, { ...record, ...judged, van: record.amountMinor });
      await keepOn();
    }
  for (const mallId of malls)
    for (const event of await readOurs(client, day, mallId)) {
      const trace = await traceOf(client, event);
      const { rowCount } = await client.query({
        name: "row-at-van",
        text: "SELECT 1 FROM bench_van_line WHERE van_code = $1 AND trace_no = $2 AND kind = $3 AND business_date = $4::date",
        values: [day.vanCode, trace, event.kind, day.businessDate],
      });
      if (rowCount === 0)
        await writeItem(client, day, {
          kind: event.kind,
          traceNo: trace,
          class: "ONLY_OURS",
          ours: BigInt(event.amount),
          van: null,
        });
      await keepOn();
    }
  await client.query("COMMIT");
  return read;
}

async function writeVan(client: Client, day: Day, record: VanRecord, lineNo: number): Promise<void> {
  await client.query({
    name: "row-van",
    text: `INSERT INTO bench_van_line (file_id, line_no, van_code, business_date, kind, trace_no, original_trace_no, mall_id, order_id, approval_no, amount_minor,
        issuer_code, issuer_name, processed_at) VALUES ('bench', $1, $2, $3::date, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    values: [
      lineNo,
      day.vanCode,
      day.businessDate,
      record.kind,
      record.traceNo,
      record.originalTraceNo,
      record.mallId,
      record.orderId,
      record.approvalNo,
      record.amountMinor,
      record.issuerCode,
      record.issuerName,
      record.processedAt,
    ],
  });
}

async function writeDeposit(client: Client, day: Day, record: DepositRecord, lineNo: number): Promise<void> {
  await client.query({
    name: "row-deposit",
    text: `INSERT INTO bench_deposit_line (file_id, line_no, van_code, business_date, kind, trace_no, amount_minor, fee_minor, fee_vat_minor)
      VALUES ('bench', $1, $2, $3::date, $4, $5, $6, $7, $8)`,
    values: [
      lineNo,
      day.vanCode,
      day.businessDate,
      record.kind,
      record.traceNo,
      record.amountMinor,
      record.feeMinor,
      record.feeVatMinor,
    ],
  });
}

/** What a record of the VAN differs by from ours and the bank's; undefined when all agree. */
async function judge(
  client: Client,
  { vanCode, businessDate }: Day,
  record: VanRecord,
  terms: Readonly<{ feeRateE5: number; feeRounding: FeeRounding }>,
): Promise<Judged | undefined> {
  const { rows: found } = await client.query<{ event: string; status: string }>(
    record.kind === "C"
      ? {
          name: "row-cancel-by-trace",
          text: `SELECT 'pay:' || c.payment_id || ':cancel:' || c.id AS event, c.status::text AS status FROM payment_cancel c WHERE c.trace_no = $1`,
          values: [record.traceNo],
        }
      : {
          name: "row-payment-by-trace",
          text: `SELECT 'pay:' || id || CASE $2 WHEN 'A' THEN ':approve' ELSE ':net_cancel' END AS event, status::text AS status FROM payment WHERE trace_no = $1 AND van_code = $3`,
          values: [record.traceNo, record.kind, vanCode],
        },
  );
  const [ours] = found;
  if (!ours) return { class: "ONLY_VAN", ours: null };
  const { rows: entries } = await client.query<{ amount: string; date: string }>({
    name: "row-ledger",
    text: `SELECT amount_minor::text AS amount, to_char(business_date, 'YYYY-MM-DD') AS date FROM ledger_entry WHERE event_key = $1 AND account = $2`,
    values: [ours.event, `van_receivable:${vanCode}`],
  });
  const [entry] = entries;
  if (!entry) return { class: ours.status === "NET_CANCELED" ? "ONLY_VAN" : "STATUS_DIFF", ours: null };
  const amount = BigInt(entry.amount);
  if (amount !== record.amountMinor) return { class: "AMOUNT_DIFF", ours: amount };
  const { rows: deposits } = await client.query<{ amount: string; fee: string; vat: string }>({
    name: "row-deposit-by-trace",
    text: `SELECT amount_minor::text AS amount, fee_minor::text AS fee, fee_vat_minor::text AS vat FROM bench_deposit_line
      WHERE van_code = $1 AND trace_no = $2 AND kind = $3 AND business_date = $4::date`,
    values: [vanCode, record.traceNo, record.kind, businessDate],
  });
  const [paid] = deposits;
  if (!paid || BigInt(paid.amount) !== amount) return { class: "AMOUNT_DIFF", ours: amount };
  const sign = amount < 0n ? -1n : 1n;
  const fee = feeOf(sign * amount, terms);
  if (BigInt(paid.fee) !== sign * fee || BigInt(paid.vat) !== sign * feeVatOf(fee))
    return { class: "FEE_DIFF", ours: amount };
  return entry.date === businessDate ? undefined : { class: "DATE_SHIFT", ours: amount };
}

type OurEvent = Readonly<{ kind: "A" | "C"; paymentId: string; cancelId: string; amount: string }>;

async function readOurs(client: Client, { businessDate }: Day, mallId: string): Promise<OurEvent[]> {
  const { rows } = await client.query<OurEvent>(
    `SELECT CASE WHEN amount_minor < 0 THEN 'A' ELSE 'C' END AS kind, payment_id AS "paymentId", split_part(event_key, ':', 4) AS "cancelId",
       (-amount_minor)::text AS amount
     FROM ledger_entry WHERE account = $1 AND account LIKE 'mall_payable:%' AND business_date = $2::date`,
    [`mall_payable:${mallId}`, businessDate],
  );
  return rows;
}

async function traceOf(client: Client, { kind, paymentId, cancelId }: OurEvent): Promise<string> {
  const { rows } = await client.query<{ trace: string }>(
    kind === "A"
      ? {
          name: "row-payment-trace",
          text: "SELECT trace_no AS trace FROM payment WHERE id = $1",
          values: [paymentId],
        }
      : {
          name: "row-cancel-trace",
          text: "SELECT trace_no AS trace FROM payment_cancel WHERE id = $1",
          values: [cancelId],
        },
  );
  return rows[0]?.trace ?? "";
}

async function writeItem(
  client: Client,
  day: Day,
  item: Judged & Readonly<{ kind: string; traceNo: string; van: bigint | null }>,
): Promise<void> {
  await client.query({
    name: "row-item",
    text: `INSERT INTO bench_item (van_code, business_date, kind, trace_no, class, reason, priority, ours_minor, van_minor, risk_minor, state, found_at, changed_at)
      VALUES ($1, $2::date, $3, $4, $5, 'NONE', 1, $6, $7, 0, 'OPEN', now(), now())`,
    values: [day.vanCode, day.businessDate, item.kind, item.traceNo, item.class, item.ours, item.van],
  });
}
