"use client";

import { useQuery } from "@tanstack/react-query";
import { Activity, BanknoteX, CalendarX2, CircleCheck, type LucideIcon } from "lucide-react";
import Link from "next/link";
import { formatMoney, formatRate } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { emptyView, settlementAddress } from "#components/settlements/settlement-url.ts";
import { classes } from "#components/ui/classes.ts";
import { DatesInText } from "#components/ui/dates-in-text.tsx";
import { ScrollArea } from "#components/ui/scroll-area.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { type Level, type Tone, ToneBadge } from "#components/ui/status-badge.tsx";
import type { AnomalyReport, SettlementAnomaly } from "#server/settlement/anomaly-queries.ts";
import { type AnomalyKind, anomalyKinds } from "#server/settlement/settlement.values.ts";

const looks: Readonly<Record<AnomalyKind, Readonly<{ level: Level; tone: Tone; icon: LucideIcon }>>> = {
  NEGATIVE: { level: "tint", tone: "bad", icon: BanknoteX },
  MISSING: { level: "tint", tone: "warn", icon: CalendarX2 },
  DEVIATION: { level: "plain", tone: "warn", icon: Activity },
};

/**
 * What to look at first in the newest date that is settled. However much there is, and before it is known, it takes the
 * same height: the entries stand side by side, so that the list below stays where it is.
 */
export function SettlementAnomalies() {
  const words = useTexts().settlements.anomalies;
  const trpc = useTRPC();
  const query = useQuery(trpc.settlement.anomalies.queryOptions());
  const report = query.data;
  const kinds = anomalyKinds.filter((kind) => (report?.counts[kind] ?? 0) > 0);
  return (
    <section
      aria-labelledby="anomalies"
      className="flex shrink-0 gap-x-6 gap-y-1 border-line border-b px-6 py-2 max-wide:flex-col max-wide:px-4"
    >
      <div className="w-56 shrink-0 max-wide:h-9 max-wide:w-full">
        <h2 id="anomalies" className="font-semibold">
          {words.title}{" "}
          {report ? <span className="font-normal text-ink-3">{report.businessDate}</span> : null}
        </h2>
        <p className="text-ink-2 text-meta">
          {report
            ? kinds.map((kind) => words.kindCount(words.kinds[kind], report.counts[kind])).join(" · ")
            : null}
        </p>
      </div>
      <div className="h-19 min-w-0 flex-1 max-wide:flex-none">
        {report === undefined ? (
          query.isError ? (
            <QueryError
              compact
              error={query.error}
              title={words.error}
              onRetry={() => void query.refetch()}
              retrying={query.isFetching}
            />
          ) : (
            <div className="flex h-full flex-col justify-center gap-2">
              <Skeleton className="w-2/3" />
              <Skeleton className="w-1/2" />
            </div>
          )
        ) : report === null || kinds.length === 0 ? (
          <div className="flex gap-2">
            <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-ok" strokeWidth={1.75} />
            <div>
              <p>
                <DatesInText>{report === null ? words.notYet : words.none(report.businessDate)}</DatesInText>
              </p>
              <p className="text-ink-3 text-meta">{words.rule}</p>
            </div>
          </div>
        ) : (
          <Entries report={report} />
        )}
      </div>
    </section>
  );
}

function Entries({ report }: { report: AnomalyReport }) {
  const words = useTexts().settlements.anomalies;
  const { anomalies, businessDate, fromDate, counts } = report;
  const left = anomalyKinds.reduce((sum, kind) => sum + counts[kind], 0) - anomalies.length;
  const listOf = (mall: string[], business: string) =>
    `/settlements${settlementAddress.write({ ...emptyView, mall, business })}`;
  return (
    <ScrollArea label={words.area} className="h-full [scrollbar-width:thin]">
      <ul className="flex w-max divide-x divide-line tabular-nums">
        {anomalies.map((anomaly) => (
          <li key={`${anomaly.mallId}:${anomaly.method}`}>
            <Entry
              anomaly={anomaly}
              href={
                anomaly.settlementId === null
                  ? listOf([anomaly.mallId], `${fromDate}..${businessDate}`)
                  : `/settlements/${anomaly.settlementId}`
              }
            />
          </li>
        ))}
        {left > 0 ? (
          <li className="self-center px-4">
            <Link
              href={listOf([], `${businessDate}..${businessDate}`)}
              className="underline underline-offset-2"
            >
              {words.more(left)}
            </Link>
          </li>
        ) : null}
      </ul>
    </ScrollArea>
  );
}

function Entry({ anomaly, href }: { anomaly: SettlementAnomaly; href: string }) {
  const { settlements, common } = useTexts();
  const words = settlements.anomalies;
  const language = useLanguage();
  const { kind, mallName, method, amountMinor, meanMinor, settledBefore } = anomaly;
  return (
    <Link
      href={href}
      className="block min-w-60 px-4 py-0.5 text-ink no-underline hover:bg-hover focus-visible:-outline-offset-2"
    >
      <span className="flex h-[22px] items-center justify-between gap-x-3">
        <ToneBadge {...looks[kind]} label={words.kinds[kind]} />
        <span className="text-ink-2 text-meta">
          {amountMinor === null ? words.settledBefore(settledBefore) : deviationText(amountMinor, meanMinor)}
        </span>
      </span>
      <span className="flex">
        <span className="max-w-52 truncate font-semibold" title={mallName}>
          {mallName}
        </span>
        <span className="whitespace-nowrap text-ink-2">&nbsp;· {common.method[method]}</span>
      </span>
      <span className="flex gap-x-2 whitespace-nowrap text-meta">
        <span className={classes("font-semibold", kind === "NEGATIVE" && "text-bad")}>
          {amountMinor === null ? words.missing : formatMoney(amountMinor, language)}
        </span>
        <span className="text-ink-3">
          {meanMinor === null ? words.noMean : words.mean(formatMoney(meanMinor, language))}
        </span>
      </span>
    </Link>
  );
}

/** How far an amount is off its mean, `+82.4%`; empty where there is nothing to measure by. */
function deviationText(amountMinor: bigint, meanMinor: bigint | null): string {
  if (meanMinor === null || meanMinor === 0n) return "";
  const share = Number(amountMinor - meanMinor) / Number(meanMinor);
  return `${share < 0 ? "−" : "+"}${formatRate(Math.abs(share))}`;
}
