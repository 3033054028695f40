"use client";

import { useQuery } from "@tanstack/react-query";
import { ChevronLeft, ChevronRight, CircleCheck, CircleDashed, Landmark, TriangleAlert } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { formatRate } from "#components/i18n/format.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { PageHeader } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { useAddressView } from "#components/layout/use-address-view.ts";
import { seoulDate } from "#components/payments/seoul-date.ts";
import { useNarrow } from "#components/payments/use-media-query.ts";
import { daysOf, fundAddress, monthAfter } from "#components/settlements/fund-month.ts";
import { SettlementTabs } from "#components/settlements/settlement-tabs.tsx";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { DateTime } from "#components/ui/date-time.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Money } from "#components/ui/money.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { ToneBadge } from "#components/ui/status-badge.tsx";
import { Cell, HeaderCell, Table, TableHead, TableRow } from "#components/ui/table.tsx";
import type { FundDay } from "#server/settlement/fund-queries.ts";

const ReportFundSheet = dynamic(
  () => import("#components/settlements/report-fund-sheet.tsx").then((module) => module.ReportFundSheet),
  { ssr: false },
);

/** What malls were owed at the end of each settled day, and how much of it lay outside (정산자금 외부관리). */
export function FundScreen() {
  const { settlements, common } = useTexts();
  const words = settlements.fund;
  const trpc = useTRPC();
  const narrow = useNarrow();
  const mayRecord = useMay("settlement:manage");
  const { view, change } = useAddressView(fundAddress);
  const month = view.month ?? seoulDate(new Date()).slice(0, 7);
  const report = useQuery(trpc.settlement.funds.queryOptions(daysOf(month)));
  const [recording, setRecording] = useState<FundDay | null>(null);
  const onRecord = mayRecord ? setRecording : undefined;
  const days = report.data;
  return (
    <div className="flex min-h-0 flex-1 flex-col print:block">
      <PageHeader
        title={words.title}
        actions={<Button onClick={() => window.print()}>{settlements.calendar.print}</Button>}
      />
      <SettlementTabs page="fund" />
      <div className="px-6 pt-3 max-wide:px-4">
        <p className="max-w-200 text-ink-2">{words.lead}</p>
        <p className="max-w-200 text-ink-3">{words.rule}</p>
        <nav aria-label={words.months} className="flex items-center gap-2 py-2">
          <span className="print:hidden">
            <IconButton
              icon={ChevronLeft}
              label={words.previous}
              onClick={() => change({ month: monthAfter(month, -1) })}
            />
          </span>
          <b aria-live="polite" className="font-semibold text-section tabular-nums">
            {month}
          </b>
          <span className="print:hidden">
            <IconButton
              icon={ChevronRight}
              label={words.next}
              onClick={() => change({ month: monthAfter(month, 1) })}
            />
          </span>
        </nav>
      </div>
      {report.isError && !days ? (
        <div className="px-6 max-wide:px-4">
          <QueryError
            error={report.error}
            title={words.error}
            onRetry={() => void report.refetch()}
            retrying={report.isFetching}
          />
        </div>
      ) : !days ? (
        <table className="w-full border-line border-t" aria-label={words.caption(month)}>
          <caption className="sr-only">{common.loading}</caption>
          <tbody>
            <SkeletonRows columns={9} />
          </tbody>
        </table>
      ) : days.length === 0 ? (
        <div className="border-line border-t">
          <EmptyState icon={Landmark} title={words.none}>
            {words.noneBody}
          </EmptyState>
        </div>
      ) : narrow ? (
        <FundCards days={days} month={month} onRecord={onRecord} />
      ) : (
        <FundTable days={days} month={month} onRecord={onRecord} />
      )}
      {recording ? (
        <ReportFundSheet key={recording.businessDate} day={recording} onClose={() => setRecording(null)} />
      ) : null}
    </div>
  );
}

type ListProps = {
  days: readonly FundDay[];
  month: string;
  /** Undefined for those who may only read. */
  onRecord: ((day: FundDay) => void) | undefined;
};

const looks = {
  MISSING: { level: "plain", tone: "mute", icon: CircleDashed },
  SHORT: { level: "tint", tone: "warn", icon: TriangleAlert },
  MET: { level: "plain", tone: "ok", icon: CircleCheck },
} as const;

function FundState({ day: { shortfallMinor } }: { day: FundDay }) {
  const words = useTexts().settlements.fund;
  const state = shortfallMinor === null ? "MISSING" : shortfallMinor > 0n ? "SHORT" : "MET";
  return <ToneBadge {...looks[state]} label={words.states[state]} />;
}

const ratioOf = ({ ratioE4 }: FundDay) => (ratioE4 === null ? "–" : formatRate(ratioE4 / 10_000));

