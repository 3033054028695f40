"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import type { ChangeKind } from "#server/change-requests/change-kinds.values.ts";

/** Whether the person at the screen needs a second one for a measure in the unit of a kind. While that is being asked, `isKnown` is false. */
export function useApproval(
  kind: ChangeKind,
  measured: bigint,
): Readonly<{ isKnown: boolean; isNeeded: boolean; limitMax: bigint | null }> {
  const trpc = useTRPC();
  const limit = useQuery(trpc.changeRequest.ownLimit.queryOptions({ kind }, { staleTime: 0 }));
  const limitMax = limit.data?.limitMax ?? null;
  // Where it cannot be asked, the server still says no.
  return { isKnown: !limit.isPending, isNeeded: limitMax !== null && measured > limitMax, limitMax };
}
