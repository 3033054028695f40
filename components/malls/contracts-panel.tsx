"use client";

import { useQuery } from "@tanstack/react-query";
import { CalendarClock, CircleCheck, FileText, History, type LucideIcon } from "lucide-react";
import dynamic from "next/dynamic";
import { type ReactNode, useState } from "react";
import { WaitingRequest } from "#components/change-requests/waiting-request.tsx";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { formatFeeRate } from "#components/malls/fee-rate.ts";
import { PanelHead, PanelLoad, panelTable } from "#components/malls/panel-parts.tsx";
import { usePayoutTermsText } from "#components/malls/payout-terms.ts";
import { useNarrow } from "#components/payments/use-media-query.ts";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { type Level, type Tone, ToneBadge } from "#components/ui/status-badge.tsx";
import { Cell, HeaderCell, Table, TableHead, TableRow } from "#components/ui/table.tsx";
import { contractMethods } from "#server/malls/mall.values.ts";
import type { ContractLine, ContractState } from "#server/malls/mall-queries.ts";

const AddContractSheet = dynamic(
  () => import("#components/malls/add-contract-sheet.tsx").then((module) => module.AddContractSheet),
  { ssr: false },
);
const WithdrawContractSheet = dynamic(
  () =>
    import("#components/malls/withdraw-contract-sheet.tsx").then((module) => module.WithdrawContractSheet),
  { ssr: false },
);

const looks: Readonly<Record<ContractState, { level: Level; tone: Tone; icon: LucideIcon }>> = {
  CURRENT: { level: "plain", tone: "ok", icon: CircleCheck },
  FUTURE: { level: "tint", tone: "run", icon: CalendarClock },
  PAST: { level: "plain", tone: "mute", icon: History },
};

