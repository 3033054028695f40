"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { methodLabel } from "#components/payments/payment-method.ts";
import { LeftFilter, RowStatus, rowMoney } from "#components/payments/payment-row-parts.tsx";
import type { ShownRow } from "#components/payments/use-payment-list.ts";
import { classes } from "#components/ui/classes.ts";
import { DateTime } from "#components/ui/date-time.tsx";
import { Money } from "#components/ui/money.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { RowCheckbox } from "#components/ui/table.tsx";

/** The list on a narrow screen: three lines a payment, the whole of it a link; the totals stay at the bottom (design §13). */
export function PaymentCards({
  caption,
  rows,
  loading,
  fetching,
  selected,
  onSelect,
  totals,
  more,
}: {
  caption: string;
  rows: readonly ShownRow[];
  loading: boolean;
  fetching: boolean;
  selected: ReadonlySet<string>;
  onSelect: (id: string, range: boolean) => void;
  totals: ReactNode;
  more: ReactNode;
}) {
  return (
    <>
      <ul
        aria-label={caption}
        aria-busy={fetching || undefined}
        className={classes("flex-1 border-line border-t", fetching && "opacity-60")}
      >
        {loading ? Array.from({ length: 8 }, (_, index) => <LoadingCard key={String(index)} />) : null}
        {rows.map((row) => (
          <PaymentCard
            key={`${row.id} ${row.changedAt}`}
            row={row}
            selected={selected.has(row.id)}
            onSelect={onSelect}
          />
        ))}
        {more ? <li className="py-3 text-center">{more}</li> : null}
      </ul>
      {totals}
    </>
  );
}

function PaymentCard({
  row,
  selected,
  onSelect,
}: {
  row: ShownRow;
  selected: boolean;
  onSelect: (id: string, range: boolean) => void;
}) {
  const texts = useTexts();
  const { still } = rowMoney(row);
  return (
    <li
      className={classes(
        "flex items-start border-line border-b pl-1.5",
        selected && "bg-selected",
        row.changedAt && "animate-changed",
      )}
    >
      <RowCheckbox
        label={texts.paymentList.selection.one(row.orderId)}
        checked={selected}
        onChange={() => onSelect(row.id, false)}
      />
      <Link
        href={`/payments/${row.id}`}
        prefetch={false}
        data-payment={row.id}
        className="grid min-w-0 flex-1 grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 py-2.5 pr-4 pl-1 text-ink no-underline focus-visible:-outline-offset-2"
      >
        <span className="flex h-6 items-center gap-1.5">
          <RowStatus row={row} />
          <LeftFilter row={row} />
        </span>
        <Money amountMinor={row.amountMinor} still={still} className="text-right font-semibold text-figure" />
        <span className="overflow-hidden text-ellipsis whitespace-nowrap text-ink-2">{row.mallName}</span>
        <span className="text-right text-ink-2">
          {methodLabel(row, texts)}
          {row.installmentMonths > 0 ? (
            <span className="text-ink-3"> {texts.payments.list.months(row.installmentMonths)}</span>
          ) : null}
        </span>
        <span className="overflow-hidden text-ellipsis whitespace-nowrap">
          {row.orderId} <span className="text-ink-3">{row.orderName}</span>
        </span>
        <DateTime at={row.requestedAt} className="text-right text-ink-3" />
      </Link>
    </li>
  );
}

function LoadingCard() {
  return (
    <li
      aria-hidden
      className="grid h-[85px] grid-cols-[1fr_auto] content-center gap-x-3 gap-y-2.5 border-line border-b px-4"
    >
      <Skeleton className="w-20" />
      <Skeleton className="w-24" />
      <Skeleton className="w-24" />
      <Skeleton className="w-16" />
      <Skeleton className="w-44" />
      <Skeleton className="w-14" />
    </li>
  );
}
