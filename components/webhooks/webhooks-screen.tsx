"use client";

import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { RefreshCw, SearchX, Webhook } from "lucide-react";
import dynamic from "next/dynamic";
import { useEffect, useMemo, useRef, useState } from "react";
import { formatDuration } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { PageHeader } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { useAddressView } from "#components/layout/use-address-view.ts";
import { useListKeys } from "#components/payments/use-list-keys.ts";
import { useNarrow } from "#components/payments/use-media-query.ts";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { DateTime } from "#components/ui/date-time.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ResultLine, SelectionBar } from "#components/ui/result-line.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { Cell, HeaderCell, RowCheckbox, Table, TableHead, TableRow } from "#components/ui/table.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { DeliveryFilters } from "#components/webhooks/delivery-filters.tsx";
import {
  deliveryAddress,
  emptyView,
  toDeliveryFilter,
  writeDeliveryUrl,
} from "#components/webhooks/delivery-url.ts";
import type { ResendWish } from "#components/webhooks/resend-sheet.tsx";
import { DeliveryStateBadge } from "#components/webhooks/webhook-badges.tsx";
import { WebhookTabs } from "#components/webhooks/webhook-tabs.tsx";
import type { DeliveryLine } from "#server/webhooks/delivery-log-queries.ts";
import { deliveryCountMax } from "#server/webhooks/webhook-console.values.ts";

const DeliveryDrawer = dynamic(
  () => import("#components/webhooks/delivery-drawer.tsx").then((module) => module.DeliveryDrawer),
  { ssr: false },
);
const ResendSheet = dynamic(
  () => import("#components/webhooks/resend-sheet.tsx").then((module) => module.ResendSheet),
  { ssr: false },
);

const pageSize = 50;
const selectionMax = 200;
const runningEveryMs = 10_000;

