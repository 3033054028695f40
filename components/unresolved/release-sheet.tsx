"use client";

import { type FormEvent, useRef, useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { Button } from "#components/ui/button.tsx";
import { Field, Textarea } from "#components/ui/field.tsx";
import { Sheet } from "#components/ui/modal.tsx";
import type { InboxRow } from "#components/unresolved/use-unresolved-list.ts";
import { unresolvedNoteMax } from "#server/payments/unresolved.values.ts";

/** Giving a row out of one's hands takes a note for whoever comes next. */
export function ReleaseSheet({
  row,
  isSending,
  error,
  onRelease,
  onClose,
}: {
  row: InboxRow;
  isSending: boolean;
  error: unknown;
  onRelease: (note: string) => void;
  onClose: () => void;
}) {
  const { unresolved, common } = useTexts();
  const { assign } = unresolved;
  const [note, setNote] = useState("");
  const [isMissing, setMissing] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (note.trim() === "") {
      setMissing(true);
      field.current?.focus();
    } else onRelease(note.trim());
  };
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={assign.releaseTitle}
      description={`${row.orderId} · ${assign.releaseLead}`}
      initialFocus={field}
      locked={isSending}
      footer={
        <>
          <Button size="large" onClick={onClose}>
            {common.close}
          </Button>
          <Button
            look="primary"
            size="large"
            className="ml-auto"
            busy={isSending}
            type="submit"
            form="release-note"
          >
            {assign.release}
          </Button>
        </>
      }
    >
      <form id="release-note" onSubmit={submit} className="flex flex-col gap-3">
        <Field label={assign.note} error={isMissing && note.trim() === "" ? assign.noteMissing : undefined}>
          <Textarea
            ref={field}
            value={note}
            maxLength={unresolvedNoteMax}
            placeholder={assign.notePlaceholder}
            onChange={(event) => setNote(event.target.value)}
          />
        </Field>
        {error ? <QueryError compact error={error} title={assign.failed} /> : null}
      </form>
    </Sheet>
  );
}
