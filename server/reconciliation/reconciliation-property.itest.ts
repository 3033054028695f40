import { afterEach, beforeEach, expect, test } from "vitest";
import { systemActor } from "#server/core/actor.ts";
import { endOfBusinessDate, startOfBusinessDate } from "#server/core/business-date.ts";
import { importFile } from "#server/reconciliation/import-file.ts";
import type { FileKind } from "#server/reconciliation/reconciliation.values.ts";
import { addDays } from "#server/settlement/domain/business-calendar.ts";
import { chance } from "#server/testing/chance.ts";
import { aDepositFile, anSbx1File, type FileRow, inPieces } from "#server/testing/daily-files.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";

// Two days in which anything may go wrong with any record, judged record by record by a rule of three lines each.

let world: TestWorld;
const first = "2026-11-17";
const second = addDays(first, 1);

beforeEach(async () => {
  world = await openTestWorld({ redis: false });
});
afterEach(() => world.close());

/** What happens to one approval on its way into the files, and what that is to be called on its own day; null: nothing differs. */
const fates = {
  good: null,
  goodToo: null,
  notAtVan: "ONLY_OURS/NOT_AT_VAN OPEN",
  otherAmount: "AMOUNT_DIFF/AMOUNT OPEN",
  notPaid: "AMOUNT_DIFF/NOT_PAID OPEN",
  paidLess: "AMOUNT_DIFF/PAID_OTHERWISE OPEN",
  dearer: "FEE_DIFF/FEE OPEN",
  nextDay: "DATE_SHIFT/OTHER_DATE EXPLAINED",
  paidNextDay: "DATE_SHIFT/OTHER_DATE EXPLAINED",
  twice: null,
  paidTwice: null,
  declined: "ONLY_VAN/LATE_APPROVAL OPEN",
  unclear: "STATUS_DIFF/OUTCOME_OPEN OPEN",
  stranger: "ONLY_VAN/UNKNOWN_TRACE OPEN",
} as const;
type Fate = keyof typeof fates;
/** What is seen of it on the day after its own. */
const onNextDay: Partial<Record<Fate, string>> = {
  nextDay: fates.nextDay,
  paidNextDay: fates.paidNextDay,
  twice: "ONLY_VAN/TWICE OPEN",
  paidTwice: "ONLY_VAN/TWICE OPEN",
};

type Case = Readonly<{ traceNo: string; date: string; amount: number; fate: Fate }>;

async function plant(cases: readonly Case[]): Promise<void> {
  const ours = cases.filter(({ fate }) => fate !== "stranger");
  const statusOf = (fate: Fate) =>
    fate === "declined" ? "ABORTED" : fate === "unclear" ? "UNKNOWN" : "DONE";
  await world.rows(
    `INSERT INTO payment (id, mall_id, order_id, order_name, method, amount_minor, vat_minor, status, van_code, trace_no, lease_until, requested_at, approved_at,
       failure_code, unknown_reason, trace_id)
     SELECT 'pay_' || trace, 'mall_TEST', 'order-' || trace, '책', 'CARD', amount, 0, status::payment_status, 'SBX1', trace, now(), at, CASE status WHEN 'DONE' THEN at END,
       CASE status WHEN 'ABORTED' THEN 'CARD_DECLINED' END, CASE status WHEN 'UNKNOWN' THEN 'timeout' END, 't'
     FROM unnest($1::text[], $2::bigint[], $3::text[], $4::timestamptz[]) c(trace, amount, status, at)`,
    [
      ours.map(({ traceNo }) => traceNo),
      ours.map(({ amount }) => amount),
      ours.map(({ fate }) => statusOf(fate)),
      ours.map(({ date }) => startOfBusinessDate(date)),
    ],
  );
  await world.rows(
    `INSERT INTO ledger_entry (event_key, account, amount_minor, payment_id, business_date)
     SELECT 'pay:' || id || ':approve', account, sign * amount_minor, id, (approved_at AT TIME ZONE 'Asia/Seoul')::date
     FROM payment, (VALUES ('van_receivable:SBX1', 1), ('mall_payable:mall_TEST', -1)) s(account, sign) WHERE status = 'DONE'`,
  );
}

