"use client";

import { useQuery } from "@tanstack/react-query";
import { Clock } from "lucide-react";
import type { ReactNode } from "react";
import { formatAmount, formatClock, formatDuration } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { DateTime } from "#components/ui/date-time.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Money } from "#components/ui/money.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { StatusBadge, ToneBadge } from "#components/ui/status-badge.tsx";
import {
  Cell,
  HeaderCell,
  Table,
  TableHead,
  TableRow,
  TotalsCell,
  TotalsRow,
} from "#components/ui/table.tsx";
import type { PaymentRecord } from "#server/payments/read-payment-record.ts";

/** A table of a payment's record: its edges align with the tabs above. */
function RecordTable({
  caption,
  headers,
  children,
  footer,
}: {
  caption: string;
  headers: readonly (string | { numeric: string })[];
  children: ReactNode;
  footer?: ReactNode;
}) {
  return (
    <Table caption={caption} wrapperClassName="-mx-6 max-wide:-mx-4">
      <TableHead>
        {headers.map((header) =>
          typeof header === "string" ? (
            <HeaderCell key={header}>{header}</HeaderCell>
          ) : (
            <HeaderCell key={header.numeric} numeric>
              {header.numeric}
            </HeaderCell>
          ),
        )}
      </TableHead>
      <tbody>{children}</tbody>
      {footer}
    </Table>
  );
}

/** The cancels of a payment, oldest first; what was given back adds up to 취소 합계. */
export function CancelsPanel({ record }: { record: PaymentRecord }) {
  const { common, payments, refusals } = useTexts();
  const { cancels: words } = payments;
  if (record.cancels.length === 0) return <EmptyState title={words.empty} />;
  const { columns } = words;
  return (
    <RecordTable
      caption={words.caption}
      headers={[
        columns.status,
        columns.time,
        columns.who,
        columns.reason,
        { numeric: columns.amount },
        { numeric: columns.supplied },
        { numeric: columns.vat },
        { numeric: columns.taxFree },
      ]}
    >
      {record.cancels.map((cancel) => (
        <TableRow key={cancel.id}>
          <Cell>
            <StatusBadge kind="cancel" status={cancel.status} />
          </Cell>
          <Cell>
            <DateTime at={cancel.requestedAt} />
          </Cell>
          <Cell>
            {common.origin[cancel.origin]}{" "}
            {cancel.actorName ? <span className="text-ink-3">{cancel.actorName}</span> : null}
          </Cell>
          <Cell describing title={cancel.reason}>
            {cancel.reason}
            {cancel.failureCode ? (
              <span className="text-bad">
                {" "}
                · {refusals[cancel.failureCode as keyof typeof refusals] ?? cancel.failureCode}
              </span>
            ) : null}
          </Cell>
          <Cell numeric>
            <Money
              bare
              amountMinor={-cancel.amountMinor}
              still={cancel.status === "FAILED"}
              className="font-semibold"
            />
          </Cell>
          <Cell numeric>
            <Money bare amountMinor={-cancel.suppliedMinor} still={cancel.status === "FAILED"} />
          </Cell>
          <Cell numeric>
            <Money bare amountMinor={-cancel.vatMinor} still={cancel.status === "FAILED"} />
          </Cell>
          <Cell numeric>
            <Money bare amountMinor={-cancel.taxFreeMinor} still={cancel.status === "FAILED"} />
          </Cell>
        </TableRow>
      ))}
    </RecordTable>
  );
}

/** Rows that are read when their tab opens; again each time the panel is given a new key. */
function Loaded<Row>({
  query,
  columns,
  empty,
  children,
}: {
  query: {
    data: readonly Row[] | undefined;
    error: unknown;
    isError: boolean;
    isFetching: boolean;
    refetch: () => unknown;
  };
  columns: number;
  empty: ReactNode;
  children: (rows: readonly Row[]) => ReactNode;
}) {
  const { page } = useTexts().payments;
  if (query.data) return query.data.length === 0 ? empty : children(query.data);
  if (query.isError) {
    return (
      <div className="py-4">
        <QueryError
          error={query.error}
          title={page.loadFailed}
          onRetry={() => void query.refetch()}
          retrying={query.isFetching}
          compact
        />
      </div>
    );
  }
  return (
    <table className="-mx-6 w-[calc(100%+48px)] max-wide:-mx-4 max-wide:w-[calc(100%+32px)]">
      <tbody>
        <SkeletonRows rows={4} columns={columns} />
      </tbody>
    </table>
  );
}

