"use client";

import { useQuery } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { type ReactNode, type Ref, useEffect, useRef, useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { MultiChoice } from "#components/payments/multi-choice.tsx";
import { periodLabel } from "#components/payments/period-label.ts";
import { QuickFilters } from "#components/payments/quick-filters.tsx";
import { AmountEditor, PeriodEditor } from "#components/payments/range-editors.tsx";
import { Button } from "#components/ui/button.tsx";
import { FilterBar, FilterChip } from "#components/ui/filter-chip.tsx";
import { Kbd } from "#components/ui/kbd.tsx";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import type { PaymentFilterInput } from "#server/payments/payment-search.schemas.ts";
import {
  answerOutcomes,
  origins,
  paymentMethods,
  paymentStatuses,
} from "#server/payments/payment-search.values.ts";

type FilterName =
  | "date"
  | "status"
  | "mall"
  | "van"
  | "method"
  | "origin"
  | "amount"
  | "canceled"
  | "answered"
  | "outcome";
const optionalNames: readonly FilterName[] = [
  "status",
  "mall",
  "method",
  "amount",
  "canceled",
  "outcome",
  "answered",
  "van",
  "origin",
];

type Change = (filter: PaymentFilterInput, how?: "push" | "replace") => void;

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
  const nameOf = (name: FilterName) =>
    name === "canceled" || name === "answered" || name === "outcome"
      ? paymentList.filterNames[name]
      : payments.filter[name];
  const [adding, setAdding] = useState<FilterName | null>(null);
  const conditions = useConditions(filter, date, onChange);
  const set = optionalNames.filter((name) => conditions[name].value !== undefined);
  const unset = optionalNames.filter((name) => conditions[name].value === undefined);
  const countSet = set.length + (filter.date ? 1 : 0) + (filter.q ? 1 : 0);
  return (
    <search aria-label={payments.list.filters} className="shrink-0 print:hidden">
      <FilterBar>
        <SearchWords
          key="words"
          words={filter.q ?? ""}
          inputRef={searchRef}
          onSearch={(q, how) => onChange({ ...filter, q: q || undefined }, how)}
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
    </search>
  );
}

type Condition = Readonly<{
  value: string | undefined;
  clear?: () => void;
  editor: (close: () => void) => ReactNode;
}>;

