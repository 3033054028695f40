"use client";

import { useQuery } from "@tanstack/react-query";
import { RotateCw, Undo2, UserRound } from "lucide-react";
import Link from "next/link";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { NothingWaits } from "#components/integrity/nothing-waits.tsx";
import { spanText } from "#components/integrity/time-words.ts";
import { SectionTitle } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { Money } from "#components/ui/money.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { ToneBadge } from "#components/ui/status-badge.tsx";
import { Cell, HeaderCell, Table, TableHead, TableRow } from "#components/ui/table.tsx";
import type { OrphanLine } from "#server/integrity/integrity-queries.ts";

const refreshEveryMs = 5_000;

/** Money that VANs held for payments that had ended. */
export function OrphanSection({ now, narrow }: { now: Date; narrow: boolean }) {
  const { integrity } = useTexts();
  const words = integrity.orphans;
  const trpc = useTRPC();
  const query = useQuery({ ...trpc.integrity.orphans.queryOptions(), refetchInterval: refreshEveryMs });
  const orphans = query.data?.orphans ?? [];
  const caption = words.caption(query.data?.openCount ?? 0);
  return (
    <section aria-labelledby="orphans">
      <div className="px-6 max-wide:px-4">
        <SectionTitle id="orphans" remark={words.remark}>
          {words.title}
        </SectionTitle>
      </div>
      {query.isError && !query.data ? (
        <div className="px-6 max-wide:px-4">
          <QueryError
            error={query.error}
            title={words.error}
            onRetry={() => void query.refetch()}
            retrying={query.isFetching}
          />
        </div>
      ) : query.isPending ? (
        <div className="px-6 py-3 max-wide:px-4">
          <Skeleton className="w-1/2" />
        </div>
      ) : orphans.length === 0 ? (
        <NothingWaits title={words.none}>{words.noneBody}</NothingWaits>
      ) : narrow ? (
        <ul aria-label={caption} className="border-line border-t">
          {orphans.map((orphan) => (
            <li
              key={String(orphan.id)}
              className="flex flex-wrap items-center justify-between gap-x-3 gap-y-0.5 border-line border-b px-4 py-2.5"
            >
              <OrphanBadge state={orphan.state} />
              <Money amountMinor={orphan.amountMinor} className="font-semibold text-figure" />
              <PaymentLink orphan={orphan} />
              <span className="text-ink-3 text-meta">
                {[
                  orphan.vanCode,
                  words.sources[orphan.source] ?? orphan.source,
                  ageOf(orphan, now, integrity.age),
                ]
                  .filter(Boolean)
                  .join(" · ")}
              </span>
              <ExchangeLink orphan={orphan} />
            </li>
          ))}
        </ul>
      ) : (
        <Table caption={caption}>
          <TableHead>
            <HeaderCell>{words.columns.state}</HeaderCell>
            <HeaderCell>{words.columns.payment}</HeaderCell>
            <HeaderCell>{words.columns.van}</HeaderCell>
            <HeaderCell numeric>{words.columns.amount}</HeaderCell>
            <HeaderCell>{words.columns.source}</HeaderCell>
            <HeaderCell numeric>{words.columns.age}</HeaderCell>
          </TableHead>
          <tbody>
            {orphans.map((orphan) => (
              <TableRow key={String(orphan.id)}>
                <Cell>
                  <OrphanBadge state={orphan.state} />
                </Cell>
                <Cell>
                  <PaymentLink orphan={orphan} />
                </Cell>
                <Cell>
                  {orphan.vanCode} <ExchangeLink orphan={orphan} />
                </Cell>
                <Cell numeric>
                  <Money amountMinor={orphan.amountMinor} bare />
                </Cell>
                <Cell>{words.sources[orphan.source] ?? orphan.source}</Cell>
                <Cell numeric className="text-ink-2">
                  {ageOf(orphan, now, integrity.age)}
                </Cell>
              </TableRow>
            ))}
          </tbody>
        </Table>
      )}
    </section>
  );
}

/** How long it has been open, or was. */
function ageOf({ foundAt, closedAt }: OrphanLine, now: Date, words: Parameters<typeof spanText>[1]): string {
  return spanText((closedAt ?? now).getTime() - foundAt.getTime(), words);
}

function OrphanBadge({ state }: Pick<OrphanLine, "state">) {
  const { states } = useTexts().integrity.orphans;
  const label = states[state] ?? state;
  if (state === "REVERSED") return <ToneBadge level="plain" tone="rev" icon={Undo2} label={label} />;
  return state === "MANUAL" ? (
    <ToneBadge level="tint" tone="warn" icon={UserRound} label={label} />
  ) : (
    <ToneBadge level="solid" tone="unk" icon={RotateCw} label={label} />
  );
}

function PaymentLink({ orphan }: { orphan: OrphanLine }) {
  return (
    <Link
      href={`/payments/${orphan.paymentId}`}
      className="inline-flex min-h-6 items-center underline underline-offset-2"
    >
      {orphan.orderId ?? orphan.paymentId}
    </Link>
  );
}

function ExchangeLink({ orphan }: { orphan: OrphanLine }) {
  const words = useTexts().integrity.orphans;
  return (
    <Link
      href={`/payments/${orphan.paymentId}?tab=exchanges`}
      aria-label={words.exchangeOf(orphan.orderId ?? orphan.paymentId)}
      className="inline-flex min-h-6 items-center underline underline-offset-2"
    >
      {words.exchange}
    </Link>
  );
}
