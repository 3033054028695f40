"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { useEffect, useMemo, useState } from "react";
import { BulkPlanView, LineErrors } from "#components/bulk/bulk-preview.tsx";
import { BulkSourceBox } from "#components/bulk/bulk-source.tsx";
import { type ChosenPayments, useChosenPayments } from "#components/bulk/use-chosen-payments.ts";
import { formatMoney } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { Breadcrumbs, PageHeader, SectionTitle } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Note } from "#components/ui/note.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { BulkSource } from "#server/bulk/bulk-cancel.schemas.ts";

const ConfirmBulkSheet = dynamic(
  () => import("#components/bulk/confirm-bulk-sheet.tsx").then((file) => file.ConfirmBulkSheet),
  { ssr: false },
);

/** Prepares a bulk cancel: which payments (those of the list, or lines of a file), what it would do, and only then the last step. */
export function NewBulkScreen() {
  const { bulk } = useTexts();
  const words = bulk.source;
  const language = useLanguage();
  const trpc = useTRPC();
  const router = useRouter();
  const chosen = useChosenPayments();
  const { ids } = chosen;
  const [text, setText] = useState("");
  const [asked, setAsked] = useState<{ source: BulkSource; requestKey: string } | null>(null);
  const [isConfirming, setConfirming] = useState(false);
  const malls = useQuery({ ...trpc.payment.filterOptions.queryOptions(), staleTime: 60_000 });
  const mallNames = useMemo(
    () => new Map((malls.data?.malls ?? []).map(({ id, name }) => [id, name])),
    [malls.data],
  );
  const previewing = useMutation(trpc.bulkCancel.preview.mutationOptions());
  const { mutate } = previewing;

  function preview(source: BulkSource): void {
    setConfirming(false);
    setAsked({ source, requestKey: crypto.randomUUID() });
    mutate(source);
  }
  // What the list selected is checked at once; it is a reading, and nothing is lost by doing it twice.
  useEffect(() => {
    if (ids === null) return;
    const source: BulkSource = { kind: "ids", ids: [...ids] };
    setAsked({ source, requestKey: crypto.randomUUID() });
    mutate(source);
  }, [ids, mutate]);

  const result = previewing.data;
  const plan = result?.kind === "planned" ? result.plan : null;
  const approval = result?.kind === "planned" ? result.approval : null;
  const settlement = result?.kind === "planned" ? result.settlement : null;
  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-auto">
      <Breadcrumbs crumbs={[{ label: bulk.title, href: "/bulk" }, { label: bulk.list.start }]} />
      <PageHeader title={bulk.list.start} />
      <section aria-labelledby="source" className="px-6 max-wide:px-4">
        <SectionTitle id="source">{words.title}</SectionTitle>
        {chosen.isGiven ? (
          <div className="grid max-w-180 gap-2">
            <ChosenWords chosen={chosen} />
            <div className="flex flex-wrap gap-2">
              {ids ? (
                <Button busy={previewing.isPending} onClick={() => preview({ kind: "ids", ids: [...ids] })}>
                  {words.again}
                </Button>
              ) : null}
              <Button
                look="ghost"
                onClick={() => {
                  previewing.reset();
                  setAsked(null);
                  router.replace("/bulk/new");
                }}
              >
                {words.toFile}
              </Button>
            </div>
          </div>
        ) : (
          <BulkSourceBox
            text={text}
            busy={previewing.isPending}
            onTextChange={(next) => {
              setText(next);
              // What was previewed is no longer what stands here.
              previewing.reset();
              setAsked(null);
            }}
            onPreview={() => preview({ kind: "csv", text })}
          />
        )}
      </section>
      {previewing.isError ? (
        <div className="px-6 pt-3 max-wide:px-4">
          <QueryError
            error={previewing.error}
            title={bulk.preview.error}
            retrying={previewing.isPending}
            onRetry={() => asked && mutate(asked.source)}
          />
        </div>
      ) : null}
      {previewing.isPending ? (
        <div role="status" className="grid gap-2 px-6 py-4 max-wide:px-4">
          <span className="text-ink-3">{bulk.preview.running}</span>
          <Skeleton className="w-1/2" />
          <Skeleton className="w-1/3" />
        </div>
      ) : null}
      {result?.kind === "unreadable" ? <LineErrors {...result} /> : null}
      {plan && approval && settlement && asked ? (
        <>
          <BulkPlanView plan={plan} settlement={settlement} malls={mallNames} />
          {plan.counts.CANCEL > 0 ? (
            <div className="sticky bottom-0 z-20 mt-auto flex items-center justify-between gap-3 border-line border-t bg-surface px-6 py-3 max-wide:px-4">
              <span>
                <b className="font-semibold">{formatMoney(plan.totals.amountMinor, language)}</b>
                {approval.isNeeded && approval.limitMinor !== null ? (
                  <span className="block text-ink-3 text-meta">
                    {bulk.preview.aboveLimit(formatMoney(approval.limitMinor, language))}
                  </span>
                ) : null}
              </span>
              {approval.isNeeded ? (
                <Button look="primary" onClick={() => setConfirming(true)}>
                  {bulk.preview.ask(bulk.count(plan.counts.CANCEL))}
                </Button>
              ) : (
                <Button look="danger" onClick={() => setConfirming(true)}>
                  {bulk.preview.next(bulk.count(plan.counts.CANCEL))}
                </Button>
              )}
            </div>
          ) : (
            <EmptyState title={bulk.preview.nothing}>{bulk.preview.nothingBody}</EmptyState>
          )}
          {isConfirming ? (
            <ConfirmBulkSheet
              plan={plan}
              approval={approval}
              source={asked.source}
              requestKey={asked.requestKey}
              onClose={() => setConfirming(false)}
            />
          ) : null}
        </>
      ) : null}
    </div>
  );
}

/** What the list handed over, in words; or why that is nothing to begin with. */
function ChosenWords({ chosen }: { chosen: ChosenPayments }) {
  const { bulk } = useTexts();
  const words = bulk.source;
  const { ids, isAllMatching, seen, problem, error } = chosen;
  if (problem) return <Note tone="warn">{problem}</Note>;
  if (error) return <QueryError error={error} title={bulk.preview.error} onRetry={chosen.retry} />;
  if (!ids) return <Skeleton className="w-1/3" />;
  return (
    <>
      <p className="font-semibold">
        {isAllMatching ? words.ofMatching(ids.length) : words.ofList(ids.length)}
      </p>
      {seen !== null && seen !== ids.length ? (
        <Note tone="warn">{words.otherCount(seen, ids.length)}</Note>
      ) : null}
      <p className="text-ink-3">
        {isAllMatching ? `${words.frozen} ` : null}
        {words.ofListBody}
      </p>
    </>
  );
}
