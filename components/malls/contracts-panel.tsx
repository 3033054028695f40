"use client";

import { useQuery } from "@tanstack/react-query";
import { CalendarClock, CircleCheck, FileText, History, type LucideIcon } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { formatFeeRate } from "#components/malls/fee-rate.ts";
import { PanelHead, PanelLoad, panelTable } from "#components/malls/panel-parts.tsx";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { type Level, type Tone, ToneBadge } from "#components/ui/status-badge.tsx";
import { Cell, HeaderCell, Table, TableHead, TableRow } from "#components/ui/table.tsx";
import type { ContractLine, ContractState } from "#server/malls/mall-queries.ts";

const AddContractSheet = dynamic(() =>
  import("#components/malls/add-contract-sheet.tsx").then((module) => module.AddContractSheet),
);
const WithdrawContractSheet = dynamic(() =>
  import("#components/malls/withdraw-contract-sheet.tsx").then((module) => module.WithdrawContractSheet),
);

const looks: Readonly<Record<ContractState, { level: Level; tone: Tone; icon: LucideIcon }>> = {
  CURRENT: { level: "plain", tone: "ok", icon: CircleCheck },
  FUTURE: { level: "tint", tone: "run", icon: CalendarClock },
  PAST: { level: "plain", tone: "mute", icon: History },
};

/** What was agreed, is in force and will be, by method; a new version is added from a future date. */
export function ContractsPanel({ mallId }: { mallId: string }) {
  const { malls, common } = useTexts();
  const words = malls.contracts;
  const trpc = useTRPC();
  const mayManage = useMay("mall:manage");
  const query = useQuery(trpc.mall.contracts.queryOptions({ mallId }, { staleTime: 0 }));
  const [isAdding, setIsAdding] = useState(false);
  const [withdrawing, setWithdrawing] = useState<ContractLine | null>(null);
  const { columns } = words;
  return (
    <PanelLoad query={query} columns={8}>
      {({ contracts, today }) => (
        <>
          <PanelHead
            action={mayManage ? <Button onClick={() => setIsAdding(true)}>{words.add}</Button> : undefined}
          >
            {words.immutable}
          </PanelHead>
          {contracts.length === 0 ? (
            <EmptyState icon={FileText} title={words.empty}>
              {words.emptyBody}
            </EmptyState>
          ) : (
            <Table caption={words.caption} wrapperClassName={panelTable}>
              <TableHead>
                <HeaderCell>{columns.state}</HeaderCell>
                <HeaderCell>{columns.method}</HeaderCell>
                <HeaderCell>{columns.period}</HeaderCell>
                <HeaderCell numeric>{columns.rate}</HeaderCell>
                <HeaderCell>{columns.rounding}</HeaderCell>
                <HeaderCell>{columns.refundable}</HeaderCell>
                <HeaderCell>{columns.cycle}</HeaderCell>
                <HeaderCell>{columns.lag}</HeaderCell>
                <HeaderCell className="w-full">{columns.by}</HeaderCell>
                {mayManage ? (
                  <HeaderCell>
                    <span className="sr-only">{columns.action}</span>
                  </HeaderCell>
                ) : null}
              </TableHead>
              <tbody>
                {contracts.map((contract) => (
                  <TableRow key={contract.id} className={classes(contract.state === "PAST" && "text-ink-3")}>
                    <Cell>
                      <ToneBadge {...looks[contract.state]} label={words.states[contract.state]} />
                    </Cell>
                    <Cell>{common.method[contract.method]}</Cell>
                    <Cell>
                      {contract.effectiveUntil
                        ? words.period(contract.effectiveFrom, contract.effectiveUntil)
                        : words.from(contract.effectiveFrom)}
                    </Cell>
                    <Cell numeric className="font-semibold">
                      {formatFeeRate(contract.feeRateE5)}
                    </Cell>
                    <Cell>{words.roundings[contract.feeRounding]}</Cell>
                    <Cell>{contract.isFeeRefundable ? words.refundable.yes : words.refundable.no}</Cell>
                    <Cell>{words.cycles[contract.cycle]}</Cell>
                    <Cell>{words.lag(contract.lagBusinessDays)}</Cell>
                    <Cell title={contract.note || undefined}>
                      {contract.createdByName}
                      {contract.note ? <span className="pl-1.5 text-ink-3">{contract.note}</span> : null}
                    </Cell>
                    {mayManage ? (
                      <Cell numeric>
                        {contract.state === "FUTURE" ? (
                          <Button
                            size="small"
                            look="ghost"
                            aria-label={words.withdraw.openOf(
                              common.method[contract.method],
                              contract.effectiveFrom,
                            )}
                            onClick={() => setWithdrawing(contract)}
                          >
                            {words.withdraw.open}
                          </Button>
                        ) : null}
                      </Cell>
                    ) : null}
                  </TableRow>
                ))}
              </tbody>
            </Table>
          )}
          {isAdding ? (
            <AddContractSheet
              mallId={mallId}
              today={today}
              contracts={contracts}
              onClose={() => setIsAdding(false)}
            />
          ) : null}
          {withdrawing ? (
            <WithdrawContractSheet
              mallId={mallId}
              contract={withdrawing}
              onClose={() => setWithdrawing(null)}
            />
          ) : null}
        </>
      )}
    </PanelLoad>
  );
}
