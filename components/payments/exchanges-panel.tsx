"use client";

import { useQuery } from "@tanstack/react-query";
import { ArrowLeft, ArrowRight, ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { formatDuration } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { bytesOf, type Charset, hexLines } from "#components/payments/message-bytes.ts";
import { useNarrow } from "#components/payments/use-media-query.ts";
import { classes } from "#components/ui/classes.ts";
import { DateTime } from "#components/ui/date-time.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Note } from "#components/ui/note.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { VanExchangeRecord } from "#server/payments/read-payment-record.ts";

/** The messages to and from the VAN: offsets, hex, text and the fields they spell (design §8). */
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
  if (!exchanges.data) return <Skeleton className="mt-5 h-8 w-full" />;
  if (exchanges.data.length === 0) return <EmptyState title={words.empty} />;
  return (
    <div className="flex flex-col gap-3 pt-4">
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
          {exchange.responseCode ? ` · ${exchange.responseCode} ${exchange.responseMessage ?? ""}` : null}
        </span>
        <span className="ml-auto flex items-center gap-3 text-ink-3">
          <span>{formatDuration(exchange.durationMs, language)}</span>
          <DateTime at={exchange.startedAt} format="full" />
        </span>
      </summary>
      <div className="flex flex-col gap-4 border-line border-t px-3 pt-3 pb-4">
        <Message title={words.request} icon="sent" message={exchange.request} charset={exchange.charset} />
        {exchange.response ? (
          <Message
            title={words.response}
            icon="received"
            message={exchange.response}
            charset={exchange.charset}
          />
        ) : (
          <p className="text-ink-2">
            {words.noResponse}
            {exchange.error ? <span className="text-ink-3"> {exchange.error}</span> : null}
          </p>
        )}
      </div>
    </details>
  );
}

type Bytes = VanExchangeRecord["request"];

function Message({
  title,
  icon,
  message,
  charset,
}: {
  title: string;
  icon: "sent" | "received";
  message: Bytes;
  charset: Charset;
}) {
  const { exchanges: words } = useTexts().payments;
  const narrow = useNarrow();
  const bytes = bytesOf(message.base64);
  const Icon = icon === "sent" ? ArrowRight : ArrowLeft;
  return (
    <section className="min-w-0">
      <h2 className="flex items-center gap-1.5 font-semibold">
        <Icon aria-hidden className="size-4 text-ink-3" strokeWidth={1.5} />
        {title}
        <span className="font-normal text-ink-3 text-meta">
          {words.bytes(bytes.length)} · {charset.toUpperCase()}
        </span>
      </h2>
      <div className="mt-1.5 grid gap-3 min-[1680px]:grid-cols-[auto_minmax(0,1fr)]">
        <ScrollArea label={`${title} ${words.hex}`} className="bg-sunken p-2.5 font-mono text-meta">
          <table className="border-separate border-spacing-0">
            <caption className="sr-only">{`${title} ${words.hex}`}</caption>
            <thead className="sr-only">
              <tr>
                <th scope="col">{words.offset}</th>
                <th scope="col">{words.hex}</th>
                <th scope="col">{words.text}</th>
              </tr>
            </thead>
            <tbody>
              {hexLines(bytes, charset, narrow ? 8 : 16).map((line) => (
                <tr key={line.offset}>
                  <td className="pr-3 text-ink-3">{line.offset.toString().padStart(4, "0")}</td>
                  <td className="whitespace-pre pr-3">{line.hex.join(" ")}</td>
                  <td className="whitespace-pre text-ink-2">{line.text}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollArea>
        {message.fields.length > 0 ? (
          <ScrollArea label={`${title} ${words.fields}`} className="border border-line">
            <table className="w-full border-separate border-spacing-0 text-meta">
              <caption className="sr-only">{`${title} ${words.fields}`}</caption>
              <thead>
                <tr className="text-left text-ink-3">
                  <th
                    scope="col"
                    className="sticky top-0 border-line border-b bg-surface px-2.5 py-1 font-medium"
                  >
                    {words.field}
                  </th>
                  <th
                    scope="col"
                    className="sticky top-0 border-line border-b bg-surface px-2 py-1 text-right font-medium"
                  >
                    {words.offset}
                  </th>
                  <th
                    scope="col"
                    className="sticky top-0 border-line border-b bg-surface px-2 py-1 text-right font-medium"
                  >
                    {words.length}
                  </th>
                  <th
                    scope="col"
                    className="sticky top-0 border-line border-b bg-surface px-2.5 py-1 font-medium"
                  >
                    {words.value}
                  </th>
                </tr>
              </thead>
              <tbody>
                {message.fields.map((field) => (
                  <tr key={`${field.offset} ${field.name}`}>
                    <td className="whitespace-nowrap px-2.5 py-0.5">{field.name}</td>
                    <td className="px-2 py-0.5 text-right text-ink-3">{field.offset}</td>
                    <td className="px-2 py-0.5 text-right text-ink-3">{field.length}</td>
                    <td className="px-2.5 py-0.5 font-mono [overflow-wrap:anywhere]">{field.value}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </ScrollArea>
        ) : null}
      </div>
    </section>
  );
}

/** A named area that scrolls by itself and can be reached by keyboard. */
function ScrollArea({
  label,
  className,
  children,
}: {
  label: string;
  className: string;
  children: ReactNode;
}) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll area must be reachable by keyboard (WCAG 2.1.1)
      tabIndex={0}
      className={classes("max-h-80 min-w-0 overflow-auto rounded-panel", className)}
    >
      {children}
    </section>
  );
}
