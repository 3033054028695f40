"use client";

import {
  BookCheck,
  ChartPie,
  CircleCheck,
  CircleDashed,
  CircleMinus,
  CircleX,
  Clock,
  Hourglass,
  Inbox,
  LogIn,
  type LucideIcon,
  RotateCw,
  Send,
  TriangleAlert,
  Undo2,
  Webhook,
} from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import {
  formatAmount,
  formatClock,
  formatDateHeading,
  formatDuration,
  formatMinute,
  formatMoney,
} from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { SectionTitle } from "#components/layout/page-header.tsx";
import { ApprovalWaterfall } from "#components/payments/approval-waterfall.tsx";
import { useDeadline, useTimeLeft } from "#components/payments/payment-row-parts.tsx";
import { seoulDate } from "#components/payments/seoul-date.ts";
import { heardAfterMs, type TimelineEntry, timelineOf } from "#components/payments/timeline.ts";
import { classes } from "#components/ui/classes.ts";
import { ExactOnHover } from "#components/ui/date-time.tsx";
import { DiamondQuestion } from "#components/ui/diamond-question.tsx";
import type { Tone } from "#components/ui/status-badge.tsx";
import type { PaymentRecord } from "#server/payments/read-payment-record.ts";

const toneClasses: Readonly<Record<Tone, string>> = {
  ok: "text-ok",
  run: "text-run",
  warn: "text-warn",
  bad: "text-bad",
  rev: "text-rev",
  mute: "text-ink-3",
  unk: "text-unk",
};

/** Everything that happened to a payment and what comes next, oldest first (design §8). */
export function PaymentTimeline({ record }: { record: PaymentRecord }) {
  const { page } = useTexts().payments;
  const language = useLanguage();
  const entries = timelineOf(record);
  const first = entries[0]?.at ?? record.requestedAt;
  return (
    <>
      <SectionTitle remark={page.oldestFirst}>{formatDateHeading(first, language)}</SectionTitle>
      <ol>
        {entries.map((entry, index) => (
          <TimelineLine
            key={entry.key}
            entry={entry}
            day={seoulDate(first)}
            record={record}
            isLast={index === entries.length - 1}
          />
        ))}
      </ol>
    </>
  );
}

function TimelineLine({
  entry,
  day,
  record,
  isLast,
}: {
  entry: TimelineEntry;
  day: string;
  record: PaymentRecord;
  isLast: boolean;
}) {
  const { icon: Icon, tone, body } = lineOf(entry, record);
  return (
    <li
      className={classes(
        "relative grid grid-cols-[84px_20px_minmax(0,1fr)] gap-x-1 pb-2.5 max-wide:grid-cols-[20px_minmax(0,1fr)]",
        !isLast &&
          "before:absolute before:top-[18px] before:-bottom-0.5 before:left-[97px] before:w-px before:border-l before:border-line-2 max-wide:before:left-[9px]",
        entry.future && !isLast && "before:border-dashed",
      )}
    >
      <ExactOnHover
        at={entry.at}
        className="pr-1 text-right text-ink-3 max-wide:col-start-2 max-wide:text-left"
      >
        {seoulDate(entry.at) === day ? formatClock(entry.at) : entryDay(entry.at)}
      </ExactOnHover>
      <span className="z-[1] grid h-5 place-items-center bg-surface max-wide:col-start-1 max-wide:row-start-1">
        <Icon aria-hidden className={classes("size-[15px]", toneClasses[tone])} strokeWidth={1.6} />
      </span>
      <div className={classes("min-w-0 max-wide:col-start-2", entry.future && "text-ink-2")}>{body}</div>
    </li>
  );
}

/** `11-18 02:30`: the day and minute of something on a later day. */
function entryDay(at: Date): string {
  return `${seoulDate(at).slice(5)} ${formatMinute(at)}`;
}

type Line = Readonly<{ icon: LucideIcon; tone: Tone; body: ReactNode }>;

