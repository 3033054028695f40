"use client";

import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Plus, Webhook } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useState } from "react";
import { formatDuration, formatRate } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import type { AddressForm } from "#components/layout/address-form.ts";
import { useMay } from "#components/layout/operator-provider.tsx";
import { PageHeader } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { useAddressView } from "#components/layout/use-address-view.ts";
import { useNarrow } from "#components/payments/use-media-query.ts";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { DateTime } from "#components/ui/date-time.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Checkbox } from "#components/ui/field.tsx";
import { ResultLine } from "#components/ui/result-line.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { Cell, HeaderCell, Table, TableHead, TableRow } from "#components/ui/table.tsx";
import { ListChip } from "#components/webhooks/list-chip.tsx";
import { EndpointBadge } from "#components/webhooks/webhook-badges.tsx";
import { WebhookTabs } from "#components/webhooks/webhook-tabs.tsx";
import type { EndpointLine } from "#server/webhooks/endpoint-queries.ts";

const EndpointSheet = dynamic(
  () => import("#components/webhooks/endpoint-sheets.tsx").then((module) => module.EndpointSheet),
  { ssr: false },
);

const pageSize = 50;
/** A success rate below this is coloured: it needs a look. */
const healthyShare = 0.95;

/** What the list shows in its address. */
const endpointListAddress: AddressForm<Readonly<{ mall: readonly string[]; withDeleted: boolean }>> = {
  names: ["mall", "deleted"],
  read: (params) => ({
    mall: (params.get("mall") ?? "").split(",").filter(Boolean).slice(0, 50),
    withDeleted: params.get("deleted") === "1",
  }),
  write: ({ mall, withDeleted }) => {
    const params = new URLSearchParams({
      ...(mall.length > 0 && { mall: mall.join(",") }),
      ...(withDeleted && { deleted: "1" }),
    });
    return params.size > 0 ? `?${params.toString().replaceAll("%2C", ",")}` : "";
  },
};

/** Every endpoint of every mall, with how it answers. */
export function EndpointsScreen() {
  const { webhooks, common } = useTexts();
  const words = webhooks.endpoints;
  const trpc = useTRPC();
  const narrow = useNarrow();
  const mayManage = useMay("webhook:manage");
  const {
    view: { mall, withDeleted },
    change,
  } = useAddressView(endpointListAddress);
  const [isAdding, setIsAdding] = useState(false);
  const list = useInfiniteQuery(
    trpc.webhook.endpoints.infiniteQueryOptions(
      {
        mall: [...mall],
        status: withDeleted ? ["ACTIVE", "PAUSED", "DELETED"] : ["ACTIVE", "PAUSED"],
        limit: pageSize,
      },
      { getNextPageParam: (page) => page.nextCursor ?? undefined, placeholderData: keepPreviousData },
    ),
  );
  const choices = useQuery({ ...trpc.webhook.choices.queryOptions(), staleTime: 60_000 });
  const malls = (choices.data?.malls ?? []).map(({ id, name }) => ({ value: id, label: name, text: name }));
  const endpoints = list.data?.pages.flatMap((page) => page.endpoints) ?? [];
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PageHeader
        title={webhooks.title}
        actions={
          mayManage ? (
            <Button look="primary" onClick={() => setIsAdding(true)}>
              <Plus aria-hidden className="size-4" strokeWidth={1.75} />
              {webhooks.endpoint.actions.add}
            </Button>
          ) : undefined
        }
      />
      <WebhookTabs page="endpoints" mall={mall} />
      <div className="px-6 pt-2.5 max-wide:px-4">
        <ListChip
          name={webhooks.filters.mall}
          options={malls}
          nameOf={(id) => malls.find(({ value }) => value === id)?.text ?? id}
          find={{ label: webhooks.filters.findMall, none: webhooks.filters.noMall }}
          chosen={mall}
          onApply={(chosen) => change({ mall: chosen })}
        />
      </div>
      <ResultLine
        actions={
          <Checkbox
            label={words.withDeleted}
            checked={withDeleted}
            onChange={(event) => change({ withDeleted: event.target.checked })}
          />
        }
      >
        {list.data ? (
          <span>
            {words.count(endpoints.length)}
            {list.hasNextPage ? "+" : ""} <span className="text-ink-3">· {words.remark}</span>
          </span>
        ) : null}
      </ResultLine>
      {list.isError ? (
        <div className="p-6 max-wide:p-4">
          <QueryError
            error={list.error}
            title={words.error}
            onRetry={() => void list.refetch()}
            retrying={list.isFetching}
          />
        </div>
      ) : list.isPending ? (
        <table className="w-full" aria-label={words.caption}>
          <tbody>
            <SkeletonRows columns={7} />
          </tbody>
        </table>
      ) : endpoints.length === 0 ? (
        <EmptyState icon={Webhook} title={words.empty}>
          {words.emptyBody}
        </EmptyState>
      ) : (
        <>
          {narrow ? (
            <EndpointCards endpoints={endpoints} />
          ) : (
            <EndpointTable endpoints={endpoints} fetching={list.isPlaceholderData} />
          )}
          {list.hasNextPage ? (
            <div className="flex justify-center border-line border-t py-2">
              <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                {common.loadMore}
              </Button>
            </div>
          ) : null}
        </>
      )}
      {isAdding ? <EndpointSheet wish={{ action: "add" }} onClose={() => setIsAdding(false)} /> : null}
    </div>
  );
}

