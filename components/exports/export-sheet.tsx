"use client";

import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useRef, useState } from "react";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { Checkbox, Field, FieldError, RadioCards, Select, Textarea } from "#components/ui/field.tsx";
import { Sheet } from "#components/ui/modal.tsx";
import { Note } from "#components/ui/note.tsx";
import type { ExportSourceInput } from "#server/exports/export.schemas.ts";
import {
  type ExportFormat,
  type ExportPurpose,
  exportFormats,
  exportPurposes,
  exportReasonMax,
  exportReasonMin,
} from "#server/exports/export.values.ts";

/** Asks what the file is to hold and why, and starts it. Nothing leaves the platform before the button is pressed. */
export function ExportSheet({
  sources,
  seenCount,
  onClose,
}: {
  sources: readonly [ExportSourceInput, ...ExportSourceInput[]];
  seenCount: number | undefined;
  onClose: () => void;
}) {
  const { exports, common } = useTexts();
  const words = exports.sheet;
  const language = useLanguage();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const mayUnmask = useMay("export:unmask");
  // What is exported is what was on the screen when the sheet was opened, whatever comes into the list meanwhile.
  const [frozenSources] = useState(sources);
  const [place, setPlace] = useState(0);
  const [format, setFormat] = useState<ExportFormat>("XLSX");
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [purpose, setPurpose] = useState<ExportPurpose>("SETTLEMENT");
  const [reason, setReason] = useState("");
  const [isMasked, setIsMasked] = useState(true);
  const [isChecked, setIsChecked] = useState(false);
  const [requestKey] = useState(() => crypto.randomUUID());
  const reasonRef = useRef<HTMLTextAreaElement>(null);
  const source = frozenSources[place] ?? frozenSources[0];
  const preview = useQuery(
    trpc.export.preview.queryOptions(
      { source, language },
      { placeholderData: keepPreviousData, staleTime: 30_000 },
    ),
  );
  const columns = preview.data?.columns ?? [];
  const chosen = columns.filter(({ key }) => !left.has(key));
  const isTooMany = preview.data !== undefined && preview.data.count > preview.data.max;
  const isReasonShort = [...reason.trim()].length < exportReasonMin;
  const isNoColumn = columns.length > 0 && chosen.length === 0;
  const requesting = useMutation(
    trpc.export.request.mutationOptions({
      onSettled: () => queryClient.invalidateQueries(trpc.export.pathFilter()),
    }),
  );
  const send = () => {
    setIsChecked(true);
    if (isReasonShort) reasonRef.current?.focus();
    else if (!isNoColumn && !isTooMany)
      requesting.mutate({
        source,
        format,
        columns: left.size === 0 ? [] : chosen.map(({ key }) => key),
        purpose,
        reason: reason.trim(),
        isMasked,
        language,
        seenCount: place === 0 ? (seenCount ?? null) : null,
        requestKey,
      });
  };
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={words.title}
      locked={requesting.isPending}
      footer={
        <>
          <Button size="large" disabled={requesting.isPending} onClick={onClose}>
            {common.close}
          </Button>
          {requesting.isSuccess ? (
            <Button look="primary" size="large" className="flex-1" asChild>
              <Link href="/exports">{words.toCentre}</Link>
            </Button>
          ) : (
            <Button
              look="primary"
              size="large"
              className="flex-1"
              busy={requesting.isPending}
              disabled={isTooMany}
              onClick={send}
            >
              {words.submit}
            </Button>
          )}
        </>
      }
    >
      {requesting.isSuccess ? (
        <div role="status">
          <Note>
            <p className="font-semibold">{words.started}</p>
            <p>{words.startedBody}</p>
          </Note>
        </div>
      ) : (
        <>
          {frozenSources.length > 1 ? (
            <Field label={words.what}>
              <Select
                value={place}
                onChange={(event) => {
                  setPlace(Number(event.target.value));
                  setLeft(new Set());
                }}
              >
                {frozenSources.map(({ kind }, index) => (
                  <option key={kind} value={index}>
                    {exports.kinds[kind]}
                  </option>
                ))}
              </Select>
            </Field>
          ) : null}
          <p role="status" className={isTooMany ? "text-bad" : "text-ink-2"}>
            {preview.isError
              ? words.countError
              : !preview.data || preview.isPlaceholderData
                ? words.counting
                : isTooMany
                  ? words.tooMany(preview.data.count, preview.data.max)
                  : words.count(preview.data.count)}
          </p>
          <FormatChoice value={format} onChange={setFormat} />
          {columns.length > 0 ? (
            <ColumnChoice
              columns={columns}
              left={left}
              onChange={setLeft}
              error={isChecked && isNoColumn ? words.columnsNone : undefined}
            />
          ) : null}
          <Field label={words.purpose}>
            <Select
              value={purpose}
              onChange={(event) =>
                setPurpose(exportPurposes.find((known) => known === event.target.value) ?? "OTHER")
              }
            >
              {exportPurposes.map((known) => (
                <option key={known} value={known}>
                  {exports.purposes[known]}
                </option>
              ))}
            </Select>
          </Field>
          <Field
            label={words.reason}
            hint={words.reasonHint(exportReasonMin)}
            error={isChecked && isReasonShort ? words.reasonShort(exportReasonMin) : undefined}
          >
            <Textarea
              ref={reasonRef}
              required
              rows={2}
              maxLength={exportReasonMax}
              placeholder={words.reasonPlaceholder}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          </Field>
          {mayUnmask ? (
            <Checkbox
              label={
                <>
                  {words.mask} <span className="block text-ink-3 text-meta">{words.maskHint}</span>
                </>
              }
              checked={isMasked}
              onChange={(event) => setIsMasked(event.target.checked)}
            />
          ) : (
            <p className="text-ink-3 text-meta">{words.alwaysMasked}</p>
          )}
          {isMasked ? null : <Note tone="warn">{words.unmasked}</Note>}
          {requesting.isError ? <QueryError compact error={requesting.error} title={words.error} /> : null}
        </>
      )}
    </Sheet>
  );
}

function FormatChoice({
  value,
  onChange,
}: {
  value: ExportFormat;
  onChange: (format: ExportFormat) => void;
}) {
  const words = useTexts().exports.sheet;
  return (
    <div>
      <RadioCards
        legend={words.format}
        name="format"
        options={exportFormats.map((format) => ({ value: format, label: words.formats[format] }))}
        value={value}
        onChange={onChange}
      />
      <p className="pt-1 text-ink-3 text-meta">{words.formatHints[value]}</p>
    </div>
  );
}

/** The columns that the file leaves out are unticked; all stand in the list's order. */
function ColumnChoice({
  columns,
  left,
  onChange,
  error,
}: {
  columns: readonly { key: string; heading: string }[];
  left: ReadonlySet<string>;
  onChange: (left: ReadonlySet<string>) => void;
  error: string | undefined;
}) {
  const words = useTexts().exports.sheet;
  const toggle = (key: string) => {
    const next = new Set(left);
    if (!next.delete(key)) next.add(key);
    onChange(next);
  };
  return (
    <div>
      <details className="rounded-panel border border-line-2 px-3 py-2">
        <summary className="min-h-6 cursor-pointer font-semibold">
          {words.columns(columns.length - left.size, columns.length)}
        </summary>
        <div className="grid grid-cols-2 gap-x-3 gap-y-1 pt-2">
          {columns.map(({ key, heading }) => (
            <Checkbox key={key} label={heading} checked={!left.has(key)} onChange={() => toggle(key)} />
          ))}
        </div>
      </details>
      <FieldError message={error} />
    </div>
  );
}
