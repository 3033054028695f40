"use client";

import { ArrowLeft, ArrowRight, EyeOff } from "lucide-react";
import { type KeyboardEvent, memo, type ReactNode, type Ref, useMemo, useRef, useState } from "react";
import { formatNumber } from "#components/i18n/format.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import {
  type ByteLine,
  byteLines,
  bytesOf,
  type Charset,
  fieldOfEachByte,
  hexOf,
  textOf,
} from "#components/payments/message-bytes.ts";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { ScrollArea } from "#components/ui/scroll-area.tsx";
import { useCopy } from "#components/ui/use-copy.ts";
import type { VanExchangeRecord } from "#server/payments/read-payment-record.ts";

type Message = VanExchangeRecord["request"];
type Field = Message["fields"][number];
type Envelope = VanExchangeRecord["envelope"];

/** Ten bytes a line: fixed-length messages are specified in decimal places. */
const perLine = 10;
const lineHeightPx = 18;

/** Which field is looked at: pointed at or focused (`over`), or held by a click (`held`). Fields go by their names. */
export type FieldMark = Readonly<{
  name: string | null;
  held: string | null;
  point: (name: string | null) => void;
  hold: (name: string) => void;
}>;

/** The mark that a request and its answer share. */
export function useFieldMark(): FieldMark {
  const [over, setOver] = useState<string | null>(null);
  const [held, setHeld] = useState<string | null>(null);
  return {
    name: over ?? held,
    held,
    point: setOver,
    hold: (name) => setHeld((before) => (before === name ? null : name)),
  };
}

/**
 * One message: a ruler of its whole length, its bytes in hex and in its own charset, and the fields they spell. Pointing
 * at or focusing a field marks its bytes, and the other way round; a click holds the mark.
 */
export function MessageView({
  title,
  side,
  message,
  envelope = null,
  envelopeUnknown = false,
  charset,
  mark,
}: {
  title: string;
  side: "sent" | "received";
  message: Message;
  /** What went before the bytes, where the protocol has such a thing. */
  envelope?: Envelope;
  /** There was something before the bytes, but it is not kept. */
  envelopeUnknown?: boolean;
  charset: Charset;
  mark: FieldMark;
}) {
  const { exchanges: words } = useTexts().payments;
  const bytes = useMemo(() => bytesOf(message.base64), [message.base64]);
  const byteArea = useRef<HTMLDivElement>(null);
  const Icon = side === "sent" ? ArrowRight : ArrowLeft;
  const { fields } = message;
  const declared = declaredLength(fields);

  /** Brings a field's first byte into the view of the byte area, without moving the page. */
  function show(field: Field): void {
    const area = byteArea.current;
    if (!area) return;
    const top = Math.floor(field.offset / perLine) * lineHeightPx;
    const isVisible = top >= area.scrollTop && top + 3 * lineHeightPx <= area.scrollTop + area.clientHeight;
    if (!isVisible) area.scrollTop = Math.max(0, top - 2 * lineHeightPx);
  }

  return (
    <section className="min-w-0">
      <div className="flex min-h-7 flex-wrap items-center gap-x-1.5">
        <Icon aria-hidden className="size-4 text-ink-3" strokeWidth={1.5} />
        <h2 className="font-semibold">{title}</h2>
        <span className="text-ink-3 text-meta">
          {words.bytes(bytes.length)} · {charset.toUpperCase()}
        </span>
        <span className="-mr-2 ml-auto flex print:hidden">
          <CopyAs label={words.copyHex} name={`${title} ${words.hex}`} value={() => hexOf(bytes)} />
          <CopyAs
            label={words.copyText}
            name={`${title} ${words.text}`}
            value={() => textOf(bytes, charset)}
          />
        </span>
      </div>
      {envelope ? (
        <div className="mt-1 mb-2 rounded-panel bg-sunken px-2.5 py-1.5 font-mono text-meta">
          <p className="font-semibold">{envelope.line}</p>
          {envelope.headers.map(([name, value]) => (
            <p key={name} className="[overflow-wrap:anywhere]">
              <span className="text-ink-3">{name}:</span> {value}
            </p>
          ))}
          <p className="mt-1 font-sans text-ink-3">{words.envelope}</p>
        </div>
      ) : envelopeUnknown ? (
        <p className="mt-1 mb-2 text-ink-3 text-meta">{words.envelopeUnknown}</p>
      ) : null}
      <Ruler bytes={bytes.length} fields={fields} mark={mark} />
      {declared === null ? null : (
        <p className={classes("text-meta", declared.isRight ? "text-ink-3" : "font-semibold text-bad")}>
          {declared.isRight
            ? words.lengthRight(declared.says, bytes.length)
            : words.lengthWrong(declared.says, bytes.length)}
        </p>
      )}
      <Bytes ref={byteArea} title={title} bytes={bytes} charset={charset} fields={fields} mark={mark} />
      {fields.length > 0 ? <Fields title={title} fields={fields} mark={mark} onShow={show} /> : null}
    </section>
  );
}

