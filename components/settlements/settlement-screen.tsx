"use client";

import { useQuery } from "@tanstack/react-query";
import { SearchX } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { Breadcrumbs, PageHeader, SectionTitle } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { refusalOf } from "#components/layout/refusal-text.ts";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { PayoutReason } from "#components/settlements/payout-reason.tsx";
import {
  SettlementActions,
  SettlementWaits,
  useOpenRequests,
} from "#components/settlements/settlement-actions.tsx";
import { SettlementBadge } from "#components/settlements/settlement-badge.tsx";
import { SettlementLines } from "#components/settlements/settlement-lines.tsx";
import { StatementButton } from "#components/settlements/statement-button.tsx";
import { Button, buttonClasses } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { DateTime } from "#components/ui/date-time.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { HeroMoney, Money } from "#components/ui/money.tsx";
import { Note } from "#components/ui/note.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { SettlementDetail } from "#server/settlement/settlement-queries.ts";

const ReleaseSheet = dynamic(
  () => import("#components/settlements/hold-sheets.tsx").then((module) => module.ReleaseSheet),
  { ssr: false },
);

/** While something is asked for, the settlement changes as soon as somebody approves. */
const askedEveryMs = 5_000;

/** One settlement: how its payout adds up, when it is paid and why, who decided, and every line with its reasons. */
export function SettlementScreen({ settlementId }: { settlementId: string }) {
  const { settlements } = useTexts();
  const words = settlements.page;
  const trpc = useTRPC();
  const isAsked = (useOpenRequests(settlementId).data ?? []).length > 0;
  const query = useQuery(
    trpc.settlement.read.queryOptions({ settlementId }, { refetchInterval: isAsked ? askedEveryMs : false }),
  );
  // Asked for together with the settlement, so that the reasons come with it and nothing below them moves.
  useQuery(trpc.settlement.explainPayout.queryOptions({ settlementId }));
  const { refetch } = query;
  const wasAsked = useRef(false);
  useEffect(() => {
    // The last request is gone: it may just have been carried out.
    if (wasAsked.current && !isAsked) void refetch();
    wasAsked.current = isAsked;
  }, [isAsked, refetch]);
  const settlement = query.data;
  if (!settlement) {
    if (query.isError && ["NOT_FOUND", "INVALID_REQUEST"].includes(refusalOf(query.error)?.code ?? ""))
      return (
        <>
          <h1 className="sr-only">{words.notFound}</h1>
          <EmptyState
            icon={SearchX}
            title={words.notFound}
            action={
              <Link href="/settlements" className={buttonClasses()}>
                {words.toList}
              </Link>
            }
          >
            {words.notFoundBody}
          </EmptyState>
        </>
      );
    return (
      <div className="flex flex-col gap-4 p-6 max-wide:p-4">
        <h1 className="sr-only">{settlements.title}</h1>
        {query.isError ? (
          <QueryError
            error={query.error}
            title={settlements.error}
            onRetry={() => void query.refetch()}
            retrying={query.isFetching}
          />
        ) : (
          <>
            <Skeleton className="h-7 w-1/3" />
            <Skeleton className="h-56 w-full" />
            <Skeleton className="h-64 w-full" />
          </>
        )}
      </div>
    );
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <Breadcrumbs
        crumbs={[
          { label: settlements.title, href: "/settlements" },
          { label: `${settlement.businessDate} ${settlement.mallName}` },
        ]}
      />
      <PageHeader
        title={<HeroMoney amountMinor={settlement.payoutMinor} />}
        status={<SettlementBadge settlement={settlement} size="large" />}
        actions={<SettlementActions settlement={settlement} />}
      />
      <div className="flex flex-col px-6 pb-8 max-wide:px-4">
        <Facts settlement={settlement} />
        <SettlementWaits settlement={settlement} />
        {settlement.state === "WITHHELD" ? <Holds settlement={settlement} /> : null}
        <div className="grid grid-cols-2 gap-x-8 max-full:grid-cols-1">
          <section aria-labelledby="amounts">
            <SectionTitle
              id="amounts"
              remark={words.amountsRemark}
              action={<StatementButton settlement={settlement} />}
            >
              {words.amounts}
            </SectionTitle>
            <Amounts settlement={settlement} />
          </section>
          <div className="min-w-0">
            <section aria-labelledby="why">
              <SectionTitle id="why">{settlements.why.title}</SectionTitle>
              <PayoutReason settlementId={settlement.id} />
            </section>
            <section aria-labelledby="history">
              <SectionTitle id="history">{words.history}</SectionTitle>
              <History settlement={settlement} />
            </section>
          </div>
        </div>
        <SettlementLines settlementId={settlement.id} lineCount={settlement.lineCount} />
      </div>
    </div>
  );
}

type Part = { settlement: SettlementDetail };

