"use client";

import { useQuery } from "@tanstack/react-query";
import { actionText } from "#components/audit/audit-words.ts";
import { readDetail } from "#components/audit/detail-changes.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { Loaded, RecordTable } from "#components/payments/record-table.tsx";
import { DateTime } from "#components/ui/date-time.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import { Cell, TableRow } from "#components/ui/table.tsx";

/** Who did what to it, what it changed and why; only for roles that may read the audit log. */
export function AuditPanel({ paymentKey }: { paymentKey: string }) {
  const { payments, common, audit } = useTexts();
  const { audit: words } = payments;
  const { columns } = words;
  const trpc = useTRPC();
  const rows = useQuery(trpc.payment.audit.queryOptions({ paymentKey }, { staleTime: 0 }));
  return (
    <Loaded query={rows} columns={6} empty={<EmptyState title={words.empty} />}>
      {(entries) => (
        <RecordTable
          caption={words.caption}
          headers={[columns.time, columns.who, columns.action, columns.outcome, columns.detail, columns.ip]}
        >
          {entries.map((entry) => {
            const { changes, facts } = readDetail((entry.detail ?? {}) as Readonly<Record<string, unknown>>);
            const nameOf = (key: string) => audit.facts[key] ?? key;
            return (
              <TableRow key={String(entry.seq)}>
                <Cell className="py-2 align-top">
                  <DateTime at={entry.at} />
                </Cell>
                <Cell className="py-2 align-top">
                  {entry.actorName ?? payments.actor[entry.actorType] ?? entry.actorType}
                </Cell>
                <Cell className="py-2 align-top">
                  {actionText(entry.action, audit)}
                  <span lang="en" className="block text-ink-3 text-meta">
                    {entry.action}
                  </span>
                </Cell>
                <Cell className="py-2 align-top">
                  {entry.outcome === "success" ||
                  entry.outcome === "failure" ||
                  entry.outcome === "refused" ? (
                    <StatusBadge kind="outcome" status={entry.outcome} />
                  ) : (
                    entry.outcome
                  )}
                </Cell>
                <Cell className="w-full min-w-64 whitespace-normal py-2 align-top">
                  <dl className="flex flex-wrap gap-x-4 gap-y-0.5">
                    {changes.map(({ key, before, after }) => (
                      <Fact key={key} name={nameOf(key)}>
                        {before} → <b className="font-semibold">{after}</b>
                      </Fact>
                    ))}
                    {facts.map(({ key, value }) => (
                      <Fact key={key} name={nameOf(key)}>
                        {value}
                      </Fact>
                    ))}
                  </dl>
                </Cell>
                <Cell className="py-2 align-top">
                  {entry.ipAddress ?? <span className="text-ink-3">{common.notApplicable}</span>}
                </Cell>
              </TableRow>
            );
          })}
        </RecordTable>
      )}
    </Loaded>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div className="flex min-w-0 gap-1">
      <dt className="shrink-0 text-ink-3">{name}</dt>
      <dd className="min-w-0 [overflow-wrap:anywhere]">{children}</dd>
    </div>
  );
}