/** What a fixed-length message says of its own length: the bytes after the four digits that say it. */
function declaredLength(fields: readonly Field[]): { says: number; isRight: boolean } | null {
  const [first] = fields;
  const last = fields.at(-1);
  if (!first || !last || first.name !== "length" || first.kind !== "N" || !/^\d{4}$/.test(first.value))
    return null;
  const says = Number(first.value);
  return { says, isRight: says + first.length === last.offset + last.length };
}

/** The whole length as a bar: where each field lies, and how far the bytes go. */
function Ruler({ bytes, fields, mark }: { bytes: number; fields: readonly Field[]; mark: FieldMark }) {
  const step = bytes > 300 ? 100 : bytes > 120 ? 50 : 20;
  // The last tick would run into the total beside it.
  const ticks = Array.from({ length: Math.floor(bytes / step) + 1 }, (_, index) => index * step).filter(
    (tick) => tick < bytes * 0.8,
  );
  const share = (count: number) => `${(count / Math.max(1, bytes)) * 100}%`;
  return (
    <div aria-hidden className="relative mt-1.5 mb-1 h-7 select-none print:hidden">
      <div className="relative h-3 overflow-hidden rounded-[3px] bg-sunken">
        {fields.map((field, index) => (
          // biome-ignore lint/a11y/noStaticElementInteractions: a picture of the table below, which is the way by keyboard
          <span
            key={`${field.offset} ${field.name}`}
            onMouseEnter={() => mark.point(field.name)}
            onMouseLeave={() => mark.point(null)}
            className={classes(
              "absolute inset-y-0 border-surface border-r",
              mark.name === field.name ? "bg-run" : index % 2 === 0 ? "bg-line-2" : "bg-line",
            )}
            style={{ left: share(field.offset), width: share(field.length) }}
          />
        ))}
      </div>
      {ticks.map((tick) => (
        <span
          key={tick}
          className="absolute top-3 border-line-2 border-l pl-0.5 text-ink-3 text-meta leading-4"
          style={{ left: share(tick) }}
        >
          {tick}
        </span>
      ))}
      <span className="absolute top-3 right-0 border-line-2 border-r pr-0.5 text-ink-3 text-meta leading-4">
        {formatNumber(bytes)}
      </span>
    </div>
  );
}

function Bytes({
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

/** The fields as a table; each name is a button, one tab stop for all of them, arrows go from one to the next. */
function Fields({
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

function CopyAs({ label, name, value }: { label: string; name: string; value: () => string }) {
  const { common } = useTexts();
  const { copied, copy } = useCopy();
  return (
    <>
      <Button look="ghost" size="small" aria-label={common.copyOf(name)} onClick={() => copy(value())}>
        {copied ? common.copied : label}
      </Button>
      <span role="status" className="sr-only">
        {copied ? common.copied : ""}
      </span>
    </>
  );
}
