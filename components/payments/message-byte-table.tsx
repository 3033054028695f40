"use client";

import { memo, type ReactNode, type Ref, useMemo } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import {
  type ByteLine,
  byteLines,
  type Charset,
  fieldOfEachByte,
} from "#components/payments/message-bytes.ts";
import type { FieldMark } from "#components/payments/use-field-mark.ts";
import { classes } from "#components/ui/classes.ts";
import { ScrollArea } from "#components/ui/scroll-area.tsx";
import type { VanExchangeRecord } from "#server/payments/read-payment-record.ts";

type Field = VanExchangeRecord["request"]["fields"][number];

/** Ten bytes a line: fixed-length messages are specified in decimal places. */
export const perLine = 10;
export const lineHeightPx = 18;

/** The bytes of a message in hex and in its own charset, line by line; a pointed field's bytes are marked. */
export function MessageByteTable({
  ref,
  title,
  bytes,
  charset,
  fields,
  mark,
}: {
  ref: Ref<HTMLDivElement>;
  title: string;
  bytes: Uint8Array<ArrayBuffer>;
  charset: Charset;
  fields: readonly Field[];
  mark: FieldMark;
}) {
  const { exchanges: words } = useTexts().payments;
  const lines = useMemo(() => byteLines(bytes, charset, perLine), [bytes, charset]);
  const owners = useMemo(() => fieldOfEachByte(bytes.length, fields), [bytes, fields]);
  const maskedFields = useMemo(() => fields.map((field) => field.masked), [fields]);
  const marked = mark.name === null ? -1 : fields.findIndex((field) => field.name === mark.name);
  const markedField = fields[marked];
  const fieldAt = (target: EventTarget) => {
    const at = (target as HTMLElement).dataset.at;
    return at === undefined ? undefined : fields[owners[Number(at)] ?? -1];
  };
  return (
    <ScrollArea
      ref={ref}
      label={`${title} ${words.hex}`}
      className="mt-1.5 max-h-[316px] border border-line px-2.5 pb-2 font-mono text-meta focus-visible:-outline-offset-1"
    >
      {/* biome-ignore lint/a11y/useKeyWithMouseEvents: by keyboard the fields below do the same */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: by keyboard the fields below do the same */}
      <table
        className="border-separate border-spacing-0 [--byte:3ch] max-wide:[--byte:2.6ch]"
        onMouseOver={(event) => mark.point(fieldAt(event.target)?.name ?? null)}
        onMouseLeave={() => mark.point(null)}
        onClick={(event) => {
          const field = fieldAt(event.target);
          if (field) mark.hold(field.name);
        }}
      >
        <caption className="sr-only">{`${title} ${words.hex}`}</caption>
        <thead className="text-ink-3">
          <tr>
            <HeadOfBytes className="text-left">{words.offset}</HeadOfBytes>
            <HeadOfBytes className="whitespace-pre">
              <span className="sr-only">{words.hex}</span>
              <Places className="w-(--byte)" />
            </HeadOfBytes>
            <HeadOfBytes className="whitespace-pre pr-0 pl-2">
              <span className="sr-only">{words.text}</span>
              <Places className="w-[1ch]" />
            </HeadOfBytes>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => {
            const isTouched =
              markedField !== undefined &&
              markedField.offset < line.offset + perLine &&
              markedField.offset + markedField.length > line.offset;
            return (
              <Line
                key={line.offset}
                line={line}
                owners={owners}
                masked={maskedFields}
                marked={isTouched ? marked : -1}
              />
            );
          })}
        </tbody>
      </table>
    </ScrollArea>
  );
}

function HeadOfBytes({ className, children }: { className?: string; children: ReactNode }) {
  return (
    <th
      scope="col"
      className={classes("sticky top-0 bg-surface pt-1.5 pr-2 pb-0.5 text-left font-normal", className)}
    >
      {children}
    </th>
  );
}

/** 0 to 9: the places of a line. */
function Places({ className }: { className: string }) {
  return (
    <span aria-hidden>
      {Array.from({ length: perLine }, (_, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a place is its index
        <span key={place} className={classes("inline-block text-center", className)}>
          {place}
        </span>
      ))}
    </span>
  );
}

const Line = memo(function Line({
  line,
  owners,
  masked,
  marked,
}: {
  line: ByteLine;
  owners: Int16Array;
  masked: readonly boolean[];
  marked: number;
}) {
  const looks = (offset: number) => {
    const owner = owners[offset] ?? -1;
    return classes(
      owner < 0 && "text-ink-3",
      masked[owner] && "text-warn",
      owner >= 0 && owner === marked && "bg-selected text-link",
    );
  };
  return (
    <tr className="h-[18px] leading-[18px]">
      <td className="pr-2 text-ink-3">{line.offset.toString().padStart(4, "0")}</td>
      <td className="whitespace-pre pr-2">
        {line.cells.map(({ offset, hex }) => (
          <span
            key={offset}
            data-at={offset}
            className={classes("inline-block w-(--byte) text-center", looks(offset))}
          >
            {hex}
          </span>
        ))}
      </td>
      <td className="whitespace-pre border-line border-l pl-2">
        {line.cells.map(({ offset, glyph }) =>
          glyph ? (
            <span
              key={offset}
              data-at={offset}
              className={classes("inline-block overflow-visible text-center", looks(offset))}
              style={{ width: `${glyph.width}ch` }}
            >
              {glyph.text === " " ? (
                <span className="pointer-events-none text-line-strong">·</span>
              ) : (
                glyph.text
              )}
            </span>
          ) : null,
        )}
      </td>
    </tr>
  );
});