/** Everything that malls were told or are still to be told: the newest first, to be read and to be sent again. */
export function WebhooksScreen() {
  const { webhooks, common } = useTexts();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const narrow = useNarrow();
  const mayResend = useMay("webhook:resend");
  const { view, change } = useAddressView(deliveryAddress);
  const searchRef = useRef<HTMLInputElement>(null);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [cursorId, setCursorId] = useState<string | null>(null);
  const [wish, setWish] = useState<ResendWish | null>(null);
  const address = writeDeliveryUrl({ ...view, open: "" });
  // A period such as 최근 1시간 is fixed when it is chosen, so that pages of one list fit together.
  const [fixed, setFixed] = useState({ address, filter: toDeliveryFilter(view, new Date()) });
  if (fixed.address !== address) setFixed({ address, filter: toDeliveryFilter(view, new Date()) });
  const { filter } = fixed;
  // A selection belongs to its filter.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address stands for the filter
  useEffect(() => {
    setSelected(new Set());
    setCursorId(null);
  }, [address]);

  const count = useQuery(trpc.webhook.count.queryOptions(filter, { placeholderData: keepPreviousData }));
  const list = useInfiniteQuery(
    trpc.webhook.search.infiniteQueryOptions(
      { filter, limit: pageSize },
      { getNextPageParam: (page) => page.nextCursor ?? undefined, placeholderData: keepPreviousData },
    ),
  );
  const running = useQuery({
    ...trpc.webhook.runningResends.queryOptions(),
    refetchInterval: runningEveryMs,
  });
  const lines = useMemo(() => list.data?.pages.flatMap((page) => page.deliveries) ?? [], [list.data]);
  const refresh = () => {
    setFixed({ address, filter: toDeliveryFilter(view, new Date()) });
    void queryClient.invalidateQueries(trpc.webhook.pathFilter());
  };
  const toggle = (id: string) =>
    setSelected((present) => {
      const next = new Set(present);
      if (!next.delete(id) && next.size < selectionMax) next.add(id);
      return next;
    });
  const move = (step: 1 | -1) => {
    const at = lines.findIndex(({ id }) => id === cursorId);
    const next = lines[Math.max(0, Math.min(lines.length - 1, at < 0 ? 0 : at + step))];
    if (!next) return;
    setCursorId(next.id);
    document.querySelector(`[data-delivery="${next.id}"]`)?.scrollIntoView({ block: "nearest" });
  };
  useListKeys({
    search: () => searchRef.current?.focus(),
    move,
    open: () => cursorId && change({ open: cursorId }),
    copyLink: () => {
      void navigator.clipboard.writeText(window.location.href);
      toast(common.copied);
    },
    escape: () => setSelected(new Set()),
  });
  const said = count.data === undefined ? "" : webhooks.count(count.data, deliveryCountMax);
  const props: ListProps = {
    lines,
    fetching: list.isPlaceholderData,
    cursorId,
    onOpen: (id) => {
      setCursorId(id);
      change({ open: id });
    },
    selected,
    onToggle: mayResend ? toggle : undefined,
    onToggleAll: () =>
      setSelected(selected.size > 0 ? new Set() : new Set(lines.slice(0, selectionMax).map(({ id }) => id))),
  };
  const [firstRunning] = running.data ?? [];
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PageHeader
        title={webhooks.title}
        status={
          firstRunning ? (
            <Button look="ghost" size="small" onClick={() => setWish({ kind: "run", id: firstRunning.id })}>
              {webhooks.progress.running(running.data?.length ?? 0)} · {webhooks.progress.show}
            </Button>
          ) : null
        }
        actions={
          <Button onClick={refresh} busy={list.isRefetching}>
            <RefreshCw aria-hidden className="size-4" strokeWidth={1.5} />
            {webhooks.list.refresh}
          </Button>
        }
      />
      <WebhookTabs page="deliveries" mall={view.mall} />
      <DeliveryFilters view={view} change={change} searchRef={searchRef} />
      {selected.size > 0 ? (
        <SelectionBar
          onClear={() => setSelected(new Set())}
          actions={
            <Button
              look="primary"
              size="small"
              onClick={() => setWish({ kind: "selection", selection: { kind: "ids", ids: [...selected] } })}
            >
              {webhooks.resend.selectedButton}
            </Button>
          }
        >
          <b className="font-semibold">{webhooks.resend.selected(selected.size)}</b>
        </SelectionBar>
      ) : (
        <ResultLine
          actions={
            // Of everything there is to send nothing again: only of what somebody looked for.
            mayResend && count.data && address ? (
              <Button
                size="small"
                onClick={() => setWish({ kind: "selection", selection: { kind: "filter", filter } })}
              >
                {webhooks.resend.all(said)}
              </Button>
            ) : undefined
          }
        >
          {said ? <span>{said}</span> : null}
        </ResultLine>
      )}
      {list.isError ? (
        <div className="p-6 max-wide:p-4">
          <QueryError
            error={list.error}
            title={webhooks.list.error}
            onRetry={() => void list.refetch()}
            retrying={list.isFetching}
          />
        </div>
      ) : list.isPending ? (
        <table className="w-full" aria-label={webhooks.list.caption}>
          <tbody>
            <SkeletonRows columns={7} />
          </tbody>
        </table>
      ) : lines.length === 0 ? (
        address ? (
          <EmptyState
            icon={SearchX}
            title={webhooks.list.filtered}
            action={<Button onClick={() => change(emptyView)}>{common.clearAll}</Button>}
          >
            {webhooks.list.filteredBody}
          </EmptyState>
        ) : (
          <EmptyState icon={Webhook} title={webhooks.list.empty}>
            {webhooks.list.emptyBody}
          </EmptyState>
        )
      ) : (
        <>
          {narrow ? <DeliveryCards {...props} /> : <DeliveryTable {...props} />}
          {list.hasNextPage ? (
            <div className="flex justify-center border-line border-t py-2">
              <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                {common.loadMore}
              </Button>
            </div>
          ) : null}
        </>
      )}
      {view.open ? <DeliveryDrawer id={view.open} onClose={() => change({ open: "" })} /> : null}
      {wish ? (
        <ResendSheet
          wish={wish}
          onStarted={(id) => {
            setSelected(new Set());
            setWish({ kind: "run", id });
            void queryClient.invalidateQueries(trpc.webhook.runningResends.queryFilter());
          }}
          onClose={() => {
            setWish(null);
            refresh();
          }}
        />
      ) : null}
    </div>
  );
}

type ListProps = {
  lines: readonly DeliveryLine[];
  fetching: boolean;
  cursorId: string | null;
  onOpen: (id: string) => void;
  selected: ReadonlySet<string>;
  onToggle: ((id: string) => void) | undefined;
  onToggleAll: () => void;
};

