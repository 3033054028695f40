"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { useToast } from "#components/ui/toast.tsx";
import type { InboxRow } from "#components/unresolved/use-unresolved-list.ts";

/** Takes rows in hand and gives them back; the list is read anew after each. */
export function useAssigning() {
  const { assign: words } = useTexts().unresolved;
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const [releasing, setReleasing] = useState<InboxRow | null>(null);
  const reload = () => void queryClient.invalidateQueries(trpc.unresolved.search.pathFilter());
  const taking = useMutation(
    trpc.unresolved.assign.mutationOptions({
      onSuccess: () => toast(words.taken),
      onSettled: reload,
    }),
  );
  const giving = useMutation(
    trpc.unresolved.release.mutationOptions({
      onSuccess: () => {
        setReleasing(null);
        toast(words.released);
      },
      onSettled: reload,
    }),
  );
  return {
    assigning: {
      take: (row: InboxRow) =>
        taking.mutate({ subjectId: row.subjectId, from: row.assignment?.operatorId ?? null }),
      release: (row: InboxRow) => {
        giving.reset();
        setReleasing(row);
      },
      busyId: taking.isPending ? taking.variables.subjectId : null,
    },
    takeError: taking.error,
    releasing,
    isSending: giving.isPending,
    releaseError: giving.error,
    release: (note: string) => releasing && giving.mutate({ subjectId: releasing.subjectId, note }),
    closeRelease: () => setReleasing(null),
  };
}
