"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { FileDown } from "lucide-react";
import { useState } from "react";
import { ExportDrawer } from "#components/exports/export-drawer.tsx";
import {
  ExportActions,
  ExportStanding,
  isUnderWay,
  mainSumsOf,
  sizeText,
  sumText,
} from "#components/exports/export-parts.tsx";
import { formatNumber, formatTableTime } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { PageHeader } from "#components/layout/page-header.tsx";
import { PageTabs } from "#components/layout/page-tabs.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { LoadMore } from "#components/payments/load-more.tsx";
import { useNarrow } from "#components/payments/use-media-query.ts";
import { DateTime, TimeInText } from "#components/ui/date-time.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { Cell, HeaderCell, Table, TableHead, TableRow } from "#components/ui/table.tsx";
import type { ExportLine } from "#server/exports/export-queries.ts";

const refreshEveryMs = 1_000;
const pages = [
  { id: "mine", href: "/exports" },
  { id: "all", href: "/exports?whose=all" },
] as const;

/** The files that were asked for: how far they are, what is in them, and the way to them. */
export function ExportsScreen({ whose: wished }: { whose: "mine" | "all" }) {
  const { exports } = useTexts();
  const words = exports.list;
  const trpc = useTRPC();
  const narrow = useNarrow();
  const mayMake = useMay("export:make");
  const maySeeAll = useMay("export-of-others:read");
  const whose = maySeeAll && (wished === "all" || !mayMake) ? "all" : "mine";
  const [openId, setOpenId] = useState<string | null>(null);
  const query = useInfiniteQuery({
    ...trpc.export.list.infiniteQueryOptions({ whose }, { getNextPageParam: (page) => page.nextCursor }),
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.exports.some(isUnderWay)) ? refreshEveryMs : false,
  });
  const lines = query.data?.pages.flatMap((page) => page.exports) ?? [];
  const props = { lines, showsWho: whose === "all", onOpen: setOpenId };
  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-auto pb-6">
      <PageHeader title={exports.title} status={<span>{words.kept}</span>} longStatus />
      {maySeeAll && mayMake ? (
        <PageTabs
          label={words.whose}
          pages={pages}
          open={whose}
          names={{ mine: words.mine, all: words.all }}
        />
      ) : null}
      {query.isError && !query.data ? (
        <div className="p-6 max-wide:p-4">
          <QueryError
            error={query.error}
            title={words.error}
            onRetry={() => void query.refetch()}
            retrying={query.isFetching}
          />
        </div>
      ) : query.isPending ? (
        <table className="w-full border-line border-t" aria-label={exports.title}>
          <tbody>
            <SkeletonRows columns={7} rows={6} />
          </tbody>
        </table>
      ) : lines.length === 0 ? (
        <EmptyState icon={FileDown} title={words.none}>
          {words.noneBody}
        </EmptyState>
      ) : narrow ? (
        <ExportCards {...props} />
      ) : (
        <ExportTable {...props} />
      )}
      {query.hasNextPage ? (
        <div className="flex justify-center py-3">
          <LoadMore
            loading={query.isFetchingNextPage}
            failed={query.isFetchNextPageError}
            onLoad={() => void query.fetchNextPage()}
          />
        </div>
      ) : null}
      <ExportDrawer line={lines.find(({ id }) => id === openId) ?? null} onClose={() => setOpenId(null)} />
    </div>
  );
}

type ListProps = Readonly<{
  lines: readonly ExportLine[];
  /** Of several people. */
  showsWho: boolean;
  onOpen: (id: string) => void;
}>;

