"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { CircleCheck, LockKeyhole, SearchX, TriangleAlert } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useState } from "react";
import { formatSeoulTime } from "#components/i18n/format.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { Breadcrumbs, PageHeader, SectionTitle } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { refusalOf } from "#components/layout/refusal-text.ts";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { useAddressView } from "#components/layout/use-address-view.ts";
import { DayFiles } from "#components/reconciliation/day-files.tsx";
import { DayProgress } from "#components/reconciliation/day-progress.tsx";
import { standingOf } from "#components/reconciliation/day-standing.ts";
import { DayTotals } from "#components/reconciliation/day-totals.tsx";
import { DayBadge } from "#components/reconciliation/recon-badges.tsx";
import {
  type ItemShow,
  type ItemView,
  itemShows,
  itemsAddress,
} from "#components/reconciliation/reconciliation-url.ts";
import type { ExpectedFile } from "#components/reconciliation/send-file.ts";
import { Worklist } from "#components/reconciliation/worklist.tsx";
import { Button, buttonClasses } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { DateTime, TimeInText } from "#components/ui/date-time.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Note } from "#components/ui/note.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { reconClasses } from "#server/reconciliation/reconciliation.values.ts";
import type { ReconDayDetail } from "#server/reconciliation/reconciliation-queries.ts";

const UploadSheet = dynamic(
  () => import("#components/reconciliation/upload-sheet.tsx").then((module) => module.UploadSheet),
  { ssr: false },
);
const CloseDaySheet = dynamic(
  () => import("#components/reconciliation/close-day-sheet.tsx").then((module) => module.CloseDaySheet),
  { ssr: false },
);

const refreshEveryMs = 15_000;
/** While a job fetches its files, the day changes as soon as that is done. */
const fetchingEveryMs = 3_000;

/** A day of a VAN: how far it is from being closed, its files, the three sides, and every difference. */
export function DayScreen({ vanCode, businessDate }: ExpectedFile) {
  const { reconciliation } = useTexts();
  const words = reconciliation.day;
  const trpc = useTRPC();
  const mayManage = useMay("reconciliation:manage");
  const query = useQuery(
    trpc.reconciliation.day.queryOptions(
      { vanCode, businessDate },
      {
        refetchInterval: ({ state }) => (state.data?.isFetching ? fetchingEveryMs : refreshEveryMs),
      },
    ),
  );
  const [isUploading, setUploading] = useState(false);
  const openUpload = () => setUploading(true);
  const code = query.isError ? refusalOf(query.error)?.code : undefined;
  return (
    <>
      {query.data ? (
        <Day day={query.data} onUpload={openUpload} />
      ) : code === "NOT_FOUND" || code === "INVALID_REQUEST" ? (
        <>
          <h1 className="sr-only">{words.notFound}</h1>
          <EmptyState
            icon={SearchX}
            title={words.notFound}
            action={
              <>
                <Link href="/reconciliation" className={buttonClasses()}>
                  {words.toBoard}
                </Link>
                {mayManage && code === "NOT_FOUND" ? (
                  <Button look="primary" onClick={openUpload}>
                    {words.upload}
                  </Button>
                ) : null}
              </>
            }
          >
            {words.notFoundBody}
          </EmptyState>
        </>
      ) : (
        <div className="flex flex-col gap-4 p-6 max-wide:p-4">
          <h1 className="sr-only">{reconciliation.title}</h1>
          {query.isError ? (
            <QueryError
              error={query.error}
              title={words.error}
              onRetry={() => void query.refetch()}
              retrying={query.isFetching}
            />
          ) : (
            <>
              <Skeleton className="h-7 w-1/3" />
              <Skeleton className="h-24 w-full" />
              <Skeleton className="h-64 w-full" />
            </>
          )}
        </div>
      )}
      {/* Beside whatever is shown: the first file makes a day of one that there was not, and its result stays. */}
      {isUploading ? (
        <UploadSheet expected={{ vanCode, businessDate }} onClose={() => setUploading(false)} />
      ) : null}
    </>
  );
}

