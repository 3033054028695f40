"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { type CSSProperties, memo, type ReactNode, type RefObject, useState } from "react";
import { formatAmount } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { methodLabel } from "#components/payments/payment-method.ts";
import { LeftFilter, RowStatus, rowMoney } from "#components/payments/payment-row-parts.tsx";
import type { ShownRow } from "#components/payments/use-payment-list.ts";
import { classes } from "#components/ui/classes.ts";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { DateTime } from "#components/ui/date-time.tsx";
import { Money } from "#components/ui/money.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import {
  Cell,
  HeaderCell,
  Table,
  TableHead,
  TableRow,
  TotalsCell,
  TotalsRow,
} from "#components/ui/table.tsx";
import type { PaymentSort } from "#server/payments/payment-search.schemas.ts";
import type { Totals } from "#server/payments/search-payments.ts";

/** `null` takes what is left. English says the statuses in more letters. */
const columnWidths = {
  ko: [150, 96, 116, null, 148, 108, 100, 108, 76, 76],
  en: [186, 96, 116, null, 148, 116, 116, 116, 84, 76],
} as const;
const columns = columnWidths.ko.length;
const rowHeight = 36;
const headHeight = 32;
const virtualFrom = 100;

/** Sticks the first two columns to the left edge while the table scrolls sideways. */
const stuck = {
  first: "max-full:sticky max-full:left-0 max-full:z-[5] max-full:bg-surface max-full:group-hover:bg-hover",
  second:
    "max-full:sticky max-full:left-(--status-width) max-full:z-[5] max-full:bg-surface max-full:group-hover:bg-hover",
};

export function PaymentTable({
  caption,
  rows,
  count,
  loading,
  fetching,
  sort,
  onSort,
  cursorId,
  onCursor,
  totals,
  tableRef,
  more,
}: {
  caption: string;
  rows: readonly ShownRow[];
  count: number | undefined;
  loading: boolean;
  fetching: boolean;
  sort: PaymentSort;
  onSort: (sort: PaymentSort) => void;
  cursorId: string | null;
  onCursor: (id: string) => void;
  totals: readonly Totals[] | undefined;
  tableRef: RefObject<HTMLTableElement | null>;
  /** What follows the last row: the rest of the list to load. */
  more: ReactNode;
}) {
  const { list } = useTexts().payments;
  const language = useLanguage();
  const virtual = rows.length > virtualFrom;
  const virtualizer = useVirtualizer({
    count: rows.length,
    enabled: virtual,
    getScrollElement: () => tableRef.current?.parentElement ?? null,
    estimateSize: () => rowHeight,
    getItemKey: (index) => rows[index]?.id ?? index,
    scrollPaddingStart: headHeight,
    scrollPaddingEnd: rowHeight,
    overscan: 16,
    initialRect: { width: 1200, height: 800 },
  });
  const items = virtual ? virtualizer.getVirtualItems() : rows.map((_, index) => ({ index }));
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? -1;
  const sortOf = (field: "requestedAt" | "amount") =>
    sort === field ? "ascending" : sort === `-${field}` ? "descending" : undefined;
  const toggle = (field: "requestedAt" | "amount") => onSort(sort === `-${field}` ? field : `-${field}`);
  return (
    <Table
      caption={caption}
      fetching={fetching}
      ref={tableRef}
      wrapperClassName="flex-1 scroll-pt-8 scroll-pb-9"
      className={classes(
        "table-fixed print:min-w-0",
        language === "en" ? "min-w-[1220px]" : "min-w-[1140px]",
      )}
      aria-rowcount={(count ?? rows.length) + 1}
      style={{ "--status-width": `${columnWidths[language][0]}px` } as CSSProperties}
    >
      <colgroup>
        {columnWidths[language].map((width, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the columns never change
          <col key={index} style={width === null ? undefined : { width }} />
        ))}
      </colgroup>
      <TableHead>
        <HeaderCell className={`${stuck.first} max-full:z-20`}>{list.columns.status}</HeaderCell>
        <HeaderCell
          className={`${stuck.second} max-full:z-20`}
          sort={sortOf("requestedAt")}
          onSort={() => toggle("requestedAt")}
        >
          {list.columns.time}
        </HeaderCell>
        <HeaderCell>{list.columns.mall}</HeaderCell>
        <HeaderCell>{list.columns.order}</HeaderCell>
        <HeaderCell>{list.columns.method}</HeaderCell>
        <HeaderCell numeric sort={sortOf("amount")} onSort={() => toggle("amount")}>
          {list.columns.amount}
        </HeaderCell>
        <HeaderCell numeric>{list.columns.canceled}</HeaderCell>
        <HeaderCell numeric>{list.columns.balance}</HeaderCell>
        <HeaderCell className="pl-5">{list.columns.origin}</HeaderCell>
        <HeaderCell>{list.columns.van}</HeaderCell>
      </TableHead>
      <tbody className={fetching ? "opacity-60 transition-opacity delay-150" : undefined}>
        {loading ? <SkeletonRows rows={16} columns={columns} /> : null}
        {first > 0 ? <Gap rows={first} /> : null}
        {items.map(({ index }) => {
          const row = rows[index];
          return row ? (
            <PaymentRow
              key={row.id}
              row={row}
              index={index}
              cursor={row.id === cursorId}
              onCursor={onCursor}
            />
          ) : null;
        })}
        {rows.length - 1 > last ? <Gap rows={rows.length - 1 - last} /> : null}
        {more ? (
          <tr>
            <td colSpan={columns} className="h-12 text-center">
              {more}
            </td>
          </tr>
        ) : null}
      </tbody>
      <ListTotals count={count} totals={totals} />
    </Table>
  );
}