function ExportTable({ lines, showsWho, onOpen }: ListProps) {
  const { exports } = useTexts();
  const { columns, caption } = exports.list;
  const language = useLanguage();
  return (
    <Table caption={caption(lines.length)} wrapperClassName="border-line border-t tabular-nums">
      <TableHead>
        <HeaderCell>{columns.state}</HeaderCell>
        <HeaderCell className="w-full">{columns.what}</HeaderCell>
        {showsWho ? <HeaderCell>{columns.by}</HeaderCell> : null}
        <HeaderCell>{columns.at}</HeaderCell>
        <HeaderCell numeric>{columns.rows}</HeaderCell>
        <HeaderCell numeric>{columns.sum}</HeaderCell>
        <HeaderCell>{columns.file}</HeaderCell>
        <HeaderCell>
          <span className="sr-only">{columns.actions}</span>
        </HeaderCell>
      </TableHead>
      <tbody>
        {lines.map((line) => (
          <TableRow key={line.id}>
            <Cell>
              <ExportStanding line={line} />
            </Cell>
            <Cell describing className="w-full">
              <What line={line} onOpen={onOpen} />
            </Cell>
            {showsWho ? <Cell>{line.requestedBy.name}</Cell> : null}
            <Cell>
              <DateTime at={line.requestedAt} />
            </Cell>
            <Cell numeric>{line.rowsTotal === null ? "–" : formatNumber(line.rowsTotal)}</Cell>
            <Cell numeric>
              {mainSumsOf(line).map((sum) => (
                <div key={sum.currency}>{sumText(sum, language)}</div>
              ))}
            </Cell>
            <Cell className="whitespace-nowrap">
              <FileFacts line={line} />
            </Cell>
            <Cell>
              <ExportActions line={line} />
            </Cell>
          </TableRow>
        ))}
      </tbody>
    </Table>
  );
}

/** The list at 390 px. */
function ExportCards({ lines, showsWho, onOpen }: ListProps) {
  const { exports } = useTexts();
  const language = useLanguage();
  return (
    <ul aria-label={exports.list.caption(lines.length)} className="border-line border-t tabular-nums">
      {lines.map((line) => (
        <li key={line.id} className="flex flex-col gap-1 border-line border-b px-4 py-2.5">
          <div className="flex items-start justify-between gap-3">
            <ExportStanding line={line} />
            <ExportActions line={line} />
          </div>
          <What line={line} onOpen={onOpen} />
          <p className="flex flex-wrap gap-x-2 text-ink-3 text-meta">
            <DateTime at={line.requestedAt} />
            {showsWho ? <span>{line.requestedBy.name}</span> : null}
            {line.rowsTotal === null ? null : <span>{exports.rows(line.rowsTotal)}</span>}
            {mainSumsOf(line).map((sum) => (
              <span key={sum.currency}>{sumText(sum, language)}</span>
            ))}
            <FileFacts line={line} />
          </p>
        </li>
      ))}
    </ul>
  );
}

/** Of what it is and why; leads to all there is to know of it. */
function What({ line, onOpen }: { line: ExportLine; onOpen: (id: string) => void }) {
  const { exports } = useTexts();
  const kind = exports.kinds[line.kind];
  return (
    <div className="min-w-0 py-1.5 max-wide:py-0">
      <div className="flex flex-wrap items-center gap-x-2">
        <button
          type="button"
          aria-haspopup="dialog"
          aria-label={exports.list.open(kind, formatTableTime(line.requestedAt, line.requestedAt))}
          className="inline-flex min-h-6 items-center font-semibold underline underline-offset-2"
          onClick={() => onOpen(line.id)}
        >
          {kind}
        </button>
        <span className="text-ink-3 text-meta">{line.format}</span>
        {line.isMasked ? null : (
          <span className="font-semibold text-meta text-warn">{exports.list.unmasked}</span>
        )}
      </div>
      <p className="truncate text-ink-2" title={line.reason}>
        {line.reason}
      </p>
      {line.failure ? <p className="text-bad text-meta">{exports.failures[line.failure]}</p> : null}
    </div>
  );
}

function FileFacts({ line }: { line: ExportLine }) {
  const { exports } = useTexts();
  if (line.byteCount === null) return null;
  return (
    <span className="text-ink-2">
      {sizeText(line.byteCount)}
      {line.state === "DONE" && line.expiresAt && line.finishedAt ? (
        <span className="ml-2 text-ink-3 text-meta">
          <TimeInText
            at={line.expiresAt}
            say={exports.list.expires}
            format={(at) => formatTableTime(at, line.finishedAt ?? at)}
          />
        </span>
      ) : null}
    </span>
  );
}
