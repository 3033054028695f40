"use client";

import { useTexts } from "#components/i18n/language-provider.tsx";
import { MultiChoice, type Option } from "#components/payments/multi-choice.tsx";
import { FilterChip } from "#components/ui/filter-chip.tsx";

/** A condition of a list about webhooks that takes any number of values. */
export function ListChip<Value extends string>({
  name,
  options,
  nameOf,
  find,
  chosen,
  onApply,
}: {
  name: string;
  options: readonly Option<Value>[];
  nameOf: (value: Value) => string;
  find?: { label: string; none: string };
  chosen: readonly Value[];
  onApply: (chosen: Value[]) => void;
}) {
  const { webhooks } = useTexts();
  const [first] = chosen;
  const said =
    first === undefined ? undefined : webhooks.filters.some(shortUrl(nameOf(first)), chosen.length - 1);
  return (
    <FilterChip name={name} value={said} onClear={() => onApply([])}>
      {(close) => (
        <MultiChoice
          legend={name}
          options={options}
          {...(find && { find })}
          chosen={chosen}
          onApply={(values) => {
            close();
            onApply(values);
          }}
        />
      )}
    </FilterChip>
  );
}

const chipMaxChars = 36;

/** A URL by its end, where addresses of one mall differ. */
function shortUrl(text: string): string {
  return text.length <= chipMaxChars ? text : `…${text.slice(-chipMaxChars)}`;
}
