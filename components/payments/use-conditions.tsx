"use client";

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { formatDuration } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { MultiChoice } from "#components/payments/multi-choice.tsx";
import { periodLabel } from "#components/payments/period-label.ts";
import { AmountEditor, PeriodEditor } from "#components/payments/range-editors.tsx";
import { ResponseEditor } from "#components/payments/response-editor.tsx";
import type { SearchVocabulary } from "#components/payments/search-grammar.ts";
import { seoulDate } from "#components/payments/seoul-date.ts";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import type { PaymentFilterInput } from "#server/payments/payment-search.schemas.ts";
import {
  failureCodes,
  origins,
  outcomeChoices,
  paymentMethods,
  paymentStatuses,
} from "#server/payments/payment-search.values.ts";

export type FilterName =
  | "date"
  | "status"
  | "mall"
  | "van"
  | "method"
  | "origin"
  | "amount"
  | "canceled"
  | "answered"
  | "outcome"
  | "response"
  | "failure";
/** The conditions that may be missing, in the order of their chips. */
export const optionalNames: readonly FilterName[] = [
  "status",
  "mall",
  "method",
  "amount",
  "canceled",
  "outcome",
  "answered",
  "response",
  "failure",
  "van",
  "origin",
];

export type Change = (filter: PaymentFilterInput, how?: "push" | "replace") => void;

type Condition = Readonly<{
  value: string | undefined;
  clear?: () => void;
  editor: (close: () => void) => ReactNode;
}>;

/** Every condition: what it says now, how it is cleared and how it is edited; and what a search may call its values. */
export function useConditions(
  filter: PaymentFilterInput,
  date: string | undefined,
  onChange: Change,
): { conditions: Readonly<Record<FilterName, Condition>>; vocabulary: SearchVocabulary } {
  const texts = useTexts();
  const { common, payments, paymentList } = texts;
  const language = useLanguage();
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
  const vocabulary: SearchVocabulary = {
    status: common.status.payment,
    method: common.method,
    origin: common.origin,
    outcome: paymentList.outcomes,
    periods: words.periods,
    malls,
    vans,
    today: seoulDate(new Date()),
  };
  const conditions: Readonly<Record<FilterName, Condition>> = {
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
          options={outcomeChoices.map((outcome) => ({
            value: outcome,
            label: paymentList.outcomes[outcome],
          }))}
          chosen={filter.outcome ?? []}
          onApply={(outcome) => change(close, { outcome: outcome.length > 0 ? outcome : undefined })}
        />
      ),
    },
    response: {
      value: rangeWords(
        paymentList.response,
        filter.responseMinMs === undefined ? undefined : formatDuration(filter.responseMinMs, language),
        filter.responseMaxMs === undefined ? undefined : formatDuration(filter.responseMaxMs, language),
      ),
      clear: clear({ responseMinMs: undefined, responseMaxMs: undefined }),
      editor: (close) => (
        <ResponseEditor
          minMs={filter.responseMinMs}
          maxMs={filter.responseMaxMs}
          onApply={(next) => change(close, next)}
        />
      ),
    },
    failure: {
      value: some(filter.failure, (code) => code),
      clear: clear({ failure: undefined }),
      editor: (close) => (
        <MultiChoice
          legend={paymentList.filterNames.failure}
          find={paymentList.findFailure}
          // A code that a link or a word names is kept, also when it is none of the common ones.
          options={[...new Set([...failureCodes, ...(filter.failure ?? [])])].map((code) => ({
            value: code,
            label: <code>{code}</code>,
            text: code,
          }))}
          chosen={filter.failure ?? []}
          onApply={(failure) => change(close, { failure: failure.length > 0 ? failure : undefined })}
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
  return { conditions, vocabulary };
}

function rangeWords(
  words: {
    atLeast: (end: string) => string;
    atMost: (end: string) => string;
    between: (min: string, max: string) => string;
  },
  min: string | undefined,
  max: string | undefined,
): string | undefined {
  if (min !== undefined && max !== undefined) return words.between(min, max);
  if (min !== undefined) return words.atLeast(min);
  return max === undefined ? undefined : words.atMost(max);
}
