"use client";

import { ArrowRight, CornerUpLeft } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import { outcomeLooks } from "#components/dead-letters/outcome-mark.tsx";
import { RedriveProgressView } from "#components/dead-letters/redrive-progress.tsx";
import type { Redrive } from "#components/dead-letters/use-redrive.ts";
import { formatClock, formatMoney } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { refusalOf } from "#components/layout/refusal-text.ts";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { Field, Input, Textarea } from "#components/ui/field.tsx";
import { Money } from "#components/ui/money.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import {
  type RedriveSelection,
  redriveLimit,
  redriveReasonLengthMax,
  redrivesPerSecond,
} from "#server/dead-letters/dead-letter.schemas.ts";
import type { RedriveOutcome } from "#server/dead-letters/domain/decide-redrive.ts";
import type { PreviewedLetter, RedrivePreview } from "#server/dead-letters/preview-redrive.ts";

/** What a preview would cover: what is selected, or everything that matches. */
export type RedriveTarget = Readonly<{
  selection: RedriveSelection;
  /** `null` until it has been counted. */
  count: number | null;
  isAll: boolean;
}>;

/** From more than this many on, the number is typed once more before it is sent (design §9). */
const typedFromCount = 20;
const outcomes: readonly RedriveOutcome[] = ["SEND", "CLOSE", "PERSON"];
const barTones: Readonly<Record<RedriveOutcome, string>> = {
  SEND: "bg-run",
  CLOSE: "bg-ok",
  PERSON: "bg-warn",
};
const figureTones: Readonly<Record<RedriveOutcome, string>> = {
  SEND: "text-run",
  CLOSE: "text-ok",
  PERSON: "text-warn",
};

/** Preview, reason and send, then the progress: the right side of the page, or a sheet where there is no room for it. */
export function RedrivePanel({
  redrive,
  target,
  onFinish,
}: {
  redrive: Redrive;
  target: RedriveTarget;
  onFinish: () => void;
}) {
  if (redrive.sent) return <RedriveProgressView sent={redrive.sent} onFinish={onFinish} />;
  if (redrive.previewed)
    return (
      <Previewed
        key={redrive.previewed.preview.at.getTime()}
        redrive={redrive}
        preview={redrive.previewed.preview}
      />
    );
  return <Before redrive={redrive} target={target} />;
}

function Frame({
  title,
  lead,
  footer,
  children,
}: {
  title: string;
  lead: ReactNode;
  footer: ReactNode;
  children?: ReactNode;
}) {
  return (
    <>
      <div className="flex min-h-0 flex-1 flex-col gap-3.5 overflow-auto px-5 py-3.5 max-wide:px-0">
        <div>
          <h2 className="font-bold text-figure max-full:hidden">{title}</h2>
          <div className="text-ink-3">{lead}</div>
        </div>
        {children}
      </div>
      <div className="grid shrink-0 gap-2 border-line border-t px-5 pt-3 pb-4 max-full:px-0 max-full:pb-0">
        {footer}
      </div>
    </>
  );
}

function Before({ redrive, target }: { redrive: Redrive; target: RedriveTarget }) {
  const { deadLetters } = useTexts();
  const words = deadLetters.preview;
  const { previewing } = redrive;
  return (
    <Frame
      title={words.title}
      lead={words.lead}
      footer={
        <Button
          look="primary"
          size="large"
          busy={previewing.isPending}
          disabled={!target.count}
          onClick={() => redrive.preview(target.selection)}
        >
          {previewing.isPending
            ? words.running
            : target.count === null
              ? words.title
              : words.open(target.count)}
        </Button>
      }
    >
      {previewing.isError ? (
        <QueryError
          error={previewing.error}
          title={deadLetters.errors.preview}
          onRetry={() => redrive.preview(target.selection)}
          compact
        />
      ) : null}
      {previewing.isPending ? (
        <div className="flex flex-col gap-3 pt-2">
          <Skeleton className="h-2.5 w-full" />
          <Skeleton className="h-12 w-full" />
          <Skeleton className="h-12 w-full" />
          <Skeleton className="h-12 w-full" />
        </div>
      ) : (
        <>
          <ol className="flex flex-col gap-2">
            {words.steps.map((step, index) => (
              <li key={step} className="flex items-center gap-2.5">
                <span
                  aria-hidden
                  className="grid size-6 shrink-0 place-items-center rounded-full bg-sunken font-semibold text-ink-2 text-meta"
                >
                  {index + 1}
                </span>
                {step}
              </li>
            ))}
          </ol>
          <p className="text-ink-2">
            {target.count === null
              ? null
              : target.count === 0
                ? words.nothing
                : target.isAll
                  ? words.forAll(target.count)
                  : words.forSelected(target.count)}
          </p>
        </>
      )}
    </Frame>
  );
}