function filesOf(date: string, cases: readonly Case[]) {
  const stands = (one: Case, own: boolean, next: boolean) =>
    (own && date === one.date) || (next && date === addDays(one.date, 1));
  const atVan = cases.filter((one) =>
    stands(
      one,
      one.fate !== "notAtVan" && one.fate !== "nextDay",
      one.fate === "nextDay" || one.fate === "twice",
    ),
  );
  const rowOf = ({ traceNo, amount, fate }: Case): FileRow => ({
    kind: "A",
    traceNo,
    amount: fate === "otherAmount" ? amount + 1 : amount,
  });
  const paid = cases.filter((one) =>
    stands(one, !["notAtVan", "nextDay", "notPaid", "paidNextDay"].includes(one.fate), one.fate in onNextDay),
  );
  const dearer = new Set(paid.filter(({ fate }) => fate === "dearer").map(({ traceNo }) => traceNo));
  return {
    VAN: anSbx1File(date, atVan.map(rowOf)),
    DEPOSIT: aDepositFile(
      "SBX1",
      date,
      paid.map((one) => (one.fate === "paidLess" ? { ...rowOf(one), amount: one.amount - 1 } : rowOf(one))),
      (amount, { traceNo }) => Math.floor((amount * 1_500) / 100_000) + (dearer.has(traceNo) ? 1 : 0),
    ),
  };
}

test.each([1, 2, 3, 4, 5])(
  "whatever goes wrong is called what it is, in any order of files (seed %i)",
  async (seed) => {
    const draw = chance(seed);
    const names = Object.keys(fates) as [Fate, ...Fate[]];
    const cases: Case[] = Array.from({ length: 120 }, (_, n) => {
      const fate = draw.one(names);
      // Only the first day has a next one.
      const date = fate in onNextDay ? first : draw.one([first, second]);
      return { traceNo: `0P${String(n).padStart(18, "0")}`, date, amount: draw.whole(1_000, 90_000), fate };
    });
    await plant(cases);
    const files = [first, second].flatMap((date) => {
      const both = filesOf(date, cases);
      return (["VAN", "DEPOSIT"] as const).map((kind): [string, FileKind, Buffer] => [
        date,
        kind,
        both[kind],
      ]);
    });
    for (let i = files.length - 1; i > 0; i--) {
      const other = draw.whole(0, i);
      [files[i], files[other]] = [files[other], files[i]] as [(typeof files)[0], (typeof files)[0]];
    }
    const ctx = { ...world.ctx, now: () => endOfBusinessDate(second) };
    for (const [businessDate, kind, bytes] of files)
      await importFile(ctx, {
        vanCode: "SBX1",
        businessDate,
        kind,
        bytes: inPieces(bytes, draw.whole(1, 5_000)),
        actor: systemActor,
        traceId: null,
      });

    const expected = cases.flatMap(({ traceNo, date, fate }) => {
      const verdict = fates[fate];
      const later = onNextDay[fate];
      return [
        ...(verdict ? [`${date} ${traceNo} ${verdict}`] : []),
        ...(later ? [`${addDays(date, 1)} ${traceNo} ${later}`] : []),
      ];
    });
    const found = await world.rows<{ line: string }>(
      "SELECT to_char(business_date, 'YYYY-MM-DD') || ' ' || trace_no || ' ' || class || '/' || reason || ' ' || state AS line FROM recon_item WHERE class <> 'MATCHED'",
    );
    expect(found.map(({ line }) => line).sort()).toEqual(expected.sort());
    // What we have and the VAN has not, less what it has and we have not, is the difference of the two sums: nothing is lost.
    for (const date of [first, second]) {
      const [sums] = await world.rows<{ difference: bigint; explained: bigint }>(
        `SELECT (ours_minor - van_minor) AS difference, (SELECT coalesce(sum(CASE WHEN ours_date = $1::date THEN ours_minor ELSE 0 END
          - CASE WHEN van_date = $1::date THEN van_minor ELSE 0 END), 0)::bigint FROM recon_item i
         WHERE i.business_date = $1::date AND class <> 'MATCHED') AS explained FROM recon_day WHERE business_date = $1::date`,
        [date],
      );
      expect(sums?.explained).toBe(sums?.difference);
    }
    const orphans = await world.rows<{ trace: string }>(
      "SELECT trace_no AS trace FROM van_orphan ORDER BY 1",
    );
    expect(orphans.map(({ trace }) => trace)).toEqual(
      cases.filter(({ fate }) => fate === "declined").map(({ traceNo }) => traceNo),
    );
  },
);
