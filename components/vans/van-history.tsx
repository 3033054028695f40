"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { formatRate } from "#components/i18n/format.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { SectionTitle } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { DateTime } from "#components/ui/date-time.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { Cell, HeaderCell, Table, TableHead, TableRow } from "#components/ui/table.tsx";
import type { VanHistoryEntry } from "#server/van/van-history-queries.ts";

const liveEveryMs = 10_000;
const pageSize = 20;

/** What happened to the VANs: switches, weights and faults by operators, and every change of a circuit. */
export function VanHistory() {
  const { vans, common } = useTexts();
  const words = vans.history;
  const trpc = useTRPC();
  const list = useInfiniteQuery({
    ...trpc.van.history.infiniteQueryOptions(
      { limit: pageSize },
      { getNextPageParam: (page) => page.nextCursor ?? undefined },
    ),
    refetchInterval: liveEveryMs,
  });
  const entries = list.data?.pages.flatMap((page) => page.entries) ?? [];
  return (
    <section aria-label={words.caption} className="px-6 pb-8 max-wide:px-4">
      <SectionTitle remark={words.remark}>{words.title}</SectionTitle>
      {list.isError ? (
        <QueryError
          error={list.error}
          title={words.error}
          onRetry={() => void list.refetch()}
          retrying={list.isFetching}
          compact
        />
      ) : list.isPending ? (
        <Skeleton className="h-40 w-full" />
      ) : entries.length === 0 ? (
        <p className="text-ink-3">{words.empty}</p>
      ) : (
        <>
          <Table caption={words.caption} wrapperClassName="-mx-6 max-wide:-mx-4">
            <TableHead>
              <HeaderCell>{words.columns.time}</HeaderCell>
              <HeaderCell>{words.columns.target}</HeaderCell>
              <HeaderCell>{words.columns.what}</HeaderCell>
              <HeaderCell>{words.columns.who}</HeaderCell>
              <HeaderCell className="w-full">{words.columns.why}</HeaderCell>
            </TableHead>
            <tbody>
              {entries.map((entry) => (
                <Line key={entry.key} entry={entry} />
              ))}
            </tbody>
          </Table>
          {list.hasNextPage ? (
            <div className="flex justify-center py-2">
              <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                {common.loadMore}
              </Button>
            </div>
          ) : null}
        </>
      )}
    </section>
  );
}

function Line({ entry }: { entry: VanHistoryEntry }) {
  const { vans } = useTexts();
  const words = vans.history;
  const isCircuit = entry.kind === "circuit";
  const why = isCircuit
    ? entry.reason
      ? vans.failures[entry.reason]
      : ""
    : saidOf(entry.detail, vans.faults);
  return (
    <TableRow>
      <Cell>
        <DateTime at={entry.at} />
      </Cell>
      <Cell className="font-semibold">{isCircuit ? entry.vanCode : entry.target}</Cell>
      <Cell>
        {isCircuit
          ? words.circuit(vans.states[entry.from], vans.states[entry.to])
          : words.actions[entry.action]}
      </Cell>
      <Cell className="text-ink-2">{isCircuit ? words.process[entry.role] : entry.byName}</Cell>
      <Cell describing className="min-w-60 text-ink-2" title={why}>
        {why}
      </Cell>
    </TableRow>
  );
}

/** The reason, the new weights or the fault, as far as the audit log has them. */
function saidOf(
  detail: Readonly<Record<string, unknown>>,
  faults: { modes: Readonly<Record<string, string>>; on: (mode: string, percent: number) => string },
): string {
  const { reason, before, after, mode, percent } = detail;
  const weights = (of: unknown) => {
    const entries = Object.entries(of as Record<string, unknown>);
    const sum = entries.reduce((total, [, weight]) => total + Number(weight), 0);
    return entries
      .map(([code, weight]) => `${code} ${formatRate(sum === 0 ? 0 : Number(weight) / sum, 0)}`)
      .join(", ");
  };
  const isWeights = typeof after === "object" && after !== null && !("approvals" in after);
  return [
    isWeights ? `${weights(before)} → ${weights(after)}` : "",
    typeof mode === "string" ? faults.on(faults.modes[mode] ?? mode, Number(percent)) : "",
    typeof reason === "string" ? reason : "",
  ]
    .filter(Boolean)
    .join(" · ");
}