function Previewed({ redrive, preview }: { redrive: Redrive; preview: RedrivePreview }) {
  const { deadLetters } = useTexts();
  const words = deadLetters.preview;
  const { totals } = preview;
  const { sending } = redrive;
  const runs = totals.SEND.count + totals.CLOSE.count;
  const mustType = runs > typedFromCount;
  const [reason, setReason] = useState("");
  const [typed, setTyped] = useState("");
  const [checked, setChecked] = useState(false);
  const reasonRef = useRef<HTMLTextAreaElement>(null);
  const typedRef = useRef<HTMLInputElement>(null);
  const reasonError = checked && reason.trim() === "" ? words.reasonMissing : undefined;
  const typedWrong = mustType && typed.replace(/[,\s건]/g, "") !== String(runs);
  const stale = refusalOf(sending.error)?.code === "STALE_SELECTION";
  const again = () => redrive.previewed && redrive.preview(redrive.previewed.selection);
  const send = () => {
    setChecked(true);
    if (reason.trim() === "") reasonRef.current?.focus();
    else if (typedWrong) typedRef.current?.focus();
    else redrive.send(reason.trim());
  };
  return (
    <Frame
      title={words.title}
      lead={words.done(formatClock(preview.at))}
      footer={
        <>
          {totals.SEND.byJob["net-cancel"] ? (
            <p className="flex gap-1.5 text-ink-2 text-meta">
              <CornerUpLeft aria-hidden className="size-4 shrink-0 text-rev" strokeWidth={1.5} />
              {words.note}
            </p>
          ) : null}
          <div className="grid grid-cols-[auto_minmax(0,1fr)] gap-2">
            <Button size="large" onClick={redrive.discard} disabled={sending.isPending}>
              {words.discard}
            </Button>
            {runs === 0 || stale ? (
              <Button look="primary" size="large" onClick={again}>
                {words.again}
              </Button>
            ) : (
              <Button look="primary" size="large" busy={sending.isPending} onClick={send}>
                {totals.SEND.count === 0 ? words.closeOnly(runs) : words.send(runs)}
              </Button>
            )}
          </div>
        </>
      }
    >
      <OutcomeTotals preview={preview} />
      {preview.truncated ? <p className="text-ink-2">{words.truncated(redriveLimit)}</p> : null}
      <ExpectedChanges letters={preview.letters} />
      <ForPeople letters={preview.letters} />
      {sending.isError ? (
        <QueryError
          error={sending.error}
          title={deadLetters.errors.redrive}
          {...(!stale && { onRetry: send })}
          compact
        />
      ) : null}
      {runs > 0 ? (
        <>
          <dl className="grid grid-cols-[64px_minmax(0,1fr)] gap-x-3 gap-y-1">
            <dt className="text-ink-3">{words.pace}</dt>
            <dd>{words.paceOf(redrivesPerSecond, Math.ceil(totals.SEND.count / redrivesPerSecond))}</dd>
            <dt className="text-ink-3">{words.order}</dt>
            <dd>{words.orderOf}</dd>
          </dl>
          <Field label={words.reason} hint={words.reasonHint} error={reasonError}>
            <Textarea
              ref={reasonRef}
              required
              rows={2}
              maxLength={redriveReasonLengthMax}
              placeholder={words.reasonPlaceholder}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
              className="min-h-14"
            />
          </Field>
          {mustType ? (
            <Field
              label={words.typeCount(runs)}
              hint={words.typeCountHint}
              error={checked && typedWrong ? words.typeCountWrong(runs) : undefined}
            >
              <Input
                ref={typedRef}
                inputMode="numeric"
                autoComplete="off"
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
              />
            </Field>
          ) : null}
        </>
      ) : null}
    </Frame>
  );
}

