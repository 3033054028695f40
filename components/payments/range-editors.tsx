"use client";

import { Check } from "lucide-react";
import { useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { fromSeoulField, toSeoulField } from "#components/reports/seoul-clock.ts";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { AmountInput, Field, Input, readAmount } from "#components/ui/field.tsx";
import type { PaymentFilterInput } from "#server/payments/payment-search.schemas.ts";
import { isPeriod, namedPeriods } from "#server/payments/payment-search.values.ts";

/** A day and, where it matters, the minute of it, in Seoul: `2026-11-19` or an instant. Empty while no day is said. */
function endOf(day: string, clock: string): string {
  return (clock && fromSeoulField(`${day}T${clock}`)?.toISOString()) || day;
}

/** The fields of one end of a period. */
function fieldsOf(end: string): readonly [day: string, clock: string] {
  const [day = "", clock = ""] = end.includes("T") ? toSeoulField(new Date(end)).split("T") : [end];
  return [day, clock];
}

/** Chooses a period: a named one applies at once, days of one's own, to the minute if wanted, by 적용. */
export function PeriodEditor({ value, onApply }: { value: string; onApply: (period: string) => void }) {
  const { common, payments } = useTexts();
  const words = payments.filter;
  const [first = "", last = ""] = value.includes("..") ? value.split("..") : [];
  const [from, setFrom] = useState(fieldsOf(first)[0]);
  const [fromTime, setFromTime] = useState(fieldsOf(first)[1]);
  const [to, setTo] = useState(fieldsOf(last)[0]);
  const [toTime, setToTime] = useState(fieldsOf(last)[1]);
  const [error, setError] = useState<string>();
  const apply = () => {
    if ((!from && !to) || (fromTime && !from) || (toTime && !to)) return setError(words.periodMissing);
    const period = `${endOf(from, fromTime)}..${endOf(to, toTime)}`;
    if (!isPeriod(period)) return setError(words.periodInvalid);
    onApply(period);
  };
  return (
    <div className="flex flex-col gap-3">
      <ul className="-mx-1.5 -mt-1.5 grid grid-cols-2">
        {namedPeriods.map((period) => (
          <li key={period}>
            <button
              type="button"
              aria-pressed={period === value}
              onClick={() => onApply(period)}
              className={classes(
                "flex h-8 w-full items-center justify-between rounded-control px-2.5 text-left hover:bg-hover max-wide:h-10",
                period === value && "font-semibold",
              )}
            >
              {words.periods[period]}
              {period === value ? (
                <Check aria-hidden className="size-4 text-link" strokeWidth={1.75} />
              ) : null}
            </button>
          </li>
        ))}
      </ul>
      <fieldset className="flex min-w-0 flex-col gap-2 border-line border-t pt-2">
        <legend className="sr-only">{words.customPeriod}</legend>
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
          <Field label={words.fromTime}>
            <Input type="time" value={fromTime} onChange={(event) => setFromTime(event.target.value)} />
          </Field>
          <Field label={words.toTime}>
            <Input type="time" value={toTime} onChange={(event) => setToTime(event.target.value)} />
          </Field>
        </div>
        <p className="text-ink-3 text-meta">{words.timeHint}</p>
        <Button look="primary" size="small" className="self-end" onClick={apply}>
          {common.apply}
        </Button>
      </fieldset>
    </div>
  );
}

/** Chooses an amount range in whole won; either end may stay open. */
export function AmountEditor({
  min,
  max,
  onApply,
}: {
  min: string | undefined;
  max: string | undefined;
  onApply: (range: Pick<PaymentFilterInput, "amountMin" | "amountMax">) => void;
}) {
  const { common, payments } = useTexts();
  const words = payments.filter;
  const [from, setFrom] = useState(min ?? "");
  const [to, setTo] = useState(max ?? "");
  const [errors, setErrors] = useState<{ min?: string; max?: string }>({});
  const apply = () => {
    const low = from.trim() === "" ? undefined : readAmount(from);
    const high = to.trim() === "" ? undefined : readAmount(to);
    if (low === null || high === null) {
      return setErrors({
        ...(low === null && { min: words.amountInvalid }),
        ...(high === null && { max: words.amountInvalid }),
      });
    }
    if (low !== undefined && high !== undefined && high < low)
      return setErrors({ max: words.amountReversed });
    onApply({ amountMin: low?.toString(), amountMax: high?.toString() });
  };
  return (
    <div className="flex flex-col gap-2">
      <Field label={words.amountMin} error={errors.min}>
        <AmountInput
          value={from}
          onValueChange={setFrom}
          placeholder="0"
          onKeyDown={(event) => event.key === "Enter" && apply()}
        />
      </Field>
      <Field label={words.amountMax} error={errors.max}>
        <AmountInput
          value={to}
          onValueChange={setTo}
          onKeyDown={(event) => event.key === "Enter" && apply()}
        />
      </Field>
      <Button look="primary" size="small" className="self-end" onClick={apply}>
        {common.apply}
      </Button>
    </div>
  );
}
