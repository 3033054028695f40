"use client";

import { useQuery } from "@tanstack/react-query";
import type { NavigationCounts } from "#components/layout/navigation.ts";
import { useMay } from "#components/layout/operator-provider.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";

/** Often enough to notice, seldom enough not to distract; a hidden tab does not ask (design §10). */
const refreshEveryMs = 15_000;

/** What waits behind the sidebar's entries. A count that cannot be read is left out; its page says why. */
export function useNavigationCounts(): NavigationCounts {
  const trpc = useTRPC();
  const mayReadPayments = useMay("payment:read");
  const unknown = useQuery(
    trpc.unresolved.count.queryOptions(undefined, {
      enabled: mayReadPayments,
      refetchInterval: refreshEveryMs,
    }),
  );
  const mayReadDeadLetters = useMay("dead-letter:read");
  const parked = useQuery(
    trpc.deadLetter.countParked.queryOptions(undefined, {
      enabled: mayReadDeadLetters,
      refetchInterval: refreshEveryMs,
    }),
  );
  const mayReadIntegrity = useMay("integrity:read");
  const incidents = useQuery(
    trpc.incident.countOpen.queryOptions(undefined, {
      enabled: mayReadIntegrity,
      refetchInterval: refreshEveryMs,
    }),
  );
  const mayReadChanges = useMay("change-request:read");
  const changes = useQuery(
    trpc.changeRequest.countWaiting.queryOptions(undefined, {
      enabled: mayReadChanges,
      refetchInterval: refreshEveryMs,
    }),
  );
  return {
    ...(unknown.data !== undefined && { unknown: { count: unknown.data, hot: true } }),
    ...(parked.data !== undefined && { deadLetters: { count: parked.data } }),
    ...(changes.data !== undefined && { changeRequests: { count: changes.data } }),
    ...(incidents.data !== undefined && { integrity: { count: incidents.data } }),
  };
}
