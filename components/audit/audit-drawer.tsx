"use client";

import { useQuery } from "@tanstack/react-query";
import { ExternalLink } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { actionText, actorText, targetTypeText } from "#components/audit/audit-words.ts";
import { readDetail } from "#components/audit/detail-changes.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { SectionTitle } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { Button, buttonClasses } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { DateTime } from "#components/ui/date-time.tsx";
import { Drawer } from "#components/ui/modal.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import type { AuditFilter } from "#server/audit/audit.schemas.ts";
import type { AuditEntryDetail } from "#server/audit/audit-queries.ts";

/** One action from the side of the log: who, what changed, and its place in the chain. */
export function AuditDrawer({
  seq,
  onClose,
  onTarget,
}: {
  seq: bigint | null;
  onClose: () => void;
  onTarget: (target: string) => void;
}) {
  const { audit } = useTexts();
  const trpc = useTRPC();
  const query = useQuery({
    ...trpc.audit.read.queryOptions({ seq: String(seq ?? 1n) }),
    enabled: seq !== null,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const entry = seq !== null && query.data?.seq === seq ? query.data : undefined;
  const isPayment = entry?.targetType === "payment";
  const isLetter = entry?.targetType === "dead_letter";
  return (
    <Drawer
      open={seq !== null}
      onOpenChange={(open) => !open && onClose()}
      title={seq === null ? "" : audit.detail.title(seq)}
      footer={
        entry ? (
          <>
            {isPayment || isLetter ? (
              <Link
                href={
                  isPayment
                    ? `/payments/${entry.targetId}`
                    : `/dead-letters?status=PARKED,REDRIVEN,RESOLVED&q=${entry.targetId}`
                }
                className={buttonClasses("secondary")}
              >
                <ExternalLink aria-hidden className="size-4" strokeWidth={1.5} />
                {isPayment ? audit.detail.openPayment : audit.detail.openDeadLetters}
              </Link>
            ) : null}
            <Button className="ml-auto" onClick={() => onTarget(entry.targetId)}>
              {audit.detail.sameTarget}
            </Button>
          </>
        ) : undefined
      }
    >
      {entry ? (
        <Entry entry={entry} />
      ) : query.isError ? (
        <QueryError
          error={query.error}
          title={audit.error}
          onRetry={() => void query.refetch()}
          retrying={query.isFetching}
          compact
        />
      ) : (
        <div className="flex flex-col gap-3">
          <Skeleton className="w-1/2" />
          <Skeleton className="w-3/4" />
          <Skeleton className="w-2/3" />
        </div>
      )}
    </Drawer>
  );
}

function Entry({ entry }: { entry: AuditEntryDetail }) {
  const { audit } = useTexts();
  const words = audit.detail;
  const { changes, facts } = readDetail(entry.detail);
  const nameOf = (key: string) => audit.facts[key] ?? key;
  return (
    <>
      <dl className="grid grid-cols-[88px_minmax(0,1fr)] gap-x-3 gap-y-1.5">
        <Fact name={audit.columns.time}>
          <DateTime at={entry.at} format="full" />
        </Fact>
        <Fact name={audit.columns.actor}>
          {actorText(entry, audit)}{" "}
          <span className="text-ink-3">{audit.actorTypes[entry.actorType] ?? entry.actorType}</span>
        </Fact>
        <Fact name={audit.columns.action}>
          <b className="font-semibold">{actionText(entry.action, audit)}</b>{" "}
          <span className="text-ink-3">{entry.action}</span>
        </Fact>
        <Fact name={audit.columns.target}>
          <span className="flex items-center gap-1">
            <span className="min-w-0 break-all">
              {targetTypeText(entry.targetType, audit)}{" "}
              <span className="font-mono text-[12px]">{entry.targetId}</span>
            </span>
            <CopyButton value={entry.targetId} what={audit.columns.target} />
          </span>
        </Fact>
        <Fact name={audit.columns.outcome}>
          <StatusBadge kind="outcome" status={entry.outcome as AuditFilter["outcome"][number]} />
        </Fact>
        {entry.ipAddress ? <Fact name={audit.columns.ip}>{entry.ipAddress}</Fact> : null}
      </dl>
      {changes.length > 0 ? (
        <section>
          <SectionTitle>{words.changes}</SectionTitle>
          <table className="w-full table-fixed">
            <thead>
              <tr className="text-left text-ink-3 text-meta">
                <th scope="col" className="w-28 border-line border-b py-1.5 pr-2 font-medium">
                  {words.item}
                </th>
                <th scope="col" className="border-line border-b py-1.5 pr-2 font-medium">
                  {words.before}
                </th>
                <th scope="col" className="border-line border-b py-1.5 font-medium">
                  {words.after}
                </th>
              </tr>
            </thead>
            <tbody>
              {changes.map(({ key, before, after }) => (
                <tr key={key}>
                  <th
                    scope="row"
                    className="border-line border-b py-1.5 pr-2 text-left font-normal text-ink-2"
                  >
                    {nameOf(key)}
                  </th>
                  <td className="break-all border-line border-b py-1.5 pr-2 text-ink-3">{before}</td>
                  <td className="break-all border-line border-b py-1.5 font-semibold">{after}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ) : null}
      {facts.length > 0 ? (
        <section>
          <SectionTitle>{words.facts}</SectionTitle>
          <dl className="grid grid-cols-[112px_minmax(0,1fr)] gap-x-3 gap-y-1.5">
            {facts.map(({ key, value }) => (
              <Fact key={key} name={nameOf(key)}>
                <span className="break-all">{value}</span>
              </Fact>
            ))}
          </dl>
        </section>
      ) : null}
      <section>
        <SectionTitle>{words.chain}</SectionTitle>
        <p className="pb-2 text-ink-3">{words.chainHint}</p>
        <dl className="grid grid-cols-[88px_minmax(0,1fr)] gap-x-3 gap-y-1.5">
          <Fact name={words.previous}>
            <Hash value={entry.prevHash} />
          </Fact>
          <Fact name={words.own}>
            <Hash value={entry.hash} />
          </Fact>
        </dl>
      </section>
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="break-all text-ink-3">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}

function Hash({ value }: { value: string }) {
  return <span className="break-all font-mono text-[12px] text-ink-2">{value}</span>;
}
