"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { Effects } from "#components/settlements/settlement-effects.tsx";
import { Button } from "#components/ui/button.tsx";
import { Sheet } from "#components/ui/modal.tsx";
import { useToast } from "#components/ui/toast.tsx";
import type { ReconDayDetail } from "#server/reconciliation/reconciliation-queries.ts";

/** What closing a day means, and then closes it. It is matched once more; what that finds keeps it open. */
export function CloseDaySheet({ day, onClose }: { day: ReconDayDetail; onClose: () => void }) {
  const { reconciliation, common } = useTexts();
  const words = reconciliation.close;
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const { vanCode, businessDate } = day;
  const closing = useMutation(
    trpc.reconciliation.close.mutationOptions({
      onSuccess: () => {
        toast(words.done(businessDate, vanCode));
        onClose();
      },
      onSettled: () => queryClient.invalidateQueries(trpc.reconciliation.pathFilter()),
    }),
  );
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={words.title(businessDate, vanCode)}
      description={words.lead}
      locked={closing.isPending}
      footer={
        <>
          <Button size="large" disabled={closing.isPending} onClick={onClose}>
            {common.close}
          </Button>
          <Button
            look="primary"
            size="large"
            className="flex-1"
            busy={closing.isPending}
            onClick={() => closing.mutate({ vanCode, businessDate })}
          >
            {words.submit(businessDate)}
          </Button>
        </>
      }
    >
      <dl
        aria-label={words.facts}
        className="grid grid-cols-[minmax(0,1fr)_auto] gap-y-0.5 rounded-panel bg-sunken px-3 py-2 tabular-nums"
      >
        {(
          [
            [words.records, day.recordCount],
            [words.matched, day.matchedCount],
            [words.explained, day.recordCount - day.matchedCount],
          ] as const
        ).map(([name, count]) => (
          <div key={name} className="col-span-2 grid grid-cols-subgrid">
            <dt className="text-ink-2">{name}</dt>
            <dd className="text-right font-semibold">{common.resultCount(count)}</dd>
          </div>
        ))}
      </dl>
      <Effects
        label={words.effects}
        facts={[
          [words.day, words.dayBody],
          [words.money, words.moneyBody],
          [words.later, words.laterBody],
        ]}
      />
      {closing.isError ? <QueryError compact error={closing.error} title={words.error} /> : null}
    </Sheet>
  );
}