function EndpointTable({ endpoints, fetching }: { endpoints: readonly EndpointLine[]; fetching: boolean }) {
  const { webhooks } = useTexts();
  const language = useLanguage();
  const { columns, ...words } = webhooks.endpoints;
  return (
    <Table caption={words.caption} fetching={fetching} wrapperClassName="flex-1">
      <TableHead>
        <HeaderCell>{columns.status}</HeaderCell>
        <HeaderCell>{columns.mall}</HeaderCell>
        <HeaderCell className="w-full">{columns.url}</HeaderCell>
        <HeaderCell>{columns.types}</HeaderCell>
        <HeaderCell numeric>{columns.successRate}</HeaderCell>
        <HeaderCell numeric>{columns.latency}</HeaderCell>
        <HeaderCell numeric>{columns.failures}</HeaderCell>
        <HeaderCell>{columns.lastFailure}</HeaderCell>
      </TableHead>
      <tbody className={classes(fetching && "opacity-60")}>
        {endpoints.map((endpoint) => (
          <TableRow key={endpoint.id} opens>
            <Cell>
              <EndpointBadge status={endpoint.status} />
            </Cell>
            <Cell>{endpoint.mallName}</Cell>
            <Cell describing title={endpoint.url}>
              <Link
                data-opens-row
                href={`/webhooks/endpoints/${endpoint.id}`}
                aria-label={words.open(endpoint.mallName, endpoint.url)}
                className="font-semibold text-ink no-underline hover:underline"
              >
                {endpoint.url}
              </Link>
            </Cell>
            <Cell className="text-ink-2">
              {endpoint.types.length === 0 ? words.allTypes : words.types(endpoint.types.length)}
            </Cell>
            <Cell numeric>
              <SuccessRate endpoint={endpoint} />
            </Cell>
            <Cell numeric>
              {endpoint.p95Ms === null ? <None /> : formatDuration(endpoint.p95Ms, language)}
            </Cell>
            <Cell numeric>
              <Failures endpoint={endpoint} />
            </Cell>
            <Cell>
              <DateTime at={endpoint.lastFailureAt} />
            </Cell>
          </TableRow>
        ))}
      </tbody>
    </Table>
  );
}

function None() {
  const { common } = useTexts();
  return (
    <span role="img" aria-label={common.notApplicable} className="text-ink-3">
      –
    </span>
  );
}

function SuccessRate({ endpoint: { successRate } }: { endpoint: EndpointLine }) {
  if (successRate === null) return <None />;
  return (
    <span className={classes(successRate < healthyShare && "font-semibold text-bad")}>
      {formatRate(successRate)}
    </span>
  );
}

function Failures({ endpoint: { consecutiveFailures: failures } }: { endpoint: EndpointLine }) {
  const { webhooks } = useTexts();
  return (
    <span className={failures > 0 ? "font-semibold text-bad" : "text-ink-3"}>
      {webhooks.endpoints.failures(failures)}
    </span>
  );
}

/** The endpoints at 390 px. */
function EndpointCards({ endpoints }: { endpoints: readonly EndpointLine[] }) {
  const { webhooks } = useTexts();
  const words = webhooks.endpoints;
  return (
    <ul aria-label={words.caption}>
      {endpoints.map((endpoint) => (
        <li
          key={endpoint.id}
          className="relative grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 border-line border-b px-4 py-2.5"
        >
          <Link
            href={`/webhooks/endpoints/${endpoint.id}`}
            aria-label={words.open(endpoint.mallName, endpoint.url)}
            className="font-semibold text-ink no-underline after:absolute after:inset-0"
          >
            {endpoint.mallName}
          </Link>
          <EndpointBadge status={endpoint.status} />
          <span className="truncate text-ink-2">{endpoint.url}</span>
          <span className="text-right">
            <SuccessRate endpoint={endpoint} />
          </span>
        </li>
      ))}
    </ul>
  );
}
