"use client";

import { useQuery } from "@tanstack/react-query";
import { ExternalLink } from "lucide-react";
import Link from "next/link";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { InvariantBadge } from "#components/integrity/invariant-list.tsx";
import { RunMarks } from "#components/integrity/run-marks.tsx";
import { SectionTitle } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { DateTime, TimeInText } from "#components/ui/date-time.tsx";
import { Drawer } from "#components/ui/modal.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { FindingLine, InvariantState } from "#server/integrity/integrity-queries.ts";

const refreshEveryMs = 5_000;

/** One invariant from the side of the list: what it promises, what to do, and what breaks it. */
export function InvariantDrawer({
  invariant,
  onClose,
}: {
  invariant: InvariantState | undefined;
  onClose: () => void;
}) {
  const { integrity } = useTexts();
  const language = useLanguage();
  return (
    <Drawer
      open={invariant !== undefined}
      onOpenChange={(open) => !open && onClose()}
      title={
        invariant ? (
          <span className="flex items-center gap-2">
            {`${invariant.id} ${invariant.title[language]}`}
            <InvariantBadge violations={invariant.violations} />
          </span>
        ) : (
          integrity.title
        )
      }
    >
      {invariant ? <Detail invariant={invariant} /> : null}
    </Drawer>
  );
}

function Detail({ invariant }: { invariant: InvariantState }) {
  const { integrity } = useTexts();
  const language = useLanguage();
  const words = integrity.detail;
  return (
    <>
      <section>
        <h3 className="text-ink-3 text-meta">{words.promise}</h3>
        <p>{invariant.promise[language]}</p>
      </section>
      <section>
        <h3 className="text-ink-3 text-meta">{words.whatToDo}</h3>
        <p>{invariant.whatToDo[language]}</p>
      </section>
      {invariant.parked > 0 ? (
        <p>
          {integrity.rules.parked(invariant.parked)}{" "}
          <Link href="/dead-letters" className="underline underline-offset-2">
            {words.deadLetters}
          </Link>
        </p>
      ) : null}
      <div className="flex flex-wrap items-center justify-between gap-2 text-ink-3 text-meta">
        <span>{words.examined(invariant.examined)}</span>
        <RunMarks history={invariant.history} />
      </div>
      <Findings invariant={invariant} />
    </>
  );
}

function Findings({ invariant }: { invariant: InvariantState }) {
  const { integrity } = useTexts();
  const words = integrity.detail;
  const trpc = useTRPC();
  const query = useQuery({
    ...trpc.integrity.findings.queryOptions({ id: invariant.id }),
    refetchInterval: refreshEveryMs,
  });
  if (query.isError && !query.data) {
    return (
      <QueryError
        error={query.error}
        title={words.error}
        onRetry={() => void query.refetch()}
        retrying={query.isFetching}
        compact
      />
    );
  }
  if (!query.data) {
    return (
      <div className="flex flex-col gap-3">
        <Skeleton className="w-1/2" />
        <Skeleton className="w-3/4" />
        <Skeleton className="w-2/3" />
      </div>
    );
  }
  const open = query.data.filter(({ clearedAt }) => clearedAt === null);
  const cleared = query.data.filter(({ clearedAt }) => clearedAt !== null);
  return (
    <>
      <section>
        <SectionTitle>{words.findings}</SectionTitle>
        {open.length === 0 ? (
          <p className="text-ink-2">
            {words.noFindings}
            {invariant.checkedAt ? (
              <>
                {" · "}
                <TimeInText at={invariant.checkedAt} say={words.noFindingsBody} />
              </>
            ) : null}
          </p>
        ) : (
          <FindingList findings={open} />
        )}
      </section>
      {cleared.length > 0 ? (
        <section>
          <SectionTitle>{words.cleared}</SectionTitle>
          <FindingList findings={cleared} />
        </section>
      ) : null}
    </>
  );
}

function FindingList({ findings }: { findings: readonly FindingLine[] }) {
  return (
    <ul className="border-line border-t">
      {findings.map((finding) => (
        <li key={String(finding.id)} className="border-line border-b py-2">
          <Finding finding={finding} />
        </li>
      ))}
    </ul>
  );
}

function Finding({ finding }: { finding: FindingLine }) {
  const words = useTexts().integrity.detail;
  const { subjectId, paymentId, orderId, expected, found, firstSeenAt, lastSeenAt, clearedAt } = finding;
  return (
    <>
      <p className="break-all font-mono text-meta">{subjectId}</p>
      <dl className="mt-1 grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-0.5">
        <dt className="text-ink-3 text-meta">{words.expected}</dt>
        <dd className="break-words font-mono text-meta">{expected}</dd>
        <dt className="text-ink-3 text-meta">{words.found}</dt>
        <dd className="break-words font-mono text-meta">{found}</dd>
        <dt className="text-ink-3 text-meta">{words.firstSeen}</dt>
        <dd>
          <DateTime at={firstSeenAt} format="full" />
        </dd>
        <dt className="text-ink-3 text-meta">{clearedAt ? words.clearedAt : words.lastSeen}</dt>
        <dd>
          <DateTime at={clearedAt ?? lastSeenAt} format="full" />
        </dd>
      </dl>
      {paymentId ? (
        <Link
          href={`/payments/${paymentId}`}
          className="mt-1 inline-flex min-h-6 items-center gap-1 underline underline-offset-2"
        >
          <ExternalLink aria-hidden className="size-3.5" strokeWidth={1.5} />
          {words.openPayment(orderId ?? paymentId)}
        </Link>
      ) : null}
    </>
  );
}
