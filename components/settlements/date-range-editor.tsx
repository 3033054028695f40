"use client";

import { useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { endsOf } from "#components/settlements/settlement-url.ts";
import { Button } from "#components/ui/button.tsx";
import { Field, Input } from "#components/ui/field.tsx";

/** Chooses business dates: one of the `named` periods at once, dates of one's own by 적용; either end may stay open. */
export function DateRangeEditor({
  named,
  value,
  onApply,
}: {
  named: readonly Readonly<{ period: string; label: string }>[];
  value: string;
  onApply: (period: string) => void;
}) {
  const { common, settlements } = useTexts();
  const words = settlements.filters;
  const [first, last] = endsOf(value);
  const [from, setFrom] = useState(first ?? "");
  const [to, setTo] = useState(last ?? "");
  const [error, setError] = useState<string>();
  const apply = () => {
    if (!from && !to) return setError(words.missing);
    if (from && to && to < from) return setError(words.reversed);
    onApply(`${from}..${to}`);
  };
  return (
    <div className="flex flex-col gap-3">
      <ul className="-mx-1.5 -mt-1.5 grid grid-cols-2">
        {named.map(({ period, label }) => (
          <li key={period}>
            <button
              type="button"
              aria-pressed={period === value}
              onClick={() => onApply(period)}
              className="flex h-8 w-full items-center rounded-control px-2.5 text-left hover:bg-hover aria-pressed:font-semibold max-wide:h-10"
            >
              {label}
            </button>
          </li>
        ))}
      </ul>
      <fieldset className="flex min-w-0 flex-col gap-2 border-line border-t pt-2">
        <legend className="sr-only">{words.ownDates}</legend>
        <div className="grid grid-cols-2 gap-2">
          <Field label={words.from} error={error}>
            <Input
              type="date"
              max="9999-12-31"
              value={from}
              onChange={(event) => setFrom(event.target.value)}
            />
          </Field>
          <Field label={words.to}>
            <Input type="date" max="9999-12-31" value={to} onChange={(event) => setTo(event.target.value)} />
          </Field>
        </div>
        <Button look="primary" size="small" className="self-end" onClick={apply}>
          {common.apply}
        </Button>
      </fieldset>
    </div>
  );
}
