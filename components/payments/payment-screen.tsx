"use client";

import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { Printer, SearchX } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { WaitingRequest } from "#components/change-requests/waiting-request.tsx";
import { formatMoney } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { Breadcrumbs } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { refusalOf } from "#components/layout/refusal-text.ts";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { lastSearch } from "#components/payments/list-place.ts";
import { PaymentRail } from "#components/payments/payment-rail.tsx";
import { PaymentReceipt } from "#components/payments/payment-receipt.tsx";
import { useDeadline, useTimeLeft } from "#components/payments/payment-row-parts.tsx";
import { PaymentTimeline } from "#components/payments/payment-timeline.tsx";
import { refetchEveryMs } from "#components/payments/refetch-every-ms.ts";
import { Button, buttonClasses } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { HeroMoney, Money } from "#components/ui/money.tsx";
import { Note } from "#components/ui/note.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import { TabPanel, Tabs } from "#components/ui/tabs.tsx";
import { usePart } from "#components/ui/use-part.ts";
import type { PaymentRecord } from "#server/payments/read-payment-record.ts";

// The sheet is loaded when somebody is about to cancel, what lies under a tab when it is opened.
const loadCancelSheet = () =>
  import("#components/payments/cancel-sheet.tsx").then((file) => file.CancelSheet);
const loading = () => <Skeleton className="mt-4 w-1/2" />;
const CancelsPanel = dynamic(
  () => import("#components/payments/cancels-panel.tsx").then((file) => file.CancelsPanel),
  {
    loading,
  },
);
const LedgerPanel = dynamic(
  () => import("#components/payments/ledger-panel.tsx").then((file) => file.LedgerPanel),
  {
    loading,
  },
);
const WebhooksPanel = dynamic(
  () => import("#components/payments/webhooks-panel.tsx").then((file) => file.WebhooksPanel),
  {
    loading,
  },
);
const ExchangesPanel = dynamic(
  () => import("#components/payments/exchanges-panel.tsx").then((file) => file.ExchangesPanel),
  {
    loading,
  },
);
const IdempotencyPanel = dynamic(
  () => import("#components/payments/idempotency-panel.tsx").then((file) => file.IdempotencyPanel),
  {
    loading,
  },
);
const AuditPanel = dynamic(
  () => import("#components/payments/audit-panel.tsx").then((file) => file.AuditPanel),
  {
    loading,
  },
);

const tabIds = ["timeline", "cancels", "ledger", "webhooks", "exchanges", "idempotency", "audit"] as const;
type TabId = (typeof tabIds)[number];

/** The page of one payment: what it is, what happened, what can be done (design §8). */
export function PaymentScreen({ paymentKey }: { paymentKey: string }) {
  const { payments } = useTexts();
  const { page: words } = payments;
  const trpc = useTRPC();
  const detail = useQuery(
    trpc.payment.detail.queryOptions(
      { paymentKey },
      {
        staleTime: 0,
        placeholderData: keepPreviousData,
        refetchInterval: (query) => refetchEveryMs(query.state.data),
      },
    ),
  );
  const record = detail.data;
  const back = useBackToList();
  if (!record) {
    if (detail.isError && refusalOf(detail.error)?.code === "NOT_FOUND_PAYMENT") {
      return (
        <>
          <h1 className="sr-only">{words.notFound}</h1>
          <EmptyState
            icon={SearchX}
            title={words.notFound}
            action={
              <Link href={back} className={buttonClasses()}>
                {words.toList}
              </Link>
            }
          >
            {words.notFoundHint}
          </EmptyState>
        </>
      );
    }
    return (
      <>
        <Breadcrumbs crumbs={[{ label: payments.title, href: back }, { label: paymentKey }]} />
        {detail.isError ? (
          <div className="p-6 max-wide:p-4">
            <h1 className="sr-only">{words.loadFailed}</h1>
            <QueryError
              error={detail.error}
              title={words.loadFailed}
              onRetry={() => void detail.refetch()}
              retrying={detail.isFetching}
            />
          </div>
        ) : (
          <LoadingPayment />
        )}
      </>
    );
  }
  return <LoadedPayment record={record} back={back} stale={detail.isError} />;
}

/** The list as it was left; its address is only known in the browser. */
function useBackToList(): string {
  const [search, setSearch] = useState("");
  useEffect(() => setSearch(lastSearch()), []);
  return `/payments${search}`;
}