function DeliveryTable({ lines, fetching, cursorId, onOpen, selected, onToggle, onToggleAll }: ListProps) {
  const { webhooks, common } = useTexts();
  const { columns } = webhooks.list;
  return (
    <Table caption={webhooks.list.caption} fetching={fetching} wrapperClassName="flex-1">
      <TableHead>
        {onToggle ? (
          <HeaderCell className="w-10">
            <RowCheckbox
              label={common.selectAll}
              checked={selected.size > 0 && selected.size >= lines.length}
              indeterminate={selected.size > 0 && selected.size < lines.length}
              onChange={onToggleAll}
            />
          </HeaderCell>
        ) : null}
        <HeaderCell>{columns.state}</HeaderCell>
        <HeaderCell>{columns.createdAt}</HeaderCell>
        <HeaderCell>{columns.type}</HeaderCell>
        <HeaderCell>{columns.subject}</HeaderCell>
        <HeaderCell className="w-full">{columns.endpoint}</HeaderCell>
        <HeaderCell numeric>{columns.attempts}</HeaderCell>
        <HeaderCell>{columns.lastAnswer}</HeaderCell>
        <HeaderCell>{columns.nextTry}</HeaderCell>
      </TableHead>
      <tbody className={classes(fetching && "opacity-60")}>
        {lines.map((line) => (
          <TableRow
            key={line.id}
            opens
            data-delivery={line.id}
            cursor={line.id === cursorId}
            selected={selected.has(line.id)}
          >
            {onToggle ? (
              <Cell>
                <RowCheckbox
                  label={webhooks.list.selectRow(line.eventType, line.subjectId)}
                  checked={selected.has(line.id)}
                  onChange={() => onToggle(line.id)}
                />
              </Cell>
            ) : null}
            <Cell>
              <DeliveryStateBadge state={line.state} />
            </Cell>
            <Cell>
              <DateTime at={line.createdAt} />
            </Cell>
            <Cell>
              <button
                data-opens-row
                type="button"
                lang="en"
                aria-label={webhooks.list.open(line.eventType, line.subjectId)}
                onClick={() => onOpen(line.id)}
                className="font-semibold hover:underline"
              >
                {line.eventType}
              </button>
            </Cell>
            <Cell className="font-mono text-meta">{line.subjectId}</Cell>
            <Cell describing title={`${line.mallName} ${line.url}`}>
              {line.mallName} <span className="text-ink-3">{line.url}</span>
            </Cell>
            <Cell numeric className={classes(line.attempts === 0 && "text-ink-3")}>
              {line.attempts.toLocaleString("en-US")}
            </Cell>
            <Cell>
              <LastAnswer line={line} />
            </Cell>
            <Cell>
              <DateTime at={line.nextTryAt} className="tabular-nums" />
            </Cell>
          </TableRow>
        ))}
      </tbody>
    </Table>
  );
}

function LastAnswer({ line }: { line: DeliveryLine }) {
  const { webhooks, common } = useTexts();
  const language = useLanguage();
  if (!line.lastTriedAt)
    return (
      <span role="img" aria-label={common.notApplicable} className="text-ink-3">
        –
      </span>
    );
  return (
    <span className="inline-flex items-baseline gap-1.5">
      <b className={classes("font-semibold", line.lastError === null ? "text-ink-2" : "text-bad")}>
        {line.lastStatus ?? webhooks.list.noAnswer}
      </b>
      <span className="text-ink-3 text-meta tabular-nums">
        {formatDuration(line.lastDurationMs ?? 0, language)}
      </span>
    </span>
  );
}

/** The log at 390 px: three lines per delivery. */
function DeliveryCards({ lines, fetching, onOpen, selected, onToggle }: ListProps) {
  const { webhooks } = useTexts();
  return (
    <ul aria-label={webhooks.list.caption} className={classes(fetching && "opacity-60")}>
      {lines.map((line) => (
        <li key={line.id} className="relative flex items-start border-line border-b py-1.5 pr-4 pl-1.5">
          {onToggle ? (
            <span className="relative z-10">
              <RowCheckbox
                label={webhooks.list.selectRow(line.eventType, line.subjectId)}
                checked={selected.has(line.id)}
                onChange={() => onToggle(line.id)}
              />
            </span>
          ) : null}
          <div className="grid min-w-0 flex-1 grid-cols-[minmax(0,1fr)_auto] gap-x-3 px-1.5 py-1">
            <span className="flex flex-wrap items-center gap-x-2">
              <button
                type="button"
                lang="en"
                aria-label={webhooks.list.open(line.eventType, line.subjectId)}
                onClick={() => onOpen(line.id)}
                className="font-semibold after:absolute after:inset-0"
              >
                {line.eventType}
              </button>
              <DeliveryStateBadge state={line.state} />
            </span>
            <span className="text-right text-ink-3">
              <DateTime at={line.createdAt} />
            </span>
            <span className="truncate">
              {line.mallName} <span className="text-ink-3">{line.url}</span>
            </span>
            <span className="text-right">
              <LastAnswer line={line} />
            </span>
            <span className="col-span-2 truncate font-mono text-ink-3 text-meta">{line.subjectId}</span>
          </div>
        </li>
      ))}
    </ul>
  );
}
