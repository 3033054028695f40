"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import { shortId } from "#components/i18n/format.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { SectionTitle } from "#components/layout/page-header.tsx";
import { writeListUrl } from "#components/payments/payment-filter-url.ts";
import { seoulDate } from "#components/payments/seoul-date.ts";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { DateTime } from "#components/ui/date-time.tsx";
import { DatesInText } from "#components/ui/dates-in-text.tsx";
import { HeroMoney } from "#components/ui/money.tsx";
import type { PaymentRecord } from "#server/payments/read-payment-record.ts";

/** Who and what a payment is, and what may be cancelled until when. */
export function PaymentRail({ record, inDrawer = false }: { record: PaymentRecord; inDrawer?: boolean }) {
  const { common, payments } = useTexts();
  const { page: words, list } = payments;
  const { card, customer } = record;
  const buyer = [customer.name, customer.phone, customer.email].filter(Boolean).join(" · ");
  const metadata = Object.entries(record.metadata);
  // A drawer has its own frame, and is where it stands.
  const Frame = inDrawer ? "div" : "aside";
  return (
    <Frame
      {...(!inDrawer && {
        "aria-label": words.identity,
        className:
          "border-line border-l pr-6 pb-6 pl-5 max-wide:mt-4 max-wide:border-t max-wide:border-l-0 max-wide:px-4",
      })}
    >
      <SectionTitle>{words.identity}</SectionTitle>
      <Facts>
        <Fact name={words.mall}>
          <Link
            href={`/payments${writeListUrl({ filter: { mall: [record.mall.id] }, sort: "-requestedAt" })}`}
          >
            {record.mall.name}
          </Link>
        </Fact>
        <Fact name={words.orderId}>
          <Copyable value={record.orderId} what={words.orderId} />
        </Fact>
        <Fact name={words.product}>{record.orderName}</Fact>
        {buyer ? <Fact name={words.customer}>{buyer}</Fact> : null}
        {card ? (
          <Fact name={words.card}>
            {card.issuerName ?? common.method.CARD}{" "}
            <span className="whitespace-nowrap">{`${card.bin}******${card.last4}`}</span> ·{" "}
            {card.installmentMonths > 0 ? list.months(card.installmentMonths) : words.lumpSum}
          </Fact>
        ) : null}
        {record.approvalNo ? (
          <Fact name={words.approvalNo}>
            <Copyable value={record.approvalNo} what={words.approvalNo} />
          </Fact>
        ) : null}
        <Fact name={words.van}>
          {record.van.code === record.van.name ? record.van.code : `${record.van.code} ${record.van.name}`}
        </Fact>
        <Fact name={words.traceNo}>
          <span className="font-mono text-meta">{record.van.traceNo}</span>
        </Fact>
        <Fact name={words.origin}>{common.origin[record.origin]}</Fact>
        <Fact name={words.requestedAt}>
          <DateTime at={record.requestedAt} format="full" />
        </Fact>
        <Fact name={common.traceId}>
          <Copyable value={record.traceId} what={common.traceId} mono short />
        </Fact>
      </Facts>

      <SectionTitle>{words.cancelable}</SectionTitle>
      {record.cancelable.allowed ? (
        <>
          <p className="mb-1 font-bold text-title [&_small]:text-section">
            <HeroMoney amountMinor={record.cancelable.balanceMinor} />
          </p>
          <Facts>
            <Fact name={words.how}>{record.cancelable.partial ? words.fullOrPartial : words.fullOnly}</Fact>
            {record.cancelable.until ? (
              <Fact name={words.until}>
                <DatesInText>{words.untilDay(seoulDate(record.cancelable.until))}</DatesInText>
              </Fact>
            ) : null}
            {record.acquisition ? (
              <Fact name={words.acquisition}>
                {record.acquisition.isAcquired ? words.acquired : words.notAcquired}
              </Fact>
            ) : null}
          </Facts>
        </>
      ) : (
        <p className="text-ink-2">
          {words.whyNot[record.cancelable.reasons[0] ?? ""] ?? words.notCancelable}
        </p>
      )}

      {metadata.length > 0 ? (
        <>
          <SectionTitle>{words.metadata}</SectionTitle>
          <Facts>
            {metadata.map(([name, value]) => (
              <Fact key={name} name={name}>
                {value}
              </Fact>
            ))}
          </Facts>
        </>
      ) : null}
    </Frame>
  );
}

function Facts({ children }: { children: ReactNode }) {
  return <dl className="grid grid-cols-[84px_minmax(0,1fr)] gap-y-1.5">{children}</dl>;
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-3 [overflow-wrap:anywhere]">{name}</dt>
      <dd className="[overflow-wrap:anywhere]">{children}</dd>
    </>
  );
}

function Copyable({
  value,
  what,
  mono = false,
  short = false,
}: {
  value: string;
  what: string;
  mono?: boolean;
  short?: boolean;
}) {
  return (
    <span className="inline-flex max-w-full items-center gap-0.5">
      <span className={mono ? "font-mono text-meta" : undefined} title={short ? value : undefined}>
        {short ? shortId(value) : value}
      </span>
      <CopyButton value={value} what={what} className="-my-1" />
    </span>
  );
}
