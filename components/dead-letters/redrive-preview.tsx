"use client";

import { ArrowRight, CornerUpLeft } from "lucide-react";
import { useRef, useState } from "react";
import { useApproval } from "#components/change-requests/use-approval.ts";
import { OutcomeTotals } from "#components/dead-letters/outcome-totals.tsx";
import { Frame } from "#components/dead-letters/panel-frame.tsx";
import type { Redrive, RedriveTarget } from "#components/dead-letters/use-redrive.ts";
import { formatMoney } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { refusalOf } from "#components/layout/refusal-text.ts";
import { Button } from "#components/ui/button.tsx";
import { TimeInText } from "#components/ui/date-time.tsx";
import { Field, Input, Select, Textarea } from "#components/ui/field.tsx";
import { Money } from "#components/ui/money.tsx";
import { Note } from "#components/ui/note.tsx";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import { uncountedJobs } from "#server/dead-letters/dead-letter.values.ts";
import type { RedriveRunDetail, RunLetter } from "#server/dead-letters/redrive-run-queries.ts";
import {
  defaultRatePerSecond,
  failuresToPauseChoices,
  ratesPerSecond,
  runReasonLengthMax,
} from "#server/work-runs/work-run.values.ts";

/** From more than this many on, the number is typed once more before it is sent (design §9). */
const typedFromCount = 20;

/** What the VANs said of each letter, the reason, and only then the button that sends. */
export function RedrivePreview({
  redrive,
  run,
  target,
}: {
  redrive: Redrive;
  run: RedriveRunDetail;
  target: RedriveTarget;
}) {
  const { changeRequests, deadLetters } = useTexts();
  const words = deadLetters.preview;
  const asking = changeRequests.redrive;
  const { totals } = run;
  const mayRedrive = useMay("dead-letter:redrive");
  const letters = redrive.letters.data?.letters ?? [];
  const runs = totals.SEND.count + totals.CLOSE.count;
  const uncounted = uncountedJobs.reduce(
    (sum, job) => sum + (totals.SEND.byJob[job] ?? 0) + (totals.CLOSE.byJob[job] ?? 0),
    0,
  );
  const approval = useApproval("BULK_REDRIVE", BigInt(runs - uncounted));
  const needsApproval = mayRedrive && approval.isNeeded;
  const starting = needsApproval ? redrive.requesting : redrive.starting;
  // Whoever approves sees it again; nothing is sent by asking.
  const mustType = !needsApproval && runs > typedFromCount;
  const [rate, setRate] = useState<number>(defaultRatePerSecond);
  const [failures, setFailures] = useState<number>(failuresToPauseChoices[0]);
  const [reason, setReason] = useState("");
  const [typed, setTyped] = useState("");
  const [checked, setChecked] = useState(false);
  const reasonRef = useRef<HTMLTextAreaElement>(null);
  const typedRef = useRef<HTMLInputElement>(null);
  const reasonError = checked && reason.trim() === "" ? words.reasonMissing : undefined;
  const typedWrong = mustType && typed.replace(/[,\s건]/g, "") !== String(runs);
  const stale = refusalOf(starting.error)?.code === "STALE_SELECTION";
  const again = () => redrive.preview(redrive.selection ?? target.selection);
  const send = () => {
    setChecked(true);
    if (reason.trim() === "") reasonRef.current?.focus();
    else if (typedWrong) typedRef.current?.focus();
    else
      starting.mutate({
        id: run.id,
        reason: reason.trim(),
        itemsPerSecond: rate,
        failuresToPause: failures === 0 ? null : failures,
      });
  };
  return (
    <Frame
      title={words.title}
      lead={<TimeInText at={run.previewedAt ?? run.createdAt} say={words.done} />}
      footer={
        <>
          {totals.SEND.byJob["net-cancel"] ? (
            <p className="flex gap-1.5 text-ink-2 text-meta">
              <CornerUpLeft aria-hidden className="size-4 shrink-0 text-rev" strokeWidth={1.5} />
              {words.note}
            </p>
          ) : null}
          <div className="grid grid-cols-[auto_minmax(0,1fr)] gap-2">
            <Button size="large" onClick={redrive.leave} disabled={starting.isPending}>
              {words.discard}
            </Button>
            {!mayRedrive ? null : runs === 0 || stale ? (
              <Button look="primary" size="large" onClick={again}>
                {words.again}
              </Button>
            ) : (
              <Button
                look="primary"
                size="large"
                busy={starting.isPending}
                disabled={!approval.isKnown}
                onClick={send}
              >
                {needsApproval
                  ? asking.submit(runs - uncounted)
                  : totals.SEND.count === 0
                    ? words.closeOnly(runs)
                    : words.send(totals.SEND.count, totals.CLOSE.count)}
              </Button>
            )}
          </div>
        </>
      }
    >
      <OutcomeTotals totals={totals} />
      {run.matchingCount > run.itemCount ? (
        <p className="text-ink-2">{words.truncated(run.itemCount)}</p>
      ) : null}
      {starting.isError ? (
        <QueryError
          error={starting.error}
          title={needsApproval ? asking.error : deadLetters.errors.redrive}
          {...(!stale && { onRetry: send })}
          compact
        />
      ) : null}
      {runs > 0 && mayRedrive ? (
        <>
          {needsApproval && approval.limitMax !== null ? (
            <Note>{asking.needed(Number(approval.limitMax))}</Note>
          ) : null}
          {needsApproval && uncounted > 0 ? <Note>{asking.uncounted(uncounted)}</Note> : null}
          <Field label={words.reason} hint={words.reasonHint} error={reasonError}>
            <Textarea
              ref={reasonRef}
              required
              rows={2}
              maxLength={runReasonLengthMax}
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
          <div className="grid grid-cols-2 gap-3">
            <Field label={words.pace}>
              <Select value={rate} onChange={(event) => setRate(Number(event.target.value))}>
                {ratesPerSecond.map((perSecond) => (
                  <option key={perSecond} value={perSecond}>
                    {words.paceOf(perSecond, Math.ceil(runs / perSecond))}
                  </option>
                ))}
              </Select>
            </Field>
            <Field label={words.autoPause}>
              <Select value={failures} onChange={(event) => setFailures(Number(event.target.value))}>
                {failuresToPauseChoices.map((count) => (
                  <option key={count} value={count}>
                    {words.autoPauseAfter(count)}
                  </option>
                ))}
                <option value={0}>{words.autoPauseNever}</option>
              </Select>
            </Field>
          </div>
        </>
      ) : null}
      {/* After what is to be decided, so that nobody scrolls past a list to give the reason. */}
      <ExpectedChanges letters={letters} />
      <ForPeople letters={letters} />
    </Frame>
  );
}

const examplesMax = 3;

function ExpectedChanges({ letters }: { letters: readonly RunLetter[] }) {
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

function ForPeople({ letters }: { letters: readonly RunLetter[] }) {
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
              {letter.why ? deadLetters.whys[letter.why] : ""}
              {letter.vanAmountMinor === null
                ? ""
                : ` ${words.vanAmount(formatMoney(BigInt(letter.vanAmountMinor), language))}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
