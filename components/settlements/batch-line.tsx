"use client";

import { useQueryClient } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useEffect, useRef, useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { useNewestBatch } from "#components/settlements/newest-batch.ts";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { DateTime } from "#components/ui/date-time.tsx";
import { DatesInText } from "#components/ui/dates-in-text.tsx";
import { useToast } from "#components/ui/toast.tsx";
import type { BatchProgress } from "#server/settlement/settlement-queries.ts";

const PendingDrawer = dynamic(
  () => import("#components/settlements/pending-drawer.tsx").then((module) => module.PendingDrawer),
  { ssr: false },
);
const RecomputeSheet = dynamic(
  () => import("#components/settlements/run-batch-sheet.tsx").then((module) => module.RecomputeSheet),
  { ssr: false },
);

/** A mall that nothing is heard of for so long has a trouble of its own. */
const stillMs = 60_000;

/** How far the newest batch is, whoever opened it, and what it left for a person to look at. */
export function BatchLine() {
  const { settlements } = useTexts();
  const words = settlements.batch;
  const maySettle = useMay("settlement:manage");
  const query = useNewestBatch();
  const batch = query.data;
  useNewsOf(batch);
  if (query.isError && batch === undefined)
    return (
      <div className="px-6 py-2 max-wide:px-4">
        <QueryError
          compact
          error={query.error}
          title={words.error}
          onRetry={() => void query.refetch()}
          retrying={query.isFetching}
        />
      </div>
    );
  return (
    <section
      aria-label={words.label}
      // On a narrow screen three rows and one of buttons, kept free until they are known: what is below stays where it is.
      className={classes(
        "flex min-h-10 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 px-6 py-1 text-ink-2 max-wide:flex-col max-wide:flex-nowrap max-wide:items-start max-wide:px-4",
        maySettle ? "max-wide:min-h-29" : "max-wide:min-h-19",
      )}
    >
      {batch === undefined ? null : batch === null ? (
        <span>{words.none}</span>
      ) : batch.status === "OPEN" ? (
        <Running batch={batch} />
      ) : (
        <Finished batch={batch} maySettle={maySettle} />
      )}
    </section>
  );
}

/** Says when a batch that was seen running has ended, and has the list read again. */
function useNewsOf(batch: BatchProgress | null | undefined): void {
  const { settlements } = useTexts();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const seen = useRef<string | null>(null);
  useEffect(() => {
    if (!batch) return;
    const now = `${batch.businessDate}:${batch.generation}:${batch.status}`;
    const before = seen.current;
    seen.current = now;
    if (before === null || before === now) return;
    if (batch.status === "DONE") toast(settlements.batch.ended(batch.businessDate));
    void queryClient.invalidateQueries(trpc.settlement.pathFilter());
  }, [batch, queryClient, toast, trpc, settlements]);
}

function Running({ batch }: { batch: BatchProgress }) {
  const words = useTexts().settlements.batch;
  const { mallsDone, mallsCollected, mallsTotal, linesWritten } = batch;
  // A mall has two steps: its lines are collected, then they are added up.
  const steps = mallsDone + mallsCollected;
  const isStill = useStandsStill(`${batch.businessDate}:${batch.generation}:${steps}`);
  return (
    <>
      <span className="font-semibold text-ink">
        <DatesInText>{words.running(batch.businessDate)}</DatesInText>
      </span>
      <progress
        aria-label={words.running(batch.businessDate)}
        value={steps}
        max={Math.max(mallsTotal * 2, 1)}
        className="h-1.5 w-60 max-w-full appearance-none overflow-hidden rounded-full bg-sunken [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-sunken [&::-webkit-progress-value]:bg-accent"
      />
      <span className="tabular-nums">{words.progress(mallsDone, mallsTotal, linesWritten)}</span>
      <span className="text-ink-3">{batch.openedByName ?? words.byClock}</span>
      {isStill ? (
        <span role="status" className="w-full text-warn">
          {words.still}{" "}
          <Link href="/dead-letters" className="underline underline-offset-2">
            {words.toDeadLetters}
          </Link>
        </span>
      ) : null}
    </>
  );
}

/** True once `mark` has stayed as it is for a minute. */
function useStandsStill(mark: string): boolean {
  const [still, setStill] = useState<string | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setStill(mark), stillMs);
    return () => clearTimeout(timer);
  }, [mark]);
  return still === mark;
}

function Finished({ batch, maySettle }: { batch: BatchProgress; maySettle: boolean }) {
  const words = useTexts().settlements.batch;
  const [open, setOpen] = useState<"pending" | "recompute" | null>(null);
  const isDraft = !batch.statusCounts.CONFIRMED && !batch.statusCounts.PAID_OUT;
  return (
    <>
      <span className="flex items-center gap-1.5">
        <CircleCheck aria-hidden className="size-4 shrink-0 text-ok" strokeWidth={1.5} />
        <span>
          <DatesInText>
            {words.finished(
              batch.fromDate === batch.businessDate
                ? batch.businessDate
                : words.dates(batch.fromDate, batch.businessDate),
            )}
          </DatesInText>
        </span>
      </span>
      <span className="tabular-nums">
        {words.result(batch.settlementCount, batch.mallsTotal, batch.linesWritten)}
      </span>
      <span className="text-ink-3">
        <DateTime at={batch.finishedAt} /> · {batch.openedByName ?? words.byClock}
      </span>
      <span className="flex flex-wrap items-center gap-x-3 gap-y-1 empty:hidden">
        {batch.pendingCount > 0 ? (
          <Button size="small" onClick={() => setOpen("pending")}>
            {words.pending(batch.pendingCount)}
          </Button>
        ) : null}
        {maySettle && isDraft ? (
          <Button size="small" look="ghost" onClick={() => setOpen("recompute")}>
            {words.recompute}
          </Button>
        ) : null}
      </span>
      {open === "pending" ? (
        <PendingDrawer businessDate={batch.businessDate} onClose={() => setOpen(null)} />
      ) : null}
      {open === "recompute" ? (
        <RecomputeSheet businessDate={batch.businessDate} onClose={() => setOpen(null)} />
      ) : null}
    </>
  );
}
