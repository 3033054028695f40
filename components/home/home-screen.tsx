"use client";

import { useQuery } from "@tanstack/react-query";
import { AttentionStrip } from "#components/home/attention-strip.tsx";
import { HourChart } from "#components/home/hour-chart.tsx";
import { LiveMark } from "#components/home/live-mark.tsx";
import { oldestReadAt } from "#components/home/oldest-read-at.ts";
import { StandingFigures } from "#components/home/standing-figures.tsx";
import { TodayFigures } from "#components/home/today-figures.tsx";
import { formatDay } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { PageHeader } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { useAlive } from "#components/layout/use-alive.ts";

const refreshEveryMs = 4_000;

/**
 * Where a day begins: how it goes against the same weekday, what is open, and what needs a person. What was read stays
 * on the screen while it is asked for again, and when that fails; what needs a person grows beside the figures, so
 * that nothing moves under the pointer.
 */
export function HomeScreen() {
  const { home } = useTexts();
  const language = useLanguage();
  const trpc = useTRPC();
  // What came with the document is not asked for again at once.
  const live = { refetchInterval: refreshEveryMs, staleTime: refreshEveryMs };
  const query = useQuery(trpc.home.figures.queryOptions(undefined, live));
  const attention = useQuery(trpc.home.attention.queryOptions(undefined, live));
  // The sidebar's own query, so that its count and the figure never differ on one screen.
  const unknown = useQuery(trpc.unresolved.count.queryOptions(undefined, live));
  // The sidebar comes to life first and may have its answer before the page does, which the server drew without one.
  const isAlive = useAlive();
  const figures = query.data;
  const failed = [query, unknown].find(({ isError, data }) => isError && data === undefined);
  const retry = () => {
    void query.refetch();
    void unknown.refetch();
    void attention.refetch();
  };
  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-auto pb-8">
      <PageHeader
        title={home.title}
        status={
          figures ? (
            <>
              <span>{formatDay(figures.asOf, language)}</span>
              <span aria-hidden>·</span>
              <LiveMark asOf={oldestReadAt([query, attention, unknown])} onReconnect={retry} />
            </>
          ) : null
        }
      />
      {failed ? (
        <div className="px-6 pt-2 max-wide:px-4">
          <QueryError error={failed.error} title={home.error} onRetry={retry} retrying={failed.isFetching} />
        </div>
      ) : null}
      <div className="grid grid-cols-[minmax(0,1fr)_280px] grid-rows-[auto_1fr] gap-x-8 px-6 max-full:grid-cols-[minmax(0,1fr)] max-full:grid-rows-none max-wide:px-4">
        {failed ? (
          <div />
        ) : (
          <div className="min-w-0">
            <TodayFigures figures={figures} />
            <StandingFigures figures={figures} unknown={isAlive ? unknown.data : undefined} />
          </div>
        )}
        <div className="row-span-2 min-w-0 max-full:row-span-1">
          {attention.isError && !attention.data ? (
            <div className="pt-4.5">
              <QueryError
                error={attention.error}
                title={home.attention.error}
                onRetry={retry}
                retrying={attention.isFetching}
                compact
              />
            </div>
          ) : (
            <AttentionStrip attention={attention.data} />
          )}
        </div>
        {failed ? null : (
          <div className="min-w-0 pt-6">
            <HourChart figures={figures} />
          </div>
        )}
      </div>
    </div>
  );
}
