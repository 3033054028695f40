"use client";

import { LoaderCircle } from "lucide-react";
import type { ReactNode } from "react";
import { formatMoney } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { TimeInText } from "#components/ui/date-time.tsx";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import { type RowState, waitsMs } from "#components/unresolved/use-row-actions.ts";
import type { InboxRow } from "#components/unresolved/use-unresolved-list.ts";
import type { InquiryResult } from "#server/payments/inquire-unresolved.ts";
import type { UnresolvedOutcome } from "#server/payments/unresolved-queries.ts";

type Answered = Extract<InquiryResult, { kind: "answered" }>;

/** Beside a row: what the VAN answered and the one button that follows from it; in the end, how it ended. */
export function RowAnswer({
  row,
  state,
  now,
  onHasten,
}: {
  row: InboxRow;
  state: RowState | undefined;
  now: Date | null;
  onHasten: (id: string) => void;
}) {
  const { unresolved } = useTexts();
  if (row.left) return <Ended outcome={row.left.outcome} />;
  if (!state) return null;
  if (state.askError) return <QueryError compact error={state.askError} title={unresolved.errors.ask} />;
  if (state.isAsking) return <Waiting>{unresolved.asking}</Waiting>;
  const { result, hastened } = state;
  if (hastened) {
    const isOver = now !== null && now.getTime() - hastened.atMs > waitsMs && !row.job?.isRunning;
    if (hastened.result === "in_other_hands" || hastened.result === "not_found")
      return <Line strong={unresolved.hastened[hastened.result]} />;
    if (!isOver) return <Waiting>{unresolved.hastened[hastened.result]}</Waiting>;
    return <Line strong={unresolved.still} />;
  }
  if (!result) return null;
  if (result.kind !== "answered")
    return <Line strong={result.kind === "resolved" ? unresolved.gone : unresolved.missing} />;
  return <Decide row={row} state={state} result={result} onHasten={onHasten} />;
}

function Decide({
  row,
  state,
  result,
  onHasten,
}: {
  row: InboxRow;
  state: RowState;
  result: Answered;
  onHasten: (id: string) => void;
}) {
  const { unresolved } = useTexts();
  const language = useLanguage();
  const { answer, decision } = result;
  const said =
    answer.kind === "found"
      ? `${unresolved.states[answer.state]} · ${formatMoney(answer.amountMinor, language)}`
      : unresolved.answers[answer.kind];
  const step = decision.step === "PERSON" ? null : decision.step;
  return (
    <>
      <Line
        strong={unresolved.answer(row.vanCode, said)}
        meta={<TimeInText at={result.at} say={unresolved.answerAt} />}
        action={
          step ? (
            <Button
              look={step === "CLOSE" ? "secondary" : "danger"}
              size="small"
              busy={state.isHastening}
              onClick={() => onHasten(row.subjectId)}
            >
              {unresolved.steps[step](formatMoney(row.amountMinor, language))}
            </Button>
          ) : null
        }
      >
        {unresolved.whys[decision.why]}
      </Line>
      {state.hastenError ? (
        <div className="mt-2">
          <QueryError compact error={state.hastenError} title={unresolved.errors.hasten} />
        </div>
      ) : null}
    </>
  );
}

function Ended({ outcome }: { outcome: UnresolvedOutcome | null }) {
  const { unresolved } = useTexts();
  if (!outcome) return <Waiting>{unresolved.resolved}</Waiting>;
  if (outcome.isOpen) return <Line strong={unresolved.leftFilter} />;
  return (
    <div role="status" className="flex flex-wrap items-center gap-2">
      <b className="font-semibold text-ok">{unresolved.resolved}</b>
      {outcome.cancelStatus ? <StatusBadge kind="cancel" status={outcome.cancelStatus} /> : null}
      <StatusBadge status={outcome.paymentStatus} />
    </div>
  );
}

function Waiting({ children }: { children: ReactNode }) {
  return (
    <div role="status" className="flex min-h-7 items-center gap-2 text-ink-2">
      <LoaderCircle aria-hidden className="size-4 shrink-0 animate-busy" strokeWidth={1.5} />
      {children}
    </div>
  );
}

function Line({
  strong,
  meta,
  action,
  children,
}: {
  strong: ReactNode;
  meta?: ReactNode;
  action?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 rounded-panel bg-sunken px-3 py-2">
      <div role="status" className="min-w-0 flex-1 basis-60 whitespace-normal">
        <b className="font-semibold">{strong}</b>
        {meta ? <span className="ml-2 text-ink-3 text-meta">{meta}</span> : null}
        {children ? <span className={classes("block text-ink-2")}>{children}</span> : null}
      </div>
      {action}
    </div>
  );
}
