"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useOperator } from "#components/layout/operator-provider.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { useToast } from "#components/ui/toast.tsx";
import type { ReconItemRow } from "#server/reconciliation/reconciliation-queries.ts";

/** Takes items into one's own hands, also many one after another, and gives them back; everything is read anew after that. */
export function useOwning() {
  const { item: words, items } = useTexts().reconciliation;
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const me = useOperator();
  const reload = () => void queryClient.invalidateQueries(trpc.reconciliation.pathFilter());
  const taking = useMutation(trpc.reconciliation.take.mutationOptions());
  const giving = useMutation(
    trpc.reconciliation.release.mutationOptions({
      onSuccess: () => toast(words.released),
      onSettled: reload,
    }),
  );
  const [isTaking, setTaking] = useState(false);
  const [error, setError] = useState<unknown>(null);
  /** Returns once all were tried. One that another person took meanwhile is left to them. */
  async function take(rows: readonly ReconItemRow[]): Promise<void> {
    setTaking(true);
    setError(null);
    let failed = 0;
    const wanted = rows.filter(({ ownerId }) => ownerId !== me.id);
    for (const { id, ownerId } of wanted)
      await taking.mutateAsync({ itemId: id, from: ownerId }).catch((reason: unknown) => {
        failed++;
        setError(reason);
      });
    setTaking(false);
    reload();
    if (failed > 0) toast(items.failed(wanted.length - failed, failed));
    else toast(rows.length === 1 ? words.taken : items.done(rows.length));
  }
  return {
    take: (rows: readonly ReconItemRow[]) => void take(rows),
    release: ({ id }: ReconItemRow) => giving.mutate({ itemId: id, from: me.id }),
    isBusy: isTaking || giving.isPending,
    error: error ?? giving.error,
  };
}
