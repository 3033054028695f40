"use client";

import { formatMoney } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { cancelRowsOf } from "#components/payments/cancel-rows.ts";
import { RecordTable } from "#components/payments/record-table.tsx";
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
  const { cancels: words } = payments;
  if (record.cancels.length === 0) return <EmptyState title={words.empty} />;
  const { columns } = words;
  const { rows, left } = cancelRowsOf(record);
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
      {record.reservedMinor > 0n ? (
        <p className="pt-2 text-ink-3 text-meta">
          {words.reserved(formatMoney(record.reservedMinor, language))}
        </p>
      ) : null}
    </>
  );
}