function OutcomeTotals({ preview }: { preview: RedrivePreview }) {
  const { deadLetters } = useTexts();
  const language = useLanguage();
  const words = deadLetters.preview;
  const { totals } = preview;
  const vanJobs = Object.entries(totals.SEND.byJob).filter(([job]) => job !== "deliver-webhook");
  const vanCalls = vanJobs.reduce((sum, [, count]) => sum + count, 0);
  const webhooks = totals.SEND.byJob["deliver-webhook"] ?? 0;
  const jobNames: Readonly<Record<string, string>> = deadLetters.jobs;
  const jobsOf = vanJobs.map(([job, count]) => words.details.job(jobNames[job] ?? job, count)).join(", ");
  const detail: Readonly<Record<RedriveOutcome, string>> = {
    SEND: words.details.calls(
      vanCalls > 0 ? words.details.van(vanCalls, jobsOf) : "",
      webhooks > 0 ? words.details.webhook(webhooks) : "",
    ),
    CLOSE: words.details.close,
    PERSON: words.details.person,
  };
  return (
    <div>
      <div
        role="img"
        aria-label={words.share(totals.SEND.count, totals.CLOSE.count, totals.PERSON.count)}
        className="mb-2 flex h-2.5 gap-0.5"
      >
        {outcomes.map((outcome) =>
          totals[outcome].count > 0 ? (
            <span
              key={outcome}
              className={classes("rounded-[2px]", barTones[outcome])}
              style={{ flex: totals[outcome].count }}
            />
          ) : null,
        )}
      </div>
      <ul className="rounded-panel border border-line">
        {outcomes.map((outcome) => {
          const { icon: Icon } = outcomeLooks[outcome];
          const { count, amountMinor } = totals[outcome];
          return (
            <li
              key={outcome}
              className="grid grid-cols-[24px_minmax(0,1fr)_auto] gap-x-1 border-line border-b px-3 py-2 last:border-b-0"
            >
              <Icon
                aria-hidden
                className={classes("mt-0.5 size-4", count > 0 ? figureTones[outcome] : "text-ink-3")}
                strokeWidth={1.5}
              />
              <b className={classes("font-semibold", count === 0 && "font-normal text-ink-3")}>
                {words.groups[outcome]}
              </b>
              <span className={classes("text-right text-figure", count > 0 ? "font-bold" : "text-ink-3")}>
                {deadLetters.count(count)}
              </span>
              <span className="col-start-2 text-ink-3 text-meta">
                {count > 0 ? detail[outcome] : words.details.none}
              </span>
              <span className="text-right text-ink-3 text-meta">
                {count > 0 ? formatMoney(amountMinor, language) : ""}
              </span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

const examplesMax = 3;

function ExpectedChanges({ letters }: { letters: readonly PreviewedLetter[] }) {
  const { deadLetters } = useTexts();
  const words = deadLetters.preview;
  const changes = letters
    .filter((letter) => letter.outcome !== "PERSON" && letter.statusNow && letter.statusAfter)
    .slice(0, examplesMax);
  if (changes.length === 0) return null;
  return (
    <section>
      <h3 className="pb-1 font-semibold text-ink-2 text-meta">{words.expected(changes.length)}</h3>
      <ul>
        {changes.map((letter) => (
          <li key={letter.id} className="flex min-h-7 items-center gap-2 border-line border-b py-0.5">
            <span className="min-w-0 flex-1 truncate" title={letter.orderId ?? letter.id}>
              {letter.orderId ?? letter.id}
            </span>
            {letter.statusNow ? <StatusBadge status={letter.statusNow} /> : null}
            <ArrowRight
              role="img"
              aria-label={words.becomes}
              className="size-3 shrink-0 text-ink-3"
              strokeWidth={1.5}
            />
            {letter.statusAfter ? <StatusBadge status={letter.statusAfter} /> : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

function ForPeople({ letters }: { letters: readonly PreviewedLetter[] }) {
  const { deadLetters } = useTexts();
  const language = useLanguage();
  const words = deadLetters.preview;
  const people = letters.filter((letter) => letter.outcome === "PERSON");
  if (people.length === 0) return null;
  return (
    <section>
      <h3 className="pb-1 font-semibold text-ink-2 text-meta">{words.people}</h3>
      <ul className="max-h-40 overflow-auto">
        {people.map((letter) => (
          <li key={letter.id} className="border-line border-b py-1.5">
            <span className="flex gap-2">
              <span className="min-w-0 flex-1 truncate">{letter.orderId ?? letter.id}</span>
              <Money amountMinor={letter.amountMinor} />
            </span>
            <span className="block text-ink-3 text-meta">
              {deadLetters.whys[letter.why]}
              {letter.vanAmountMinor === undefined
                ? ""
                : ` ${words.vanAmount(formatMoney(letter.vanAmountMinor, language))}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
