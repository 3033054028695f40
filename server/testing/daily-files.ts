import iconv from "iconv-lite";
import { startOfBusinessDate } from "#server/core/business-date.ts";

/** A record of a test's daily file; its amount is positive whatever its kind. */
export type FileRow = Readonly<{
  kind: "A" | "C" | "N";
  traceNo: string;
  originalTraceNo?: string;
  mallId?: string;
  orderId?: string;
  amount: number;
  issuerName?: string;
  at?: string;
}>;

const whole = (date: string, row: FileRow) => ({
  originalTraceNo: row.traceNo,
  mallId: "mall_TEST",
  orderId: `order-${row.traceNo}`,
  approvalNo: "30418827",
  issuerCode: "06",
  issuerName: "신한카드",
  at: new Date(startOfBusinessDate(date).getTime() + 12 * 3_600_000).toISOString(),
  ...row,
});

function totals(rows: readonly FileRow[]) {
  const sum = (some: readonly FileRow[]) => some.reduce((total, row) => total + row.amount, 0);
  const approvals = rows.filter(({ kind }) => kind === "A");
  const returns = rows.filter(({ kind }) => kind !== "A");
  return [rows.length, approvals.length, sum(approvals), returns.length, sum(returns)] as const;
}

/** A daily file as SBX1 writes it (docs/sandbox-vans.md), written by hand so that it holds the reader to the page. */
export function anSbx1File(date: string, rows: readonly FileRow[]): Buffer {
  const lines = [
    `H,SBX1,${date}`,
    ...rows.map((row) => {
      const r = whole(date, row);
      return `D,${r.kind},${r.traceNo},${r.originalTraceNo},${r.mallId},${r.orderId},${r.approvalNo},${r.amount},${r.issuerCode},${r.issuerName},${r.at}`;
    }),
    `T,${totals(rows).join(",")}`,
  ];
  return Buffer.from(`${lines.join("\n")}\n`);
}

/** A daily file as SBX2 writes it. */
export function anSbx2File(date: string, rows: readonly FileRow[]): Buffer {
  const record = (text: string) => {
    const bytes = Buffer.alloc(221, 0x20);
    iconv.encode(text, "euc-kr").copy(bytes);
    bytes[220] = 0x0a;
    return bytes;
  };
  const [records, approvals, approved, returns, returned] = totals(rows);
  const digits = (value: number, width: number) => String(value).padStart(width, "0");
  return Buffer.concat([
    record(`HSBX2${date.replaceAll("-", "")}`),
    ...rows.map((row) => {
      const r = whole(date, row);
      const time = new Date(Date.parse(r.at) + 9 * 3_600_000)
        .toISOString()
        .replaceAll(/[-T:]/g, "")
        .slice(0, 14);
      return record(
        `D${r.kind}${r.traceNo.padEnd(20)}${r.originalTraceNo.padEnd(20)}${r.mallId.padEnd(40)}${r.orderId.padEnd(64)}${r.approvalNo.padEnd(8)}${digits(r.amount, 12)}${time}${r.issuerCode.padEnd(2)}${r.issuerName}`,
      );
    }),
    record(
      `T${digits(records, 8)}${digits(approvals, 8)}${digits(approved, 15)}${digits(returns, 8)}${digits(returned, 15)}`,
    ),
  ]);
}

/** A deposit file that pays every row, less a fee of 1.5 % and its VAT unless `feeOf` says otherwise. */
export function aDepositFile(
  vanCode: string,
  date: string,
  rows: readonly FileRow[],
  feeOf: (amount: number, row: FileRow) => number = (amount) => Math.floor((amount * 1_500) / 100_000),
): Buffer {
  const paid = rows.map((row) => {
    const sign = row.kind === "A" ? 1 : -1;
    const fee = feeOf(row.amount, row);
    const vat = Math.floor((fee + 5) / 10);
    return { row, amount: sign * row.amount, fee: sign * fee, vat: sign * vat };
  });
  const sum = (of: (one: (typeof paid)[number]) => number) => paid.reduce((total, one) => total + of(one), 0);
  const lines = [
    `H,DEPOSIT,${vanCode},${date},${date}`,
    ...paid.map(
      ({ row, amount, fee, vat }) =>
        `D,${row.kind},${row.traceNo},${row.originalTraceNo ?? row.traceNo},${amount},${fee},${vat},${amount - fee - vat}`,
    ),
    `T,${paid.length},${sum((one) => one.amount)},${sum((one) => one.fee)},${sum((one) => one.vat)},${sum((one) => one.amount - one.fee - one.vat)}`,
  ];
  return Buffer.from(`${lines.join("\n")}\n`);
}

/** Bytes in pieces of a size, as a network gives them. */
export async function* inPieces(bytes: Uint8Array, size = 64 * 1024): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
