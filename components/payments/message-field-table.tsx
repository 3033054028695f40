"use client";

import { EyeOff } from "lucide-react";
import { type KeyboardEvent, useRef, useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import type { FieldMark } from "#components/payments/use-field-mark.ts";
import { classes } from "#components/ui/classes.ts";
import { ScrollArea } from "#components/ui/scroll-area.tsx";
import type { VanExchangeRecord } from "#server/payments/read-payment-record.ts";

type Field = VanExchangeRecord["request"]["fields"][number];

/** The fields as a table; each name is a button, one tab stop for all of them, arrows go from one to the next. */
export function MessageFieldTable({
  title,
  fields,
  mark,
  onShow,
}: {
  title: string;
  fields: readonly Field[];
  mark: FieldMark;
  onShow: (field: Field) => void;
}) {
  const { exchanges: words } = useTexts().payments;
  const [stop, setStop] = useState(0);
  const body = useRef<HTMLTableSectionElement>(null);

  function move(event: KeyboardEvent, index: number): void {
    const last = fields.length - 1;
    const next = {
      ArrowDown: Math.min(index + 1, last),
      ArrowUp: Math.max(index - 1, 0),
      Home: 0,
      End: last,
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    body.current?.querySelectorAll<HTMLElement>("button")[next]?.focus();
  }

  const head = "sticky top-0 z-[1] border-line border-b bg-surface py-1 font-medium";
  return (
    <ScrollArea label={`${title} ${words.fields}`} className="mt-2 max-h-[380px] border border-line">
      <table className="w-full border-separate border-spacing-0 text-meta">
        <caption className="sr-only">{`${title} ${words.fields}`}</caption>
        <thead>
          <tr className="text-left text-ink-3">
            <th scope="col" className={classes(head, "px-2")}>
              {words.field}
            </th>
            <th scope="col" className={classes(head, "px-1.5 text-right")}>
              {words.offset}
            </th>
            <th scope="col" className={classes(head, "px-1.5 text-right")}>
              {words.length}
            </th>
            <th scope="col" className={classes(head, "px-2")}>
              {words.value}
            </th>
          </tr>
        </thead>
        <tbody ref={body} onMouseLeave={() => mark.point(null)}>
          {fields.map((field, index) => (
            <tr
              key={`${field.offset} ${field.name}`}
              onMouseEnter={() => mark.point(field.name)}
              className={classes(mark.name === field.name && "bg-selected")}
            >
              <th scope="row" className="whitespace-nowrap px-2 text-left align-top font-normal">
                <button
                  type="button"
                  tabIndex={index === stop ? 0 : -1}
                  aria-pressed={mark.held === field.name}
                  onFocus={() => {
                    setStop(index);
                    mark.point(field.name);
                    onShow(field);
                  }}
                  onBlur={() => mark.point(null)}
                  onKeyDown={(event) => move(event, index)}
                  onClick={() => {
                    mark.hold(field.name);
                    onShow(field);
                  }}
                  className={classes(
                    "min-h-6 text-left focus-visible:-outline-offset-1",
                    mark.held === field.name && "font-semibold text-link",
                  )}
                >
                  {words.fieldNames[field.name] ?? field.name}
                  {words.fieldNames[field.name] ? (
                    <span lang="en" className="ml-1.5 font-normal text-ink-3 max-wide:sr-only">
                      {field.name}
                    </span>
                  ) : null}
                </button>
              </th>
              <td className="px-1.5 py-1 text-right align-top text-ink-3">{field.offset}</td>
              <td className="whitespace-nowrap px-1.5 py-1 text-right align-top text-ink-3">
                {field.length}
                {field.kind && field.kind.length === 1 ? (
                  <abbr title={words.kinds[field.kind]} className="ml-0.5 no-underline">
                    {field.kind}
                  </abbr>
                ) : null}
              </td>
              <td className="w-full px-2 py-1 align-top font-mono [overflow-wrap:anywhere]">
                {field.value === "" ? (
                  <span className="font-sans text-ink-3">{words.blank}</span>
                ) : (
                  field.value
                )}
                {field.masked ? (
                  <span className="ml-1.5 inline-flex items-center gap-0.5 whitespace-nowrap font-medium font-sans text-warn">
                    <EyeOff aria-hidden className="size-3.5" strokeWidth={1.5} />
                    {words.isMasked}
                  </span>
                ) : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}
