"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { PointStore } from "#components/x-view/point-store.ts";
import { unpackPoints } from "#components/x-view/unpack-points.ts";
import type { XView } from "#components/x-view/x-view-url.ts";
import { longOverlapMs, overlapMs, pointsMax, unknownsMax } from "#server/x-view/x-view.values.ts";

const pollEveryMs = 2_000;
/** Each tenth poll looks back further and asks what became of unknown points. */
const longEvery = 10;

/** The points of the window and what else a poll tells. `version` grows with each change of the points. */
export type Feed = Readonly<{
  store: PointStore;
  version: number;
  /** `loading` before the first reply; `lost` when polls fail: the points are then those of `checkedAt`. */
  state: "loading" | "live" | "lost" | "paused";
  /** True while the points are still those of another filter or window. */
  isStale: boolean;
  error: unknown;
  inFlight: readonly number[] | null;
  /** The end time of the oldest point that is held, when older ones had to be left out. */
  cutAtMs: number | null;
  checkedAt: Date | null;
  /** The server's clock now, or at the pause. */
  nowMs: () => number;
  /** Since when the points have changed, by end time; asking takes the note away. */
  takeChange: () => number;
  retry: () => void;
}>;

type Changing = Omit<Feed, "nowMs" | "takeChange" | "retry" | "state" | "isStale"> & {
  hasFailed: boolean;
  key: string | null;
};

/** Polls the server for the points of a window and keeps them. Stops while the tab is hidden or `isPaused`. */
export function useFeed(
  { minutes, van, mall, operation }: Pick<XView, "minutes" | "van" | "mall" | "operation">,
  isPaused: boolean,
): Feed {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const key = JSON.stringify([minutes, van, mall, operation]);
  const [shown, setShown] = useState<Changing>(() => ({
    store: new PointStore(),
    version: 0,
    hasFailed: false,
    key: null,
    error: null,
    inFlight: null,
    cutAtMs: null,
    checkedAt: null,
  }));
  const [attempt, setAttempt] = useState(0);
  /** What the server's clock is ahead of this one. */
  const aheadMs = useRef(0);
  const pausedAtMs = useRef<number | null>(null);
  const changedFromMs = useRef(Number.POSITIVE_INFINITY);
  const held = useRef<{ key: string | null; store: PointStore; readToMs: number; cutAtMs: number | null }>({
    key: null,
    store: shown.store,
    readToMs: 0,
    cutAtMs: null,
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` starts the polling anew
  useEffect(() => {
    if (isPaused) return;
    let isOver = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let round = 0;
    let isAsking = false;
    const poll = async () => {
      if (document.visibilityState === "hidden" || isAsking) return;
      isAsking = true;
      const now = held.current;
      const isFirst = now.key !== key;
      const isLong = !isFirst && round % longEvery === 0;
      round++;
      const input = {
        minutes,
        van: [...van],
        mall: [...mall],
        operation: [...operation],
        ...(!isFirst && { fromMs: now.readToMs - (isLong ? longOverlapMs : overlapMs) }),
        unknownAtMs: isLong ? now.store.unknownsBefore(now.readToMs - longOverlapMs, unknownsMax) : [],
      };
      try {
        const askedAtMs = Date.now();
        const reply = await queryClient.fetchQuery({
          ...trpc.xView.feed.queryOptions(input),
          staleTime: 0,
          gcTime: 0,
          retry: false,
        });
        if (isOver) return;
        // Half the time it took is taken for the way back.
        aheadMs.current = reply.nowMs - (askedAtMs + Date.now()) / 2;
        const store = isFirst ? new PointStore() : now.store;
        store.replaceFrom({
          fromMs: reply.fromMs,
          columns: unpackPoints(reply.points, reply.count, reply.firstAtMs),
          vans: reply.vans,
          malls: reply.malls,
        });
        let changed = isFirst ? 0 : reply.fromMs;
        for (const { atMs, durationMs } of reply.settled)
          if (store.settle(atMs, durationMs)) changed = Math.min(changed, atMs);
        let cutAtMs = isFirst ? null : now.cutAtMs;
        if (reply.isCut) cutAtMs = reply.fromMs;
        if (store.count > pointsMax) {
          cutAtMs = store.columns.atMs[store.end - pointsMax] ?? cutAtMs;
          store.dropBefore(cutAtMs ?? 0);
        }
        // A box that lies a little outside the window still finds its points.
        store.dropBefore(reply.nowMs - minutes * 60_000 - 60_000);
        if (cutAtMs !== null && cutAtMs < reply.nowMs - minutes * 60_000) cutAtMs = null;
        held.current = { key, store, readToMs: reply.nowMs, cutAtMs };
        changedFromMs.current = Math.min(changedFromMs.current, changed);
        setShown((before) => ({
          store,
          version: before.version + 1,
          hasFailed: false,
          key,
          error: null,
          inFlight: reply.inFlight,
          cutAtMs,
          checkedAt: new Date(reply.nowMs),
        }));
      } catch (error) {
        if (isOver) return;
        setShown((before) => ({ ...before, hasFailed: true, error }));
      } finally {
        isAsking = false;
      }
      timer = setTimeout(() => void poll(), pollEveryMs);
    };
    const wake = () => {
      if (document.visibilityState !== "visible") return;
      clearTimeout(timer);
      void poll();
    };
    void poll();
    document.addEventListener("visibilitychange", wake);
    return () => {
      isOver = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", wake);
    };
  }, [key, isPaused, attempt]);

  useEffect(() => {
    pausedAtMs.current = isPaused ? Date.now() + aheadMs.current : null;
  }, [isPaused]);

  const nowMs = useCallback(() => pausedAtMs.current ?? Date.now() + aheadMs.current, []);
  const takeChange = useCallback(() => {
    const from = changedFromMs.current;
    changedFromMs.current = Number.POSITIVE_INFINITY;
    return from;
  }, []);
  const retry = useCallback(() => setAttempt((number) => number + 1), []);
  const { hasFailed, key: shownKey, ...rest } = shown;
  return {
    ...rest,
    state: isPaused ? "paused" : hasFailed ? "lost" : shownKey === null ? "loading" : "live",
    isStale: shownKey !== null && shownKey !== key,
    nowMs,
    takeChange,
    retry,
  };
}
