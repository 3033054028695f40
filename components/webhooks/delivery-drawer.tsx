"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Send } from "lucide-react";
import Link from "next/link";
import { type ReactNode, useEffect, useRef } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { SectionTitle } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { DateTime } from "#components/ui/date-time.tsx";
import { JsonBlock } from "#components/ui/json-block.tsx";
import { Drawer } from "#components/ui/modal.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { DeliveryTry } from "#components/webhooks/delivery-try.tsx";
import { useResendOne } from "#components/webhooks/use-resend-one.ts";
import { DeliveryStateBadge, EndpointBadge } from "#components/webhooks/webhook-badges.tsx";
import type { DeliveryDetail } from "#server/webhooks/read-delivery.ts";

const movingEveryMs = 2_000;

/** One delivery from the side of the log: what is sent, every try with its answer, and the button to send it again. */
export function DeliveryDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const { webhooks } = useTexts();
  const trpc = useTRPC();
  const mayResend = useMay("webhook:resend");
  const query = useQuery({
    ...trpc.webhook.read.queryOptions({ id }),
    staleTime: 0,
    refetchInterval: (asked) => (asked.state.data?.status === "PENDING" ? movingEveryMs : false),
  });
  const delivery = query.data;
  // The list behind does not move by itself; what changes here is the row that was opened.
  const queryClient = useQueryClient();
  const state = delivery?.state;
  const seen = useRef(state);
  useEffect(() => {
    if (seen.current && seen.current !== state) {
      void queryClient.invalidateQueries(trpc.webhook.search.pathFilter());
      void queryClient.invalidateQueries(trpc.webhook.count.pathFilter());
    }
    seen.current = state;
  }, [state, queryClient, trpc]);
  return (
    <Drawer
      open
      onOpenChange={(open) => !open && onClose()}
      title={delivery ? <span lang="en">{delivery.eventType}</span> : webhooks.detail.title}
      footer={
        delivery && mayResend ? (
          // Each round of tries is a wish of its own: a click that arrives twice sends once.
          <ResendOne key={`${delivery.id}-${delivery.attempts}`} delivery={delivery} />
        ) : undefined
      }
    >
      {delivery ? (
        <Delivery delivery={delivery} />
      ) : query.isError ? (
        <QueryError
          error={query.error}
          title={webhooks.detail.error}
          onRetry={() => void query.refetch()}
          retrying={query.isFetching}
          compact
        />
      ) : (
        <>
          <Skeleton className="h-5 w-2/3" />
          <Skeleton className="h-24 w-full" />
          <Skeleton className="h-40 w-full" />
        </>
      )}
    </Drawer>
  );
}

function ResendOne({ delivery }: { delivery: DeliveryDetail }) {
  const { webhooks } = useTexts();
  const words = webhooks.resend;
  const { send, isSending, error, result } = useResendOne(delivery.id);
  if (delivery.endpointStatus !== "ACTIVE") return <p className="text-ink-2">{words.notActive}</p>;
  const isOpen = delivery.status === "PENDING";
  return (
    <div className="flex w-full flex-col gap-2">
      {error ? <QueryError error={error} title={words.oneError} compact /> : null}
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <p role="status" className="min-w-0 flex-1 text-ink-3">
          {result && result in words.done ? words.done[result as keyof typeof words.done] : words.oneHint}
        </p>
        <Button look="primary" busy={isSending} onClick={send}>
          <Send aria-hidden className="size-4" strokeWidth={1.5} />
          {isOpen ? words.hasten : words.one}
        </Button>
      </div>
    </div>
  );
}

function Delivery({ delivery }: { delivery: DeliveryDetail }) {
  const { webhooks } = useTexts();
  const words = webhooks.detail;
  const { body } = delivery;
  const isAhead = delivery.state === "waiting" && delivery.attempts === 0 && delivery.nextTryAt !== null;
  const webhookId = `evt_${delivery.eventId}`;
  const subject = subjectOf(delivery.subjectId);
  return (
    <>
      <dl className="grid grid-cols-[96px_minmax(0,1fr)] items-baseline gap-x-3 gap-y-1.5">
        <Fact name={webhooks.filters.state}>
          <DeliveryStateBadge state={delivery.state} />
        </Fact>
        <Fact name={words.webhookId}>
          <span className="inline-flex flex-wrap items-center gap-x-1">
            <span className="font-mono">{webhookId}</span>
            <CopyButton value={webhookId} what={words.webhookId} />
            <span className="text-ink-3 text-meta">{words.webhookIdHint}</span>
          </span>
        </Fact>
        <Fact name={words.sequence}>{String(delivery.sequence)}</Fact>
        <Fact name={subject.isSettlement ? words.settlement : words.payment}>
          <Link
            href={subject.href}
            className="font-mono text-link underline underline-offset-2 [overflow-wrap:anywhere]"
          >
            {delivery.subjectId}
          </Link>
        </Fact>
        <Fact name={words.endpoint}>
          <span className="flex flex-wrap items-center gap-x-2">
            {delivery.mallName}
            {delivery.endpointStatus === "ACTIVE" ? null : <EndpointBadge status={delivery.endpointStatus} />}
          </span>
          <Link
            href={`/webhooks/endpoints/${delivery.endpointId}`}
            className="text-link underline underline-offset-2 [overflow-wrap:anywhere]"
          >
            {delivery.url}
          </Link>
        </Fact>
        <Fact name={words.createdAt}>
          <DateTime at={delivery.createdAt} format="full" />
        </Fact>
        {delivery.resentAt ? (
          <Fact name={words.resentAt}>
            <DateTime at={delivery.resentAt} format="full" />
          </Fact>
        ) : null}
        {delivery.completedAt ? (
          <Fact name={words.completedAt}>
            <DateTime at={delivery.completedAt} format="full" />
          </Fact>
        ) : null}
        {delivery.nextTryAt ? (
          <Fact name={words.nextTry}>
            <DateTime at={delivery.nextTryAt} format="full" />
          </Fact>
        ) : null}
      </dl>
      {isAhead ? <p className="text-ink-3">{words.ahead}</p> : null}
      <section>
        <SectionTitle remark={words.triesRemark(delivery.attempts)}>{words.tries}</SectionTitle>
        {delivery.tries.length === 0 ? (
          <p className="text-ink-3">{words.noTries}</p>
        ) : (
          <ol className="flex flex-col">
            {delivery.tries.map((made, index) => (
              <li key={made.attempt} className="border-line border-b last:border-b-0">
                <DeliveryTry made={made} open={index === delivery.tries.length - 1} stacked />
              </li>
            ))}
          </ol>
        )}
      </section>
      <section>
        <SectionTitle>{words.requestBody}</SectionTitle>
        <p className="pb-1 text-ink-3 text-meta">{words.requestBodyHint}</p>
        {body ? <JsonBlock label={words.requestBody} text={body.text} /> : <p>{words.noBody}</p>}
        {body?.isCut ? <p className="pt-1 text-ink-3 text-meta">{words.cut}</p> : null}
      </section>
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-3">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}

/** What an event is about: a payment, or a settlement. */
function subjectOf(id: string): Readonly<{ isSettlement: boolean; href: string }> {
  return id.startsWith("stl_")
    ? { isSettlement: true, href: `/settlements/${id}` }
    : { isSettlement: false, href: `/payments/${id}?tab=webhooks` };
}
