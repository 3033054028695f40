"use client";

import { useQuery } from "@tanstack/react-query";
import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { Loaded } from "#components/payments/record-table.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { DateTime } from "#components/ui/date-time.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { JsonBlock } from "#components/ui/json-block.tsx";
import type { IdempotencyKeyRecord } from "#server/payments/read-idempotency-keys.ts";

/** The keys under which the mall asked for it, what is kept of each, and what the same request would hear now. */
export function IdempotencyPanel({ paymentKey }: { paymentKey: string }) {
  const { idempotency: words } = useTexts().payments;
  const trpc = useTRPC();
  const keys = useQuery(trpc.payment.idempotencyKeys.queryOptions({ paymentKey }, { staleTime: 0 }));
  return (
    <Loaded query={keys} columns={5} empty={<EmptyState title={words.empty} />}>
      {(rows) => (
        <ul aria-label={words.caption} className="flex flex-col gap-3 pt-4">
          {rows.map((row, index) => (
            <li key={`${row.path} ${row.key}`}>
              <KeyBlock row={row} open={index === rows.length - 1} />
            </li>
          ))}
        </ul>
      )}
    </Loaded>
  );
}

function KeyBlock({ row, open }: { row: IdempotencyKeyRecord; open: boolean }) {
  const { idempotency: words } = useTexts().payments;
  const { replay } = row;
  return (
    <details open={open} className="group/key rounded-panel border border-line">
      <summary className="flex min-h-10 list-none flex-wrap items-center gap-x-3 gap-y-0.5 rounded-panel px-3 py-1.5 hover:bg-hover [&::-webkit-details-marker]:hidden">
        <ChevronRight
          aria-hidden
          className="size-4 text-ink-3 transition-transform group-open/key:rotate-90"
          strokeWidth={1.5}
        />
        <b className="font-semibold">{row.method}</b>
        <span className="min-w-0 [overflow-wrap:anywhere]">{shortPath(row.path)}</span>
        <span className="text-ink-3">
          {row.httpStatus === null ? words.open : words.kept(row.httpStatus)}
        </span>
        <span className="ml-auto text-ink-3">
          <DateTime at={row.createdAt} format="full" />
        </span>
      </summary>
      <div className="grid grid-cols-[minmax(0,5fr)_minmax(0,6fr)] gap-5 border-line border-t px-3 pt-3 pb-4 max-wide:grid-cols-1">
        <dl className="grid grid-cols-[96px_minmax(0,1fr)] content-start gap-y-1.5">
          <Fact name={words.columns.key}>
            <span className="inline-flex max-w-full items-start gap-0.5">
              <span className="min-w-0 font-mono text-meta leading-5 [overflow-wrap:anywhere]">
                {row.key}
              </span>
              <CopyButton value={row.key} what={words.columns.key} className="-my-0.5 shrink-0" />
            </span>
          </Fact>
          <Fact name={words.hash}>
            <span className="font-mono text-meta">{row.requestHash.slice(0, 12)}…</span>
            <span className="block text-ink-3 text-meta">{words.hashHint}</span>
          </Fact>
          <Fact name={words.columns.createdAt}>
            <DateTime at={row.createdAt} format="full" />
          </Fact>
          <Fact name={words.columns.expiresAt}>
            <DateTime at={row.expiresAt} format="full" />
            <span className="block text-ink-3 text-meta">{words.expiresHint}</span>
          </Fact>
          <Fact name={words.columns.status}>{row.httpStatus ?? words.open}</Fact>
        </dl>
        <section className="min-w-0">
          <h2 className="font-semibold">{words.replay}</h2>
          <p className="mb-1.5 text-ink-2">{words.replayFrom[replay.from]}</p>
          {replay.from === "work" ? null : (
            <>
              <p className="mb-1.5 font-mono text-meta">
                <b className="font-semibold">HTTP {replay.httpStatus}</b>
                {replay.from === "kept" ? (
                  <span className="text-ink-3"> · Idempotent-Replayed: true</span>
                ) : null}
              </p>
              <JsonBlock label={words.replayBody} text={replay.body} />
            </>
          )}
        </section>
      </div>
    </details>
  );
}

/** `/api/v1/payments/pay_01M7W…DZ1N/cancel`: the route stays whole, the key in its middle is cut. */
function shortPath(path: string): string {
  return path.replace(/(pay_[0-9A-Z]{6})[0-9A-Z]+([0-9A-Z]{4})/, "$1…$2");
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-3">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}
