"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ScanSearch } from "lucide-react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { useToast } from "#components/ui/toast.tsx";
import type { RunLine } from "#server/integrity/integrity-queries.ts";

/** Asks for a full check. */
export function useCheckNow() {
  const { integrity } = useTexts();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  return useMutation(
    trpc.integrity.checkNow.mutationOptions({
      onSuccess: () => {
        toast(integrity.check.requested);
        return queryClient.invalidateQueries(trpc.integrity.pathFilter());
      },
    }),
  );
}

type CheckNow = ReturnType<typeof useCheckNow>;

export function CheckNowButton({ check, present }: { check: CheckNow; present: RunLine | null }) {
  const { integrity } = useTexts();
  const isBusy = check.isPending || present?.kind === "FULL";
  return (
    <Button busy={isBusy} onClick={() => check.mutate()}>
      {isBusy ? null : <ScanSearch aria-hidden className="size-4" strokeWidth={1.5} />}
      {integrity.check.button}
    </Button>
  );
}

/** How far a full check is, and why one could not be asked for. Nothing while none is wanted. */
export function CheckProgress({ check, present }: { check: CheckNow; present: RunLine | null }) {
  const { integrity } = useTexts();
  const words = integrity.check;
  if (check.isError) {
    return (
      <div className="px-6 pt-2 max-wide:px-4">
        <QueryError
          error={check.error}
          title={words.error}
          onRetry={() => check.mutate()}
          retrying={check.isPending}
          compact
        />
      </div>
    );
  }
  if (present?.kind !== "FULL") return null;
  const { paymentsTotal, paymentsChecked, startedAt } = present;
  const isWaiting = startedAt === null || paymentsTotal === null;
  // What was opened while the walk went on is looked at, too.
  const total = Math.max(paymentsTotal ?? 0, paymentsChecked);
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 px-6 pt-2 text-ink-2 max-wide:px-4">
      <span className="font-semibold">{isWaiting ? words.waiting : words.running}</span>
      <progress
        aria-label={words.running}
        {...(isWaiting ? {} : { value: paymentsChecked, max: Math.max(total, 1) })}
        className="h-1.5 w-60 max-w-full appearance-none overflow-hidden rounded-full bg-sunken [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-sunken [&::-webkit-progress-value]:bg-accent"
      />
      {isWaiting ? null : (
        <span>{paymentsChecked < total ? words.progress(paymentsChecked, total) : words.rest}</span>
      )}
    </div>
  );
}