function lineOf(entry: TimelineEntry, record: PaymentRecord): Line {
  switch (entry.kind) {
    case "event":
      return { ...eventLooks(entry, record), body: <EventBody entry={entry} record={record} /> };
    case "webhook": {
      const { status } = entry.delivery;
      return {
        icon: status === "DELIVERED" ? Webhook : status === "DEAD" ? Inbox : RotateCw,
        tone: status === "DELIVERED" ? "mute" : status === "DEAD" ? "bad" : "run",
        body: <WebhookBody entry={entry} />,
      };
    }
    case "deadLetter":
      return {
        icon: entry.phase === "parked" ? Inbox : entry.phase === "redriven" ? Send : BookCheck,
        tone: entry.phase === "parked" ? "bad" : entry.phase === "redriven" ? "run" : "ok",
        body: <DeadLetterBody entry={entry} />,
      };
    case "due":
      return { icon: CircleDashed, tone: "mute", body: <DueBody entry={entry} /> };
    case "netCancelDeadline":
      return { icon: Clock, tone: "unk", body: <DeadlineBody at={entry.at} /> };
  }
}

type EventEntry = Extract<TimelineEntry, { kind: "event" }>;

function eventLooks({ event, cancel }: EventEntry, record: PaymentRecord): { icon: LucideIcon; tone: Tone } {
  switch (event.kind) {
    case "requested":
      return { icon: LogIn, tone: "mute" };
    case "approved":
      return { icon: CircleCheck, tone: "ok" };
    case "declined":
    case "not_sent":
      return { icon: CircleX, tone: "bad" };
    case "unknown":
      return { icon: DiamondQuestion, tone: "unk" };
    case "net_cancel_requested":
    case "net_cancel_tried":
      return { icon: RotateCw, tone: "unk" };
    case "net_canceled":
      return { icon: Undo2, tone: "rev" };
    case "cancel_requested":
      return { icon: Hourglass, tone: "warn" };
    case "cancel_succeeded":
      return cancel && isWhole(cancel, record)
        ? { icon: CircleMinus, tone: "mute" }
        : { icon: ChartPie, tone: "rev" };
    case "cancel_failed":
      return { icon: CircleX, tone: "bad" };
    case "cancel_unknown":
      return { icon: DiamondQuestion, tone: "unk" };
    case "late_approval_found":
      return { icon: TriangleAlert, tone: "warn" };
    default:
      return { icon: CircleDashed, tone: "mute" };
  }
}

/** True when this cancel gave back all that was paid, at once. */
function isWhole(cancel: { amountMinor: bigint }, record: PaymentRecord): boolean {
  return cancel.amountMinor === record.amountMinor;
}

function text(detail: unknown, name: string): string | undefined {
  const value = (detail as Readonly<Record<string, unknown>> | null)?.[name];
  return typeof value === "string" ? value : undefined;
}

function number(detail: unknown, name: string): number | undefined {
  const value = (detail as Readonly<Record<string, unknown>> | null)?.[name];
  return typeof value === "number" ? value : undefined;
}

/** Facts of one line, joined by middle dots. */
function Facts({ facts }: { facts: readonly (string | undefined | null | false)[] }) {
  const said = facts.filter(Boolean);
  return said.length > 0 ? <span className="text-ink-3 text-meta"> {said.join(" · ")}</span> : null;
}