/** Every condition: what it says now, how it is cleared and how it is edited. */
function useConditions(
  filter: PaymentFilterInput,
  date: string | undefined,
  onChange: Change,
): Readonly<Record<FilterName, Condition>> {
  const texts = useTexts();
  const { common, payments, paymentList } = texts;
  const words = payments.filter;
  const trpc = useTRPC();
  const options = useQuery(trpc.payment.filterOptions.queryOptions(undefined, { staleTime: 60_000 })).data;
  const malls = options?.malls ?? [];
  const vans = options?.vans ?? [];
  const change = (close: () => void, next: PaymentFilterInput) => {
    onChange({ ...filter, ...next });
    close();
  };
  const clear = (next: PaymentFilterInput) => () => onChange({ ...filter, ...next });
  const some = (values: readonly string[] | undefined, labelOf: (value: string) => string) => {
    const [first, ...rest] = values ?? [];
    if (first === undefined) return undefined;
    return rest.length > 0 ? words.others(labelOf(first), rest.length) : labelOf(first);
  };
  const mallName = (id: string) => malls.find((mall) => mall.id === id)?.name ?? id;
  const min = filter.amountMin === undefined ? undefined : BigInt(filter.amountMin);
  const max = filter.amountMax === undefined ? undefined : BigInt(filter.amountMax);
  return {
    date: {
      value: date === undefined ? words.periods["7d"] : periodLabel(date, words),
      ...(filter.date && { clear: clear({ date: undefined }) }),
      editor: (close) => (
        <PeriodEditor value={date ?? "7d"} onApply={(next) => change(close, { date: next })} />
      ),
    },
    canceled: {
      value: filter.canceled === undefined ? undefined : periodLabel(filter.canceled, words),
      clear: clear({ canceled: undefined }),
      editor: (close) => (
        <PeriodEditor value={filter.canceled ?? ""} onApply={(canceled) => change(close, { canceled })} />
      ),
    },
    answered: {
      value: filter.answered === undefined ? undefined : periodLabel(filter.answered, words),
      clear: clear({ answered: undefined }),
      editor: (close) => (
        <PeriodEditor value={filter.answered ?? ""} onApply={(answered) => change(close, { answered })} />
      ),
    },
    outcome: {
      value: some(
        filter.outcome,
        (outcome) => paymentList.outcomes[outcome as keyof typeof paymentList.outcomes],
      ),
      clear: clear({ outcome: undefined }),
      editor: (close) => (
        <MultiChoice
          legend={paymentList.filterNames.outcome}
          options={answerOutcomes.map((outcome) => ({
            value: outcome,
            label: paymentList.outcomes[outcome],
          }))}
          chosen={filter.outcome ?? []}
          onApply={(outcome) => change(close, { outcome: outcome.length > 0 ? outcome : undefined })}
        />
      ),
    },
    status: {
      value: some(
        filter.status,
        (status) => common.status.payment[status as keyof typeof common.status.payment],
      ),
      clear: clear({ status: undefined }),
      editor: (close) => (
        <MultiChoice
          legend={words.status}
          options={paymentStatuses.map((status) => ({
            value: status,
            label: <StatusBadge status={status} />,
          }))}
          chosen={filter.status ?? []}
          onApply={(status) => change(close, { status: status.length > 0 ? status : undefined })}
        />
      ),
    },
    mall: {
      value: some(filter.mall, mallName),
      clear: clear({ mall: undefined }),
      editor: (close) => (
        <MultiChoice
          legend={words.mall}
          find={{ label: words.findMall, none: words.noMall }}
          options={malls.map((mall) => ({ value: mall.id, label: mall.name, text: mall.name }))}
          chosen={filter.mall ?? []}
          onApply={(mall) => change(close, { mall: mall.length > 0 ? mall : undefined })}
        />
      ),
    },
    van: {
      value: some(filter.van, (code) => code),
      clear: clear({ van: undefined }),
      editor: (close) => (
        <MultiChoice
          legend={words.van}
          options={vans.map((van) => ({
            value: van.code,
            label: van.code === van.name ? van.code : `${van.code} ${van.name}`,
          }))}
          chosen={filter.van ?? []}
          onApply={(van) => change(close, { van: van.length > 0 ? van : undefined })}
        />
      ),
    },
    method: {
      value: some(filter.method, (method) => common.method[method as keyof typeof common.method]),
      clear: clear({ method: undefined }),
      editor: (close) => (
        <MultiChoice
          legend={words.method}
          options={paymentMethods.map((method) => ({ value: method, label: common.method[method] }))}
          chosen={filter.method ?? []}
          onApply={(method) => change(close, { method: method.length > 0 ? method : undefined })}
        />
      ),
    },
    origin: {
      value: some(filter.origin, (origin) => common.origin[origin as keyof typeof common.origin]),
      clear: clear({ origin: undefined }),
      editor: (close) => (
        <MultiChoice
          legend={words.origin}
          options={origins.map((origin) => ({ value: origin, label: common.origin[origin] }))}
          chosen={filter.origin ?? []}
          onApply={(origin) => change(close, { origin: origin.length > 0 ? origin : undefined })}
        />
      ),
    },
    amount: {
      value:
        min !== undefined && max !== undefined
          ? words.between(min, max)
          : min !== undefined
            ? words.atLeast(min)
            : max !== undefined
              ? words.atMost(max)
              : undefined,
      clear: clear({ amountMin: undefined, amountMax: undefined }),
      editor: (close) => (
        <AmountEditor min={filter.amountMin} max={filter.amountMax} onApply={(next) => change(close, next)} />
      ),
    },
  };
}

const typingPauseMs = 350;

/** Words to search for. They apply shortly after the last letter, or at once by Enter. */
function SearchWords({
  words,
  inputRef,
  onSearch,
}: {
  words: string;
  inputRef: Ref<HTMLInputElement>;
  onSearch: (words: string, how: "push" | "replace") => void;
}) {
  const { payments } = useTexts();
  const [typed, setTyped] = useState(words);
  const [known, setKnown] = useState(words);
  const composing = useRef(false);
  // The address changed by itself (Back, a link, 모두 지우기): the box follows it.
  if (known !== words) {
    setKnown(words);
    if (typed.trim() !== words) setTyped(words);
  }
  const search = useRef(onSearch);
  useEffect(() => {
    search.current = onSearch;
  });
  useEffect(() => {
    if (typed.trim() === words || composing.current) return;
    const timer = setTimeout(() => search.current(typed.trim(), "replace"), typingPauseMs);
    return () => clearTimeout(timer);
  }, [typed, words]);
  return (
    <label className="flex h-8 w-64 shrink-0 items-center gap-1.5 rounded-control border border-line-strong bg-surface pr-1.5 pl-2 focus-within:outline-2 focus-within:outline-focus focus-within:outline-offset-1 max-wide:hidden">
      <Search aria-hidden className="size-4 shrink-0 text-ink-3" strokeWidth={1.5} />
      <span className="sr-only">{payments.list.search}</span>
      <input
        ref={inputRef}
        type="search"
        value={typed}
        autoComplete="off"
        spellCheck={false}
        maxLength={200}
        placeholder={payments.list.search}
        title={payments.list.searchHint}
        aria-keyshortcuts="/"
        onCompositionStart={() => {
          composing.current = true;
        }}
        onCompositionEnd={(event) => {
          composing.current = false;
          setTyped(event.currentTarget.value);
        }}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === "Enter" && typed.trim() !== words) onSearch(typed.trim(), "push");
          if (event.key === "Escape") {
            event.stopPropagation();
            if (typed) setTyped("");
            else event.currentTarget.blur();
          }
        }}
        className="h-full min-w-0 flex-1 bg-transparent outline-none [&::-webkit-search-cancel-button]:hidden"
      />
      <Kbd>/</Kbd>
    </label>
  );
}
