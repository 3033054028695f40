"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import Link from "next/link";
import { useRouter } from "next/navigation";
import {
  type CSSProperties,
  memo,
  type ReactNode,
  type RefObject,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { useDensity } from "#components/layout/density-provider.tsx";
import { rowHeightPx } from "#components/layout/frame-choices.ts";
import type { PaymentColumn } from "#components/payments/payment-columns.ts";
import { methodLabel } from "#components/payments/payment-method.ts";
import { LeftFilter, RowStatus, rowMoney } from "#components/payments/payment-row-parts.tsx";
import type { ShownRow } from "#components/payments/use-payment-list.ts";
import { classes } from "#components/ui/classes.ts";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { DateTime } from "#components/ui/date-time.tsx";
import { Money } from "#components/ui/money.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { Cell, HeaderCell, RowCheckbox, Table, TableHead, TableRow } from "#components/ui/table.tsx";
import type { PaymentSort } from "#server/payments/payment-search.values.ts";

/** In pixels; `null` takes what is left. English says the statuses in more letters. */
const columnWidths: Readonly<Record<"ko" | "en", Readonly<Record<PaymentColumn, number | null>>>> = {
  ko: {
    status: 138,
    time: 96,
    mall: 104,
    order: null,
    method: 148,
    amount: 108,
    canceled: 100,
    balance: 108,
    origin: 64,
    van: 76,
  },
  en: {
    status: 186,
    time: 96,
    mall: 116,
    order: null,
    method: 148,
    amount: 116,
    canceled: 116,
    balance: 116,
    origin: 84,
    van: 76,
  },
};
/** So much that everything fits beside the sidebar on a screen of 1440. */
const orderMinWidth = { ko: 200, en: 126 } as const;
const selectWidth = 52;
const numericColumns: readonly PaymentColumn[] = ["amount", "canceled", "balance"];
const totalsHeight = 36;
const headHeight = 32;
const virtualFrom = 40;

/** Sticks the checkbox and the first column to the left edge while the table scrolls sideways. */
const stuck = {
  first: "max-full:sticky max-full:left-0 max-full:z-[5]",
  second: "max-full:sticky max-full:left-(--select-width) max-full:z-[5]",
  cell: "max-full:bg-surface max-full:group-hover:bg-hover max-full:group-aria-selected:bg-selected",
};

export function PaymentTable({
  caption,
  rows,
  columns,
  count,
  loading,
  fetching,
  sort,
  onSort,
  cursorId,
  onCursor,
  selected,
  onSelect,
  onSelectAll,
  totals,
  tableRef,
  more,
}: {
  caption: string;
  rows: readonly ShownRow[];
  columns: readonly PaymentColumn[];
  /** How many match in all; undefined while nobody knows. */
  count: number | undefined;
  loading: boolean;
  fetching: boolean;
  sort: PaymentSort;
  onSort: (sort: PaymentSort) => void;
  cursorId: string | null;
  onCursor: (id: string) => void;
  selected: ReadonlySet<string>;
  /** `range`: from the row that was selected before up to this one. */
  onSelect: (id: string, range: boolean) => void;
  onSelectAll: (on: boolean) => void;
  /** The row that stays below: what all that match add up to. */
  totals: ReactNode;
  tableRef: RefObject<HTMLTableElement | null>;
  /** What follows the last row: the rest of the list to load. */
  more: ReactNode;
}) {
  const { payments, paymentList } = useTexts();
  const { list } = payments;
  const language = useLanguage();
  const rowHeight = rowHeightPx[useDensity().density];
  const virtual = rows.length > virtualFrom;
  const virtualizer = useVirtualizer({
    count: rows.length,
    enabled: virtual,
    getScrollElement: () => tableRef.current?.parentElement ?? null,
    estimateSize: () => rowHeight,
    getItemKey: (index) => rows[index]?.id ?? index,
    scrollPaddingStart: headHeight,
    scrollPaddingEnd: totalsHeight,
    overscan: 6,
    initialRect: { width: 1200, height: 800 },
  });
  const measured = useRef(rowHeight);
  // What was measured of rows of another height is void.
  useLayoutEffect(() => {
    if (measured.current === rowHeight) return;
    measured.current = rowHeight;
    virtualizer.measure();
  }, [rowHeight, virtualizer]);
  const items = virtual ? virtualizer.getVirtualItems() : rows.map((_, index) => ({ index }));
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? -1;
  const span = columns.length + 1;
  const widths = columnWidths[language];
  const minWidth = columns.reduce(
    (all, column) => all + (widths[column] ?? orderMinWidth[language]),
    selectWidth,
  );
  const allSelected = rows.length > 0 && rows.every((row) => selected.has(row.id));
  return (
    <Table
      caption={caption}
      fetching={fetching}
      ref={tableRef}
      wrapperClassName="flex-1 scroll-pt-8 scroll-pb-9"
      className="table-fixed print:min-w-0"
      aria-rowcount={count === undefined ? -1 : count + 1}
      style={{ "--select-width": `${selectWidth}px`, minWidth } as CSSProperties}
    >
      <colgroup>
        <col style={{ width: selectWidth }} />
        {columns.map((column) => (
          <col key={column} style={widths[column] === null ? undefined : { width: widths[column] }} />
        ))}
      </colgroup>
      <TableHead>
        <HeaderCell className={`${stuck.first} max-full:z-20`}>
          <RowCheckbox
            label={paymentList.selection.all}
            checked={allSelected}
            indeterminate={!allSelected && selected.size > 0}
            onChange={(event) => onSelectAll(event.target.checked)}
          />
        </HeaderCell>
        {columns.map((column, index) => {
          const field = column === "time" ? "requestedAt" : column === "amount" ? "amount" : null;
          return (
            <HeaderCell
              key={column}
              numeric={numericColumns.includes(column)}
              className={classes(
                index === 0 && `${stuck.second} max-full:z-20`,
                afterMoney(columns, index) && "pl-5",
              )}
              {...(field && {
                sort: sort === field ? "ascending" : sort === `-${field}` ? "descending" : undefined,
                onSort: () => onSort(sort === `-${field}` ? field : `-${field}`),
              })}
            >
              {list.columns[column]}
            </HeaderCell>
          );
        })}
      </TableHead>
      <tbody className={fetching ? "opacity-60 transition-opacity delay-150" : undefined}>
        {loading ? <SkeletonRows rows={16} columns={span} /> : null}
        {first > 0 ? <Gap heightPx={first * rowHeight} span={span} /> : null}
        {items.map(({ index }) => {
          const row = rows[index];
          return row ? (
            <PaymentRow
              key={row.id}
              row={row}
              index={index}
              columns={columns}
              cursor={row.id === cursorId}
              onCursor={onCursor}
              selected={selected.has(row.id)}
              onSelect={onSelect}
            />
          ) : null;
        })}
        {rows.length - 1 > last ? <Gap heightPx={(rows.length - 1 - last) * rowHeight} span={span} /> : null}
        {more ? (
          <tr>
            <td colSpan={span} className="h-12 text-center">
              {more}
            </td>
          </tr>
        ) : null}
      </tbody>
      {totals}
    </Table>
  );
}

/** Numbers end at the right, so the words after them need air. */
function afterMoney(columns: readonly PaymentColumn[], index: number): boolean {
  const [before, column] = [columns[index - 1], columns[index]];
  return (
    before !== undefined &&
    column !== undefined &&
    numericColumns.includes(before) &&
    !numericColumns.includes(column)
  );
}

function Gap({ heightPx, span }: { heightPx: number; span: number }) {
  return (
    <tr aria-hidden>
      <td colSpan={span} className="p-0" style={{ height: heightPx }} />
    </tr>
  );
}

const PaymentRow = memo(function PaymentRow({
  row,
  index,
  columns,
  cursor,
  onCursor,
  selected,
  onSelect,
}: {
  row: ShownRow;
  index: number;
  columns: readonly PaymentColumn[];
  cursor: boolean;
  onCursor: (id: string) => void;
  selected: boolean;
  onSelect: (id: string, range: boolean) => void;
}) {
  const { paymentList } = useTexts();
  const router = useRouter();
  const [near, setNear] = useState(false);
  const href = `/payments/${row.id}`;
  return (
    <TableRow
      cursor={cursor}
      selected={selected}
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
        if ((event.target as HTMLElement).closest("a, button, label") || window.getSelection()?.toString())
          return;
        onCursor(row.id);
        if (event.metaKey || event.ctrlKey) window.open(href, "_blank", "noopener");
        else router.push(href);
      }}
    >
      <Cell className={classes(stuck.first, stuck.cell, "select-none")}>
        <RowCheckbox
          label={paymentList.selection.one(row.orderId)}
          checked={selected}
          // The click says whether Shift was held; the change itself does not.
          onClick={(event) => onSelect(row.id, event.shiftKey)}
          onChange={() => undefined}
        />
      </Cell>
      {columns.map((column, place) => (
        <RowCell
          key={column}
          column={column}
          row={row}
          near={near}
          className={classes(
            place === 0 && `${stuck.second} ${stuck.cell}`,
            afterMoney(columns, place) && "pl-5",
          )}
        />
      ))}
    </TableRow>
  );
});

