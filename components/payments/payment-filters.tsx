"use client";

import { type Ref, useId, useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { QuickFilters } from "#components/payments/quick-filters.tsx";
import { SearchProblem } from "#components/payments/search-problem.tsx";
import { SearchWords } from "#components/payments/search-words.tsx";
import {
  type Change,
  type FilterName,
  optionalNames,
  useConditions,
} from "#components/payments/use-conditions.tsx";
import { useTypedSearch } from "#components/payments/use-typed-search.ts";
import { Button } from "#components/ui/button.tsx";
import { FilterBar, FilterChip } from "#components/ui/filter-chip.tsx";
import type { PaymentFilterInput } from "#server/payments/payment-search.schemas.ts";

/** The filter bar: search words, one chip for each condition, and one to add another (design §7). */
export function PaymentFilters({
  filter,
  date,
  onChange,
  searchRef,
}: {
  filter: PaymentFilterInput;
  /** The period that the list covers; it may stand in for one that was left out. */
  date: string | undefined;
  onChange: Change;
  searchRef: Ref<HTMLInputElement>;
}) {
  const { common, payments, paymentList } = useTexts();
  const names = { ...payments.filter, ...paymentList.filterNames };
  const nameOf = (name: FilterName) => names[name];
  const [adding, setAdding] = useState<FilterName | null>(null);
  const { conditions, vocabulary } = useConditions(filter, date, onChange);
  const search = useTypedSearch(filter, vocabulary, onChange);
  const problemId = useId();
  const set = optionalNames.filter((name) => conditions[name].value !== undefined);
  const unset = optionalNames.filter((name) => conditions[name].value === undefined);
  const countSet = set.length + (filter.date ? 1 : 0) + (filter.q ? 1 : 0);
  return (
    <search aria-label={payments.list.filters} className="shrink-0 print:hidden">
      <FilterBar>
        <SearchWords
          key="words"
          search={search}
          problemId={search.problem ? problemId : undefined}
          inputRef={searchRef}
        />
        {(["date", ...set] as const).map((name) => {
          const { value, clear, editor } = conditions[name];
          return (
            <FilterChip
              key={name}
              name={nameOf(name)}
              value={value}
              // With nothing left to add, `f` changes what is there.
              keyShortcut={unset.length === 0 && name === "date" ? "f" : undefined}
              {...(clear && { onClear: clear })}
            >
              {editor}
            </FilterChip>
          );
        })}
        {unset.length > 0 ? (
          <FilterChip key={`add-${set.join("-")}`} name={common.addFilter} keyShortcut="f">
            {(close) =>
              adding && conditions[adding].value === undefined ? (
                <>
                  <p className="mb-2 font-semibold">{nameOf(adding)}</p>
                  {conditions[adding].editor(() => {
                    setAdding(null);
                    close();
                  })}
                </>
              ) : (
                <ul className="-m-1.5">
                  {unset.map((name) => (
                    <li key={name}>
                      <button
                        type="button"
                        onClick={() => setAdding(name)}
                        className="flex h-8 w-full items-center rounded-control px-2.5 text-left hover:bg-hover max-wide:h-10"
                      >
                        {nameOf(name)}
                      </button>
                    </li>
                  ))}
                </ul>
              )
            }
          </FilterChip>
        ) : null}
        <QuickFilters filter={filter} onChange={onChange} />
        {countSet >= 2 ? (
          <Button look="ghost" onClick={() => onChange({})}>
            {common.clearAll}
          </Button>
        ) : null}
      </FilterBar>
      {search.problem ? (
        <SearchProblem id={problemId} problem={search.problem} onCorrect={search.submit} />
      ) : null}
    </search>
  );
}
