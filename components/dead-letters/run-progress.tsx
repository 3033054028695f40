"use client";

import { useQueryClient } from "@tanstack/react-query";
import {
  CircleCheck,
  CircleMinus,
  Clock,
  Download,
  Inbox,
  Pause,
  Play,
  RotateCw,
  Square,
} from "lucide-react";
import { useState } from "react";
import { ageText } from "#components/dead-letters/letter-time.tsx";
import { Frame } from "#components/dead-letters/panel-frame.tsx";
import { type Redrive, runLettersShown } from "#components/dead-letters/use-redrive.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { DateTime, TimeInText } from "#components/ui/date-time.tsx";
import { Money } from "#components/ui/money.tsx";
import { Note } from "#components/ui/note.tsx";
import type {
  RedriveRunDetail,
  RedriveRunLine,
  RunLetter,
} from "#server/dead-letters/redrive-run-queries.ts";
import type { ItemState } from "#server/work-runs/domain/run.ts";

type Stage = "resolved" | "closed" | "running" | "waiting" | "parked" | "skipped";

const stageOf: Readonly<Record<ItemState, Stage>> = {
  FROZEN: "waiting",
  WAITING: "waiting",
  SENT: "running",
  RESOLVED: "resolved",
  CLOSED: "closed",
  FAILED: "parked",
  SKIPPED: "skipped",
  LEFT_OUT: "skipped",
  STOPPED: "skipped",
};
export const stages: readonly Stage[] = ["resolved", "closed", "parked", "skipped", "running", "waiting"];
export const stageLooks = {
  resolved: { icon: CircleCheck, text: "text-ok", bar: "bg-ok" },
  closed: { icon: CircleCheck, text: "text-mute", bar: "bg-mute" },
  running: { icon: RotateCw, text: "text-run", bar: "bg-run" },
  waiting: { icon: Clock, text: "text-ink-3", bar: "bg-line" },
  parked: { icon: Inbox, text: "text-bad", bar: "bg-bad" },
  skipped: { icon: CircleMinus, text: "text-mute", bar: "bg-line-2" },
} as const satisfies Record<Stage, unknown>;

/** How many letters of a run are at each stage. */
export function countStages({ counts }: Pick<RedriveRunLine, "counts">): Record<Stage, number> {
  const sums: Record<Stage, number> = {
    resolved: 0,
    closed: 0,
    running: 0,
    waiting: 0,
    parked: 0,
    skipped: 0,
  };
  for (const [state, count] of Object.entries(counts)) sums[stageOf[state as ItemState]] += count;
  return sums;
}

/** The stages side by side, each as wide as its share. */
export function StageBar({ sums }: { sums: Readonly<Record<Stage, number>> }) {
  return (
    <div aria-hidden className="flex h-2.5 gap-0.5">
      {stages.map((stage) =>
        sums[stage] > 0 ? (
          <span
            key={stage}
            className={classes("rounded-[2px]", stageLooks[stage].bar)}
            style={{ flex: sums[stage] }}
          />
        ) : null,
      )}
    </div>
  );
}