const fresh = { staleTime: 0 } as const;

/** The double entry of a payment: each event's sides, debit left and credit right. */
export function LedgerPanel({ paymentKey }: { paymentKey: string }) {
  const { ledger: words } = useTexts().payments;
  const { columns } = words;
  const trpc = useTRPC();
  const entries = useQuery(trpc.payment.ledger.queryOptions({ paymentKey }, fresh));
  const kindOf = (eventKey: string) => words.kinds[eventKey.split(":")[2] ?? ""] ?? eventKey;
  const accountOf = (account: string) => {
    const [kind, whose = ""] = account.split(":");
    return kind === "van_receivable"
      ? words.vanReceivable(whose)
      : kind === "mall_payable"
        ? words.mallPayable
        : account;
  };
  return (
    <Loaded
      query={entries}
      columns={5}
      empty={<EmptyState title={words.empty}>{words.emptyHint}</EmptyState>}
    >
      {(rows) => {
        const sum = (sign: 1 | -1) =>
          rows.reduce(
            (total, { amountMinor }) =>
              amountMinor > 0n === sign > 0 ? total + amountMinor * BigInt(sign) : total,
            0n,
          );
        return (
          <RecordTable
            caption={words.caption}
            headers={[
              columns.date,
              columns.event,
              columns.account,
              { numeric: columns.debit },
              { numeric: columns.credit },
            ]}
            footer={
              <TotalsRow>
                <TotalsCell colSpan={3}>{sum(1) === sum(-1) ? words.balanced : null}</TotalsCell>
                <TotalsCell numeric>{formatAmount(sum(1))}</TotalsCell>
                <TotalsCell numeric>{formatAmount(sum(-1))}</TotalsCell>
              </TotalsRow>
            }
          >
            {rows.map((entry, index) => {
              const isFirst = rows[index - 1]?.eventKey !== entry.eventKey;
              return (
                <TableRow key={String(entry.id)}>
                  <Cell>{isFirst ? entry.businessDate.toISOString().slice(0, 10) : null}</Cell>
                  <Cell title={entry.eventKey}>{isFirst ? kindOf(entry.eventKey) : null}</Cell>
                  <Cell describing title={entry.account}>
                    {accountOf(entry.account)}
                  </Cell>
                  <Cell numeric>{entry.amountMinor > 0n ? formatAmount(entry.amountMinor) : null}</Cell>
                  <Cell numeric>{entry.amountMinor < 0n ? formatAmount(-entry.amountMinor) : null}</Cell>
                </TableRow>
              );
            })}
          </RecordTable>
        );
      }}
    </Loaded>
  );
}

/** What the mall was told, each delivery with its tries. */
export function WebhooksPanel({ record }: { record: PaymentRecord }) {
  const { webhooks: words } = useTexts().payments;
  const language = useLanguage();
  const { columns } = words;
  const events = record.announcements;
  if (events.length === 0) return <EmptyState title={words.empty}>{words.emptyHint}</EmptyState>;
  return (
    <RecordTable
      caption={words.caption}
      headers={[columns.status, columns.event, columns.endpoint, columns.time, columns.attempts]}
    >
      {events.map((event) => {
        const what = (
          <>
            <span lang="en">{event.type}</span>
            <span className="block text-ink-3 text-meta">
              {event.sequence === null ? words.unsequenced : words.sequence(String(event.sequence))}
            </span>
          </>
        );
        if (event.deliveries.length === 0) {
          return (
            <TableRow key={String(event.id)}>
              <Cell tall />
              <Cell tall>{what}</Cell>
              <Cell tall describing className="text-ink-3">
                {words.noEndpoint}
              </Cell>
              <Cell tall>
                <DateTime at={event.occurredAt} />
              </Cell>
              <Cell tall />
            </TableRow>
          );
        }
        return event.deliveries.map((delivery) => (
          <TableRow key={delivery.id}>
            <Cell tall className="align-top pt-3.5">
              {delivery.status === "PENDING" && delivery.tries.length === 0 ? (
                <ToneBadge level="plain" tone="mute" icon={Clock} label={words.waiting} />
              ) : (
                <StatusBadge kind="delivery" status={delivery.status} />
              )}
            </Cell>
            <Cell tall className="align-top py-1.5">
              {what}
            </Cell>
            <Cell tall describing title={delivery.endpoint.url} className="align-top pt-3.5">
              {delivery.endpoint.url}
            </Cell>
            <Cell tall className="align-top pt-3.5">
              <DateTime at={delivery.createdAt} />
            </Cell>
            <Cell tall className="align-top py-1.5">
              <ol>
                {delivery.tries.map((attempt) => (
                  <li key={attempt.attempt} title={attempt.error ?? undefined}>
                    <b className="font-semibold">{attempt.responseStatus ?? words.noAnswer}</b>{" "}
                    <span className="text-ink-3 text-meta">
                      {words.tryLine(
                        attempt.attempt,
                        formatClock(attempt.startedAt),
                        formatDuration(attempt.durationMs, language),
                      )}
                    </span>
                  </li>
                ))}
              </ol>
            </Cell>
          </TableRow>
        ));
      })}
    </RecordTable>
  );
}

