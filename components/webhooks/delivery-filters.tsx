"use client";

import { useQuery } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { type Ref, useEffect, useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { periodLabel } from "#components/payments/period-label.ts";
import { PeriodEditor } from "#components/payments/range-editors.tsx";
import { Button } from "#components/ui/button.tsx";
import { FilterChip } from "#components/ui/filter-chip.tsx";
import { type DeliveryView, emptyView, writeDeliveryUrl } from "#components/webhooks/delivery-url.ts";
import { ListChip } from "#components/webhooks/list-chip.tsx";
import { deliveryStates, webhookEventTypes } from "#server/webhooks/webhook-console.values.ts";

const typingPauseMs = 300;

/** The conditions above the log. */
export function DeliveryFilters({
  view,
  change,
  searchRef,
}: {
  view: DeliveryView;
  change: (next: Partial<DeliveryView>, how?: "push" | "replace") => void;
  searchRef: Ref<HTMLInputElement>;
}) {
  const { webhooks, common, payments } = useTexts();
  const words = webhooks.filters;
  const trpc = useTRPC();
  const choices = useQuery({ ...trpc.webhook.choices.queryOptions(), staleTime: 60_000 });
  const malls = (choices.data?.malls ?? []).map(({ id, name }) => ({ value: id, label: name, text: name }));
  const endpoints = (choices.data?.endpoints ?? []).map(({ id, url, mallName }) => ({
    value: id,
    text: `${mallName} ${url}`,
    label: (
      <span className="block max-w-72 truncate" title={url}>
        {mallName} <span className="text-ink-3">{url}</span>
      </span>
    ),
  }));
  return (
    <section
      aria-label={words.label}
      className="flex shrink-0 gap-2 overflow-x-auto px-6 pt-2.5 pb-2 [scrollbar-width:none] max-wide:px-4 wide:flex-wrap"
    >
      <SearchBox value={view.q} onChange={(q) => change({ q }, "replace")} searchRef={searchRef} />
      <FilterChip
        name={words.period}
        value={view.date ? periodLabel(view.date, payments.filter) : undefined}
        onClear={() => change({ date: "" })}
      >
        {(close) => (
          <PeriodEditor
            value={view.date}
            onApply={(date) => {
              close();
              change({ date });
            }}
          />
        )}
      </FilterChip>
      <ListChip
        name={words.state}
        options={deliveryStates.map((state) => ({ value: state, label: webhooks.states[state] }))}
        nameOf={(state) => webhooks.states[state]}
        chosen={view.state}
        onApply={(state) => change({ state })}
      />
      <ListChip
        name={words.type}
        options={webhookEventTypes.map((type) => ({ value: type, label: type, text: type }))}
        nameOf={(type) => type}
        find={{ label: words.findType, none: words.noType }}
        chosen={view.type}
        onApply={(type) => change({ type })}
      />
      <ListChip
        name={words.mall}
        options={malls}
        nameOf={(id) => malls.find(({ value }) => value === id)?.text ?? id}
        find={{ label: words.findMall, none: words.noMall }}
        chosen={view.mall}
        onApply={(mall) => change({ mall })}
      />
      <ListChip
        name={words.endpoint}
        options={endpoints}
        nameOf={(id) => choices.data?.endpoints.find((endpoint) => endpoint.id === id)?.url ?? id}
        find={{ label: words.findEndpoint, none: words.noEndpoint }}
        chosen={view.endpoint}
        onApply={(endpoint) => change({ endpoint })}
      />
      {writeDeliveryUrl({ ...view, open: "" }) ? (
        <Button look="ghost" onClick={() => change({ ...emptyView, open: view.open })}>
          {common.clearAll}
        </Button>
      ) : null}
    </section>
  );
}

function SearchBox({
  value,
  onChange,
  searchRef,
}: {
  value: string;
  onChange: (text: string) => void;
  searchRef: Ref<HTMLInputElement>;
}) {
  const { webhooks } = useTexts();
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text.trim() === value) return;
    const timer = setTimeout(() => onChange(text.trim()), typingPauseMs);
    return () => clearTimeout(timer);
  }, [text, value, onChange]);
  return (
    <div className="relative w-64 shrink-0">
      <Search
        aria-hidden
        className="pointer-events-none absolute top-1/2 left-2 size-4 -translate-y-1/2 text-ink-3"
        strokeWidth={1.5}
      />
      <input
        type="search"
        ref={searchRef}
        aria-label={webhooks.filters.search}
        placeholder={webhooks.filters.searchPlaceholder}
        value={text}
        maxLength={100}
        onChange={(event) => setText(event.target.value)}
        className="h-8 w-full rounded-control border border-line-2 bg-surface pr-2 pl-8 max-wide:h-10"
      />
    </div>
  );
}
