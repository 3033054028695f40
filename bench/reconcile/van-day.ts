import type { RecordKind } from "#server/reconciliation/domain/daily-record.ts";

/** Which difference each thousand records have one of, with the classes of the items it leads to, from 1 on: payments that end in 0 have a cancel. */
const differences = [
  ["NOT_AT_VAN", ["ONLY_OURS"]],
  // Ours is not at the VAN, and what is there is not ours.
  ["UNKNOWN_TRACE", ["ONLY_OURS", "ONLY_VAN"]],
  ["AMOUNT", ["AMOUNT_DIFF"]],
  ["OUTCOME_OPEN", ["STATUS_DIFF"]],
  ["FEE", ["FEE_DIFF"]],
  ["OTHER_DATE", ["DATE_SHIFT"]],
] as const;
/** One that costs an incident and a job each, so it is rarer. */
const lateApproval = ["LATE_APPROVAL", ["ONLY_VAN"]] as const;

/** How the n-th payment differs between us, the VAN and the bank; undefined for one that agrees everywhere. */
const differenceOf = (n: number) => (n % 100_000 === 7 ? lateApproval : differences[(n % 1_000) - 1]);

/** How many items of each class a day of so many payments leads to. */
export function plantedClasses(payments: number): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (let n = 1; n <= payments; n++)
    for (const one of differenceOf(n)?.[1] ?? []) counts.set(one, (counts.get(one) ?? 0) + 1);
  return Object.fromEntries([...counts].toSorted());
}

/** One record of the VAN's file, with what the bank paid for it. Amounts are positive. */
export type FileRecord = Readonly<{
  kind: RecordKind;
  traceNo: string;
  originalTraceNo: string;
  mallId: string;
  orderId: string;
  amount: number;
  fee: number;
  feeVat: number;
}>;

/**
 * The records of a VAN's day, as `plantDay` has planted our side of them and `differenceOf` says: an approval for each
 * payment and a cancel for every tenth.
 */
export function* vanDay({
  payments,
  malls,
  feeRateE5,
}: Readonly<{ payments: number; malls: number; feeRateE5: number }>): Generator<FileRecord> {
  const feeOf = (amount: number, n: number) => {
    const fee = Math.floor((amount * feeRateE5) / 100_000) + (differenceOf(n)?.[0] === "FEE" ? 1 : 0);
    return { fee, feeVat: Math.floor((fee + 5) / 10) };
  };
  for (let n = 1; n <= payments; n++) {
    const [difference] = differenceOf(n) ?? [];
    if (difference === "NOT_AT_VAN") continue;
    const traceNo = difference === "UNKNOWN_TRACE" ? `X${n}` : `T${n}`;
    const about = {
      originalTraceNo: traceNo,
      mallId: `mall_B${String(1 + (n % malls)).padStart(4, "0")}`,
      orderId: `order-${n}`,
    };
    const amount = 1_000 + ((n * 7_919) % 90_000) + (difference === "AMOUNT" ? 10 : 0);
    yield { kind: "A", traceNo, ...about, amount, ...feeOf(amount, n) };
    if (n % 10 === 0) yield { kind: "C", traceNo: `C${traceNo}`, ...about, amount: 500, ...feeOf(500, n) };
  }
}
