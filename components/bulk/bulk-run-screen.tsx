"use client";

import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Download } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useEffect, useState } from "react";
import { OutcomeBadge, RunStateBadge, useWhy } from "#components/bulk/bulk-badges.tsx";
import { formatMoney, shortId } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { Breadcrumbs, PageHeader } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { LoadMore } from "#components/payments/load-more.tsx";
import { useNarrow } from "#components/payments/use-media-query.ts";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { DateTime } from "#components/ui/date-time.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Money } from "#components/ui/money.tsx";
import { Note } from "#components/ui/note.tsx";
import { Skeleton, SkeletonRows } from "#components/ui/skeleton.tsx";
import { Cell, HeaderCell, Table, TableHead, TableRow } from "#components/ui/table.tsx";
import { type RowOutcome, rowOutcomes } from "#server/bulk/bulk.values.ts";
import type { BulkRowLine, BulkRunLine } from "#server/bulk/bulk-cancel-queries.ts";

const StopBulkSheet = dynamic(
  () => import("#components/bulk/stop-bulk-sheet.tsx").then((file) => file.StopBulkSheet),
  { ssr: false },
);

const refreshEveryMs = 1_000;

/** One bulk cancel: how far it is, what became of each payment, and the means to pause or stop it. */
export function BulkRunScreen({ runId }: { runId: string }) {
  const { bulk } = useTexts();
  const trpc = useTRPC();
  const query = useQuery({
    ...trpc.bulkCancel.read.queryOptions({ runId }),
    refetchInterval: ({ state }) => (state.data && isMoving(state.data) ? refreshEveryMs : false),
  });
  const run = query.data;
  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-auto pb-6">
      <Breadcrumbs
        crumbs={[{ label: bulk.title, href: "/bulk" }, { label: bulk.run.crumb(shortId(runId)) }]}
      />
      <PageHeader
        title={run ? bulk.run.heading(run.rowsPlanned) : bulk.title}
        status={run ? <RunStateBadge state={run.state} large /> : null}
        actions={run ? <RunActions run={run} onSteered={() => void query.refetch()} /> : undefined}
      />
      {query.isError ? (
        <div className="px-6 pb-2 max-wide:px-4">
          <QueryError
            error={query.error}
            title={bulk.run.error}
            onRetry={() => void query.refetch()}
            retrying={query.isFetching}
            compact={run !== undefined}
          />
        </div>
      ) : null}
      {run ? (
        <>
          <Progress run={run} />
          <RunRows run={run} />
        </>
      ) : query.isPending ? (
        <div className="grid gap-2 px-6 py-3 max-wide:px-4">
          <Skeleton className="w-1/2" />
          <Skeleton className="w-1/3" />
        </div>
      ) : null}
    </div>
  );
}

function isMoving({ state, unknown }: BulkRunLine): boolean {
  return state === "RUNNING" || unknown > 0;
}

const settledOf = ({ done, refused, unknown }: BulkRunLine) => done + refused + unknown;

function RunActions({ run, onSteered }: { run: BulkRunLine; onSteered: () => void }) {
  const words = useTexts().bulk.run;
  const language = useLanguage();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const maySteer = useMay("payment:bulk-cancel");
  const [isStopping, setStopping] = useState(false);
  const steering = useMutation(
    trpc.bulkCancel.steer.mutationOptions({
      onSettled: async () => {
        onSteered();
        await queryClient.invalidateQueries(trpc.bulkCancel.pathFilter());
      },
    }),
  );
  const steer = (to: "pause" | "resume") => steering.mutate({ runId: run.id, to });
  const isOpen = run.state === "RUNNING" || run.state === "PAUSED";
  return (
    <>
      {steering.isError ? (
        <span role="alert" className="text-bad">
          {words.steerError}
        </span>
      ) : null}
      <Button asChild>
        <a href={`/api/console/bulk-cancels/${run.id}?language=${language}`} download>
          <Download aria-hidden className="size-4" strokeWidth={1.5} />
          {words.file}
        </a>
      </Button>
      {maySteer && isOpen ? (
        <>
          {run.state === "RUNNING" ? (
            <Button busy={steering.isPending} onClick={() => steer("pause")}>
              {words.pause}
            </Button>
          ) : (
            <Button busy={steering.isPending} onClick={() => steer("resume")}>
              {words.resume}
            </Button>
          )}
          <Button look="danger" onClick={() => setStopping(true)}>
            {words.stop}
          </Button>
        </>
      ) : null}
      {isStopping && isOpen ? (
        <StopBulkSheet
          runId={run.id}
          left={run.rowsPlanned - settledOf(run)}
          onStopped={onSteered}
          onClose={() => setStopping(false)}
        />
      ) : null}
    </>
  );
}

