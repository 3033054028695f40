"use client";

import { ArrowLeft, ArrowRight } from "lucide-react";
import { useMemo, useRef } from "react";
import { formatNumber } from "#components/i18n/format.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { lineHeightPx, MessageByteTable, perLine } from "#components/payments/message-byte-table.tsx";
import { bytesOf, type Charset, hexOf, textOf } from "#components/payments/message-bytes.ts";
import { MessageFieldTable } from "#components/payments/message-field-table.tsx";
import type { FieldMark } from "#components/payments/use-field-mark.ts";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { useCopy } from "#components/ui/use-copy.ts";
import type { VanExchangeRecord } from "#server/payments/read-payment-record.ts";

type Message = VanExchangeRecord["request"];
type Field = Message["fields"][number];
type Envelope = VanExchangeRecord["envelope"];

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
      <MessageByteTable
        ref={byteArea}
        title={title}
        bytes={bytes}
        charset={charset}
        fields={fields}
        mark={mark}
      />
      {fields.length > 0 ? (
        <MessageFieldTable title={title} fields={fields} mark={mark} onShow={show} />
      ) : null}
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
