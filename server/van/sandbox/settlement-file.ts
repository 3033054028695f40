import iconv from "iconv-lite";
import type { Book } from "./book.ts";

type FileRecord = Readonly<{
  /** A approval, C cancel, N net cancel of an earlier day's approval. */
  kind: "A" | "C" | "N";
  traceNo: string;
  originalTraceNo: string;
  mallId: string;
  orderId: string;
  approvalNo: string;
  amount: number;
  issuerCode: string;
  issuerName: string;
  at: string;
}>;

/** The Asia/Seoul date of an instant. */
function dateOf(at: string): string {
  return new Date(Date.parse(at) + 9 * 3_600_000).toISOString().slice(0, 10);
}

/** Asia/Seoul `YYYYMMDDhhmmss`. */
function timeOf(at: string): string {
  return new Date(Date.parse(at) + 9 * 3_600_000).toISOString().replaceAll(/[-T:]/g, "").slice(0, 14);
}

/**
 * What the VAN will pay for of one business date, in the order of the book. An approval that was net-cancelled
 * on its own day is left out with its net cancel; a late one is in, which is how reconciliation finds it (NC-8).
 */
function recordsOf(book: Book, date: string): FileRecord[] {
  const records: FileRecord[] = [];
  for (const line of book.ledger) {
    if (
      line.type === "INQUIRY" ||
      (line.result !== "APPROVED" && line.result !== "CANCELED" && line.result !== "NET_CANCELED")
    )
      continue;
    if (dateOf(line.at) !== date) continue;
    const originalTraceNo = line.type === "CANCEL" ? line.originalTraceNo : line.traceNo;
    const approval = book.approvals.get(originalTraceNo);
    if (!approval) continue;
    const { netCanceledAt } = approval;
    if (line.type !== "CANCEL" && netCanceledAt && dateOf(netCanceledAt) === dateOf(approval.line.at))
      continue;
    const { traceNo, mallId, orderId, amount, at } = line;
    const { approvalNo, issuerCode, issuerName } = approval.line;
    const kind = line.type === "APPROVE" ? "A" : line.type === "CANCEL" ? "C" : "N";
    records.push({
      kind,
      traceNo,
      originalTraceNo,
      mallId,
      orderId,
      approvalNo,
      amount,
      issuerCode,
      issuerName,
      at,
    });
  }
  return records;
}

function sums(records: readonly FileRecord[]) {
  const approved = records.filter((record) => record.kind === "A");
  const returned = records.filter((record) => record.kind !== "A");
  const total = (some: readonly FileRecord[]) => some.reduce((sum, record) => sum + record.amount, 0);
  return {
    approvedCount: approved.length,
    approvedAmount: total(approved),
    returnedCount: returned.length,
    returnedAmount: total(returned),
  };
}

/** SBX1's daily file: CSV in UTF-8 with an `H` and a `T` record, one record a line. */
export function sbx1File(book: Book, date: string): Buffer {
  const records = recordsOf(book, date);
  const { approvedCount, approvedAmount, returnedCount, returnedAmount } = sums(records);
  const lines = [
    ["H", "SBX1", date],
    ...records.map((r) => [
      "D",
      r.kind,
      r.traceNo,
      r.originalTraceNo,
      r.mallId,
      r.orderId,
      r.approvalNo,
      r.amount,
      r.issuerCode,
      r.issuerName,
      r.at,
    ]),
    ["T", records.length, approvedCount, approvedAmount, returnedCount, returnedAmount],
  ];
  return Buffer.from(lines.map((line) => `${line.join(",")}\n`).join(""), "utf8");
}

/** Bytes of every record of SBX2's daily file, before its line feed. */
const sbx2RecordBytes = 220;

/** SBX2's daily file: fixed-length records of 220 bytes of EUC-KR, `H`, `D`… and `T`, each ended by a line feed. */
export function sbx2File(book: Book, date: string): Buffer {
  const records = recordsOf(book, date);
  const { approvedCount, approvedAmount, returnedCount, returnedAmount } = sums(records);
  const num = (value: number, width: number) => String(value).padStart(width, "0");
  const lines = [
    `HSBX2${date.replaceAll("-", "")}`,
    ...records.map(
      (r) =>
        `D${r.kind}${r.traceNo.padEnd(20)}${r.originalTraceNo.padEnd(20)}${r.mallId.padEnd(40)}${r.orderId.padEnd(64)}${r.approvalNo.padEnd(8)}${num(r.amount, 12)}${timeOf(r.at)}${r.issuerCode.padEnd(2)}${r.issuerName}`,
    ),
    `T${num(records.length, 8)}${num(approvedCount, 8)}${num(approvedAmount, 15)}${num(returnedCount, 8)}${num(returnedAmount, 15)}`,
  ];
  return Buffer.concat(
    lines.map((line) => {
      const bytes = Buffer.alloc(sbx2RecordBytes + 1, 0x20);
      iconv.encode(line, "euc-kr").copy(bytes);
      bytes[sbx2RecordBytes] = 0x0a;
      return bytes;
    }),
  );
}

/** What the VAN keeps of one amount, as it says it: floored to won, and a tenth of that rounded half up as VAT. */
function feeOf(amount: number, feeRateE5: number): { fee: number; feeVat: number } {
  const fee = Math.floor((amount * feeRateE5) / 100_000);
  return { fee, feeVat: Math.floor((fee + 5) / 10) };
}

/**
 * What the VAN's bank paid in for the records of one business date (입금 내역), record by record: CSV in UTF-8, the same
 * of both VANs. What was given back is negative. It pays on the next day.
 */
export function depositFile(book: Book, code: string, date: string, feeRateE5: number): Buffer {
  const rows = recordsOf(book, date).map((record) => {
    const sign = record.kind === "A" ? 1 : -1;
    const { fee, feeVat } = feeOf(record.amount, feeRateE5);
    return { record, amount: sign * record.amount, fee: sign * fee, feeVat: sign * feeVat };
  });
  const total = (of: (row: (typeof rows)[number]) => number) => rows.reduce((sum, row) => sum + of(row), 0);
  const paidOn = new Date(Date.parse(date) + 24 * 3_600_000).toISOString().slice(0, 10);
  const lines = [
    ["H", "DEPOSIT", code, date, paidOn],
    ...rows.map(({ record, amount, fee, feeVat }) => [
      "D",
      record.kind,
      record.traceNo,
      record.originalTraceNo,
      amount,
      fee,
      feeVat,
      amount - fee - feeVat,
    ]),
    [
      "T",
      rows.length,
      total((row) => row.amount),
      total((row) => row.fee),
      total((row) => row.feeVat),
      total((row) => row.amount - row.fee - row.feeVat),
    ],
  ];
  return Buffer.from(lines.map((line) => `${line.join(",")}\n`).join(""), "utf8");
}