function Record({ day, onRecord }: { day: FundDay; onRecord: (day: FundDay) => void }) {
  const words = useTexts().settlements.fund;
  const isAgain = day.heldMinor !== null;
  return (
    <Button
      size="small"
      aria-label={isAgain ? words.againOf(day.businessDate) : words.recordOf(day.businessDate)}
      onClick={() => onRecord(day)}
    >
      {isAgain ? words.again : words.record}
    </Button>
  );
}

function FundTable({ days, month, onRecord }: ListProps) {
  const words = useTexts().settlements.fund;
  const { columns } = words;
  return (
    <Table caption={words.caption(month)} wrapperClassName="flex-1 border-line border-t tabular-nums">
      <TableHead>
        <HeaderCell>{columns.state}</HeaderCell>
        <HeaderCell>{columns.date}</HeaderCell>
        <HeaderCell numeric>{columns.obligation}</HeaderCell>
        <HeaderCell numeric>{columns.percent}</HeaderCell>
        <HeaderCell numeric>{columns.required}</HeaderCell>
        <HeaderCell numeric>{columns.held}</HeaderCell>
        <HeaderCell numeric>{columns.ratio}</HeaderCell>
        <HeaderCell numeric>{columns.shortfall}</HeaderCell>
        <HeaderCell className="w-full">{columns.by}</HeaderCell>
        {onRecord ? (
          <HeaderCell className="print:hidden">
            <span className="sr-only">{columns.action}</span>
          </HeaderCell>
        ) : null}
      </TableHead>
      <tbody>
        {days.map((day) => (
          <TableRow key={day.businessDate}>
            <Cell>
              <FundState day={day} />
            </Cell>
            <Cell className="font-semibold">{day.businessDate}</Cell>
            <Cell numeric>
              <Money bare amountMinor={day.obligationMinor} />
            </Cell>
            <Cell numeric>{day.requiredPercent}%</Cell>
            <Cell numeric>
              <Money bare amountMinor={day.requiredMinor} />
            </Cell>
            <Cell numeric>
              <Money bare amountMinor={day.heldMinor} />
            </Cell>
            <Cell numeric className={classes(day.ratioE4 === null && "text-ink-3")}>
              {ratioOf(day)}
            </Cell>
            <Cell numeric className={classes((day.shortfallMinor ?? 0n) > 0n && "font-semibold text-warn")}>
              <Money bare amountMinor={day.shortfallMinor} />
            </Cell>
            <Cell
              describing
              title={[day.reportedByName, day.note].filter(Boolean).join(" · ")}
              className="min-w-40"
            >
              {day.reportedByName}{" "}
              {day.reportedAt ? <DateTime at={day.reportedAt} className="text-ink-3" /> : null}
              {day.note ? <span className="pl-1.5 text-ink-3">{day.note}</span> : null}
            </Cell>
            {onRecord ? (
              <Cell numeric className="print:hidden">
                <Record day={day} onRecord={onRecord} />
              </Cell>
            ) : null}
          </TableRow>
        ))}
      </tbody>
    </Table>
  );
}

/** The report at 390 px: each day says all of its figures below each other. */
function FundCards({ days, month, onRecord }: ListProps) {
  const words = useTexts().settlements.fund;
  const { columns } = words;
  return (
    <ul aria-label={words.caption(month)} className="border-line border-t tabular-nums">
      {days.map((day) => (
        <li key={day.businessDate} className="border-line border-b px-4 py-2.5">
          <div className="flex items-center gap-x-3">
            <b className="whitespace-nowrap font-semibold">{day.businessDate}</b>
            <FundState day={day} />
            {onRecord ? (
              <span className="ml-auto">
                <Record day={day} onRecord={onRecord} />
              </span>
            ) : null}
          </div>
          <dl className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 gap-y-0.5 pt-1">
            {(
              [
                [columns.obligation, day.obligationMinor],
                [columns.required, day.requiredMinor],
                [columns.held, day.heldMinor],
                [columns.shortfall, day.shortfallMinor],
              ] as const
            ).map(([name, amountMinor]) => (
              <div key={name} className="col-span-2 grid grid-cols-subgrid">
                <dt className="text-ink-3">{name}</dt>
                <dd
                  className={classes(
                    "text-right",
                    name === columns.shortfall && (amountMinor ?? 0n) > 0n && "font-semibold text-warn",
                  )}
                >
                  <Money bare amountMinor={amountMinor} />
                </dd>
              </div>
            ))}
            <div className="col-span-2 grid grid-cols-subgrid">
              <dt className="text-ink-3">{columns.ratio}</dt>
              <dd className="text-right">
                {ratioOf(day)} / {day.requiredPercent}%
              </dd>
            </div>
          </dl>
        </li>
      ))}
    </ul>
  );
}
