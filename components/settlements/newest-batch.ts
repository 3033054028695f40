"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { newestBatchInput } from "#components/settlements/newest-batch-input.ts";

const runningEveryMs = 1_000;
/** A batch that the clock or another person opens is seen after this at the latest. */
const restingEveryMs = 15_000;

/** The newest batch, read again while it runs; null when there is none. */
export function useNewestBatch() {
  const trpc = useTRPC();
  return useQuery(
    trpc.settlement.batches.queryOptions(newestBatchInput, {
      select: ({ batches }) => batches[0] ?? null,
      refetchInterval: ({ state }) =>
        state.data?.batches[0]?.status === "OPEN" ? runningEveryMs : restingEveryMs,
    }),
  );
}