function Day({ day, onUpload }: { day: ReconDayDetail; onUpload: () => void }) {
  const { reconciliation } = useTexts();
  const words = reconciliation.day;
  const mayManage = useMay("reconciliation:manage");
  const { view, change } = useAddressView(itemsAddress);
  const [closing, setClosing] = useState<ReconDayDetail | null>(null);
  const again = useAgain(day);
  const isOpen = day.state === "OPEN";
  const name = words.heading(day.businessDate, day.vanCode);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <Breadcrumbs crumbs={[{ label: reconciliation.title, href: "/reconciliation" }, { label: name }]} />
      <PageHeader
        title={name}
        status={<DayBadge day={day} size="large" />}
        actions={
          mayManage && isOpen ? (
            <>
              <Button busy={again.matching.isPending} disabled={day.vanFileAt === null} onClick={again.match}>
                {words.match}
              </Button>
              <Button onClick={onUpload}>{words.upload}</Button>
              {standingOf(day) === "READY" ? (
                <Button look="primary" onClick={() => setClosing(day)}>
                  {reconciliation.close.open}
                </Button>
              ) : null}
            </>
          ) : undefined
        }
      />
      <div className="flex flex-col px-6 pb-2 max-wide:px-4">
        <Standing day={day} />
        {again.matching.isError ? (
          <div className="pt-3">
            <QueryError compact error={again.matching.error} title={words.matchError} />
          </div>
        ) : null}
        <div className="grid grid-cols-[minmax(0,5fr)_minmax(0,7fr)] gap-x-8 max-full:grid-cols-1">
          <section aria-labelledby="totals">
            <SectionTitle
              id="totals"
              remark={
                day.matchedAt ? (
                  <TimeInText at={day.matchedAt} say={words.totalsRemark} format={formatSeoulTime} />
                ) : (
                  words.notMatched
                )
              }
            >
              {words.totals}
            </SectionTitle>
            <DayTotals day={day} />
          </section>
          <section aria-labelledby="files" className="min-w-0">
            <SectionTitle
              id="files"
              action={
                mayManage && isOpen ? (
                  // As high as a title without it, so that both sections begin at one line.
                  <span className="inline-flex wide:-my-2">
                    <Button
                      size="small"
                      busy={again.fetching.isPending || day.isFetching}
                      onClick={again.fetch}
                    >
                      {words.fetch}
                    </Button>
                  </span>
                ) : undefined
              }
            >
              {words.files}
            </SectionTitle>
            {again.fetching.isError ? (
              <div className="pb-2">
                <QueryError compact error={again.fetching.error} title={words.fetchError} />
              </div>
            ) : null}
            {day.isFetching ? (
              <div role="status" className="pb-2">
                <Note>{day.fetchError ? words.fetchingAfter(day.fetchError) : words.fetching}</Note>
              </div>
            ) : null}
            <DayFiles files={day.files} />
          </section>
        </div>
      </div>
      <section aria-labelledby="differences" className="flex flex-col">
        <div className="px-6 max-wide:px-4">
          <SectionTitle id="differences">{words.differences}</SectionTitle>
        </div>
        <DayConditions day={day} view={view} change={change} />
        <Worklist
          view={{ ...view, van: [], date: "", owner: null, aged: null }}
          shown={{
            ...view,
            van: [day.vanCode],
            date: `${day.businessDate}..${day.businessDate}`,
            owner: null,
            aged: null,
          }}
          change={change}
          isOfOneDay
        />
      </section>
      {closing ? <CloseDaySheet day={closing} onClose={() => setClosing(null)} /> : null}
    </div>
  );
}

/** Matching a day again with what is there, and having its files fetched again. */
function useAgain({ vanCode, businessDate }: ExpectedFile) {
  const words = useTexts().reconciliation.day;
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const onSettled = () => queryClient.invalidateQueries(trpc.reconciliation.pathFilter());
  const matching = useMutation(
    trpc.reconciliation.match.mutationOptions({
      onSuccess: ({ matchedCount, recordCount }) => toast(words.matchDone(matchedCount, recordCount)),
      onSettled,
    }),
  );
  const fetching = useMutation(
    trpc.reconciliation.fetch.mutationOptions({ onSuccess: () => toast(words.fetchDone), onSettled }),
  );
  return {
    matching,
    fetching,
    match: () => matching.mutate({ vanCode, businessDate }),
    fetch: () => fetching.mutate({ vanCode, businessDate }),
  };
}

