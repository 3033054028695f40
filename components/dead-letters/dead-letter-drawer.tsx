"use client";

import { useQuery } from "@tanstack/react-query";
import { ExternalLink } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import type { Care } from "#components/dead-letters/care-sheet.tsx";
import { LetterNotes } from "#components/dead-letters/letter-notes.tsx";
import { leftText } from "#components/dead-letters/letter-time.tsx";
import { formatDuration } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { SectionTitle } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { Button, buttonClasses } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { useNow } from "#components/ui/countdown.tsx";
import { DateTime } from "#components/ui/date-time.tsx";
import { Drawer } from "#components/ui/modal.tsx";
import { Money } from "#components/ui/money.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import { WireErrorText } from "#components/wire-errors/wire-error-text.tsx";
import type { DeadLetterDetail } from "#server/dead-letters/dead-letter-queries.ts";

/** One letter from the side of the list: what it is, its errors, and what the VAN or the mall last said. */
export function DeadLetterDrawer({
  id,
  onClose,
  onPreview,
  onCare,
}: {
  id: string | null;
  onClose: () => void;
  onPreview: (id: string) => void;
  onCare: (care: Care) => void;
}) {
  const { deadLetters } = useTexts();
  const words = deadLetters.detail;
  const trpc = useTRPC();
  const mayRedrive = useMay("dead-letter:redrive");
  const mayCare = useMay("dead-letter:care");
  const query = useQuery({
    ...trpc.deadLetter.read.queryOptions({ id: id ?? "" }),
    enabled: id !== null,
    refetchInterval: 5_000,
  });
  const letter = id !== null && query.data?.id === id ? query.data : undefined;
  return (
    <Drawer
      open={id !== null}
      onOpenChange={(open) => !open && onClose()}
      title={
        letter ? (
          <span className="flex items-center gap-2">
            {deadLetters.jobs[letter.jobName]}
            <StatusBadge kind="deadLetter" status={letter.status} />
          </span>
        ) : (
          words.title
        )
      }
      footer={
        letter ? (
          <>
            {letter.paymentId ? (
              <Link href={`/payments/${letter.paymentId}`} className={buttonClasses("secondary")}>
                <ExternalLink aria-hidden className="size-4" strokeWidth={1.5} />
                {words.openPayment}
              </Link>
            ) : null}
            {mayCare && letter.status !== "RESOLVED" ? (
              <Button onClick={() => onCare({ kind: "assign", ids: [letter.id] })}>
                {deadLetters.care.assign}
              </Button>
            ) : null}
            {mayCare && letter.status === "PARKED" ? (
              <Button onClick={() => onCare({ kind: isAside(letter) ? "back" : "aside", ids: [letter.id] })}>
                {isAside(letter) ? deadLetters.care.back : deadLetters.care.aside}
              </Button>
            ) : null}
            {mayRedrive && letter.status === "PARKED" ? (
              <Button look="primary" className="ml-auto" onClick={() => onPreview(letter.id)}>
                {words.previewOne}
              </Button>
            ) : null}
          </>
        ) : undefined
      }
    >
      {letter ? (
        <Detail letter={letter} />
      ) : query.isError ? (
        <QueryError
          error={query.error}
          title={deadLetters.errors.detail}
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

/** Left aside, and its time has not come. */
function isAside({ status, asideUntil }: DeadLetterDetail): boolean {
  return status === "PARKED" && asideUntil !== null && asideUntil.getTime() > Date.now();
}

function Detail({ letter }: { letter: DeadLetterDetail }) {
  const { deadLetters } = useTexts();
  const words = deadLetters.detail;
  const now = useNow();
  const leftMs = letter.deadlineAt && now ? letter.deadlineAt.getTime() - now.getTime() : null;
  return (
    <>
      <Facts>
        <Fact name={words.reason}>{deadLetters.reasons[letter.reasonClass]}</Fact>
        {letter.orderId ? (
          <Fact name={deadLetters.columns.payment}>{`${letter.orderId} · ${letter.orderName ?? ""}`}</Fact>
        ) : null}
        {letter.paymentStatus ? (
          <Fact name={words.paymentStatus}>
            <StatusBadge status={letter.paymentStatus} />
          </Fact>
        ) : null}
        <Fact name={words.amount}>
          <Money amountMinor={letter.amountMinor} className="font-semibold" />
        </Fact>
        {letter.mallName ? <Fact name={words.mall}>{letter.mallName}</Fact> : null}
        {letter.vanCode ? <Fact name={words.van}>{letter.vanCode}</Fact> : null}
        <Fact name={words.assignee}>{letter.assigneeName ?? deadLetters.assignments.NONE}</Fact>
        {letter.asideUntil && isAside(letter) ? (
          <Fact name={words.asideUntil}>
            <DateTime at={letter.asideUntil} format="full" />
          </Fact>
        ) : null}
        {letter.deadlineAt ? (
          <Fact name={words.deadline}>
            <DateTime at={letter.deadlineAt} format="full" />
            {letter.status === "PARKED" && leftMs !== null ? (
              <span className={leftMs > 0 ? "ml-2 font-semibold text-bad" : "ml-2 text-ink-3"}>
                {leftMs > 0
                  ? deadLetters.left(leftText(leftMs, deadLetters.duration))
                  : deadLetters.deadlinePassed}
              </span>
            ) : null}
          </Fact>
        ) : null}
        <Fact name={words.parkedAt}>
          <DateTime at={letter.parkedAt} format="full" />
        </Fact>
        {letter.redrivenAt ? (
          <Fact name={words.redrivenAt}>
            <DateTime at={letter.redrivenAt} format="full" />
          </Fact>
        ) : null}
        {letter.resolvedAt ? (
          <Fact name={words.resolvedAt}>
            <DateTime at={letter.resolvedAt} format="full" />
          </Fact>
        ) : null}
        {letter.resolution ? (
          <Fact name={words.resolution}>
            <ResolutionText resolution={letter.resolution} />
          </Fact>
        ) : null}
        <Fact name={words.attempts}>
          {deadLetters.tries(letter.attempts)}
          {letter.redriveCount > 0 ? ` · ${deadLetters.redrives(letter.redriveCount)}` : ""}
        </Fact>
      </Facts>

      <section>
        <SectionTitle remark={letter.firstError === letter.lastError ? words.sameError : undefined}>
          {words.errors}
        </SectionTitle>
        {letter.firstError === letter.lastError ? (
          <ErrorText text={letter.lastError} />
        ) : (
          <dl className="flex flex-col gap-2">
            <div>
              <dt className="text-ink-3 text-meta">{words.firstError}</dt>
              <dd>
                <ErrorText text={letter.firstError} />
              </dd>
            </div>
            <div>
              <dt className="text-ink-3 text-meta">{words.lastError}</dt>
              <dd>
                <ErrorText text={letter.lastError} />
              </dd>
            </div>
          </dl>
        )}
      </section>

      <LetterNotes key={letter.id} letter={letter} />
      {letter.exchange ? <Exchange exchange={letter.exchange} /> : null}
      {letter.webhook ? <Webhook webhook={letter.webhook} /> : null}

      <section>
        <SectionTitle>{words.ids}</SectionTitle>
        <Facts>
          <IdFact name={words.letterId} value={letter.id} />
          {letter.paymentId ? <IdFact name={words.paymentKey} value={letter.paymentId} /> : null}
          <IdFact name={words.jobKey} value={letter.jobKey} />
          {letter.traceId ? <IdFact name="traceId" value={letter.traceId} /> : null}
        </Facts>
      </section>
    </>
  );
}

/** How a letter ended, in words. */
export function ResolutionText({ resolution }: { resolution: string }) {
  const { deadLetters } = useTexts();
  if (resolution === "redriven") return deadLetters.detail.resolutionRedriven;
  if (resolution === "resent") return deadLetters.detail.resolutionResent;
  return resolution.startsWith("closed: ")
    ? deadLetters.detail.resolutionClosed(resolution.slice("closed: ".length))
    : resolution;
}

function Exchange({ exchange }: { exchange: NonNullable<DeadLetterDetail["exchange"]> }) {
  const { deadLetters } = useTexts();
  const language = useLanguage();
  const words = deadLetters.detail;
  const answer = [exchange.responseCode, exchange.responseMessage].filter(Boolean).join(" ");
  return (
    <section>
      <SectionTitle remark={words.exchangeHint}>{words.exchange}</SectionTitle>
      <p className="pb-2 text-ink-2">
        {words.operations[exchange.operation] ?? exchange.operation} · <DateTime at={exchange.startedAt} /> ·{" "}
        {formatDuration(exchange.durationMs, language)}
        {answer ? <span lang="en"> · {answer}</span> : null}
        {!exchange.responseMessage && exchange.error ? (
          <>
            {" · "}
            <WireErrorText error={exchange.error} />
          </>
        ) : null}
      </p>
      <Wire label={words.request} text={exchange.request} />
      {exchange.response === null ? (
        <p className="pt-2 text-ink-3">{words.noResponse}</p>
      ) : (
        <Wire label={words.response} text={exchange.response} />
      )}
    </section>
  );
}

function Webhook({ webhook }: { webhook: NonNullable<DeadLetterDetail["webhook"]> }) {
  const { deadLetters } = useTexts();
  const language = useLanguage();
  const words = deadLetters.detail;
  return (
    <section>
      <SectionTitle>{words.webhook}</SectionTitle>
      <Facts>
        <Fact name={words.endpoint}>
          <span className="break-all">{webhook.url}</span>
        </Fact>
        <Fact name={words.event}>{webhook.eventType}</Fact>
      </Facts>
      <h3 className="pt-3 pb-1 font-semibold text-ink-2 text-meta">{words.webhookTries}</h3>
      {webhook.tries.length === 0 ? <p className="text-ink-3">{words.noTries}</p> : null}
      <ol>
        {webhook.tries.map((attempt) => (
          <li key={attempt.attempt} className="flex gap-3 border-line border-b py-1.5">
            <DateTime at={attempt.startedAt} />
            <span className="min-w-0 flex-1 truncate" title={attempt.responseBody ?? attempt.error ?? ""}>
              {attempt.responseStatus ?? (attempt.error ? <WireErrorText error={attempt.error} /> : null)}
            </span>
            <span className="text-ink-3">{formatDuration(attempt.durationMs, language)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Facts({ children }: { children: ReactNode }) {
  return <dl className="grid grid-cols-[104px_minmax(0,1fr)] gap-x-3 gap-y-1.5">{children}</dl>;
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-3">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}

function IdFact({ name, value }: { name: string; value: string }) {
  return (
    <Fact name={name}>
      <span className="flex items-center gap-1">
        <span className="min-w-0 break-all font-mono text-[12px]">{value}</span>
        <CopyButton value={value} what={name} />
      </span>
    </Fact>
  );
}

function ErrorText({ text }: { text: string }) {
  return (
    <p className="rounded-control bg-sunken px-3 py-2 break-words">
      <WireErrorText error={text} />
    </p>
  );
}

/** A message as it went over the wire, masked before it was stored. */
function Wire({ label, text }: { label: string; text: string }) {
  return (
    <figure className="pt-1">
      <figcaption className="pb-1 text-ink-3 text-meta">{label}</figcaption>
      <pre className="whitespace-pre-wrap break-all rounded-control bg-sunken px-3 py-2 font-mono text-[12px] leading-[18px]">
        {text}
      </pre>
    </figure>
  );
}
