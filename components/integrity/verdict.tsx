"use client";

import { CircleDashed, Clock, ShieldAlert, ShieldCheck, TriangleAlert } from "lucide-react";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { spanText } from "#components/integrity/time-words.ts";
import { verdictOf } from "#components/integrity/verdict-state.ts";
import { classes } from "#components/ui/classes.ts";
import type { IntegrityOverview } from "#server/integrity/integrity-queries.ts";

const looks = {
  // What is well stays quiet (design, rule 1).
  holds: { icon: ShieldCheck, box: "border border-line", ink: "text-ok" },
  broken: { icon: ShieldAlert, box: "bg-bad-bg", ink: "text-bad" },
  stalled: { icon: Clock, box: "bg-warn-bg", ink: "text-warn" },
  failed: { icon: TriangleAlert, box: "bg-warn-bg", ink: "text-warn" },
  none: { icon: CircleDashed, box: "bg-mute-bg", ink: "text-mute" },
} as const;

/** The first thing on the page: whether all holds, or what does not, and how old that knowledge is. */
export function VerdictLine({ overview, now }: { overview: IntegrityOverview; now: Date }) {
  const { integrity } = useTexts();
  const language = useLanguage();
  const words = integrity.verdict;
  const verdict = verdictOf(overview, now);
  const { icon: Icon, box, ink } = looks[verdict.kind];
  const ago = (at: Date) => spanText(now.getTime() - at.getTime(), integrity.ago);
  const { last, lastFull } = overview;
  const broken = overview.invariants
    .filter(({ violations }) => violations)
    .map(({ id, title, violations }) => words.ofRule(`${id} ${title[language]}`, violations ?? 0));
  const ages = [
    last?.finishedAt && last.kind === "INCREMENTAL" && last.error === null
      ? words.last(last.paymentsChecked, ago(last.finishedAt))
      : null,
    lastFull?.finishedAt ? words.full(lastFull.paymentsChecked, ago(lastFull.finishedAt)) : null,
  ].filter(Boolean);
  return (
    <section
      aria-label={integrity.title}
      className={classes("mx-6 mt-2 flex items-start gap-3 rounded-panel px-4 py-3 max-wide:mx-4", box)}
    >
      <Icon aria-hidden className={classes("mt-1 size-5 shrink-0", ink)} strokeWidth={1.75} />
      <div className="min-w-0">
        {/* The sentence is announced when it changes; the ages beside it change each second and are not. */}
        <p role="status" className="font-bold text-dialog">
          {verdict.kind === "holds"
            ? words.holds(verdict.rules)
            : verdict.kind === "broken"
              ? words.broken(verdict.rules, verdict.violations)
              : words[verdict.kind]}
        </p>
        <p className="text-ink-2">
          {verdict.kind === "stalled"
            ? words.stalledBody(ago(verdict.lastAt))
            : verdict.kind === "failed"
              ? words.failedBody(verdict.error)
              : verdict.kind === "none"
                ? words.noneBody
                : [...broken, ...ages].join(" · ")}
        </p>
      </div>
    </section>
  );
}
