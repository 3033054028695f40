"use client";

import { formatAmount, formatMoney } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { type CancelRow, type CancelSplit, cancelRowsOf } from "#components/payments/cancel-rows.ts";
import { RecordTable } from "#components/payments/record-table.tsx";
import { useNarrow } from "#components/payments/use-media-query.ts";
import { DateTime } from "#components/ui/date-time.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Money } from "#components/ui/money.tsx";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import { Cell, TableRow, TotalsCell, TotalsRow } from "#components/ui/table.tsx";
import type { PaymentRecord } from "#server/payments/read-payment-record.ts";

/**
 * The cancels of a payment under its approval, oldest first. Each money column adds up to what is left; a cancel that
 * was refused or is not certain yet is greyed and takes nothing away.
 */
export function CancelsPanel({ record }: { record: PaymentRecord }) {
  const { common, payments, refusals } = useTexts();
  const language = useLanguage();
  const narrow = useNarrow();
  const { cancels: words } = payments;
  if (record.cancels.length === 0) return <EmptyState title={words.empty} />;
  const { columns } = words;
  const { rows, left } = cancelRowsOf(record);
  const reserved =
    record.reservedMinor > 0n ? (
      <p className="pt-2 text-ink-3 text-meta">
        {words.reserved(formatMoney(record.reservedMinor, language))}
      </p>
    ) : null;
  if (narrow) {
    return (
      <>
        <CancelCards record={record} rows={rows} left={left} />
        {reserved}
      </>
    );
  }
  return (
    <>
      <RecordTable
        caption={words.caption}
        headers={[
          columns.status,
          columns.time,
          columns.who,
          columns.reason,
          { numeric: columns.amount },
          { numeric: columns.supplied },
          { numeric: columns.vat },
          { numeric: columns.taxFree },
          { numeric: columns.left },
        ]}
        footer={
          <TotalsRow>
            <TotalsCell colSpan={4}>{words.left}</TotalsCell>
            <TotalsCell numeric>
              <Money bare amountMinor={left.amountMinor} />
            </TotalsCell>
            <TotalsCell numeric>
              <Money bare amountMinor={left.suppliedMinor} />
            </TotalsCell>
            <TotalsCell numeric>
              <Money bare amountMinor={left.vatMinor} />
            </TotalsCell>
            <TotalsCell numeric>
              <Money bare amountMinor={left.taxFreeMinor} />
            </TotalsCell>
            <TotalsCell numeric />
          </TotalsRow>
        }
      >
        <TableRow>
          <Cell>{words.approval}</Cell>
          <Cell>
            <DateTime at={record.approvedAt} />
          </Cell>
          <Cell>{common.origin[record.origin]}</Cell>
          <Cell describing title={record.orderName}>
            {record.orderName}
          </Cell>
          <Cell numeric>
            <Money bare amountMinor={record.amountMinor} className="font-semibold" />
          </Cell>
          <Cell numeric>
            <Money bare amountMinor={record.suppliedMinor} />
          </Cell>
          <Cell numeric>
            <Money bare amountMinor={record.vatMinor} />
          </Cell>
          <Cell numeric>
            <Money bare amountMinor={record.taxFreeMinor} />
          </Cell>
          <Cell numeric>
            <Money bare amountMinor={record.amountMinor} />
          </Cell>
        </TableRow>
        {rows.map(({ cancel, counts, leftMinor }) => (
          <TableRow key={cancel.id}>
            <Cell>
              <StatusBadge kind="cancel" status={cancel.status} />
            </Cell>
            <Cell>
              <DateTime at={cancel.requestedAt} />
            </Cell>
            <Cell>
              {common.origin[cancel.origin]}{" "}
              {cancel.actorName ? <span className="text-ink-3">{cancel.actorName}</span> : null}
            </Cell>
            <Cell describing title={cancel.reason}>
              {cancel.reason}
              {cancel.failureCode ? (
                <span className="text-bad">
                  {" "}
                  · {refusals[cancel.failureCode as keyof typeof refusals] ?? cancel.failureCode}
                </span>
              ) : null}
            </Cell>
            <Cell numeric>
              <Money
                bare
                amountMinor={-cancel.amountMinor}
                still={!counts}
                className={counts ? "font-semibold" : "line-through decoration-line-strong"}
              />
            </Cell>
            <Cell numeric>
              <Money bare amountMinor={-cancel.suppliedMinor} still={!counts} />
            </Cell>
            <Cell numeric>
              <Money bare amountMinor={-cancel.vatMinor} still={!counts} />
            </Cell>
            <Cell numeric>
              <Money bare amountMinor={-cancel.taxFreeMinor} still={!counts} />
            </Cell>
            <Cell numeric>
              <Money bare amountMinor={leftMinor} still={!counts} />
            </Cell>
          </TableRow>
        ))}
      </RecordTable>
      {reserved}
    </>
  );
}