function Facts({ settlement }: Part) {
  const { settlements, common } = useTexts();
  const words = settlements.page;
  const { columns } = settlements;
  const facts: readonly (readonly [string, ReactNode])[] = [
    [
      words.mall,
      <Link
        key="mall"
        href={`/malls/${settlement.mallId}`}
        className="text-link underline underline-offset-2"
      >
        {settlement.mallName}
      </Link>,
    ],
    [columns.method, common.method[settlement.method]],
    [columns.businessDate, settlement.businessDate],
    [columns.payoutDate, settlement.payoutDate ?? <Money key="none" amountMinor={null} />],
  ];
  return (
    <dl className="grid grid-cols-[repeat(4,auto)_minmax(0,1fr)] gap-x-8 gap-y-2 rounded-panel bg-sunken px-3 py-2.5 max-full:grid-cols-2">
      {facts.map(([name, value]) => (
        <div key={name} className="min-w-0">
          <dt className="text-ink-3 text-meta">{name}</dt>
          <dd className="truncate tabular-nums">{value}</dd>
        </div>
      ))}
      <div className="min-w-0 max-full:col-span-2">
        <dt className="text-ink-3 text-meta">{words.id}</dt>
        <dd className="flex min-w-0 items-center gap-1">
          <span className="truncate font-mono text-meta">{settlement.id}</span>
          <CopyButton value={settlement.id} what={words.id} />
        </dd>
      </div>
    </dl>
  );
}

function Holds({ settlement }: Part) {
  const { settlements } = useTexts();
  const words = settlements.page;
  const maySettle = useMay("settlement:manage");
  const asked = useOpenRequests(settlement.id).data ?? [];
  // As it was when the sheet opened, whatever is read again behind it.
  const [releasing, setReleasing] = useState<Readonly<{
    settlement: SettlementDetail;
    hold: SettlementDetail["holds"][number];
  }> | null>(null);
  return (
    <div className="pt-3">
      <Note tone="warn">
        <b className="font-semibold">{words.withheld}</b>
        <ul>
          {settlement.holds.map((hold) => (
            <li key={hold.id} className="flex flex-wrap items-center gap-x-2">
              <span>{hold.isOfMall ? words.holdOfMall : words.holdOfOne}</span>
              <span className="text-ink-2 [overflow-wrap:anywhere]">{hold.reason}</span>
              <DateTime at={new Date(hold.setAt)} format="full" />
              {maySettle ? (
                <Button
                  size="small"
                  disabled={asked.some(({ holdId }) => holdId === hold.id)}
                  onClick={() => setReleasing({ settlement, hold })}
                >
                  {settlements.release.open}
                </Button>
              ) : null}
            </li>
          ))}
        </ul>
      </Note>
      {releasing ? <ReleaseSheet {...releasing} onClose={() => setReleasing(null)} /> : null}
    </div>
  );
}

/** The sum from what was sold to what is paid, each line with its sign. */
function Amounts({ settlement: s }: Part) {
  const words = useTexts().settlements.page;
  const lines: readonly (readonly [string, bigint, "sum"?])[] = [
    [words.approvals(s.approvalCount), s.approvalMinor],
    [words.cancels(s.cancelCount), s.cancelMinor],
    [words.fee, -s.feeMinor],
    [words.feeVat, -s.feeVatMinor],
    [words.adjustments, s.adjustmentMinor],
    [words.net, s.netMinor, "sum"],
    [words.carriedIn, s.carriedInMinor],
    ...(s.carriedOutMinor === 0n ? [] : [[words.carriedOut, -s.carriedOutMinor] as const]),
    [words.payout, s.payoutMinor, "sum"],
  ];
  return (
    <dl className="grid grid-cols-[minmax(0,1fr)_auto] tabular-nums">
      {lines.map(([name, amountMinor, sum]) => (
        <div
          key={name}
          className={classes(
            "col-span-2 grid min-h-8 grid-cols-subgrid items-center gap-x-4 border-line border-b",
            sum && "border-line-2 font-semibold",
          )}
        >
          <dt className={classes(!sum && "text-ink-2")}>{name}</dt>
          <dd className="text-right">
            <Money amountMinor={amountMinor} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Who computed, confirmed and paid it, and when; a step that has not come says so. */
function History({ settlement: s }: Part) {
  const words = useTexts().settlements.page;
  const steps = [
    { name: words.drafted, at: s.draftedAt, by: s.draftedAt && words.byClock },
    {
      name: words.confirmed,
      at: s.confirmedAt,
      by: s.confirmedAt && words.people(s.confirmMaker ?? "", s.confirmedBy ?? ""),
    },
    {
      name: words.paidOut,
      at: s.paidOutAt,
      by: s.paidOutAt && words.people(s.payoutMaker ?? "", s.paidOutBy ?? ""),
    },
  ];
  return (
    <>
      <ol>
        {steps.map(({ name, at, by }) => (
          <li
            key={name}
            className="flex min-h-8 flex-wrap items-center gap-x-3 border-line border-b py-1 tabular-nums"
          >
            <b className={classes("w-28 font-semibold", !at && "text-ink-3")}>{name}</b>
            {at ? <DateTime at={at} format="full" /> : <span className="text-ink-3">{words.waiting}</span>}
            {by ? <span className="text-ink-2">{by}</span> : null}
          </li>
        ))}
      </ol>
      {s.hash ? (
        <div className="flex min-w-0 items-center gap-x-2 pt-2 text-ink-3 text-meta" title={words.hashHint}>
          <span className="shrink-0">{words.hash}</span>
          <span className="truncate font-mono">{s.hash}</span>
          <CopyButton value={s.hash} what={words.hash} />
        </div>
      ) : null}
    </>
  );
}
