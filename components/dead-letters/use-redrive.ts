"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { usePathname, useSearchParams } from "next/navigation";
import { useCallback, useMemo, useState } from "react";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import type { RedriveSelection, RedriveSelectionInput } from "#server/dead-letters/dead-letter.schemas.ts";
import type { RedriveRunDetail, RunLetter } from "#server/dead-letters/redrive-run-queries.ts";
import type { Steering } from "#server/work-runs/domain/run.ts";

/** What a preview would cover: what is selected, or everything that matches. */
export type RedriveTarget = Readonly<{
  selection: RedriveSelection;
  /** `null` until it has been counted. */
  count: number | null;
  isAll: boolean;
}>;

/** How many letters of a run the screen shows; its result file has all. */
export const runLettersShown = 200;
const previewEveryMs = 700;
const progressEveryMs = 1_500;
const pausedEveryMs = 5_000;

/** How soon a run is looked at again; `false` once nothing of it moves any more. */
function lookAgainMs(run: RedriveRunDetail | undefined): number | false {
  if (!run) return false;
  if (run.status === "PREVIEWING") return previewEveryMs;
  if (run.status === "RUNNING" || (run.startedAt && run.counts.SENT > 0)) return progressEveryMs;
  return run.status === "PAUSED" || run.status === "READY" || run.status === "AWAITING"
    ? pausedEveryMs
    : false;
}

/** One run from its dry run to its results: nothing is sent before its preview was seen. The address holds which one. */
export function useRedrive() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const pathname = usePathname();
  const runId = useSearchParams().get("run");
  const [selection, setSelection] = useState<RedriveSelectionInput | null>(null);

  const show = useCallback(
    (id: string | null) => {
      const params = new URLSearchParams(window.location.search);
      if (id === null) params.delete("run");
      else params.set("run", id);
      const text = params.toString().replaceAll("%2C", ",");
      window.history.replaceState(null, "", pathname + (text ? `?${text}` : ""));
    },
    [pathname],
  );

  const run = useQuery({
    ...trpc.deadLetter.run.queryOptions({ id: runId ?? "" }),
    enabled: runId !== null,
    staleTime: 0,
    refetchInterval: ({ state }) => lookAgainMs(state.data),
  });
  const detail = run.data?.id === runId ? run.data : undefined;
  const isPreviewed = detail !== undefined && detail.status !== "PREVIEWING" && detail.status !== "DISCARDED";
  const letters = useQuery({
    ...trpc.deadLetter.runLetters.queryOptions({ id: runId ?? "", limit: runLettersShown }),
    enabled: isPreviewed,
    staleTime: 0,
    // When the run has ended they are read once more: what was read beside its last turn may be older than its end.
    refetchInterval: ({ state }) =>
      detail?.status === "READY"
        ? false
        : lookAgainMs(detail) || (state.dataUpdatedAt <= run.dataUpdatedAt ? progressEveryMs : false),
  });

  const freezing = useMutation(trpc.deadLetter.freeze.mutationOptions({ onSuccess: ({ id }) => show(id) }));
  const reread = useCallback(
    () => queryClient.invalidateQueries(trpc.deadLetter.pathFilter()),
    [queryClient, trpc],
  );
  const starting = useMutation(trpc.deadLetter.start.mutationOptions({ onSuccess: reread }));
  const requesting = useMutation(trpc.deadLetter.requestStart.mutationOptions({ onSuccess: reread }));
  const steering = useMutation(trpc.deadLetter.steer.mutationOptions({ onSuccess: reread }));
  const { mutate: freeze, reset: resetFreezing } = freezing;
  const { reset: resetStart } = starting;
  const { reset: resetRequesting } = requesting;
  const resetStarting = useCallback(() => {
    resetStart();
    resetRequesting();
  }, [resetStart, resetRequesting]);
  const { mutate: steer, reset: resetSteering } = steering;

  const preview = useCallback(
    (next: RedriveSelectionInput) => {
      resetStarting();
      resetSteering();
      setSelection(next);
      freeze(next);
    },
    [freeze, resetStarting, resetSteering],
  );
  const status = detail?.status;
  /** Leaves the run: one that was only previewed is thrown away, one that runs goes on. */
  const leave = useCallback(() => {
    resetFreezing();
    resetStarting();
    resetSteering();
    if (runId !== null && (status === "PREVIEWING" || status === "READY"))
      steer({ id: runId, how: "discard" });
    if (runId !== null) show(null);
  }, [resetFreezing, resetStarting, resetSteering, steer, show, runId, status]);
  const byLetter = useMemo<ReadonlyMap<string, RunLetter>>(
    () => new Map(isPreviewed ? letters.data?.letters.map((letter) => [letter.id, letter]) : []),
    [letters.data, isPreviewed],
  );

  return {
    runId,
    run,
    detail,
    letters,
    byLetter,
    selection,
    freezing,
    starting,
    requesting,
    steering,
    preview,
    show,
    leave,
    steer: (how: Steering) => runId !== null && steer({ id: runId, how }),
  };
}

export type Redrive = ReturnType<typeof useRedrive>;
