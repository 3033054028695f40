"use client";

import { ChevronRight } from "lucide-react";
import { formatDuration } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { classes } from "#components/ui/classes.ts";
import { DateTime } from "#components/ui/date-time.tsx";
import { JsonBlock } from "#components/ui/json-block.tsx";
import { WireErrorText } from "#components/wire-errors/wire-error-text.tsx";
import type { DeliveryDetail } from "#server/webhooks/read-delivery.ts";

type Try = DeliveryDetail["tries"][number];

/** One try of a delivery, to be unfolded: what was sent, what was answered and how long it took. `stacked` where there is no room side by side. */
export function DeliveryTry({
  made,
  open,
  stacked = false,
}: {
  made: Try;
  open: boolean;
  stacked?: boolean;
}) {
  const { payments, webhooks } = useTexts();
  const words = payments.webhooks;
  const language = useLanguage();
  const isHeard = made.error === null;
  return (
    <details open={open} className="group/try">
      <summary
        className={classes(
          "flex list-none flex-wrap items-center gap-x-2 rounded-control px-1 hover:bg-hover [&::-webkit-details-marker]:hidden",
          stacked ? "min-h-9" : "min-h-7",
        )}
      >
        <ChevronRight
          aria-hidden
          className="size-3.5 text-ink-3 transition-transform group-open/try:rotate-90"
          strokeWidth={1.5}
        />
        {words.tryNumber(made.attempt)}
        <b className={classes("font-semibold", isHeard ? "text-ok" : "text-bad")}>
          {made.responseStatus ?? words.noAnswer}
        </b>
        <span className="text-ink-3 text-meta tabular-nums">
          <DateTime at={made.startedAt} format="full" /> · {formatDuration(made.durationMs, language)}
        </span>
        {made.error && made.error !== `status ${made.responseStatus}` ? (
          <span className="text-ink-2 text-meta">
            <WireErrorText error={made.error} />
          </span>
        ) : null}
      </summary>
      <div
        className={classes(
          "gap-3 pt-1 pl-5 max-wide:pl-0",
          stacked ? "flex flex-col pb-3" : "grid grid-cols-2 pb-2 max-wide:grid-cols-1",
        )}
      >
        <div className="min-w-0">
          <h3 className="mb-1 text-ink-3 text-meta">{words.requestHeaders}</h3>
          <dl className="rounded-panel bg-sunken px-2.5 py-1.5 font-mono text-meta">
            {made.headers.map(({ name, value }) => (
              <div key={name} className="flex gap-1.5">
                <dt className="shrink-0 text-ink-3">{name}:</dt>
                <dd className="min-w-0 [overflow-wrap:anywhere]">
                  {value ?? <span className="font-sans text-ink-3">{words.signature}</span>}
                </dd>
              </div>
            ))}
          </dl>
        </div>
        <div className="min-w-0">
          <h3 className="mb-1 text-ink-3 text-meta">{words.responseBody}</h3>
          {made.responseBody?.text ? (
            <>
              <JsonBlock
                label={`${words.tryNumber(made.attempt)} ${words.responseBody}`}
                text={made.responseBody.text}
              />
              {made.responseBody.isCut ? (
                <p className="pt-1 text-ink-3 text-meta">{webhooks.detail.cut}</p>
              ) : null}
            </>
          ) : (
            <p className="text-ink-3">{made.responseStatus === null ? words.noAnswerHint : words.noBody}</p>
          )}
        </div>
      </div>
    </details>
  );
}
