"use client";

import { useTexts } from "#components/i18n/language-provider.tsx";
import { classes } from "#components/ui/classes.ts";
import type { PaymentFilterInput } from "#server/payments/payment-search.schemas.ts";

/** What is asked for most, one click each. Each sets its own conditions and leaves the others. */
const quickFilters = {
  today: { date: "today" },
  unknown: { status: ["UNKNOWN"] },
  canceledToday: { canceled: "today" },
  large: { amountMin: "1000000" },
  failed: { status: ["ABORTED"] },
} as const satisfies Record<string, Readonly<Record<string, string | readonly string[]>>>;

type QuickName = keyof typeof quickFilters;
const quickNames = Object.keys(quickFilters) as QuickName[];

function isOn(name: QuickName, filter: PaymentFilterInput): boolean {
  return Object.entries(quickFilters[name]).every(
    ([field, value]) => String(filter[field as keyof PaymentFilterInput] ?? "") === String(value),
  );
}

function toggled(name: QuickName, filter: PaymentFilterInput): PaymentFilterInput {
  const wanted: Readonly<Record<string, unknown>> = quickFilters[name];
  if (!isOn(name, filter)) return { ...filter, ...wanted };
  return Object.fromEntries(Object.entries(filter).filter(([field]) => !(field in wanted)));
}

/** Conditions of one click, each on or off. */
export function QuickFilters({
  filter,
  onChange,
}: {
  filter: PaymentFilterInput;
  onChange: (filter: PaymentFilterInput) => void;
}) {
  const { quick: words } = useTexts().paymentList;
  return (
    <fieldset className="flex shrink-0 items-center gap-1.5">
      <legend className="sr-only">{words.legend}</legend>
      {quickNames.map((name) => {
        const on = isOn(name, filter);
        return (
          <button
            key={name}
            type="button"
            aria-pressed={on}
            onClick={() => onChange(toggled(name, filter))}
            className={classes(
              "h-7 whitespace-nowrap rounded-full border px-2.5 text-meta max-wide:h-10 max-wide:px-3",
              on
                ? "border-accent bg-selected font-semibold text-ink"
                : "border-line-2 text-ink-2 hover:bg-hover",
            )}
          >
            {words.names[name]}
          </button>
        );
      })}
    </fieldset>
  );
}
