"use client";

import { useQuery } from "@tanstack/react-query";
import { CircleCheck, TriangleAlert } from "lucide-react";
import { formatAmount } from "#components/i18n/format.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { SectionTitle } from "#components/layout/page-header.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { Loaded, RecordTable } from "#components/payments/record-table.tsx";
import { accountsOf, type LedgerLine, type TAccount } from "#components/payments/t-accounts.ts";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Cell, TableRow, TotalsCell, TotalsRow } from "#components/ui/table.tsx";

/** The double entry of a payment: its accounts as T, which together come to zero, and the journal they were written from. */
export function LedgerPanel({ paymentKey }: { paymentKey: string }) {
  const { ledger: words } = useTexts().payments;
  const trpc = useTRPC();
  const entries = useQuery(trpc.payment.ledger.queryOptions({ paymentKey }, { staleTime: 0 }));
  return (
    <Loaded
      query={entries}
      columns={5}
      empty={<EmptyState title={words.empty}>{words.emptyHint}</EmptyState>}
    >
      {(rows) => (
        <>
          <Accounts rows={rows} />
          <SectionTitle remark={words.journalHint}>{words.journal}</SectionTitle>
          <Journal rows={rows} />
        </>
      )}
    </Loaded>
  );
}

function useAccountName(): (account: string) => string {
  const { ledger: words } = useTexts().payments;
  return (account) => {
    const [kind, whose = ""] = account.split(":");
    return kind === "van_receivable"
      ? words.vanReceivable(whose)
      : kind === "mall_payable"
        ? words.mallPayable
        : account;
  };
}

function useKindName(): (eventKey: string) => string {
  const { ledger: words } = useTexts().payments;
  return (eventKey) => words.kinds[eventKey.split(":")[2] ?? ""] ?? eventKey;
}

function Accounts({ rows }: { rows: readonly LedgerLine[] }) {
  const { ledger: words } = useTexts().payments;
  const { accounts, sumMinor } = accountsOf(rows);
  const Icon = sumMinor === 0n ? CircleCheck : TriangleAlert;
  return (
    <>
      <SectionTitle remark={words.accountsHint}>{words.accounts}</SectionTitle>
      <div className="grid grid-cols-2 gap-4 max-wide:grid-cols-1">
        {accounts.map((account) => (
          <TAccountTable key={account.account} account={account} />
        ))}
      </div>
      <p className="mt-2.5 flex flex-wrap items-center justify-end gap-x-2 font-semibold">
        <span className="font-normal text-ink-2">
          {accounts
            .map(({ balanceMinor }) => formatAmount(balanceMinor))
            .join(" + ")
            .replaceAll("+ −", "− ")}{" "}
          =
        </span>
        {formatAmount(sumMinor)}
        <span
          className={sumMinor === 0n ? "flex items-center gap-1 text-ok" : "flex items-center gap-1 text-bad"}
        >
          <Icon aria-hidden className="size-4" strokeWidth={1.5} />
          {sumMinor === 0n ? words.balanced : words.unbalanced}
        </span>
      </p>
    </>
  );
}

function TAccountTable({
  account: { account, debits, credits, debitMinor, creditMinor, balanceMinor },
}: {
  account: TAccount;
}) {
  const { ledger: words } = useTexts().payments;
  const nameOf = useAccountName();
  const kindOf = useKindName();
  const lines = Array.from({ length: Math.max(debits.length, credits.length) }, (_, index) => index);
  const side = (line: LedgerLine | undefined) =>
    line ? (
      <span className="flex justify-between gap-2">
        <span className="text-ink-3">{kindOf(line.eventKey)}</span>
        {formatAmount(line.amountMinor < 0n ? -line.amountMinor : line.amountMinor)}
      </span>
    ) : null;
  const half = "w-1/2 px-3 py-1 align-top";
  return (
    <table className="w-full self-start border-separate border-spacing-0 overflow-hidden rounded-panel border border-line">
      <caption className="pb-1.5 text-left font-semibold">{nameOf(account)}</caption>
      <thead className="text-ink-3 text-meta">
        <tr>
          <th scope="col" className={`${half} border-line-2 border-r border-b text-left font-medium`}>
            {words.debit}
          </th>
          <th scope="col" className={`${half} border-line-2 border-b text-right font-medium`}>
            {words.credit}
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map((index) => (
          <tr key={index}>
            <td className={`${half} border-line-2 border-r`}>{side(debits[index])}</td>
            <td className={half}>{side(credits[index])}</td>
          </tr>
        ))}
      </tbody>
      <tfoot className="bg-sunken">
        <tr>
          <td className={`${half} border-line-2 border-t border-r text-right`}>{formatAmount(debitMinor)}</td>
          <td className={`${half} border-line-2 border-t text-right`}>{formatAmount(creditMinor)}</td>
        </tr>
        <tr>
          <td colSpan={2} className="border-line border-t px-3 py-1 font-semibold">
            <span className="flex justify-between gap-2">
              <span>
                {balanceMinor > 0n
                  ? words.debitBalance
                  : balanceMinor < 0n
                    ? words.creditBalance
                    : words.balance}
              </span>
              {/* The side is said in words: a sign too would say it twice. */}
              {formatAmount(balanceMinor < 0n ? -balanceMinor : balanceMinor)}
            </span>
          </td>
        </tr>
      </tfoot>
    </table>
  );
}

function Journal({ rows }: { rows: readonly LedgerLine[] }) {
  const { ledger: words } = useTexts().payments;
  const { columns } = words;
  const nameOf = useAccountName();
  const kindOf = useKindName();
  const sum = (isDebit: boolean) =>
    rows.reduce(
      (total, { amountMinor }) =>
        amountMinor > 0n === isDebit ? total + (isDebit ? amountMinor : -amountMinor) : total,
      0n,
    );
  return (
    <RecordTable
      caption={words.caption}
      headers={[
        columns.date,
        columns.event,
        columns.account,
        { numeric: columns.debit },
        { numeric: columns.credit },
      ]}
      footer={
        <TotalsRow>
          <TotalsCell colSpan={3}>{words.total}</TotalsCell>
          <TotalsCell numeric>{formatAmount(sum(true))}</TotalsCell>
          <TotalsCell numeric>{formatAmount(sum(false))}</TotalsCell>
        </TotalsRow>
      }
    >
      {rows.map((entry, index) => {
        const isFirst = rows[index - 1]?.eventKey !== entry.eventKey;
        return (
          <TableRow key={String(entry.id)}>
            <Cell>{isFirst ? entry.businessDate.toISOString().slice(0, 10) : null}</Cell>
            <Cell title={entry.eventKey}>{isFirst ? kindOf(entry.eventKey) : null}</Cell>
            <Cell describing title={entry.account}>
              {nameOf(entry.account)}
            </Cell>
            <Cell numeric>{entry.amountMinor > 0n ? formatAmount(entry.amountMinor) : null}</Cell>
            <Cell numeric>{entry.amountMinor < 0n ? formatAmount(-entry.amountMinor) : null}</Cell>
          </TableRow>
        );
      })}
    </RecordTable>
  );
}
