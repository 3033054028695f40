"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ArrowRight } from "lucide-react";
import Link from "next/link";
import { formatMoney } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { SectionTitle } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { usePayoutTermsText } from "#components/malls/payout-terms.ts";
import { useNarrow } from "#components/payments/use-media-query.ts";
import { Button } from "#components/ui/button.tsx";
import { Money } from "#components/ui/money.tsx";
import { Note } from "#components/ui/note.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { Cell, HeaderCell, Table, TableHead, TableRow } from "#components/ui/table.tsx";
import { useToast } from "#components/ui/toast.tsx";
import type { PayoutMove, TermsMove } from "#server/settlement/change-calendar.ts";

/** What a draft would move, and the button that puts it in force: on what was seen alone. */
export function CalendarPreview({ version, onActivated }: { version: number; onActivated: () => void }) {
  const { settlements } = useTexts();
  const words = settlements.calendar.preview;
  const language = useLanguage();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const preview = useQuery(trpc.settlement.previewCalendar.queryOptions({ version }, { staleTime: 0 }));
  const activating = useMutation(
    trpc.settlement.activateCalendar.mutationOptions({
      onSuccess: ({ movedCount }) => {
        toast(words.done(version, movedCount));
        onActivated();
      },
      onSettled: () => queryClient.invalidateQueries(trpc.settlement.pathFilter()),
    }),
  );
  const shown = preview.data;
  const sum = (shown?.payouts ?? []).reduce((all, { payoutMinor }) => all + payoutMinor, 0n);
  return (
    <section aria-labelledby="calendar-preview">
      <SectionTitle id="calendar-preview" remark={words.remark}>
        {words.title}
      </SectionTitle>
      {preview.isError && !shown ? (
        <QueryError
          compact
          error={preview.error}
          title={words.error}
          onRetry={() => void preview.refetch()}
          retrying={preview.isFetching}
        />
      ) : !shown ? (
        <Skeleton className="h-40 w-full" />
      ) : (
        <div className="flex flex-col gap-3">
          <p>
            {shown.payouts.length === 0
              ? words.noPayouts
              : words.payouts(shown.payouts.length, formatMoney(sum, language))}
          </p>
          {shown.payouts.length > 0 ? <Moves moves={shown.payouts} /> : null}
          <Ahead ahead={shown.ahead} />
          <div className="flex flex-col items-start gap-2 print:hidden">
            <Note>{words.effect}</Note>
            {activating.isError ? (
              <QueryError compact error={activating.error} title={words.activateError} />
            ) : null}
            <Button
              look="primary"
              size="large"
              busy={activating.isPending}
              disabled={preview.isFetching}
              onClick={() => activating.mutate({ version, payoutsSeen: shown.payouts.length })}
            >
              {words.activate(version, shown.payouts.length)}
            </Button>
          </div>
        </div>
      )}
    </section>
  );
}

function Move({ before, after }: { before: string; after: string }) {
  const { calendar } = useTexts().settlements;
  return (
    <span className="inline-flex items-center gap-1 whitespace-nowrap">
      <span className="sr-only">{calendar.preview.moved(before, after)}</span>
      <span aria-hidden className="text-ink-3">
        {before}
      </span>
      <ArrowRight aria-hidden className="size-3.5 text-ink-3" strokeWidth={1.5} />
      <b aria-hidden className="font-semibold">
        {after}
      </b>
    </span>
  );
}

function Moves({ moves }: { moves: readonly PayoutMove[] }) {
  const { settlements } = useTexts();
  const words = settlements.calendar.preview;
  const narrow = useNarrow();
  const caption = words.caption(moves.length);
  if (narrow)
    return (
      <ul aria-label={caption} className="-mx-4 border-line border-t tabular-nums">
        {moves.map((move) => (
          <li
            key={move.id}
            className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 border-line border-b px-4 py-2"
          >
            <Link href={`/settlements/${move.id}`} className="truncate underline underline-offset-2">
              {move.businessDate} {move.mallName}
            </Link>
            <Money amountMinor={move.payoutMinor} className="font-semibold" />
            <span className="col-span-2">
              <Move {...move} />
            </span>
          </li>
        ))}
      </ul>
    );
  return (
    <Table
      caption={caption}
      wrapperClassName="-mx-6 border-line border-t max-h-96 tabular-nums print:max-h-none"
    >
      <TableHead>
        <HeaderCell>{settlements.columns.businessDate}</HeaderCell>
        <HeaderCell className="w-full">{settlements.columns.mall}</HeaderCell>
        <HeaderCell numeric>{settlements.columns.payout}</HeaderCell>
        <HeaderCell>{words.move}</HeaderCell>
      </TableHead>
      <tbody>
        {moves.map((move) => (
          <TableRow key={move.id}>
            <Cell>
              <Link
                href={`/settlements/${move.id}`}
                aria-label={settlements.open(move.businessDate, move.mallName)}
                className="inline-flex min-h-6 items-center underline underline-offset-2"
              >
                {move.businessDate}
              </Link>
            </Cell>
            <Cell describing title={move.mallName}>
              {move.mallName}
            </Cell>
            <Cell numeric>
              <Money bare amountMinor={move.payoutMinor} />
            </Cell>
            <Cell>
              <Move {...move} />
            </Cell>
          </TableRow>
        ))}
      </tbody>
    </Table>
  );
}

/** Dates that are still to be settled, by the terms that malls have. */
function Ahead({ ahead }: { ahead: readonly TermsMove[] }) {
  const words = useTexts().settlements.calendar.preview;
  const termsText = usePayoutTermsText();
  if (ahead.length === 0) return <p className="text-ink-2">{words.noAhead}</p>;
  return (
    <div>
      <p className="pb-1">{words.ahead}</p>
      <ul className="border-line border-t tabular-nums">
        {ahead.map(({ terms, mallCount, dates }) => (
          <li key={termsText(terms)} className="border-line border-b py-2">
            <details>
              <summary className="min-h-6 cursor-pointer">
                <b className="font-semibold">{termsText(terms)}</b>{" "}
                <span className="text-ink-2">{words.aheadOf(mallCount, dates.length)}</span>
              </summary>
              <ul className="grid grid-cols-3 gap-x-6 gap-y-0.5 pt-1 pl-4 max-full:grid-cols-2 max-wide:grid-cols-1">
                {dates.map(({ businessDate, before, after }) => (
                  <li key={businessDate} className="flex flex-wrap gap-x-2">
                    <span>{words.sold(businessDate)}</span>
                    <Move before={before} after={after} />
                  </li>
                ))}
              </ul>
            </details>
          </li>
        ))}
      </ul>
    </div>
  );
}