/** What was agreed, is in force and will be, by method; a new version is added from a future date. */
export function ContractsPanel({ mallId }: { mallId: string }) {
  const words = useTexts().malls.contracts;
  const trpc = useTRPC();
  const mayManage = useMay("mall:manage");
  const query = useQuery(trpc.mall.contracts.queryOptions({ mallId }, { staleTime: 0 }));
  const [isAdding, setIsAdding] = useState(false);
  const narrow = useNarrow();
  const [withdrawing, setWithdrawing] = useState<ContractLine | null>(null);
  const List = narrow ? ContractCards : ContractTable;
  return (
    <PanelLoad query={query} columns={8}>
      {({ contracts, today }) => (
        <>
          <PanelHead
            action={mayManage ? <Button onClick={() => setIsAdding(true)}>{words.add}</Button> : undefined}
          >
            {words.immutable}{" "}
            {contractMethods.map((method) => (
              <WaitingRequest key={method} kind="CONTRACT_CHANGE" subjectId={`${mallId}:${method}`} />
            ))}
          </PanelHead>
          {contracts.length === 0 ? (
            <EmptyState icon={FileText} title={words.empty}>
              {words.emptyBody}
            </EmptyState>
          ) : (
            <List contracts={contracts} onWithdraw={mayManage ? setWithdrawing : undefined} />
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

type ListProps = {
  contracts: readonly ContractLine[];
  /** Opens the sheet that takes a version back; undefined for who may not. */
  onWithdraw: ((contract: ContractLine) => void) | undefined;
};

function ContractTable({ contracts, onWithdraw }: ListProps) {
  const { malls, common } = useTexts();
  const words = malls.contracts;
  const { columns } = words;
  const termsText = usePayoutTermsText();
  return (
    <Table caption={words.caption} wrapperClassName={panelTable}>
      <TableHead>
        <HeaderCell>{columns.state}</HeaderCell>
        <HeaderCell>{columns.method}</HeaderCell>
        <HeaderCell>{columns.period}</HeaderCell>
        <HeaderCell numeric>{columns.rate}</HeaderCell>
        <HeaderCell>{columns.rounding}</HeaderCell>
        <HeaderCell>{columns.refundable}</HeaderCell>
        <HeaderCell>{columns.lag}</HeaderCell>
        <HeaderCell className="w-full">{columns.by}</HeaderCell>
        {onWithdraw ? (
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
              <Period contract={contract} />
            </Cell>
            <Cell numeric className="font-semibold">
              {formatFeeRate(contract.feeRateE5)}
            </Cell>
            <Cell>{words.roundings[contract.feeRounding]}</Cell>
            <Cell>{contract.isFeeRefundable ? words.refundable.yes : words.refundable.no}</Cell>
            <Cell>{termsText(contract)}</Cell>
            <Cell
              describing
              className="min-w-40"
              title={[contract.createdByName, contract.note].filter(Boolean).join(" · ")}
            >
              {contract.createdByName}
              {contract.note ? <span className="pl-1.5 text-ink-3">{contract.note}</span> : null}
            </Cell>
            {onWithdraw ? (
              <Cell numeric>
                <Withdraw contract={contract} onWithdraw={onWithdraw} />
              </Cell>
            ) : null}
          </TableRow>
        ))}
      </tbody>
    </Table>
  );
}

/** The versions at 390 px: each says all of its terms below each other, so that nothing scrolls sideways. */
function ContractCards({ contracts, onWithdraw }: ListProps) {
  const { malls, common } = useTexts();
  const words = malls.contracts;
  const { columns } = words;
  const termsText = usePayoutTermsText();
  return (
    <ul aria-label={words.caption} className="-mx-4 border-line border-t">
      {contracts.map((contract) => {
        const terms: readonly (readonly [string, ReactNode])[] = [
          [columns.period, <Period key="period" contract={contract} />],
          [columns.rounding, words.roundings[contract.feeRounding]],
          [columns.refundable, contract.isFeeRefundable ? words.refundable.yes : words.refundable.no],
          [columns.lag, termsText(contract)],
          [columns.by, [contract.createdByName, contract.note].filter(Boolean).join(" · ")],
        ];
        return (
          <li
            key={contract.id}
            className={classes("border-line border-b px-4 py-2.5", contract.state === "PAST" && "text-ink-3")}
          >
            <div className="flex items-center gap-x-3">
              <b className="font-semibold">{common.method[contract.method]}</b>
              <ToneBadge {...looks[contract.state]} label={words.states[contract.state]} />
              <span className="ml-auto font-semibold text-figure">{formatFeeRate(contract.feeRateE5)}</span>
            </div>
            <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-0.5 pt-1.5">
              {terms.map(([name, value]) => (
                <div key={name} className="col-span-2 grid grid-cols-subgrid">
                  <dt className="text-ink-3">{name}</dt>
                  <dd className="min-w-0 [overflow-wrap:anywhere]">{value}</dd>
                </div>
              ))}
            </dl>
            {onWithdraw ? <Withdraw contract={contract} onWithdraw={onWithdraw} /> : null}
          </li>
        );
      })}
    </ul>
  );
}

function Period({ contract: { effectiveFrom, effectiveUntil } }: { contract: ContractLine }) {
  const words = useTexts().malls.contracts;
  return effectiveUntil ? words.period(effectiveFrom, effectiveUntil) : words.from(effectiveFrom);
}

/** The button of a version that has not begun. */
function Withdraw({
  contract,
  onWithdraw,
}: {
  contract: ContractLine;
  onWithdraw: (contract: ContractLine) => void;
}) {
  const { malls, common } = useTexts();
  const { withdraw } = malls.contracts;
  if (contract.state !== "FUTURE") return null;
  return (
    <Button
      size="small"
      look="ghost"
      aria-label={withdraw.openOf(common.method[contract.method], contract.effectiveFrom)}
      onClick={() => onWithdraw(contract)}
    >
      {withdraw.open}
    </Button>
  );
}
