"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { CircleMinus, FastForward, type LucideIcon, Send } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { formatNumber } from "#components/i18n/format.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { refusalOf } from "#components/layout/refusal-text.ts";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { DateTime, TimeInText } from "#components/ui/date-time.tsx";
import { Field, Input, Textarea } from "#components/ui/field.tsx";
import { Sheet } from "#components/ui/modal.tsx";
import { Note } from "#components/ui/note.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { ResendOutcome } from "#server/webhooks/delivery-log-queries.ts";
import type { ResendPreview } from "#server/webhooks/preview-resend.ts";
import type { ResendSelectionInput } from "#server/webhooks/webhook-console.schemas.ts";
import {
  resendLimit,
  resendsPerSecond,
  webhookReasonLengthMax,
} from "#server/webhooks/webhook-console.values.ts";

/** What a person is about to send again, or a run that is to be looked at. */
export type ResendWish =
  | Readonly<{ kind: "selection"; selection: ResendSelectionInput }>
  | Readonly<{ kind: "run"; id: string }>;

/** From so many on, the number is typed: people click through what asks every time (design §9). */
const typedFromCount = 20;
const runningEveryMs = 1_000;

/** Sends many deliveries again: counted first, then a reason, then the run as it goes. */
export function ResendSheet({
  wish,
  onStarted,
  onClose,
}: {
  wish: ResendWish;
  onStarted: (id: string) => void;
  onClose: () => void;
}) {
  return wish.kind === "run" ? (
    <RunSheet id={wish.id} onClose={onClose} />
  ) : (
    <PreviewSheet selection={wish.selection} onStarted={onStarted} onClose={onClose} />
  );
}

