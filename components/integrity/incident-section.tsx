"use client";

import { useQuery } from "@tanstack/react-query";
import { BadgeCheck, CircleAlert, Eye, TriangleAlert } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { formatMoney } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { AcknowledgeSheet } from "#components/integrity/acknowledge-sheet.tsx";
import { NothingWaits } from "#components/integrity/nothing-waits.tsx";
import { strangersOf } from "#components/integrity/strangers.ts";
import { useMay } from "#components/layout/operator-provider.tsx";
import { SectionTitle } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { DateTime, TimeInText } from "#components/ui/date-time.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { ToneBadge } from "#components/ui/status-badge.tsx";
import type { IncidentLine } from "#server/incidents/incident-queries.ts";
import type { InvariantState } from "#server/integrity/integrity-queries.ts";

const refreshEveryMs = 5_000;

/** What a person should know of and has perhaps taken in hand. */
export function IncidentSection({ invariants }: { invariants: readonly InvariantState[] }) {
  const { integrity } = useTexts();
  const words = integrity.incidents;
  const trpc = useTRPC();
  const query = useQuery({ ...trpc.incident.list.queryOptions(), refetchInterval: refreshEveryMs });
  const [wanted, setWanted] = useState<IncidentLine | null>(null);
  const openCount = query.data?.openCount ?? 0;
  const incidents = query.data?.incidents ?? [];
  const shown = incidents.filter(({ closedAt }) => closedAt === null).length;
  return (
    <section aria-labelledby="incidents">
      <div className="px-6 max-wide:px-4">
        <SectionTitle id="incidents" remark={words.remark}>
          {words.title}
          {query.data ? (
            <span className="ml-2 font-normal text-ink-3 text-meta">
              {shown < openCount ? words.shown(shown, openCount) : words.open(openCount)}
            </span>
          ) : null}
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
      ) : incidents.length === 0 ? (
        <NothingWaits title={words.none}>{words.noneBody}</NothingWaits>
      ) : (
        <ul aria-label={words.caption(openCount)} className="border-line border-t">
          {incidents.map((incident) => (
            <li key={String(incident.id)} className="border-line border-b px-6 py-2.5 max-wide:px-4">
              <Incident incident={incident} invariants={invariants} onAcknowledge={setWanted} />
            </li>
          ))}
        </ul>
      )}
      <AcknowledgeSheet incident={wanted} onClose={() => setWanted(null)} />
    </section>
  );
}

function Incident({
  incident,
  invariants,
  onAcknowledge,
}: {
  incident: IncidentLine;
  invariants: readonly InvariantState[];
  onAcknowledge: (incident: IncidentLine) => void;
}) {
  const { integrity } = useTexts();
  const language = useLanguage();
  const words = integrity.incidents;
  const mayAcknowledge = useMay("incident:acknowledge");
  const { kind, detail, paymentId, orderId, openedAt, closedAt, closedHow, acknowledgedAt, note } = incident;
  const rule = invariants.find(({ id }) => id === detail.invariant);
  const day = strangersOf(incident);
  const name = rule ? `${rule.id} ${rule.title[language]}` : day ? words.strangers : words.kinds[kind];
  const facts = [detail.expected, detail.found].filter((fact) => typeof fact === "string");
  return (
    <div className="flex flex-wrap items-start gap-x-4 gap-y-1">
      <div className="min-w-0 flex-[1_1_320px]">
        <p className="flex flex-wrap items-center gap-x-2">
          <b className={closedAt ? "font-medium text-ink-2" : "font-semibold"}>{name}</b>
          {rule ? <span className="text-ink-3 text-meta">{words.kinds[kind]}</span> : null}
        </p>
        {day ? (
          <p className="text-ink-2">
            {words.strangersOf(day.count, formatMoney(day.amountMinor, language))}{" "}
            <Link
              href={`/reconciliation/${day.businessDate}/${encodeURIComponent(day.vanCode)}?class=ONLY_VAN`}
              className="inline-flex min-h-6 items-center underline underline-offset-2"
            >
              {words.toDay(day.businessDate, day.vanCode)}
            </Link>
          </p>
        ) : null}
        {facts.length > 0 ? (
          <p className="break-words font-mono text-ink-2 text-meta">{facts.join(" → ")}</p>
        ) : null}
        <p className="flex min-h-6 flex-wrap items-center gap-x-2 text-ink-3 text-meta">
          <DateTime at={openedAt} format="full" />
          {paymentId ? (
            <Link
              href={`/payments/${paymentId}`}
              className="inline-flex min-h-6 items-center underline underline-offset-2"
            >
              {orderId ?? paymentId}
            </Link>
          ) : null}
        </p>
        {acknowledgedAt ? (
          <p className="mt-1 text-ink-2">
            {note}{" "}
            <span className="text-ink-3 text-meta">
              <TimeInText
                at={acknowledgedAt}
                say={(clock) => words.seenBy(incident.acknowledgedBy ?? "", clock)}
              />
            </span>
          </p>
        ) : null}
      </div>
      <div className="flex shrink-0 items-center gap-2">
        {closedAt ? (
          <>
            <ToneBadge level="plain" tone="ok" icon={BadgeCheck} label={words.states.closed} />
            <span className="text-ink-3 text-meta">{words.how[closedHow ?? ""] ?? closedHow}</span>
          </>
        ) : acknowledgedAt ? (
          <ToneBadge level="tint" tone="run" icon={Eye} label={words.states.seen} />
        ) : (
          <ToneBadge
            level="tint"
            tone={incident.severity === "page" ? "bad" : "warn"}
            icon={incident.severity === "page" ? TriangleAlert : CircleAlert}
            label={words.severities[incident.severity]}
          />
        )}
        {mayAcknowledge && !closedAt && !acknowledgedAt ? (
          <Button
            size="small"
            aria-label={words.acknowledgeOf(`${name} ${orderId ?? incident.subjectId}`)}
            onClick={() => onAcknowledge(incident)}
          >
            {words.acknowledge}
          </Button>
        ) : null}
      </div>
    </div>
  );
}
