"use client";

import { Search, SlidersHorizontal } from "lucide-react";
import { type Ref, useEffect, useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { Drawer } from "#components/ui/modal.tsx";
import type { DeadLetterFilter } from "#server/dead-letters/dead-letter.schemas.ts";
import {
  ageBands,
  assignments,
  deadLetterJobs,
  deadLetterReasons,
  deadLetterStatuses,
  noVan,
} from "#server/dead-letters/dead-letter.values.ts";
import type { DeadLetterSummary } from "#server/dead-letters/dead-letter-queries.ts";

type Facet = keyof DeadLetterSummary["facets"];
type Choice = Readonly<{ value: string; label: string; count: number }>;
type Change = (next: Partial<DeadLetterFilter>, how?: "push" | "replace") => void;

/** Every choice of a facet with its count: those of a fixed list always, VANs and malls as they occur. */
function useChoices(
  summary: DeadLetterSummary | undefined,
  filter: DeadLetterFilter,
): (facet: Facet) => Choice[] {
  const { common, deadLetters } = useTexts();
  const fixed: Partial<Record<Facet, readonly string[]>> = {
    status: deadLetterStatuses,
    job: deadLetterJobs,
    reason: deadLetterReasons,
    age: ageBands,
    assignment: assignments,
  };
  const names: Partial<Record<Facet, Readonly<Record<string, string>>>> = {
    status: common.status.deadLetter,
    job: deadLetters.jobs,
    reason: deadLetters.reasons,
    age: deadLetters.ages,
    assignment: deadLetters.assignments,
    van: { [noVan]: common.notApplicable },
  };
  return (facet) => {
    const counted = summary?.facets[facet] ?? [];
    const values = fixed[facet] ?? [...new Set([...counted.map(({ value }) => value), ...filter[facet]])];
    const choices = values.map((value) => {
      const known = counted.find((entry) => entry.value === value);
      return { value, label: names[facet]?.[value] ?? known?.label ?? value, count: known?.count ?? 0 };
    });
    // What does not occur is noise, unless it was chosen; the statuses stay, so that one can look at the past.
    const shown =
      facet === "status"
        ? choices
        : choices.filter(
            ({ value, count }) => count > 0 || (filter[facet] as readonly string[]).includes(value),
          );
    return fixed[facet] && facet !== "reason" && facet !== "job"
      ? shown
      : shown.sort((a, b) => b.count - a.count || a.label.localeCompare(b.label));
  };
}

function toggled(filter: DeadLetterFilter, facet: Facet, value: string): Partial<DeadLetterFilter> {
  const present: readonly string[] = filter[facet];
  return {
    [facet]: present.includes(value) ? present.filter((other) => other !== value) : [...present, value],
  };
}

const facets: readonly Facet[] = ["reason", "job", "van", "age", "assignment", "mall", "status"];

/** The conditions at the left of the list, each with how many letters it holds. */
export function DeadLetterFacets({
  summary,
  filter,
  change,
  searchRef,
}: {
  summary: DeadLetterSummary | undefined;
  filter: DeadLetterFilter;
  change: Change;
  searchRef: Ref<HTMLInputElement>;
}) {
  const { deadLetters } = useTexts();
  return (
    <form
      aria-label={deadLetters.filters}
      onSubmit={(event) => event.preventDefault()}
      className="overflow-auto border-line border-r pt-3 pr-2 pb-4 pl-4 max-wide:hidden"
    >
      <SearchBox filter={filter} change={change} searchRef={searchRef} />
      <FacetLists summary={summary} filter={filter} change={change} />
    </form>
  );
}

function FacetLists({
  summary,
  filter,
  change,
}: {
  summary: DeadLetterSummary | undefined;
  filter: DeadLetterFilter;
  change: Change;
}) {
  const { deadLetters } = useTexts();
  const choicesOf = useChoices(summary, filter);
  return facets.map((facet) => {
    const choices = choicesOf(facet);
    const offersAside =
      facet === "assignment" && (filter.aside || (summary !== undefined && summary.asideCount > 0));
    if (choices.length === 0 && !offersAside) return null;
    return (
      <fieldset key={facet} className="min-w-0">
        <legend className="px-2 pt-3.5 pb-1 font-semibold text-ink-2 text-meta">
          {deadLetters.facets[facet]}
        </legend>
        {choices.map(({ value, label, count }) => (
          <FacetChoice
            key={value}
            label={label}
            count={count}
            checked={(filter[facet] as readonly string[]).includes(value)}
            onChange={() => change(toggled(filter, facet, value))}
          />
        ))}
        {offersAside ? (
          <FacetChoice
            label={deadLetters.aside}
            count={summary?.asideCount ?? 0}
            checked={filter.aside}
            onChange={() => change({ aside: !filter.aside })}
          />
        ) : null}
      </fieldset>
    );
  });
}

function FacetChoice({
  label,
  count,
  checked,
  onChange,
}: {
  label: string;
  count: number;
  checked: boolean;
  onChange: () => void;
}) {
  return (
    <label
      className={classes(
        "flex min-h-7 items-center gap-2 rounded-control px-2 hover:bg-hover max-wide:min-h-10",
        count === 0 && "text-ink-3",
      )}
    >
      <input type="checkbox" checked={checked} onChange={onChange} />
      <span className="min-w-0 flex-1">{label}</span>
      <span className="text-ink-3">{count.toLocaleString("en-US")}</span>
    </label>
  );
}

function SearchBox({
  filter,
  change,
  searchRef,
}: {
  filter: DeadLetterFilter;
  change: Change;
  searchRef?: Ref<HTMLInputElement>;
}) {
  const { deadLetters } = useTexts();
  const [text, setText] = useState(filter.q);
  useEffect(() => setText(filter.q), [filter.q]);
  useEffect(() => {
    if (text.trim() === filter.q) return;
    const timer = setTimeout(() => change({ q: text.trim() }, "replace"), 300);
    return () => clearTimeout(timer);
  }, [text, filter.q, change]);
  return (
    <div className="relative wide:mx-2">
      <Search
        aria-hidden
        className="pointer-events-none absolute top-1/2 left-2 size-4 -translate-y-1/2 text-ink-3"
        strokeWidth={1.5}
      />
      <input
        type="search"
        ref={searchRef}
        aria-label={deadLetters.search}
        placeholder={deadLetters.searchPlaceholder}
        value={text}
        onChange={(event) => setText(event.target.value)}
        className="h-8 w-full rounded-control border border-line-2 bg-surface pr-2 pl-8 max-wide:h-11"
      />
    </div>
  );
}

/** The conditions on a narrow screen: the reasons as chips that scroll sideways, all others in a full-screen sheet. */
export function NarrowFacets({
  summary,
  filter,
  change,
}: {
  summary: DeadLetterSummary | undefined;
  filter: DeadLetterFilter;
  change: Change;
}) {
  const { deadLetters } = useTexts();
  const [open, setOpen] = useState(false);
  const choicesOf = useChoices(summary, filter);
  const others =
    facets
      .filter((facet) => facet !== "reason" && facet !== "status")
      .reduce((sum, facet) => sum + filter[facet].length, 0) + (filter.q ? 1 : 0);
  return (
    <div className="flex gap-2 overflow-x-auto px-4 py-2 [scrollbar-width:none] wide:hidden">
      <Button onClick={() => setOpen(true)}>
        <SlidersHorizontal aria-hidden className="size-4" strokeWidth={1.5} />
        {deadLetters.moreFilters}
        {others > 0 ? <span className="font-semibold text-link">{others}</span> : null}
      </Button>
      {choicesOf("reason").map(({ value, label, count }) => (
        <label
          key={value}
          className="flex h-10 shrink-0 items-center gap-2 rounded-control border border-line-2 bg-surface px-2.5"
        >
          <input
            type="checkbox"
            checked={(filter.reason as readonly string[]).includes(value)}
            onChange={() => change(toggled(filter, "reason", value))}
          />
          {label}
          <span className="text-ink-3">{count.toLocaleString("en-US")}</span>
        </label>
      ))}
      <Drawer open={open} onOpenChange={setOpen} title={deadLetters.filters}>
        <SearchBox filter={filter} change={change} />
        <div>
          <FacetLists summary={summary} filter={filter} change={change} />
        </div>
      </Drawer>
    </div>
  );
}
