"use client";

import Link from "next/link";
import { useState } from "react";
import { PlannedBadge, useWhy } from "#components/bulk/bulk-badges.tsx";
import { formatMoney } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { SectionTitle } from "#components/layout/page-header.tsx";
import { useNarrow } from "#components/payments/use-media-query.ts";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { TimeInText } from "#components/ui/date-time.tsx";
import { ErrorBlock } from "#components/ui/error-block.tsx";
import { Money } from "#components/ui/money.tsx";
import { Cell, HeaderCell, Table, TableHead, TableRow } from "#components/ui/table.tsx";
import { type PlannedOutcome, plannedOutcomes } from "#server/bulk/bulk.values.ts";
import type { BulkPreview, PlannedRow } from "#server/bulk/preview-bulk-cancel.ts";
import type { PlanSettlement } from "#server/bulk/settle-plan.ts";

type Plan = Extract<BulkPreview, { kind: "planned" }>["plan"];
type Unreadable = Extract<BulkPreview, { kind: "unreadable" }>;

const rowsFirst = 50;
const emphasis: Readonly<Record<PlannedOutcome, string>> = {
  CANCEL: "text-ink",
  ALREADY: "text-ink-2",
  AMOUNT: "text-warn",
  NOT_CANCELABLE: "text-bad",
};

/** What a bulk cancel would do: groups, sums, its effect on settlements, why payments are left out, and each payment. */
export function BulkPlanView({
  plan,
  settlement,
  malls,
}: {
  plan: Plan;
  settlement: PlanSettlement;
  malls: ReadonlyMap<string, string>;
}) {
  const { bulk } = useTexts();
  const words = bulk.preview;
  const language = useLanguage();
  const why = useWhy();
  const money = (amountMinor: bigint) => formatMoney(amountMinor, language);
  const { totals } = plan;
  const facts: readonly (readonly [string, string])[] = [
    [words.amount, money(totals.amountMinor)],
    [words.vat, money(totals.vatMinor)],
    [words.taxFree, money(totals.taxFreeMinor)],
    [words.partial, bulk.count(totals.partial)],
    [
      words.notAcquired,
      words.sum(bulk.count(totals.notAcquired.count), money(totals.notAcquired.amountMinor)),
    ],
    [words.acquired, words.sum(bulk.count(totals.acquired.count), money(totals.acquired.amountMinor))],
    [words.feeBack, money(-settlement.change.feeMinor - settlement.change.feeVatMinor)],
    [words.net, money(settlement.change.netMinor)],
    ...(settlement.withoutTerms > 0
      ? ([[words.withoutTerms, bulk.count(settlement.withoutTerms)]] as const)
      : []),
  ];
  return (
    <section aria-labelledby="preview">
      <div className="px-6 max-wide:px-4">
        <SectionTitle id="preview" remark={<TimeInText at={plan.at} say={words.at} />}>
          {words.title}
        </SectionTitle>
        <dl className="grid grid-cols-4 border-line border-y max-wide:grid-cols-2">
          {plannedOutcomes.map((outcome) => (
            <div key={outcome} className="flex flex-col py-2.5 pr-4">
              <dt className="text-ink-3 text-meta">{bulk.planned[outcome]}</dt>
              <dd
                className={classes(
                  "font-bold text-figure",
                  plan.counts[outcome] === 0 ? "font-normal text-ink-3" : emphasis[outcome],
                )}
              >
                {bulk.count(plan.counts[outcome])}
              </dd>
            </div>
          ))}
        </dl>
        <div className="grid gap-x-10 gap-y-4 py-3.5 wide:grid-cols-2">
          {plan.counts.CANCEL > 0 ? (
            <div>
              <h3 className="pb-1 font-semibold text-ink-2 text-meta">{words.facts}</h3>
              <dl>
                {facts.map(([name, value], index) => (
                  <div key={name} className="flex justify-between gap-3 border-line border-b py-1">
                    <dt className="text-ink-2">{name}</dt>
                    <dd className={classes("text-right", index === 0 && "font-semibold")}>{value}</dd>
                  </div>
                ))}
              </dl>
            </div>
          ) : null}
          {plan.codes.length > 0 ? (
            <div>
              <h3 className="pb-1 font-semibold text-ink-2 text-meta">{words.whyNot}</h3>
              <ul>
                {plan.codes.map(({ code, count }) => (
                  <li key={code} className="flex justify-between gap-3 border-line border-b py-1">
                    <span className="min-w-0">
                      {why(code)} <code className="text-ink-3 text-meta">{code}</code>
                    </span>
                    <span className="shrink-0 font-semibold">{bulk.count(count)}</span>
                  </li>
                ))}
              </ul>
            </div>
          ) : null}
        </div>
      </div>
      <PlannedRows plan={plan} malls={malls} />
    </section>
  );
}

