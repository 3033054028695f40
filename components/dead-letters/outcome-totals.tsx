"use client";

import { outcomeLooks } from "#components/dead-letters/outcome-mark.tsx";
import { formatMoney } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { classes } from "#components/ui/classes.ts";
import type { RedriveOutcome } from "#server/dead-letters/domain/decide-redrive.ts";
import type { RedriveRunDetail } from "#server/dead-letters/redrive-run-queries.ts";

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

/** What a preview says of all its letters together: how many are sent, closed, or left to a person, and for how much. */
export function OutcomeTotals({ totals }: { totals: RedriveRunDetail["totals"] }) {
  const { deadLetters } = useTexts();
  const language = useLanguage();
  const words = deadLetters.preview;
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
