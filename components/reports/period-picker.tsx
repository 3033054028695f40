"use client";

import { useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import type { LatencyRange } from "#components/reports/latency-url.ts";
import { formatRange, fromSeoulField, toSeoulField } from "#components/reports/seoul-clock.ts";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { Field, Input } from "#components/ui/field.tsx";
import { Popover } from "#components/ui/popover.tsx";
import { customPeriodDaysMax, latencyPeriods } from "#server/reports/latency.values.ts";

const segment =
  "flex h-7 shrink-0 items-center rounded-[4px] px-2.5 text-ink-2 hover:text-ink max-wide:h-9 max-wide:grow max-wide:justify-center";
const chosen = "bg-surface font-semibold text-ink shadow-[0_0_0_1px_var(--line-2)]";

/** The periods with a name side by side, and one of one's own. */
export function PeriodPicker({
  range,
  onChange,
}: {
  range: LatencyRange;
  onChange: (range: LatencyRange) => void;
}) {
  const { latency } = useTexts();
  const [open, setOpen] = useState(false);
  const isCustom = "from" in range;
  return (
    <fieldset className="flex min-w-0 max-w-full overflow-x-auto max-wide:w-[calc(100vw-2rem)] rounded-control border border-line-2 bg-sunken p-px [scrollbar-width:none]">
      <legend className="sr-only">{latency.period}</legend>
      {latencyPeriods.map((period) => {
        const pressed = !isCustom && range.period === period;
        return (
          <button
            key={period}
            type="button"
            aria-pressed={pressed}
            onClick={() => onChange({ period })}
            className={classes(segment, pressed && chosen)}
          >
            {latency.periods[period]}
          </button>
        );
      })}
      <Popover
        label={latency.custom}
        align="end"
        open={open}
        onOpenChange={setOpen}
        className="w-72 max-w-[calc(100vw-32px)]"
        trigger={(props) => (
          <button
            type="button"
            {...props}
            aria-pressed={isCustom}
            className={classes(segment, isCustom && chosen)}
          >
            {isCustom ? formatRange(range.from.getTime(), range.to.getTime()) : latency.custom}
          </button>
        )}
      >
        <CustomPeriod
          range={range}
          onApply={(next) => {
            setOpen(false);
            onChange(next);
          }}
        />
      </Popover>
    </fieldset>
  );
}

function CustomPeriod({ range, onApply }: { range: LatencyRange; onApply: (range: LatencyRange) => void }) {
  const { common, latency } = useTexts();
  const [from, setFrom] = useState(
    "from" in range ? toSeoulField(range.from) : toSeoulField(new Date(Date.now() - 2 * 3_600_000)),
  );
  const [to, setTo] = useState("to" in range ? toSeoulField(range.to) : toSeoulField(new Date()));
  const [error, setError] = useState<string>();
  const apply = () => {
    const begin = fromSeoulField(from);
    const end = fromSeoulField(to);
    if (!begin || !end) return setError(latency.customMissing);
    if (begin >= end) return setError(latency.customReversed);
    if (end.getTime() - begin.getTime() > customPeriodDaysMax * 86_400_000)
      return setError(latency.customTooLong(customPeriodDaysMax));
    onApply({ from: begin, to: end });
  };
  return (
    <form
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
    >
      <Field label={latency.customFrom}>
        <Input
          type="datetime-local"
          max="9999-12-31T23:59"
          value={from}
          onChange={(event) => setFrom(event.target.value)}
        />
      </Field>
      <Field label={latency.customTo} error={error}>
        <Input
          type="datetime-local"
          max="9999-12-31T23:59"
          value={to}
          onChange={(event) => setTo(event.target.value)}
        />
      </Field>
      <p className="text-ink-3 text-meta">{common.seoulTime}</p>
      <Button look="primary" size="small" className="self-end" type="submit">
        {common.apply}
      </Button>
    </form>
  );
}