function Gap({ rows }: { rows: number }) {
  return (
    <tr aria-hidden>
      <td colSpan={columns} className="p-0" style={{ height: rows * rowHeight }} />
    </tr>
  );
}

const PaymentRow = memo(function PaymentRow({
  row,
  index,
  cursor,
  onCursor,
}: {
  row: ShownRow;
  index: number;
  cursor: boolean;
  onCursor: (id: string) => void;
}) {
  const texts = useTexts();
  const { common, payments } = texts;
  const router = useRouter();
  const [near, setNear] = useState(false);
  const money = rowMoney(row);
  const href = `/payments/${row.id}`;
  return (
    <TableRow
      cursor={cursor}
      aria-rowindex={index + 2}
      data-payment={row.id}
      // A new key lets the fade begin again with each change.
      key={row.changedAt}
      className={row.changedAt ? "animate-changed cursor-pointer" : "cursor-pointer"}
      onMouseEnter={() => setNear(true)}
      onMouseLeave={() => setNear(false)}
      onFocus={() => {
        setNear(true);
        onCursor(row.id);
      }}
      onBlur={() => setNear(false)}
      onClick={(event) => {
        // A selection is being made to copy it, and links and buttons do their own work.
        if ((event.target as HTMLElement).closest("a, button") || window.getSelection()?.toString()) return;
        onCursor(row.id);
        if (event.metaKey || event.ctrlKey) window.open(href, "_blank", "noopener");
        else router.push(href);
      }}
    >
      <Cell className={stuck.first}>
        <RowStatus row={row} />
      </Cell>
      <Cell className={stuck.second}>
        <DateTime at={row.requestedAt} />
      </Cell>
      <Cell className="overflow-hidden text-ellipsis" title={row.mallName}>
        {row.mallName}
      </Cell>
      <Cell describing title={`${row.orderId} ${row.orderName}`}>
        <span className="flex min-w-0 items-center gap-1">
          <Link
            href={href}
            prefetch={false}
            className="min-w-0 shrink-0 text-ink no-underline group-hover:underline"
          >
            {row.orderId}
          </Link>
          {near ? (
            <CopyButton value={row.orderId} what={payments.list.orderId} className="-my-1 shrink-0" />
          ) : null}
          <span className="min-w-0 overflow-hidden text-ellipsis text-ink-3">{row.orderName}</span>
          <LeftFilter row={row} />
        </span>
      </Cell>
      <Cell className="overflow-hidden text-ellipsis">
        {methodLabel(row, texts)}
        {row.installmentMonths > 0 ? (
          <span className="text-ink-3"> {payments.list.months(row.installmentMonths)}</span>
        ) : null}
      </Cell>
      <Cell numeric>
        <Money bare amountMinor={money.amountMinor} still={money.still} className="font-semibold" />
      </Cell>
      <Cell numeric>
        <Money bare amountMinor={money.canceledMinor} />
      </Cell>
      <Cell numeric>
        <Money bare amountMinor={money.balanceMinor} />
      </Cell>
      <Cell className="pl-5 text-ink-2">{common.origin[row.origin]}</Cell>
      <Cell className="text-ink-2">{row.vanCode}</Cell>
    </TableRow>
  );
});

/** What the whole filter adds up to, one line per currency. */
function ListTotals({ count, totals }: { count: number | undefined; totals: readonly Totals[] | undefined }) {
  const { common, payments } = useTexts();
  if (count === undefined || !totals || count === 0) return null;
  const lines =
    totals.length > 0 ? totals : [{ currency: "KRW", count: 0, amountMinor: 0n, canceledMinor: 0n }];
  return lines.map((line) => (
    <TotalsRow key={line.currency}>
      <TotalsCell colSpan={5}>
        {common.totalOf(count)} <span className="font-normal text-ink-3">{payments.list.approvedOnly}</span>
        {line.currency === "KRW" ? null : <span className="font-normal text-ink-3"> · {line.currency}</span>}
      </TotalsCell>
      <TotalsCell numeric>{formatAmount(line.amountMinor)}</TotalsCell>
      <TotalsCell numeric>{formatAmount(-line.canceledMinor)}</TotalsCell>
      <TotalsCell numeric>{formatAmount(line.amountMinor - line.canceledMinor)}</TotalsCell>
      <TotalsCell colSpan={2} />
    </TotalsRow>
  ));
}
