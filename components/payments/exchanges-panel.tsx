"use client";

import { useQuery } from "@tanstack/react-query";
import { ChevronRight } from "lucide-react";
import { formatDuration } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { MessageView } from "#components/payments/message-view.tsx";
import { useFieldMark } from "#components/payments/use-field-mark.ts";
import { DateTime } from "#components/ui/date-time.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Note } from "#components/ui/note.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { WireErrorText } from "#components/wire-errors/wire-error-text.tsx";
import type { VanExchangeRecord } from "#server/payments/read-payment-record.ts";

/** The messages to and from the VAN: their bytes beside the fields they spell (design §8). */
export function ExchangesPanel({ paymentKey }: { paymentKey: string }) {
  const { exchanges: words, page } = useTexts().payments;
  const trpc = useTRPC();
  const exchanges = useQuery(trpc.payment.exchanges.queryOptions({ paymentKey }, { staleTime: 0 }));
  if (exchanges.isError && !exchanges.data) {
    return (
      <div className="py-4">
        <QueryError
          error={exchanges.error}
          title={page.loadFailed}
          onRetry={() => void exchanges.refetch()}
          retrying={exchanges.isFetching}
          compact
        />
      </div>
    );
  }
  if (!exchanges.data) {
    return (
      <div className="flex flex-col gap-3 pt-4">
        <Skeleton className="h-9 w-full" />
        <Skeleton className="h-10 w-full" />
        <Skeleton className="h-80 w-full" />
      </div>
    );
  }
  if (exchanges.data.length === 0) return <EmptyState title={words.empty} />;
  return (
    <div className="@container flex flex-col gap-3 pt-4">
      <Note>{words.masked}</Note>
      {exchanges.data.map((exchange, index) => (
        <Exchange key={String(exchange.id)} exchange={exchange} open={index === exchanges.data.length - 1} />
      ))}
    </div>
  );
}

function Exchange({ exchange, open }: { exchange: VanExchangeRecord; open: boolean }) {
  const { exchanges: words, timeline } = useTexts().payments;
  const language = useLanguage();
  // Request and answer repeat fields: what is marked in one is marked in the other.
  const mark = useFieldMark();
  const { charset } = exchange;
  const noMoney = ["declined", "refused"].includes(exchange.outcome);
  const unclear = ["unknown", "not_sent"].includes(exchange.outcome);
  return (
    <details open={open} className="group/exchange rounded-panel border border-line">
      <summary className="flex min-h-10 list-none flex-wrap items-center gap-x-3 gap-y-0.5 rounded-panel px-3 py-1.5 hover:bg-hover [&::-webkit-details-marker]:hidden">
        <ChevronRight
          aria-hidden
          className="size-4 text-ink-3 transition-transform group-open/exchange:rotate-90"
          strokeWidth={1.5}
        />
        <b className="font-semibold">{words.operations[exchange.operation]}</b>
        <span>{exchange.vanCode}</span>
        <span className={noMoney ? "text-bad" : unclear ? "text-unk" : "text-ok"}>
          {exchange.operation === "CANCEL" && exchange.outcome === "canceled"
            ? timeline.canceled
            : (timeline.outcome[exchange.outcome] ?? exchange.outcome)}
        </span>
        {exchange.responseCode ? (
          <span className="text-ink-3 text-meta">
            {exchange.responseCode} {exchange.responseMessage}
          </span>
        ) : null}
        <span className="ml-auto flex items-center gap-3 text-ink-3">
          <span>{formatDuration(exchange.durationMs, language)}</span>
          <DateTime at={exchange.startedAt} format="full" />
        </span>
      </summary>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-x-5 gap-y-5 border-line border-t px-3 pt-3 pb-4 max-wide:px-2 @min-[780px]:grid-cols-2">
        <MessageView
          title={words.request}
          side="sent"
          message={exchange.request}
          envelope={exchange.envelope}
          charset={charset}
          mark={mark}
        />
        {exchange.response ? (
          <MessageView
            title={words.response}
            side="received"
            message={exchange.response}
            envelopeUnknown={exchange.envelope !== null}
            charset={charset}
            mark={mark}
          />
        ) : (
          <p className="text-ink-2">
            {words.noResponse}
            {exchange.error ? (
              <span className="block text-ink-3">
                <WireErrorText error={exchange.error} />
              </span>
            ) : null}
          </p>
        )}
      </div>
    </details>
  );
}