function LoadedPayment({ record, back, stale }: { record: PaymentRecord; back: string; stale: boolean }) {
  const { common, payments } = useTexts();
  const language = useLanguage();
  const { page: words } = payments;
  const mayCancel = useMay("payment:cancel");
  const queryClient = useQueryClient();
  const trpc = useTRPC();
  const [cancelling, setCancelling] = useState(false);
  const { part: CancelSheet, prepare } = usePart(loadCancelSheet, () => setCancelling(false));
  useWantedCancel(() => {
    if (!mayCancel || !record.cancelable.allowed) return;
    prepare();
    setCancelling(true);
  });
  const left = useDeadline(record.netCancelUntil);
  const approved = record.approvedAt !== null && record.status !== "NET_CANCELED";
  const balanceMinor = approved ? record.amountMinor - record.canceledMinor : null;
  return (
    <div className="flex flex-1 flex-col print:block">
      <Breadcrumbs crumbs={[{ label: payments.title, href: back }, { label: record.orderId }]} />
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 px-6 pt-1 max-wide:px-4 print:hidden">
        <h1 className="font-bold text-hero">
          <HeroMoney amountMinor={record.amountMinor} />
        </h1>
        <StatusBadge status={record.status} size="large" note={left} />
        <WaitingRequest kind="CANCEL" subjectId={record.id} />
        {balanceMinor === null ? null : (
          <span className="text-ink-3">
            {words.balance} <b className="font-semibold text-ink">{formatMoney(balanceMinor, language)}</b>
            {record.reservedMinor > 0n ? ` (${words.reserved(record.reservedMinor)})` : null}
          </span>
        )}
        {stale ? <span className="text-warn">{common.errors.unreachable}</span> : null}
        {mayCancel && record.cancelable.allowed ? (
          <div data-page-actions className="ml-auto flex gap-2 max-wide:w-full">
            <Button
              look="danger"
              className="max-wide:flex-1"
              onPointerEnter={prepare}
              onFocus={prepare}
              onClick={() => {
                prepare();
                setCancelling(true);
              }}
            >
              {words.cancel}
            </Button>
          </div>
        ) : null}
      </div>
      <div
        data-page-actions
        className="flex items-center gap-1.5 border-line border-b px-6 pt-0.5 pb-3.5 text-ink-3 max-wide:px-4 print:hidden"
      >
        <span className="min-w-0 overflow-hidden text-ellipsis font-mono text-meta">{record.id}</span>
        <CopyButton value={record.id} what={words.key} />
        <IconButton icon={Printer} label={words.print} size="iconSmall" onClick={() => window.print()} />
      </div>
      <div className="grid flex-1 grid-cols-[minmax(0,1fr)_320px] max-wide:grid-cols-[minmax(0,1fr)] print:hidden">
        <div className="min-w-0 px-6 pb-6 max-wide:px-4">
          <Situation record={record} />
          <Strip record={record} />
          <Records record={record} />
        </div>
        <PaymentRail record={record} />
      </div>
      <PaymentReceipt record={record} />
      {mayCancel && CancelSheet ? (
        <CancelSheet
          record={record}
          open={cancelling}
          onOpenChange={setCancelling}
          onChanged={() => {
            void queryClient.invalidateQueries(trpc.changeRequest.ofSubject.pathFilter());
            return queryClient.invalidateQueries({
              queryKey: trpc.payment.detail.queryKey({ paymentKey: record.id }),
            });
          }}
        />
      ) : null}
    </div>
  );
}

/** Begins what `?do=cancel` asks for, which the list's `c` leads to. Once: reloading or coming back shows the payment alone. */
function useWantedCancel(begin: () => void): void {
  const router = useRouter();
  const pathname = usePathname();
  const isWanted = useSearchParams().get("do") === "cancel";
  const latest = useRef(begin);
  useEffect(() => {
    latest.current = begin;
  });
  useEffect(() => {
    if (!isWanted) return;
    latest.current();
    router.replace(pathname, { scroll: false });
  }, [isWanted, router, pathname]);
}

/** What is not settled about the payment, in words: what happened to the money and that nothing needs pressing. */
function Situation({ record }: { record: PaymentRecord }) {
  const { payments, refusals } = useTexts();
  const { page: words, timeline } = payments;
  const left = useTimeLeft(record.netCancelUntil);
  const deadline = useDeadline(record.netCancelUntil);
  const parked = record.deadLetters.find((letter) => letter.status === "PARKED");
  if (record.status === "UNKNOWN") {
    return (
      <div className="pt-4">
        <Note tone="warn">
          <p className="font-semibold">
            {words.unknownTitle}
            {left && !left.isPast ? (
              <span className="font-normal">
                {" "}
                {words.unknownLeft} <b className="font-semibold text-unk">{deadline}</b>
              </span>
            ) : null}
          </p>
          {parked ? (
            <p>
              {left?.isPast ? words.unknownPassed : words.unknownDead}{" "}
              <Link href={`/dead-letters?letter=${parked.id}`} className="underline underline-offset-2">
                {timeline.deadLetterLink}
              </Link>
            </p>
          ) : (
            <p>{left?.isPast ? words.unknownPassed : words.unknownBody}</p>
          )}
        </Note>
      </div>
    );
  }
  if (record.status === "CANCEL_PENDING") {
    return (
      <div className="pt-4">
        <Note tone="warn">
          <p className="font-semibold">{words.pendingTitle}</p>
          <p>
            {parked ? (
              <>
                {words.unknownDead}{" "}
                <Link href={`/dead-letters?letter=${parked.id}`} className="underline underline-offset-2">
                  {timeline.deadLetterLink}
                </Link>
              </>
            ) : (
              words.pendingBody
            )}
          </p>
        </Note>
      </div>
    );
  }
  if (record.status === "ABORTED" && record.failureCode) {
    return (
      <div className="pt-4">
        <Note>
          <p className="font-semibold">{words.failureTitle}</p>
          <p className="text-ink-2">
            {refusals[record.failureCode as keyof typeof refusals] ?? record.failureCode}
          </p>
          {record.van.responseCode ? (
            <p className="text-ink-3 text-meta">
              {record.van.code} {record.van.responseCode} {record.van.responseMessage}
            </p>
          ) : null}
        </Note>
      </div>
    );
  }
  return null;
}

