"use client";

import { useQuery } from "@tanstack/react-query";
import { CircleCheck, CircleMinus, Inbox, RotateCw } from "lucide-react";
import type { Redrive } from "#components/dead-letters/use-redrive.ts";
import { formatClock } from "#components/i18n/format.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { Money } from "#components/ui/money.tsx";
import type { RedriveProgress } from "#server/dead-letters/dead-letter-queries.ts";
import type { RedriveResult } from "#server/dead-letters/redrive-dead-letters.ts";

type Stage = "resolved" | "running" | "parked" | "skipped";

const stages: readonly Stage[] = ["resolved", "running", "parked", "skipped"];
const looks = {
  resolved: { icon: CircleCheck, text: "text-ok", bar: "bg-ok" },
  running: { icon: RotateCw, text: "text-run", bar: "bg-run" },
  parked: { icon: Inbox, text: "text-bad", bar: "bg-bad" },
  skipped: { icon: CircleMinus, text: "text-mute", bar: "bg-line-2" },
} as const satisfies Record<Stage, unknown>;

/** How far a letter is: what the re-drive said of it, then what its job has done since. */
function stageOf({ result }: RedriveResult, now: RedriveProgress | undefined): Stage {
  if (result === "closed" || result === "already_resolved") return "resolved";
  if (result !== "redriven" && result !== "already_redriven") return "skipped";
  if (now?.status === "RESOLVED") return "resolved";
  return now?.status === "PARKED" ? "parked" : "running";
}

const everyMs = 1_500;

/** What became of each letter that was sent, until the last one has ended. */
export function RedriveProgressView({
  sent,
  onFinish,
}: {
  sent: NonNullable<Redrive["sent"]>;
  onFinish: () => void;
}) {
  const { deadLetters } = useTexts();
  const words = deadLetters.progress;
  const trpc = useTRPC();
  const ids = sent.results.filter(({ result }) => result !== "not_found").map(({ id }) => id);
  const query = useQuery({
    ...trpc.deadLetter.progress.queryOptions({ ids }),
    enabled: ids.length > 0,
    staleTime: 0,
    refetchInterval: ({ state }) => {
      const known = new Map(state.data?.map((row) => [row.id, row]));
      return sent.results.some((result) => stageOf(result, known.get(result.id)) === "running")
        ? everyMs
        : false;
    },
  });
  const now = new Map(query.data?.map((row) => [row.id, row]));
  const rows = sent.results.map((result) => ({
    result,
    progress: now.get(result.id),
    stage: stageOf(result, now.get(result.id)),
  }));
  const count = (stage: Stage) => rows.filter((row) => row.stage === stage).length;
  const running = count("running");
  return (
    <>
      <div className="flex min-h-0 flex-1 flex-col gap-3.5 overflow-auto px-5 py-3.5 max-full:px-0">
        <div>
          <h2 className="font-bold text-figure max-full:hidden">{words.title}</h2>
          <p role="status" className="text-ink-3">
            {running > 0 ? words.running(rows.length - running, rows.length) : words.finished(rows.length)}
          </p>
        </div>
        <div>
          <div aria-hidden className="mb-2 flex h-2.5 gap-0.5">
            {stages.map((stage) =>
              count(stage) > 0 ? (
                <span
                  key={stage}
                  className={classes("rounded-[2px]", looks[stage].bar)}
                  style={{ flex: count(stage) }}
                />
              ) : null,
            )}
          </div>
          <dl className="flex flex-wrap gap-x-4 gap-y-1">
            {stages.map((stage) =>
              count(stage) > 0 ? (
                <div key={stage} className="flex gap-1.5">
                  <dt className={looks[stage].text}>{words.groups[stage]}</dt>
                  <dd className="font-semibold">{deadLetters.count(count(stage))}</dd>
                </div>
              ) : null,
            )}
          </dl>
        </div>
        {query.isError ? (
          <QueryError
            error={query.error}
            title={deadLetters.errors.progress}
            onRetry={() => void query.refetch()}
            retrying={query.isFetching}
            compact
          />
        ) : null}
        <section>
          <h3 className="pb-1 font-semibold text-ink-2 text-meta">{words.rows}</h3>
          <ul>
            {rows.map(({ result, progress, stage }) => {
              const { icon: Icon, text } = looks[stage];
              const letter = sent.letters.get(result.id);
              return (
                <li
                  key={result.id}
                  data-stage={stage}
                  className="grid grid-cols-[20px_minmax(0,1fr)_auto] gap-x-1.5 border-line border-b py-1.5"
                >
                  <Icon aria-hidden className={classes("mt-0.5 size-4", text)} strokeWidth={1.5} />
                  <span className="truncate">{letter?.orderId ?? result.id}</span>
                  <Money amountMinor={letter?.amountMinor ?? null} />
                  <span className="col-start-2 col-end-4 text-ink-3 text-meta">
                    <StageText
                      result={result}
                      progress={progress}
                      stage={stage}
                      movesPayment={letter?.statusAfter != null}
                    />
                  </span>
                </li>
              );
            })}
          </ul>
        </section>
      </div>
      <div className="grid shrink-0 gap-2 border-line border-t px-5 pt-3 pb-4 max-full:px-0 max-full:pb-0">
        {running > 0 ? <p className="text-ink-2 text-meta">{words.stays}</p> : null}
        <Button look={running > 0 ? "secondary" : "primary"} size="large" onClick={onFinish}>
          {running > 0 ? words.leave : words.finish}
        </Button>
      </div>
    </>
  );
}

function StageText({
  result,
  progress,
  stage,
  movesPayment,
}: {
  result: RedriveResult;
  progress: RedriveProgress | undefined;
  stage: Stage;
  movesPayment: boolean;
}) {
  const { common, deadLetters } = useTexts();
  const words = deadLetters.progress;
  if (stage === "skipped" || result.result === "closed" || result.result === "already_resolved")
    return words.results[result.result];
  if (stage === "resolved")
    return movesPayment && progress?.paymentStatus
      ? `${words.resolved} · ${common.status.payment[progress.paymentStatus]}`
      : words.resolved;
  if (stage === "parked") {
    return words.parkedAgain;
  }
  if (progress && progress.tries > 0 && progress.nextTryAt) {
    return words.waiting(formatClock(progress.nextTryAt));
  }
  return words.sending;
}
