"use client";

import { useQuery } from "@tanstack/react-query";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { seoulDate } from "#components/payments/seoul-date.ts";
import { DateRangeEditor } from "#components/settlements/date-range-editor.tsx";
import { endsOf } from "#components/settlements/settlement-url.ts";
import { FilterChip } from "#components/ui/filter-chip.tsx";

const dayMs = 86_400_000;

/** The VANs to choose from, and those that were chosen although there are none of that name. */
export function useVanOptions(): (
  chosen: readonly string[],
) => readonly Readonly<{ value: string; label: string }>[] {
  const trpc = useTRPC();
  const options = useQuery({ ...trpc.payment.filterOptions.queryOptions(), staleTime: 60_000 });
  const known = options.data?.vans ?? [];
  return (chosen) => [
    ...known.map(({ code, name }) => ({ value: code, label: name === code ? code : `${code} ${name}` })),
    ...chosen
      .filter((code) => !known.some((van) => van.code === code))
      .map((code) => ({ value: code, label: code })),
  ];
}

/** The condition of business dates. */
export function PeriodChip({ value, onChange }: { value: string; onChange: (period: string) => void }) {
  const words = useTexts().reconciliation.filters;
  const day = (offset: number) => seoulDate(new Date(Date.now() + offset * dayMs));
  return (
    <FilterChip
      name={words.date}
      value={value ? periodText(value, words) : undefined}
      onClear={() => onChange("")}
    >
      {(close) => (
        <DateRangeEditor
          named={[
            { period: `${day(-1)}..${day(-1)}`, label: words.yesterday },
            { period: `${day(-7)}..${day(-1)}`, label: words.lastSeven },
          ]}
          value={value}
          onApply={(period) => {
            close();
            onChange(period);
          }}
        />
      )}
    </FilterChip>
  );
}

function periodText(
  period: string,
  words: Readonly<{ since: (date: string) => string; until: (date: string) => string }>,
): string {
  const [from, to] = endsOf(period);
  if (from === null) return words.until(to ?? "");
  if (to === null) return words.since(from);
  return from === to ? from : `${from} – ${to}`;
}
