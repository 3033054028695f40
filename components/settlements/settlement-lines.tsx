"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useState } from "react";
import { ExportButton } from "#components/exports/export-button.tsx";
import { formatMoney, formatNumber } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { SectionTitle } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { useNarrow } from "#components/payments/use-media-query.ts";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Money } from "#components/ui/money.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { Cell, HeaderCell, Table, TableHead, TableRow } from "#components/ui/table.tsx";
import type { LineRow } from "#server/settlement/settlement-queries.ts";

const ExplainSheet = dynamic(
  () => import("#components/settlements/explain-sheet.tsx").then((module) => module.ExplainSheet),
  { ssr: false },
);

const pageSize = 100;

/** What was settled, in its order; each line leads to its payment and explains its amount. */
export function SettlementLines({ settlementId, lineCount }: { settlementId: string; lineCount: number }) {
  const { settlements, common } = useTexts();
  const words = settlements.lines;
  const trpc = useTRPC();
  const narrow = useNarrow();
  const [explained, setExplained] = useState<number | null>(null);
  const list = useInfiniteQuery(
    trpc.settlement.lines.infiniteQueryOptions(
      { settlementId, limit: pageSize },
      { getNextPageParam: (page) => page.nextCursor ?? undefined },
    ),
  );
  const lines = list.data?.pages.flatMap((page) => page.lines) ?? [];
  return (
    <section aria-labelledby="lines">
      <SectionTitle
        id="lines"
        remark={
          list.hasNextPage
            ? words.more(lines.length, Math.max(lineCount, lines.length))
            : words.remark(lineCount)
        }
        action={
          <ExportButton
            size="small"
            sources={[{ kind: "SETTLEMENT_LINES", filter: { settlementId } }]}
            seenCount={lineCount}
          />
        }
      >
        {words.title}
      </SectionTitle>
      {list.isError && lines.length === 0 ? (
        <QueryError
          error={list.error}
          title={words.error}
          onRetry={() => void list.refetch()}
          retrying={list.isFetching}
        />
      ) : list.isPending ? (
        <table className="w-full border-line border-t" aria-label={words.caption}>
          <tbody>
            <SkeletonRows rows={6} columns={8} />
          </tbody>
        </table>
      ) : lines.length === 0 ? (
        <EmptyState title={words.empty} />
      ) : narrow ? (
        <LineCards lines={lines} onExplain={setExplained} />
      ) : (
        <LineTable lines={lines} onExplain={setExplained} />
      )}
      {list.hasNextPage ? (
        <div className="flex justify-center py-2">
          <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {common.loadMore}
          </Button>
        </div>
      ) : null}
      {explained === null ? null : (
        <ExplainSheet settlementId={settlementId} lineNo={explained} onClose={() => setExplained(null)} />
      )}
    </section>
  );
}

type ListProps = { lines: readonly LineRow[]; onExplain: (lineNo: number) => void };

function Order({ line }: { line: LineRow }) {
  if (line.paymentId === null) return <Money amountMinor={null} />;
  return (
    <Link href={`/payments/${line.paymentId}`} className="text-link underline underline-offset-2">
      {line.orderId ?? line.paymentId}
    </Link>
  );
}

function Explain({ lineNo, onExplain }: { lineNo: number; onExplain: (lineNo: number) => void }) {
  const words = useTexts().settlements.lines;
  return (
    <Button look="ghost" size="small" aria-label={words.explainOf(lineNo)} onClick={() => onExplain(lineNo)}>
      {words.explain}
    </Button>
  );
}

function LineTable({ lines, onExplain }: ListProps) {
  const { lines: words } = useTexts().settlements;
  const { columns } = words;
  return (
    <Table caption={words.caption} wrapperClassName="-mx-6 border-line border-t tabular-nums">
      <TableHead>
        <HeaderCell numeric>{columns.no}</HeaderCell>
        <HeaderCell>{columns.kind}</HeaderCell>
        <HeaderCell>{columns.eventDate}</HeaderCell>
        <HeaderCell className="w-full">{columns.order}</HeaderCell>
        <HeaderCell numeric>{columns.amount}</HeaderCell>
        <HeaderCell numeric>{columns.fee}</HeaderCell>
        <HeaderCell numeric>{columns.feeVat}</HeaderCell>
        <HeaderCell numeric>{columns.net}</HeaderCell>
        <HeaderCell>
          <span className="sr-only">{columns.action}</span>
        </HeaderCell>
      </TableHead>
      <tbody>
        {lines.map((line) => (
          <TableRow key={line.lineNo}>
            <Cell numeric className="text-ink-3">
              {formatNumber(line.lineNo)}
            </Cell>
            <Cell>{words.kinds[line.kind]}</Cell>
            <Cell>{line.eventDate}</Cell>
            <Cell>
              <Order line={line} />
            </Cell>
            <Cell numeric>
              <Money bare amountMinor={line.amountMinor} />
            </Cell>
            <Cell numeric>
              <Money bare amountMinor={-line.feeMinor} />
            </Cell>
            <Cell numeric>
              <Money bare amountMinor={-line.feeVatMinor} />
            </Cell>
            <Cell numeric className="font-semibold">
              <Money bare amountMinor={line.netMinor} />
            </Cell>
            <Cell numeric>
              <Explain lineNo={line.lineNo} onExplain={onExplain} />
            </Cell>
          </TableRow>
        ))}
      </tbody>
    </Table>
  );
}

/** The lines at 390 px. */
function LineCards({ lines, onExplain }: ListProps) {
  const { lines: words } = useTexts().settlements;
  const language = useLanguage();
  return (
    <ul aria-label={words.caption} className="-mx-4 border-line border-t tabular-nums">
      {lines.map((line) => (
        <li
          key={line.lineNo}
          className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 border-line border-b px-4 py-2"
        >
          <span className="truncate">
            <span className="text-ink-3">{formatNumber(line.lineNo)}</span> {words.kinds[line.kind]}{" "}
            <Order line={line} />
          </span>
          <b className="text-right font-semibold">{formatMoney(line.netMinor, language)}</b>
          <span className="text-ink-3 text-meta">
            <span className="whitespace-nowrap">{line.eventDate}</span> ·{" "}
            {formatMoney(line.amountMinor, language)}
          </span>
          <span className="text-right">
            <Explain lineNo={line.lineNo} onExplain={onExplain} />
          </span>
        </li>
      ))}
    </ul>
  );
}
