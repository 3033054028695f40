"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import { formatNumber, formatRate } from "#components/i18n/format.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import type { Texts } from "#components/i18n/texts.ts";
import { classes } from "#components/ui/classes.ts";
import type { AnswerOutcome } from "#server/payments/payment-search.values.ts";
import type { LatencyFigures } from "#server/reports/latency-queries.ts";

/** A duration as a chart and its tables say it: `214 ms`, `1.25초`. */
export function formatMs(ms: number, words: Texts["latency"]): string {
  return ms < 1_000
    ? words.milliseconds(formatNumber(Math.round(ms)))
    : words.seconds((ms / 1_000).toFixed(2));
}

/** A share in words; a long row of nines is not rounded up to a hundred. */
export function formatShare(share: number): string {
  return formatRate(Math.floor(share * 1_000) / 1_000);
}

type Href = (outcome?: AnswerOutcome) => string;

/** The period in numbers, each a link to the payments behind it. */
export function LatencyFigureStrip({ figures, href }: { figures: LatencyFigures; href: Href }) {
  const { latency } = useTexts();
  return (
    <section
      aria-label={latency.figures}
      className="grid grid-cols-7 gap-x-6 gap-y-4 px-6 py-4 max-full:grid-cols-4 max-wide:grid-cols-2 max-wide:px-4"
    >
      <Figure name={latency.count} href={href()} value={formatNumber(figures.count)} />
      <Figure
        name={latency.approvalRate}
        href={href("approved")}
        value={figures.approvalRate === null ? null : formatShare(figures.approvalRate)}
        note={`${latency.outcomes.approved} ${formatNumber(figures.counts.approved)}`}
      />
      {(["p50", "p95", "p99"] as const).map((name) => {
        const ms = figures[`${name}Ms`];
        return (
          <Figure
            key={name}
            name={latency.percentiles[name]}
            href={href()}
            value={ms === null ? null : formatMs(ms, latency)}
            note={latency.percentileHints[name]}
          />
        );
      })}
      <Figure
        name={latency.outcomes.declined}
        href={href("declined")}
        value={formatNumber(figures.counts.declined)}
        note={
          figures.counts.failed > 0
            ? `${latency.outcomes.failed} ${formatNumber(figures.counts.failed)}`
            : undefined
        }
      />
      <Figure
        name={latency.outcomes.unknown}
        href={href("unknown")}
        value={formatNumber(figures.counts.unknown)}
        tone={figures.counts.unknown > 0 ? "text-unk" : ""}
      />
    </section>
  );
}

function Figure({
  name,
  value,
  note,
  href,
  tone = "",
}: {
  name: string;
  value: string | null;
  note?: ReactNode;
  href: string;
  tone?: string;
}) {
  const { latency, common } = useTexts();
  return (
    <div className="min-w-0">
      <div className="text-ink-3 text-meta">{name}</div>
      {value === null ? (
        <div role="img" aria-label={common.notApplicable} className="font-bold text-ink-3 text-title">
          –
        </div>
      ) : (
        <Link
          href={href}
          aria-label={`${name} ${value}. ${latency.openPayments(name)}`}
          className={classes("font-bold text-ink text-title no-underline hover:underline", tone)}
        >
          {value}
        </Link>
      )}
      {note ? <div className="text-ink-3 text-meta">{note}</div> : null}
    </div>
  );
}