function RowCell({
  column,
  row,
  near,
  className,
}: {
  column: PaymentColumn;
  row: ShownRow;
  near: boolean;
  className: string;
}) {
  const texts = useTexts();
  const { common, payments } = texts;
  const money = rowMoney(row);
  switch (column) {
    case "status":
      return (
        <Cell className={className}>
          <RowStatus row={row} />
        </Cell>
      );
    case "time":
      return (
        <Cell className={className}>
          <DateTime at={row.requestedAt} />
        </Cell>
      );
    case "mall":
      return (
        <Cell className={classes("overflow-hidden text-ellipsis", className)} title={row.mallName}>
          {row.mallName}
        </Cell>
      );
    case "order":
      return (
        <Cell describing title={`${row.orderId} ${row.orderName}`} className={className}>
          <span className="flex min-w-0 items-center gap-1">
            <Link
              href={`/payments/${row.id}`}
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
      );
    case "method":
      return (
        <Cell className={classes("overflow-hidden text-ellipsis", className)}>
          {methodLabel(row, texts)}
          {row.installmentMonths > 0 ? (
            <span className="text-ink-3"> {payments.list.months(row.installmentMonths)}</span>
          ) : null}
        </Cell>
      );
    case "amount":
      return (
        <Cell numeric className={className}>
          <Money bare amountMinor={money.amountMinor} still={money.still} className="font-semibold" />
        </Cell>
      );
    case "canceled":
      return (
        <Cell numeric className={className}>
          <Money bare amountMinor={money.canceledMinor} />
        </Cell>
      );
    case "balance":
      return (
        <Cell numeric className={className}>
          <Money bare amountMinor={money.balanceMinor} />
        </Cell>
      );
    case "origin":
      return <Cell className={classes("text-ink-2", className)}>{common.origin[row.origin]}</Cell>;
    case "van":
      return <Cell className={classes("text-ink-2", className)}>{row.vanCode}</Cell>;
  }
}