function EventBody({ entry, record }: { entry: EventEntry; record: PaymentRecord }) {
  const { payments, common, refusals } = useTexts();
  const language = useLanguage();
  const { timeline } = payments;
  const { event, cancel } = entry;
  const { detail } = event;
  const who =
    event.actorName ?? (event.actorType === "mall" ? record.mall.name : payments.actor[event.actorType]);
  const because = text(detail, "because");
  const why = because && (timeline.because[because] ?? because);
  const took = number(detail, "vanMs");
  const waterfall = <ApprovalWaterfall eventKind={event.kind} detail={detail} record={record} />;
  switch (event.kind) {
    case "requested":
      return (
        <>
          <b className="font-semibold">{timeline.requested}</b>
          <Facts facts={[common.origin[record.origin], who, formatMoney(record.amountMinor, language)]} />
        </>
      );
    case "approved":
      return (
        <>
          <b className="font-semibold">{timeline.approved}</b>
          <Facts facts={[record.van.code, record.approvalNo && timeline.approvalNo(record.approvalNo)]} />
          {waterfall}
        </>
      );
    case "declined": {
      const code = text(detail, "code") ?? record.failureCode ?? undefined;
      return (
        <>
          <b className="font-semibold">{timeline.declined}</b>
          <Facts facts={[record.van.code, refusals[code as keyof typeof refusals] ?? code]} />
          {/* What the VAN wrote, for whoever must look deeper. */}
          {record.van.responseCode ? (
            <small className="block text-ink-3 text-meta">
              {code} · {record.van.responseCode} {record.van.responseMessage}
            </small>
          ) : null}
          {waterfall}
        </>
      );
    }
    case "not_sent":
      return (
        <>
          <b className="font-semibold">{timeline.notSent}</b>
          <Facts facts={[why, timeline.notSentHint]} />
          {waterfall}
        </>
      );
    case "unknown":
      return (
        <>
          <b className="font-semibold">{timeline.unknown}</b>
          <Facts facts={[record.van.code, why]} />
          {waterfall}
        </>
      );
    case "net_cancel_requested":
      return (
        <>
          <b className="font-semibold">{timeline.netCancelRequested}</b>
          <Facts facts={[who]} />
        </>
      );
    case "net_cancel_tried": {
      const outcome = text(detail, "outcome");
      return (
        <>
          <b className="font-semibold">{timeline.netCancelTried}</b>
          <Facts
            facts={[
              outcome && (timeline.outcome[outcome] ?? outcome),
              why,
              text(detail, "responseCode"),
              took !== undefined && formatDuration(took, language),
            ]}
          />
        </>
      );
    }
    case "net_canceled": {
      const reason = text(detail, "reason");
      return (
        <>
          <b className="font-semibold">{timeline.netCanceled}</b>
          <Facts
            facts={[
              reason && (timeline.netCancelReason[reason] ?? reason),
              took !== undefined && formatDuration(took, language),
            ]}
          />
        </>
      );
    }
    case "late_approval_found":
      return <b className="font-semibold">{timeline.lateApproval}</b>;
    case "cancel_requested":
    case "cancel_succeeded":
    case "cancel_failed":
    case "cancel_unknown": {
      if (!cancel) return <b className="font-semibold">{timeline.other}</b>;
      const amount = formatMoney(-cancel.amountMinor, language);
      const failure =
        cancel.failureCode && event.kind === "cancel_failed"
          ? (refusals[cancel.failureCode as keyof typeof refusals] ?? cancel.failureCode)
          : undefined;
      const title =
        event.kind === "cancel_requested"
          ? timeline.cancelRequested(amount)
          : event.kind === "cancel_unknown"
            ? timeline.cancelUnknown
            : event.kind === "cancel_failed"
              ? timeline.cancelFailed(amount)
              : isWhole(cancel, record)
                ? timeline.cancelSucceeded(amount)
                : timeline.partialCancelSucceeded(amount);
      const splits =
        event.kind === "cancel_succeeded" &&
        [
          `${timeline.supplied} ${formatAmount(-cancel.suppliedMinor)}`,
          `${timeline.vat} ${formatAmount(-cancel.vatMinor)}`,
        ].join(" · ");
      return (
        <>
          <b className="font-semibold">{title}</b>
          <Facts
            facts={[
              event.kind !== "cancel_unknown" &&
                `${common.origin[cancel.origin]}${cancel.actorName ? ` ${cancel.actorName}` : ""}`,
              splits,
              event.kind === "cancel_unknown" && why,
              failure,
              took !== undefined && formatDuration(took, language),
            ]}
          />
          {event.kind === "cancel_unknown" ? null : (
            <p className="text-ink-3 text-meta">{timeline.reason(cancel.reason)}</p>
          )}
        </>
      );
    }
    default:
      return (
        <>
          <b className="font-semibold">{timeline.other}</b>
          <Facts facts={[event.kind]} />
        </>
      );
  }
}