/** The keys under which the mall asked for it. */
export function IdempotencyPanel({ paymentKey }: { paymentKey: string }) {
  const { idempotency: words } = useTexts().payments;
  const { columns } = words;
  const trpc = useTRPC();
  const keys = useQuery(trpc.payment.idempotencyKeys.queryOptions({ paymentKey }, fresh));
  return (
    <Loaded query={keys} columns={5} empty={<EmptyState title={words.empty} />}>
      {(rows) => (
        <RecordTable
          caption={words.caption}
          headers={[columns.key, columns.request, columns.status, columns.createdAt, columns.expiresAt]}
        >
          {rows.map((row) => (
            <TableRow key={`${row.path} ${row.key}`}>
              <Cell describing title={row.key}>
                <span className="flex items-center gap-1">
                  <span className="min-w-0 overflow-hidden text-ellipsis font-mono text-meta">{row.key}</span>
                  <CopyButton value={row.key} what={columns.key} className="-my-1 shrink-0" />
                </span>
              </Cell>
              <Cell title={row.path}>
                {row.method}{" "}
                {row.path.length > 40 ? `${row.path.slice(0, 24)}…${row.path.slice(-12)}` : row.path}
              </Cell>
              <Cell>{row.httpStatus ?? <span className="text-ink-3">{words.open}</span>}</Cell>
              <Cell>
                <DateTime at={row.createdAt} />
              </Cell>
              <Cell>
                <DateTime at={row.expiresAt} />
              </Cell>
            </TableRow>
          ))}
        </RecordTable>
      )}
    </Loaded>
  );
}

/** Who did what to it; only for roles that may read the audit log. */
export function AuditPanel({ paymentKey }: { paymentKey: string }) {
  const { payments, common } = useTexts();
  const { audit: words } = payments;
  const { columns } = words;
  const trpc = useTRPC();
  const rows = useQuery(trpc.payment.audit.queryOptions({ paymentKey }, fresh));
  return (
    <Loaded query={rows} columns={5} empty={<EmptyState title={words.empty} />}>
      {(entries) => (
        <RecordTable
          caption={words.caption}
          headers={[columns.time, columns.who, columns.action, columns.outcome, columns.detail, columns.ip]}
        >
          {entries.map((entry) => {
            const detail = Object.entries((entry.detail ?? {}) as Readonly<Record<string, unknown>>)
              .map(
                ([name, value]) =>
                  `${name}: ${typeof value === "object" ? JSON.stringify(value) : String(value)}`,
              )
              .join(" · ");
            return (
              <TableRow key={String(entry.seq)}>
                <Cell>
                  <DateTime at={entry.at} />
                </Cell>
                <Cell>{entry.actorName ?? payments.actor[entry.actorType] ?? entry.actorType}</Cell>
                <Cell lang="en">{entry.action}</Cell>
                <Cell>
                  {entry.outcome === "success" ||
                  entry.outcome === "failure" ||
                  entry.outcome === "refused" ? (
                    <StatusBadge kind="outcome" status={entry.outcome} />
                  ) : (
                    entry.outcome
                  )}
                </Cell>
                <Cell describing title={detail} className="text-ink-2">
                  {detail}
                </Cell>
                <Cell>{entry.ipAddress ?? <span className="text-ink-3">{common.notApplicable}</span>}</Cell>
              </TableRow>
            );
          })}
        </RecordTable>
      )}
    </Loaded>
  );
}
