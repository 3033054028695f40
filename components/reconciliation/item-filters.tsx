"use client";

import { useTexts } from "#components/i18n/language-provider.tsx";
import { MultiChoice } from "#components/payments/multi-choice.tsx";
import { PeriodChip, useVanOptions } from "#components/reconciliation/condition-chips.tsx";
import {
  emptyItems,
  type ItemView,
  isFiltered,
  itemAges,
  itemOwners,
  itemShows,
} from "#components/reconciliation/reconciliation-url.ts";
import { Button } from "#components/ui/button.tsx";
import { RadioCards } from "#components/ui/field.tsx";
import { FilterBar, FilterChip } from "#components/ui/filter-chip.tsx";
import { reconClasses } from "#server/reconciliation/reconciliation.values.ts";

/** The conditions above the worklist. */
export function ItemFilters({ view, change }: { view: ItemView; change: (next: Partial<ItemView>) => void }) {
  const { reconciliation, common } = useTexts();
  const words = reconciliation.filters;
  const vans = useVanOptions();
  const said = (values: readonly string[]) =>
    values[0] === undefined ? undefined : words.some(values[0], values.length - 1);
  return (
    <section aria-label={words.label}>
      <FilterBar>
        <FilterChip
          name={words.itemState}
          value={view.show === "open" ? undefined : words.itemStates[view.show]}
          onClear={() => change({ show: "open" })}
        >
          {(close) => (
            <RadioCards
              legend={words.itemState}
              legendHidden
              name="recon-show"
              value={view.show}
              options={itemShows.map((show) => ({ value: show, label: words.itemStates[show] }))}
              onChange={(show) => {
                close();
                change({ show });
              }}
            />
          )}
        </FilterChip>
        <FilterChip
          name={words.class}
          value={said(view.class.map((name) => reconciliation.classes[name]))}
          onClear={() => change({ class: [] })}
        >
          {(close) => (
            <MultiChoice
              legend={words.class}
              options={reconClasses.map((name) => ({ value: name, label: reconciliation.classes[name] }))}
              chosen={view.class}
              onApply={(names) => {
                close();
                change({ class: names });
              }}
            />
          )}
        </FilterChip>
        <FilterChip
          name={words.owner}
          value={view.owner === null ? undefined : words.owners[view.owner]}
          onClear={() => change({ owner: null })}
        >
          {(close) => (
            <Options
              options={itemOwners.map((owner) => ({ value: owner, label: words.owners[owner] }))}
              onChoose={(owner) => {
                close();
                change({ owner });
              }}
            />
          )}
        </FilterChip>
        <FilterChip name={words.van} value={said(view.van)} onClear={() => change({ van: [] })}>
          {(close) => (
            <MultiChoice
              legend={words.van}
              options={vans(view.van)}
              chosen={view.van}
              onApply={(van) => {
                close();
                change({ van });
              }}
            />
          )}
        </FilterChip>
        <PeriodChip value={view.date} onChange={(date) => change({ date })} />
        <FilterChip
          name={words.aged}
          value={view.aged === null ? undefined : words.agedDays(view.aged)}
          onClear={() => change({ aged: null })}
        >
          {(close) => (
            <Options
              options={itemAges.map((days) => ({ value: days, label: words.agedDays(days) }))}
              onChoose={(aged) => {
                close();
                change({ aged });
              }}
            />
          )}
        </FilterChip>
        {isFiltered(view) ? (
          <Button look="ghost" onClick={() => change({ ...emptyItems, item: view.item })}>
            {common.clearAll}
          </Button>
        ) : null}
      </FilterBar>
    </section>
  );
}

/** A few choices of which one applies at once. */
function Options<Value extends string | number>({
  options,
  onChoose,
}: {
  options: readonly Readonly<{ value: Value; label: string }>[];
  onChoose: (value: Value) => void;
}) {
  return (
    <div className="flex flex-col items-stretch gap-1">
      {options.map(({ value, label }) => (
        <Button key={value} look="ghost" className="justify-start" onClick={() => onChoose(value)}>
          {label}
        </Button>
      ))}
    </div>
  );
}
