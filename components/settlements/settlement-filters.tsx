"use client";

import { useQuery } from "@tanstack/react-query";
import { useTexts } from "#components/i18n/language-provider.tsx";
import type { Texts } from "#components/i18n/texts.ts";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { MultiChoice } from "#components/payments/multi-choice.tsx";
import { seoulDate } from "#components/payments/seoul-date.ts";
import { DateRangeEditor } from "#components/settlements/date-range-editor.tsx";
import {
  emptyView,
  endsOf,
  type SettlementView,
  settlementAddress,
} from "#components/settlements/settlement-url.ts";
import { Button } from "#components/ui/button.tsx";
import { FilterBar, FilterChip } from "#components/ui/filter-chip.tsx";
import { settlementStates } from "#server/settlement/settlement.values.ts";

const dayMs = 86_400_000;

/** The conditions above the list. */
export function SettlementFilters({
  view,
  change,
}: {
  view: SettlementView;
  change: (next: Partial<SettlementView>) => void;
}) {
  const { settlements, common } = useTexts();
  const words = settlements.filters;
  const trpc = useTRPC();
  const malls = (useQuery({ ...trpc.settlement.malls.queryOptions(), staleTime: 60_000 }).data ?? []).map(
    ({ id, name }) => ({ value: id, label: name, text: name }),
  );
  const day = (offset: number) => seoulDate(new Date(Date.now() + offset * dayMs));
  const today = day(0);
  const said = (values: readonly string[], nameOf: (value: string) => string) =>
    values[0] === undefined ? undefined : words.some(nameOf(values[0]), values.length - 1);
  return (
    <section aria-label={words.label}>
      <FilterBar>
        <FilterChip
          name={words.state}
          value={said(view.state, (state) => (settlements.states as Record<string, string>)[state] ?? state)}
          onClear={() => change({ state: [] })}
        >
          {(close) => (
            <MultiChoice
              legend={words.state}
              options={settlementStates.map((state) => ({ value: state, label: settlements.states[state] }))}
              chosen={view.state}
              onApply={(state) => {
                close();
                change({ state });
              }}
            />
          )}
        </FilterChip>
        <FilterChip
          name={words.payout}
          value={view.payout ? periodText(view.payout, today, words) : undefined}
          onClear={() => change({ payout: "" })}
        >
          {(close) => (
            <DateRangeEditor
              named={[
                { period: `..${today}`, label: words.untilToday },
                { period: `${today}..${today}`, label: words.today },
                { period: `${day(1)}..`, label: words.fromTomorrow },
              ]}
              value={view.payout}
              onApply={(payout) => {
                close();
                change({ payout });
              }}
            />
          )}
        </FilterChip>
        <FilterChip
          name={words.business}
          value={view.business ? periodText(view.business, today, words) : undefined}
          onClear={() => change({ business: "" })}
        >
          {(close) => (
            <DateRangeEditor
              named={[
                { period: `${day(-1)}..${day(-1)}`, label: words.yesterday },
                { period: `${day(-7)}..${day(-1)}`, label: words.lastSeven },
              ]}
              value={view.business}
              onApply={(business) => {
                close();
                change({ business });
              }}
            />
          )}
        </FilterChip>
        <FilterChip
          name={words.mall}
          value={said(view.mall, (id) => malls.find(({ value }) => value === id)?.text ?? id)}
          onClear={() => change({ mall: [] })}
        >
          {(close) => (
            <MultiChoice
              legend={words.mall}
              options={malls}
              find={{ label: words.findMall, none: words.noMall }}
              chosen={view.mall}
              onApply={(mall) => {
                close();
                change({ mall });
              }}
            />
          )}
        </FilterChip>
        {settlementAddress.write(view) ? (
          <Button look="ghost" onClick={() => change(emptyView)}>
            {common.clearAll}
          </Button>
        ) : null}
      </FilterBar>
    </section>
  );
}

/** A period in words: `오늘까지`, `11-16–11-19`; another year is said. */
function periodText(period: string, today: string, words: Texts["settlements"]["filters"]): string {
  const short = (date: string) => (date.slice(0, 4) === today.slice(0, 4) ? date.slice(5) : date);
  const [from, to] = endsOf(period);
  if (from === null) return to === today ? words.untilToday : words.until(short(to ?? ""));
  if (to === null) return words.since(short(from));
  if (from === to) return from === today ? words.today : short(from);
  return `${short(from)}–${short(to)}`;
}
