"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { Ban, CircleCheck, Pause, RotateCw } from "lucide-react";
import { countStages, StageBar, stageLooks, stages } from "#components/dead-letters/run-progress.tsx";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { DateTime } from "#components/ui/date-time.tsx";
import { Drawer } from "#components/ui/modal.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { ToneBadge } from "#components/ui/status-badge.tsx";
import type { RedriveRunLine } from "#server/dead-letters/redrive-run-queries.ts";

const looks = {
  RUNNING: { level: "tint", tone: "run", icon: RotateCw },
  PAUSED: { level: "tint", tone: "warn", icon: Pause },
  FINISHED: { level: "plain", tone: "ok", icon: CircleCheck },
  STOPPED: { level: "plain", tone: "mute", icon: Ban },
} as const;
const lookOf = (status: RedriveRunLine["status"]) =>
  status === "RUNNING" || status === "PAUSED" || status === "STOPPED" ? looks[status] : looks.FINISHED;

/** The runs there were: when, by whom, why, and what came of them. Opens one. */
export function RedriveRunsDrawer({
  open,
  onClose,
  onOpenRun,
}: {
  open: boolean;
  onClose: () => void;
  onOpenRun: (id: string) => void;
}) {
  const { common, deadLetters } = useTexts();
  const words = deadLetters.runs;
  const trpc = useTRPC();
  const query = useInfiniteQuery({
    ...trpc.deadLetter.runs.infiniteQueryOptions(
      {},
      { getNextPageParam: (page) => page.nextCursor ?? undefined },
    ),
    enabled: open,
    refetchInterval: 5_000,
  });
  const runs = query.data?.pages.flatMap((page) => page.runs) ?? [];
  return (
    <Drawer open={open} onOpenChange={(next) => !next && onClose()} title={words.title}>
      {query.isError ? (
        <QueryError
          error={query.error}
          title={words.failed}
          onRetry={() => void query.refetch()}
          retrying={query.isFetching}
          compact
        />
      ) : query.isPending ? (
        <div className="flex flex-col gap-3">
          <Skeleton className="h-16 w-full" />
          <Skeleton className="h-16 w-full" />
        </div>
      ) : runs.length === 0 ? (
        <p className="text-ink-2">{words.none}</p>
      ) : (
        <ul aria-label={words.title}>
          {runs.map((run) => {
            const sums = countStages(run);
            return (
              <li key={run.id} className="border-line border-b py-3 first:pt-0">
                <button
                  type="button"
                  onClick={() => onOpenRun(run.id)}
                  className="group block w-full text-left"
                >
                  <span className="flex items-center gap-2 pb-1">
                    <ToneBadge {...lookOf(run.status)} label={words.statuses[run.status]} />
                    <span className="ml-auto text-ink-3">
                      <DateTime at={run.startedAt} />
                    </span>
                  </span>
                  <b className="block break-words font-semibold group-hover:underline">{run.reason}</b>
                  <span className="block pb-2 text-ink-3 text-meta">
                    {[run.startedBy, deadLetters.count(run.itemCount)].join(" · ")}
                  </span>
                  <StageBar sums={sums} />
                  <span className="flex flex-wrap gap-x-3 pt-1 text-meta">
                    {stages.map((stage) =>
                      sums[stage] > 0 ? (
                        <span key={stage} className={stageLooks[stage].text}>
                          {deadLetters.progress.groups[stage]} {deadLetters.count(sums[stage])}
                        </span>
                      ) : null,
                    )}
                  </span>
                </button>
              </li>
            );
          })}
        </ul>
      )}
      {query.hasNextPage ? (
        <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {common.loadMore}
        </Button>
      ) : null}
    </Drawer>
  );
}
