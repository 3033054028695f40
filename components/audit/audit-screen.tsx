"use client";

import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { ScrollText, SearchX } from "lucide-react";
import { useState } from "react";
import { AuditDrawer } from "#components/audit/audit-drawer.tsx";
import { AuditFilters } from "#components/audit/audit-filters.tsx";
import { auditAddress, emptyView, toAuditFilter, writeAuditUrl } from "#components/audit/audit-url.ts";
import { actionText, actorText, targetTypeText } from "#components/audit/audit-words.ts";
import { ChainCheckButton, ChainCheckResult, useChainCheck } from "#components/audit/chain-check.tsx";
import { ExportButton } from "#components/exports/export-button.tsx";
import { formatNumber } from "#components/i18n/format.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { PageHeader } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { useAddressView } from "#components/layout/use-address-view.ts";
import { useNarrow } from "#components/payments/use-media-query.ts";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { DateTime } from "#components/ui/date-time.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import { Cell, HeaderCell, Table, TableHead, TableRow } from "#components/ui/table.tsx";
import type { AuditFilter } from "#server/audit/audit.schemas.ts";
import type { AuditLine } from "#server/audit/audit-queries.ts";

const pageSize = 50;

/** The audit log: who did what to what, newest first. Reading it changes nothing, and nothing in it can be changed. */
export function AuditScreen() {
  const { audit, common } = useTexts();
  const trpc = useTRPC();
  const narrow = useNarrow();
  const { view, change } = useAddressView(auditAddress);
  const [openSeq, setOpenSeq] = useState<bigint | null>(null);
  const check = useChainCheck();
  const address = writeAuditUrl(view);
  // A period such as 최근 1시간 is fixed when it is chosen, so that pages of one list fit together.
  const [fixed, setFixed] = useState({ address, filter: toAuditFilter(view, new Date()) });
  if (fixed.address !== address) setFixed({ address, filter: toAuditFilter(view, new Date()) });
  const { filter } = fixed;

  const count = useQuery(trpc.audit.count.queryOptions(filter, { placeholderData: keepPreviousData }));
  const list = useInfiniteQuery(
    trpc.audit.search.infiniteQueryOptions(
      { filter, limit: pageSize },
      { getNextPageParam: (page) => page.nextCursor ?? undefined, placeholderData: keepPreviousData },
    ),
  );
  const entries = list.data?.pages.flatMap((page) => page.entries) ?? [];
  const props = {
    entries,
    fetching: list.isPlaceholderData,
    onOpen: (entry: AuditLine) => setOpenSeq(entry.seq),
  };
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PageHeader
        title={audit.title}
        status={count.data === undefined ? null : <span>{audit.count(count.data)}</span>}
        actions={
          <>
            <ExportButton sources={[{ kind: "AUDIT", filter }]} seenCount={count.data} />
            <ChainCheckButton check={check} />
          </>
        }
      />
      <ChainCheckResult check={check} onShow={setOpenSeq} />
      <AuditFilters view={view} change={change} />
      {list.isError ? (
        <div className="p-6 max-wide:p-4">
          <QueryError
            error={list.error}
            title={audit.error}
            onRetry={() => void list.refetch()}
            retrying={list.isFetching}
          />
        </div>
      ) : list.isPending ? (
        <table className="w-full border-line border-t" aria-label={audit.caption}>
          <tbody>
            <SkeletonRows columns={6} />
          </tbody>
        </table>
      ) : entries.length === 0 ? (
        <div className="border-line border-t">
          {address ? (
            <EmptyState
              icon={SearchX}
              title={audit.empty}
              action={<Button onClick={() => change(emptyView)}>{common.clearAll}</Button>}
            >
              {audit.emptyBody}
            </EmptyState>
          ) : (
            <EmptyState icon={ScrollText} title={audit.none}>
              {audit.noneBody}
            </EmptyState>
          )}
        </div>
      ) : (
        <>
          {narrow ? <AuditCards {...props} /> : <AuditTable {...props} />}
          {list.hasNextPage ? (
            <div className="flex justify-center border-line border-t py-2">
              <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                {common.loadMore}
              </Button>
            </div>
          ) : null}
        </>
      )}
      <AuditDrawer
        seq={openSeq}
        onClose={() => setOpenSeq(null)}
        onTarget={(target) => {
          setOpenSeq(null);
          change({ ...emptyView, target });
        }}
      />
    </div>
  );
}

