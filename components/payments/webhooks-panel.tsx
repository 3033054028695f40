"use client";

import { useQuery } from "@tanstack/react-query";
import { ChevronRight, Clock, Pause, Send } from "lucide-react";
import { formatSeoulTime } from "#components/i18n/format.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { useTimeLeft } from "#components/payments/payment-row-parts.tsx";
import { Loaded } from "#components/payments/record-table.tsx";
import { Button } from "#components/ui/button.tsx";
import { DateTime, TimeInText } from "#components/ui/date-time.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { JsonBlock } from "#components/ui/json-block.tsx";
import { StatusBadge, ToneBadge } from "#components/ui/status-badge.tsx";
import { DeliveryTry } from "#components/webhooks/delivery-try.tsx";
import { useResendOne } from "#components/webhooks/use-resend-one.ts";
import type { EventDeliveries } from "#server/webhooks/read-deliveries.ts";

type Delivery = EventDeliveries["deliveries"][number];

const movingEveryMs = 2_000;

/** Something is to be tried still, or again after a resend. */
function isMoving(events: readonly EventDeliveries[] | undefined): boolean {
  return events?.some(({ deliveries }) => deliveries.some(({ status }) => status === "PENDING")) ?? false;
}

/** What the mall was told: each event, where it went, what every try sent and heard, and when it is tried next. */
export function WebhooksPanel({ paymentKey }: { paymentKey: string }) {
  const { webhooks: words } = useTexts().payments;
  const trpc = useTRPC();
  const events = useQuery(
    trpc.webhook.ofPayment.queryOptions(
      { paymentKey },
      { staleTime: 0, refetchInterval: ({ state }) => (isMoving(state.data) ? movingEveryMs : false) },
    ),
  );
  return (
    <Loaded query={events} columns={4} empty={<EmptyState title={words.empty}>{words.emptyHint}</EmptyState>}>
      {(rows) => (
        <ul className="flex flex-col gap-3 pt-4">
          {rows.map((event, index) => (
            <li key={String(event.id)}>
              <EventBlock event={event} open={index === rows.length - 1} />
            </li>
          ))}
        </ul>
      )}
    </Loaded>
  );
}

function EventBlock({ event, open }: { event: EventDeliveries; open: boolean }) {
  const { webhooks: words } = useTexts().payments;
  const [only] = event.deliveries;
  return (
    <details open={open} className="group/event rounded-panel border border-line">
      <summary className="flex min-h-10 list-none flex-wrap items-center gap-x-3 gap-y-0.5 rounded-panel px-3 py-1.5 hover:bg-hover [&::-webkit-details-marker]:hidden">
        <ChevronRight
          aria-hidden
          className="size-4 text-ink-3 transition-transform group-open/event:rotate-90"
          strokeWidth={1.5}
        />
        <b lang="en" className="font-semibold">
          {event.type}
        </b>
        <span className="text-ink-3">
          {event.sequence === null ? words.unsequenced : words.sequence(String(event.sequence))}
        </span>
        {only && event.deliveries.length === 1 ? <DeliveryStatus delivery={only} /> : null}
        {event.deliveries.length > 1 ? words.endpoints(event.deliveries.length) : null}
        <span className="ml-auto text-ink-3">
          <DateTime at={event.occurredAt} format="full" />
        </span>
      </summary>
      <div className="flex flex-col gap-4 border-line border-t px-3 pt-3 pb-4">
        <section className="min-w-0">
          <h2 className="mb-1 font-semibold">
            {words.requestBody}{" "}
            <span className="font-normal text-ink-3 text-meta">{words.requestBodyHint}</span>
          </h2>
          {event.body === null ? (
            <p className="text-ink-3">{words.unsequencedHint}</p>
          ) : (
            <JsonBlock label={`${event.type} ${words.requestBody}`} text={event.body} />
          )}
        </section>
        {event.deliveries.length === 0 ? <p className="text-ink-3">{words.noEndpoint}</p> : null}
        {event.deliveries.map((delivery) => (
          <DeliveryBlock key={delivery.id} delivery={delivery} />
        ))}
      </div>
    </details>
  );
}

function DeliveryStatus({ delivery }: { delivery: Delivery }) {
  const { webhooks: words } = useTexts().payments;
  return delivery.status === "PENDING" && delivery.tries.length === 0 ? (
    <ToneBadge level="plain" tone="mute" icon={Clock} label={words.waiting} />
  ) : (
    <StatusBadge kind="delivery" status={delivery.status} />
  );
}

function DeliveryBlock({ delivery }: { delivery: Delivery }) {
  const { webhooks: words } = useTexts().payments;
  const { endpoint, tries, nextTryAt } = delivery;
  const left = useTimeLeft(nextTryAt);
  const mayResend = useMay("webhook:resend");
  return (
    <section className="min-w-0">
      <h2 className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
        <span className="min-w-0 font-semibold [overflow-wrap:anywhere]">{endpoint.url}</span>
        <DeliveryStatus delivery={delivery} />
        {endpoint.status === "ACTIVE" ? null : (
          <ToneBadge
            level="plain"
            tone="warn"
            icon={Pause}
            label={endpoint.status === "PAUSED" ? words.paused(endpoint.pausedReason ?? "") : words.deleted}
          />
        )}
      </h2>
      {nextTryAt ? (
        <p className="text-run">
          <TimeInText
            at={nextTryAt}
            format={formatSeoulTime}
            say={(at) => words.next(tries.length + 1, at)}
          />
          {left && !left.isPast ? ` · ${words.inTime(left.clock)}` : null}
        </p>
      ) : null}
      <ol className="mt-1.5 flex flex-col gap-2">
        {tries.map((made, index) => (
          <li key={made.attempt}>
            <DeliveryTry made={made} open={index === tries.length - 1} />
          </li>
        ))}
      </ol>
      {mayResend && endpoint.status === "ACTIVE" ? (
        <ResendHere key={`${delivery.status} ${delivery.attempts}`} delivery={delivery} />
      ) : null}
    </section>
  );
}

/** Sends the delivery again beside its tries, as its drawer in the log does. */
function ResendHere({ delivery }: { delivery: Delivery }) {
  const words = useTexts().webhooks.resend;
  const { send, isSending, error, result } = useResendOne(delivery.id);
  const label = delivery.status === "PENDING" ? words.hasten : words.one;
  return (
    <div className="mt-2 flex flex-col gap-2">
      {error ? <QueryError error={error} title={words.oneError} compact /> : null}
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Button size="small" busy={isSending} aria-label={`${label} ${delivery.endpoint.url}`} onClick={send}>
          <Send aria-hidden className="size-3.5" strokeWidth={1.5} />
          {label}
        </Button>
        <p role="status" className="text-ink-3 text-meta">
          {result && result in words.done ? words.done[result as keyof typeof words.done] : words.oneHint}
        </p>
      </div>
    </div>
  );
}
