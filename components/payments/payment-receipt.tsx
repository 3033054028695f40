"use client";

import type { ReactNode } from "react";
import { formatAmount, formatMoney, formatSeoulTime } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { useOperator } from "#components/layout/operator-provider.tsx";
import { cancelRowsOf } from "#components/payments/cancel-rows.ts";
import { timelineOf } from "#components/payments/timeline.ts";
import { useNow } from "#components/ui/countdown.tsx";
import type { PaymentRecord } from "#server/payments/read-payment-record.ts";

/** The payment on paper: parties, amounts that add up, what happened. Seen in print only, where it stands for the page. */
export function PaymentReceipt({ record }: { record: PaymentRecord }) {
  const { common, payments } = useTexts();
  const language = useLanguage();
  const operator = useOperator();
  const now = useNow();
  const { receipt: words, page, list } = payments;
  const { card, customer } = record;
  return (
    <article className="hidden text-[10.5pt] leading-[1.5] print:block">
      <header className="flex items-end justify-between border-ink border-b-2 pb-2">
        <h2 className="font-bold text-[18pt] leading-tight">{words.title}</h2>
        <p className="font-bold text-[14pt] leading-tight">{formatMoney(record.amountMinor, language)}</p>
      </header>
      <dl className="mt-3 grid grid-cols-[28mm_minmax(0,1fr)_28mm_minmax(0,1fr)] gap-x-3 gap-y-1">
        <Fact name={words.mall}>{record.mall.name}</Fact>
        <Fact name={words.businessNumber}>{record.mall.businessNumber}</Fact>
        <Fact name={page.orderId}>{record.orderId}</Fact>
        <Fact name={words.status}>{common.status.payment[record.status]}</Fact>
        <Fact name={page.product}>{record.orderName}</Fact>
        <Fact name={page.customer}>{customer.name ?? common.notApplicable}</Fact>
        {card ? (
          <Fact name={page.card}>
            {card.issuerName ?? common.method.CARD} {`${card.bin}******${card.last4}`} ·{" "}
            {card.installmentMonths > 0 ? list.months(card.installmentMonths) : page.lumpSum}
          </Fact>
        ) : null}
        <Fact name={page.approvalNo}>{record.approvalNo ?? common.notApplicable}</Fact>
        <Fact name={words.approvedAt}>
          {record.approvedAt ? formatSeoulTime(record.approvedAt) : common.notApplicable}
        </Fact>
        <Fact name={page.van}>
          {record.van.code} {record.van.traceNo}
        </Fact>
        <Fact name={words.paymentKey} wide>
          {record.id}
        </Fact>
      </dl>
      <Amounts record={record} />
      <History record={record} />
      <footer className="mt-5 border-ink border-t pt-2 text-[9pt]">
        <p>{words.masked}</p>
        <p>{words.notATaxDocument}</p>
        {now ? <p className="mt-1">{words.issued(formatSeoulTime(now), operator.name)}</p> : null}
      </footer>
    </article>
  );
}

function Fact({ name, wide = false, children }: { name: string; wide?: boolean; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className={wide ? "col-span-3 font-semibold" : "font-semibold [overflow-wrap:anywhere]"}>
        {children}
      </dd>
    </>
  );
}

const cell = "border-line-strong border-b py-1";

function Amounts({ record }: { record: PaymentRecord }) {
  const { payments } = useTexts();
  const { receipt: words, cancels, page } = payments;
  const { rows, left } = cancelRowsOf(record);
  const wasApproved = record.approvedAt !== null;
  const line = (
    name: string,
    at: Date | null,
    money: { amountMinor: bigint; suppliedMinor: bigint; vatMinor: bigint; taxFreeMinor: bigint },
    sign: 1n | -1n,
  ) => (
    <>
      <td className={cell}>{name}</td>
      <td className={cell}>{at ? formatSeoulTime(at) : null}</td>
      {[money.suppliedMinor, money.vatMinor, money.taxFreeMinor, money.amountMinor].map(
        (amountMinor, column) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a column is its index
          <td key={column} className={`${cell} text-right`}>
            {formatAmount(sign * amountMinor)}
          </td>
        ),
      )}
    </>
  );
  return (
    <table className="mt-4 w-full border-separate border-spacing-0">
      <caption className="pb-1 text-left font-bold">{words.amounts}</caption>
      <thead>
        <tr className="text-left">
          <th scope="col" className="border-ink border-b py-1 font-semibold">
            {words.item}
          </th>
          <th scope="col" className="border-ink border-b py-1 font-semibold">
            {words.time}
          </th>
          {[page.strip.supplied, page.strip.vat, page.strip.taxFree, words.amount].map((name) => (
            <th key={name} scope="col" className="border-ink border-b py-1 text-right font-semibold">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        <tr>{line(wasApproved ? cancels.approval : page.strip.requested, record.approvedAt, record, 1n)}</tr>
        {rows
          .filter(({ counts }) => counts)
          .map(({ cancel }) => (
            <tr key={cancel.id}>
              {line(`${payments.cancels.canceled} (${cancel.reason})`, cancel.completedAt, cancel, -1n)}
            </tr>
          ))}
      </tbody>
      {wasApproved && record.status !== "NET_CANCELED" ? (
        <tfoot>
          <tr className="font-bold">{line(page.strip.balance, null, left, 1n)}</tr>
        </tfoot>
      ) : null}
    </table>
  );
}

function History({ record }: { record: PaymentRecord }) {
  const { payments } = useTexts();
  const language = useLanguage();
  const { receipt: words, timeline } = payments;
  const titles: Readonly<Record<string, string>> = {
    requested: timeline.requested,
    approved: timeline.approved,
    declined: timeline.declined,
    not_sent: timeline.notSent,
    unknown: timeline.unknown,
    net_cancel_requested: timeline.netCancelRequested,
    net_cancel_tried: timeline.netCancelTried,
    net_canceled: timeline.netCanceled,
    cancel_unknown: timeline.cancelUnknown,
    late_approval_found: timeline.lateApproval,
  };
  const sayings = {
    cancel_requested: timeline.cancelRequested,
    cancel_succeeded: timeline.cancelSucceeded,
    cancel_failed: timeline.cancelFailed,
  } as Readonly<Record<string, (amount: string) => string>>;
  const titleOf = (event: PaymentRecord["events"][number]) => {
    const cancel = record.cancels.find((one) => one.id === event.cancelId);
    const say = sayings[event.kind];
    return cancel && say
      ? say(formatMoney(-cancel.amountMinor, language))
      : (titles[event.kind] ?? timeline.other);
  };
  return (
    <table className="mt-4 w-full border-separate border-spacing-0">
      <caption className="pb-1 text-left font-bold">{words.history}</caption>
      <thead>
        <tr className="text-left">
          <th scope="col" className="w-[46mm] border-ink border-b py-1 font-semibold">
            {words.time}
          </th>
          <th scope="col" className="border-ink border-b py-1 font-semibold">
            {words.what}
          </th>
        </tr>
      </thead>
      <tbody>
        {timelineOf(record)
          .flatMap((entry) => (entry.kind === "event" ? [entry.event] : []))
          .map((event) => (
            <tr key={String(event.id)} className="break-inside-avoid">
              <td className={cell}>{formatSeoulTime(event.at)}</td>
              <td className={cell}>{titleOf(event)}</td>
            </tr>
          ))}
      </tbody>
    </table>
  );
}