/** The money of the payment in one line that adds up. */
function Strip({ record }: { record: PaymentRecord }) {
  const { strip } = useTexts().payments.page;
  const approved = record.approvedAt !== null && record.status !== "NET_CANCELED";
  const cells: readonly (readonly [string, bigint | null])[] = [
    [approved ? strip.amount : strip.requested, record.amountMinor],
    [strip.supplied, record.suppliedMinor],
    [strip.vat, record.vatMinor],
    ...(record.taxFreeMinor > 0n ? ([[strip.taxFree, record.taxFreeMinor]] as const) : []),
    [strip.canceled, approved ? -record.canceledMinor : null],
    [strip.balance, approved ? record.amountMinor - record.canceledMinor : null],
  ];
  return (
    <dl className="mt-4 flex flex-wrap overflow-hidden rounded-panel border border-line max-wide:grid max-wide:grid-cols-2">
      {cells.map(([name, amountMinor]) => (
        <div
          key={name}
          className="-mb-px border-line border-r border-b py-2 pr-5 pl-3.5 last:flex-1 last:border-r-0 max-wide:nth-[2n]:border-r-0"
        >
          <dt className="whitespace-nowrap text-ink-3 text-meta">{name}</dt>
          <dd className="whitespace-nowrap font-semibold text-figure">
            <Money bare amountMinor={amountMinor} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Records({ record }: { record: PaymentRecord }) {
  const { page: words } = useTexts().payments;
  const mayAudit = useMay("audit:read");
  const router = useRouter();
  const pathname = usePathname();
  const wanted = useSearchParams().get("tab");
  const shown = tabIds.filter((id) => id !== "audit" || mayAudit);
  const tab: TabId = shown.find((id) => id === wanted) ?? "timeline";
  const deliveries = record.announcements.reduce((sum, event) => sum + event.deliveries.length, 0);
  const heard = record.announcements
    .flatMap(({ sequence, deliveries: own }) => [
      sequence,
      ...own.map(({ attempts, status }) => attempts + status),
    ])
    .join(" ");
  const counts: Readonly<Record<TabId, number | undefined>> = {
    timeline: undefined,
    cancels: record.cancels.length,
    ledger: record.counts.ledger,
    webhooks: deliveries,
    exchanges: record.counts.exchanges,
    idempotency: record.counts.idempotencyKeys,
    audit: record.counts.audit,
  };
  const panels: Readonly<Record<TabId, () => ReactNode>> = {
    // The keys make a tab read again when the payment has more of it than before.
    timeline: () => <PaymentTimeline record={record} />,
    cancels: () => <CancelsPanel record={record} />,
    ledger: () => <LedgerPanel key={counts.ledger} paymentKey={record.id} />,
    webhooks: () => <WebhooksPanel key={heard} paymentKey={record.id} />,
    exchanges: () => <ExchangesPanel key={counts.exchanges} paymentKey={record.id} />,
    idempotency: () => <IdempotencyPanel key={counts.idempotency} paymentKey={record.id} />,
    audit: () => <AuditPanel key={counts.audit} paymentKey={record.id} />,
  };
  return (
    <div className="mt-3.5">
      <Tabs
        label={words.records}
        tabs={shown.map((id) => ({ id, label: words.tabs[id], count: counts[id] }))}
        value={tab}
        onChange={(id) =>
          router.replace(id === "timeline" ? pathname : `${pathname}?tab=${id}`, { scroll: false })
        }
      >
        {shown.map((id) => (
          <TabPanel key={id} id={id}>
            {id === tab ? panels[id]() : null}
          </TabPanel>
        ))}
      </Tabs>
    </div>
  );
}

function LoadingPayment() {
  const { common } = useTexts();
  return (
    <div className="px-6 pt-3 max-wide:px-4">
      <span role="status" className="sr-only">
        {common.loading}
      </span>
      <Skeleton className="h-8 w-52" />
      <Skeleton className="mt-4 w-72" />
      <Skeleton className="mt-8 h-14 w-full max-w-160" />
      <Skeleton className="mt-6 w-96" />
      <div className="mt-8 flex flex-col gap-5">
        {["w-3/5", "w-2/5", "w-1/2", "w-1/3"].map((width) => (
          <Skeleton key={width} className={width} />
        ))}
      </div>
    </div>
  );
}