const bars = [
  ["done", "bg-ok", "text-ok", "DONE"],
  ["refused", "bg-bad", "text-bad", "REFUSED"],
  ["unknown", "bg-unk-solid", "text-unk", "UNKNOWN"],
] as const;

function Progress({ run }: { run: BulkRunLine }) {
  const { bulk } = useTexts();
  const words = bulk.run;
  const language = useLanguage();
  const left = run.rowsPlanned - settledOf(run) - run.running;
  const leftOut = run.rowsGiven - run.rowsPlanned;
  const leftWord = run.state === "STOPPED" ? bulk.outcomes.NOT_RUN : bulk.outcomes.WAITING;
  return (
    <div className="grid gap-2.5 px-6 pb-3 max-wide:px-4">
      <p role="status" className="text-ink-2">
        <b className="font-semibold text-ink">{words.progress(settledOf(run), run.rowsPlanned)}</b>
        {" · "}
        {words.amount(formatMoney(run.doneMinor, language), formatMoney(run.plannedMinor, language))}
      </p>
      <div aria-hidden className="flex h-2.5 gap-0.5">
        {bars.map(([name, bar]) =>
          run[name] > 0 ? (
            <span
              key={name}
              className={classes("min-w-0.5 rounded-[2px]", bar)}
              style={{ flex: run[name] }}
            />
          ) : null,
        )}
        {run.running > 0 ? (
          <span className="min-w-0.5 rounded-[2px] bg-run" style={{ flex: run.running }} />
        ) : null}
        {left > 0 ? <span className="rounded-[2px] bg-line-2" style={{ flex: left }} /> : null}
      </div>
      <dl className="flex flex-wrap gap-x-4 gap-y-1">
        {bars.map(([name, , text, outcome]) => (
          <div key={name} className="flex gap-1.5">
            <dt className={run[name] > 0 ? text : "text-ink-3"}>{bulk.outcomes[outcome]}</dt>
            <dd className={run[name] > 0 ? "font-semibold" : "text-ink-3"}>{bulk.count(run[name])}</dd>
          </div>
        ))}
        {run.running > 0 ? (
          <div className="flex gap-1.5">
            <dt className="text-run">{bulk.outcomes.RUNNING}</dt>
            <dd className="font-semibold">{bulk.count(run.running)}</dd>
          </div>
        ) : null}
        {left > 0 ? (
          <div className="flex gap-1.5">
            <dt className="text-ink-2">{leftWord}</dt>
            <dd className="font-semibold">{bulk.count(left)}</dd>
          </div>
        ) : null}
        {leftOut > 0 ? (
          <div className="flex gap-1.5">
            <dt className="text-ink-3">{bulk.outcomes.LEFT_OUT}</dt>
            <dd className="text-ink-3">{bulk.count(leftOut)}</dd>
          </div>
        ) : null}
      </dl>
      {run.pausedBecause && run.state === "PAUSED" ? (
        <Note tone="warn">{words.trouble[run.pausedBecause]}</Note>
      ) : null}
      {run.unknown > run.unknownHandedOver ? (
        <Note>{words.unknownNote(bulk.count(run.unknown - run.unknownHandedOver))}</Note>
      ) : null}
      {run.unknownHandedOver > 0 ? (
        <Note tone="warn">{words.handedOverNote(bulk.count(run.unknownHandedOver))}</Note>
      ) : null}
      <dl className="flex flex-wrap gap-x-6 gap-y-1 text-ink-2">
        <div className="flex min-w-0 gap-1.5">
          <dt className="text-ink-3">{words.reason}</dt>
          <dd className="min-w-0 break-words">{run.reason}</dd>
        </div>
        <div className="flex gap-1.5">
          <dt className="text-ink-3">{words.started}</dt>
          <dd>
            <DateTime at={run.requestedAt} /> · {run.requestedBy.name}
          </dd>
        </div>
        {run.finishedAt ? (
          <div className="flex gap-1.5">
            <dt className="text-ink-3">{words.finished}</dt>
            <dd>
              <DateTime at={run.finishedAt} />
            </dd>
          </div>
        ) : null}
      </dl>
    </div>
  );
}