function WebhookBody({ entry }: { entry: Extract<TimelineEntry, { kind: "webhook" }> }) {
  const { timeline, webhooks } = useTexts().payments;
  const language = useLanguage();
  const { delivery, type, occurredAt } = entry;
  // As the waterfall counts it, not from a clock that was read once more after the last try.
  const tookMs =
    heardAfterMs(delivery, occurredAt) ??
    (delivery.completedAt && Math.max(0, delivery.completedAt.getTime() - occurredAt.getTime()));
  const answers = delivery.tries.map((attempt) => attempt.responseStatus ?? webhooks.noAnswer);
  const titles = {
    DELIVERED: timeline.webhookDelivered,
    DEAD: timeline.webhookDead,
    PENDING: delivery.tries.length > 0 ? timeline.webhookRetrying : timeline.webhookWaiting,
  };
  return (
    <>
      <b className="font-semibold">{titles[delivery.status]}</b> <span lang="en">{type}</span>
      <Facts
        facts={[
          answers.slice(-4).join(" → "),
          delivery.tries.length > 0 && timeline.webhookTry(delivery.attempts),
          tookMs !== null &&
            delivery.status === "DELIVERED" &&
            timeline.afterEvent(formatDuration(tookMs, language)),
        ]}
      />
    </>
  );
}

function DeadLetterBody({
  entry: { letter, phase },
}: {
  entry: Extract<TimelineEntry, { kind: "deadLetter" }>;
}) {
  const { deadLetters, payments } = useTexts();
  const { timeline } = payments;
  const jobs: Readonly<Record<string, string>> = deadLetters.jobs;
  if (phase !== "parked")
    return (
      <b className="font-semibold">
        {phase === "redriven" ? timeline.deadLetterRedriven : timeline.deadLetterResolved}
      </b>
    );
  return (
    <>
      <b className="font-semibold">{timeline.deadLetter}</b>
      <Facts facts={[jobs[letter.jobName] ?? letter.jobName, timeline.attempts(letter.attempts)]} />{" "}
      {letter.status === "PARKED" ? (
        <Link href={`/dead-letters?letter=${letter.id}`} className="text-meta underline underline-offset-2">
          {timeline.deadLetterLink}
        </Link>
      ) : null}
    </>
  );
}

function DueBody({ entry }: { entry: Extract<TimelineEntry, { kind: "due" }> }) {
  const { timeline } = useTexts().payments;
  const left = useTimeLeft(entry.at);
  const titles = {
    "net-cancel": timeline.netCancelNext(entry.attempt),
    "recover-cancel": timeline.recoverNext,
    "follow-up-inquiry": timeline.followUpNext,
    "reverse-orphan": timeline.orphanNext,
    "deliver-webhook": timeline.webhookNext(entry.attempt),
  };
  return (
    <>
      {titles[entry.job]} {entry.webhookType ? <span lang="en">{entry.webhookType}</span> : null}
      <Facts facts={[left && (left.isPast ? timeline.now : timeline.inTime(left.clock))]} />
    </>
  );
}

function DeadlineBody({ at }: { at: Date }) {
  const { timeline } = useTexts().payments;
  const left = useDeadline(at);
  return (
    <>
      {timeline.netCancelDeadline} <b className="font-semibold text-unk">{left}</b>
      <Facts facts={[timeline.netCancelDeadlineHint]} />
    </>
  );
}