/** How far the day is, and by name what is still in the way of closing it. */
function Standing({ day }: { day: ReconDayDetail }) {
  const { reconciliation } = useTexts();
  const words = reconciliation.day;
  const mayManage = useMay("reconciliation:manage");
  const countOf = (state: "OPEN" | "WAITING") =>
    day.items.filter((one) => one.state === state).reduce((sum, { count }) => sum + count, 0);
  const open = countOf("OPEN");
  const waiting = countOf("WAITING");
  const blocks = [
    day.vanFileAt === null ? words.blocks.vanFile : null,
    day.depositFileAt === null ? words.blocks.depositFile : null,
    open > 0 ? words.blocks.open(open) : null,
    waiting > 0 ? words.blocks.waiting(waiting) : null,
  ].filter((block) => block !== null);
  return (
    <section
      aria-label={words.progress}
      className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-x-8 gap-y-3 rounded-panel bg-sunken px-4 py-3 max-full:grid-cols-1"
    >
      <DayProgress day={day} open={open} waiting={waiting} />
      {day.closedAt ? (
        <p className="max-w-100">
          <span className="flex flex-wrap items-center gap-1.5 font-semibold text-ok">
            <LockKeyhole aria-hidden className="size-4" strokeWidth={1.75} />
            {words.closed(day.closedByName ?? "")}
            <DateTime at={day.closedAt} format="full" className="font-normal text-ink-2" />
          </span>
          <span className="text-ink-2">{words.closedBody}</span>
        </p>
      ) : blocks.length === 0 ? (
        <p className="flex max-w-100 gap-1.5 font-semibold text-run">
          <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0" strokeWidth={1.75} />
          {mayManage ? words.ready : words.readyRead}
        </p>
      ) : (
        <div className="max-w-100">
          <p className="flex items-center gap-1.5 font-semibold">
            <TriangleAlert aria-hidden className="size-4 text-warn" strokeWidth={1.75} />
            {words.blocks.title}
          </p>
          <ul className="pl-5.5 text-ink-2">
            {blocks.map((block) => (
              <li key={block}>{block}</li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}

/** Which of the day's items are shown: by what is left of them, and by class, each with its count. */
function DayConditions({
  day,
  view,
  change,
}: {
  day: ReconDayDetail;
  view: ItemView;
  change: (next: Partial<ItemView>) => void;
}) {
  const { reconciliation } = useTexts();
  const words = reconciliation.day;
  const isShown = (state: string, show: ItemShow) =>
    show === "all" || (state === "EXPLAINED") === (show === "explained");
  const countOf = (show: ItemShow, name?: string) =>
    day.items
      .filter((one) => isShown(one.state, show) && (name === undefined || one.class === name))
      .reduce((sum, { count }) => sum + count, 0);
  const [only] = view.class;
  const pill = "flex h-8 shrink-0 items-center gap-1.5 rounded-control border px-2.5 max-wide:h-10";
  const lit = (isOn: boolean) =>
    isOn ? "border-accent bg-selected font-semibold" : "border-line-2 bg-surface hover:bg-hover";
  return (
    <fieldset className="flex min-w-0 gap-2 overflow-x-auto px-6 pb-2 [scrollbar-width:none] max-wide:px-4">
      <legend className="sr-only">{reconciliation.filters.label}</legend>
      {itemShows.map((show) => (
        <button
          key={show}
          type="button"
          aria-pressed={view.show === show}
          onClick={() => change({ show })}
          className={classes(pill, lit(view.show === show))}
        >
          {words.states[show]} <span className="text-ink-3 tabular-nums">{countOf(show)}</span>
        </button>
      ))}
      <span aria-hidden className="w-px shrink-0 bg-line" />
      {reconClasses
        .filter((name) => countOf(view.show, name) > 0 || view.class.includes(name))
        .map((name) => {
          const isOn = only === name && view.class.length === 1;
          return (
            <button
              key={name}
              type="button"
              aria-pressed={view.class.includes(name)}
              onClick={() => change({ class: isOn ? [] : [name] })}
              className={classes(pill, lit(view.class.includes(name)))}
            >
              {reconciliation.classes[name]}{" "}
              <span className="text-ink-3 tabular-nums">{countOf(view.show, name)}</span>
            </button>
          );
        })}
    </fieldset>
  );
}