type ListProps = { entries: readonly AuditLine[]; fetching: boolean; onOpen: (entry: AuditLine) => void };

function AuditTable({ entries, fetching, onOpen }: ListProps) {
  const { audit } = useTexts();
  return (
    <Table caption={audit.caption} fetching={fetching} wrapperClassName="flex-1 border-line border-t">
      <TableHead>
        <HeaderCell numeric className="w-16">
          {audit.columns.seq}
        </HeaderCell>
        <HeaderCell>{audit.columns.time}</HeaderCell>
        <HeaderCell>{audit.columns.actor}</HeaderCell>
        <HeaderCell>{audit.columns.action}</HeaderCell>
        <HeaderCell>{audit.columns.outcome}</HeaderCell>
        <HeaderCell className="w-full">{audit.columns.target}</HeaderCell>
        <HeaderCell>{audit.columns.ip}</HeaderCell>
      </TableHead>
      <tbody className={classes(fetching && "opacity-60")}>
        {entries.map((entry) => (
          <TableRow key={String(entry.seq)}>
            <Cell numeric className="text-ink-3">
              {formatNumber(entry.seq)}
            </Cell>
            <Cell>
              <DateTime at={entry.at} />
            </Cell>
            <Cell>
              {actorText(entry, audit)}
              {entry.actorType === "mall" ? (
                <span className="pl-1.5 text-ink-3 text-meta">{audit.actorTypes.mall}</span>
              ) : null}
            </Cell>
            <Cell>
              <button
                type="button"
                aria-label={`${actionText(entry.action, audit)}. ${audit.openRow(String(entry.seq))}`}
                onClick={() => onOpen(entry)}
                className="font-semibold hover:underline"
              >
                {actionText(entry.action, audit)}
              </button>
            </Cell>
            <Cell>
              <Outcome entry={entry} />
            </Cell>
            <Cell describing title={entry.targetId}>
              {targetTypeText(entry.targetType, audit)} <span className="text-ink-3">{saidOf(entry)}</span>
            </Cell>
            <Cell className="text-ink-3">{entry.ipAddress ?? ""}</Cell>
          </TableRow>
        ))}
      </tbody>
    </Table>
  );
}

/** The log at 390 px: three lines per entry. */
function AuditCards({ entries, fetching, onOpen }: ListProps) {
  const { audit } = useTexts();
  return (
    <ul aria-label={audit.caption} className={classes("border-line border-t", fetching && "opacity-60")}>
      {entries.map((entry) => (
        <li
          key={String(entry.seq)}
          className="relative grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 border-line border-b px-4 py-2.5"
        >
          <button
            type="button"
            aria-label={`${actionText(entry.action, audit)}. ${audit.openRow(String(entry.seq))}`}
            onClick={() => onOpen(entry)}
            className="text-left font-semibold after:absolute after:inset-0"
          >
            {actionText(entry.action, audit)}
          </button>
          <span className="text-right">
            <Outcome entry={entry} />
          </span>
          <span>{actorText(entry, audit)}</span>
          <span className="text-right text-ink-3">
            <DateTime at={entry.at} />
          </span>
          <span className="col-span-2 truncate text-ink-3 text-meta">
            {targetTypeText(entry.targetType, audit)} {saidOf(entry)}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Outcome({ entry }: { entry: AuditLine }) {
  return <StatusBadge kind="outcome" status={entry.outcome as AuditFilter["outcome"][number]} />;
}

/** The target by the name people use for it, with the reason that was given. */
function saidOf({ targetId, detail }: AuditLine): string {
  const name =
    typeof detail.orderId === "string"
      ? detail.orderId
      : typeof detail.subjectId === "string"
        ? detail.subjectId
        : targetId;
  return typeof detail.reason === "string" ? `${name} · ${detail.reason}` : name;
}
