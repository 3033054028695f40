"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { Field, Textarea } from "#components/ui/field.tsx";
import { Sheet } from "#components/ui/modal.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { reconNoteMax } from "#server/reconciliation/reconciliation.values.ts";
import type { ReconItemRow } from "#server/reconciliation/reconciliation-queries.ts";

/** Writes a note on one item or the same on several, over what stood there. */
export function NoteSheet({ items, onClose }: { items: readonly ReconItemRow[]; onClose: () => void }) {
  const { reconciliation, common } = useTexts();
  const words = reconciliation.note;
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const [note, setNote] = useState(items.length === 1 ? (items[0]?.note ?? "") : "");
  const [isMissing, setMissing] = useState(false);
  const [isSending, setSending] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const writing = useMutation(trpc.reconciliation.note.mutationOptions());
  async function send(): Promise<void> {
    setSending(true);
    setError(null);
    try {
      for (const { id } of items) await writing.mutateAsync({ itemId: id, note: note.trim() });
      toast(words.done);
      onClose();
    } catch (reason) {
      setError(reason);
    } finally {
      setSending(false);
      void queryClient.invalidateQueries(trpc.reconciliation.pathFilter());
    }
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (note.trim() === "") {
      setMissing(true);
      field.current?.focus();
    } else void send();
  };
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={words.title(items.length)}
      initialFocus={field}
      locked={isSending}
      footer={
        <>
          <Button size="large" disabled={isSending} onClick={onClose}>
            {common.close}
          </Button>
          <Button
            look="primary"
            size="large"
            className="flex-1"
            busy={isSending}
            type="submit"
            form="recon-note"
          >
            {words.submit}
          </Button>
        </>
      }
    >
      <form id="recon-note" onSubmit={submit} className="flex flex-col gap-3">
        <Field
          label={words.label}
          hint={words.hint}
          error={isMissing && note.trim() === "" ? words.missing : undefined}
        >
          <Textarea
            ref={field}
            required
            value={note}
            maxLength={reconNoteMax}
            onChange={(event) => setNote(event.target.value)}
          />
        </Field>
        {error ? <QueryError compact error={error} title={words.error} /> : null}
      </form>
    </Sheet>
  );
}