function PlannedRows({ plan, malls }: { plan: Plan; malls: ReadonlyMap<string, string> }) {
  const { bulk, common } = useTexts();
  const words = bulk.preview;
  const narrow = useNarrow();
  const why = useWhy();
  const [shown, setShown] = useState(rowsFirst);
  const rows = plan.rows.slice(0, shown);
  const mallOf = (row: PlannedRow) =>
    row.payment ? (malls.get(row.payment.mallId) ?? row.payment.mallId) : "";
  // All of them, so that no column comes in with the next rows.
  const hasReasons = plan.rows.some(({ code }) => code !== null);
  const caption = words.caption(plan.rowsTotal);
  return (
    <>
      {narrow ? (
        <ul aria-label={caption} className="border-line border-t">
          {rows.map((row) => (
            <li key={row.rowNo} className="border-line border-b px-4 py-2.5">
              <div className="flex items-center justify-between gap-3">
                <PlannedBadge outcome={row.outcome} />
                <Money amountMinor={row.change?.amountMinor ?? null} className="font-semibold text-figure" />
              </div>
              <Named row={row} />
              <p className="text-ink-3 text-meta">
                {[mallOf(row), why(row.code)].filter(Boolean).join(" · ")}
              </p>
            </li>
          ))}
        </ul>
      ) : (
        <Table caption={caption}>
          <TableHead>
            <HeaderCell numeric>{words.columns.no}</HeaderCell>
            <HeaderCell>{words.columns.outcome}</HeaderCell>
            <HeaderCell className="w-full">{words.columns.payment}</HeaderCell>
            <HeaderCell>{words.columns.mall}</HeaderCell>
            <HeaderCell numeric>{words.columns.balance}</HeaderCell>
            <HeaderCell numeric>{words.columns.amount}</HeaderCell>
            {hasReasons ? <HeaderCell>{words.columns.why}</HeaderCell> : null}
          </TableHead>
          <tbody>
            {rows.map((row) => (
              <TableRow key={row.rowNo}>
                <Cell numeric className="text-ink-3">
                  {row.rowNo.toLocaleString("en-US")}
                </Cell>
                <Cell>
                  <PlannedBadge outcome={row.outcome} />
                </Cell>
                <Cell describing className="min-w-48" title={titleOf(row)}>
                  <Named row={row} />
                  {row.payment ? <span className="pl-2 text-ink-3">{row.payment.orderName}</span> : null}
                </Cell>
                <Cell>{mallOf(row)}</Cell>
                <Cell numeric>
                  <Money amountMinor={row.payment?.balanceMinor ?? null} bare />
                </Cell>
                <Cell numeric>
                  <Money amountMinor={row.change?.amountMinor ?? null} bare className="font-semibold" />
                </Cell>
                {hasReasons ? <Cell className="text-ink-2">{why(row.code)}</Cell> : null}
              </TableRow>
            ))}
          </tbody>
        </Table>
      )}
      <div className="flex flex-wrap items-center gap-3 px-6 py-3 text-ink-3 max-wide:px-4">
        {plan.rowsTotal > rows.length ? <span>{words.shown(rows.length, plan.rowsTotal)}</span> : null}
        {plan.rows.length > rows.length ? (
          <Button size="small" onClick={() => setShown(shown + rowsFirst * 2)}>
            {common.loadMore}
          </Button>
        ) : null}
      </div>
    </>
  );
}

function titleOf({ payment, given }: PlannedRow): string {
  return payment ? `${payment.orderId} ${payment.orderName}` : given;
}

function Named({ row }: { row: PlannedRow }) {
  if (!row.payment) return <span className="break-all">{row.given}</span>;
  return (
    <Link
      href={`/payments/${row.payment.id}`}
      className="inline-flex min-h-6 items-center break-all underline underline-offset-2"
    >
      {row.payment.orderId}
    </Link>
  );
}

/** The lines of a file that cannot be read, each with what to mend. */
export function LineErrors({ errors, errorsTotal }: Unreadable) {
  const words = useTexts().bulk.lines;
  return (
    <div className="px-6 pt-3 max-wide:px-4">
      <ErrorBlock title={words.title(errorsTotal)}>
        <ul className="grid gap-1 pt-1">
          {errors.map(({ line, code, of, text }) => (
            <li key={line} className="flex flex-wrap gap-x-2">
              <b className="font-semibold">{words.line(line)}</b>
              <span>{of === undefined ? words.codes[code] : words.duplicateOf(of)}</span>
              {text ? <code className="break-all text-ink-3">{text}</code> : null}
            </li>
          ))}
        </ul>
        {errorsTotal > errors.length ? <p>{words.more(errorsTotal - errors.length)}</p> : null}
      </ErrorBlock>
    </div>
  );
}
