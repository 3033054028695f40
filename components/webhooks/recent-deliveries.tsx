"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { useNarrow } from "#components/payments/use-media-query.ts";
import { classes } from "#components/ui/classes.ts";
import { DateTime } from "#components/ui/date-time.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { Cell, HeaderCell, Table, TableHead, TableRow } from "#components/ui/table.tsx";
import { DeliveryStateBadge } from "#components/webhooks/webhook-badges.tsx";

const liveEveryMs = 5_000;
const recentDeliveries = 10;

/** What an endpoint heard last, the newest first; at 390 px three lines each. */
export function RecentDeliveries({ endpointId }: { endpointId: string }) {
  const { webhooks } = useTexts();
  const trpc = useTRPC();
  const list = useQuery({
    ...trpc.webhook.search.queryOptions({ filter: { endpoint: [endpointId] }, limit: recentDeliveries }),
    refetchInterval: liveEveryMs,
  });
  const narrow = useNarrow();
  const { columns, noAnswer } = webhooks.list;
  if (list.isError)
    return (
      <QueryError
        error={list.error}
        title={webhooks.list.error}
        onRetry={() => void list.refetch()}
        retrying={list.isFetching}
        compact
      />
    );
  if (!list.data) return <Skeleton className="h-40 w-full" />;
  if (list.data.deliveries.length === 0)
    return <p className="text-ink-3">{webhooks.endpoint.noDeliveries}</p>;
  if (narrow)
    return (
      <ul aria-label={webhooks.endpoint.recent} className="-mx-4 border-line border-t">
        {list.data.deliveries.map((line) => (
          <li
            key={line.id}
            className="relative grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 border-line border-b px-4 py-2.5"
          >
            <DeliveryStateBadge state={line.state} />
            <span className="text-right text-ink-3">
              <DateTime at={line.createdAt} />
            </span>
            <Link
              href={`/webhooks?endpoint=${endpointId}&open=${line.id}`}
              aria-label={webhooks.list.open(line.eventType, line.subjectId)}
              className="truncate font-semibold text-ink no-underline after:absolute after:inset-0"
            >
              {line.eventType}
            </Link>
            <span className={classes("text-right", line.lastError ? "text-bad" : "text-ink-2")}>
              {line.lastTriedAt ? (line.lastStatus ?? noAnswer) : ""}
            </span>
            <span className="col-span-2 truncate font-mono text-ink-3 text-meta">{line.subjectId}</span>
          </li>
        ))}
      </ul>
    );
  return (
    <Table caption={webhooks.endpoint.recent} wrapperClassName="-mx-6">
      <TableHead>
        <HeaderCell>{columns.state}</HeaderCell>
        <HeaderCell>{columns.createdAt}</HeaderCell>
        <HeaderCell>{columns.type}</HeaderCell>
        <HeaderCell className="w-full">{columns.subject}</HeaderCell>
        <HeaderCell>{columns.lastAnswer}</HeaderCell>
      </TableHead>
      <tbody>
        {list.data.deliveries.map((line) => (
          <TableRow key={line.id}>
            <Cell>
              <DeliveryStateBadge state={line.state} />
            </Cell>
            <Cell>
              <DateTime at={line.createdAt} />
            </Cell>
            <Cell>
              <Link
                href={`/webhooks?endpoint=${endpointId}&open=${line.id}`}
                aria-label={webhooks.list.open(line.eventType, line.subjectId)}
                className="font-semibold text-ink no-underline hover:underline"
              >
                {line.eventType}
              </Link>
            </Cell>
            <Cell className="font-mono text-meta">{line.subjectId}</Cell>
            <Cell className={line.lastError ? "text-bad" : "text-ink-2"}>
              {line.lastTriedAt ? (line.lastStatus ?? noAnswer) : ""}
            </Cell>
          </TableRow>
        ))}
      </tbody>
    </Table>
  );
}
