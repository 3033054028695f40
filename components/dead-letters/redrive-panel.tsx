"use client";

import { useQuery } from "@tanstack/react-query";
import { RequestedNote } from "#components/change-requests/requested-note.tsx";
import { OutcomeTotals } from "#components/dead-letters/outcome-totals.tsx";
import { Frame } from "#components/dead-letters/panel-frame.tsx";
import { RedrivePreview } from "#components/dead-letters/redrive-preview.tsx";
import { RunProgress } from "#components/dead-letters/run-progress.tsx";
import type { Redrive, RedriveTarget } from "#components/dead-letters/use-redrive.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { Note } from "#components/ui/note.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { RedriveRunDetail } from "#server/dead-letters/redrive-run-queries.ts";

/** Preview, reason and start, then the progress: the right side of the page, or a sheet where there is no room for it. */
export function RedrivePanel({
  redrive,
  target,
  onFinish,
}: {
  redrive: Redrive;
  target: RedriveTarget;
  onFinish: () => void;
}) {
  const { deadLetters } = useTexts();
  const { runId, run, detail, letters } = redrive;
  if (runId === null || detail?.status === "DISCARDED") return <Before redrive={redrive} target={target} />;
  if (run.isError && !detail)
    return (
      <Frame title={deadLetters.preview.title} lead={null} footer={null}>
        <QueryError
          error={run.error}
          title={deadLetters.errors.progress}
          onRetry={() => void run.refetch()}
          retrying={run.isFetching}
          compact
        />
      </Frame>
    );
  if (!detail || detail.status === "PREVIEWING" || (detail.status === "READY" && letters.isPending))
    return <Asking redrive={redrive} run={detail} />;
  if (detail.status === "READY")
    return <RedrivePreview key={detail.id} redrive={redrive} run={detail} target={target} />;
  if (detail.status === "AWAITING") return <Awaiting redrive={redrive} run={detail} />;
  return <RunProgress redrive={redrive} run={detail} onFinish={onFinish} />;
}

function Before({ redrive, target }: { redrive: Redrive; target: RedriveTarget }) {
  const { deadLetters } = useTexts();
  const words = deadLetters.preview;
  const { freezing } = redrive;
  const mayRedrive = useMay("dead-letter:redrive");
  return (
    <Frame
      title={words.title}
      lead={words.lead}
      footer={
        mayRedrive ? (
          <span data-page-actions className="contents">
            <Button
              look="primary"
              size="large"
              busy={freezing.isPending}
              disabled={!target.count}
              onClick={() => redrive.preview(target.selection)}
            >
              {freezing.isPending
                ? words.running
                : target.count === null
                  ? words.title
                  : words.open(target.count)}
            </Button>
          </span>
        ) : null
      }
    >
      {freezing.isError ? (
        <QueryError
          error={freezing.error}
          title={deadLetters.errors.preview}
          onRetry={() => redrive.preview(target.selection)}
          compact
        />
      ) : null}
      {freezing.isPending ? (
        <PreviewSkeleton />
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

function PreviewSkeleton() {
  return (
    <div className="flex flex-col gap-3 pt-2">
      <Skeleton className="h-2.5 w-full" />
      <Skeleton className="h-12 w-full" />
      <Skeleton className="h-12 w-full" />
      <Skeleton className="h-12 w-full" />
    </div>
  );
}

/** The set is frozen and VANs are being asked. */
function Asking({ redrive, run }: { redrive: Redrive; run: RedriveRunDetail | undefined }) {
  const { deadLetters } = useTexts();
  const words = deadLetters.preview;
  return (
    <Frame
      title={words.title}
      lead={
        <p role="status">
          {run && run.itemCount > 1 ? words.asked(run.previewedCount, run.itemCount) : words.running}
        </p>
      }
      footer={
        <Button size="large" onClick={redrive.leave}>
          {words.discard}
        </Button>
      }
    >
      <PreviewSkeleton />
    </Frame>
  );
}

/** Its start waits for a second person. */
function Awaiting({ redrive, run }: { redrive: Redrive; run: RedriveRunDetail }) {
  const { changeRequests, common, deadLetters } = useTexts();
  const words = changeRequests.redrive;
  const trpc = useTRPC();
  const maySee = useMay("change-request:read");
  const urgent = redrive.requesting.data?.urgent;
  const request = useQuery({
    ...trpc.changeRequest.ofSubject.queryOptions({ kind: "BULK_REDRIVE", subjectId: run.id }),
    enabled: maySee,
  });
  return (
    <Frame
      title={deadLetters.preview.title}
      lead={words.awaiting}
      footer={
        <Button size="large" onClick={redrive.leave}>
          {common.close}
        </Button>
      }
    >
      {request.data ? <RequestedNote requestId={request.data.id}>{words.doneBody}</RequestedNote> : null}
      {urgent ? (
        <Note>
          {words.urgent(urgent.count)}{" "}
          <button
            type="button"
            className="text-link underline underline-offset-2"
            onClick={() => redrive.show(urgent.runId)}
          >
            {words.seeRun}
          </button>
        </Note>
      ) : null}
      <OutcomeTotals totals={run.totals} />
    </Frame>
  );
}
