"use client";

import { useQuery } from "@tanstack/react-query";
import { CircleCheck, TriangleAlert } from "lucide-react";
import Link from "next/link";
import { formatMoney } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { SectionTitle } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { bookingsOf, type Decision } from "#components/settlements/settlement-bookings.ts";
import { BookingTable, Effects } from "#components/settlements/settlement-effects.tsx";
import { Money } from "#components/ui/money.tsx";
import { Note } from "#components/ui/note.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { ToneBadge } from "#components/ui/status-badge.tsx";
import { Cell, HeaderCell, Table, TableHead, TableRow } from "#components/ui/table.tsx";
import type { ChangePayload, StoredPayload } from "#server/change-requests/change-payloads.ts";
import type { ChangeDetail } from "#server/change-requests/change-request-queries.ts";
import type { AskedSettlement } from "#server/settlement/asked-settlements.ts";

/** What approving a request about settlements does: to the ledger, to the payout, and to which settlements. */
export default function SettlementChange({ change }: { change: ChangeDetail }) {
  const { settlements } = useTexts();
  const words = settlements.asked;
  const isPending = change.status === "PENDING";
  return (
    <section aria-labelledby="change-preview">
      <SectionTitle id="change-preview">{isPending ? words.title : words.titleOver}</SectionTitle>
      {change.kind === "SETTLEMENT_CONFIRM" ? (
        <Decided change={change} decision="confirm" />
      ) : change.kind === "SETTLEMENT_PAYOUT" ? (
        <Decided change={change} decision="payOut" />
      ) : change.kind === "WITHHOLD" ? (
        <Hold change={change} />
      ) : (
        <Adjustment change={change} />
      )}
    </section>
  );
}

function Decided({ change, decision }: { change: ChangeDetail; decision: Decision }) {
  const { settlements, common } = useTexts();
  const words = settlements.asked;
  const { columns } = settlements;
  const trpc = useTRPC();
  const query = useQuery(trpc.settlement.asked.queryOptions({ requestId: change.id }, { staleTime: 0 }));
  const isPending = change.status === "PENDING";
  if (query.isError && !query.data)
    return (
      <QueryError
        compact
        error={query.error}
        title={words.error}
        onRetry={() => void query.refetch()}
        retrying={query.isFetching}
      />
    );
  if (!query.data) return <Skeleton className="h-40 w-full max-w-140" />;
  const rows = query.data;
  const changed = rows.filter(({ isAsSeen }) => !isAsSeen).length;
  return (
    <div className="flex flex-col gap-3">
      {isPending && changed > 0 ? (
        <div className="max-w-140">
          <Note tone="warn">{words.changed(changed)}</Note>
        </div>
      ) : null}
      <div className="max-w-140">
        <BookingTable bookings={bookingsOf(decision, rows)} />
      </div>
      <Table
        caption={words.caption(rows.length)}
        wrapperClassName="-mx-6 border-line border-t tabular-nums max-wide:-mx-4"
      >
        <TableHead>
          <HeaderCell>{columns.businessDate}</HeaderCell>
          <HeaderCell className="w-full">{columns.mall}</HeaderCell>
          <HeaderCell>{columns.method}</HeaderCell>
          <HeaderCell numeric>{columns.payout}</HeaderCell>
          <HeaderCell>{columns.payoutDate}</HeaderCell>
          {isPending ? <HeaderCell>{columns.state}</HeaderCell> : null}
        </TableHead>
        <tbody>
          {rows.map((row) => (
            <TableRow key={row.id}>
              <Cell>
                <Link
                  href={`/settlements/${row.id}`}
                  aria-label={settlements.open(row.businessDate, row.mallName)}
                  className="inline-flex min-h-6 items-center underline underline-offset-2"
                >
                  {row.businessDate}
                </Link>
              </Cell>
              <Cell describing title={row.mallName} className="min-w-28">
                {row.mallName}
              </Cell>
              <Cell>{common.method[row.method]}</Cell>
              <Cell numeric className="font-semibold">
                <Money bare amountMinor={row.payoutMinor} />
              </Cell>
              <Cell>{row.payoutDate}</Cell>
              {isPending ? (
                <Cell>
                  <Seen row={row} />
                </Cell>
              ) : null}
            </TableRow>
          ))}
        </tbody>
      </Table>
    </div>
  );
}

function Seen({ row }: { row: AskedSettlement }) {
  const words = useTexts().settlements.asked;
  return row.isAsSeen ? (
    <ToneBadge level="plain" tone="ok" icon={CircleCheck} label={words.asSeen} />
  ) : (
    <ToneBadge level="tint" tone="warn" icon={TriangleAlert} label={words.rowChanged} />
  );
}

function Hold({ change }: { change: ChangeDetail }) {
  const { settlements } = useTexts();
  const words = settlements.asked;
  // The column is JSON; `requestWithholding` and `requestRelease` write no other shape.
  const { does, settlementId } = change.payload as unknown as ChangePayload<"WITHHOLD">;
  const { withhold, release } = settlements;
  return (
    <div className="flex max-w-140 flex-col gap-3">
      <Effects
        label={does === "SET" ? withhold.title : release.title}
        facts={[
          [
            withhold.scope,
            settlementId ? (
              <SettlementLink key="one" id={settlementId} />
            ) : (
              words.allOfMall(change.subjectName)
            ),
          ],
          [
            withhold.payout,
            does === "RELEASE"
              ? release.payout
              : settlementId
                ? withhold.payoutOfOne
                : withhold.payoutOfMall(change.subjectName),
          ],
          [withhold.ledger, withhold.ledgerBody],
        ]}
      />
    </div>
  );
}

function Adjustment({ change }: { change: ChangeDetail }) {
  const { settlements, common } = useTexts();
  const words = settlements.adjust;
  const language = useLanguage();
  // As above, of `requestAdjustment`.
  const { method, amountMinor, correctsId } = change.payload as unknown as StoredPayload<"ADJUSTMENT">;
  return (
    <div className="flex max-w-140 flex-col gap-3">
      <Effects
        label={words.effects}
        facts={[
          [words.next, words.nextBody(common.method[method], formatMoney(BigInt(amountMinor), language))],
          [words.ledger, words.ledgerBody],
          ...(correctsId?.startsWith("stl_")
            ? [[settlements.asked.corrects, <SettlementLink key="corrected" id={correctsId} />] as const]
            : []),
          // Of a difference that reconciliation found.
          ...(correctsId?.startsWith("pay_")
            ? [
                [
                  settlements.asked.correctsPayment,
                  <Link
                    key="corrected"
                    href={`/payments/${correctsId}`}
                    className="break-all underline underline-offset-2"
                  >
                    {correctsId}
                  </Link>,
                ] as const,
              ]
            : []),
        ]}
      />
    </div>
  );
}

function SettlementLink({ id }: { id: string }) {
  return (
    <Link href={`/settlements/${id}`} className="break-all underline underline-offset-2">
      {id}
    </Link>
  );
}
