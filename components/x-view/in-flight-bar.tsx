"use client";

import { formatNumber } from "#components/i18n/format.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { classes } from "#components/ui/classes.ts";

/** Older approvals are louder: those beyond 8 s are about to become unknown. */
const fills = ["bg-line-strong", "bg-run", "bg-warn", "bg-unk-solid"] as const;

/** The approvals that wait for their VAN at this moment, by age: a bar in parts and the numbers beside it. */
export function InFlightBar({ counts }: { counts: readonly number[] | null }) {
  const { inFlight } = useTexts().xView;
  const total = counts?.reduce((sum, count) => sum + count, 0) ?? 0;
  return (
    <section
      aria-label={inFlight.title}
      className="flex min-h-7 min-w-0 items-center gap-3 max-wide:flex-wrap max-wide:gap-x-3 max-wide:gap-y-1"
    >
      <h2 className="whitespace-nowrap font-normal text-ink-2">
        {inFlight.title}{" "}
        <b className="inline-block min-w-5 font-semibold text-ink">{counts ? inFlight.total(total) : "–"}</b>
      </h2>
      <div
        aria-hidden
        className="flex h-2 w-32 overflow-hidden rounded-full bg-sunken max-wide:order-last max-wide:w-full"
      >
        {(counts ?? []).map((count, band) =>
          count > 0 ? (
            <span
              key={fills[band]}
              className={classes("min-w-1 border-surface border-r last:border-r-0", fills[band])}
              style={{ flexGrow: count }}
            />
          ) : null,
        )}
      </div>
      <ul className="flex gap-x-3 text-meta">
        {inFlight.bands.map((name, band) => {
          const count = counts?.[band] ?? 0;
          return (
            <li key={name} className="flex items-center gap-1 whitespace-nowrap text-ink-3">
              <span aria-hidden className={classes("size-2 rounded-full", fills[band])} />
              {name}{" "}
              <b
                className={classes(
                  "min-w-4 font-semibold",
                  count === 0 ? "font-normal text-ink-3" : band === 3 ? "text-unk" : "text-ink",
                )}
              >
                {formatNumber(count)}
              </b>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
