"use client";

import { type ReactNode, useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { Checkbox, Input } from "#components/ui/field.tsx";

export type Option<Value extends string> = Readonly<{
  value: Value;
  label: ReactNode /** What is searched, when there is a search. */;
  text?: string;
}>;

/** The editor of a condition with several values: nothing applies before 적용 (design §7). */
export function MultiChoice<Value extends string>({
  legend,
  options,
  chosen,
  find,
  onApply,
}: {
  legend: string;
  options: readonly Option<Value>[];
  chosen: readonly Value[];
  /** Texts of the search box above long lists. */
  find?: { label: string; none: string };
  onApply: (chosen: Value[]) => void;
}) {
  const { common } = useTexts();
  const [picked, setPicked] = useState<readonly Value[]>(chosen);
  const [words, setWords] = useState("");
  const shown = options.filter(
    ({ text }) => !text || text.toLowerCase().includes(words.trim().toLowerCase()),
  );
  const apply = () => onApply(options.map(({ value }) => value).filter((value) => picked.includes(value)));
  return (
    <div className="flex flex-col gap-2">
      {find && options.length > 6 ? (
        <Input
          type="search"
          aria-label={find.label}
          placeholder={find.label}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
      ) : null}
      <fieldset className="max-h-72 min-w-0 overflow-auto">
        <legend className="sr-only">{legend}</legend>
        {shown.map(({ value, label }) => (
          <Checkbox
            key={value}
            label={label}
            className="min-h-7 rounded-[4px] px-1 hover:bg-hover"
            checked={picked.includes(value)}
            onChange={(event) =>
              setPicked(event.target.checked ? [...picked, value] : picked.filter((other) => other !== value))
            }
          />
        ))}
        {find && shown.length === 0 ? <p className="px-1 py-2 text-ink-3">{find.none}</p> : null}
      </fieldset>
      <div className="flex justify-end gap-2 border-line border-t pt-2">
        {picked.length > 0 ? (
          <Button look="ghost" size="small" onClick={() => setPicked([])}>
            {common.clear}
          </Button>
        ) : null}
        <Button look="primary" size="small" onClick={apply}>
          {common.apply}
        </Button>
      </div>
    </div>
  );
}