function PreviewSheet({
  selection,
  onStarted,
  onClose,
}: {
  selection: ResendSelectionInput;
  onStarted: (id: string) => void;
  onClose: () => void;
}) {
  const { webhooks, common } = useTexts();
  const words = webhooks.resend;
  const trpc = useTRPC();
  const [reason, setReason] = useState("");
  const [typed, setTyped] = useState("");
  const [checked, setChecked] = useState(false);
  const reasonRef = useRef<HTMLTextAreaElement>(null);
  const typedRef = useRef<HTMLInputElement>(null);
  // Each preview is started once: a click that is sent again finds the run of the first.
  const [requestKey, setRequestKey] = useState(() => crypto.randomUUID());
  const previewing = useMutation(trpc.webhook.previewResend.mutationOptions());
  const starting = useMutation(
    trpc.webhook.startResend.mutationOptions({ onSuccess: ({ id }) => onStarted(id) }),
  );
  const { mutate: startPreview } = previewing;
  // biome-ignore lint/correctness/useExhaustiveDependencies: counted once when it opens
  useEffect(() => startPreview(selection), []);
  const preview = previewing.data;
  const runs = preview ? preview.totals.RESEND + preview.totals.HASTEN : 0;
  const mustType = runs > typedFromCount;
  const typedWrong = mustType && typed.replace(/[,\s]/g, "") !== String(runs);
  const isStale = refusalOf(starting.error)?.code === "STALE_SELECTION";
  const canStart = preview !== undefined && runs > 0 && !preview.isTooMany && !isStale;
  const again = () => {
    starting.reset();
    setRequestKey(crypto.randomUUID());
    startPreview(selection);
  };
  const start = () => {
    if (!preview) return;
    setChecked(true);
    if (reason.trim() === "") reasonRef.current?.focus();
    else if (typedWrong) typedRef.current?.focus();
    else
      starting.mutate({
        selection,
        preview: { at: preview.at, count: preview.count },
        reason: reason.trim(),
        requestKey,
      });
  };
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={words.title}
      locked={starting.isPending}
      footer={
        <>
          <Button size="large" disabled={starting.isPending} onClick={onClose}>
            {common.close}
          </Button>
          {canStart ? (
            <Button look="primary" size="large" className="flex-1" busy={starting.isPending} onClick={start}>
              {words.submit(runs)}
            </Button>
          ) : (
            <Button size="large" className="flex-1" busy={previewing.isPending} onClick={again}>
              {previewing.isPending ? words.counting : words.again}
            </Button>
          )}
        </>
      }
    >
      {previewing.isError ? (
        <QueryError error={previewing.error} title={words.previewError} onRetry={again} compact />
      ) : null}
      {previewing.isPending ? (
        <>
          <p role="status" className="sr-only">
            {words.counting}
          </p>
          <Skeleton className="h-32 w-full" />
          <Skeleton className="h-20 w-full" />
        </>
      ) : null}
      {preview ? <Counted preview={preview} /> : null}
      {starting.isError ? (
        <QueryError
          error={starting.error}
          title={words.startError}
          {...(!isStale && { onRetry: start })}
          compact
        />
      ) : null}
      {canStart ? (
        <>
          <Field
            label={words.reason}
            hint={words.reasonHint}
            error={checked && reason.trim() === "" ? words.reasonMissing : undefined}
          >
            <Textarea
              ref={reasonRef}
              required
              rows={2}
              maxLength={webhookReasonLengthMax}
              placeholder={words.reasonPlaceholder}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
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
    </Sheet>
  );
}

const groups: readonly Readonly<{ outcome: ResendOutcome; icon: LucideIcon; tone: string }>[] = [
  { outcome: "RESEND", icon: Send, tone: "text-run" },
  { outcome: "HASTEN", icon: FastForward, tone: "text-run" },
  { outcome: "BLOCKED", icon: CircleMinus, tone: "text-warn" },
];
const endpointsShown = 3;

function Counted({ preview }: { preview: ResendPreview }) {
  const { webhooks } = useTexts();
  const words = webhooks.resend;
  if (preview.count === 0) return <Note>{words.nothing}</Note>;
  const others = preview.endpoints.length - endpointsShown;
  return (
    <>
      <p className="text-ink-3">
        <TimeInText at={preview.at} say={words.seenAt} />
      </p>
      <ul className="rounded-panel border border-line">
        {groups.map(({ outcome, icon: Icon, tone }) => {
          const count = preview.totals[outcome];
          return (
            <li
              key={outcome}
              className="grid grid-cols-[24px_minmax(0,1fr)_auto] gap-x-1 border-line border-b px-3 py-2 last:border-b-0"
            >
              <Icon
                aria-hidden
                className={classes("mt-0.5 size-4", count > 0 ? tone : "text-ink-3")}
                strokeWidth={1.5}
              />
              <b className={classes("font-semibold", count === 0 && "font-normal text-ink-3")}>
                {words.groups[outcome]}
              </b>
              <span className={classes("text-right text-figure", count > 0 ? "font-bold" : "text-ink-3")}>
                {words.countOf(count)}
              </span>
              <span className="col-start-2 text-ink-3 text-meta">{words.groupHints[outcome]}</span>
            </li>
          );
        })}
      </ul>
      {preview.isTooMany ? <Note tone="warn">{words.tooMany(resendLimit)}</Note> : null}
      <dl className="grid grid-cols-[72px_minmax(0,1fr)] gap-x-3 gap-y-1">
        <Fact name={words.facts.endpoints}>
          {preview.endpoints.slice(0, endpointsShown).map(({ endpointId, url, mallName, count }) => (
            <span key={endpointId} className="flex gap-2">
              <span className="min-w-0 flex-1 truncate" title={url}>
                {mallName} <span className="text-ink-3">{url}</span>
              </span>
              <span className="tabular-nums">{words.countOf(count)}</span>
            </span>
          ))}
          {others > 0 ? <span className="text-ink-3">{words.others(others)}</span> : null}
        </Fact>
        <Fact name={words.facts.payments}>{words.countOf(preview.payments)}</Fact>
        {preview.firstAt && preview.lastAt ? (
          <Fact name={words.facts.period}>
            <span className="tabular-nums">
              <DateTime at={preview.firstAt} format="full" /> – <DateTime at={preview.lastAt} format="full" />
            </span>
          </Fact>
        ) : null}
        <Fact name={words.facts.pace}>{words.pace(resendsPerSecond, preview.durationSeconds)}</Fact>
        <Fact name={words.facts.order}>{words.order}</Fact>
      </dl>
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-3">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}

function RunSheet({ id, onClose }: { id: string; onClose: () => void }) {
  const { webhooks, common } = useTexts();
  const words = webhooks.progress;
  const trpc = useTRPC();
  const mayResend = useMay("webhook:resend");
  const query = useQuery({
    ...trpc.webhook.resendProgress.queryOptions({ id }),
    staleTime: 0,
    refetchInterval: ({ state: { data } }) =>
      data && data.status !== "RUNNING" && data.waiting === 0 ? false : runningEveryMs,
  });
  const stopping = useMutation(
    trpc.webhook.stopResend.mutationOptions({ onSettled: () => void query.refetch() }),
  );
  const run = query.data;
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={words.title}
      footer={
        <>
          <Button size="large" className="flex-1" onClick={onClose}>
            {common.close}
          </Button>
          {mayResend && run?.status === "RUNNING" ? (
            <Button
              look="danger"
              size="large"
              busy={stopping.isPending}
              onClick={() => stopping.mutate({ id })}
            >
              {words.stop}
            </Button>
          ) : null}
        </>
      }
    >
      {query.isError ? (
        <QueryError
          error={query.error}
          title={words.error}
          onRetry={() => void query.refetch()}
          retrying={query.isFetching}
          compact
        />
      ) : null}
      {stopping.isError ? <QueryError error={stopping.error} title={words.stopError} compact /> : null}
      {run ? (
        <>
          <div>
            <div className="flex items-baseline gap-2 pb-1.5">
              <b className="font-semibold" role="status">
                {words.status[run.status]}
              </b>
              <span className="ml-auto text-figure tabular-nums">{words.of(run.place, run.total)}</span>
            </div>
            <div
              role="progressbar"
              aria-label={words.title}
              aria-valuenow={run.place}
              aria-valuemin={0}
              aria-valuemax={run.total}
              className="h-2 overflow-hidden rounded-[2px] bg-sunken"
            >
              <span
                className="block h-full bg-accent transition-[width]"
                style={{ width: `${(run.place / run.total) * 100}%` }}
              />
            </div>
          </div>
          <dl className="grid grid-cols-3 gap-x-4 gap-y-3 max-wide:grid-cols-2">
            {(["resent", "hastened", "skipped", "delivered", "waiting", "dead"] as const).map((name) => (
              <div key={name}>
                <dt className="text-ink-3 text-meta">{words[name]}</dt>
                <dd
                  className={classes(
                    "text-figure tabular-nums",
                    run[name] === 0 ? "text-ink-3" : "font-semibold",
                    name === "dead" && run[name] > 0 && "text-bad",
                  )}
                >
                  {formatNumber(run[name])}
                </dd>
              </div>
            ))}
          </dl>
          {run.status === "STOPPED" ? (
            <Note tone="warn">
              {words.stopped} {run.stoppedByName ? words.stoppedBy(run.stoppedByName) : null}
            </Note>
          ) : null}
          <p className="text-ink-3 text-meta">
            {words.by(run.startedByName)} · <DateTime at={run.createdAt} format="full" /> · {run.reason}
          </p>
        </>
      ) : query.isPending ? (
        <Skeleton className="h-32 w-full" />
      ) : null}
    </Sheet>
  );
}
