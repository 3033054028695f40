"use client";

import { useTexts } from "#components/i18n/language-provider.tsx";
import { classes } from "#components/ui/classes.ts";
import type { UnresolvedFilter } from "#server/payments/unresolved.schemas.ts";
import { unresolvedAges, unresolvedDeadlines, unresolvedKinds } from "#server/payments/unresolved.values.ts";
import type { UnresolvedSummary } from "#server/payments/unresolved-queries.ts";

type Facet = keyof UnresolvedSummary["facets"];
type Choice = Readonly<{ value: string; label: string; count: number }>;
type FacetsProps = Readonly<{
  summary: UnresolvedSummary | undefined;
  filter: UnresolvedFilter;
  change: (next: Partial<UnresolvedFilter>) => void;
}>;

const facets: readonly Facet[] = ["deadline", "kind", "age", "van", "mall"];
const fixed: Partial<Record<Facet, readonly string[]>> = {
  deadline: unresolvedDeadlines,
  kind: unresolvedKinds,
  age: unresolvedAges,
};

/** The choices of a facet with their counts: what occurs, and what was chosen although it does not. */
function useChoices({
  summary,
  filter,
}: Pick<FacetsProps, "summary" | "filter">): (facet: Facet) => Choice[] {
  const { unresolved } = useTexts();
  const names: Partial<Record<Facet, Readonly<Record<string, string>>>> = {
    deadline: unresolved.deadlines,
    kind: unresolved.kinds,
    age: unresolved.ages,
  };
  return (facet) => {
    const counted = summary?.facets[facet] ?? [];
    const chosen: readonly string[] = filter[facet];
    const values = fixed[facet] ?? [...new Set([...counted.map(({ value }) => value), ...chosen])];
    const choices = values.map((value) => {
      const known = counted.find((entry) => entry.value === value);
      return { value, label: names[facet]?.[value] ?? known?.label ?? value, count: known?.count ?? 0 };
    });
    return choices.filter(({ value, count }) => count > 0 || fixed[facet] || chosen.includes(value));
  };
}

function toggled(filter: UnresolvedFilter, facet: Facet, value: string): Partial<UnresolvedFilter> {
  const present: readonly string[] = filter[facet];
  return {
    [facet]: present.includes(value) ? present.filter((other) => other !== value) : [...present, value],
  };
}

/** The conditions at the left of the list, each with how many rows it holds. */
export function UnresolvedFacets(props: FacetsProps) {
  const { unresolved } = useTexts();
  const choicesOf = useChoices(props);
  return (
    <form
      aria-label={unresolved.filters}
      onSubmit={(event) => event.preventDefault()}
      className="overflow-auto border-line border-r pr-2 pb-4 pl-4 max-full:hidden"
    >
      {facets.map((facet) => {
        const choices = choicesOf(facet);
        if (choices.length === 0) return null;
        return (
          <fieldset key={facet} className="min-w-0">
            <legend className="px-2 pt-3.5 pb-1 font-semibold text-ink-2 text-meta">
              {unresolved.facets[facet]}
            </legend>
            {choices.map((choice) => (
              <label
                key={choice.value}
                className={classes(
                  "flex min-h-7 items-center gap-2 rounded-control px-2 hover:bg-hover",
                  choice.count === 0 && "text-ink-3",
                )}
              >
                <input
                  type="checkbox"
                  checked={(props.filter[facet] as readonly string[]).includes(choice.value)}
                  onChange={() => props.change(toggled(props.filter, facet, choice.value))}
                />
                <span className="min-w-0">{choice.label}</span>
                <span className="ml-auto text-ink-3">{choice.count.toLocaleString("en-US")}</span>
              </label>
            ))}
          </fieldset>
        );
      })}
    </form>
  );
}

/** The conditions where there is no room beside the list: chips that scroll sideways. */
export function NarrowUnresolvedFacets(props: FacetsProps) {
  const { unresolved } = useTexts();
  const choicesOf = useChoices(props);
  return (
    <form
      aria-label={unresolved.filters}
      onSubmit={(event) => event.preventDefault()}
      className="flex min-h-12 shrink-0 gap-2 overflow-x-auto px-6 py-2 [scrollbar-width:none] max-wide:min-h-14 max-wide:px-4 full:hidden"
    >
      {facets.flatMap((facet) =>
        choicesOf(facet)
          .filter(
            ({ value, count }) => count > 0 || (props.filter[facet] as readonly string[]).includes(value),
          )
          .map((choice) => (
            <label
              key={`${facet} ${choice.value}`}
              className="flex h-8 shrink-0 items-center gap-2 whitespace-nowrap rounded-control border border-line-2 bg-surface px-2.5 max-wide:h-10"
            >
              <input
                type="checkbox"
                checked={(props.filter[facet] as readonly string[]).includes(choice.value)}
                onChange={() => props.change(toggled(props.filter, facet, choice.value))}
              />
              {choice.label}
              <span className="text-ink-3">{choice.count.toLocaleString("en-US")}</span>
            </label>
          )),
      )}
    </form>
  );
}
