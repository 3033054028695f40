"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { TimeMark } from "#components/charts/time-points.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";

const refreshEveryMs = 15_000;

/** Deploys and incidents of a period as marks for charts, the earliest first. Without them a chart is still right, so failing to load them says nothing. */
export function useTimeMarks(from: Date | null, to: Date | null): TimeMark[] {
  const { marks } = useTexts().xView;
  const trpc = useTRPC();
  const query = useQuery({
    ...trpc.latency.marks.queryOptions({ from: from ?? new Date(0), to: to ?? new Date(1) }),
    enabled: from !== null && to !== null,
    refetchInterval: refreshEveryMs,
  });
  const { data } = query;
  return useMemo(() => {
    if (!data) return [];
    const deploys = data.deploys.map(
      ({ at, roles }): TimeMark => ({
        at: at.getTime(),
        label: marks.deploy(roles.map((role) => marks.roles[role]).join(" · ")),
        tone: "plain",
      }),
    );
    const incidents = data.incidents.map(
      ({ kind, openedAt }): TimeMark => ({
        at: openedAt.getTime(),
        label: marks.incidents[kind],
        tone: "warn",
      }),
    );
    return [...deploys, ...incidents].sort((a, b) => a.at - b.at);
  }, [data, marks]);
}