/** What became of each letter of a run so far; it can be paused, resumed and stopped, and its result taken home. */
export function RunProgress({
  redrive,
  run,
  onFinish,
}: {
  redrive: Redrive;
  run: RedriveRunDetail;
  onFinish: () => void;
}) {
  const { deadLetters } = useTexts();
  const words = deadLetters.progress;
  const mayRedrive = useMay("dead-letter:redrive");
  const [asksToStop, setAsksToStop] = useState(false);
  const { steering, letters } = redrive;
  const sums = countStages(run);
  const open = sums.running + sums.waiting;
  const leftMs = (sums.waiting / (run.itemsPerSecond ?? 1)) * 1_000;
  const isOpen = run.status === "RUNNING" || run.status === "PAUSED";
  const steer = (how: "pause" | "resume" | "stop") => {
    setAsksToStop(false);
    redrive.steer(how);
  };
  const lead =
    run.status === "PAUSED"
      ? words.paused(run.pausedBy)
      : run.status === "STOPPED"
        ? words.stopped(run.endedBy ?? "")
        : open > 0
          ? words.running(run.itemCount - open, run.itemCount)
          : words.finished(run.itemCount);
  return (
    <Frame
      title={words.title}
      lead={
        <p role="status">
          {lead}
          {run.status === "RUNNING" && sums.waiting > 0
            ? ` · ${words.left(ageText(leftMs, deadLetters.duration))}`
            : ""}
        </p>
      }
      footer={
        <>
          {steering.isError ? (
            <QueryError error={steering.error} title={deadLetters.errors.steer} compact />
          ) : null}
          {asksToStop ? (
            <>
              <p className="text-ink-2">{words.askToStop(sums.waiting)}</p>
              <div className="grid grid-cols-2 gap-2">
                <Button size="large" onClick={() => setAsksToStop(false)}>
                  {words.keep}
                </Button>
                <Button look="dangerSolid" size="large" onClick={() => steer("stop")}>
                  {words.stopNow}
                </Button>
              </div>
            </>
          ) : isOpen && mayRedrive ? (
            <div className="grid grid-cols-2 gap-2">
              <Button look="danger" size="large" onClick={() => setAsksToStop(true)}>
                <Square aria-hidden className="size-4" strokeWidth={1.5} />
                {words.stop}
              </Button>
              {run.status === "RUNNING" ? (
                <Button size="large" busy={steering.isPending} onClick={() => steer("pause")}>
                  <Pause aria-hidden className="size-4" strokeWidth={1.5} />
                  {words.pause}
                </Button>
              ) : (
                <Button look="primary" size="large" busy={steering.isPending} onClick={() => steer("resume")}>
                  <Play aria-hidden className="size-4" strokeWidth={1.5} />
                  {words.resume}
                </Button>
              )}
            </div>
          ) : null}
          {open > 0 ? <p className="text-ink-2 text-meta">{words.stays}</p> : null}
          <div className="grid grid-cols-[auto_minmax(0,1fr)] gap-2">
            <ResultButton run={run} />
            <Button look={isOpen || open > 0 ? "secondary" : "primary"} size="large" onClick={onFinish}>
              {open > 0 ? words.leave : words.finish}
            </Button>
          </div>
        </>
      }
    >
      <div>
        <StageBar sums={sums} />
        <dl className="flex flex-wrap gap-x-4 gap-y-1 pt-2">
          {stages.map((stage) =>
            sums[stage] > 0 ? (
              <div key={stage} className="flex gap-1.5">
                <dt className={stageLooks[stage].text}>{words.groups[stage]}</dt>
                <dd className="font-semibold">{deadLetters.count(sums[stage])}</dd>
              </div>
            ) : null,
          )}
        </dl>
      </div>
      {run.status === "PAUSED" && run.pausedBy === null ? (
        <Note tone="warn">{words.pausedItself(run.failuresToPause ?? 0)}</Note>
      ) : null}
      <dl className="grid grid-cols-[64px_minmax(0,1fr)] gap-x-3 gap-y-1">
        <dt className="text-ink-3">{words.by}</dt>
        <dd>
          {run.startedBy} · <DateTime at={run.startedAt} />
        </dd>
        <dt className="text-ink-3">{deadLetters.preview.reason}</dt>
        <dd className="min-w-0 break-words">{run.reason}</dd>
        <dt className="text-ink-3">{deadLetters.preview.pace}</dt>
        <dd>{words.paceOf(run.itemsPerSecond ?? 1)}</dd>
      </dl>
      {letters.isError ? (
        <QueryError
          error={letters.error}
          title={deadLetters.errors.progress}
          onRetry={() => void letters.refetch()}
          retrying={letters.isFetching}
          compact
        />
      ) : null}
      <section>
        <h3 className="pb-1 font-semibold text-ink-2 text-meta">{words.rows}</h3>
        <ul>
          {letters.data?.letters.map((letter) => (
            <Row key={letter.id} letter={letter} />
          ))}
        </ul>
        {run.itemCount > runLettersShown ? (
          <p className="pt-2 text-ink-3 text-meta">{words.beyond(run.itemCount - runLettersShown)}</p>
        ) : null}
      </section>
    </Frame>
  );
}

function Row({ letter }: { letter: RunLetter }) {
  const stage = stageOf[letter.state];
  const { icon: Icon, text } = stageLooks[stage];
  return (
    <li
      data-stage={stage}
      className="grid grid-cols-[20px_minmax(0,1fr)_auto] gap-x-1.5 border-line border-b py-1.5"
    >
      <Icon aria-hidden className={classes("mt-0.5 size-4", text)} strokeWidth={1.5} />
      <span className="truncate">{letter.orderId ?? letter.id}</span>
      <Money amountMinor={letter.amountMinor} />
      <span className="col-start-2 col-end-4 text-ink-3 text-meta">
        <StageText letter={letter} stage={stage} />
      </span>
    </li>
  );
}

function StageText({ letter, stage }: { letter: RunLetter; stage: Stage }) {
  const { common, deadLetters } = useTexts();
  const words = deadLetters.progress;
  if (letter.state === "STOPPED") return words.notReached;
  if (letter.state === "LEFT_OUT")
    return letter.why ? deadLetters.whys[letter.why] : words.results.needs_person;
  if (stage === "skipped" || stage === "closed")
    return words.results[letter.result ?? "not_found"] ?? words.results.not_found;
  if (stage === "resolved")
    return letter.statusAfter !== null && letter.paymentStatus
      ? `${words.resolved} · ${common.status.payment[letter.paymentStatus]}`
      : words.resolved;
  if (stage === "parked") return words.parkedAgain;
  if (stage === "waiting") return words.itsTurn;
  if (letter.tries > 0 && letter.nextTryAt) return <TimeInText at={letter.nextTryAt} say={words.waiting} />;
  return words.sending;
}

/** Gives the result of a run as a file, with a line for each letter. */
function ResultButton({ run }: { run: RedriveRunDetail }) {
  const { deadLetters } = useTexts();
  const language = useLanguage();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [state, setState] = useState<"idle" | "busy" | "failed">("idle");
  const save = async () => {
    setState("busy");
    try {
      const text = await queryClient.fetchQuery(
        trpc.deadLetter.runResult.queryOptions({ id: run.id, language }, { staleTime: 0, gcTime: 0 }),
      );
      const url = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
      const link = document.createElement("a");
      link.href = url;
      link.download = `redrive-${run.id}.csv`;
      link.click();
      URL.revokeObjectURL(url);
      setState("idle");
    } catch {
      setState("failed");
    }
  };
  return (
    <Button size="large" busy={state === "busy"} onClick={() => void save()}>
      <Download aria-hidden className="size-4" strokeWidth={1.5} />
      {state === "failed" ? deadLetters.progress.fileFailed : deadLetters.progress.file}
    </Button>
  );
}