/** The same on a narrow screen: a block for each, its sum at the end. */
function CancelCards({
  record,
  rows,
  left,
}: {
  record: PaymentRecord;
  rows: readonly CancelRow[];
  left: CancelSplit;
}) {
  const { common, payments, refusals } = useTexts();
  const { cancels: words, page } = payments;
  const parts = (money: Omit<CancelSplit, "amountMinor">, sign: 1n | -1n) =>
    [
      [page.strip.supplied, money.suppliedMinor],
      [page.strip.vat, money.vatMinor],
      ...(record.taxFreeMinor > 0n ? ([[page.strip.taxFree, money.taxFreeMinor]] as const) : []),
    ]
      .map(([name, amountMinor]) => `${name} ${formatAmount(sign * (amountMinor as bigint))}`)
      .join(" · ");
  return (
    <section aria-label={words.caption}>
      <ul className="-mx-4">
        <li className="border-line border-b px-4 py-2.5">
          <p className="flex justify-between gap-2">
            <span>
              {words.approval} <DateTime at={record.approvedAt} className="text-ink-3" />
            </span>
            <Money bare amountMinor={record.amountMinor} className="font-semibold" />
          </p>
          <p className="text-ink-3 text-meta">{parts(record, 1n)}</p>
        </li>
        {rows.map(({ cancel, counts, leftMinor }) => (
          <li key={cancel.id} className="border-line border-b px-4 py-2.5">
            <p className="flex justify-between gap-2">
              <StatusBadge kind="cancel" status={cancel.status} />
              <Money
                bare
                amountMinor={-cancel.amountMinor}
                still={!counts}
                className={counts ? "font-semibold" : "line-through decoration-line-strong"}
              />
            </p>
            <p className="[overflow-wrap:anywhere]">
              {cancel.reason}
              {cancel.failureCode ? (
                <span className="text-bad">
                  {" "}
                  · {refusals[cancel.failureCode as keyof typeof refusals] ?? cancel.failureCode}
                </span>
              ) : null}
            </p>
            <p className="text-ink-3 text-meta">
              <DateTime at={cancel.requestedAt} /> · {common.origin[cancel.origin]}
              {cancel.actorName ? ` ${cancel.actorName}` : null}
            </p>
            <p className="flex justify-between gap-2 text-ink-3 text-meta">
              <span>{parts(cancel, -1n)}</span>
              <span>
                {words.balanceAfter} {formatAmount(leftMinor)}
              </span>
            </p>
          </li>
        ))}
      </ul>
      <div className="-mx-4 bg-sunken px-4 py-2.5">
        <p className="flex justify-between gap-2 font-semibold">
          <span>{words.left}</span>
          <Money bare amountMinor={left.amountMinor} />
        </p>
        <p className="text-ink-3 text-meta">{parts(left, 1n)}</p>
      </div>
    </section>
  );
}