function RunRows({ run }: { run: BulkRunLine }) {
  const { bulk } = useTexts();
  const words = bulk.run;
  const trpc = useTRPC();
  const narrow = useNarrow();
  const why = useWhy();
  const router = useRouter();
  const pathname = usePathname();
  const asked = useSearchParams().get("outcome");
  const outcome = rowOutcomes.find((one) => one === asked);
  const query = useInfiniteQuery({
    ...trpc.bulkCancel.rows.infiniteQueryOptions(
      { runId: run.id, ...(outcome && { outcome }) },
      { getNextPageParam: (page) => page.nextCursor },
    ),
    // The more of them a person has looked through, the less often all are asked for again.
    refetchInterval: ({ state }) =>
      isMoving(run) ? refreshEveryMs * (1 + (state.data?.pages.length ?? 0)) : false,
  });
  const { refetch } = query;
  const isOver = !isMoving(run);
  // What was settled between the last question and the end.
  useEffect(() => {
    if (isOver) void refetch();
  }, [isOver, refetch]);
  const rows = query.data?.pages.flatMap((page) => page.rows) ?? [];
  const caption = words.caption(rows.length);
  const choose = (next: RowOutcome | undefined) =>
    router.replace(next ? `${pathname}?outcome=${next}` : pathname, { scroll: false });
  return (
    <section aria-label={caption}>
      <fieldset className="flex min-w-0 gap-1.5 overflow-x-auto border-line border-t px-6 py-2 [scrollbar-width:none] max-wide:px-4">
        <legend className="sr-only">{words.filter}</legend>
        {[undefined, ...rowOutcomes].map((one) => (
          <Button
            key={one ?? "all"}
            size="small"
            look={one === outcome ? "secondary" : "ghost"}
            aria-pressed={one === outcome}
            className={one === outcome ? "font-semibold" : ""}
            onClick={() => choose(one)}
          >
            {one ? bulk.outcomes[one] : words.all}
          </Button>
        ))}
      </fieldset>
      {query.isError && !query.data ? (
        <div className="px-6 max-wide:px-4">
          <QueryError
            error={query.error}
            title={words.rowsError}
            onRetry={() => void query.refetch()}
            retrying={query.isFetching}
          />
        </div>
      ) : query.isSuccess && rows.length === 0 ? (
        <EmptyState title={words.none} />
      ) : narrow && query.isSuccess ? (
        <ul aria-label={caption} className="border-line border-t">
          {rows.map((row) => (
            <li key={row.rowNo} className="border-line border-b px-4 py-2.5">
              <div className="flex items-center justify-between gap-3">
                <OutcomeBadge outcome={row.outcome} />
                <Money amountMinor={row.amountMinor} className="font-semibold text-figure" />
              </div>
              <Named row={row} />
              <p className="text-ink-3 text-meta">
                {[row.mallName, why(row.code)].filter(Boolean).join(" · ")}
              </p>
            </li>
          ))}
        </ul>
      ) : (
        <Table caption={caption}>
          <TableHead>
            <HeaderCell numeric>{words.columns.no}</HeaderCell>
            <HeaderCell>{words.columns.outcome}</HeaderCell>
            <HeaderCell>{words.columns.payment}</HeaderCell>
            <HeaderCell>{words.columns.mall}</HeaderCell>
            <HeaderCell numeric>{words.columns.amount}</HeaderCell>
            <HeaderCell>{words.columns.at}</HeaderCell>
            <HeaderCell className="w-2/5">{words.columns.why}</HeaderCell>
          </TableHead>
          <tbody>
            {query.isPending ? <SkeletonRows columns={7} rows={8} /> : null}
            {rows.map((row) => (
              <TableRow key={row.rowNo}>
                <Cell numeric className="text-ink-3">
                  {row.rowNo.toLocaleString("en-US")}
                </Cell>
                <Cell>
                  <OutcomeBadge outcome={row.outcome} />
                </Cell>
                <Cell>
                  <Named row={row} />
                </Cell>
                <Cell>{row.mallName}</Cell>
                <Cell numeric>
                  <Money amountMinor={row.amountMinor} bare />
                </Cell>
                <Cell>
                  <DateTime at={row.settledAt} />
                </Cell>
                <Cell describing title={why(row.code)} className="text-ink-2">
                  {why(row.code)}
                </Cell>
              </TableRow>
            ))}
          </tbody>
        </Table>
      )}
      {query.hasNextPage ? (
        <div className="flex justify-center py-3">
          <LoadMore
            loading={query.isFetchingNextPage}
            failed={query.isFetchNextPageError}
            onLoad={() => void query.fetchNextPage()}
          />
        </div>
      ) : null}
    </section>
  );
}

function Named({ row }: { row: BulkRowLine }) {
  if (!row.paymentId) return <span className="break-all">{row.given}</span>;
  return (
    <Link
      href={`/payments/${row.paymentId}`}
      className="inline-flex min-h-6 items-center break-all underline underline-offset-2"
    >
      {row.orderId ?? row.given}
    </Link>
  );
}
